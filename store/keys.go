package store

import (
	"context"
	"slices"
	"strings"
)

// metaKeys and a purpose name the row of meta with the IDs of the keys under which
// something of that purpose is sealed, with spaces between.
const metaKeys = "keys:"

// Keys lists the IDs of the operator's keys under which something in the database is
// sealed. Without one of them it cannot be read.
func (s *Store) Keys(ctx context.Context) ([]string, error) {
	lists, err := all(ctx, s.db, scanText, `SELECT value FROM meta WHERE key LIKE '`+metaKeys+`%' ORDER BY key`)
	var ids []string
	for _, list := range lists {
		for id := range strings.FieldsSeq(list) {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, err
}

// NoteKey remembers that something is sealed under a key for a purpose. Whoever seals
// calls it first, so that the program never starts without a key that is needed.
func (s *Store) NoteKey(ctx context.Context, purpose, keyID string) error {
	known, err := all(ctx, s.db, scanText, `SELECT value FROM meta WHERE key = $1`, metaKeys+purpose)
	if err != nil {
		return err
	}
	ids := strings.Fields(strings.Join(known, " "))
	if slices.Contains(ids, keyID) {
		return nil
	}
	return s.setKeys(ctx, purpose, append(ids, keyID))
}

// setKeys remembers that nothing of a purpose is sealed under any key but these.
func (s *Store) setKeys(ctx context.Context, purpose string, ids []string) error {
	_, err := s.db.write(ctx, []statement{{upsertMeta, []any{metaKeys + purpose, strings.Join(ids, " ")}}})
	return err
}
