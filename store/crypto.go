package store

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"

	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix/id"
)

// metaShares is how often the bot's device has given room keys away.
const metaShares = "encryption_shares"

// Shares returns what PutShares kept, 0 if there is nothing.
func (s *Store) Shares(ctx context.Context) (int64, error) {
	text, err := s.meta(ctx, metaShares)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// PutShares keeps how often the bot's device has given room keys away.
func (s *Store) PutShares(ctx context.Context, n int64) error {
	_, err := s.db.write(ctx, []statement{{upsertMeta, []any{metaShares, strconv.FormatInt(n, 10)}}})
	return err
}

// metaSecrets is what opens the key store, sealed, in base64.
const metaSecrets = "encryption"

// Crypto gives mautrix's key store access to the database. Its tables begin
// with crypto_ and are migrated by it.
func (s *Store) Crypto() (*dbutil.Database, error) { return s.db.crypto() }

// Secrets returns what PutSecrets kept, nil if there is nothing.
func (s *Store) Secrets(ctx context.Context) ([]byte, error) {
	text, err := s.meta(ctx, metaSecrets)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}

// PutSecrets keeps a value that is sealed under a key, and that the key is needed.
func (s *Store) PutSecrets(ctx context.Context, sealed []byte, keyID string) error {
	_, err := s.db.write(ctx, []statement{
		{upsertMeta, []any{metaSecrets, base64.StdEncoding.EncodeToString(sealed)}},
		{upsertMeta, []any{metaKeys + metaSecrets, keyID}},
	})
	return err
}

// ForgetDevice drops an account's device and its conversations with other
// devices. The rooms' keys stay.
func (s *Store) ForgetDevice(ctx context.Context, account string) error {
	var list []statement
	for _, table := range []string{"crypto_olm_message_hash", "crypto_olm_session", "crypto_megolm_outbound_session", "crypto_account"} {
		list = append(list, statement{`DELETE FROM ` + table + ` WHERE account_id = $1`, []any{account}})
	}
	_, err := s.db.write(ctx, list)
	return err
}

// RotateAll drops the keys that an account writes to rooms with.
func (s *Store) RotateAll(ctx context.Context, account string) error {
	_, err := s.db.write(ctx, []statement{{`DELETE FROM crypto_megolm_outbound_session WHERE account_id = $1`, []any{account}}})
	return err
}

// MembersOf lists the people in a room.
func (s *Store) MembersOf(ctx context.Context, room id.RoomID) ([]id.UserID, error) {
	return all(ctx, s.db, func(r rows) (user id.UserID, err error) { return user, r.Scan((*string)(&user)) },
		`SELECT user_id FROM members WHERE room_id = $1 AND membership = 'join'`, string(room))
}
