package encryption

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// fetchAgain is how long a homeserver that did not tell a person's devices is
// let alone.
const fetchAgain = 5 * time.Minute

// Encrypt returns the content of the m.room.encrypted event that a room is
// told instead of an event of that type and content. New keys are shared first:
// with all who are in the room, and with those who are invited if the room's
// history is theirs too. That is read from the homeserver at that moment.
func (d *Device) Encrypt(ctx context.Context, room id.RoomID, eventType string, content json.RawMessage) (sealed json.RawMessage, err error) {
	defer func() {
		if recover() != nil { // other people's devices have a say in it
			d.Log.Error().Bytes("stack", debug.Stack()).Msg("Encrypting panicked")
			sealed, err = nil, errors.New("encrypting panicked")
		}
	}()
	session, err := d.keys.GetOutboundGroupSession(ctx, room)
	if err != nil {
		return nil, fmt.Errorf("read the room's key: %w", err)
	}
	if session != nil && session.Shared && !session.Expired() {
		// Somebody's devices may have changed; if so, this drops the key.
		if err := d.fresh(ctx, room); err != nil {
			return nil, err
		}
		if session, err = d.keys.GetOutboundGroupSession(ctx, room); err != nil {
			return nil, fmt.Errorf("read the room's key: %w", err)
		}
	}
	if session == nil || !session.Shared || session.Expired() {
		err = d.share(ctx, room)
	} else {
		err = d.shareWithAbsent(ctx, room)
	}
	if err != nil {
		return nil, err
	}
	encrypted, err := d.mach.EncryptMegolmEvent(ctx, room, event.Type{Type: eventType, Class: event.MessageEventType}, content)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return json.Marshal(encrypted)
}

// Rotate drops a room's key, so that the next event is encrypted with a new one:
// somebody has come or gone.
func (d *Device) Rotate(ctx context.Context, room id.RoomID) error {
	return d.keys.RemoveOutboundGroupSession(ctx, room)
}

// share makes a key for a room and gives it to its people's devices.
func (d *Device) share(ctx context.Context, room id.RoomID) error {
	people, err := d.read(ctx, room)
	if err != nil {
		return err
	}
	if err := d.refresh(ctx, people); err != nil {
		return err
	}
	if err := d.count(ctx); err != nil {
		return fmt.Errorf("count that keys are given away: %w", err)
	}
	if err := d.mach.ShareGroupSession(ctx, room, people); err != nil {
		return fmt.Errorf("share the room's key: %w", err)
	}
	return d.missed(ctx, room, people)
}

// read asks for the room's settings and for those who get its keys.
func (d *Device) read(ctx context.Context, room id.RoomID) ([]id.UserID, error) {
	var s settings
	if err := d.state(ctx, room, "m.room.encryption", &s.encryption); err != nil {
		return nil, err
	}
	if err := d.state(ctx, room, "m.room.history_visibility", &s.history); err != nil {
		return nil, err
	}
	d.rooms.put(room, s)
	address := d.client.BuildURLWithQuery(mautrix.ClientURLPath{"v3", "rooms", room, "members"}, map[string]string{"not_membership": "leave"})
	body, err := d.client.MakeRequest(ctx, http.MethodGet, address, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("read the room's members: %w", err)
	}
	if !gjson.ValidBytes(body) { // not decoded as a whole: one hostile event would hide all others
		return nil, errors.New("the room's members have the wrong shape")
	}
	var people []id.UserID
	gjson.GetBytes(body, "chunk").ForEach(func(_, m gjson.Result) bool {
		user, membership := id.UserID(m.Get("state_key").Str), event.Membership(m.Get("content.membership").Str)
		if user != d.User && (membership == event.MembershipJoin ||
			membership == event.MembershipInvite && s.history.HistoryVisibility != event.HistoryVisibilityJoined) {
			people = append(people, user)
		}
		return true
	})
	return people, nil
}

func (d *Device) state(ctx context.Context, room id.RoomID, eventType string, into any) error {
	_, err := d.client.MakeRequest(ctx, http.MethodGet, d.client.BuildClientURL("v3", "rooms", room, "state", eventType, ""), nil, into)
	if err != nil && !isNotFound(err) {
		return fmt.Errorf("read the room's %s: %w", eventType, err)
	}
	return nil
}

// outdated notes that people's devices have changed.
func (d *Device) outdated(ctx context.Context, people []id.UserID) error {
	d.mu.Lock()
	for _, user := range people {
		delete(d.tried, user)
	}
	d.mu.Unlock()
	return d.keys.MarkTrackedUsersOutdated(ctx, people)
}

// fresh asks for the devices of those people of a room whose devices have changed.
func (d *Device) fresh(ctx context.Context, room id.RoomID) error {
	changed, err := d.keys.GetOutdatedTrackedUsers(ctx)
	if err != nil || len(changed) == 0 {
		return err
	}
	members, err := d.Store.MembersOf(ctx, room)
	if err != nil {
		return err
	}
	return d.fetch(ctx, only(changed, members))
}

// refresh asks for the devices of those people whose devices have changed.
func (d *Device) refresh(ctx context.Context, people []id.UserID) error {
	changed, err := d.keys.GetOutdatedTrackedUsers(ctx)
	if err != nil {
		return err
	}
	return d.fetch(ctx, only(changed, people))
}

// only returns those people who are among others.
func only(people, others []id.UserID) []id.UserID {
	return slices.DeleteFunc(people, func(user id.UserID) bool { return !slices.Contains(others, user) })
}

func (d *Device) fetch(ctx context.Context, people []id.UserID) error {
	now := d.now()
	d.mu.Lock()
	people = slices.DeleteFunc(people, func(user id.UserID) bool { return now.Sub(d.tried[user]) < fetchAgain })
	d.mu.Unlock()
	if len(people) == 0 {
		return nil
	}
	found, err := d.mach.FetchKeys(ctx, people, true)
	if err != nil {
		return fmt.Errorf("ask for changed devices: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, user := range people {
		if _, ok := found[user]; ok {
			delete(d.tried, user)
		} else {
			d.tried[user] = now // their homeserver is away
		}
	}
	return nil
}
