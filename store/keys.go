package store

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// metaKeys are the IDs of the keys under which something is sealed, with spaces between.
const metaKeys = "keys"

// Keys lists the IDs of the operator's keys under which something in the database is
// sealed. Without one of them it cannot be read.
func (s *Store) Keys(ctx context.Context) ([]string, error) {
	text, err := s.meta(ctx, metaKeys)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return strings.Fields(text), err
}

// NoteKey remembers that something is sealed under a key. Whoever seals calls it first,
// so that the program never starts without a key that the database needs.
func (s *Store) NoteKey(ctx context.Context, keyID string) error {
	known, err := s.Keys(ctx)
	if err != nil || slices.Contains(known, keyID) {
		return err
	}
	return s.setKeys(ctx, append(known, keyID))
}

func (s *Store) setKeys(ctx context.Context, ids []string) error {
	_, err := s.db.write(ctx, []statement{{upsertMeta, []any{metaKeys, strings.Join(ids, " ")}}})
	return err
}
