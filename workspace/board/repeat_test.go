package board

import (
	"slices"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

const bot = id.UserID("@werkraum:x.y")

// again does an act and what follows on it, as the room's worker does.
func (tb *table) again(a Act, today string) {
	tb.t.Helper()
	ops, err := a.Ops(tb.board, anna, noon)
	if err != nil {
		tb.t.Fatalf("%T: %v", a, err)
	}
	tb.count++
	c, err := tb.room.Apply(workspace.Proposal{ID: workspace.ChangeID(string(rune('a' + tb.count))), By: anna, Deeds: a.Deeds(anna), Via: workspace.ViaWidget, Ops: ops}, noon)
	if err != nil {
		tb.t.Fatalf("%v", err)
	}
	follows, err := tb.board.Again(c, bot, today, noon)
	if err != nil {
		tb.t.Fatalf("%v", err)
	}
	if len(follows) > 0 {
		tb.apply(follows)
	}
}

func TestFinishingMakesTheNextCard(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(AddCard{Card: "a", Title: "Gießen", Description: "Alle", Due: "2026-11-30", Assignees: []id.UserID{anna}, Labels: []string{"garten"}, Source: "$source"})
	tb.do(RepeatCard{Card: "a", Rule: "freq=weekly"})
	next := NextOf(tb.board.Card("a"))
	tb.again(FinishCard{Card: "a"}, "2026-11-25")
	made := tb.board.Card(next)
	if made == nil {
		t.Fatal("there is no next card")
	}
	got := []string{made.Text(Title), made.Text(Description), made.Text(Due), made.Text(Column), made.Text(Repeat), made.Text(Number), made.Text(Source), made.Text(CreatedBy)}
	want := []string{"Gießen", "Alle", "2026-12-07", "open", "FREQ=WEEKLY", "2", "", string(bot)}
	if !slices.Equal(got, want) || !slices.Equal(Assignees(made), []id.UserID{anna}) || !slices.Equal(Labels(made), []string{"garten"}) {
		t.Errorf("the next card is %q of %v, %v; want %q", got, Assignees(made), Labels(made), want)
	}

	// Opening it again takes the next one back; finishing it anew brings that again, and no other.
	tb.again(MoveCard{Card: "a", Column: "open"}, "2026-11-25")
	if !tb.board.Card(next).Deleted() {
		t.Error("the card is open again, and so is the next")
	}
	tb.again(FinishCard{Card: "a"}, "2026-11-26")
	if tb.board.Card(next).Deleted() || tb.board.Len("open") != 1 {
		t.Errorf("finished anew, and open are %v", tb.cards("open"))
	}

	// What somebody has worked on stays.
	title := "Gießen und düngen"
	tb.do(EditCard{Card: next, Title: &title})
	tb.again(MoveCard{Card: "a", Column: "doing"}, "2026-11-26")
	if tb.board.Card(next).Deleted() {
		t.Error("somebody's work went with the undoing")
	}
	tb.again(FinishCard{Card: "a"}, "2026-11-26")
	if n := tb.board.Len("open"); n != 1 {
		t.Errorf("%d cards are open, want the one", n)
	}
}

// Whoever left the room is not on the next card, ticks are off, and what begins before the due
// date moves along.
func TestNextCardBeginsAnew(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.room.Members["@mia:x.y"] = workspace.Member{Membership: workspace.Joined}
	tb.do(AddCard{Card: "a", Title: "x", Start: "2026-10-31", Due: "2026-11-02", Priority: "high", Assignees: []id.UserID{anna, "@mia:x.y"}})
	tb.do(CheckCard{Card: "a", Entry: "e", Title: new("Kanne füllen"), Done: new(true)})
	tb.do(RepeatCard{Card: "a", Rule: "FREQ=WEEKLY;COUNT=9"})
	tb.room.Members["@mia:x.y"] = workspace.Member{Membership: workspace.Left}
	old := tb.board.Card("a")
	next := NextOf(old)
	tb.again(FinishCard{Card: "a"}, "2026-11-25")
	made := tb.board.Card(next)
	if got := made.Text(Due); got != "2026-11-30" {
		t.Errorf("due %s, want the first that has not passed", got)
	}
	if got := made.Text(Repeat); got != "FREQ=WEEKLY;COUNT=5" {
		t.Errorf("goes on with %s", got)
	}
	if list := Checklist(made); len(list) != 1 || list[0].Title != "Kanne füllen" || list[0].Done {
		t.Errorf("its checklist is %v", list)
	}
	if made.Text(Start) != "2026-11-28" || made.Text(Priority) != "high" {
		t.Errorf("it begins on %s with priority %s", made.Text(Start), made.Text(Priority))
	}
	if got := Assignees(made); !slices.Equal(got, []id.UserID{anna}) {
		t.Errorf("assigned to %v", got)
	}
	if got := shifted("2026-10-24", "2026-10-26", "2026-11-02"); got != "2026-10-31" { // summer time ends in between
		t.Errorf("it begins on %s", got)
	}
}
