package board

import (
	"strings"
	"testing"

	"werkraum/workspace"
)

// A strict limit keeps acts from filling a column further, whichever way; one that is
// not strict does not, and neither does taking back.
func TestStrictLimits(t *testing.T) {
	t.Parallel()
	two, on := 2, true
	full := func(t *testing.T, strict bool) *table {
		tb := newTable(t)
		for _, card := range []workspace.ItemID{"a", "b", "c", "d"} {
			tb.do(AddCard{Card: card, Title: "x"})
		}
		tb.do(MoveCards{Cards: []workspace.ItemID{"a", "b"}, Column: "doing"})
		tb.do(EditColumn{Column: "doing", Limit: &two, Strict: &strict})
		tb.do(EditColumn{Column: "doing", Done: &on})
		return tb
	}
	column := workspace.ItemID("doing")
	for _, act := range []Act{
		AddCard{Card: "n", Title: "x", Column: "doing"}, MoveCard{Card: "c", Column: "doing"},
		MoveCards{Cards: []workspace.ItemID{"c", "a"}, Column: "doing"}, FinishCard{Card: "c"},
		RemoveColumn{Column: "open", Into: "doing"}, ChangeCards{Cards: []workspace.ItemID{"c", "d"}, Change: CardChange{Column: column}},
	} {
		tb := full(t, true)
		err := tb.try(act)
		if refused := workspace.AsError(err); err == nil || refused.Kind != workspace.Invalid || !strings.Contains(refused.Say.De, "„In Arbeit“") {
			t.Errorf("%T into a full column: %v, want a refusal that names it", act, err)
		}
		if err := full(t, false).try(act); err != nil {
			t.Errorf("%T into a column that is only marked as full: %v", act, err)
		}
	}
	tb := full(t, true)
	first := workspace.ItemID("a")
	tb.do(MoveCard{Card: "b", Column: "doing", Before: &first}) // it is there already
	moved, err := tb.commit(MoveCard{Card: "a", Column: "open"})
	if err != nil {
		t.Fatal(err)
	}
	tb.do(MoveCard{Card: "c", Column: "doing"})
	tb.do(Undo{moved})
	if n := tb.board.Len("doing"); n != 3 {
		t.Errorf("after taking back the column holds %d cards, want 3", n)
	}
	tb.do(MoveCard{Card: "b", Column: "open"}) // emptying a column that is too full is possible
	for _, limit := range []int{-1, 1000} {
		if err := tb.tryApply(EditColumn{Column: "doing", Limit: &limit}); workspace.AsError(err).Kind != workspace.Invalid {
			t.Errorf("a limit of %d: %v, want a refusal", limit, err)
		}
	}
	zero := 0
	tb.do(EditColumn{Column: "doing", Limit: &zero})
	tb.do(MoveCard{Card: "b", Column: "doing"})
}
