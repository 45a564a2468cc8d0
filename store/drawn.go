package store

import (
	"context"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

// drawnAt is when a commit was made if it concerns only what lies on whiteboards, else 0.
func drawnAt(c workspace.Commit) int64 {
	for _, op := range c.Change.Ops {
		if whiteboard.On(op.Kind, op.Item) == "" {
			return 0
		}
	}
	if len(c.Change.Ops) == 0 {
		return 0
	}
	return max(c.Change.At.Wall().UnixMilli(), 1)
}

// RoomsWithDrawing lists the rooms that the bot is in and whose log holds changes of drawing
// from before a time.
func (s *Store) RoomsWithDrawing(ctx context.Context, before time.Time) ([]id.RoomID, error) {
	return all(ctx, s.db, scanRoomID, `SELECT r.room_id FROM rooms r WHERE r.joined = 1 AND EXISTS (
		SELECT 1 FROM changes c WHERE c.room_id = r.room_id AND c.drawn_at > 0 AND c.drawn_at < $1 AND c.seq <= r.published AND c.seq <= r.seq - $2)
		AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.room_id = r.room_id) ORDER BY r.room_id`,
		before.UnixMilli(), KeptCommits)
}

// KeptCommits is how many of a room's last commits stay in its log whatever they are: pages
// catch up from them.
const KeptCommits = 2000

// DrawnBefore returns the last of the oldest changes of drawing in a room's log that were made
// before a time, of at most limit, and how many those are. What lies after last is left out, and
// everything in a room in which something waits to be sent: if the homeserver does not take it,
// the changes in it are published anew.
func (s *Store) DrawnBefore(ctx context.Context, room id.RoomID, last int64, before time.Time, limit int) (seq int64, n int, err error) {
	list, err := all(ctx, s.db, func(r rows) (seq int64, err error) { return seq, r.Scan(&seq) },
		`SELECT seq FROM changes WHERE room_id = $1 AND seq <= $2 AND drawn_at > 0 AND drawn_at < $3
			AND NOT EXISTS (SELECT 1 FROM outbox WHERE room_id = $1) ORDER BY seq LIMIT $4`, string(room), last, before.UnixMilli(), limit)
	if err != nil || len(list) == 0 {
		return 0, 0, err
	}
	return list[len(list)-1], len(list), nil
}
