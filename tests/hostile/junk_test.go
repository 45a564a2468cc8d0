package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"
)

// generator makes events as a hostile server of the federation might have them passed on.
// The same seed makes the same events.
type generator struct {
	*rand.Rand
	room   id.RoomID
	people []id.UserID // who may not do anything there
	others []id.UserID // in whose name they speak, or whom they name
	bot    id.UserID
	known  []string // events that were sent before
	count  int
}

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// value is anything that may stand where something else is expected.
func (g *generator) value(depth int) any {
	switch g.IntN(16) {
	case 0:
		return nil
	case 1:
		return g.IntN(2) == 0
	case 2:
		return g.Int64() - g.Int64()
	case 3:
		return json.RawMessage("1e999")
	case 4:
		return json.RawMessage("-0.000000000000000000001")
	case 5:
		return strings.Repeat("x", g.IntN(70_000))
	case 6:
		return json.RawMessage(`"\ud800\u0000\ufffe"`)
	case 7:
		return "\u202e<script>alert(1)</script>\x1b[31m\u2028"
	case 8:
		return json.RawMessage(strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)) // deeper than encoding/json goes
	case 9:
		return json.RawMessage(strings.Repeat(`{"a":`, 9_000) + "1" + strings.Repeat("}", 9_000))
	case 10:
		return string(pick(g, g.others))
	case 11:
		return "$" + strings.Repeat("e", g.IntN(400))
	case 12:
		if depth > 3 {
			return []any{}
		}
		list := make([]any, g.IntN(4))
		for i := range list {
			list[i] = g.value(depth + 1)
		}
		return list
	case 13:
		return "!karte neu Von niemandem"
	case 14:
		return json.RawMessage(`{"__proto__":{"x":1},"":"","a":1,"a":2}`)
	}
	if depth > 3 {
		return object{}
	}
	return object{"x": g.value(depth + 1), "m.relates_to": g.value(depth + 1), "body": g.value(depth + 1)}
}

var commands = []string{
	"!karte neu Eingeschlichen", "!karte löschen 1", "!karte ändern 1 Übernommen", "!spalte entfernen Offen", "!undo", "!sprache en", "!karte liste",
	"!karte neu @anna fällig morgen #x", "!karte " + "1 2 3 4 5 6 7 8 9", "!link", "!hilfe", "!", "!!", "! karte neu x", "> <@anna:eigen.example> !karte neu x\n\n!karte neu y",
}

// content is a content that could mean something.
func (g *generator) content() (kind string, key *string, content any) {
	text := func(s string) *string { return &s }
	target := "$none"
	if len(g.known) > 0 {
		target = pick(g, g.known)
	}
	switch g.IntN(16) {
	case 0, 1, 2:
		return "m.room.message", nil, object{"msgtype": "m.text", "body": pick(g, commands)}
	case 3:
		return "m.room.message", nil, object{"msgtype": "m.text", "body": "!karte neu " + strings.Repeat("Ä", g.IntN(30_000))}
	case 4:
		return "m.reaction", nil, object{"m.relates_to": object{"rel_type": "m.annotation", "event_id": target, "key": pick(g, []string{"📌", "✅", "x", strings.Repeat("📌", 50)})}}
	case 5:
		return "m.room.redaction", nil, object{"redacts": target}
	case 6:
		return "m.room.message", nil, object{"msgtype": "m.text", "body": "* !karte neu x", "m.new_content": object{"msgtype": "m.text", "body": "!karte neu x"},
			"m.relates_to": object{"rel_type": "m.replace", "event_id": target}}
	case 7:
		return "m.room.message", nil, object{"msgtype": "m.text", "body": pick(g, commands), "m.relates_to": object{"rel_type": "m.thread", "event_id": target}}
	case 8: // a change as another Werkraum would publish it
		return "de.werkraum.change", nil, object{"version": 1, "changes": []any{object{"id": "forged", "by": pick(g, g.others), "at": "ffffffffffff0000-x", "ops": []any{
			object{"item": "open", "kind": "column", "set": object{"title": "Gefälscht"}}}}}}
	case 9: // it takes power that the room's state does not give
		users := object{}
		for _, user := range g.people {
			users[string(user)] = 100
		}
		return "m.room.power_levels", text(""), object{"users": users, "events": object{"de.werkraum.change": 0}, "state_default": 0, "redact": 0}
	case 10:
		// Not the bot's own membership: that the homeserver knows for itself.
		return "m.room.member", text(string(pick(g, append([]id.UserID{anna}, g.people...)))), object{"membership": pick(g, []string{"leave", "ban", "join", "invite", "x"}), "displayname": g.value(0)}
	case 11:
		return "m.room.server_acl", text(""), object{"allow": []string{"evil.example"}, "deny": []string{"*"}}
	case 12:
		return "m.room.name", text(""), object{"name": g.value(0)}
	case 14: // what nobody can decrypt
		return "m.room.encrypted", nil, object{"algorithm": pick(g, []any{"m.megolm.v1.aes-sha2", "m.olm.v1.curve25519-aes-sha2", "x", g.value(0)}),
			"session_id": fmt.Sprintf("session%d", g.IntN(1000)), "sender_key": "k", "device_id": "D", "ciphertext": g.value(0)}
	case 13:
		return "m.room.create", text(""), object{"room_version": "12", "additional_creators": g.people, "predecessor": object{"room_id": "!gut:eigen.example"}}
	}
	return "m.room.message", nil, g.value(0)
}

// mayAct reports whether a value names somebody who may do something in the room.
func (g *generator) mayAct(value any) bool {
	text, is := value.(string)
	return is && slices.Contains(g.others, id.UserID(text)) && !slices.Contains(g.people, id.UserID(text))
}

// event is one event, raw.
func (g *generator) event() []byte {
	g.count++
	kind, key, content := g.content()
	name := fmt.Sprintf("$junk%d", g.count)
	if len(g.known) > 0 && g.IntN(10) == 0 {
		name = pick(g, g.known) // the same event again, saying something else
	}
	g.known = append(g.known, name)
	if len(g.known) > 500 {
		g.known = g.known[100:]
	}
	e := object{"event_id": name, "type": kind, "room_id": g.room, "sender": pick(g, g.people), "content": content, "origin_server_ts": g.Int64()}
	if key != nil {
		e["state_key"] = *key
	}
	switch g.IntN(12) {
	case 0:
		e["unsigned"] = object{"m.relations": object{"m.replace": object{"event_id": name, "sender": pick(g, g.others), "type": kind, "content": content}}, "age": g.value(0)}
	case 1:
		field, value := pick(g, []string{"event_id", "type", "room_id", "sender", "state_key", "content", "redacts", "unsigned"}), g.value(0)
		if field == "sender" && g.mayAct(value) {
			value = nil // who says what, every homeserver makes sure of; nobody can speak for people of another
		}
		e[field] = value
	case 2:
		delete(e, pick(g, []string{"event_id", "type", "room_id", "sender", "content"}))
	case 3:
		e["room_id"] = pick(g, []any{"!gar nicht", "!" + strings.Repeat("r", 300), "!fremd:evil.example", "", "!a\x00b:evil.example"})
	case 4:
		e["sender"] = pick(g, []any{"@x", "@" + strings.Repeat("u", 300) + ":evil.example", "evil.example", "@\x00:evil.example", "@x:"})
	}
	raw := encode(e)
	switch g.IntN(40) {
	case 0: // no object at all
		return []byte(pick(g, []string{"7", `"x"`, "null", "[]", "{}", "true"}))
	case 1: // a field twice; the last one counts, for every JSON library that homeservers use
		if _, says := e["sender"].(id.UserID); !says {
			break
		}
		return append([]byte(`{"sender":"@anna:eigen.example","content":{"msgtype":"m.text","body":"!karte neu Doppelt"},`), raw[1:]...)
	}
	return raw
}

// toDevice is what a transaction may hold besides events (MSC2409, MSC3202).
func (g *generator) toDevice() []byte {
	var list [][]byte
	for range 5 {
		list = append(list, encode(object{"type": pick(g, []string{"m.room.encrypted", "m.room_key", "m.forwarded_room_key", "m.secret.send", "m.dummy"}), "sender": pick(g, g.others),
			"to_user_id": g.bot, "to_device_id": pick(g, []any{"WERKRAUM", "*", g.value(0)}), "content": g.value(0)}))
	}
	return fmt.Appendf(nil, `"de.sorunome.msc2409.to_device":[%s],"de.sorunome.msc3202.device_lists":%s,"org.matrix.msc3202.device_one_time_keys_count":%s`,
		bytes.Join(list, []byte(",")), encode(g.value(0)), encode(g.value(0)))
}

// encode encodes what encoding/json will not: a part may be nested deeper than it goes.
func encode(v any) []byte {
	switch v := v.(type) {
	case object:
		out := []byte("{")
		for name, value := range v {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(append(append(out, encode(name)...), ':'), encode(value)...)
		}
		return append(out, '}')
	case []any:
		out := []byte("[")
		for i, value := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, encode(value)...)
		}
		return append(out, ']')
	case json.RawMessage:
		return v
	}
	out, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return out
}
