package encryption

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"maunium.net/go/mautrix/crypto"

	"werkraum/store"
	"werkraum/vault"
)

// secrets are what opens the key store, and what signs the bot's devices. They
// are kept sealed under the operator's key.
type secrets struct {
	Pickle  []byte                   `json:"pickle"`
	Signing crypto.CrossSigningSeeds `json:"signing"`
}

const purpose = "encryption"

var place = vault.Place("meta", "encryption")

// readSecrets opens them, or makes them. The pickle key is made by chance; the
// signing keys come from the oldest of the operator's keys, so that a database
// that was lost does not take the bot's identity along.
func readSecrets(ctx context.Context, s *store.Store, v *vault.Vault) (*secrets, error) {
	sealed, err := s.Secrets(ctx)
	if err != nil {
		return nil, err
	}
	var kept secrets
	if sealed != nil {
		plain, err := v.Open(purpose, sealed, place)
		if err != nil {
			return nil, fmt.Errorf("open the encryption's secrets: %w", err)
		}
		if err := json.Unmarshal(plain, &kept); err != nil {
			return nil, err
		}
		if v.Current(sealed) {
			return &kept, nil
		}
	} else {
		kept.Pickle = []byte(rand.Text() + rand.Text()) // 256 bits; the store's tables take text
		kept.Signing = crypto.CrossSigningSeeds{
			MasterKey: v.Root("signing/master"), SelfSigningKey: v.Root("signing/self"), UserSigningKey: v.Root("signing/user"),
		}
	}
	plain, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	return &kept, s.PutSecrets(ctx, v.Seal(purpose, plain, place), v.KeyID())
}
