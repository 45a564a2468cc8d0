package bots

import (
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

func columnVerbs() []deed {
	return []deed{
		{
			[]string{"liste", "list"}, (*command).listColumns,
			workspace.Text{De: "!spalte liste", En: "!column list"},
			workspace.Text{De: "zeigt die Spalten", En: "shows the columns"},
		},
		{
			[]string{"neu", "add", "new", "anlegen", "hinzufügen", "hinzufuegen"}, (*command).addColumn,
			workspace.Text{De: "!spalte neu Prüfung vor Erledigt", En: "!column add Review before Done"},
			workspace.Text{De: "legt eine Spalte an; ohne `vor …` ganz rechts", En: "adds a column; without `before …` at the far right"},
		},
		{
			[]string{"umbenennen", "rename", "ändern", "edit", "aendern"}, (*command).renameColumn,
			workspace.Text{De: "!spalte umbenennen Prüfung in Abnahme", En: "!column rename Review to Approval"},
			workspace.Text{De: "benennt eine Spalte um", En: "renames a column"},
		},
		{
			[]string{"verschieben", "move", "schieben"}, (*command).moveColumn,
			workspace.Text{De: "!spalte verschieben Prüfung vor In Arbeit", En: "!column move Review before In progress"},
			workspace.Text{De: "verschiebt eine Spalte; auch `nach …`, `nach links`, `ganz nach rechts`", En: "moves a column; also `after …`, `left`, `far right`"},
		},
		{
			[]string{"erledigt", "done", "fertig"}, (*command).markColumn,
			workspace.Text{De: "!spalte erledigt Abgelegt", En: "!column done Filed"},
			workspace.Text{De: "kennzeichnet die Spalte für erledigte Karten; `nein` am Ende hebt das auf", En: "marks the column for finished cards; `no` at the end undoes that"},
		},
		{
			[]string{"limit", "limit", "grenze", "wip"}, (*command).limitColumn,
			workspace.Text{De: "!spalte limit In Arbeit 5", En: "!column limit In progress 5"},
			workspace.Text{De: "begrenzt, wie viele Karten in der Spalte liegen sollen; `streng` am Ende lässt nicht mehr zu, `kein` hebt es auf", En: "limits how many cards there should be in the column; `strict` at the end allows no more, `none` undoes it"},
		},
		{
			[]string{"entfernen", "remove", "löschen", "delete", "loeschen"}, (*command).removeColumn,
			workspace.Text{De: "!spalte entfernen Prüfung nach Offen", En: "!column remove Review into To do"},
			workspace.Text{De: "entfernt eine Spalte; ihre Karten kommen in die andere", En: "removes a column; its cards go to the other one"},
		},
		{
			[]string{"hilfe", "help"}, (*command).columnHelp,
			workspace.Text{De: "!spalte hilfe", En: "!column help"},
			workspace.Text{De: "zeigt diese Übersicht", En: "shows this overview"},
		},
	}
}

var (
	whichColumn = workspace.Text{
		De: "Welche Spalte meinen Sie? Vorhanden: %s. Beispiel: `!spalte %s %s`",
		En: "Which column do you mean? There are: %s. Example: `!column %s %s`",
	}
	columnTitleNeeded = workspace.Text{
		De: "Wie soll die Spalte heißen? Zum Beispiel: `!spalte neu Prüfung vor Erledigt`",
		En: "What is the column's title? For example: `!column add Review before Done`",
	}
	noDoneColumn = workspace.Text{
		De: "Keine Spalte ist für erledigte Karten gekennzeichnet. So kennzeichnen Sie eine: `!spalte erledigt %s`",
		En: "No column is marked for finished cards. You can mark one like this: `!column done %s`",
	}
)

func (c *command) column() error {
	if len(c.words) == 0 {
		return c.columnHelp()
	}
	first := c.words[0]
	if v, ok := chosen(first.plain(), columnVerbs()); ok {
		if err := c.takeBoard(v.names[1] != "add" && v.names[1] != "rename"); err != nil {
			return err
		}
		c.words = c.words[1:]
		return v.run(c)
	}
	typed := short(first.text, maxNameShown)
	if v, ok := nearest(first.plain(), columnVerbs()); ok {
		return wrong(workspace.Text{
			De: "„%s“ kenne ich nicht. Meinten Sie `!spalte %s`? Beispiel: `%s`",
			En: "I do not know “%s”. Did you mean `!column %s`? Example: `%s`",
		}, typed, workspace.Text{De: v.names[0], En: v.names[1]}, v.example)
	}
	return wrong(workspace.Text{
		De: "„%s“ kenne ich nicht. Möchten Sie eine Spalte anlegen? Dann zum Beispiel `!spalte neu Prüfung`. `!spalte` zeigt, was noch möglich ist.",
		En: "I do not know “%s”. Would you like to add a column? Then for example `!column add Review`. `!column` shows what else there is.",
	}, typed)
}

func (c *command) columnHelp() error {
	m := c.overview(workspace.Text{De: "**Spalten**", En: "**Columns**"}, columnVerbs()).add(say(c.lang, workspace.Text{
		De: "Der Anfang des Namens genügt. Namen, die missverständlich sind, setzen Sie bitte in Anführungszeichen.",
		En: "The beginning of a name is enough. Please put names that can be misread in quotation marks.",
	}))
	c.t.Answer = &m
	return nil
}

func (c *command) listColumns() error {
	if err := c.noMore(); err != nil {
		return err
	}
	if len(c.sheet().Columns()) == 0 {
		return wrong(noColumnsAtAll)
	}
	m := c.columns()
	c.t.Answer = &m
	return nil
}

// columns lists the board's columns from left to right with how many cards lie
// in each.
func (c *command) columns() Message {
	m := say(c.lang, workspace.Text{De: "**Spalten**", En: "**Columns**"})
	if c.severalBoards() {
		m = say(c.lang, workspace.Text{De: "**Spalten auf Board %s**", En: "**Columns of board %s**"}, c.calledBoard(c.sheet().ID))
	}
	for i, column := range c.sheet().Columns() {
		mark := ""
		if column.True(board.Done) {
			mark = " ✅"
		}
		m = m.add(say(c.lang, workspace.Text{De: "%d. %s (%s)%s", En: "%d. %s (%s)%s"},
			i+1, short(column.Text(board.Title), maxTitleInLists), c.filling(column), mark))
	}
	return m
}

func (c *command) addColumn() error {
	title, before, err := c.newColumn()
	if err != nil {
		return err
	}
	if title == "" {
		return wrong(columnTitleNeeded)
	}
	item := ItemOf(c.t.Event.ID)
	if columnByID(c.sheet(), item) == nil {
		if err := c.do(board.AddColumn{Column: item, Title: title, Before: before, Board: c.sheet().ID}); err != nil {
			return err
		}
	}
	c.answer(workspace.Text{De: "Spalte %s ist angelegt, %s.", En: "Column %s has been added, %s."}, called(columnByID(c.sheet(), item)), c.position(item))
	return nil
}

// newColumn reads a title and, after “vor” or “nach”, where the column is to
// stand. What is not the name of a column belongs to the title (“Termine vor
// Ort”), unless it is nearly one.
func (c *command) newColumn() (title string, before *workspace.ItemID, err error) {
	for i := len(c.words) - 2; i > 0 && len(c.words)-i-1 <= maxTargetWords; i-- {
		side, ok := besideMarks[c.words[i].plain()]
		if !ok {
			continue
		}
		other, err := targetColumn(c.sheet(), c.words[i+1:])
		if err != nil {
			if c.words[0].quoted && i == 1 || c.nearly(c.words[i+1:]) {
				return "", nil, err
			}
			continue
		}
		return c.titleOf(c.words[:i]), c.columnBeside(other, side, ""), nil
	}
	return c.titleOf(c.words), nil, nil
}

// nearly reports whether words are a column's name but for a mistake in typing.
func (c *command) nearly(words []word) bool {
	name := strings.ToLower(clean(joined(words)))
	wrongLetters := misspelt(name)
	return slices.ContainsFunc(c.sheet().Columns(), func(column *workspace.Item) bool {
		return distance(name, strings.ToLower(column.Text(board.Title)), wrongLetters+1) <= wrongLetters
	})
}

func (c *command) renameColumn() error {
	example := workspace.Text{De: "umbenennen", En: "rename"}
	column, rest, err := c.takeColumn(example, workspace.Text{De: "in", En: "to"}, workspace.Text{De: "Abnahme", En: "Approval"})
	if err != nil {
		return err
	}
	title := c.titleOf(rest)
	if title == "" {
		return wrong(workspace.Text{
			De: "Wie soll die Spalte %s heißen? Zum Beispiel: `!spalte umbenennen %s in Abnahme`",
			En: "What is column %s to be called? For example: `!column rename %s to Approval`",
		}, called(column), typable(c.sheet(), column))
	}
	old := called(column)
	if err := c.do(board.EditColumn{Column: column.ID, Title: &title}); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "Spalte %s heißt jetzt %s.", En: "Column %s is now called %s."}, old, called(columnByID(c.sheet(), column.ID)))
	return nil
}

// renameMarks stand between the old and the new title. With a capital they are
// the beginning of the new one: “To do”, “In Arbeit”.
var renameMarks = []string{"in", "to", "zu", "nach", "into", "as", "als", "->", "→", "=>"}

func isRenameMark(w word) bool { return !w.quoted && slices.Contains(renameMarks, w.text) }

// takeColumn takes the column at the beginning of the line and, with a mark
// after it, what follows. verb, mark and value make the example.
func (c *command) takeColumn(verb, mark, value workspace.Text) (*workspace.Item, []word, error) {
	b, words := c.sheet(), c.words
	columns := b.Columns()
	if len(columns) == 0 {
		return nil, nil, wrong(noColumnsAtAll)
	}
	if len(words) == 0 {
		return nil, nil, wrong(whichColumn, titles(columns), verb, phrase{
			workspace.Text{De: "%s %s %s", En: "%s %s %s"}, []any{typable(c.sheet(), columns[0]), mark, value},
		})
	}
	after := func(n int) []word { // the rest behind n words and a mark
		if n < len(words) && isRenameMark(words[n]) {
			n++
		}
		return words[n:]
	}
	if words[0].quoted {
		column, err := findColumn(b, words[0].text)
		return column, after(1), err
	}
	most := min(len(words), maxColumnWords)
	// A whole name with a mark after it, else the beginning of one.
	for _, exact := range []bool{true, false} {
		for n := most; n > 0; n-- {
			if n == len(words) || !isRenameMark(words[n]) || exact && len(columnsCalled(columns, joined(words[:n]))) == 0 {
				continue
			}
			if column, err := findColumn(b, joined(words[:n])); err == nil || exact {
				return column, after(n), err
			}
		}
	}
	if mark := slices.IndexFunc(words[1:], isRenameMark); mark >= 0 && len(columnsCalled(columns, words[0].text)) == 0 {
		_, err := findColumn(b, joined(words[:mark+1]))
		return nil, nil, err
	}
	column, n, err := columnAt(b, words)
	if err != nil {
		return nil, nil, err
	}
	return column, words[n:], nil
}

func (c *command) markColumn() error {
	columns := c.sheet().Columns()
	if len(columns) == 0 {
		return wrong(noColumnsAtAll)
	}
	words, done := c.words, true
	if n := len(words) - 1; n > 0 && len(columnsCalled(columns, joined(words))) == 0 {
		switch words[n].plain() {
		case "nein", "no", "nicht", "not", "aus", "off":
			words, done = words[:n], false
		case "ja", "yes", "an", "on":
			words = words[:n]
		}
	}
	if len(words) == 0 {
		return wrong(whichColumn, titles(columns), workspace.Text{De: "erledigt", En: "done"}, typable(c.sheet(), columns[len(columns)-1]))
	}
	column, err := targetColumn(c.sheet(), words)
	if err != nil {
		return err
	}
	if column.True(board.Done) != done {
		if err := c.do(board.EditColumn{Column: column.ID, Done: &done}); err != nil {
			return err
		}
	}
	if !done {
		c.answer(workspace.Text{De: "Karten in Spalte %s gelten nicht als erledigt.", En: "Cards in column %s do not count as done."}, called(column))
		return nil
	}
	c.answer(workspace.Text{De: "✅ Karten in Spalte %s gelten als erledigt.", En: "✅ Cards in column %s count as done."}, called(column))
	return nil
}

func (c *command) removeColumn() error {
	columns := c.sheet().Columns()
	if len(columns) == 0 {
		return wrong(noColumnsAtAll)
	}
	if len(c.words) == 0 {
		return wrong(whichColumn, titles(columns), workspace.Text{De: "entfernen", En: "remove"}, typable(c.sheet(), columns[len(columns)-1]))
	}
	column, into, err := c.leaving()
	if err != nil {
		return err
	}
	n := c.t.Board.Len(column.ID)
	act := board.RemoveColumn{Column: column.ID}
	switch {
	case into != nil && into.ID == column.ID:
		return wrong(workspace.Text{
			De: "Die Karten müssen in eine andere Spalte als %s.",
			En: "The cards must go to another column than %s.",
		}, called(column))
	case into != nil:
		act.Into = into.ID
	case n > 0 && len(columns) > 1:
		other := columns[0]
		if other.ID == column.ID {
			other = columns[1]
		}
		return wrong(workspace.Text{
			De: "In Spalte %s %s Zum Beispiel: `!spalte entfernen %s nach %s`",
			En: "In column %s there %s For example: `!column remove %s into %s`",
		}, called(column), cardsLeft(n), typable(c.sheet(), column), typable(c.sheet(), other))
	}
	if err := c.do(act); err != nil {
		return err
	}
	if n > 0 && into != nil {
		c.answer(workspace.Text{
			De: "Spalte %s ist entfernt; ihre Karten (%d) sind jetzt in Spalte %s. `!undo` macht das rückgängig.",
			En: "Column %s has been removed; its cards (%d) are now in column %s. `!undo` takes that back.",
		}, called(column), n, called(into))
		return nil
	}
	c.answer(workspace.Text{
		De: "Spalte %s ist entfernt. `!undo` macht das rückgängig.",
		En: "Column %s has been removed. `!undo` takes that back.",
	}, called(column))
	return nil
}

func cardsLeft(n int) phrase {
	if n == 1 {
		return phrase{text: workspace.Text{De: "liegt noch eine Karte. Wohin soll sie?", En: "is still one card. Where is it to go?"}}
	}
	return phrase{workspace.Text{De: "liegen noch %d Karten. Wohin sollen sie?", En: "are still %d cards. Where are they to go?"}, []any{n}}
}

// leaving reads the column to be removed and the one that its cards go to, nil
// if none is named.
func (c *command) leaving() (column, into *workspace.Item, err error) {
	b, words := c.sheet(), c.words
	if column, err = findColumn(b, joined(words)); err == nil {
		return column, nil, nil
	}
	unknown := err
	for _, exact := range []bool{true, false} {
		for n := min(len(words)-1, maxColumnWords); n > 0; n-- {
			marked := slices.Contains(towards, words[n].plain())
			if exact && len(columnsCalled(b.Columns(), joined(words[:n]))) == 0 || !exact && !marked && !words[0].quoted {
				continue
			}
			column, err := findColumn(b, joined(words[:n]))
			if err != nil {
				if exact {
					return nil, nil, err
				}
				continue
			}
			into, err := targetColumn(b, words[n:])
			return column, into, err
		}
	}
	if n := slices.IndexFunc(words, func(w word) bool { return slices.Contains(towards, w.plain()) }); n > 0 {
		_, unknown = findColumn(b, joined(words[:n]))
	}
	return nil, nil, unknown
}

func columnByID(b board.Sheet, item workspace.ItemID) *workspace.Item {
	for _, column := range b.Columns() {
		if column.ID == item {
			return column
		}
	}
	return nil
}

// titleOf is the title that words are; quotation marks around all of it only
// kept it together.
func (c *command) titleOf(words []word) string {
	if len(words) == 1 {
		if text := c.asTyped(words[0].text); strings.Trim(text, `"„“”»«‚‘’`) != "" {
			return clean(text)
		}
		return ""
	}
	raw := make([]string, len(words))
	for i, w := range words {
		raw[i] = w.raw
	}
	return clean(c.asTyped(strings.Join(raw, " ")))
}

// called names a column in a sentence.
func called(column *workspace.Item) phrase {
	return phrase{workspace.Text{De: "„%s“", En: "“%s”"}, []any{short(column.Text(board.Title), 100)}}
}

// typable is a column's name as it can be typed in a command, or its number
// where another has the same name.
func typable(b board.Sheet, column *workspace.Item) string {
	title := column.Text(board.Title)
	if columns := b.Columns(); len(columnsCalled(columns, title)) > 1 {
		return strconv.Itoa(slices.Index(columns, column) + 1)
	}
	for i, w := range split(title) {
		if _, beside := besideMarks[w.plain()]; i > 0 && (beside || slices.Contains(towards, w.plain())) {
			return quoted(title)
		}
	}
	return typed(title)
}

// noneDone says that no column is marked for finished cards, and how to mark
// the rightmost, where they usually go.
func noneDone(b board.Sheet) error {
	columns := b.Columns()
	if len(columns) == 0 {
		return wrong(noColumnsAtAll)
	}
	example := phrase{text: workspace.Text{De: "%s", En: "%s"}, args: []any{typable(b, columns[len(columns)-1])}}
	if b.ID != b.First() {
		example = phrase{workspace.Text{De: "%s auf Board %s", En: "%s on board %s"}, []any{example, typed(b.TitleOf(b.ID, workspace.German))}}
	}
	return wrong(noDoneColumn, example)
}
