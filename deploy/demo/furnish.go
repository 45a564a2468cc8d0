package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
)

const (
	// answerIn is how long the bot may take to answer, on a busy machine.
	answerIn = 2 * time.Minute
	// moderator is the power that the bot gets, as its own message asks for.
	moderator = 50
	// widgetType is the state event by which Element shows a widget.
	widgetType = "im.vector.modular.widgets"
)

// furnish makes the example room and has people fill it.
func furnish(ctx context.Context, w *world, people people, state *state) error {
	done := w.out.step("example room")
	teller := &teller{world: w, people: people, cards: map[string]id.EventID{}}
	var err error
	if teller.atAmt, err = people[anna].Listen(ctx); err != nil {
		return err
	}
	if teller.atPartner, err = people[mia].Listen(ctx); err != nil {
		return err
	}
	if err := teller.open(ctx); err != nil {
		return err
	}
	done()
	teller.latest = "" // Mia has joined after all of that
	done = w.out.step("cards and conversation")
	for n, beat := range story {
		w.out.progress(fmt.Sprintf("cards and conversation: %d of %d", n+1, len(story)))
		if err := teller.tell(ctx, beat); err != nil {
			return fmt.Errorf("furnish the room, %s at %q: %w", beat.who, beat.text, err)
		}
	}
	done()
	state.RoomID = teller.room
	state.Complete = true
	return state.save()
}

// teller plays the story in the room.
type teller struct {
	world  *world
	people people
	// What is seen at the two homeservers, by Anna and Mia.
	atAmt, atPartner *homeserver.Listener
	room             id.RoomID
	latest           id.EventID            // what was said last, by a person or the bot
	lastMessage      id.EventID            // the last message of a person
	cards            map[string]id.EventID // card messages by card number
}

// open makes the room, with everybody in it and the bot at work.
//
// Mia is invited when the others are in: a Dendrite that joins while somebody joins at the
// other end may miss that one, and then refuses all that they say.
func (t *teller) open(ctx context.Context) error {
	bot := t.world.bot()
	founder, clerk, guest := t.people[anna], t.people[jonas], t.people[mia]
	created, err := founder.Client.CreateRoom(ctx, &mautrix.ReqCreateRoom{
		Preset: "private_chat",
		Name:   roomName,
		Topic:  roomTopic,
		Invite: []id.UserID{clerk.UserID, bot},
		PowerLevelOverride: &event.PowerLevelsEventContent{
			Users: map[id.UserID]int{founder.UserID: 100, clerk.UserID: moderator, bot: moderator},
		},
	})
	if err != nil {
		return fmt.Errorf("make room: %w", err)
	}
	t.room = created.RoomID
	if err := t.join(ctx, clerk); err != nil {
		return err
	}
	if err := t.awaitArrival(ctx, bot); err != nil {
		return err
	}
	if err := t.await(ctx, "the board's widget", func(e *event.Event) bool {
		return e.Type.Type == widgetType && e.Sender == bot
	}); err != nil {
		return err
	}
	if _, err := founder.Client.InviteUser(ctx, t.room, &mautrix.ReqInviteUser{UserID: guest.UserID}); err != nil {
		return fmt.Errorf("invite %s: %w", guest.UserID, err)
	}
	return t.join(ctx, guest)
}

// awaitArrival waits until an account is a member of the room.
func (t *teller) awaitArrival(ctx context.Context, member id.UserID) error {
	return t.await(ctx, "the arrival of "+member.String(), func(e *event.Event) bool {
		return e.Type == event.StateMember && e.GetStateKey() == member.String() &&
			e.Content.AsMember().Membership == event.MembershipJoin
	})
}

// failedInside tells whether the homeserver could not do what it was asked for, as Dendrite
// cannot join a room at another server in the moment in which something is sent there.
func failedInside(err error) bool {
	httpErr, ok := errors.AsType[mautrix.HTTPError](err)
	return ok && httpErr.Response != nil && httpErr.Response.StatusCode >= http.StatusInternalServerError
}

// join has an account join the room that it was invited to. An invitation from another
// server may still be on its way, and Dendrite refuses to join for a moment after it came:
// the listener waits for the first, and the second is tried again.
func (t *teller) join(ctx context.Context, account *homeserver.Account) error {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	heard, err := account.Listen(ctx)
	if err != nil {
		return err
	}
	if _, err := heard.AwaitInvite(ctx, func(r id.RoomID) bool { return r == t.room }); err != nil {
		return err
	}
	retry := time.NewTicker(100 * time.Millisecond)
	defer retry.Stop()
	for {
		_, err := account.Client.JoinRoom(ctx, t.room.String(), &mautrix.ReqJoinRoom{Via: []string{t.world.amt.ServerName}})
		if err == nil {
			return t.awaitArrival(ctx, account.UserID)
		}
		if !errors.Is(err, mautrix.MForbidden) && !failedInside(err) {
			return fmt.Errorf("join room as %s: %w", account.UserID, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("join room as %s: %w", account.UserID, err)
		case <-retry.C:
		}
	}
}

// tell plays one beat and waits until it has had its effect.
func (t *teller) tell(ctx context.Context, b beat) error {
	actor := t.people[b.who]
	guest := actor.UserID.Homeserver() != t.world.amt.ServerName
	if guest {
		if err := t.catchUp(ctx); err != nil {
			return err
		}
	}
	switch {
	case b.pin:
		if err := t.react(ctx, actor, t.lastMessage, "📌"); err != nil {
			return err
		}
		return t.await(ctx, "the card", t.takeCard)
	case b.tick != "":
		// The bot says nothing to that, it edits the card's message some time later. It handles
		// a room's events in order, so its next answer tells that the card is done.
		return t.react(ctx, actor, t.cards[b.tick], "✅")
	}
	sent, err := t.say(ctx, actor, dated(b.text, time.Now()), t.cards[b.comment])
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(b.text, "!"):
		return t.await(ctx, "the bot's answer", func(e *event.Event) bool {
			return t.takeCard(e) || t.speaksOf(e, sent)
		})
	case guest: // what comes next must not overtake it on its way from the other server
		err = t.await(ctx, "the message to arrive", func(e *event.Event) bool { return e.ID == sent })
	}
	t.latest = sent
	if b.comment == "" {
		t.lastMessage = sent
	}
	return err
}

// catchUp waits until the partner's homeserver has what was said last: people answer what
// they have read, and a room's order is that of what each message comes after.
func (t *teller) catchUp(ctx context.Context) error {
	if t.latest == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	if _, err := t.atPartner.Await(ctx, t.room, func(e *event.Event) bool { return e.ID == t.latest }); err != nil {
		return fmt.Errorf("wait for the partner's homeserver: %w", err)
	}
	return nil
}

// say sends a message, into a thread when it has a root.
func (t *teller) say(ctx context.Context, actor *homeserver.Account, text string, thread id.EventID) (id.EventID, error) {
	content := &event.MessageEventContent{MsgType: event.MsgText, Body: text}
	if thread != "" {
		content.RelatesTo = (&event.RelatesTo{}).SetThread(thread, thread)
	}
	sent, err := actor.Client.SendMessageEvent(ctx, t.room, event.EventMessage, content)
	if err != nil {
		return "", fmt.Errorf("send message: %w", err)
	}
	return sent.EventID, nil
}

// react reacts to a message.
func (t *teller) react(ctx context.Context, actor *homeserver.Account, target id.EventID, key string) error {
	if _, err := actor.Client.SendReaction(ctx, t.room, target, key); err != nil {
		return fmt.Errorf("react: %w", err)
	}
	return nil
}

// cardHeading is how the message of a card begins.
var cardHeading = regexp.MustCompile(`^📋 #(\S+) `)

// takeCard recognises the message of a card that is not known yet, and keeps it.
func (t *teller) takeCard(e *event.Event) bool {
	if e.Sender != t.world.bot() || e.Type != event.EventMessage {
		return false
	}
	content := e.Content.AsMessage()
	heading := cardHeading.FindStringSubmatch(content.Body)
	if heading == nil || content.RelatesTo.GetReplaceID() != "" || t.cards[heading[1]] != "" {
		return false
	}
	t.cards[heading[1]] = e.ID
	return true
}

// speaksOf tells whether the bot's event relates to another event in any way.
func (t *teller) speaksOf(e *event.Event, other id.EventID) bool {
	if e.Sender != t.world.bot() {
		return false
	}
	var related struct {
		RelatesTo json.RawMessage `json:"m.relates_to"`
	}
	return json.Unmarshal(e.Content.VeryRaw, &related) == nil && strings.Contains(string(related.RelatesTo), other.String())
}

// await waits for an event in the room; what names it in the error.
func (t *teller) await(ctx context.Context, what string, match func(*event.Event) bool) error {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	found, err := t.atAmt.Await(ctx, t.room, match)
	if err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	t.latest = found.ID
	return nil
}
