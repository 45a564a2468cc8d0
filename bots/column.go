package bots

import (
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
	noColumnsAtAll = workspace.Text{
		De: "Das Board hat keine Spalten. Bitte legen Sie auf dem Board zuerst eine an.",
		En: "The board has no columns. Please add one on the board first.",
	}
)

const maxColumnWords = 12

// findColumn finds a column by its whole name or the beginning of it, in any
// case.
func findColumn(b *board.Board, name string) (*workspace.Item, error) {
	columns := b.Columns()
	if len(columns) == 0 {
		return nil, wrong(noColumnsAtAll)
	}
	typed := short(name, maxNameShown)
	name = strings.ToLower(clean(name))
	var exact, begins []*workspace.Item
	for _, c := range columns {
		switch title := strings.ToLower(c.Text(board.Title)); {
		case title == name:
			exact = append(exact, c)
		case name != "" && strings.HasPrefix(title, name):
			begins = append(begins, c)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0], nil
	case len(exact) > 1:
		return nil, wrong(ambiguousColumn, typed, titles(exact))
	case len(begins) == 1:
		return begins[0], nil
	case len(begins) > 1:
		return nil, wrong(ambiguousColumn, typed, titles(begins))
	}
	return nil, wrong(unknownColumn, typed, titles(columns))
}

// columnAt finds the column that the words at the beginning name, and how many
// they are: the longest whole name, or else the beginning of one.
func columnAt(b *board.Board, words []word) (*workspace.Item, int, error) {
	if len(words) == 0 {
		return nil, 0, wrong(unknownColumn, "", titles(b.Columns()))
	}
	if words[0].quoted {
		c, err := findColumn(b, words[0].text)
		return c, 1, err
	}
	for n := min(len(words), maxColumnWords); n > 0; n-- {
		name := clean(joined(words[:n]))
		for _, c := range b.Columns() {
			if strings.EqualFold(c.Text(board.Title), name) || strings.EqualFold(c.Text(board.Title), strings.TrimRight(name, ",;:!?.")) {
				return c, n, nil
			}
		}
	}
	c, err := findColumn(b, strings.TrimRight(words[0].text, ",;:!?."))
	return c, 1, err
}

func titles(columns []*workspace.Item) names {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Text(board.Title)
	}
	return names{list: list}
}
