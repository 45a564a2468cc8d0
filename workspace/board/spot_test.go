package board

import (
	"fmt"
	"slices"
	"testing"

	"werkraum/workspace"
)

// However often things are put at one and the same place, they come to stand
// there, nothing else changes its place, and neighbours move only now and then.
func TestManyInsertionsAtOnePlace(t *testing.T) {
	t.Parallel()
	const times = 3500 // without making room, ranks would grow beyond their limit
	type ids = []workspace.ItemID
	for name, c := range map[string]struct {
		column workspace.ItemID // "" for the columns themselves
		moved  int
		play   func(there ids, n int) (want ids, act Act)
	}{
		"new cards under the first": {"open", 1, func(there ids, n int) (ids, Act) {
			card, second := workspace.ItemID(fmt.Sprint("n", n)), there[1]
			return slices.Insert(there, 1, card), AddCard{Card: card, Title: "x", Before: &second}
		}},
		"two that change places": {"open", 1, func(there ids, _ int) (ids, Act) {
			return placed(there, there[2], &there[1]), MoveCard{Card: there[2], Column: "open", Before: &there[1]}
		}},
		"several at once": {"open", 3, func(there ids, _ int) (ids, Act) {
			cards := ids{there[4], there[2], there[3]}
			return severalPlaced(there, cards, there[1]), MoveCards{Cards: cards, Column: "open", Before: there[1]}
		}},
		"columns": {"", 1, func(there ids, _ int) (ids, Act) {
			return placed(there, there[2], &there[1]), MoveColumn{Column: there[2], Before: &there[1]}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newTable(t)
			for n := range 6 {
				tb.do(AddCard{Card: workspace.ItemID(fmt.Sprint("k", n)), Title: "x", Column: "open"})
			}
			tb.do(AddColumn{Column: "last", Title: "x"})
			stand := func() ids {
				if c.column == "" {
					return tb.columns()
				}
				return tb.cards(c.column)
			}
			want, moved := stand(), 0
			for n := range times {
				var act Act
				want, act = c.play(slices.Clone(want), n)
				ops, err := act.Ops(tb.board, anna, noon)
				if err != nil {
					t.Fatalf("time %d: %v", n, err)
				}
				if len(ops) > c.moved {
					moved++
				}
				tb.apply(ops)
				if len(want) > 10 && n%500 != 0 && n < times-1 {
					continue // looking at many cards takes its time
				}
				if got := stand(); !slices.Equal(got, want) {
					t.Fatalf("time %d: got %.300s, want %.300s", n, fmt.Sprint(got), fmt.Sprint(want))
				}
			}
			tb.check()
			if moved < 1 || moved > 5 {
				t.Errorf("neighbours moved %d times in %d", moved, times)
			}
		})
	}
}
