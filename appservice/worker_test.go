package appservice

import (
	"testing"
	"time"

	"werkraum/bots"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

// An event whose handling panics is set aside. It stops neither the program nor its room, and
// does not stay in the inbox.
func TestPanicSetsTheEventAside(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.links = nil // without a limit asking for a link panics
	s.start()
	s.deliver(message("$broken", anna, "!link", nil))
	await(t, "the event to be set aside and the inbox to be empty", func() bool { return s.empty() && s.metric("werkraum_events_total", "set_aside") == 1 })

	// The room goes on.
	done := make(chan error, 1)
	s.Do(room, anna, "column-1~"+workspace.ChangeID(anna), board.On(board.AddColumn{Column: "spalte", Title: "Offen"}), func(_ int64, err error) { done <- err })
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("a change after the panic is refused: %v", err)
		}
	case <-time.After(patience):
		t.Error("the room does nothing any more")
	}
	s.view(func(v watch.View) {
		if len(v.Board.Columns()) != 1 {
			t.Errorf("the board has %d columns, want one", len(v.Board.Columns()))
		}
	})
}
