package appservice

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

const fuzzBot = id.UserID("@werkraum:amt.example")

// FuzzTransaction takes a whole body from the homeserver apart: every event in it is
// handed on, set aside or left out, and none for somebody else than it says.
func FuzzTransaction(f *testing.F) {
	for _, seed := range []string{
		`{"events":[{"type":"m.room.message","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"msgtype":"m.text","body":"!hilfe"}}]}`,
		`{"events":[{"type":"m.room.member","state_key":"@a:x","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"membership":"leave"}},1,null,[],{}]}`,
		`{"events":[{"event_id":"$e","event_id":"$f","type":"m.reaction","room_id":"!r:x","sender":"@a:x","content":null}]}`,
		`{"events":[{"type":"m.room.encryption","state_key":"","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"algorithm":"x"}}],"events":[]}`,
		`{"events":{}}`, `{"events":null}`, `{}`, `[]`, ``, `{"events":[` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `]}`,
		`{"events":[],"de.sorunome.msc2409.to_device":[{"type":"m.room.encrypted","sender":"@a:x","content":{}}],"de.sorunome.msc2409.ephemeral":1}`,
		"{\"events\":[{\"type\":\"\\ud800\",\"event_id\":\"$\\u0000\"}]}", "\xff",
	} {
		f.Add([]byte(seed))
	}
	s := &Service{bot: fuzzBot}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !isTransaction(body) {
			return
		}
		events, broken, ignored := s.unpack(store.Delivery{Body: body}, &openDelivery{})
		places := map[int]bool{}
		for _, in := range events {
			if places[in.place] || !in.complete() || in.Sender == s.bot && !in.isRoomState() {
				t.Errorf("handed on %+v", in.envelope)
			}
			places[in.place] = true
			if in.bot != nil && (in.bot.ID != in.ID || in.bot.Sender != in.Sender) {
				t.Errorf("an event speaks for another: %+v", in.bot)
			}
			_, _ = in.takesAway(), replacement(in.Content)
		}
		for _, b := range broken {
			if b.Reason == "" {
				t.Errorf("set aside without a reason: %+v", b)
			}
		}
		if n := len(events) + len(broken) + ignored; len(places) != len(events) || n > len(body) {
			t.Errorf("%d events of %d bytes", n, len(body))
		}
	})
}

// FuzzSync takes an answer of /sync apart. What comes under a room belongs to that room,
// whatever it says itself.
func FuzzSync(f *testing.F) {
	for _, seed := range []string{
		`{"next_batch":"s1","rooms":{"join":{"!r:x":{"timeline":{"limited":true,"prev_batch":"t","events":[
			{"type":"m.room.message","event_id":"$e","room_id":"!other:x","sender":"@a:x","content":{"msgtype":"m.text","body":"!hilfe"}}]}}}}}`,
		`{"rooms":{"join":{"!r:x":{"timeline":{"events":[{"type":"m.room.member","state_key":"@werkraum:amt.example","event_id":"$j","sender":"@werkraum:amt.example",
			"content":{"membership":"join"},"unsigned":{"prev_content":{"membership":"invite"}}},{"type":"m.room.message"},null,1,[]]}}}}}`,
		`{"rooms":{"invite":{"!r:x":{"invite_state":{"events":[{"type":"m.room.member","state_key":"@werkraum:amt.example","sender":"@a:x","content":{"membership":"invite"}}]}}}}}`,
		`{"rooms":{"leave":{"!r:x":{"timeline":{"events":[{"ROOM_ID":"!o:x","room_id":"!o:x","event_id":"$e","type":"t","sender":"@a:x","content":{}}]}}}}}`,
		`{"rooms":{"invite":{"":{"invite_state":null}},"join":null}}`, `{}`, `null`, `{"rooms":[]}`, `{"next_batch":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !wellFormed(body) {
			return
		}
		answer := gjson.ParseBytes(body)
		if keys := forDevice(answer); !json.Valid(keys) && json.Valid(body) {
			t.Fatalf("made broken JSON: %s", keys)
		}
		belongs := func(room id.RoomID, raw json.RawMessage) {
			t.Helper()
			if !json.Valid(raw) {
				t.Fatalf("made broken JSON: %s", raw)
			}
			if e, err := parseEnvelope(raw); err == nil && e.Room != room && strings.ToValidUTF8(string(room), "\ufffd") == string(room) {
				t.Errorf("an event of %q came as one of %q", room, e.Room)
			}
		}
		_ = eachRoom(answer, "invite", func(room id.RoomID, r gjson.Result) error {
			if e := inviteEvent(room, eventsOf(r, "invite_state.events"), fuzzBot); e != nil {
				belongs(room, e)
				if in, err := parseEnvelope(e); err == nil && (in.StateKey == nil || *in.StateKey != string(fuzzBot)) {
					t.Errorf("an invite of somebody else: %s", e)
				}
			}
			return nil
		})
		for _, kind := range []string{"join", "leave"} {
			_ = eachRoom(answer, kind, func(room id.RoomID, r gjson.Result) error {
				heard := inRoom(room, eventsOf(r, "timeline.events"))
				if kept := sinceJoin(heard, fuzzBot); len(kept) > len(heard) {
					t.Errorf("%d events became %d", len(heard), len(kept))
				}
				for _, e := range heard {
					belongs(room, e)
				}
				return nil
			})
		}
	})
}

// FuzzState reads the contents of state events that any moderator of any server may write.
func FuzzState(f *testing.F) {
	for _, seed := range []string{
		`{"users":{"@a:x":100,"@b:x":"50","@c:x":1e3,"@d:x":null},"users_default":-1,"events":{"m.room.name":50.5},"state_default":"x","events_default":99999999999999999999}`,
		`{"room_version":"12","additional_creators":["@b:x",""],"predecessor":{"room_id":"!o:x"}}`, `{"room_version":12,"additional_creators":[1]}`,
		`{"replacement_room":"!n:x"}`, `{"replacement_room":[]}`, `{"widgets":{"x":{"container":"top"},"de.werkraum":1}}`, `{"widgets":[]}`, `{}`, `null`, `[]`, `"x"`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if !json.Valid(content) {
			return // it is part of an answer that was valid as a whole
		}
		e := envelope{Sender: "@a:x", Content: content}
		creators := creatorsOf(e)
		if len(creators) > 0 && creators[0] != e.Sender {
			t.Errorf("creators are %v", creators)
		}
		if p := parsePower(content, creators); p.Users == nil || p.Events == nil {
			t.Errorf("power levels are %+v", p)
		}
		_ = replacement(content)
		new(foundState).create(e)
		if layout := layoutWith(content); !hasWidget(layout) || !json.Valid(layout) {
			t.Errorf("the layout became %s", layout)
		}
	})
}
