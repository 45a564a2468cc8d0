package store

import (
	"context"
	"encoding/json"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Task is what an Outgoing asks of the homeserver.
type Task string

// The tasks there are.
const (
	TaskSend   Task = "send"   // send Content as a timeline event of EventType
	TaskState  Task = "state"  // put Content as state of EventType and StateKey
	TaskJoin   Task = "join"   // join the room, by way of the servers Via
	TaskLeave  Task = "leave"  // leave the room, or decline its invite
	TaskRedact Task = "redact" // take away Event with its edits, and what was sent by the transaction IDs Txns since Since
	TaskDirect Task = "direct" // send Content to User in a direct chat, which is made if there is none
)

// Outgoing is something to be told to the homeserver. It is stored with its
// cause and sent until the homeserver has taken or finally refused it.
type Outgoing struct {
	// TxnID is a function of the cause and unique for ever; the homeserver
	// recognises a repetition by it.
	TxnID     string          `json:"txn_id"`
	N         int64           `json:"n"` // order
	Task      Task            `json:"task"`
	EventType string          `json:"event_type,omitempty"`
	StateKey  string          `json:"state_key,omitempty"`
	Content   json.RawMessage `json:"content,omitempty"`
	Via       []string        `json:"via,omitempty"`
	User      id.UserID       `json:"user,omitempty"`
	Event     id.EventID      `json:"event,omitempty"`
	Txns      []string        `json:"txns,omitempty"`
	Since     int64           `json:"since,omitempty"` // Unix milliseconds
	Reason    string          `json:"reason,omitempty"`
	// Plain is set for the one message that may be sent unencrypted into an
	// encrypted room: that the bot cannot work there.
	Plain bool `json:"plain,omitempty"`
	// Secret is set for a direct message about an encrypted room: it is sent in an
	// encrypted chat only.
	Secret bool `json:"secret,omitempty"`
	// Lasting is set for a direct message that is of use for days; others are given up
	// when a link in them would be over.
	Lasting bool `json:"lasting,omitempty"`
	// From is set when the event publishes changes: the first commit in it.
	From int64 `json:"from,omitempty"`
	// Bulk is set where Content is more than an event may hold; Snapshot where it is all of
	// the room's work, taken when it is sent.
	Bulk     bool `json:"bulk,omitempty"`
	Snapshot bool `json:"snapshot,omitempty"`
	// Card and Shown are set when the message is a card's message: what it
	// belongs to and which Seq of the card it shows.
	Card  workspace.ItemID `json:"card,omitempty"`
	Shown int64            `json:"shown,omitempty"`
	// Said is set when the message is what User has said about Card on the page: their
	// words. It goes into the thread of the card's message.
	Said string `json:"said,omitempty"`
	// File is set when the message carries an attachment of the card.
	File string `json:"file,omitempty"`
	// Drawn is set when the message carries a whiteboard: Content says what of it, and the
	// message is made when it is sent.
	Drawn bool `json:"drawn,omitempty"`
}

// Pending is an Outgoing with its room.
type Pending struct {
	Room id.RoomID
	Outgoing
}

// Outbox returns everything that waits to be sent, in order.
func (s *Store) Outbox(ctx context.Context) ([]Pending, error) {
	return all(ctx, s.db, func(r rows) (p Pending, err error) {
		var txn, body string
		if err := r.Scan((*string)(&p.Room), &txn, &body); err != nil {
			return p, err
		}
		if body, err = s.seal.plainText(body, "outbox", "body", txn); err != nil {
			return p, err
		}
		return p, json.Unmarshal([]byte(body), &p.Outgoing)
	}, `SELECT room_id, txn_id, body FROM outbox ORDER BY n`)
}
