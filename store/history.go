package store

import (
	"context"
	"fmt"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Past says that a change, which has that place in its room's log, tells something
// of an item.
type Past struct {
	Key workspace.Key
	Seq int64
}

func (t Past) insert(room string) statement {
	return statement{`INSERT INTO change_items (room_id, kind, item_id, seq) VALUES ($1, $2, $3, $4) ON CONFLICT (room_id, kind, item_id, seq) DO NOTHING`,
		[]any{room, string(t.Key.Kind), string(t.Key.ID), t.Seq}}
}

// History returns at most limit commits that tell something of an item and lie
// before a place in the room's log, the newest first.
func (s *Store) History(ctx context.Context, room id.RoomID, item workspace.Key, before int64, limit int) ([]workspace.Commit, error) {
	return all(ctx, s.db, s.scanCommit, `SELECT c.seq, c.change_id, c.body, c.won, c.before FROM change_items i
		JOIN changes c ON c.room_id = i.room_id AND c.seq = i.seq
		WHERE i.room_id = $1 AND i.kind = $2 AND i.item_id = $3 AND i.seq < $4 ORDER BY i.seq DESC LIMIT $5`,
		string(room), string(item.Kind), string(item.ID), before, limit)
}

// NoteHistory goes through a room's log and notes which items its changes tell
// something of, as tells says. It is for logs that were written before that was noted
// with each change; doing it again changes nothing.
func (s *Store) NoteHistory(ctx context.Context, room id.RoomID, tells func(workspace.Op) bool) error {
	for after := int64(-1); ; {
		commits, err := s.CommitsAfter(ctx, room, after, logPage)
		if err != nil {
			return fmt.Errorf("note what changes tell: %w", err)
		}
		var list []statement
		for _, c := range commits {
			after = c.Seq
			for _, op := range c.Won {
				if tells(op) {
					list = append(list, Past{op.Key(), c.Seq}.insert(string(room)))
				}
			}
		}
		if len(list) > 0 {
			if _, err := s.db.write(ctx, list); err != nil {
				return fmt.Errorf("note what changes tell: %w", err)
			}
		}
		if len(commits) < logPage {
			return nil
		}
	}
}
