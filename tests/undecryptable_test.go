package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"maunium.net/go/mautrix/event"
)

// A member who floods an encrypted room with what nobody can decrypt, and sends again what
// others have said, holds nobody up and has nothing done.
func TestUndecryptableFlood(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.house(t, usual))
		card := s.anna.say(s.room, "!karte neu Einmal")
		s.anna.answer(s.room, card)
		board := s.page(s.anna)
		board.card("Einmal")

		var said json.RawMessage // Anna's command, as it was sent
		for _, raw := range s.anna.stored(s.room) {
			var e struct {
				ID      string          `json:"event_id"`
				Content json.RawMessage `json:"content"`
			}
			if json.Unmarshal(raw, &e) == nil && e.ID == card.String() {
				said = e.Content
			}
		}
		send := func(content any) {
			t.Helper()
			if _, err := s.mia.Client.SendMessageEvent(t.Context(), s.room, event.Type{Type: "m.room.encrypted", Class: event.MessageEventType}, content); err != nil {
				t.Fatal(err)
			}
		}
		var sealed object
		if err := json.Unmarshal(said, &sealed); err != nil {
			t.Fatal(err)
		}
		ciphertext, ok := sealed["ciphertext"].(string)
		if !ok {
			t.Fatalf("Anna's command was not encrypted: %s", said)
		}
		for n := range 120 {
			with := func(more object) {
				content := maps.Clone(sealed)
				maps.Copy(content, more)
				send(content)
			}
			switch n % 6 {
			case 0:
				with(object{}) // a replay
			case 1:
				with(object{"session_id": fmt.Sprintf("%043d", n)}) // of no session
			case 2:
				with(object{"ciphertext": ciphertext[:len(ciphertext)-20] + strings.Repeat("A", 20)})
			case 3:
				with(object{"ciphertext": "", "session_id": strings.Repeat("x", 1000)})
			case 4:
				with(object{"algorithm": "m.olm.v1.curve25519-aes-sha2", "ciphertext": object{"x": object{"type": 0, "body": "x"}}})
			case 5:
				send(object{"algorithm": n, "ciphertext": []int{n}, "m.relates_to": object{"rel_type": "m.thread", "event_id": card}})
			}
		}
		has(t, s.anna.ask(s.room, "!karte neu Danach").Body, "Danach")
		board.card("Danach")
		if titles := board.titles(); titles["Einmal"] != 1 || len(titles) != 2 {
			t.Errorf("the board holds %v", titles)
		}
		if told := s.anna.toldCannotRead(s.room, s.mia.UserID); told > 1 {
			t.Errorf("Mia was told %d times that she cannot be read", told)
		}
		s.sealedThroughout(s.anna)
	})
}
