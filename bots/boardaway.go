package bots

import (
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

func (c *command) archiveBoard() error {
	on, err := c.onlyBoard(workspace.Text{De: "!board archivieren Sitzung", En: "!board archive Meeting"})
	if err != nil {
		return err
	}
	if err := c.do(board.ArchiveBoard{Board: on, On: true}); err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "Board %s liegt jetzt mit seinen Karten im Archiv. `!board wiederherstellen %s` holt es zurück.",
		En: "Board %s is now in the archive with its cards. `!board restore %s` brings it back.",
	}, c.calledBoard(on), typed(short(c.boardTitle(on), 100)))
	return nil
}

func (c *command) removeBoard() error {
	on, err := c.onlyBoard(workspace.Text{De: "!board entfernen Sitzung", En: "!board remove Meeting"})
	if err != nil {
		return err
	}
	if err := c.do(board.RemoveBoard{Board: on}); err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "Board %s ist mit seinen Karten entfernt. `!board wiederherstellen %s` holt es zurück.",
		En: "Board %s has been removed with its cards. `!board restore %s` brings it back.",
	}, c.calledBoard(on), typed(short(c.boardTitle(on), 100)))
	return nil
}

// onlyBoard is the board that the whole line names.
func (c *command) onlyBoard(example workspace.Text) (workspace.ItemID, error) {
	on, rest, err := c.takeBoardName(example)
	c.words = rest
	if err == nil {
		err = c.noMore()
	}
	return on, err
}

func (c *command) restoreBoard() error {
	away := c.t.Board.Away()
	if len(away) == 0 {
		c.answer(workspace.Text{De: "Kein Board ist archiviert oder entfernt.", En: "No board is archived or removed."})
		return nil
	}
	if len(c.words) == 0 {
		return wrong(whichBoard, c.awayTitles(away), workspace.Text{De: "!board wiederherstellen Sitzung", En: "!board restore Meeting"})
	}
	it, err := c.oneCalled(away, joined(c.words))
	if err != nil {
		return err
	}
	if err := c.do(board.ArchiveBoard{Board: it.ID, On: false}); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "Board %s ist wieder da.", En: "Board %s is back."}, c.calledBoard(it.ID))
	return nil
}

// oneCalled is the one of several hidden boards that a name means.
func (c *command) oneCalled(list []*workspace.Item, name string) (*workspace.Item, error) {
	typed := short(name, maxNameShown)
	name = strings.ToLower(clean(strings.TrimRight(name, ",;:!?.")))
	var begins []*workspace.Item
	for _, it := range list {
		switch title := strings.ToLower(c.boardTitle(it.ID)); {
		case title == name:
			return it, nil
		case name != "" && strings.HasPrefix(title, name):
			begins = append(begins, it)
		}
	}
	switch len(begins) {
	case 0:
		return nil, wrong(unknownBoard, typed, c.awayTitles(list))
	case 1:
		return begins[0], nil
	}
	return nil, wrong(ambiguousBoard, typed, c.awayTitles(begins))
}

func (c *command) awayTitles(list []*workspace.Item) names {
	ids := make([]workspace.ItemID, len(list))
	for i, it := range list {
		ids[i] = it.ID
	}
	return c.boardTitles(ids)
}

var (
	saveWords   = []string{"speichern", "save", "sichern", "merken"}
	removeWords = []string{"entfernen", "remove", "löschen", "delete", "loeschen"}
)

// template lists the templates, makes one of a board or removes one.
func (c *command) template() error {
	if len(c.words) == 0 {
		return c.listTemplates()
	}
	first := c.words[0].plain()
	switch {
	case slices.Contains(saveWords, first):
		c.words = c.words[1:]
		return c.saveTemplate()
	case slices.Contains(removeWords, first):
		c.words = c.words[1:]
		return c.removeTemplate()
	case len(c.words) == 1 && slices.Contains([]string{"liste", "list"}, first):
		return c.listTemplates()
	}
	return wrong(workspace.Text{
		De: "„%s“ verstehe ich hier nicht. Möglich sind `!board vorlage`, `!board vorlage speichern Sitzung als Teamrunde` und `!board vorlage entfernen Teamrunde`.",
		En: "I do not understand “%s” here. You can write `!board template`, `!board template save Meeting as Team round` and `!board template remove Team round`.",
	}, short(c.words[0].text, maxNameShown))
}

func (c *command) listTemplates() error {
	m := say(c.lang, workspace.Text{De: "**Vorlagen**", En: "**Templates**"})
	for _, t := range slices.Concat(board.Templates(c.lang), c.t.Board.OwnTemplates()) {
		columns := make([]string, len(t.Columns))
		for i, column := range t.Columns {
			columns[i] = short(column.Title, maxNameShown)
		}
		m = m.add(say(c.lang, workspace.Text{De: "• **%s**: %s", En: "• **%s**: %s"}, short(t.Title, maxTitleInLists), strings.Join(columns, " · ")))
	}
	m = m.add(say(c.lang, workspace.Text{
		De: "Ein Board danach legen Sie so an: `!board neu Sitzung mit Vorlage Jour fixe`",
		En: "Make a board after one like this: `!board add Meeting with template Weekly meeting`",
	}))
	c.t.Answer = &m
	return nil
}

// findTemplate is what board.AddBoard takes for a template's title, in any language.
func (c *command) findTemplate(name string) (string, error) {
	typed := short(name, maxNameShown)
	name = strings.ToLower(clean(strings.TrimRight(name, ",;:!?.")))
	begins := map[string]bool{}
	all := slices.Concat(c.t.Board.OwnTemplates(), board.Templates(c.lang), board.Templates(workspace.German), board.Templates(workspace.English))
	var listed []string
	for i, t := range all {
		if i < len(all)-2*len(board.Templates(c.lang)) { // the others are the same once more
			listed = append(listed, short(t.Title, maxNameShown))
		}
		title := strings.ToLower(t.Title)
		if title == name || t.Name == name {
			return t.Name, nil
		}
		if name != "" && strings.HasPrefix(title, name) {
			begins[t.Name] = true
		}
	}
	if len(begins) == 1 {
		for found := range begins {
			return found, nil
		}
	}
	return "", wrong(workspace.Text{
		De: "Eine Vorlage „%s“ gibt es hier nicht. Vorhanden: %s.",
		En: "There is no template “%s” here. There are: %s.",
	}, typed, names{list: listed})
}

func (c *command) saveTemplate() error {
	example := workspace.Text{De: "!board vorlage speichern Sitzung als Teamrunde", En: "!board template save Meeting as Team round"}
	cards := false
	if n := len(c.words); n > 2 && slices.Contains([]string{"karten", "cards"}, c.words[n-1].plain()) && slices.Contains([]string{"mit", "with"}, c.words[n-2].plain()) {
		cards = true
		c.words = c.words[:n-2]
	}
	on, rest, err := c.takeBoardName(example)
	if err != nil {
		return err
	}
	if len(rest) > 0 && isRenameMark(rest[0]) {
		rest = rest[1:]
	}
	title := c.titleOf(rest)
	if title == "" {
		title = c.boardTitle(on)
	}
	item := ItemOf(c.t.Event.ID)
	if !slices.ContainsFunc(c.t.Board.OwnTemplates(), func(t board.Outline) bool { return t.Name == string(item) }) {
		if err := c.do(board.SaveBoard{Board: on, Template: item, Title: title, Cards: cards}); err != nil {
			return err
		}
	}
	c.answer(workspace.Text{
		De: "Vorlage %s ist gespeichert. Ein Board danach legen Sie so an: `!board neu Sitzung mit Vorlage %s`",
		En: "Template %s has been saved. Make a board after it like this: `!board add Meeting with template %s`",
	}, c.calledBoard(item), typed(short(title, 100)))
	return nil
}

func (c *command) removeTemplate() error {
	own := c.t.Board.Templates()
	if len(own) == 0 {
		c.answer(workspace.Text{De: "Dieser Raum hat keine eigenen Vorlagen.", En: "This room has no templates of its own."})
		return nil
	}
	if len(c.words) == 0 {
		return wrong(workspace.Text{
			De: "Welche Vorlage soll entfernt werden? Vorhanden: %s.", En: "Which template is to be removed? There are: %s.",
		}, c.awayTitles(own))
	}
	it, err := c.oneCalled(own, joined(c.words))
	if err != nil {
		return err
	}
	title := c.calledBoard(it.ID)
	if err := c.do(board.RemoveBoard{Board: it.ID}); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "Vorlage %s ist entfernt. `!undo` macht das rückgängig.", En: "Template %s has been removed. `!undo` takes that back."}, title)
	return nil
}
