package appservice

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

func TestParsePower(t *testing.T) {
	t.Parallel()
	empty := workspace.Power{Users: map[id.UserID]int{}, Events: map[string]int{}, StateDefault: 50}
	with := func(change func(*workspace.Power)) workspace.Power {
		p := workspace.Power{Users: map[id.UserID]int{}, Events: map[string]int{}, StateDefault: 50}
		change(&p)
		return p
	}
	for name, c := range map[string]struct {
		raw  string
		want workspace.Power
	}{
		"empty": {`{}`, empty},
		"all of it": {`{"users":{"@a:b":100},"users_default":1,"events":{"x":2},"events_default":3,"state_default":4}`, workspace.Power{
			Users: map[id.UserID]int{"@a:b": 100}, UsersDefault: 1, Events: map[string]int{"x": 2}, EventsDefault: 3, StateDefault: 4}},
		"texts, as old rooms have them":      {`{"users":{"@a:b":"100"},"state_default":"0"}`, with(func(p *workspace.Power) { p.Users["@a:b"] = 100; p.StateDefault = 0 })},
		"what is no number counts as absent": {`{"users":{"@a:b":{},"@c:d":1.5,"@e:f":7},"users_default":null,"state_default":"viel"}`, with(func(p *workspace.Power) { p.Users["@e:f"] = 7 })},
		"users of the wrong shape":           {`{"users":7,"events":[],"state_default":60}`, with(func(p *workspace.Power) { p.StateDefault = 60 })},
		"no object":                          {`"x"`, empty},
	} {
		if diff := cmp.Diff(c.want, parsePower(json.RawMessage(c.raw), nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCreators(t *testing.T) {
	t.Parallel()
	create := func(content string) envelope {
		return envelope{Sender: "@anna:a.example", Content: json.RawMessage(content)}
	}
	for content, want := range map[string][]id.UserID{
		`{"room_version":"12","additional_creators":["@mia:b.example"]}`: {"@anna:a.example", "@mia:b.example"},
		`{"room_version":"12"}`:         {"@anna:a.example"},
		`{"room_version":"11"}`:         nil,
		`{"room_version":"org.x.test"}`: nil,
		`{}`:                            nil,
		`{"room_version":12}`:           nil,
	} {
		if diff := cmp.Diff(want, creatorsOf(create(content))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", content, diff)
		}
	}
}

// The layout of others stays; a broken one is replaced.
func TestLayoutWith(t *testing.T) {
	t.Parallel()
	got := layoutWith(json.RawMessage(`{"widgets":{"jitsi":{"container":"top","index":0}}}`))
	if !hasWidget(got) || !strings.Contains(string(got), `"jitsi":{"container":"top","index":0}`) {
		t.Errorf("layout = %s", got)
	}
	for _, broken := range []string{``, `null`, `{"widgets":7}`, `[]`} {
		if got := layoutWith(json.RawMessage(broken)); !hasWidget(got) {
			t.Errorf("after %q the layout is %s", broken, got)
		}
	}
}

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
