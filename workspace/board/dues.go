package board

import (
	"slices"
	"strings"

	"werkraum/workspace"
)

// dues knows which cards that stand on the board are due on which day.
type dues struct {
	days  []string // sorted, those with cards
	cards map[string]map[workspace.ItemID]bool
}

func (d *dues) put(card *workspace.Item) {
	day := card.Text(Due)
	if day == "" {
		return
	}
	if d.cards[day] == nil {
		if d.cards == nil {
			d.cards = map[string]map[workspace.ItemID]bool{}
		}
		d.cards[day] = map[workspace.ItemID]bool{}
		i, _ := slices.BinarySearch(d.days, day)
		d.days = slices.Insert(d.days, i, day)
	}
	d.cards[day][card.ID] = true
}

func (d *dues) take(card *workspace.Item) {
	day := card.Text(Due)
	if day == "" {
		return
	}
	delete(d.cards[day], card.ID)
	if len(d.cards[day]) == 0 {
		delete(d.cards, day)
		if i, found := slices.BinarySearch(d.days, day); found {
			d.days = slices.Delete(d.days, i, i+1)
		}
	}
}

// Stands reports whether a card stands on the board: neither deleted nor archived.
func (b *Board) Stands(card *workspace.Item) bool { return stands(card) }

// NextDue is the first day, from one on, on which a card that stands on the board is
// due; "" if there is none.
func (b *Board) NextDue(from string) string {
	if i, _ := slices.BinarySearch(b.dues.days, from); i < len(b.dues.days) {
		return b.dues.days[i]
	}
	return ""
}

// DueBetween lists the cards that people see on the board, due from one day to another
// and not done, by day and then by number.
func (b *Board) DueBetween(from, to string) []*workspace.Item {
	var list []*workspace.Item
	for day := b.NextDue(from); day != "" && day <= to; day = b.NextDue(day + "\x00") {
		start := len(list)
		for card := range b.dues.cards[day] {
			it := b.card(card)
			if b.needColumn(workspace.ItemID(it.Text(Column))) == nil && !b.IsDone(it) {
				list = append(list, it)
			}
		}
		slices.SortFunc(list[start:], func(x, y *workspace.Item) int {
			if c := plainNumber(x.Text(Number)) - plainNumber(y.Text(Number)); c != 0 {
				return c
			}
			return strings.Compare(string(x.ID), string(y.ID))
		})
	}
	return list
}
