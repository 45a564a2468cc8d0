package homeserver

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

const (
	// syncWait is how long one long poll of a listener lasts at most, in milliseconds.
	syncWait = 10_000
	// syncTimelineLimit is the greatest number of events of one room in one answer; the
	// servers' own default of 10 to 20 would leave events out when a room is busy.
	syncTimelineLimit = 500
)

// Listener sees what an account sees, from the moment it was made. It is not for use by
// several goroutines at once.
type Listener struct {
	// Read, if it is set, is called with each answer before its events are taken; it may
	// decrypt them.
	Read func(context.Context, *mautrix.RespSync)

	client  *mautrix.Client
	filter  string
	since   string
	events  []*event.Event
	invites map[id.RoomID]bool
}

// Listen makes a listener. Events that happened before are not seen.
func (a *Account) Listen(ctx context.Context) (*Listener, error) {
	filter, err := json.Marshal(fields{"room": fields{"timeline": fields{"limit": syncTimelineLimit}}, "presence": fields{"types": []string{}}})
	if err != nil {
		return nil, fmt.Errorf("encode filter: %w", err)
	}
	l := &Listener{client: a.Client, filter: string(filter), invites: map[id.RoomID]bool{}}
	if err := l.sync(ctx); err != nil {
		return nil, err
	}
	l.events = nil
	return l, nil
}

// Await returns the first event in a room (in any room when room is empty), of all that
// happened since the listener was made, for which match returns true; it waits for it until
// ctx ends. Contents are parsed.
func (l *Listener) Await(ctx context.Context, room id.RoomID, match func(*event.Event) bool) (*event.Event, error) {
	for seen := 0; ; {
		for ; seen < len(l.events); seen++ {
			if e := l.events[seen]; (room == "" || e.RoomID == room) && match(e) {
				return e, nil
			}
		}
		if err := l.sync(ctx); err != nil {
			return nil, fmt.Errorf("wait for an event: %w", err)
		}
	}
}

// AwaitInvite waits until the account is invited to a room that match accepts.
// Invitations that were open when the listener was made count.
func (l *Listener) AwaitInvite(ctx context.Context, match func(id.RoomID) bool) (id.RoomID, error) {
	for {
		for _, room := range slices.Sorted(maps.Keys(l.invites)) {
			if match(room) {
				return room, nil
			}
		}
		if err := l.sync(ctx); err != nil {
			return "", fmt.Errorf("wait for an invitation: %w", err)
		}
	}
}

// CatchUp takes up what happened since the last call, without waiting.
func (l *Listener) CatchUp(ctx context.Context) error { return l.syncFor(ctx, 0) }

// sync takes up what happened since the last call, waiting for it if there is nothing.
func (l *Listener) sync(ctx context.Context) error { return l.syncFor(ctx, syncWait) }

func (l *Listener) syncFor(ctx context.Context, wait int) error {
	req := mautrix.ReqSync{Since: l.since, FilterID: l.filter}
	if l.since != "" {
		req.Timeout = wait
	}
	resp, err := l.client.FullSyncRequest(ctx, req)
	if err != nil {
		return fmt.Errorf("sync as %s: %w", l.client.UserID, err)
	}
	if l.Read != nil {
		l.Read(ctx, resp)
	}
	l.since = resp.NextBatch
	for room, invited := range resp.Rooms.Invite {
		l.invites[room] = true
		l.take(room, invited.State.Events) // stripped: without IDs and times
	}
	for room, joined := range resp.Rooms.Join {
		delete(l.invites, room)
		l.take(room, joined.State.Events)
		l.take(room, joined.Timeline.Events)
	}
	for room, left := range resp.Rooms.Leave {
		delete(l.invites, room)
		l.take(room, left.Timeline.Events)
	}
	return nil
}

func (l *Listener) take(room id.RoomID, events []*event.Event) {
	for _, e := range events {
		e.RoomID = room
		if e.StateKey != nil {
			e.Type.Class = event.StateEventType
		} else {
			e.Type.Class = event.MessageEventType
		}
		// Content of a type that mautrix does not know, or of a wrong shape, stays in Raw.
		if e.Content.Parsed == nil {
			_ = e.Content.ParseRaw(e.Type)
		}
		l.events = append(l.events, e)
	}
}
