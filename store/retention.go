package store

import (
	"context"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// CommentsBefore lists at most limit comments of a room from before a time, the
// oldest first.
func (s *Store) CommentsBefore(ctx context.Context, room id.RoomID, t time.Time, limit int) ([]Comment, error) {
	return all(ctx, s.db, s.scanComment, selectComment+`WHERE room_id = $1 AND at < $2 ORDER BY at LIMIT $3`, string(room), t.UnixMilli(), limit)
}

// LogBefore returns the last commit of a room that was made before a time, among
// the limit oldest, and how many those are. What the room has not heard of is
// left out.
func (s *Store) LogBefore(ctx context.Context, room id.RoomID, published int64, t time.Time, limit int) (last int64, n int, err error) {
	oldest, err := all(ctx, s.db, s.scanCommit, selectCommit+`WHERE room_id = $1 AND seq <= $2 ORDER BY seq LIMIT $3`, string(room), published, limit)
	for _, c := range oldest {
		if !c.Change.At.Wall().Before(t) {
			break
		}
		last, n = c.Seq, n+1
	}
	return last, n, err
}

// RoomsWithLifetime lists the rooms that the bot is in and whose messages have an end.
func (s *Store) RoomsWithLifetime(ctx context.Context) ([]id.RoomID, error) {
	rooms, err := all(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms WHERE joined = 1`)
	var list []id.RoomID
	for _, r := range rooms {
		if r.Info.Lifetime > 0 {
			list = append(list, r.ID)
		}
	}
	return list, err
}

// RewriteLog goes through a room's log from a commit on and stores those that f
// says it has altered. Commits are never added to or taken from under it: the room
// belongs to the caller.
func (s *Store) RewriteLog(ctx context.Context, room id.RoomID, from int64, f func(*workspace.Commit) bool) error {
	for after := from - 1; ; {
		commits, err := s.CommitsAfter(ctx, room, after, logPage)
		if err != nil {
			return err
		}
		var list []statement
		for _, c := range commits {
			after = c.Seq
			if !f(&c) {
				continue
			}
			st, err := rewriteChange(s.seal, string(room), c)
			if err != nil {
				return err
			}
			list = append(list, st)
		}
		if len(list) > 0 {
			if _, err := s.db.write(ctx, list); err != nil {
				return err
			}
		}
		if len(commits) < logPage {
			return nil
		}
	}
}
