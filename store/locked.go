package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"
)

// Locked is an encrypted event whose key has not come.
type Locked struct {
	Event    id.EventID
	Sender   id.UserID
	Session  id.SessionID // names the key
	Received time.Time
	Content  json.RawMessage // of m.room.encrypted
}

// lockedOf lists a room's locked events in the order in which they came.
func (s *Store) lockedOf(ctx context.Context, room id.RoomID) ([]Locked, error) {
	return all(ctx, s.db, func(r rows) (l Locked, err error) {
		var at int64
		var body []byte
		err = r.Scan((*string)(&l.Event), (*string)(&l.Sender), (*string)(&l.Session), &at, &body)
		l.Received, l.Content = time.UnixMilli(at), body
		return l, err
	}, `SELECT event_id, sender, session_id, received_at, body FROM locked WHERE room_id = $1 ORDER BY received_at, event_id`, string(room))
}

func (l Locked) insert(room string) statement {
	return statement{`INSERT INTO locked (room_id, event_id, sender, session_id, received_at, body) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (room_id, event_id) DO NOTHING`,
		[]any{room, string(l.Event), string(l.Sender), storable(string(l.Session)), l.Received.UnixMilli(), []byte(l.Content)}}
}

// EncryptedRoom is an encrypted room.
type EncryptedRoom struct {
	Room
	Locked bool // it has events whose key has not come
}

// EncryptedRooms lists the encrypted rooms that the bot is in.
func (s *Store) EncryptedRooms(ctx context.Context) ([]EncryptedRoom, error) {
	locked, err := all(ctx, s.db, scanRoomID, `SELECT DISTINCT room_id FROM locked`)
	if err != nil {
		return nil, err
	}
	list, err := all(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms WHERE joined = 1`)
	var encrypted []EncryptedRoom
	for _, room := range list {
		if room.Info.Encrypted {
			encrypted = append(encrypted, EncryptedRoom{room, slices.Contains(locked, room.ID)})
		}
	}
	return encrypted, err
}

// IsEncrypted reports whether a room is known to be encrypted.
func (s *Store) IsEncrypted(ctx context.Context, room id.RoomID) (bool, error) {
	list, err := all(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms WHERE room_id = $1`, string(room))
	return len(list) > 0 && list[0].Info.Encrypted, err
}
