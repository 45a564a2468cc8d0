package bots

import (
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// colorNames are what people call colours, the German and the English word first.
var colorNames = []struct {
	color string
	text  workspace.Text
	more  []string
}{
	{"red", workspace.Text{De: "rot", En: "red"}, nil},
	{"orange", workspace.Text{De: "orange", En: "orange"}, nil},
	{"yellow", workspace.Text{De: "gelb", En: "yellow"}, nil},
	{"green", workspace.Text{De: "grün", En: "green"}, []string{"gruen"}},
	{"teal", workspace.Text{De: "türkis", En: "teal"}, []string{"tuerkis", "turquoise", "petrol"}},
	{"blue", workspace.Text{De: "blau", En: "blue"}, nil},
	{"purple", workspace.Text{De: "violett", En: "purple"}, []string{"lila", "violet"}},
	{"pink", workspace.Text{De: "rosa", En: "pink"}, nil},
	{"grey", workspace.Text{De: "grau", En: "grey"}, []string{"gray"}},
	{"", workspace.Text{De: "keine", En: "none"}, []string{"no", "ohne", "kein", "farblos"}},
}

func labelVerbs() []deed {
	return []deed{
		{
			[]string{"liste", "list"}, (*command).labelList,
			workspace.Text{De: "!schlagwort liste", En: "!label list"},
			workspace.Text{De: "zeigt die Schlagwörter des Raums", En: "shows the room's labels"},
		},
		{
			[]string{"farbe", "color", "colour"}, (*command).labelColor,
			labelColorExample,
			workspace.Text{De: "gibt einem Schlagwort eine Farbe, `keine` nimmt sie weg", En: "gives a label a colour, `none` takes it away"},
		},
		{
			[]string{"umbenennen", "rename"}, (*command).labelRename,
			labelRenameExample,
			workspace.Text{De: "benennt es auf allen Karten um", En: "renames it on all cards"},
		},
		{
			[]string{"entfernen", "remove", "löschen", "loeschen", "delete"}, (*command).labelRemove,
			workspace.Text{De: "!schlagwort entfernen vergabe", En: "!label remove tender"},
			workspace.Text{De: "nimmt es von allen Karten", En: "takes it off all cards"},
		},
		{
			[]string{"hilfe", "help"}, (*command).labelHelp,
			workspace.Text{De: "!schlagwort hilfe", En: "!label help"},
			workspace.Text{De: "zeigt diese Übersicht", En: "shows this overview"},
		},
	}
}

var (
	labelColorExample  = workspace.Text{De: "!schlagwort farbe vergabe blau", En: "!label color tender blue"}
	labelRenameExample = workspace.Text{De: "!schlagwort umbenennen vergabe in Ausschreibung", En: "!label rename tender to Procurement"}
)

func (c *command) labels() error {
	if len(c.words) == 0 {
		return c.labelList()
	}
	if v, ok := chosen(c.words[0].plain(), labelVerbs()); ok {
		c.words = c.words[1:]
		return v.run(c)
	}
	return wrong(workspace.Text{
		De: "„%s“ kenne ich hier nicht. `!schlagwort hilfe` zeigt, was möglich ist. Auf eine Karte kommt ein Schlagwort mit `!karte schlagwort 12 vergabe`.",
		En: "I do not know “%s” here. `!label help` shows what there is. A label goes on a card with `!card label 12 tender`.",
	}, short(c.words[0].text, maxNameShown))
}

func (c *command) labelHelp() error {
	m := c.overview(workspace.Text{De: "**Schlagwörter**", En: "**Labels**"}, labelVerbs())
	c.t.Answer = &m
	return nil
}

func (c *command) labelList() error {
	if err := c.noMore(); err != nil {
		return err
	}
	all := c.t.Board.AllLabels()
	if len(all) == 0 {
		c.answer(workspace.Text{
			De: "Noch trägt keine Karte ein Schlagwort. Eines geben Sie ihr so: `%s`",
			En: "No card carries a label yet. Give it one like this: `%s`",
		}, labelExample)
		return nil
	}
	m := say(c.lang, workspace.Text{De: "**Schlagwörter** (%d)", En: "**Labels** (%d)"}, len(all))
	for _, label := range all[:min(len(all), maxListLines)] {
		line := "• #" + label
		if color := c.t.Board.ColorOf(label); color != "" {
			line += " – " + colorName(color).In(c.lang)
		}
		m = m.add(literal(line))
	}
	if more := len(all) - maxListLines; more > 0 {
		m = m.add(say(c.lang, andMore, more))
	}
	c.t.Answer = &m
	return nil
}

func colorName(color string) workspace.Text {
	for _, c := range colorNames {
		if c.color == color {
			return c.text
		}
	}
	return workspace.Text{De: color, En: color} // of a newer server
}

// labelFrom makes a label of words.
func (c *command) labelFrom(words []word) string {
	label := clean(joined(words))
	return c.t.Board.Spelling(strings.TrimPrefix(label, "#"))
}

func (c *command) labelColor() error {
	if n := len(c.words); n > 1 {
		typed := strings.TrimRight(c.words[n-1].plain(), ".!")
		for _, color := range colorNames {
			if typed != color.text.De && typed != color.text.En && !slices.Contains(color.more, typed) {
				continue
			}
			label := c.labelFrom(c.words[:n-1])
			if err := c.do(board.EditLabel{Label: label, Color: &color.color}); err != nil && !isIdle(err) {
				return err
			}
			if color.color == "" {
				c.answer(workspace.Text{De: "Schlagwort %s: keine Farbe mehr.", En: "Label %s: no colour any more."}, "#"+label)
				return nil
			}
			c.answer(workspace.Text{De: "Schlagwort %s: Farbe %s.", En: "Label %s: colour %s."}, "#"+label, color.text)
			return nil
		}
	}
	var list []string
	for _, color := range colorNames {
		list = append(list, color.text.In(c.lang))
	}
	return wrong(workspace.Text{
		De: "Welche Farbe soll das Schlagwort haben: %s? Zum Beispiel `%s`.",
		En: "Which colour is the label to have: %s? For example `%s`.",
	}, names{list: list, bare: true, or: true}, labelColorExample)
}

func (c *command) labelRename() error {
	for i := len(c.words) - 2; i > 0; i-- { // the label itself may hold the word
		if word := c.words[i]; word.quoted || !slices.Contains([]string{"in", "zu", "to", "into", "als", "as"}, word.plain()) {
			continue
		}
		label, name := c.labelFrom(c.words[:i]), clean(strings.TrimPrefix(joined(c.words[i+1:]), "#"))
		if err := c.do(board.EditLabel{Label: label, Rename: &name}); err != nil && !isIdle(err) {
			return err
		}
		c.answer(workspace.Text{De: "Schlagwort %s heißt jetzt %s.", En: "Label %s is now called %s."}, "#"+label, "#"+name)
		return nil
	}
	return wrong(workspace.Text{
		De: "Wie soll das Schlagwort heißen? Zum Beispiel `%s`.",
		En: "What is the label to be called? For example `%s`.",
	}, labelRenameExample)
}

func (c *command) labelRemove() error {
	label := c.labelFrom(c.words)
	if err := c.do(board.RemoveLabel{Label: label}); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "Schlagwort %s ist von allen Karten genommen. `!undo` macht das rückgängig.", En: "Label %s has been taken off all cards. `!undo` brings it back."}, "#"+label)
	return nil
}
