package bots

import (
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
	"werkraum/workspace/whiteboard/templates"
)

func whiteboardVerbs() []deed {
	return slices.Concat([]deed{
		{
			[]string{"liste", "list"}, (*command).listWhiteboards,
			workspace.Text{De: "!whiteboard liste", En: "!whiteboard list"},
			workspace.Text{De: "zeigt die Whiteboards dieses Raums", En: "shows this room's whiteboards"},
		},
		{
			[]string{"neu", "new", "add", "anlegen"}, (*command).addWhiteboard,
			newWhiteboardExample,
			workspace.Text{De: "legt ein Whiteboard an; ohne Vorlage ist es leer", En: "adds a whiteboard; without a template it is empty"},
		},
		{
			[]string{"öffnen", "open", "oeffnen", "link"}, (*command).openWhiteboard,
			workspace.Text{De: "!whiteboard öffnen Skizze", En: "!whiteboard open Sketch"},
			workspace.Text{De: "schickt Ihnen einen privaten Link, der es öffnet", En: "sends you a private link that opens it"},
		},
		{
			[]string{"senden", "post", "posten", "teilen", "share", "send"}, (*command).postWhiteboard,
			workspace.Text{De: "!whiteboard senden Skizze Rahmen Ideen", En: "!whiteboard post Sketch frame Ideas"},
			workspace.Text{De: "schickt ein Bild davon hierher, von allem oder von einem Rahmen", En: "sends a picture of it here, of all or of one frame"},
		},
		{
			[]string{"zeigen", "show", "zeige", "zeig", "lesen", "read"}, (*command).showWhiteboard,
			workspace.Text{De: "!whiteboard zeigen Skizze", En: "!whiteboard show Sketch"},
			workspace.Text{De: "liest vor, was darauf steht", En: "reads out what is written on it"},
		},
		{
			[]string{"exportieren", "export"}, (*command).exportWhiteboard,
			workspace.Text{De: "!whiteboard exportieren Skizze", En: "!whiteboard export Sketch"},
			workspace.Text{De: "schickt die Datei (.excalidraw) hierher", En: "sends the file (.excalidraw) here"},
		},
		{
			[]string{"umbenennen", "rename", "ändern", "edit", "aendern"}, (*command).renameWhiteboard,
			renameWhiteboardExample,
			workspace.Text{De: "benennt ein Whiteboard um", En: "renames a whiteboard"},
		},
		{
			[]string{"sperren", "lock", "sperre"}, (*command).lockWhiteboard,
			workspace.Text{De: "!whiteboard sperren Skizze Rahmen Ideen", En: "!whiteboard lock Sketch frame Ideas"},
			workspace.Text{De: "lässt nur noch die Moderation etwas ändern, an allem oder an einem Rahmen", En: "lets only moderators change anything, on all of it or in one frame"},
		},
		{
			[]string{"entsperren", "unlock", "freigeben"}, (*command).unlockWhiteboard,
			workspace.Text{De: "!whiteboard entsperren Skizze", En: "!whiteboard unlock Sketch"},
			workspace.Text{De: "hebt das wieder auf", En: "takes that back"},
		},
		{
			[]string{"entfernen", "remove", "löschen", "delete", "loeschen"}, (*command).removeWhiteboard,
			workspace.Text{De: "!whiteboard entfernen Skizze", En: "!whiteboard remove Sketch"},
			workspace.Text{De: "entfernt ein Whiteboard mit allem darauf, oder mit `Stand 2` nur diesen früheren Stand; `!undo` holt es zurück", En: "removes a whiteboard with all that is on it, or with `version 2` only that earlier version; `!undo` brings it back"},
		},
	}, versionVerbs(), []deed{
		{
			[]string{"hilfe", "help"}, (*command).whiteboardHelp,
			workspace.Text{De: "!whiteboard hilfe", En: "!whiteboard help"},
			workspace.Text{De: "zeigt diese Übersicht", En: "shows this overview"},
		},
	})
}

var (
	newWhiteboardExample    = workspace.Text{De: "!whiteboard neu Skizze mit Vorlage Rückblick", En: "!whiteboard new Sketch with template Retrospective"}
	renameWhiteboardExample = workspace.Text{De: "!whiteboard umbenennen Skizze in Entwurf", En: "!whiteboard rename Sketch to Draft"}
)

func (c *command) whiteboard() error {
	if len(c.words) == 0 {
		return c.whiteboardHelp()
	}
	first := c.words[0]
	if v, ok := chosen(first.plain(), whiteboardVerbs()); ok {
		c.words = c.words[1:]
		return v.run(c)
	}
	typed := short(first.text, maxNameShown)
	if v, ok := nearest(first.plain(), whiteboardVerbs()); ok {
		return wrong(workspace.Text{
			De: "„%s“ kenne ich nicht. Meinten Sie `!whiteboard %s`? Beispiel: `%s`",
			En: "I do not know “%s”. Did you mean `!whiteboard %s`? Example: `%s`",
		}, typed, workspace.Text{De: v.names[0], En: v.names[1]}, v.example)
	}
	return wrong(workspace.Text{
		De: "„%s“ kenne ich nicht. Möchten Sie ein Whiteboard anlegen? Dann zum Beispiel `!whiteboard neu Skizze`. `!whiteboard` zeigt, was noch möglich ist.",
		En: "I do not know “%s”. Would you like to add a whiteboard? Then for example `!whiteboard new Sketch`. `!whiteboard` shows what else there is.",
	}, typed)
}

func (c *command) whiteboardHelp() error {
	m := c.overview(workspace.Text{De: "**Whiteboards**", En: "**Whiteboards**"}, whiteboardVerbs()).add(say(c.lang, workspace.Text{
		De: "Gibt es nur ein Whiteboard, entfällt sein Name. Vorlagen: %s.",
		En: "Where there is only one whiteboard, its name is not needed. Templates: %s.",
	}, c.whiteboardTemplates()))
	c.t.Answer = &m
	return nil
}

func (c *command) whiteboardTemplates() (list names) {
	for _, t := range templates.All() {
		list.list = append(list.list, t.Title.In(c.lang))
	}
	return list
}

func (c *command) listWhiteboards() error {
	if err := c.noMore(); err != nil {
		return err
	}
	m := c.whiteboards()
	c.t.Answer = &m
	return nil
}

// whiteboards lists the whiteboards of the room.
func (c *command) whiteboards() Message {
	all := whiteboard.In(c.t.Room).All()
	if len(all) == 0 {
		return say(c.lang, noWhiteboards)
	}
	m := say(c.lang, workspace.Text{De: "**Whiteboards**", En: "**Whiteboards**"})
	for i, it := range all {
		line := workspace.Text{De: "%d. %s", En: "%d. %s"}
		if it.True(whiteboard.Locked) {
			line = workspace.Text{De: "%d. %s 🔒 gesperrt", En: "%d. %s 🔒 locked"}
		}
		m = m.add(say(c.lang, line, i+1, short(it.Text(whiteboard.Title), maxTitleInLists)))
	}
	return m
}

func (c *command) addWhiteboard() error {
	words, named := afterTemplate(c.words)
	template, made := "", phrase{}
	if named != "" {
		found, err := c.findWhiteboardTemplate(named)
		if err != nil {
			return err
		}
		template, made = found.Name, phrase{workspace.Text{De: ", mit der Vorlage „%s“", En: ", with the template “%s”"}, []any{found.Title}}
	}
	title := c.titleOf(words)
	if title == "" {
		return wrong(workspace.Text{De: "Wie soll das Whiteboard heißen? Zum Beispiel: `%s`", En: "What is the whiteboard's title? For example: `%s`"}, newWhiteboardExample)
	}
	item := ItemOf(c.t.Event.ID)
	if whiteboard.In(c.t.Room).Whiteboard(item) == nil {
		if err := c.doOn(whiteboard.Add{Whiteboard: item, Title: title, Template: template}); err != nil {
			return err
		}
	}
	c.answer(workspace.Text{
		De: "Whiteboard %s ist angelegt%s. Es liegt im Fenster von Werkraum neben den Boards; `!whiteboard öffnen %s` schickt Ihnen einen Link.",
		En: "Whiteboard %s has been added%s. It is in the window of Werkraum beside the boards; `!whiteboard open %s` sends you a link.",
	}, c.calledWhiteboard(item), made, short(title, 100))
	return nil
}

// findWhiteboardTemplate finds a template by its title in either language, or the beginning
// of it.
func (c *command) findWhiteboardTemplate(name string) (templates.Template, error) {
	typed := short(name, maxNameShown)
	name = strings.ToLower(clean(strings.TrimRight(name, ",;:!?.")))
	var begins []templates.Template
	for _, t := range templates.All() {
		titles := []string{t.Name, strings.ToLower(t.Title.De), strings.ToLower(t.Title.En)}
		if slices.Contains(titles, name) {
			return t, nil
		}
		if name != "" && slices.ContainsFunc(titles, func(s string) bool { return strings.HasPrefix(s, name) }) {
			begins = append(begins, t)
		}
	}
	if len(begins) == 1 {
		return begins[0], nil
	}
	return templates.Template{}, wrong(workspace.Text{
		De: "Eine Vorlage „%s“ gibt es hier nicht. Vorhanden: %s.",
		En: "There is no template “%s” here. There are: %s.",
	}, typed, c.whiteboardTemplates())
}

func (c *command) renameWhiteboard() error {
	on, rest, err := c.takeWhiteboard(renameWhiteboardExample)
	if err != nil {
		return err
	}
	if len(rest) > 0 && isRenameMark(rest[0]) {
		rest = rest[1:]
	}
	title := c.titleOf(rest)
	if title == "" {
		return wrong(workspace.Text{
			De: "Wie soll das Whiteboard %s heißen? Zum Beispiel: `%s`", En: "What is whiteboard %s to be called? For example: `%s`",
		}, c.calledWhiteboard(on), renameWhiteboardExample)
	}
	old := c.calledWhiteboard(on)
	if err := c.doOn(whiteboard.Edit{Whiteboard: on, Title: title}); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "Whiteboard %s heißt jetzt %s.", En: "Whiteboard %s is now called %s."}, old, c.calledWhiteboard(on))
	return nil
}

func (c *command) removeWhiteboard() error {
	on, rest, err := c.takeWhiteboard(workspace.Text{De: "!whiteboard entfernen Skizze", En: "!whiteboard remove Sketch"})
	if err != nil {
		return err
	}
	if len(rest) > 0 && isVersionMark(rest[0]) {
		return c.forgetVersion(on, rest)
	}
	if c.words = rest; len(rest) > 0 {
		return c.noMore()
	}
	called := c.calledWhiteboard(on)
	if err := c.doOn(whiteboard.Remove{Whiteboard: on}); err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "Whiteboard %s ist mit allem darauf entfernt. `!undo` holt es zurück.",
		En: "Whiteboard %s has been removed with all that was on it. `!undo` brings it back.",
	}, called)
	return nil
}

func (c *command) lockWhiteboard() error {
	return c.setLock(true, workspace.Text{De: "!whiteboard sperren Skizze", En: "!whiteboard lock Sketch"})
}

func (c *command) unlockWhiteboard() error {
	return c.setLock(false, workspace.Text{De: "!whiteboard entsperren Skizze", En: "!whiteboard unlock Sketch"})
}

func (c *command) setLock(lock bool, example workspace.Text) error {
	s, err := c.takeSpot(example)
	if err != nil {
		return err
	}
	act := whiteboard.Lock{Whiteboard: s.on, On: lock}
	what := phrase{workspace.Text{De: "Whiteboard %s", En: "Whiteboard %s"}, []any{c.calledWhiteboard(s.on)}}
	if s.frame.Frame != "" {
		act.Elements = []string{s.frame.Frame}
		what = phrase{workspace.Text{De: "Rahmen „%s“", En: "Frame “%s”"}, []any{short(s.frame.Title, 100)}}
	}
	if err := c.doOn(act); err != nil {
		return err
	}
	if lock {
		c.answer(workspace.Text{De: "%s ist gesperrt: Nur noch die Moderation ändert etwas daran.", En: "%s is locked: only moderators change anything there."}, what)
	} else {
		c.answer(workspace.Text{De: "%s ist nicht mehr gesperrt.", En: "%s is not locked any more."}, what)
	}
	return nil
}

// doOn carries out an act on a whiteboard.
func (c *command) doOn(act workspace.Act) error {
	_, err := c.t.Do(workspace.ViaCommand, act)
	return err
}
