package appservice

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

// direct sends content in the direct chat with a person.
func (o *outbox) direct(ctx context.Context, place *slot, item store.Outgoing) (id.EventID, error) {
	room, err := o.directRoom(ctx, place, item.User, item.Secret)
	if err != nil {
		return "", err
	}
	return o.send(ctx, place, room, item)
}

// directRoom returns the chat between the bot and a person in which both are,
// or the person is invited; it makes one if there is none. A new one is given
// an alias that is a function of the person, so that a crash half-way does not
// leave two. A secret chat is encrypted.
func (o *outbox) directRoom(ctx context.Context, place *slot, user id.UserID, secret bool) (id.RoomID, error) {
	room, err := o.store.DirectRoomOf(ctx, user)
	if err == nil {
		ok, err := o.reaches(ctx, place, room, user, secret)
		if err != nil || ok {
			return room, err
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	alias := o.Localpart + "_direct_" + causedID("direct", string(user), string(room))
	chat, err := o.createDirect(ctx, place, user, secret, map[string]any{"room_alias_name": alias})
	switch code, _ := refused(err); code {
	case "M_ROOM_IN_USE":
		// Mostly it was made by an attempt that was cut off. But not every homeserver
		// keeps such aliases for the bot alone: it may be a trap.
		var at struct {
			Room id.RoomID `json:"room_id"`
		}
		if err = o.hs.get(ctx, &at, "directory", "room", "#"+alias+":"+o.ServerName); err != nil {
			return "", err
		}
		ok, err := o.reaches(ctx, place, at.Room, user, secret)
		if err != nil {
			return "", err
		}
		if chat = at.Room; !ok {
			chat, err = o.createDirect(ctx, place, user, secret, nil)
		}
		if err != nil {
			return "", err
		}
	case "M_EXCLUSIVE":
		// The registration was written before it had a namespace for aliases. A
		// second chat after a crash is better than none.
		if chat, err = o.createDirect(ctx, place, user, secret, nil); err != nil {
			return "", err
		}
	default:
		if err != nil {
			return "", err
		}
	}
	return chat, o.noteDirect(ctx, chat, user)
}

func (o *outbox) createDirect(ctx context.Context, place *slot, user id.UserID, secret bool, more map[string]any) (id.RoomID, error) {
	chat := map[string]any{
		"preset": "trusted_private_chat", "is_direct": true, "invite": []id.UserID{user},
		"creation_content": map[string]any{"de.werkraum.direct": user},
	}
	if secret {
		chat["initial_state"] = []any{map[string]any{"type": typeEncryption, "state_key": "", "content": encryptionContent}}
	}
	maps.Copy(chat, more)
	var made mautrix.RespCreateRoom
	_, err := o.hs.client.MakeRequest(ctx, http.MethodPost, o.hs.client.BuildClientURL("v3", "createRoom"), chat, &made)
	if err == nil && made.RoomID == "" {
		err = errAnswer
	}
	if err != nil {
		return "", err
	}
	if secret {
		o.cipher.secret.Store(made.RoomID, true)
	}
	return made.RoomID, o.letArrive(ctx, place, made.RoomID, user)
}

// Who is invited may come in at once, by themselves or by their homeserver's setting. A
// Dendrite that hears the bot before it has read the room takes what is said for that of a
// room which does not exist, and from then on shows its user no such room. So somebody of
// another homeserver is given a moment.
const (
	arriveWithin = 2 * time.Second
	arriveLook   = 200 * time.Millisecond
	arriveSettle = 500 * time.Millisecond // until their homeserver has read the room
)

// letArrive waits a moment for somebody of another homeserver who was just invited. Others are
// told something meanwhile: the place is held while it is looked, not while it is waited.
func (o *outbox) letArrive(ctx context.Context, place *slot, chat id.RoomID, user id.UserID) error {
	if user.Homeserver() == o.ServerName {
		return nil
	}
	wait := func(d time.Duration) error {
		place.give()
		if !sleep(ctx, d) || !place.take(ctx) {
			return ctx.Err()
		}
		return nil
	}
	end := o.now().Add(o.arriveWithin)
	for range o.arriveWithin / arriveLook {
		if err := wait(arriveLook); err != nil {
			return err
		}
		var m struct {
			Membership workspace.Membership `json:"membership"`
		}
		err := o.hs.get(ctx, &m, "rooms", chat, "state", typeMember, user)
		if err == nil && m.Membership == workspace.Joined {
			return wait(arriveSettle)
		}
		if o.now().After(end) {
			break // the others took their time
		}
	}
	return nil
}

// encryptionContent is the state that makes a room encrypted.
var encryptionContent = json.RawMessage(`{"algorithm":"m.megolm.v1.aes-sha2"}`)

// noteDirect has the chat's worker store whose it is.
func (o *outbox) noteDirect(ctx context.Context, chat id.RoomID, user id.UserID) error {
	return o.rooms.worker(chat).await(ctx, job{must: true, run: func(w *worker, st *step) error {
		w.row.Info.Direct = user
		st.Direct = &store.DirectRoom{User: user, Room: w.id}
		if !w.row.Joined {
			w.joined(st)
		}
		return nil
	}})
}

// reaches reports whether a message in the chat reaches the person and nobody
// else: one of the two has made it, only they are in it or invited, nobody can
// come in or read it from outside, and the bot can write there. A chat that must
// be secret is made so, if the bot may do that. A person who had left is invited
// again.
func (o *outbox) reaches(ctx context.Context, place *slot, chat id.RoomID, user id.UserID, secret bool) (bool, error) {
	state, err := o.hs.state(ctx, chat)
	if isOut(err) {
		return false, nil // the bot itself is not there any more
	}
	if err != nil {
		return false, err
	}
	there, encrypted := workspace.Left, false
	for _, e := range state {
		if e.StateKey == nil {
			continue
		}
		var c struct {
			Membership workspace.Membership `json:"membership"`
			JoinRule   string               `json:"join_rule"`
			Visibility string               `json:"history_visibility"`
		}
		_ = json.Unmarshal(e.Content, &c) // what does not fit is absent
		switch e.Type {
		case typeCreate:
			if e.Sender != o.bot && e.Sender != user {
				return false, nil
			}
		case typeEncryption:
			if o.lacksEncryption() {
				return false, nil
			}
			encrypted = true
			o.cipher.secret.Store(chat, true)
		case "m.room.join_rules":
			if c.JoinRule != "invite" {
				return false, nil
			}
		case "m.room.history_visibility":
			if c.Visibility == "world_readable" {
				return false, nil
			}
		case typeMember:
			switch inside := c.Membership != workspace.Left && c.Membership != workspace.Banned; {
			case id.UserID(*e.StateKey) == user:
				there = c.Membership
			case inside && id.UserID(*e.StateKey) != o.bot:
				return false, nil
			}
		}
	}
	if secret && !encrypted {
		_, err := o.hs.putState(ctx, chat, typeEncryption, "", encryptionContent)
		if _, final := refused(err); final {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		o.cipher.secret.Store(chat, true)
	}
	if there == workspace.Joined || there == workspace.Invited {
		return true, nil
	}
	_, err = o.hs.client.InviteUser(ctx, chat, &mautrix.ReqInviteUser{UserID: user})
	if _, final := refused(err); final {
		return false, nil
	}
	if err == nil {
		err = o.letArrive(ctx, place, chat, user)
	}
	return err == nil, err
}
