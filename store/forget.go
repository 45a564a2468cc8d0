package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// keyStoreTables are those of mautrix's key store, in an order in which they can be emptied.
var keyStoreTables = []string{
	"crypto_secrets", "crypto_cross_signing_signatures", "crypto_cross_signing_keys", "crypto_megolm_outbound_session_shared",
	"crypto_megolm_outbound_session", "crypto_megolm_inbound_session", "crypto_olm_message_hash", "crypto_olm_session", "crypto_device",
	"crypto_tracked_user", "crypto_message_index", "crypto_account",
}

// SealedWords reports whether words of people are sealed under a key that is not among ids.
func (s *Store) SealedWords(ctx context.Context, ids []string) (bool, error) {
	lists, err := all(ctx, s.db, scanText, `SELECT value FROM meta WHERE key = $1`, metaKeys+purposeWork)
	needed := strings.Fields(strings.Join(lists, " "))
	return slices.ContainsFunc(needed, func(id string) bool { return !slices.Contains(ids, id) }), err
}

// ForgetEncryption empties the key store, whose keys nothing opens any more, and forgets
// that it needed one. The bot gets a new device with the next start.
func (s *Store) ForgetEncryption(ctx context.Context) error {
	kept, err := s.Crypto()
	if err != nil {
		return err
	}
	there, err := kept.TableExists(ctx, "crypto_account")
	if err != nil {
		return fmt.Errorf("look for the key store: %w", err)
	}
	list := []statement{
		{`DELETE FROM meta WHERE key = $1`, []any{metaSecrets}},
		{`DELETE FROM meta WHERE key LIKE '` + metaKeys + `%' AND key <> $1`, []any{metaKeys + purposeWork}},
	}
	for _, table := range keyStoreTables {
		if there {
			list = append(list, statement{sql: `DELETE FROM ` + table})
		}
	}
	_, err = s.db.write(ctx, list)
	return err
}
