package store

import (
	"context"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Mention is a person who is to be told at a time that a card was assigned to them.
type Mention struct {
	Card workspace.ItemID
	User id.UserID
	At   time.Time
}

func (m Mention) put(room string) statement {
	return statement{`INSERT INTO mentioning (room_id, card, user_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT (room_id, card, user_id) DO UPDATE SET at = excluded.at`,
		[]any{room, string(m.Card), string(m.User), m.At.UnixMilli()}}
}

func (m Mention) drop(room string) statement {
	return statement{`DELETE FROM mentioning WHERE room_id = $1 AND card = $2 AND user_id = $3`, []any{room, string(m.Card), string(m.User)}}
}

func (s *Store) mentionsOf(ctx context.Context, room id.RoomID) ([]Mention, error) {
	return all(ctx, s.db, func(r rows) (m Mention, err error) {
		var at int64
		err = r.Scan((*string)(&m.Card), (*string)(&m.User), &at)
		m.At = time.UnixMilli(at)
		return m, err
	}, `SELECT card, user_id, at FROM mentioning WHERE room_id = $1 ORDER BY at, card, user_id`, string(room))
}

// WasTold reports whether somebody was told something of a card, because of whatever day.
func (s *Store) WasTold(ctx context.Context, room id.RoomID, card workspace.ItemID, user id.UserID, what string) (bool, error) {
	list, err := all(ctx, s.db, scanTold, `SELECT card, user_id, day, what FROM told WHERE room_id = $1 AND card = $2 AND user_id = $3 AND what = $4 LIMIT 1`,
		string(room), string(card), string(user), what)
	return len(list) > 0, err
}
