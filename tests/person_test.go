package tests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/tests/page"
)

// person is somebody with an account and a Matrix client.
type person struct {
	*homeserver.Account
	t     *testing.T
	heard *homeserver.Listener
	// direct is the chat with the bot, links are the private links found there.
	direct id.RoomID
	links  []string
	// sealed is the person's device, with which they write and read in encrypted rooms; nil
	// for a client that cannot.
	sealed *sealed
	// known is what timeline has ever shown of a room.
	known map[id.RoomID][]*event.Event
}

var persons atomic.Int64

// person makes somebody with an account of their own at a homeserver.
func newPerson(t *testing.T, server *homeserver.Server, name string) *person {
	t.Helper()
	account, err := server.CreateUser(t.Context(), fmt.Sprintf("%s%d", strings.ToLower(name), persons.Add(1)), "werkraum-test", name)
	if err != nil {
		t.Fatal(err)
	}
	p := &person{Account: account, t: t}
	if p.heard, err = account.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// message is an event of the room's conversation, decoded as far as tests look.
type message struct {
	ID       id.EventID
	Sender   id.UserID
	MsgType  string `json:"msgtype"`
	Body     string `json:"body"`
	HTML     string `json:"formatted_body"`
	Mentions *struct {
		Users []id.UserID `json:"user_ids"`
		Room  bool        `json:"room"`
	} `json:"m.mentions"`
	Relates struct {
		Type    string     `json:"rel_type"`
		Event   id.EventID `json:"event_id"`
		ReplyTo struct {
			Event id.EventID `json:"event_id"`
		} `json:"m.in_reply_to"`
	} `json:"m.relates_to"`
	New struct {
		Body string `json:"body"`
	} `json:"m.new_content"`
}

func read(e *event.Event) message {
	m := message{}
	_ = json.Unmarshal(e.Content.VeryRaw, &m) // what does not fit is absent
	m.ID, m.Sender = e.ID, e.Sender
	return m
}

// answers reports whether the message is what the bot says to something that p sees.
func (m message) answers(p *person, to id.EventID) bool {
	return m.Sender != p.UserID && m.MsgType == "m.notice" && m.Relates.ReplyTo.Event == to
}

// cannotRead reports whether the message says that the bot lacks the key to another one. That
// may come first on a busy machine: the answer follows with the key.
func (m message) cannotRead() bool {
	return m.MsgType == "m.notice" && strings.HasPrefix(m.Body, "Diese Nachricht kann ich noch nicht lesen")
}

// await waits for an event that the person sees; what names it in the failure.
func (p *person) await(room id.RoomID, what string, match func(*event.Event) bool) *event.Event {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	e, err := p.heard.Await(ctx, room, match)
	if err != nil {
		p.t.Fatalf("%s waits for %s: %v", p.DisplayName, what, err)
	}
	return e
}

// hears waits for a message.
func (p *person) hears(room id.RoomID, what string, match func(message) bool) message {
	p.t.Helper()
	return read(p.await(room, what, func(e *event.Event) bool { return e.Type == event.EventMessage && match(read(e)) }))
}

// post sends an event. One that relates to another may have to wait until that has come from
// the other server: people answer only what they see.
func (p *person) post(room id.RoomID, kind string, content any) (sent id.EventID) {
	p.t.Helper()
	if p.sealed != nil && kind != "m.reaction" { // which Matrix does not encrypt
		kind, content = p.sealed.encrypt(room, kind, content)
	}
	until(p.t, "sending "+kind, func() error {
		resp, err := p.Client.SendMessageEvent(p.t.Context(), room, event.Type{Type: kind, Class: event.MessageEventType}, content)
		if err == nil {
			sent = resp.EventID
		} else if !strings.Contains(err.Error(), "unknown event") {
			p.t.Fatalf("%s sends %s: %v", p.DisplayName, kind, err)
		}
		return err
	})
	return sent
}

type object = map[string]any

// say types a message.
func (p *person) say(room id.RoomID, text string) id.EventID {
	p.t.Helper()
	return p.post(room, "m.room.message", object{"msgtype": "m.text", "body": text})
}

// sayIn types a message in a thread.
func (p *person) sayIn(room id.RoomID, root id.EventID, text string) id.EventID {
	p.t.Helper()
	return p.post(room, "m.room.message", object{"msgtype": "m.text", "body": text, "m.relates_to": object{
		"rel_type": "m.thread", "event_id": root, "is_falling_back": true, "m.in_reply_to": object{"event_id": root},
	}})
}

// edit corrects a message.
func (p *person) edit(room id.RoomID, target id.EventID, text string) id.EventID {
	p.t.Helper()
	return p.post(room, "m.room.message", object{"msgtype": "m.text", "body": "* " + text,
		"m.new_content": object{"msgtype": "m.text", "body": text}, "m.relates_to": object{"rel_type": "m.replace", "event_id": target}})
}

// react reacts to a message.
func (p *person) react(room id.RoomID, target id.EventID, key string) id.EventID {
	p.t.Helper()
	return p.post(room, "m.reaction", object{"m.relates_to": object{"rel_type": "m.annotation", "event_id": target, "key": key}})
}

// redact takes a message away.
func (p *person) redact(room id.RoomID, target id.EventID) {
	p.t.Helper()
	if _, err := p.Client.RedactEvent(p.t.Context(), room, target); err != nil {
		p.t.Fatal(err)
	}
}

// answer waits for the bot's answer to a message.
func (p *person) answer(room id.RoomID, to id.EventID) message {
	p.t.Helper()
	return p.hears(room, "the answer to "+to.String(), func(m message) bool {
		return m.answers(p, to) && !m.cannotRead()
	})
}

// cannotBeRead waits until the bot tells the author of an event that it lacks the key to it.
func (p *person) cannotBeRead(room id.RoomID, to id.EventID) {
	p.t.Helper()
	p.hears(room, "being told that "+to.String()+" cannot be read", func(m message) bool {
		return m.answers(p, to) && m.cannotRead()
	})
}

// toldCannotRead counts how often the author was told that the bot lacks a key. On a busy
// machine somebody else's key may be late as well.
func (p *person) toldCannotRead(room id.RoomID, author id.UserID) (told int) {
	p.t.Helper()
	by, events := map[id.EventID]id.UserID{}, p.timeline(room)
	for _, e := range events {
		by[e.ID] = e.Sender
	}
	for _, e := range events {
		if m := read(e); m.cannotRead() && by[m.Relates.ReplyTo.Event] == author {
			told++
		}
	}
	return told
}

// ask types a command and returns the answer.
func (p *person) ask(room id.RoomID, command string) message {
	p.t.Helper()
	return p.answer(room, p.say(room, command))
}

// join accepts an invite. One from another server may still be on its way, and a homeserver
// may refuse for a moment after it came.
func (p *person) join(room id.RoomID, via string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	if _, err := p.heard.AwaitInvite(ctx, func(r id.RoomID) bool { return r == room }); err != nil {
		p.t.Fatal(err)
	}
	until(p.t, "joining", func() error {
		_, err := p.Client.JoinRoom(ctx, room.String(), &mautrix.ReqJoinRoom{Via: []string{via}})
		return err
	})
}

// setState sets a state event and fails the test if that is refused.
func (p *person) setState(room id.RoomID, kind, key string, content any) {
	p.t.Helper()
	_, err := p.Client.SendStateEvent(p.t.Context(), room, event.Type{Type: kind, Class: event.StateEventType}, key, content)
	if err != nil {
		p.t.Fatalf("%s sets %s: %v", p.DisplayName, kind, err)
	}
}

// power gives people power levels; the others keep theirs.
func (p *person) power(room id.RoomID, change func(levels object)) {
	p.t.Helper()
	levels := object{}
	p.state(room, "m.room.power_levels", "", &levels)
	change(levels)
	p.setState(room, "m.room.power_levels", "", levels)
}

// state reads a state event; false if there is none.
func (p *person) state(room id.RoomID, kind, key string, into any) bool {
	p.t.Helper()
	_, err := p.Client.MakeRequest(p.t.Context(), http.MethodGet, p.Client.BuildClientURL("v3", "rooms", room, "state", kind, key), nil, into)
	if errors.Is(err, mautrix.MNotFound) {
		return false
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return true
}

// timeline reads all events of a room, oldest first, each once.
//
// Dendrite, paging back, leaves events out between two pages and shows others twice. So it is
// read twice with pages of different size; what only the second reading shows, or an earlier
// one showed, comes last.
func (p *person) timeline(room id.RoomID) []*event.Event {
	p.t.Helper()
	seen := map[id.EventID]bool{}
	var list []*event.Event
	add := func(events iter.Seq2[int, *event.Event]) {
		for _, e := range events {
			if !seen[e.ID] {
				seen[e.ID] = true
				list = append(list, e)
			}
		}
	}
	for _, size := range []int{500, 83} {
		add(slices.Backward(p.pages(room, size)))
	}
	add(slices.All(p.known[room]))
	if p.known == nil {
		p.known = map[id.RoomID][]*event.Event{}
	}
	p.known[room] = list
	return list
}

// pages reads all events of a room, newest first.
func (p *person) pages(room id.RoomID, size int) (newestFirst []*event.Event) {
	p.t.Helper()
	if p.sealed != nil { // keys come by sync
		if err := p.heard.CatchUp(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
	}
	for from := ""; ; {
		chunk, err := p.Client.Messages(p.t.Context(), room, from, "", mautrix.DirectionBackward, nil, size)
		if err != nil {
			p.t.Fatal(err)
		}
		if p.sealed != nil {
			p.sealed.read(p.t.Context(), room, chunk.Chunk)
		}
		newestFirst = append(newestFirst, chunk.Chunk...)
		if chunk.End == "" || len(chunk.Chunk) == 0 {
			return newestFirst
		}
		from = chunk.End
	}
}

// said returns the messages of somebody in a room, oldest first.
func (p *person) said(room id.RoomID, who id.UserID) []message {
	p.t.Helper()
	var list []message
	for _, e := range p.timeline(room) {
		if e.Type.Type == "m.room.message" && e.Sender == who {
			list = append(list, read(e))
		}
	}
	return list
}

// openID asks the person's homeserver for a token, as Element does for a widget.
func (p *person) openID() page.OpenID {
	p.t.Helper()
	var token page.OpenID
	_, err := p.Client.MakeRequest(p.t.Context(), http.MethodPost,
		p.Client.BuildClientURL("v3", "user", p.UserID, "openid", "request_token"), struct{}{}, &token)
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// signIn signs the person in to the page of a room, as Element does.
func (p *person) signIn(h *house, room id.RoomID) page.Session {
	p.t.Helper()
	session, err := page.SignInOpenID(p.t.Context(), h.URL, room, p.openID())
	if err != nil {
		p.t.Fatalf("%s signs in: %v", p.DisplayName, err)
	}
	return session
}
