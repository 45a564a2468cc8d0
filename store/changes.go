package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// undo is what taking a commit back needs.
type undo struct {
	Ops   []workspace.Op  `json:"ops"`
	Fresh []workspace.Key `json:"fresh,omitempty"`
}

func insertChange(seal sealer, room string, c workspace.Commit) (statement, error) {
	body, won, before, err := encodeCommit(seal, c)
	if err != nil {
		return statement{}, err
	}
	undoable := c.Change.Via != workspace.ViaBot && c.Change.Undoes == ""
	return statement{`INSERT INTO changes (room_id, seq, change_id, by_user, undoable, drawn_at, body, won, before) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		[]any{room, c.Seq, string(c.Change.ID), string(c.Change.By), flag(undoable), drawnAt(c), body, won, before}}, nil
}

// rewriteChange writes what a commit holds anew; its place, its ID and whether it
// can be taken back stay.
func rewriteChange(seal sealer, room string, c workspace.Commit) (statement, error) {
	body, won, before, err := encodeCommit(seal, c)
	if err != nil {
		return statement{}, err
	}
	return statement{`UPDATE changes SET by_user = $3, body = $4, won = $5, before = $6 WHERE room_id = $1 AND seq = $2`,
		[]any{room, c.Seq, string(c.Change.By), body, won, before}}, nil
}

func encodeCommit(seal sealer, c workspace.Commit) (body, won, before string, err error) {
	for _, part := range []struct {
		column string
		value  any
		into   *string
	}{{"body", c.Change, &body}, {"won", c.Won, &won}, {"before", undo{c.Before, c.Fresh}, &before}} {
		text, err := json.Marshal(part.value)
		if err != nil {
			return "", "", "", err
		}
		*part.into = seal.text(string(text), "changes", part.column, string(c.Change.ID))
	}
	return body, won, before, nil
}

const selectCommit = `SELECT seq, change_id, body, won, before FROM changes `

func (s *Store) scanCommit(r rows) (c workspace.Commit, err error) {
	var change, body, won, before string
	if err := r.Scan(&c.Seq, &change, &body, &won, &before); err != nil {
		return c, err
	}
	var u undo
	for _, part := range []struct {
		column, text string
		into         any
	}{{"body", body, &c.Change}, {"won", won, &c.Won}, {"before", before, &u}} {
		text, err := s.seal.plainText(part.text, "changes", part.column, change)
		if err == nil {
			err = json.Unmarshal([]byte(text), part.into)
		}
		if err != nil {
			return c, fmt.Errorf("change's row: %w", err)
		}
	}
	c.Before, c.Fresh = u.Ops, u.Fresh
	return c, nil
}

// CommitsAfter returns at most limit commits of room that follow seq, in order.
func (s *Store) CommitsAfter(ctx context.Context, room id.RoomID, seq int64, limit int) ([]workspace.Commit, error) {
	return all(ctx, s.db, s.scanCommit, selectCommit+`WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, string(room), seq, limit)
}

// CommitOf returns the commit of a change, or ErrNotFound.
func (s *Store) CommitOf(ctx context.Context, room id.RoomID, change workspace.ChangeID) (workspace.Commit, error) {
	return one(ctx, s.db, s.scanCommit, selectCommit+`WHERE room_id = $1 AND change_id = $2`, string(room), string(change))
}

// LastOf returns user's last commit that can still be undone, or ErrNotFound.
func (s *Store) LastOf(ctx context.Context, room id.RoomID, user id.UserID) (workspace.Commit, error) {
	return one(ctx, s.db, s.scanCommit, selectCommit+`WHERE room_id = $1 AND by_user = $2 AND undoable = 1 ORDER BY seq DESC LIMIT 1`, string(room), string(user))
}

// SeqsOf returns the places of those changes that are in the room's log.
func (s *Store) SeqsOf(ctx context.Context, room id.RoomID, changes []workspace.ChangeID) (map[workspace.ChangeID]int64, error) {
	found := map[workspace.ChangeID]int64{}
	for chunk := range slices.Chunk(changes, lookupsAtOnce) {
		args := make([]any, 1, lookupsAtOnce+1)
		args[0] = string(room)
		for _, c := range chunk {
			args = append(args, string(c))
		}
		for len(args) < cap(args) && len(chunk) > 1 {
			args = append(args, string(chunk[0])) // one statement for all lengths, which is prepared once
		}
		query := selectSeqs
		if len(chunk) == 1 {
			query = selectSeq
		}
		err := s.db.read(ctx, func(r rows) error {
			for r.Next() {
				var change workspace.ChangeID
				var seq int64
				if err := r.Scan((*string)(&change), &seq); err != nil {
					return err
				}
				found[change] = seq
			}
			return r.Err()
		}, query, args...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

const (
	lookupsAtOnce = 32
	selectSeq     = `SELECT change_id, seq FROM changes WHERE room_id = $1 AND change_id = $2`
	selectSeqs    = `SELECT change_id, seq FROM changes WHERE room_id = $1 AND change_id IN (
		$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
		$18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)`
)
