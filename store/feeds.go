package store

import (
	"context"

	"maunium.net/go/mautrix/id"
)

// Feed is a private calendar. A person has one for each room, and one for all that is
// theirs.
type Feed struct {
	Hash string // SHA-256 of the token, hexadecimal; "" in one that ends
	User id.UserID
	Room id.RoomID // "" for all rooms
}

// put replaces the person's former calendar of the same room; without a hash it ends.
func (f Feed) put() []statement {
	list := []statement{{`DELETE FROM feeds WHERE user_id = $1 AND room_id = $2`, []any{string(f.User), string(f.Room)}}}
	if f.Hash != "" {
		list = append(list, statement{`INSERT INTO feeds (hash, user_id, room_id) VALUES ($1, $2, $3)`, []any{f.Hash, string(f.User), string(f.Room)}})
	}
	return list
}

// FeedBy returns the calendar with that hash, or ErrNotFound.
func (s *Store) FeedBy(ctx context.Context, hash string) (Feed, error) {
	return one(ctx, s.db, scanFeed, `SELECT hash, user_id, room_id FROM feeds WHERE hash = $1`, hash)
}

func scanFeed(r rows) (f Feed, err error) {
	return f, r.Scan(&f.Hash, (*string)(&f.User), (*string)(&f.Room))
}
