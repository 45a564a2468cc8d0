package board

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"werkraum/workspace"
)

// Somebody's new column holds the cards of others by now: taking the column
// back moves them, it does not hide them.
func TestUndoOfAColumnKeepsItsCards(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(AddCard{Card: "a", Title: "x"})
	ops, err := AddColumn{Column: "new", Title: "n"}.Ops(tb.board, anna, noon)
	if err != nil {
		t.Fatal(err)
	}
	made, err := tb.room.Apply(workspace.Proposal{ID: "made", By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon)
	if err != nil {
		t.Fatal(err)
	}
	tb.do(AddCard{Card: "b", Title: "x", Column: "new"})
	tb.do(AddCard{Card: "c", Title: "x", Column: "new"})
	tb.do(Undo{made})
	if got := tb.columns(); slices.Contains(got, "new") {
		t.Errorf("columns are %v", got)
	}
	if got, want := tb.cards("open"), []workspace.ItemID{"a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("the first column holds %v, want %v", got, want)
	}
}

func TestUndoKeepsTheLastColumn(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	ops, err := AddColumn{Column: "new", Title: "n"}.Ops(tb.board, anna, noon)
	if err != nil {
		t.Fatal(err)
	}
	made, err := tb.room.Apply(workspace.Proposal{ID: "made", By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []workspace.ItemID{"open", "doing", "done"} {
		tb.do(RemoveColumn{Column: c})
	}
	if err := tb.try(Undo{made}); workspace.AsError(err).Kind != workspace.Conflict || len(tb.columns()) != 1 {
		t.Errorf("got %v and columns %v, want a conflict and the last column", err, tb.columns())
	}
}

// Whatever is taken back in whatever order, every card that is not deleted
// stands in a column that people see.
func TestUndoHidesNoCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		var commits []workspace.Commit
		for n := range rapid.IntRange(1, 30).Draw(t, "acts") {
			columns := tb.columns()
			column := rapid.SampledFrom(columns).Draw(t, "column")
			other := rapid.SampledFrom(columns).Draw(t, "other column")
			var all []workspace.ItemID
			for _, c := range columns {
				all = append(all, tb.cards(c)...)
			}
			var act Act
			switch choice := rapid.IntRange(0, 6).Draw(t, "act"); {
			case choice == 0 && len(commits) > 0:
				act = Undo{rapid.SampledFrom(commits).Draw(t, "taken back")}
			case choice == 1:
				act = AddColumn{Column: workspace.ItemID(fmt.Sprintf("c%d", n)), Title: "c"}
			case choice == 2:
				act = RemoveColumn{Column: column, Into: other}
			case choice == 3 && len(all) > 0:
				act = DeleteCard{Card: rapid.SampledFrom(all).Draw(t, "card")}
			case choice <= 5 && len(all) > 0:
				act = MoveCard{Card: rapid.SampledFrom(all).Draw(t, "card"), Column: column}
			default:
				act = AddCard{Card: workspace.ItemID(fmt.Sprintf("k%d", n)), Title: "x", Column: column}
			}
			ops, err := act.Ops(tb.board, anna, noon)
			if err != nil {
				continue
			}
			c, err := tb.room.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(n)), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon)
			if err != nil {
				t.Fatalf("%T: %v", act, err)
			}
			commits = append(commits, c)
			tb.check()
			columns = tb.columns()
			if len(columns) == 0 {
				t.Fatalf("%T left no column", act)
			}
			for it := range tb.room.Items {
				if it.Kind == KindCard && !it.Deleted() && !slices.Contains(columns, workspace.ItemID(it.Text(Column))) {
					t.Fatalf("%T hid card %s in column %s", act, it.ID, it.Text(Column))
				}
			}
		}
	})
}
