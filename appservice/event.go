package appservice

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/workspace"
)

// envelope is the part of an event that everything else depends on. Only what
// is needed is decoded, and each field where it is needed, so that a neighbour
// who puts nonsense into the others spoils nothing.
type envelope struct {
	ID       id.EventID
	Type     string
	Room     id.RoomID
	Sender   id.UserID
	StateKey *string
	Content  json.RawMessage
	Redacts  id.EventID // at the top level, where it is until room version 10
	Unsigned json.RawMessage
	// Absent is set where state was asked for and there is none.
	Absent bool
}

var errEnvelope = errors.New("event has no usable envelope")

const (
	maxEventSize = 1 << 20 // homeservers allow 64 KiB; this is for their own additions
	maxID        = 255     // bytes of an event's, a room's or a user's ID
)

// parseEnvelope reads an event. raw must be valid JSON, which the intake has
// made sure of for the whole delivery; it is not checked again for each event.
func parseEnvelope(raw json.RawMessage) (envelope, error) {
	var e envelope
	event := gjson.ParseBytes(raw)
	if len(raw) > maxEventSize || !event.IsObject() {
		return e, errEnvelope
	}
	good := true
	text := func(v gjson.Result, into *string) {
		if v.Type != gjson.String {
			good = false
			return
		}
		*into = v.Str
	}
	event.ForEach(func(key, v gjson.Result) bool {
		switch key.Str {
		case "event_id":
			text(v, (*string)(&e.ID))
		case "type":
			text(v, &e.Type)
		case "room_id":
			text(v, (*string)(&e.Room))
		case "sender":
			text(v, (*string)(&e.Sender))
		case "state_key":
			if v.Type != gjson.Null {
				e.StateKey = new(string)
				text(v, e.StateKey)
			}
		case "content":
			good = good && v.IsObject()
			e.Content = json.RawMessage(v.Raw)
		case "redacts": // judged where it matters
			e.Redacts = id.EventID(v.Str)
		case "unsigned": // read only of a message that was asked for
			e.Unsigned = json.RawMessage(v.Raw)
		}
		return good
	})
	if !good || e.Type == "" || len(e.ID) > maxID || len(e.Room) > maxID || len(e.Sender) > maxID {
		return envelope{ID: e.ID, Room: e.Room}, errEnvelope
	}
	return e, nil
}

// complete reports whether an event of the timeline says who sent what where.
func (e envelope) complete() bool {
	return strings.HasPrefix(string(e.ID), "$") && plain(string(e.ID)) && strings.HasPrefix(string(e.Room), "!") && plain(string(e.Room)) &&
		isUser(string(e.Sender))
}

// isUser reports whether a text has the outermost form of a user ID.
func isUser(text string) bool {
	return strings.HasPrefix(text, "@") && strings.Contains(text, ":") && len(text) <= maxID && plain(text)
}

// plain reports whether an ID can be kept and logged as it is.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < 0x20 || text[i] == 0x7f {
			return false
		}
	}
	return utf8.ValidString(text)
}

// Event types that are read beside those of the bots.
const (
	typeMessage    = "m.room.message"
	typeReaction   = "m.reaction"
	typeRedaction  = "m.room.redaction"
	typeMember     = "m.room.member"
	typePower      = "m.room.power_levels"
	typeCreate     = "m.room.create"
	typeName       = "m.room.name"
	typeEncryption = "m.room.encryption"
	typeTombstone  = "m.room.tombstone"
	typeACL        = "m.room.server_acl"
	typeRetention  = "m.room.retention" // MSC1763
	typeWidget     = "im.vector.modular.widgets"
	typeLayout     = "io.element.widgets.layout"
)

// isRoomState reports whether the event is state that a Room shows. Under another
// key than its own a type of state means nothing.
func (e envelope) isRoomState() bool {
	if e.StateKey == nil {
		return false
	}
	switch e.Type {
	case typeMember:
		return true
	case typePower, typeCreate, typeName, typeEncryption, typeTombstone, typeACL, typeRetention:
		return *e.StateKey == ""
	}
	return false
}

// takesAway reports whether an event takes somebody's right to look on, or the
// bot's to write in plain text.
func (e envelope) takesAway() bool {
	if e.StateKey == nil {
		return false
	}
	switch e.Type {
	case typeMember:
		m := gjson.GetBytes(e.Content, "membership").Str
		return m != "" && m != string(workspace.Joined)
	case typeEncryption:
		return *e.StateKey == "" && len(e.Content) > len("{}")
	case typePower, typeACL:
		return *e.StateKey == ""
	}
	return false
}

// messageContent is what is read of m.room.message and m.reaction.
type messageContent struct {
	MsgType  string `json:"msgtype"`
	Body     string `json:"body"`
	HTML     string `json:"formatted_body"`
	Mentions struct {
		Users []id.UserID `json:"user_ids"`
	} `json:"m.mentions"`
	Relates struct {
		Type    string     `json:"rel_type"`
		Event   id.EventID `json:"event_id"`
		Key     string     `json:"key"`
		ReplyTo struct {
			Event id.EventID `json:"event_id"`
		} `json:"m.in_reply_to"`
		Falling bool `json:"is_falling_back"`
	} `json:"m.relates_to"`
	New *struct {
		MsgType string `json:"msgtype"`
		Body    string `json:"body"`
	} `json:"m.new_content"`
}

const maxMentions = 100

// asBotEvent decodes what bots listen to; ok is false for everything else.
func (e envelope) asBotEvent(received time.Time) (b bots.Event, ok bool, err error) {
	if e.StateKey != nil {
		return b, false, nil
	}
	b = bots.Event{ID: e.ID, Sender: e.Sender, At: received}
	switch e.Type {
	case typeMessage, typeReaction:
	case typeRedaction:
		b.Kind, b.Target = bots.Took, e.redacts()
		return b, b.Target != "", nil
	default:
		return b, false, nil
	}
	var c messageContent
	if err := json.Unmarshal(e.Content, &c); err != nil {
		return b, false, errors.New("content has the wrong shape")
	}
	if e.Type == typeReaction {
		b.Kind, b.Target, b.Key = bots.Reacted, c.Relates.Event, c.Relates.Key
		return b, c.Relates.Type == "m.annotation" && b.Target != "" && len(b.Key) <= 64, nil
	}
	if len(c.Mentions.Users) > maxMentions {
		c.Mentions.Users = c.Mentions.Users[:maxMentions]
	}
	b.Kind, b.Body, b.HTML, b.Mentions = bots.Said, c.Body, c.HTML, c.Mentions.Users
	switch c.Relates.Type {
	case "m.replace":
		if c.New == nil || c.Relates.Event == "" {
			return b, false, nil
		}
		b.Kind, b.Target, b.Body, b.HTML, c.MsgType = bots.Edited, c.Relates.Event, c.New.Body, "", c.New.MsgType
	case "m.thread":
		b.Thread = c.Relates.Event
	}
	if b.Thread == "" || !c.Relates.Falling {
		b.ReplyTo = c.Relates.ReplyTo.Event
	}
	if b.ReplyTo != "" {
		b.Body = withoutFallback(b.Body)
	}
	if kind, carries := fileTypes[c.MsgType]; carries && b.Kind == bots.Said {
		b.Kind, b.File, b.Body = bots.Posted, postedFile(e.Content, kind), captionOf(e.Content)
		return b, b.Thread != "", nil
	}
	return b, c.MsgType == "m.text" || c.MsgType == "m.emote", nil
}

// relation is what the content says of the message that it belongs to.
func (e envelope) relation() (r relation) {
	_ = json.Unmarshal([]byte(gjson.GetBytes(e.Content, `m\.relates_to`).Raw), &r) // what does not fit is absent
	return r
}

// isTalk reports, without decoding the whole content, that a message is
// neither a command nor related to another message. Most are.
func (e envelope) isTalk() bool {
	content := gjson.ParseBytes(e.Content)
	body := content.Get("body")
	return body.Type == gjson.String && !isCommand(body.Str) && !content.Get(`m\.relates_to.rel_type`).Exists()
}

func isCommand(body string) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(body, unicode.IsSpace), "!") || strings.HasPrefix(body, ">")
}

// redacted reports whether the homeserver shows the event as one that was taken away:
// of a message's content nothing is left (client-server API, redactions).
func (e envelope) redacted() bool {
	return gjson.GetBytes(e.Unsigned, "redacted_because").Exists() || len(gjson.ParseBytes(e.Content).Map()) == 0
}

// redacts is the event that a redaction takes away; its place depends on the
// room version.
func (e envelope) redacts() id.EventID {
	if e.Redacts != "" {
		return e.Redacts
	}
	return id.EventID(gjson.GetBytes(e.Content, "redacts").Str)
}

// withoutFallback takes away the quotation that older clients put in front of
// an answer (client-server API, rich replies).
func withoutFallback(body string) string {
	if !strings.HasPrefix(body, "> <") && !strings.HasPrefix(body, "> * <") {
		return body
	}
	for strings.HasPrefix(body, ">") {
		_, rest, found := strings.Cut(body, "\n")
		if !found {
			return ""
		}
		body = rest
	}
	return strings.TrimPrefix(body, "\n")
}

// mayMatter reports whether a bot could do anything with the event. It keeps
// ordinary conversation from costing more than its decoding.
func mayMatter(b bots.Event) bool {
	if b.Kind != bots.Said || b.Thread != "" {
		return true
	}
	return strings.HasPrefix(strings.TrimLeftFunc(b.Body, unicode.IsSpace), "!")
}
