package bots

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// Several cards that are finished at once stand in the order in which they
// were named, below those that were finished before, and one undo takes all
// of it back.
func TestSeveralCardsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	say := func(text string) *Turn {
		e := s.event(Said, "@anna:amt.example")
		e.Body = text
		return s.handle(e)
	}
	for i := range 9 {
		s.post(say(fmt.Sprintf("!karte neu Karte %d", i+1)).PostCard)
	}
	shown := func(column workspace.ItemID) string {
		var list []string
		for _, c := range s.board.Cards(column, -1) {
			list = append(list, c.Text(board.Number))
		}
		return strings.Join(list, " ")
	}
	say("!karte fertig 9")
	say("!karte fertig 8 1 7 2 6 3 5 4")
	if got, want := shown("done"), "9 8 1 7 2 6 3 5 4"; got != want {
		t.Errorf("finished cards stand as %s, want %s", got, want)
	}
	say("!undo")
	if got, want := shown("open"), "1 2 3 4 5 6 7 8"; got != want {
		t.Errorf("after undo the open cards are %s, want %s", got, want)
	}
	say("!karte fertig 9 1")
	if got, want := shown("done"), "9 1"; got != want {
		t.Errorf("finished cards stand as %s, want %s", got, want)
	}
	if ranks := s.board.Cards("done", -1); slices.ContainsFunc(ranks, func(c *workspace.Item) bool { return !workspace.ValidRank(c.Text(board.Rank)) }) {
		t.Error("a rank is not well-formed")
	}
}
