package bots

import (
	"fmt"
	"strconv"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// filling is how many cards lie in a column, and of how many at most.
func (c *command) filling(column *workspace.Item) string {
	n, limit := c.t.Board.Len(column.ID), board.LimitOf(column)
	switch {
	case limit == 0:
		return strconv.Itoa(n)
	case n > limit:
		return fmt.Sprintf("⚠ %d/%d", n, limit)
	}
	return fmt.Sprintf("%d/%d", n, limit)
}

// limitColumn reads “In Arbeit 5 streng” or “In Arbeit kein”.
func (c *command) limitColumn() error {
	columns := c.sheet().Columns()
	if len(columns) == 0 {
		return wrong(noColumnsAtAll)
	}
	unclear := wrong(workspace.Text{
		De: "Welche Spalte soll auf wie viele Karten begrenzt werden? Vorhanden: %s. Beispiel: `!spalte limit %s 5`",
		En: "Which column is to be limited to how many cards? There are: %s. Example: `!column limit %s 5`",
	}, titles(columns), typable(c.sheet(), columns[min(1, len(columns)-1)]))
	words, strict := c.words, false
	if n := len(words) - 1; n > 0 {
		switch words[n].plain() {
		case "streng", "strikt", "strict":
			words, strict = words[:n], true
		}
	}
	last := len(words) - 1
	if last < 1 {
		return unclear
	}
	limit := 0
	switch words[last].plain() {
	case "kein", "keine", "keins", "ohne", "none", "no", "off", "aus":
	default:
		n, err := strconv.Atoi(words[last].text)
		if err != nil || n < 1 {
			return unclear
		}
		limit = n
	}
	column, err := targetColumn(c.sheet(), words[:last])
	if err != nil {
		return err
	}
	strict = strict && limit > 0
	if err := c.do(board.EditColumn{Column: column.ID, Limit: &limit, Strict: &strict}); err != nil {
		return err
	}
	switch {
	case limit == 0:
		c.answer(workspace.Text{De: "Spalte %s ist nicht mehr begrenzt.", En: "Column %s is no longer limited."}, called(column))
	case strict:
		c.answer(workspace.Text{
			De: "In Spalte %s dürfen jetzt höchstens %d Karten liegen; mehr lasse ich nicht zu.",
			En: "Column %s may now hold at most %d cards; I do not allow more.",
		}, called(column), limit)
	default:
		c.answer(workspace.Text{
			De: "In Spalte %s sollen jetzt höchstens %d Karten liegen; sind es mehr, ist das am Board zu sehen.",
			En: "Column %s should now hold at most %d cards; if there are more, the board shows it.",
		}, called(column), limit)
	}
	return nil
}

// firstColumn is the first one of the board that the command is about, or nil.
func (c *command) firstColumn() *workspace.Item {
	if columns := c.sheet().Columns(); len(columns) > 0 {
		return columns[0]
	}
	return nil
}

// onBoardOf has the answer be about the board of a column.
func (c *command) onBoardOf(column workspace.ItemID) {
	it := c.t.Room.Item(workspace.Key{Kind: board.KindColumn, ID: column})
	if it != nil && c.t.Board.Seen(board.Of(it)) {
		c.on = board.Of(it)
	}
}

// heading is a column's title in a list of cards, with its board's if there are several.
func (c *command) heading(column *workspace.Item) string {
	if c.severalBoards() {
		return c.boardTitle(board.Of(column)) + " · " + column.Text(board.Title)
	}
	return column.Text(board.Title)
}
