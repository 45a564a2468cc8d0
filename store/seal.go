package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"werkraum/vault"
)

// purposeWork is what the keys for people's words are derived for. It is part of what
// is stored, as the names of tables and columns are: it never changes.
const purposeWork = "work"

// ErrNoKey means that something sealed was to be read without the operator's key.
var ErrNoKey = errors.New("is sealed, and the operator's key was not given")

// UseKey hands the operator's key to the store, before anything else uses it. What is
// sealed can be read from then on; with seal, people's words are sealed when they
// are written. What was written before stays as it is, see Reseal.
func (s *Store) UseKey(ctx context.Context, key *vault.Vault, seal bool) error {
	if seal {
		if err := s.NoteKey(ctx, purposeWork, key.KeyID()); err != nil {
			return fmt.Errorf("note the key: %w", err)
		}
	}
	s.seal = sealer{key, seal}
	return nil
}

// sealer turns what people wrote into what is stored, and back. A value is bound to its
// table, its column and its own ID; not to its room, because a room's work moves as
// a whole to the room that replaces it. The zero value writes plainly.
type sealer struct {
	key *vault.Vault // nil if none was given
	on  bool
}

// Text that is stored begins with markSealed if it is sealed. Plain text that begins
// with a mark itself is told apart by markPlain.
const (
	markSealed = "sealed:"
	markPlain  = "plain:"
)

// text is what is stored in a column of text.
func (w sealer) text(plain string, place ...string) string {
	switch {
	case w.on:
		return markSealed + base64.RawStdEncoding.EncodeToString(w.key.Seal(purposeWork, []byte(plain), vault.Place(place...)))
	case strings.HasPrefix(plain, markSealed), strings.HasPrefix(plain, markPlain):
		return markPlain + plain
	}
	return plain
}

// plainText is what text was made of.
func (w sealer) plainText(stored string, place ...string) (string, error) {
	encoded, sealed := strings.CutPrefix(stored, markSealed)
	if !sealed {
		return strings.TrimPrefix(stored, markPlain), nil
	}
	bytes, err := base64.RawStdEncoding.DecodeString(encoded)
	if err == nil {
		bytes, err = w.open(bytes, place)
	}
	if err != nil {
		return "", fmt.Errorf("%s in table %s: %w", place[1], place[0], err)
	}
	return string(bytes), nil
}

// bytes is what is stored in a column of bytes, which plainly holds JSON.
func (w sealer) bytes(plain []byte, place ...string) []byte {
	if !w.on {
		return plain
	}
	return w.key.Seal(purposeWork, plain, vault.Place(place...))
}

// plainBytes is what bytes was made of.
func (w sealer) plainBytes(stored []byte, place ...string) ([]byte, error) {
	if !vault.Sealed(stored) {
		return stored, nil
	}
	plain, err := w.open(stored, place)
	if err != nil {
		return nil, fmt.Errorf("%s in table %s: %w", place[1], place[0], err)
	}
	return plain, nil
}

func (w sealer) open(sealed []byte, place []string) ([]byte, error) {
	if w.key == nil {
		return nil, ErrNoKey
	}
	return w.key.Open(purposeWork, sealed, vault.Place(place...))
}

// info is what is stored of a RoomInfo: all that people wrote in it is the room's name.
func (w sealer) info(info RoomInfo, room string) (string, error) {
	if info.Name != "" {
		info.Name = w.text(info.Name, "rooms", "name", room)
	}
	text, err := json.Marshal(info)
	return string(text), err
}

// plainInfo is what info was made of.
func (w sealer) plainInfo(stored, room string) (info RoomInfo, err error) {
	if err := json.Unmarshal([]byte(stored), &info); err != nil {
		return info, err
	}
	info.Name, err = w.plainText(info.Name, "rooms", "name", room)
	return info, err
}
