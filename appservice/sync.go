package appservice

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

// runSync is the second source of events, for homeservers that push too
// little. Everything goes into the same inbox; what came both ways has its
// effect once.
func (s *Service) runSync(ctx context.Context) {
	for wait := time.Second; ctx.Err() == nil; {
		err := s.syncNext(ctx)
		if err == nil {
			wait = time.Second
			continue
		}
		if ctx.Err() != nil {
			return
		}
		s.log.Warn().Err(withoutContent(err)).Msg("Sync failed, trying again")
		if !sleep(ctx, wait) {
			return
		}
		wait = min(2*wait, 30*time.Second)
	}
}

// syncNext goes on from where the last sync was stored.
func (s *Service) syncNext(ctx context.Context) error {
	since, err := s.store.SyncToken(ctx)
	if err != nil {
		return err
	}
	return s.syncOnce(ctx, since)
}

// syncFilter asks for what bots listen to and for memberships; nothing else
// of a room's state, which is read when it matters.
const syncFilter = `{"room":{"timeline":{"limit":100,"types":["m.room.message","m.room.encrypted","m.reaction","m.room.redaction","m.room.member",` +
	`"m.room.power_levels","m.room.name","m.room.encryption","m.room.tombstone","m.room.server_acl"]},"state":{"types":[]},"ephemeral":{"types":[]},` +
	`"account_data":{"types":[]}},"presence":{"types":[]},"account_data":{"types":[]}}`

const longPoll = 30 * time.Second

type syncResponse struct {
	Next     string `json:"next_batch"`
	ToDevice struct {
		Events json.RawMessage `json:"events"`
	} `json:"to_device"`
	DeviceLists json.RawMessage `json:"device_lists"`
	KeyCounts   json.RawMessage `json:"device_one_time_keys_count"`
	Rooms       struct {
		Join map[id.RoomID]struct {
			Timeline struct {
				Events   []json.RawMessage `json:"events"`
				Limited  bool              `json:"limited"`
				Previous string            `json:"prev_batch"`
			} `json:"timeline"`
		} `json:"join"`
		Invite map[id.RoomID]struct {
			State struct {
				Events []json.RawMessage `json:"events"`
			} `json:"invite_state"`
		} `json:"invite"`
		Leave map[id.RoomID]struct {
			Timeline struct {
				Events []json.RawMessage `json:"events"`
			} `json:"timeline"`
		} `json:"leave"`
	} `json:"rooms"`
}

func (s *Service) syncOnce(ctx context.Context, since string) error {
	query := map[string]string{"filter": syncFilter, "timeout": "30000"}
	if since != "" {
		query["since"] = since
	} else {
		query["timeout"] = "0"
	}
	poll, cancel := context.WithTimeout(ctx, longPoll+requestTimeout)
	defer cancel()
	client := s.hs.client
	if device := s.cipher.device.Load(); device != nil {
		client = device.Client() // only a device is told keys
	}
	var resp syncResponse
	_, err := client.MakeFullRequest(poll, mautrix.FullRequest{
		Method: http.MethodGet, URL: client.BuildURLWithQuery(mautrix.ClientURLPath{"v3", "sync"}, query),
		ResponseJSON: &resp, Client: s.hs.sync, MaxAttempts: 1,
	})
	if err != nil {
		return err
	}
	// Before the events that are encrypted with them.
	if keys := resp.forDevice(); keys != nil {
		if err := s.intake.put(ctx, store.FromSync, keys, ""); err != nil {
			return err
		}
	}
	var events []json.RawMessage
	for room, r := range resp.Rooms.Invite {
		if e := inviteEvent(room, r.State.Events, s.bot); e != nil {
			events = append(events, e)
		}
	}
	for room, r := range resp.Rooms.Join {
		if since == "" {
			continue // a first sync: everything up to here has been pushed or is history
		}
		heard := inRoom(room, r.Timeline.Events)
		if r.Timeline.Limited {
			missed, err := s.missed(ctx, room, since, r.Timeline.Previous)
			if err != nil {
				return err
			}
			heard = append(missed, heard...)
		}
		// Room by room, so that after a long absence no single answer holds all of it.
		// What comes again because a later one fails is known by its ID.
		if err := s.takeIn(ctx, sinceJoin(heard, s.bot), ""); err != nil {
			return err
		}
	}
	for room, r := range resp.Rooms.Leave {
		if since != "" {
			events = append(events, inRoom(room, r.Timeline.Events)...)
		}
	}
	return s.takeIn(ctx, events, resp.Next)
}

// forDevice is what the response holds for the bot's device, as a delivery; nil
// if there is nothing.
func (r *syncResponse) forDevice() []byte {
	keys := map[string]any{}
	if len(r.ToDevice.Events) > 2 {
		keys["to_device"] = r.ToDevice.Events
	}
	if len(r.DeviceLists) > 2 {
		keys["device_lists"] = r.DeviceLists
	}
	if len(r.KeyCounts) > 2 {
		keys["device_one_time_keys_count"] = r.KeyCounts
	}
	if len(keys) == 0 {
		return nil
	}
	keys["events"] = []any{}
	return rawJSON(keys)
}

// takeIn puts events into the inbox, and with them where the sync goes on from.
func (s *Service) takeIn(ctx context.Context, events []json.RawMessage, token string) error {
	if len(events) == 0 && token == "" {
		return nil
	}
	var body []byte
	if len(events) > 0 {
		body = rawJSON(map[string]any{"events": events})
	}
	return s.intake.put(ctx, store.FromSync, body, token)
}

const (
	pageSize = 100
	maxPages = 500
)

// missed reads the events between two syncs that a response left out, oldest
// first.
func (s *Service) missed(ctx context.Context, room id.RoomID, since, previous string) ([]json.RawMessage, error) {
	var newestFirst []json.RawMessage
	from := previous
	for range maxPages {
		var page struct {
			Chunk []json.RawMessage `json:"chunk"`
			End   string            `json:"end"`
		}
		query := url.Values{"dir": {"b"}, "from": {from}, "to": {since}, "limit": {"100"}}
		address := s.hs.client.BuildClientURL("v3", "rooms", room, "messages") + "?" + query.Encode()
		if _, err := s.hs.client.MakeRequest(ctx, http.MethodGet, address, nil, &page); err != nil {
			if _, final := refused(err); final {
				break // not in the room any more
			}
			return nil, err
		}
		newestFirst = append(newestFirst, page.Chunk...)
		if len(page.Chunk) < pageSize || page.End == "" || page.End == from {
			break
		}
		from = page.End
	}
	oldestFirst := make([]json.RawMessage, 0, len(newestFirst))
	for _, n := range slices.Backward(newestFirst) {
		oldestFirst = append(oldestFirst, n)
	}
	return inRoom(room, oldestFirst), nil
}

// inRoom adds the room's ID, which sync leaves out of events.
func inRoom(room id.RoomID, events []json.RawMessage) []json.RawMessage {
	list := make([]json.RawMessage, 0, len(events))
	for _, raw := range events {
		var e map[string]json.RawMessage
		if json.Unmarshal(raw, &e) != nil || e == nil {
			continue
		}
		e["room_id"] = rawJSON(room)
		list = append(list, rawJSON(e))
	}
	return list
}

// sinceJoin leaves out what was said before the bot came into the room: sync
// shows that too, a homeserver that pushes does not, and nobody said it to the
// bot.
func sinceJoin(events []json.RawMessage, bot id.UserID) []json.RawMessage {
	for i, event := range slices.Backward(events) {
		e, err := parseEnvelope(event)
		if err != nil || e.Type != typeMember || e.StateKey == nil || *e.StateKey != string(bot) {
			continue
		}
		var c struct {
			Content struct {
				Membership workspace.Membership `json:"membership"`
			} `json:"content"`
			Unsigned struct {
				Before struct {
					Membership workspace.Membership `json:"membership"`
				} `json:"prev_content"`
			} `json:"unsigned"`
		}
		if json.Unmarshal(event, &c) == nil && c.Content.Membership == workspace.Joined && c.Unsigned.Before.Membership != workspace.Joined {
			return events[i:]
		}
	}
	return events
}

// inviteEvent makes an event of the bot's own stripped membership. It has no
// ID of its own there, so it gets one from what it says.
func inviteEvent(room id.RoomID, stripped []json.RawMessage, bot id.UserID) json.RawMessage {
	for _, raw := range stripped {
		e, err := parseEnvelope(raw)
		if err != nil || e.Type != typeMember || e.StateKey == nil || *e.StateKey != string(bot) {
			continue
		}
		return rawJSON(map[string]any{
			"type": typeMember, "event_id": "$" + causedID("invite", string(room), string(raw)), "room_id": room,
			"sender": e.Sender, "state_key": bot, "content": e.Content,
		})
	}
	return nil
}
