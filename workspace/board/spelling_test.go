package board

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"werkraum/workspace"
)

// Whatever happened on the board, a label is spelled as some card that is not
// deleted spells it.
func TestSpellingFollowsTheCards(t *testing.T) {
	t.Parallel()
	labels := []string{"Bau", "bau", "BAU", "Ämter", "ämter", "neu"}
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		for n := range rapid.IntRange(1, 40).Draw(t, "acts") {
			var all []workspace.ItemID
			for it := range tb.room.Items {
				if it.Kind == KindCard {
					all = append(all, it.ID)
				}
			}
			label := rapid.SampledFrom(labels).Draw(t, "label")
			choice := rapid.IntRange(0, 5).Draw(t, "act")
			if len(all) == 0 || choice == 0 {
				tb.do(AddCard{Card: workspace.ItemID(fmt.Sprint("k", n)), Title: "x", Labels: []string{label}})
			} else {
				slices.Sort(all)
				card := rapid.SampledFrom(all).Draw(t, "card")
				_ = tb.try([]Act{ // some are refused
					DeleteCard{Card: card}, RestoreCard{Card: card}, MoveCard{Card: card, Column: "done"},
					LabelCard{Card: card, Label: label, On: true}, LabelCard{Card: card, Label: label},
				}[choice-1])
			}
			asked := rapid.SampledFrom(labels).Draw(t, "asked")
			var ways []string
			for it := range tb.room.Items {
				if it.Kind == KindCard && !it.Deleted() {
					ways = append(ways, Labels(it)...)
				}
			}
			ways = slices.DeleteFunc(ways, func(l string) bool { return !strings.EqualFold(l, asked) })
			want := asked
			if len(ways) > 0 && !slices.Contains(ways, asked) {
				want = slices.Min(ways)
			}
			if got := tb.board.HasLabel(asked); got != (len(ways) > 0) {
				t.Fatalf("%q is there: %v, cards have %v", asked, got, ways)
			}
			if got := tb.board.Spelling(asked); got != want {
				t.Fatalf("%q is spelled %q, want %q of %v", asked, got, want, ways)
			}
		}
	})
}
