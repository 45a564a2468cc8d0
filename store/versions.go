package store

import (
	"context"
	"fmt"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

// Version is what lay on a whiteboard when a version of it was kept (whiteboard.Pack).
type Version struct {
	ID      workspace.ItemID
	Content []byte
}

func (v Version) put(seal sealer, room string) statement {
	return statement{`INSERT INTO versions (room_id, version, content) VALUES ($1, $2, $3) ON CONFLICT (room_id, version) DO UPDATE SET content = excluded.content`,
		[]any{room, string(v.ID), seal.bytes(v.Content, "versions", "content", string(v.ID))}}
}

// VersionOf returns what a version of a whiteboard holds, or ErrNotFound.
func (s *Store) VersionOf(ctx context.Context, room id.RoomID, version workspace.ItemID) ([]byte, error) {
	v, err := one(ctx, s.db, s.scanVersion, `SELECT version, content FROM versions WHERE room_id = $1 AND version = $2`, string(room), string(version))
	return v.Content, err
}

func (s *Store) scanVersion(r rows) (v Version, err error) {
	var content []byte
	if err := r.Scan((*string)(&v.ID), &content); err != nil {
		return v, err
	}
	v.Content, err = s.seal.plainBytes(content, "versions", "content", string(v.ID))
	return v, err
}

// eachVersion goes through what all versions in a room hold, one at a time: each may be
// megabytes.
func (s *Store) eachVersion(ctx context.Context, room id.RoomID, f func(Version) error) error {
	for after := ""; ; {
		next, err := all(ctx, s.db, s.scanVersion, `SELECT version, content FROM versions WHERE room_id = $1 AND version > $2 ORDER BY version LIMIT 1`, string(room), after)
		if err != nil || len(next) == 0 {
			return err
		}
		after = string(next[0].ID)
		if err := f(next[0]); err != nil {
			return fmt.Errorf("what a version holds: %w", err)
		}
	}
}

// renamedVersions writes another name into what versions hold. Each is stored at once.
func (e *erasure) renamedVersions(ctx context.Context, dry bool) error {
	renaming := inJSON(e.Renaming)
	return e.eachVersion(ctx, e.room, func(v Version) error {
		again, differs, err := whiteboard.Repack(v.Content, renaming.Text)
		if err != nil || !differs {
			return err
		}
		e.done.Versions++
		if dry {
			return nil
		}
		v.Content = again
		_, err = e.db.write(ctx, []statement{v.put(e.seal, string(e.room))})
		return err
	})
}

// versionsNaming lists what in earlier states of whiteboards names the person who would be
// renamed.
func (s *Store) versionsNaming(ctx context.Context, room id.RoomID, naming workspace.Renaming) (list []ExportedVersion, err error) {
	raw := inJSON(naming)
	err = s.eachVersion(ctx, room, func(v Version) error {
		elements, err := whiteboard.Packed(v.Content)
		if err != nil {
			return err
		}
		shown := ExportedVersion{Version: v.ID}
		for _, e := range elements {
			if raw.Text(string(e)) != string(e) {
				shown.Elements = append(shown.Elements, e)
			}
		}
		if len(shown.Elements) > 0 {
			list = append(list, shown)
		}
		return nil
	})
	return list, err
}
