package appservice

import (
	"encoding/json"
	"testing"

	"maunium.net/go/mautrix/id"
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
