package appservice

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

// Homeservers recognise a repetition by its transaction ID, but not always:
// they keep the IDs in memory, and Dendrite notes one only when the request
// ends in peace, not when the caller is killed in the middle of it. So each
// event carries its transaction ID, and before something is sent a second time
// the room is asked for it.

// txnField is where an event's content carries its transaction ID.
const txnField = "de.werkraum.txn"

const (
	// late is how long a homeserver may still be busy with a request of an
	// earlier run that was killed.
	late = 10 * time.Second
	// Dendrite drops the event of a request whose caller has gone, and takes it
	// up again when its queue repeats it, after 30 s.
	lateOnDendrite = 33 * time.Second
	lookAgain      = time.Second
	// lookBack is how many events are looked at a time, lookPages how many
	// times; it ends where the room is older than what is looked for.
	lookBack  = "200"
	lookPages = 25
	// clockSkew is how much our clock may have been set between queueing and looking, by
	// somebody or by and by, and the homeserver's from ours if it does not tell how old events
	// are.
	clockSkew = 30 * time.Second
)

// marked adds the transaction ID to an event's content.
func marked(content json.RawMessage, txn string) json.RawMessage {
	if len(content) < 2 || content[0] != '{' {
		return content
	}
	field := []byte(`{"` + txnField + `":` + string(rawJSON(txn)))
	if string(content) != "{}" {
		field = append(field, ',')
	}
	return append(field, content[1:]...)
}

// sentBefore returns the event that an attempt with unknown end has made, or
// "" if it made none.
func (o *outbox) sentBefore(ctx context.Context, q *lane, item queued) (id.EventID, error) {
	room := item.room
	switch item.Task {
	case store.TaskSend:
	case store.TaskDirect:
		var err error
		if room, err = o.store.DirectRoomOf(ctx, item.User); errors.Is(err, store.ErrNotFound) {
			return "", nil
		} else if err != nil {
			return "", err
		}
	default:
		return "", nil // doing it again changes nothing
	}
	since := o.started // when the last attempt ended at the latest
	if !item.inherited {
		since = item.tried
	} else if event := q.before[item.TxnID]; event != "" || q.settled {
		// Within a lane one is sent after the other, and taken out of the store a moment later.
		// So those that are found were sent, the first that is not can have been under way,
		// and none behind it was tried.
		return event, nil
	}
	var answered time.Time // our first question
	for {
		found, err := o.ownEvents(ctx, room, item.queuedAt())
		if err != nil {
			return "", err
		}
		if answered.IsZero() {
			answered = o.now()
		}
		// The network may have held up what was under way together with our questions: then both
		// arrive at once, however long ago the attempt was.
		over := o.now().Sub(since) > o.lateness() && o.now().Sub(answered) > late
		if found[item.TxnID] != "" || over {
			if item.inherited {
				q.before, q.settled = found, over
			}
			return found[item.TxnID], nil
		}
		if !sleep(ctx, lookAgain) {
			return "", ctx.Err()
		}
	}
}

// lateness is how long after a kill the event of a request that was under way
// can still appear. Until it is known what homeserver this is, which on a busy one
// takes longer than it would be late, it may be a Dendrite.
func (o *outbox) lateness() time.Duration {
	if o.pushes.Load() {
		return late
	}
	return lateOnDendrite
}

// ownEvents returns the bot's events in a room since a time, and some before
// it, by their transaction IDs. Homeservers count everybody's events against a
// page's limit, so a busy room takes several pages.
func (o *outbox) ownEvents(ctx context.Context, room id.RoomID, since time.Time) (map[string]id.EventID, error) {
	filter := rawJSON(map[string]any{"senders": []id.UserID{o.bot}})
	query := url.Values{"dir": {"b"}, "limit": {lookBack}, "filter": {string(filter)}}
	found := map[string]id.EventID{}
	now := o.now()
	if since.After(now) { // the clock was set back: when it was, is not known
		since = time.Time{}
	}
	for range lookPages {
		address := o.hs.client.BuildClientURL("v3", "rooms", room, "messages") + "?" + query.Encode()
		page, err := o.hs.ask(ctx, address)
		if err != nil {
			if _, final := refused(err); final {
				return found, nil // the bot is not in the room; sending will tell
			}
			return nil, err
		}
		for _, e := range page.Get("chunk").Array() {
			if e.Get("sender").Str != string(o.bot) {
				continue
			}
			if txn := e.Get(`content.de\.werkraum\.txn`).Str; txn != "" {
				found[txn] = id.EventID(e.Get("event_id").Str)
			}
			at := time.UnixMilli(e.Get("origin_server_ts").Int()) // by the clock of our own homeserver
			if e.Get("unsigned.age").Exists() {
				at = happened(json.RawMessage(e.Raw), now)
			}
			if at.Before(since.Add(-clockSkew)) {
				return found, nil
			}
		}
		end := page.Get("end").Str
		if end == "" || end == query.Get("from") {
			break
		}
		query.Set("from", end)
	}
	return found, nil
}
