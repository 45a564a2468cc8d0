package bots

import (
	"slices"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// side is where a column is to stand.
type side int

const (
	before   side = iota // left of another
	behind               // right of another
	leftward             // one further to the left
	rightward
	leftmost
	rightmost
)

// besideMarks stand before the column beside which another is to stand.
var besideMarks = map[string]side{
	"vor": before, "before": before,
	"nach": behind, "after": behind, "hinter": behind, "behind": behind,
}

// directions are the last word of where a column is to go.
var directions = map[string]side{
	"links": leftward, "left": leftward, "rechts": rightward, "right": rightward,
	"anfang": leftmost, "vorne": leftmost, "start": leftmost, "beginning": leftmost,
	"ende": rightmost, "hinten": rightmost, "end": rightmost,
}

// route is what a line says about moving a column.
type route struct {
	column *workspace.Item
	side   side
	other  *workspace.Item // for before and behind
}

func (c *command) moveColumn() error {
	columns := c.sheet().Columns()
	if len(columns) == 0 {
		return wrong(noColumnsAtAll)
	}
	r, err := c.route(columns)
	if err != nil {
		return err
	}
	next := c.columnBeside(r.other, r.side, r.column.ID)
	if c.stands(r.column.ID, next) {
		c.answer(workspace.Text{De: "Spalte %s steht schon %s.", En: "Column %s is already %s."}, called(r.column), c.position(r.column.ID))
		return nil
	}
	if err := c.do(board.MoveColumn{Column: r.column.ID, Before: next}); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "Spalte %s steht jetzt %s.", En: "Column %s is now %s."}, called(r.column), c.position(r.column.ID))
	return nil
}

// route reads “Prüfung vor In Arbeit” or “Prüfung ganz nach links”. Columns
// may be called “Vor Ort” or “Links”: whole names count first.
func (c *command) route(columns []*workspace.Item) (route, error) {
	b, words := c.sheet(), c.words
	example := columns[len(columns)-1]
	if len(words) == 0 {
		return route{}, wrong(whichColumn, titles(columns), workspace.Text{De: "verschieben", En: "move"},
			phrase{workspace.Text{De: "%s vor %s", En: "%s before %s"}, []any{typable(c.sheet(), example), typable(c.sheet(), columns[0])}})
	}
	var mistake error
	for _, exact := range []bool{true, false} {
		for i := 1; i < len(words)-1; i++ {
			s, ok := besideMarks[words[i].plain()]
			if !ok || i > maxColumnWords || exact && calledExactly(b, words[i+1:]) == nil {
				continue
			}
			column, err := findColumn(b, joined(words[:i]))
			if err == nil {
				var other *workspace.Item
				if other, err = targetColumn(b, words[i+1:]); err == nil {
					return route{column, s, other}, nil
				}
			}
			mistake = err
		}
		if r, ok := c.directed(); ok && exact {
			return r, nil
		}
	}
	if mistake != nil {
		return route{}, mistake
	}
	column, err := targetColumn(b, words)
	if err != nil {
		return route{}, err
	}
	other := columns[0]
	if other.ID == column.ID {
		other = example
	}
	return route{}, wrong(workspace.Text{
		De: "Wohin soll die Spalte %s? Zum Beispiel: `!spalte verschieben %s vor %s`",
		En: "Where is column %s to go? For example: `!column move %s before %s`",
	}, called(column), typable(c.sheet(), column), typable(c.sheet(), other))
}

// directed reads “Prüfung ganz nach links”.
func (c *command) directed() (route, bool) {
	words := c.words
	n := len(words) - 1
	s, ok := directions[words[n].plain()]
	if !ok || n > maxTargetWords {
		return route{}, false
	}
	words = words[:n]
	for len(words) > 0 && len(columnsCalled(c.sheet().Columns(), joined(words))) == 0 {
		switch words[len(words)-1].plain() {
		case "ganz", "far", "all":
			s = allTheWay(s)
		case "nach", "an", "ans", "am", "den", "zum", "to", "at", "the", "way":
		default:
			column, err := findColumn(c.sheet(), joined(words))
			return route{column: column, side: s}, err == nil
		}
		words = words[:len(words)-1]
	}
	column, err := findColumn(c.sheet(), joined(words))
	return route{column: column, side: s}, err == nil
}

// allTheWay is the end that lies in a direction.
func allTheWay(s side) side {
	switch s {
	case leftward:
		return leftmost
	case rightward:
		return rightmost
	default:
		return s
	}
}

// columnBeside is the column before which one comes to stand, nil for the
// right end. moving is not counted.
func (c *command) columnBeside(other *workspace.Item, s side, moving workspace.ItemID) *workspace.ItemID {
	columns := c.sheet().Columns()
	is := func(column *workspace.Item) bool { return column.ID == moving }
	at := slices.IndexFunc(columns, is) // without moving: what follows it
	columns = slices.DeleteFunc(columns, is)
	switch {
	case s == leftward:
		at = max(at-1, 0)
	case s == rightward:
		at++
	case s == leftmost:
		at = 0
	case s == rightmost:
		at = len(columns)
	case other.ID == moving: // beside itself: it stays
	case s == before:
		at = slices.Index(columns, other)
	case s == behind:
		at = slices.Index(columns, other) + 1
	}
	if at < 0 || at >= len(columns) {
		return nil
	}
	return &columns[at].ID
}

// stands reports whether a column stands before another (nil: rightmost)
// already.
func (c *command) stands(column workspace.ItemID, next *workspace.ItemID) bool {
	columns := c.sheet().Columns()
	at := slices.IndexFunc(columns, func(it *workspace.Item) bool { return it.ID == column }) + 1
	if at == len(columns) {
		return next == nil
	}
	return next != nil && columns[at].ID == *next
}

// position says where a column stands.
func (c *command) position(column workspace.ItemID) phrase {
	columns := c.sheet().Columns()
	switch at := slices.IndexFunc(columns, func(it *workspace.Item) bool { return it.ID == column }); {
	case at == len(columns)-1:
		return phrase{text: workspace.Text{De: "ganz rechts", En: "at the far right"}}
	case at == 0:
		return phrase{text: workspace.Text{De: "ganz links", En: "at the far left"}}
	default:
		return phrase{workspace.Text{De: "zwischen %s und %s", En: "between %s and %s"}, []any{called(columns[at-1]), called(columns[at+1])}}
	}
}
