package appservice

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// say has somebody say something about a card on the page.
func (s *stage) say(by id.UserID, change workspace.ChangeID, card workspace.ItemID, text string) {
	s.t.Helper()
	done := make(chan error, 1)
	s.Say(room, by, change, board.Saying{Card: card, Text: text}, func(_ int64, err error) { done <- err })
	select {
	case err := <-done:
		if err != nil {
			s.t.Fatalf("%q is refused: %v", text, err)
		}
	case <-time.After(time.Minute):
		s.t.Fatalf("%q is not answered", text)
	}
}

// While the homeserver is busy with a card's message, that message is wanted again for a
// comment. It is bound to its card once, and nothing stays waiting.
func TestMessageThatIsWantedTwice(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	busy, free := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	s.answer(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/send/m.room.message/") && first.CompareAndSwap(false, true) {
			close(busy)
			<-free
		}
		return false
	})
	s.act(board.AddCard{Card: "eins", Title: "Eins"})
	<-busy
	s.say(anna, "sagt", "eins", "Wer übernimmt das?")
	close(free)
	await(t, "the comment", func() bool { return s.told("m.room.message", "Wer übernimmt das?") == 1 })
	await(t, "the outbox to be empty", func() bool {
		list, err := s.store.Outbox(t.Context())
		return err == nil && len(list) == 0
	})
	if n := s.metric("werkraum_retries_total", "store"); n != 0 {
		t.Errorf("steps were done again %v times", n)
	}
}
