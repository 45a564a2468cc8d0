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
	// settle is how long a homeserver may still be busy with a request of an
	// earlier run that was killed.
	settle = 1500 * time.Millisecond
	// lookBack is how many of the bot's last events are looked at: what was
	// under way when a run ended is among the very last.
	lookBack = "100"
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
func (o *outbox) sentBefore(ctx context.Context, room id.RoomID, q *roomQueue, item queued) (id.EventID, error) {
	switch item.Task {
	case store.TaskSend:
	case store.TaskDirect:
		var err error
		if room, err = o.store.DirectRoomOf(ctx, item.User); errors.Is(err, store.ErrNotFound) {
			return "", nil
		} else if err != nil {
			return "", err
		}
		found, err := o.ownEvents(ctx, room)
		return found[item.TxnID], err
	default:
		return "", nil // doing it again changes nothing
	}
	if !item.inherited {
		found, err := o.ownEvents(ctx, room)
		return found[item.TxnID], err
	}
	if q.before == nil { // one look serves all that the room inherited
		if !sleep(ctx, settle-o.now().Sub(o.started)) {
			return "", ctx.Err()
		}
		found, err := o.ownEvents(ctx, room)
		if err != nil {
			return "", err
		}
		q.before = found
	}
	return q.before[item.TxnID], nil
}

// ownEvents returns the bot's last events in a room by their transaction IDs.
func (o *outbox) ownEvents(ctx context.Context, room id.RoomID) (map[string]id.EventID, error) {
	var page struct {
		Chunk []struct {
			ID      id.EventID      `json:"event_id"`
			Sender  id.UserID       `json:"sender"`
			Content json.RawMessage `json:"content"`
		} `json:"chunk"`
	}
	filter := rawJSON(map[string]any{"senders": []id.UserID{o.bot}})
	query := url.Values{"dir": {"b"}, "limit": {lookBack}, "filter": {string(filter)}}
	address := o.hs.client.BuildClientURL("v3", "rooms", room, "messages") + "?" + query.Encode()
	found := map[string]id.EventID{}
	if _, err := o.hs.client.MakeRequest(ctx, "GET", address, nil, &page); err != nil {
		if _, final := refused(err); final {
			return found, nil // the bot is not in the room; sending will tell
		}
		return nil, err
	}
	for _, e := range page.Chunk {
		var content map[string]json.RawMessage
		var txn string
		if e.Sender == o.bot && json.Unmarshal(e.Content, &content) == nil && json.Unmarshal(content[txnField], &txn) == nil {
			found[txn] = e.ID
		}
	}
	return found, nil
}
