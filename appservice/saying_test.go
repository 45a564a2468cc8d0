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
	s.says(by, change, board.Saying{Card: card, Text: text})
}

// says has somebody say something, say it anew or take it away.
func (s *stage) says(by id.UserID, change workspace.ChangeID, said board.Saying) {
	s.t.Helper()
	done := make(chan error, 1)
	s.Say(room, by, change, said, func(_ int64, err error) { done <- err })
	select {
	case err := <-done:
		if err != nil {
			s.t.Fatalf("%+v is refused: %v", said, err)
		}
	case <-time.After(patience):
		s.t.Fatalf("%+v is not answered", said)
	}
}

// taken waits until the homeserver has taken a message that holds a text, and returns it.
func (s *stage) taken(text string) (event id.EventID) {
	s.t.Helper()
	await(s.t, "the message with "+text, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, e := range s.sent {
			if strings.Contains(e.path, "/send/m.room.message/") && strings.Contains(e.body, text) {
				event = id.EventID(s.events[e.path])
			}
		}
		return event != ""
	})
	return event
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

// A homeserver takes an event before it shows it. What somebody says anew and takes away just then
// is taken away with the edit, and so is the answer to a command that is taken away.
func TestWhatIsNotShownYetIsTakenAwayToo(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.answer(func(w http.ResponseWriter, r *http.Request) bool { // it shows nothing of what was sent
		gone := strings.HasSuffix(r.URL.Path, "/event/$frage")
		if gone {
			_, _ = w.Write(rawJSON(map[string]any{"event_id": "$frage", "type": "m.room.message", "room_id": room, "sender": mia, "content": map[string]any{}}))
		}
		return gone
	})
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddCard{Card: "eins", Title: "Eins"})
	s.say(anna, "sagt", "eins", "Falsch verstanden")
	posted := s.taken("Falsch verstanden")
	await(t, "the comment", func() bool {
		_, err := s.store.CommentBy(t.Context(), room, posted)
		return err == nil
	})
	s.says(anna, "anders", board.Saying{Edited: posted, Text: "Richtig verstanden"})
	edit := s.taken("Richtig verstanden")
	s.says(anna, "nichts", board.Saying{Taken: posted})
	await(t, "the comment and its edit to be taken away", func() bool { return s.redacted(posted) && s.redacted(edit) })

	s.deliver(message("$frage", mia, "!karte zuweisen 1 Quastenflosser", nil))
	answer := s.taken("Quastenflosser")
	s.deliver(redaction("$weg", mia, "$frage"))
	await(t, "the answer to be taken away", func() bool { return s.redacted(answer) })
}
