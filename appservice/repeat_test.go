package appservice

import (
	"testing"
	"time"

	"werkraum/bots"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

// Finishing a card that repeats makes the next one in the same step, in the log as a change of
// the bot's; doing it again, by whomever, makes no second one.
func TestRepeatingCardComesAgainOnce(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddColumn{Column: "fertig", Title: "Fertig"})
	done := true
	s.act(board.EditColumn{Column: "fertig", Done: &done})
	due := time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly)
	s.act(board.AddCard{Card: "pflege", Title: "Pflanzen", Due: due})
	s.act(board.RepeatCard{Card: "pflege", Rule: "FREQ=DAILY"})
	next := board.NextOf(s.card("pflege"))
	s.act(board.FinishCard{Card: "pflege"})
	s.act(board.MoveCard{Card: "pflege", Column: "offen"})
	s.act(board.FinishCard{Card: "pflege"})
	if n := s.cards(); n != 2 {
		t.Errorf("there are %d cards, want two", n)
	}
	made := s.card(next)
	if want := time.Now().UTC().AddDate(0, 0, 4).Format(time.DateOnly); made.Text(board.Due) != want || made.Deleted() {
		t.Errorf("the next card is due %s, deleted %t; want %s", made.Text(board.Due), made.Deleted(), want)
	}
	s.view(func(v watch.View) {
		commits, err := s.store.CommitsAfter(t.Context(), room, 0, 100)
		if err != nil {
			t.Error(err)
		}
		by := map[workspace.Via]int{}
		for _, c := range commits {
			by[c.Change.Via]++
		}
		if by[workspace.ViaBot] < 3 {
			t.Errorf("changes by way of %v, want the bot's among them", by)
		}
		if int64(len(commits)) != v.Room.Seq {
			t.Errorf("%d commits are stored, and the room is at %d", len(commits), v.Room.Seq)
		}
	})
}
