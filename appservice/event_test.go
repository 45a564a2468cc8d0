package appservice

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"werkraum/bots"
)

// Everything that a hostile neighbour may put into an event besides what is
// read must not spoil the event, nor those beside it.
func TestStrangeFieldsSpoilNothing(t *testing.T) {
	t.Parallel()
	for _, strange := range []string{
		`"prev_content":"x"`, `"replaces_state":{}`, `"to_user_id":5`, `"msc4354_sticky":"x"`, `"redacts":7`,
		`"unsigned":{"age":1.5}`, `"unsigned":null`, `"origin_server_ts":1.5`, `"origin_server_ts":"now"`, `"state_key":null`,
	} {
		raw := `{"type":"m.room.message","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"msgtype":"m.text","body":"!hilfe"},` + strange + `}`
		e, err := parseEnvelope(json.RawMessage(raw))
		if err != nil || !e.complete() {
			t.Errorf("%s: refused: %v", strange, err)
			continue
		}
		if b, ok, err := e.asBotEvent(time.Now()); !ok || err != nil || b.Body != "!hilfe" {
			t.Errorf("%s: got %v, %v, %v", strange, b, ok, err)
		}
	}
}

func TestBrokenEnvelopesAreRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for _, raw := range []string{
		`null`, `7`, `"x"`, `[]`, `{}`,
		`{"type":7,"event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{}}`,
		`{"type":"t","event_id":["$e"],"room_id":"!r:x","sender":"@a:x","content":{}}`,
		`{"type":"t","event_id":"$e","room_id":{},"sender":"@a:x","content":{}}`,
		`{"type":"t","event_id":"$e","room_id":"!r:x","sender":null,"content":{}}`,
		`{"type":"t","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":[]}`,
		`{"type":"t","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":"x"}`,
		`{"type":"t","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{},"state_key":5}`,
		`{"type":"t","event_id":"` + long + `","room_id":"!r:x","sender":"@a:x","content":{}}`,
		`{"type":"t","event_id":"e","room_id":"!r:x","sender":"@a:x","content":{}}`,
		`{"type":"t","event_id":"$\u0000e","room_id":"!r:x","sender":"@a:x","content":{}}`, // PostgreSQL could not keep these
		`{"type":"t","event_id":"$e","room_id":"!r:x","sender":"@a\u0000:x","content":{}}`,
		"{\"type\":\"t\",\"event_id\":\"$\xff\",\"room_id\":\"!r:x\",\"sender\":\"@a:x\",\"content\":{}}",
		`{"type":"t","event_id":"$e","room_id":"r","sender":"@a:x","content":{}}`,
		`{"type":"t","event_id":"$e","room_id":"!r:x","sender":"a","content":{}}`,
	} {
		if e, err := parseEnvelope(json.RawMessage(raw)); err == nil && e.complete() {
			t.Errorf("%.80s was taken", raw)
		}
	}
}

func TestContentOfTheWrongShapeIsNoEvent(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		`{"msgtype":"m.text","body":["!hilfe"]}`, `{"msgtype":7,"body":"!hilfe"}`, `{"body":"!hilfe"}`,
		`{"msgtype":"m.notice","body":"!hilfe"}`, `{"msgtype":"m.image","body":"!hilfe"}`,
		`{"msgtype":"m.text","body":"!hilfe","m.relates_to":"x"}`, `{"msgtype":"m.text","body":"!x","m.mentions":[]}`,
		`{"msgtype":"m.text","body":"* !x","m.relates_to":{"rel_type":"m.replace","event_id":"$o"}}`,
	} {
		e := envelope{ID: "$e", Type: typeMessage, Room: "!r:x", Sender: "@a:x", Content: json.RawMessage(content)}
		if _, ok, _ := e.asBotEvent(time.Now()); ok {
			t.Errorf("%s was taken", content)
		}
	}
}

func TestPlaceOfAMessage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		check   func(bots.Event) bool
	}{
		"reply with the quotation of older clients": {
			`{"msgtype":"m.text","body":"> <@b:x> alte Frage\n> zweite Zeile\n\n!karte fertig","m.relates_to":{"m.in_reply_to":{"event_id":"$o"}}}`,
			func(b bots.Event) bool { return b.Body == "!karte fertig" && b.ReplyTo == "$o" },
		},
		"in a thread": {
			`{"msgtype":"m.text","body":"gut","m.relates_to":{"rel_type":"m.thread","event_id":"$root","is_falling_back":true,"m.in_reply_to":{"event_id":"$last"}}}`,
			func(b bots.Event) bool { return b.Thread == "$root" && b.ReplyTo == "" },
		},
		"an answer within a thread": {
			`{"msgtype":"m.text","body":"gut","m.relates_to":{"rel_type":"m.thread","event_id":"$root","m.in_reply_to":{"event_id":"$last"}}}`,
			func(b bots.Event) bool { return b.Thread == "$root" && b.ReplyTo == "$last" },
		},
		"an edit": {
			`{"msgtype":"m.text","body":"* neu","m.new_content":{"msgtype":"m.text","body":"neu"},"m.relates_to":{"rel_type":"m.replace","event_id":"$o"}}`,
			func(b bots.Event) bool { return b.Kind == bots.Edited && b.Target == "$o" && b.Body == "neu" },
		},
	} {
		e := envelope{ID: "$e", Type: typeMessage, Room: "!r:x", Sender: "@a:x", Content: json.RawMessage(c.content)}
		b, ok, err := e.asBotEvent(time.Now())
		if !ok || err != nil || !c.check(b) {
			t.Errorf("%s: got %+v, %v, %v", name, b, ok, err)
		}
	}
}

// A redaction names its target at the top level or, since room version 11, in
// its content.
func TestWhatARedactionTakesAway(t *testing.T) {
	t.Parallel()
	for _, fields := range []string{`"redacts":"$o","content":{}`, `"content":{"redacts":"$o"}`} {
		e, err := parseEnvelope(json.RawMessage(`{"type":"m.room.redaction","event_id":"$e","room_id":"!r:x","sender":"@a:x",` + fields + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if b, ok, _ := e.asBotEvent(time.Now()); !ok || b.Kind != bots.Took || b.Target != "$o" {
			t.Errorf("%s: got %+v, %v", fields, b, ok)
		}
	}
}

func FuzzEvent(f *testing.F) {
	f.Add(`{"type":"m.room.message","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"msgtype":"m.text","body":"!hilfe"}}`)
	f.Add(`{"type":"m.reaction","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"m.relates_to":{"rel_type":"m.annotation","event_id":"$o","key":"📌"}}}`)
	f.Add(`{"type":"m.room.member","state_key":"@b:x","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"membership":"ban"}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		if !isTransaction([]byte(`{"events":[` + raw + `]}`)) {
			return // the intake refuses the whole body
		}
		e, err := parseEnvelope(json.RawMessage(raw))
		if err != nil || !e.complete() {
			return
		}
		b, ok, err := e.asBotEvent(time.Now())
		if ok && err != nil {
			t.Errorf("taken with an error: %v", err)
		}
		if ok && (b.ID != e.ID || b.Sender != e.Sender) {
			t.Error("an event speaks for another")
		}
		_ = e.isTalk()
		_ = fetchedMessage(e)
	})
}

// A command may stand behind any blank that a keyboard makes.
func TestCommandBehindBlanks(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"!hilfe", "  !hilfe", "\u00a0!hilfe", "\u2003\n!hilfe"} {
		e := envelope{Type: typeMessage, Content: rawJSON(map[string]any{"msgtype": "m.text", "body": body})}
		if e.isTalk() || !mayMatter(bots.Event{Kind: bots.Said, Body: body}) {
			t.Errorf("%q is taken for talk", body)
		}
	}
}
