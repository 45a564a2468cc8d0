package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"
)

// push sends a transaction as the homeserver does.
func (h *house) push(t *testing.T, txn, token string, body []byte) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, h.URL+"/_matrix/app/v1/transactions/"+txn, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// Bodies that are no transactions and callers without the token are refused, and nothing of
// them has any effect.
func TestTransactionEndpointRefuses(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		command := s.command(s.anna.UserID, "$forged1", "!karte neu Untergeschoben")
		good, _ := json.Marshal(object{"events": []any{command}})
		// No more than is read to the end: whoever still sends when the answer comes may not see it.
		tooLarge := fmt.Appendf(nil, `{"events":[],"x":%q}`, strings.Repeat("x", 64<<20+1-len(`{"events":[],"x":""}`)))
		for _, c := range []struct {
			what, token string
			body        []byte
			status      int
			code        string
		}{
			{"no token", "", good, http.StatusUnauthorized, "M_MISSING_TOKEN"},
			{"a wrong token", "falsch", good, http.StatusForbidden, "M_FORBIDDEN"},
			{"the token with one more letter", s.HSToken + "x", good, http.StatusForbidden, "M_FORBIDDEN"},
			{"nothing", s.HSToken, nil, http.StatusBadRequest, "M_NOT_JSON"},
			{"half of a transaction", s.HSToken, good[:len(good)/2], http.StatusBadRequest, "M_NOT_JSON"},
			{"a list", s.HSToken, []byte(`[]`), http.StatusBadRequest, "M_NOT_JSON"},
			{"a text", s.HSToken, []byte(`"events"`), http.StatusBadRequest, "M_NOT_JSON"},
			{"null", s.HSToken, []byte(`null`), http.StatusBadRequest, "M_NOT_JSON"},
			{"two objects", s.HSToken, []byte(`{}{}`), http.StatusBadRequest, "M_NOT_JSON"},
			{"64 MiB and a byte", s.HSToken, tooLarge, http.StatusRequestEntityTooLarge, "M_TOO_LARGE"},
		} {
			status, answer := s.push(t, "refused", c.token, c.body)
			if status != c.status || !strings.Contains(answer, c.code) {
				t.Errorf("%s is answered with %d %s, want %d %s", c.what, status, answer, c.status, c.code)
			}
		}
		if list := s.anna.ask(s.room, "!karte liste").Body; strings.Contains(list, "Untergeschoben") {
			t.Errorf("a refused transaction had an effect: %s", list)
		}
	})
}

// Broken events cannot hold up the stream: they are set aside, and those beside them in the
// same transaction are handled. Some of these shapes stop other application services.
func TestBrokenEventsAreSetAside(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		envelope := func(field string, value any) object {
			e := s.command(s.mia.UserID, "$broken"+newItem(), "!karte neu Kaputt")
			e[field] = value
			return e
		}
		content := func(kind string, content any) object {
			e := s.command(s.mia.UserID, "$broken"+newItem(), "")
			e["type"], e["content"] = kind, content
			return e
		}
		state := func(kind string, key, value any) object {
			e := content(kind, value)
			e["state_key"] = key
			return e
		}
		events := []any{
			nil, 7, "text", []any{}, object{}, true,
			envelope("event_id", 7), envelope("event_id", ""), envelope("event_id", strings.Repeat("$", 300)),
			envelope("room_id", nil), envelope("room_id", object{}), envelope("room_id", "kein Raum"),
			envelope("sender", 1.5), envelope("sender", "niemand"), envelope("type", []any{}), envelope("type", ""),
			envelope("content", nil), envelope("content", "text"), envelope("content", []any{1}),
			envelope("state_key", 5), envelope("state_key", object{}),
			content("m.room.message", object{"msgtype": 7, "body": []any{}}),
			content("m.room.message", object{"msgtype": "m.text", "body": object{"a": 1}}),
			content("m.room.message", object{"msgtype": "m.text", "body": "!karte neu Kaputt", "m.relates_to": 7}),
			content("m.room.message", object{"msgtype": "m.text", "body": "!karte neu Kaputt", "m.mentions": []any{}}),
			content("m.room.message", object{"msgtype": "m.text", "body": "!karte neu Kaputt", "m.relates_to": object{"rel_type": "m.thread", "event_id": object{}}}),
			content("m.reaction", object{"m.relates_to": object{"rel_type": "m.annotation", "event_id": 7, "key": "📌"}}),
			content("m.reaction", object{"m.relates_to": object{"rel_type": "m.annotation", "event_id": "$gibtsnicht", "key": strings.Repeat("📌", 1000)}}),
			content("m.room.redaction", object{"redacts": 7}), content("m.room.redaction", object{}),
			state("m.room.member", s.mia.UserID, object{"membership": 7}),
			state("m.room.member", s.Bot, object{"membership": "knock"}),
			state("m.room.member", "", object{}),
			state("m.room.power_levels", "", object{"users": 7, "events": "text"}),
			state("m.room.tombstone", "", object{"replacement_room": 7}),
			state("m.room.encryption", "", object{}),
			state("m.room.name", "", object{"name": 7}),
		}
		events = append(events, s.command(s.anna.UserID, "$good"+newItem(), "!karte neu Heil geblieben"))
		body, err := json.Marshal(object{"events": events, "ephemeral": 7, "to_device": "x", "device_lists": []any{}})
		if err != nil {
			t.Fatal(err)
		}
		// Envelope fields of other implementations' bad days, which JSON can hold.
		poison := strings.Replace(string(body), `"events":[`, `"events":[{"prev_content":"x","unsigned":{"age":1.5,"prev_content":7},"origin_server_ts":1.5,"replaces_state":{},"redacts":7,`+
			`"to_user_id":5,"msc4354_sticky":"x","depth":1e400,"event_id":"$poison`+newItem()+`","type":"m.room.message","room_id":"`+s.room.String()+`","sender":"`+s.mia.UserID.String()+
			`","content":{"msgtype":"m.text","body":"!karte neu Trotz allem"}},`, 1)
		if status, answer := s.push(t, "broken-"+newItem(), s.HSToken, []byte(poison)); status != http.StatusOK {
			t.Fatalf("the transaction is answered with %d %s", status, answer)
		}
		board := s.page(s.anna)
		board.card("Heil geblieben")
		board.card("Trotz allem")
		if n := board.titles()["Kaputt"]; n != 0 {
			t.Errorf("broken events made %d cards", n)
		}
		board.Look(func(st pageState) {
			if !st.Me.Can.Configure {
				t.Error("Anna has lost her power to an event that only claimed to be the room's state")
			}
		})
		s.page(s.mia) // she is still a member, whatever an event said
		has(t, s.anna.ask(s.room, "!karte liste").Body, "Heil geblieben")
	})
}

// A homeserver repeats what it has not heard the answer to, under the same ID with more
// events, or the same events under another ID. Each event counts once.
func TestRepeatedTransactions(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		first := s.command(s.anna.UserID, "$first"+newItem(), "!karte neu Eins")
		second := s.command(s.anna.UserID, "$second"+newItem(), "!karte neu Zwei")
		third := s.command(s.anna.UserID, "$third"+newItem(), "!karte neu Drei")
		txn := newItem()
		for _, c := range []struct {
			txn    string
			events []any
		}{
			{txn, []any{first}}, {txn, []any{first}}, {txn, []any{first, second, first}}, {newItem(), []any{second, first}}, {txn, []any{third}},
		} {
			body, err := json.Marshal(object{"events": c.events})
			if err != nil {
				t.Fatal(err)
			}
			if status, answer := s.push(t, c.txn, s.HSToken, body); status != http.StatusOK {
				t.Fatalf("answered with %d %s", status, answer)
			}
		}
		board.card("Drei")
		s.anna.ask(s.room, "!karte liste")
		if titles := board.titles(); len(titles) != 3 || titles["Eins"] != 1 || titles["Zwei"] != 1 || titles["Drei"] != 1 {
			t.Errorf("cards = %v, want each once", titles)
		}
	})
}

// A title far beyond what a client could send, straight from a homeserver.
func TestHugeTitle(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		body, err := json.Marshal(object{"events": []any{
			s.command(s.anna.UserID, "$huge"+newItem(), "!karte neu "+strings.Repeat("Titel ", 17_000)),
			s.command(s.anna.UserID, "$after"+newItem(), "!karte neu Danach"),
		}})
		if err != nil {
			t.Fatal(err)
		}
		if status, answer := s.push(t, newItem(), s.HSToken, body); status != http.StatusOK {
			t.Fatalf("answered with %d %s", status, answer)
		}
		s.anna.hears(s.room, "the refusal", func(m message) bool { return m.Sender == s.Bot && strings.Contains(m.Body, "zu lang") })
		board.card("Danach")
		if titles := board.titles(); len(titles) != 1 {
			t.Errorf("the board shows %d cards, want only the one that fits", len(titles))
		}
	})
}

// command is an event with a command as the homeserver would push it.
func (s *scene) command(sender id.UserID, event, text string) object {
	return object{
		"event_id": event, "type": "m.room.message", "room_id": s.room, "sender": sender, "origin_server_ts": 1_700_000_000_000,
		"content": object{"msgtype": "m.text", "body": text},
	}
}
