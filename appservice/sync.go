package appservice

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/appservice/encryption"
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
			wait, s.syncLimit = time.Second, syncLimit
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if tooLarge(err) && s.syncLimit > 1 {
			s.syncLimit /= 10 // many rooms are flooded at once; the rest is read room by room
		}
		s.log.Warn().Err(withoutContent(err)).Msg("Sync failed, trying again")
		if device := s.cipher.device.Load(); device != nil && isLoggedOut(err) {
			if err := device.LogIn(ctx); err != nil {
				s.log.Warn().Err(withoutContent(err)).Msg("Could not log the bot's device in again")
			}
		}
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

// heardTypes are the types of events that a second source is asked for: what bots
// listen to, and state that is read back when it changes.
const heardTypes = `["m.room.message","m.room.encrypted","m.reaction","m.room.redaction","m.room.member",` +
	`"m.room.power_levels","m.room.name","m.room.encryption","m.room.tombstone","m.room.server_acl"]`

// syncFilter asks for nothing else of a room's state, which is read when it matters.
const syncFilter = `{"room":{"timeline":{"limit":%d,"types":` + heardTypes + `},"state":{"types":[]},"ephemeral":{"types":[]},` +
	`"account_data":{"types":[]}},"presence":{"types":[]},"account_data":{"types":[]}}`

// syncLimit is how many events of a room one answer holds. If the answer grows too
// large by that, it is asked for again with fewer.
const syncLimit = 100

func tooLarge(err error) bool {
	return errors.Is(err, mautrix.ErrResponseTooLong) || errors.Is(err, mautrix.ErrBodyReadReachedLimit)
}

const longPoll = 30 * time.Second

func (s *Service) syncOnce(ctx context.Context, since string) error {
	query := map[string]string{"filter": fmt.Sprintf(syncFilter, s.syncLimit), "timeout": "30000"}
	if since != "" {
		query["since"] = since
	} else {
		query["timeout"] = "0"
	}
	poll, cancel := context.WithTimeout(ctx, longPoll+requestTimeout)
	defer cancel()
	client, over := s.hs.client, s.hs.sync
	if device := s.cipher.device.Load(); device != nil {
		client, over = device.Client, device.Over(over) // only a device is told keys
	}
	answer, err := askAs(poll, client, client.BuildURLWithQuery(mautrix.ClientURLPath{"v3", "sync"}, query), over)
	if err != nil {
		return err
	}
	next := answer.Get("next_batch").Str
	if next == "" {
		return errAnswer
	}
	s.heedSync(answer) // storing takes its time, and what waits is sent meanwhile
	// Before the events that are encrypted with them.
	if keys := forDevice(answer); encryption.Concerns(keys) {
		if err := s.intake.put(ctx, store.FromSync, keys, ""); err != nil {
			return err
		}
	}
	var events []json.RawMessage
	_ = eachRoom(answer, "invite", func(room id.RoomID, r gjson.Result) error {
		if e := inviteEvent(room, eventsOf(r, "invite_state.events"), s.bot); e != nil {
			events = append(events, e)
		}
		return nil
	})
	err = eachRoom(answer, "join", func(room id.RoomID, r gjson.Result) error {
		if since == "" {
			return nil // a first sync: everything up to here has been pushed or is history
		}
		heard := inRoom(room, eventsOf(r, "timeline.events"))
		if r.Get("timeline.limited").Bool() {
			missed, err := s.missed(ctx, room, since, r.Get("timeline.prev_batch").Str)
			if err != nil {
				return err
			}
			heard = append(missed, heard...)
		}
		// Room by room, so that after a long absence no single answer holds all of it.
		// What comes again because a later one fails is known by its ID.
		return s.takeIn(ctx, sinceJoin(heard, s.bot), "")
	})
	if err != nil {
		return err
	}
	_ = eachRoom(answer, "leave", func(room id.RoomID, r gjson.Result) error {
		if since != "" {
			events = append(events, inRoom(room, eventsOf(r, "timeline.events"))...)
		}
		return nil
	})
	return s.takeIn(ctx, events, next)
}

// eachRoom calls f with the rooms of one kind in a sync's answer, until it fails.
func eachRoom(answer gjson.Result, kind string, f func(id.RoomID, gjson.Result) error) (err error) {
	answer.Get("rooms." + kind).ForEach(func(room, r gjson.Result) bool {
		err = f(id.RoomID(room.Str), r)
		return err == nil
	})
	return err
}

// eventsOf are the raw events of a list.
func eventsOf(of gjson.Result, path string) (events []json.RawMessage) {
	for _, e := range of.Get(path).Array() {
		events = append(events, json.RawMessage(e.Raw))
	}
	return events
}

// forDevice is what an answer holds for the bot's device, as a delivery. It is not
// encoded anew.
func forDevice(answer gjson.Result) []byte {
	keys := []byte(`{"events":[]`)
	for _, part := range [][2]string{{"to_device", "to_device.events"}, {"device_lists", "device_lists"}, {"device_one_time_keys_count", "device_one_time_keys_count"}} {
		if v := answer.Get(part[1]); v.IsArray() || v.IsObject() {
			keys = append(append(keys, `,"`+part[0]+`":`...), v.Raw...)
		}
	}
	return append(keys, '}')
}

// takeIn puts events into the inbox, and with them where the sync goes on from.
func (s *Service) takeIn(ctx context.Context, events []json.RawMessage, token string) error {
	if len(events) == 0 && token == "" {
		return nil
	}
	var body []byte
	if len(events) > 0 { // not encoded anew: they may be nested deeper than encoding/json goes
		body = append(append([]byte(`{"events":[`), bytes.Join(asBytes(events), []byte(","))...), `]}`...)
	}
	return s.intake.put(ctx, store.FromSync, body, token)
}

func asBytes(events []json.RawMessage) [][]byte {
	list := make([][]byte, len(events))
	for i, e := range events {
		list[i] = e
	}
	return list
}

const (
	pageSize = 100
	maxPages = 500
	// maxMissed bounds, in bytes, what is kept of what a room's people said while the
	// bot was away. Of a flood beyond it the oldest part is not looked at.
	maxMissed = 32 << 20
)

// missed reads the events between two syncs that a response left out, oldest
// first.
func (s *Service) missed(ctx context.Context, room id.RoomID, since, previous string) ([]json.RawMessage, error) {
	var newestFirst []json.RawMessage
	from, size := previous, 0
	for range maxPages {
		query := url.Values{"dir": {"b"}, "from": {from}, "to": {since}, "limit": {"100"}}
		address := s.hs.client.BuildClientURL("v3", "rooms", room, "messages") + "?" + query.Encode()
		page, err := s.hs.ask(ctx, address)
		if err != nil {
			if _, final := refused(err); final {
				break // not in the room any more
			}
			return nil, err
		}
		chunk := eventsOf(page, "chunk")
		for _, raw := range chunk {
			if s.mayConcern(room, raw) { // most of it is talk, and is not kept
				newestFirst = append(newestFirst, raw)
				size += len(raw)
			}
		}
		if size > maxMissed {
			s.log.Warn().Stringer("room_id", room).Int("events", len(newestFirst)).Msg("More was said in a room while the bot was away than can be read back; the oldest part is left out")
			break
		}
		end := page.Get("end").Str
		if len(chunk) < pageSize || end == "" || end == from {
			break
		}
		from = end
	}
	oldestFirst := make([]json.RawMessage, 0, len(newestFirst))
	for _, n := range slices.Backward(newestFirst) {
		oldestFirst = append(oldestFirst, n)
	}
	return inRoom(room, oldestFirst), nil
}

// mayConcern reports whether anybody here could have to do with an event. What is
// broken is nobody's.
func (s *Service) mayConcern(room id.RoomID, raw json.RawMessage) bool {
	e, err := parseEnvelope(raw)
	if err != nil {
		return false
	}
	e.Room = room
	if e.Type == typeMember && e.StateKey != nil {
		return true
	}
	concerns, err := s.concerns(&incoming{envelope: e})
	return concerns && err == nil
}

// inRoom adds the room's ID, which sync leaves out of events, in front of whatever
// else an event says of itself. What is no object is left out.
func inRoom(room id.RoomID, events []json.RawMessage) []json.RawMessage {
	list := make([]json.RawMessage, 0, len(events))
	for _, raw := range events {
		fields := gjson.ParseBytes(raw)
		if !fields.IsObject() {
			continue
		}
		e := append([]byte(`{"room_id":`), rawJSON(room)...)
		fields.ForEach(func(key, value gjson.Result) bool {
			if key.Str != "room_id" {
				e = append(append(append(append(e, ','), key.Raw...), ':'), value.Raw...)
			}
			return true
		})
		list = append(list, append(e, '}'))
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
			"sender": e.Sender, "state_key": bot, "content": map[string]any{
				"membership": gjson.GetBytes(e.Content, "membership").Str, "is_direct": gjson.GetBytes(e.Content, "is_direct").Bool(),
			},
		})
	}
	return nil
}
