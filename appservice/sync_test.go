package appservice

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
)

// What was said before the bot came, or came back, is not for it.
func TestSinceJoin(t *testing.T) {
	t.Parallel()
	const bot = id.UserID("@werkraum:a.example")
	event := func(id string) json.RawMessage {
		return json.RawMessage(`{"event_id":"` + id + `","type":"m.room.message","content":{}}`)
	}
	member := func(user id.UserID, now, before string) json.RawMessage {
		return json.RawMessage(`{"event_id":"$join","type":"m.room.member","state_key":"` + string(user) + `","content":{"membership":"` + now +
			`"},"unsigned":{"prev_content":{"membership":"` + before + `"}}}`)
	}
	for name, c := range map[string]struct {
		events []json.RawMessage
		want   int // how many are left
	}{
		"it was there all the time":      {[]json.RawMessage{event("$1"), event("$2")}, 2},
		"it came":                        {[]json.RawMessage{event("$1"), member(bot, "join", "invite"), event("$2")}, 2},
		"it came back":                   {[]json.RawMessage{event("$1"), member(bot, "leave", "join"), event("$2"), member(bot, "join", "invite")}, 1},
		"it only got another name":       {[]json.RawMessage{event("$1"), member(bot, "join", "join"), event("$2")}, 3},
		"somebody else came":             {[]json.RawMessage{event("$1"), member("@mia:b.example", "join", "invite"), event("$2")}, 3},
		"broken events are nobody's way": {[]json.RawMessage{event("$1"), json.RawMessage(`7`), event("$2")}, 3},
	} {
		if got := sinceJoin(c.events, bot); len(got) != c.want {
			t.Errorf("%s: %d events are left, want %d", name, len(got), c.want)
		}
	}
}

func TestMarkedContent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`{"body":"x"}`: `{"de.werkraum.txn":"t\"1","body":"x"}`,
		`{}`:           `{"de.werkraum.txn":"t\"1"}`,
		`[]`:           `[]`,
	} {
		if got := string(marked(json.RawMessage(content), `t"1`)); got != want {
			t.Errorf("%s becomes %s, want %s", content, got, want)
		}
	}
}

// A sync tells that a room has turned encryption on. However long it takes to read what another
// room has missed, nothing is sent in plain text meanwhile.
func TestSyncedEncryptionIsHeededAtOnce(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	reads, free := make(chan struct{}), make(chan struct{})
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/sync"):
			on := stateEvent(room, "m.room.encryption", "", anna, map[string]any{"algorithm": "m.megolm.v1.aes-sha2"})
			_, _ = w.Write([]byte(`{"next_batch":"s2","rooms":{"join":{"!laut:a.example":{"timeline":{"limited":true,"prev_batch":"p","events":[]}},` +
				string(rawJSON(room)) + `:{"timeline":{"events":[` + string(rawJSON(on)) + `]}}}}}`))
			return true
		case strings.HasSuffix(r.URL.Path, "!laut:a.example/messages"):
			close(reads)
			<-free
		}
		return false
	})
	synced := make(chan error, 1)
	go func() { synced <- s.syncOnce(t.Context(), "s1") }()
	<-reads
	if !s.isSecret(room) {
		t.Error("the room is not known to be encrypted")
	}
	close(free)
	if err := <-synced; err != nil {
		t.Error(err)
	}
}
