package board

import (
	"fmt"
	"slices"
	"testing"

	"werkraum/workspace"
)

// The cards that are due follow every change: of the date, of the column, deleting, archiving,
// and what is restored from the database is found too.
func TestDueBetween(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	due := func(from, to string) string {
		var ids []workspace.ItemID
		for _, card := range tb.board.DueBetween(from, to) {
			ids = append(ids, card.ID)
		}
		return fmt.Sprint(ids)
	}
	want := func(list string) {
		t.Helper()
		if got := due("2026-11-01", "2026-11-30"); got != list {
			t.Errorf("due are %s, want %s", got, list)
		}
	}
	for i, day := range []string{"2026-11-30", "2026-11-01", "2026-11-15", "2026-11-15", "2026-12-01", ""} {
		tb.do(AddCard{Card: workspace.ItemID(rune('a' + i)), Title: "x", Due: day})
	}
	want("[b c d a]")
	if got := tb.board.NextDue("2026-11-16"); got != "2026-11-30" {
		t.Errorf("the next day is %s", got)
	}
	tb.do(FinishCard{Card: "c"})
	want("[b d a]")
	tb.do(MoveCard{Card: "c", Column: "open"})
	tb.do(EditCard{Card: "b", Due: new("2026-12-24")})
	want("[c d a]")
	tb.do(ArchiveCard{Card: "d", On: true})
	tb.do(DeleteCard{Card: "c"})
	want("[a]")
	tb.do(ArchiveCard{Card: "d"})
	tb.do(RestoreCard{Card: "c"})
	want("[c d a]")
	if got := tb.board.NextDue("2027-01-01"); got != "" {
		t.Errorf("after all of them comes %s", got)
	}

	tb.do(AddColumn{Column: "weg", Title: "Weg"})
	tb.do(MoveCard{Card: "d", Column: "weg"})
	tb.apply([]workspace.Op{{Item: "weg", Kind: KindColumn, Set: map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)}}})
	want("[c a]")

	again := workspace.NewRoom("!r:x.y", "@werkraum:x.y", 0)
	loaded := New(again)
	tb.room.Items(func(it *workspace.Item) bool { again.Restore(it); return true })
	if !slices.EqualFunc(loaded.DueBetween("2026-01-01", "2026-12-31"), tb.board.DueBetween("2026-01-01", "2026-12-31"), func(x, y *workspace.Item) bool { return x.ID == y.ID }) {
		t.Error("what was loaded is due on other days")
	}
}
