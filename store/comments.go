package store

import (
	"context"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Comment is a message in a card's thread.
type Comment struct {
	Event id.EventID
	Card  workspace.ItemID
	By    id.UserID
	Body  string
	At    time.Time
	// Posted is set when the message is the bot's, who posted it for By.
	Posted bool
}

const selectComment = `SELECT event_id, card, by_user, body, at, posted FROM comments `

func (s *Store) scanComment(r rows) (c Comment, err error) {
	var at int64
	var posted int
	if err := r.Scan((*string)(&c.Event), (*string)(&c.Card), (*string)(&c.By), &c.Body, &at, &posted); err != nil {
		return c, err
	}
	c.At, c.Posted = time.UnixMilli(at), posted == 1
	c.Body, err = s.seal.plainText(c.Body, "comments", "body", string(c.Event))
	return c, err
}

// Comments returns the last comments of a card, at most limit, oldest first.
func (s *Store) Comments(ctx context.Context, room id.RoomID, card workspace.ItemID, limit int) ([]Comment, error) {
	return all(ctx, s.db, s.scanComment, `SELECT event_id, card, by_user, body, at, posted FROM (`+selectComment+
		`WHERE room_id = $1 AND card = $2 ORDER BY at DESC, event_id DESC LIMIT $3) AS latest ORDER BY at, event_id`, string(room), string(card), limit)
}

// PostedFor lists the messages of a room that the bot has posted for a person.
func (s *Store) PostedFor(ctx context.Context, room id.RoomID, user id.UserID) ([]id.EventID, error) {
	return all(ctx, s.db, func(r rows) (e id.EventID, err error) { return e, r.Scan((*string)(&e)) },
		`SELECT event_id FROM comments WHERE room_id = $1 AND by_user = $2 AND posted = 1`, string(room), string(user))
}

// CommentBy returns the comment that came with an event, or ErrNotFound.
func (s *Store) CommentBy(ctx context.Context, room id.RoomID, event id.EventID) (Comment, error) {
	return one(ctx, s.db, s.scanComment, selectComment+`WHERE room_id = $1 AND event_id = $2`, string(room), string(event))
}
