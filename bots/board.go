package bots

import (
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

func boardVerbs() []deed {
	return []deed{
		{
			[]string{"liste", "list"}, (*command).listBoards,
			workspace.Text{De: "!board liste", En: "!board list"},
			workspace.Text{De: "zeigt die Boards dieses Raums", En: "shows this room's boards"},
		},
		{
			[]string{"neu", "add", "new", "anlegen", "hinzufügen", "hinzufuegen"}, (*command).addBoard,
			workspace.Text{De: "!board neu Sitzung mit Vorlage Jour fixe", En: "!board add Meeting with template Weekly meeting"},
			workspace.Text{De: "legt ein Board an; ohne Vorlage mit drei Spalten", En: "adds a board; without a template with three columns"},
		},
		{
			[]string{"umbenennen", "rename", "ändern", "edit", "aendern"}, (*command).renameBoard,
			workspace.Text{De: "!board umbenennen Sitzung in Dienstberatung", En: "!board rename Meeting to Team meeting"},
			workspace.Text{De: "benennt ein Board um", En: "renames a board"},
		},
		{
			[]string{"verschieben", "move", "schieben"}, (*command).moveBoard,
			workspace.Text{De: "!board verschieben Sitzung vor Board", En: "!board move Meeting before Board"},
			workspace.Text{De: "stellt ein Board vor ein anderes; auch `ans Ende`", En: "puts a board before another one; also `to the end`"},
		},
		{
			[]string{"bahnen", "lanes"}, (*command).laneBoard,
			workspace.Text{De: "!board bahnen Sitzung Person", En: "!board lanes Meeting person"},
			workspace.Text{De: "teilt das Board in Bahnen nach `Person`, `Schlagwort` oder `Priorität`; `keine` hebt das auf", En: "divides the board into lanes by `person`, `label` or `priority`; `none` undoes that"},
		},
		{
			[]string{"archivieren", "archive"}, (*command).archiveBoard,
			workspace.Text{De: "!board archivieren Sitzung", En: "!board archive Meeting"},
			workspace.Text{De: "legt ein Board mit seinen Karten ins Archiv", En: "puts a board with its cards into the archive"},
		},
		{
			[]string{"wiederherstellen", "restore"}, (*command).restoreBoard,
			workspace.Text{De: "!board wiederherstellen Sitzung", En: "!board restore Meeting"},
			workspace.Text{De: "holt ein Board zurück; ohne Namen zeigt es, welche es gibt", En: "brings a board back; without a name it shows which there are"},
		},
		{
			[]string{"entfernen", "remove", "löschen", "delete", "loeschen"}, (*command).removeBoard,
			workspace.Text{De: "!board entfernen Sitzung", En: "!board remove Meeting"},
			workspace.Text{De: "entfernt ein Board mit seinen Karten", En: "removes a board with its cards"},
		},
		{
			[]string{"vorlage", "template", "vorlagen", "templates"}, (*command).template,
			workspace.Text{De: "!board vorlage", En: "!board template"},
			workspace.Text{
				De: "zeigt die Vorlagen; `!board vorlage speichern Sitzung als Teamrunde` macht aus einem Board eine",
				En: "shows the templates; `!board template save Meeting as Team round` makes one of a board",
			},
		},
		{
			[]string{"hilfe", "help"}, (*command).boardHelp,
			workspace.Text{De: "!board hilfe", En: "!board help"},
			workspace.Text{De: "zeigt diese Übersicht", En: "shows this overview"},
		},
	}
}

var (
	whichBoard = workspace.Text{
		De: "Welches Board meinen Sie? Vorhanden: %s. Beispiel: `%s`",
		En: "Which board do you mean? There are: %s. Example: `%s`",
	}
	boardTitleNeeded = workspace.Text{
		De: "Wie soll das Board heißen? Zum Beispiel: `!board neu Sitzung mit Vorlage Jour fixe`",
		En: "What is the board's title? For example: `!board add Meeting with template Weekly meeting`",
	}
)

func (c *command) board() error {
	if len(c.words) == 0 {
		return c.boardHelp()
	}
	first := c.words[0]
	if v, ok := chosen(first.plain(), boardVerbs()); ok {
		c.words = c.words[1:]
		return v.run(c)
	}
	typed := short(first.text, maxNameShown)
	if v, ok := nearest(first.plain(), boardVerbs()); ok {
		return wrong(workspace.Text{
			De: "„%s“ kenne ich nicht. Meinten Sie `!board %s`? Beispiel: `%s`",
			En: "I do not know “%s”. Did you mean `!board %s`? Example: `%s`",
		}, typed, workspace.Text{De: v.names[0], En: v.names[1]}, v.example)
	}
	return wrong(workspace.Text{
		De: "„%s“ kenne ich nicht. Möchten Sie ein Board anlegen? Dann zum Beispiel `!board neu Sitzung`. `!board` zeigt, was noch möglich ist.",
		En: "I do not know “%s”. Would you like to add a board? Then for example `!board add Meeting`. `!board` shows what else there is.",
	}, typed)
}

func (c *command) boardHelp() error {
	m := c.overview(workspace.Text{De: "**Boards**", En: "**Boards**"}, boardVerbs()).add(say(c.lang, workspace.Text{
		De: "Befehle für Karten und Spalten meinen das erste Board, im Thread einer Karte das ihre. Ein anderes nennen Sie so: `!karte neu Angebot einholen auf Board Sitzung`",
		En: "Commands for cards and columns mean the first board, in a card's thread its own. Name another one like this: `!card add Get an offer on board Meeting`",
	}))
	c.t.Answer = &m
	return nil
}

func (c *command) listBoards() error {
	if err := c.noMore(); err != nil {
		return err
	}
	m := c.boards()
	if away := c.t.Board.Away(); len(away) > 0 {
		m = m.add(say(c.lang, workspace.Text{
			De: "Archiviert oder entfernt: %s. `!board wiederherstellen` holt eines zurück.",
			En: "Archived or removed: %s. `!board restore` brings one back.",
		}, titles(away)))
	}
	c.t.Answer = &m
	return nil
}

// boards lists the boards with how many cards lie on each.
func (c *command) boards() Message {
	m := say(c.lang, workspace.Text{De: "**Boards**", En: "**Boards**"})
	for i, on := range c.t.Board.Boards() {
		cards := 0
		for _, column := range c.t.Board.ColumnsOn(on) {
			cards += c.t.Board.Len(column.ID)
		}
		m = m.add(say(c.lang, workspace.Text{De: "%d. %s (%d)", En: "%d. %s (%d)"}, i+1, short(c.boardTitle(on), maxTitleInLists), cards))
	}
	return m
}

// templateMarks stand before the template of a new board.
var (
	templateMarks = []string{"vorlage", "template"}
	beforeMarks   = []string{"mit", "nach", "aus", "der", "with", "from", "the", "after"}
)

// afterTemplate divides “Sitzung mit Vorlage Jour fixe” into what is made and the name of
// the template, "" for none.
func afterTemplate(words []word) (made []word, template string) {
	for i := len(words) - 2; i > 0; i-- {
		if !slices.Contains(templateMarks, words[i].plain()) {
			continue
		}
		made = words[:i]
		for len(made) > 1 && slices.Contains(beforeMarks, made[len(made)-1].plain()) {
			made = made[:len(made)-1]
		}
		return made, joined(words[i+1:])
	}
	return words, ""
}

func (c *command) addBoard() error {
	words, named := afterTemplate(c.words)
	template := ""
	if named != "" {
		var err error
		if template, err = c.findTemplate(named); err != nil {
			return err
		}
	}
	title := c.titleOf(words)
	if title == "" {
		return wrong(boardTitleNeeded)
	}
	item := ItemOf(c.t.Event.ID)
	if !c.t.Board.Seen(item) {
		if err := c.do(board.AddBoard{Board: item, Title: title, Template: template}); err != nil {
			return err
		}
	}
	c.answer(workspace.Text{
		De: "Board %s ist angelegt, mit den Spalten %s.", En: "Board %s has been added, with the columns %s.",
	}, c.calledBoard(item), titles(c.t.Board.ColumnsOn(item)))
	return nil
}

// takeBoardName takes the board at the beginning of the line and, with a mark after it,
// what follows. example shows how the command is written.
func (c *command) takeBoardName(example workspace.Text) (workspace.ItemID, []word, error) {
	if len(c.words) == 0 {
		return "", nil, wrong(whichBoard, c.boardTitles(c.t.Board.Boards()), example)
	}
	if len(c.words) > 1 && c.words[0].plain() == "board" && len(c.boardsCalled(c.words[0].text)) == 0 {
		c.words = c.words[1:]
	}
	on, used, err := c.boardAt(c.words)
	if err != nil {
		return "", nil, err
	}
	return on, c.words[used:], nil
}

func (c *command) renameBoard() error {
	example := workspace.Text{De: "!board umbenennen Sitzung in Dienstberatung", En: "!board rename Meeting to Team meeting"}
	on, rest, err := c.takeBoardName(example)
	if err != nil {
		return err
	}
	if len(rest) > 0 && isRenameMark(rest[0]) {
		rest = rest[1:]
	}
	title := c.titleOf(rest)
	if title == "" {
		return wrong(workspace.Text{
			De: "Wie soll das Board %s heißen? Zum Beispiel: `%s`", En: "What is board %s to be called? For example: `%s`",
		}, c.calledBoard(on), example)
	}
	old := c.calledBoard(on)
	if err := c.do(board.EditBoard{Board: on, Title: &title}); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "Board %s heißt jetzt %s.", En: "Board %s is now called %s."}, old, c.calledBoard(on))
	return nil
}

func (c *command) moveBoard() error {
	example := workspace.Text{De: "!board verschieben Sitzung vor Board", En: "!board move Meeting before Board"}
	on, rest, err := c.takeBoardName(example)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return wrong(workspace.Text{De: "Wohin soll das Board %s? Zum Beispiel: `%s`", En: "Where is board %s to go? For example: `%s`"}, c.calledBoard(on), example)
	}
	var next *workspace.ItemID
	if s := besideMarks[rest[0].plain()]; len(rest) > 1 && directions[rest[len(rest)-1].plain()] == 0 {
		other, _, err := c.boardAt(rest[1:])
		if err != nil {
			return err
		}
		next = c.boardBeside(other, s, on)
	} else if end := directions[rest[len(rest)-1].plain()]; end == leftmost || end == leftward {
		first := c.t.Board.First()
		next = &first
	}
	if next != nil && *next == on {
		next = c.boardBeside(on, behind, on)
	}
	if err := c.do(board.MoveBoard{Board: on, Before: next}); err != nil {
		return err
	}
	m := c.boards()
	c.t.Answer = &m
	return nil
}

// boardBeside is the board before which one comes to stand, nil for the end.
func (c *command) boardBeside(other workspace.ItemID, s side, moving workspace.ItemID) *workspace.ItemID {
	boards := c.t.Board.Boards()
	at := slices.Index(boards, other)
	if s == behind {
		at++
	}
	if at < len(boards) && boards[at] == moving {
		at++
	}
	if at < 0 || at >= len(boards) {
		return nil
	}
	return &boards[at]
}

// laneWords are the ways in which a board can be divided.
var laneWords = map[string]string{
	"person": board.ByAssignee, "personen": board.ByAssignee, "zuständigkeit": board.ByAssignee, "people": board.ByAssignee, "assignee": board.ByAssignee,
	"schlagwort": board.ByLabel, "schlagworte": board.ByLabel, "schlagwörter": board.ByLabel, "label": board.ByLabel, "labels": board.ByLabel,
	"priorität": board.ByPriority, "prioritaet": board.ByPriority, "priority": board.ByPriority,
	"keine": "", "kein": "", "ohne": "", "none": "", "no": "", "off": "", "aus": "",
}

func (c *command) laneBoard() error {
	example := workspace.Text{De: "!board bahnen Sitzung Person", En: "!board lanes Meeting person"}
	unclear := wrong(workspace.Text{
		De: "Wonach soll das Board in Bahnen geteilt werden: `Person`, `Schlagwort`, `Priorität` oder `keine`? Beispiel: `%s`",
		En: "By what is the board to be divided into lanes: `person`, `label`, `priority` or `none`? Example: `%s`",
	}, example)
	if len(c.words) == 0 {
		return unclear
	}
	last := len(c.words) - 1
	lanes, ok := laneWords[c.words[last].plain()]
	if !ok {
		return unclear
	}
	c.words = c.words[:last]
	for len(c.words) > 0 && slices.Contains([]string{"nach", "by"}, c.words[len(c.words)-1].plain()) {
		c.words = c.words[:len(c.words)-1]
	}
	on := c.sheet().ID
	if len(c.words) > 0 {
		var err error
		if on, _, err = c.takeBoardName(example); err != nil {
			return err
		}
	}
	if err := c.do(board.EditBoard{Board: on, Lanes: &lanes}); err != nil {
		return err
	}
	by := map[string]workspace.Text{
		board.ByAssignee: {De: "ist jetzt in Bahnen nach Person geteilt", En: "is now divided into lanes by person"},
		board.ByLabel:    {De: "ist jetzt in Bahnen nach Schlagwort geteilt", En: "is now divided into lanes by label"},
		board.ByPriority: {De: "ist jetzt in Bahnen nach Priorität geteilt", En: "is now divided into lanes by priority"},
		"":               {De: "ist nicht in Bahnen geteilt", En: "is not divided into lanes"},
	}[lanes]
	c.answer(workspace.Text{De: "Board %s %s.", En: "Board %s %s."}, c.calledBoard(on), by)
	return nil
}

// place is the number that a name is, or 0.
func place(name string) int {
	n, err := strconv.Atoi(strings.TrimSpace(name))
	if err != nil {
		return 0
	}
	return n
}
