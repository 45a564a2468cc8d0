package appservice

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
	"golang.org/x/sync/errgroup"
	"maunium.net/go/mautrix/id"
)

// A homeserver that pushes everything can still lose some of it: Synapse
// forgets what it was about to push when it is killed, and leaves a transaction
// lying that it made in the moment in which it found the application service
// to be well again. It lets no application service sync. So the bot looks back
// into its rooms: soon and often after any trouble, seldom otherwise.
const (
	lookBackFirst = 5 * time.Second
	lookBackLast  = 15 * time.Minute
	// overlap is how much of what was looked at is looked at again. It covers
	// what comes late and clocks that differ.
	overlap        = time.Hour
	lookBackAtOnce = 4  // rooms
	firstLook      = 10 // events; most rooms have none that are new
)

// lookBackFilter is of what the bot listens to.
const lookBackFilter = `{"types":` + heardTypes + `}`

// runLookBack is the second source of events, for homeservers that push.
func (s *Service) runLookBack(ctx context.Context) {
	wait := lookBackFirst
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.trouble:
			wait = lookBackFirst
		case <-timer.C:
			if err := s.lookBack(ctx); err == nil {
				wait = min(3*wait, lookBackLast)
			} else if ctx.Err() == nil {
				s.log.Warn().Err(withoutContent(err)).Msg("Could not look back into the rooms, trying again")
			}
		}
		timer.Reset(wait)
	}
}

// doubt notes that events may have been lost.
func (s *Service) doubt() {
	select {
	case s.trouble <- struct{}{}:
	default: // noted already
	}
}

// lookBack puts into the inbox what happened in any room since the last time
// and is not known.
func (s *Service) lookBack(ctx context.Context) error {
	started := s.now()
	since, err := s.store.LookBackSince(ctx, started)
	if err != nil {
		return err
	}
	if since.After(started) { // the clock was set back: what was looked at while it was ahead is not known
		since = started.Add(-overlap)
	}
	var joined struct {
		Rooms []id.RoomID `json:"joined_rooms"`
	}
	if err := s.hs.get(ctx, &joined, "joined_rooms"); err != nil {
		return err
	}
	group, roomCtx := errgroup.WithContext(ctx)
	group.SetLimit(lookBackAtOnce)
	for _, room := range joined.Rooms {
		group.Go(func() error { return s.lookBackInto(roomCtx, room, started, since) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if next := started.Add(-overlap); next.After(since) {
		since = next
	}
	return s.store.SetLookBackSince(ctx, since)
}

// lookBackInto does it for one room, back to since.
func (s *Service) lookBackInto(ctx context.Context, room id.RoomID, now, since time.Time) error {
	var newestFirst []json.RawMessage
	from, limit := "", firstLook
	for range maxPages {
		query := url.Values{"dir": {"b"}, "limit": {strconv.Itoa(limit)}, "filter": {lookBackFilter}}
		if from != "" {
			query.Set("from", from)
		}
		page, err := s.hs.ask(ctx, s.hs.client.BuildClientURL("v3", "rooms", room, "messages")+"?"+query.Encode())
		if isOut(err) {
			return nil // it has left meanwhile
		}
		if err != nil {
			return err
		}
		chunk, end := eventsOf(page, "chunk"), page.Get("end").Str
		old := slices.IndexFunc(chunk, func(raw json.RawMessage) bool { return happened(raw, now).Before(since) })
		if old >= 0 {
			newestFirst = append(newestFirst, chunk[:old]...)
			break
		}
		newestFirst = append(newestFirst, chunk...)
		if end == "" || end == from {
			break
		}
		from, limit = end, pageSize
	}
	slices.Reverse(newestFirst)
	missed, err := s.unknown(ctx, sinceJoin(inRoom(room, newestFirst), s.bot))
	if err != nil || len(missed) == 0 {
		return err
	}
	s.log.Info().Stringer("room_id", room).Int("events", len(missed)).Msg("Found events that the homeserver had not pushed")
	return s.takeIn(ctx, missed, "")
}

// happened is when an event happened on this machine's clock: the homeserver
// tells how long ago it was.
func happened(raw json.RawMessage, now time.Time) time.Time {
	return now.Add(-time.Duration(gjson.GetBytes(raw, "unsigned.age").Int()) * time.Millisecond)
}

// unknown are the events that concern somebody here and are not known yet.
func (s *Service) unknown(ctx context.Context, events []json.RawMessage) (list []json.RawMessage, err error) {
	for _, raw := range events {
		e, err := parseEnvelope(raw)
		if err != nil || !e.complete() {
			continue // it was not pushed for that reason, or was noted when it was
		}
		if concerns, err := s.concerns(&incoming{envelope: e, received: s.now()}); err != nil || !concerns {
			continue
		}
		known, err := s.store.Known(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		if !known {
			list = append(list, raw)
		}
	}
	return list, nil
}
