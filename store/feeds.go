package store

import (
	"context"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Feed is a private calendar. A person has one for each room, one for each board, and one
// for all that is theirs.
type Feed struct {
	Hash  string // SHA-256 of the token, hexadecimal; "" in one that ends
	User  id.UserID
	Room  id.RoomID        // "" for all rooms
	Board workspace.ItemID // "" for all boards
}

// put replaces the person's former calendar of the same; without a hash it ends, and that
// of a room ends with those of its boards.
func (f Feed) put() []statement {
	if f.Hash == "" && f.Board == "" {
		return []statement{{`DELETE FROM feeds WHERE user_id = $1 AND room_id = $2`, []any{string(f.User), string(f.Room)}}}
	}
	list := []statement{{`DELETE FROM feeds WHERE user_id = $1 AND room_id = $2 AND board = $3`, []any{string(f.User), string(f.Room), string(f.Board)}}}
	if f.Hash != "" {
		list = append(list, statement{
			`INSERT INTO feeds (hash, user_id, room_id, board) VALUES ($1, $2, $3, $4)`,
			[]any{f.Hash, string(f.User), string(f.Room), string(f.Board)},
		})
	}
	return list
}

const selectFeed = `SELECT hash, user_id, room_id, board FROM feeds `

// FeedBy returns the calendar with that hash, or ErrNotFound.
func (s *Store) FeedBy(ctx context.Context, hash string) (Feed, error) {
	return one(ctx, s.db, scanFeed, selectFeed+`WHERE hash = $1`, hash)
}

func scanFeed(r rows) (f Feed, err error) {
	return f, r.Scan(&f.Hash, (*string)(&f.User), (*string)(&f.Room), (*string)(&f.Board))
}
