package board

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"werkraum/workspace"
)

// ByPlace is the order of the board.
const ByPlace = "place"

// SortOf is what the cards of a saved view are put in order by, and whether downwards.
func SortOf(view *workspace.Item) (by string, down bool) {
	by, down = strings.CutPrefix(view.Text(Sort), "-")
	if !slices.Contains(viewSorts, by) {
		return ByPlace, false
	}
	return by, down
}

// urgency is the order of the priorities.
var urgency = map[string]int{"urgent": 0, "high": 1, Normal: 2, "low": 3}

// InOrder puts cards in order, as the page does (widgets/web/src/board/sort.ts). They are
// given as they stand on the board, which decides between equals; those without a value
// come last in both directions. The list itself is put in order.
func (b *Board) InOrder(cards []*workspace.Item, by string, down bool, to Onlooker) []*workspace.Item {
	if by == ByPlace {
		if down {
			slices.Reverse(cards)
		}
		return cards
	}
	locale := language.BritishEnglish
	if to.Language == workspace.German {
		locale = language.German
	}
	compare := collate.New(locale, collate.Numeric).CompareString
	switch by {
	case Due, Start, Created:
		compare = strings.Compare
	}
	type row struct {
		card *workspace.Item
		text string
		n    int
	}
	places := map[string]int{}
	for i, column := range b.Columns() {
		places[string(column.ID)] = i
	}
	rows := make([]row, len(cards))
	for i, card := range cards {
		r := row{card: card}
		switch by {
		case Column:
			if place, known := places[card.Text(Column)]; known {
				r.n, r.text = place, Column
			}
		case Priority:
			r.n, r.text = urgency[priorityOf(card)], Priority
		case "assignees":
			var names []string
			for _, user := range Assignees(card) {
				names = append(names, to.NameOf(user))
			}
			r.text = strings.Join(names, ", ")
		case "labels":
			r.text = strings.Join(Labels(card), ", ")
		default:
			r.text = card.Text(by)
		}
		rows[i] = r
	}
	slices.SortStableFunc(rows, func(x, y row) int {
		if x.text == "" || y.text == "" {
			return cmp.Compare(len(y.text), len(x.text)) // the empty one last
		}
		order := cmp.Or(cmp.Compare(x.n, y.n), compare(x.text, y.text))
		if down {
			return -order
		}
		return order
	})
	for i, r := range rows {
		cards[i] = r.card
	}
	return cards
}
