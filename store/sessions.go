package store

import (
	"context"
	"fmt"
	"time"

	"maunium.net/go/mautrix/id"
)

// Session is a person's sign-in to one room's page.
type Session struct {
	Hash    string // SHA-256 of the token, hexadecimal; the token is not kept
	User    id.UserID
	Room    id.RoomID
	Expires time.Time
}

// Link is a one-time link; redeeming it makes a Session.
type Link Session

// DirectRoom is the direct chat between a person and the bot.
type DirectRoom struct {
	User id.UserID
	Room id.RoomID
}

func scanSession(r rows) (s Session, err error) {
	var at int64
	err = r.Scan(&s.Hash, (*string)(&s.User), (*string)(&s.Room), &at)
	s.Expires = time.UnixMilli(at)
	return s, err
}

// PutSession stores a session.
func (s *Store) PutSession(ctx context.Context, n Session) error {
	_, err := s.db.write(ctx, []statement{{`INSERT INTO sessions (hash, user_id, room_id, expires_at) VALUES ($1, $2, $3, $4)`,
		[]any{n.Hash, string(n.User), string(n.Room), n.Expires.UnixMilli()}}})
	return err
}

// Session returns the session with that hash, expired or not, or ErrNotFound.
func (s *Store) Session(ctx context.Context, hash string) (Session, error) {
	return one(ctx, s.db, scanSession, `SELECT hash, user_id, room_id, expires_at FROM sessions WHERE hash = $1`, hash)
}

// DropSession ends a session.
func (s *Store) DropSession(ctx context.Context, hash string) error {
	_, err := s.db.write(ctx, []statement{{`DELETE FROM sessions WHERE hash = $1`, []any{hash}}})
	return err
}

// TakeLink redeems a link: only one of any number of callers gets it, the
// others get ErrNotFound.
func (s *Store) TakeLink(ctx context.Context, hash string) (Link, error) {
	link, err := one(ctx, s.db, scanSession, `SELECT hash, user_id, room_id, expires_at FROM links WHERE hash = $1`, hash)
	if err != nil {
		return Link{}, err
	}
	changed, err := s.db.write(ctx, []statement{{`DELETE FROM links WHERE hash = $1`, []any{hash}}})
	if err != nil {
		return Link{}, fmt.Errorf("take link: %w", err)
	}
	if changed[0] == 0 {
		return Link{}, ErrNotFound
	}
	return Link(link), nil
}

// DirectRoomOf returns the direct chat with user, or ErrNotFound.
func (s *Store) DirectRoomOf(ctx context.Context, user id.UserID) (id.RoomID, error) {
	return one(ctx, s.db, scanRoomID, `SELECT room_id FROM direct_rooms WHERE user_id = $1`, string(user))
}

// DirectRooms lists the direct chats with the bot.
func (s *Store) DirectRooms(ctx context.Context) ([]id.RoomID, error) {
	return all(ctx, s.db, scanRoomID, `SELECT room_id FROM direct_rooms`)
}
