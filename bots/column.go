package bots

import (
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	unknownColumn = workspace.Text{
		De: "Eine Spalte „%s“ gibt es hier nicht. Vorhanden: %s.",
		En: "There is no column “%s” here. There are: %s.",
	}
	ambiguousColumn = workspace.Text{
		De: "„%s“ passt auf mehrere Spalten: %s. Bitte schreiben Sie den Namen aus.",
		En: "“%s” fits several columns: %s. Please write the whole name.",
	}
	namesakes = workspace.Text{
		De: "„%s“ heißen hier mehrere Spalten. Bitte nehmen Sie statt des Namens die Zahl, die in `!spalte liste` davor steht.",
		En: "Several columns are called “%s” here. Instead of the name, please use the number that `!column list` shows before it.",
	}
	noColumnsAtAll = workspace.Text{
		De: "Das Board hat keine Spalten. Eine neue legen Sie so an: `!spalte neu Offen`",
		En: "The board has no columns. You can add one like this: `!column add To do`",
	}
)

const (
	maxColumnWords = 12
	maxTargetWords = 2 * maxColumnWords // with words of towards before it
)

// findColumn finds a column by its whole name or the beginning of it, in any
// case, or else by its place counted from the left.
func findColumn(b board.Sheet, name string) (*workspace.Item, error) {
	columns := b.Columns()
	if len(columns) == 0 {
		return nil, wrong(noColumnsAtAll)
	}
	typed := short(name, maxNameShown)
	if exact := columnsCalled(columns, name); len(exact) == 1 {
		return exact[0], nil
	} else if len(exact) > 1 {
		return nil, wrong(namesakes, typed)
	}
	name = strings.ToLower(clean(strings.TrimRight(name, ",;:!?.")))
	var begins []*workspace.Item
	for _, c := range columns {
		if name != "" && strings.HasPrefix(strings.ToLower(c.Text(board.Title)), name) {
			begins = append(begins, c)
		}
	}
	if len(begins) == 1 {
		return begins[0], nil
	} else if len(begins) > 1 {
		return nil, wrong(ambiguousColumn, typed, titles(begins))
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(columns) {
		return columns[n-1], nil
	}
	return nil, wrong(unknownColumn, typed, titles(columns))
}

// columnsCalled are the columns of that whole name, in any case.
func columnsCalled(columns []*workspace.Item, name string) []*workspace.Item {
	name = clean(name)
	for _, n := range []string{name, strings.TrimRight(name, ",;:!?.")} {
		var found []*workspace.Item
		for _, c := range columns {
			if n != "" && strings.EqualFold(c.Text(board.Title), n) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// columnAt finds the column that the words at the beginning name, and how many
// they are: the longest whole name, or else the beginning of one.
func columnAt(b board.Sheet, words []word) (*workspace.Item, int, error) {
	if len(words) == 0 {
		return nil, 0, wrong(unknownColumn, "", titles(b.Columns()))
	}
	if words[0].quoted {
		c, err := findColumn(b, words[0].text)
		return c, 1, err
	}
	for n := min(len(words), maxColumnWords); n > 0; n-- {
		if name := joined(words[:n]); len(columnsCalled(b.Columns(), name)) > 0 {
			c, err := findColumn(b, name)
			return c, n, err
		}
	}
	c, err := findColumn(b, words[0].text)
	return c, 1, err
}

// towards are words that may stand before the column that something goes to.
var towards = []string{"nach", "in", "of", "to", "into", "zu", "->", "→", "=>", "der", "die", "den", "dem", "the", "spalte", "column"}

// targets are the names that words may mean when words of towards come before:
// “in Arbeit” may be the column “In Arbeit” or “Arbeit”.
func targets(words []word) (list []string) {
	for len(words) > 0 && len(words) <= maxTargetWords {
		list = append(list, joined(words))
		if len(words) == 1 || !slices.Contains(towards, words[0].plain()) {
			break
		}
		words = words[1:]
	}
	return list
}

// targetColumn is the column that something is to go to.
func targetColumn(b board.Sheet, words []word) (column *workspace.Item, err error) {
	err = wrong(unknownColumn, short(joined(words), maxNameShown), titles(b.Columns()))
	for _, name := range targets(words) {
		if column, err = findColumn(b, name); err == nil {
			break
		}
	}
	return column, err
}

// calledExactly is targetColumn by whole names only, or nil.
func calledExactly(b board.Sheet, words []word) *workspace.Item {
	for _, name := range targets(words) {
		if found := columnsCalled(b.Columns(), name); len(found) == 1 {
			return found[0]
		}
	}
	return nil
}

func titles(columns []*workspace.Item) names {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = short(c.Text(board.Title), maxNameShown)
	}
	return names{list: list}
}
