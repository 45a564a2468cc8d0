// Package encryption is the bot's device: what it takes to read and write in
// encrypted rooms (client-server API, end-to-end encryption). It works beside
// the rooms' workers and holds no work.
package encryption

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/vault"
)

// Config is what a device needs.
type Config struct {
	// Client is the device's own; it begins with the application service's token.
	Client *mautrix.Client
	User   id.UserID
	Store  *store.Store
	Vault  *vault.Vault
	// KeyArrived is told of every room key, from the goroutine that took it in.
	KeyArrived func(room id.RoomID, session id.SessionID)
	Log        zerolog.Logger
}

// Device is the bot's device. Its methods may be called at the same time.
type Device struct {
	Config
	client *mautrix.Client
	keys   *crypto.SQLCryptoStore
	mach   *crypto.OlmMachine
	rooms  *rooms

	token  atomic.Pointer[string] // of the last login; nil where the application service manages the device
	echoes sync.Map               // of nonces that were sent to this device: chan struct{}
	signed atomic.Bool

	strangers strangers
	counting  sync.Mutex // held while it is counted that keys are given away

	mu     sync.Mutex
	tried  map[id.UserID]time.Time // when a person's devices were last asked for in vain
	absent map[id.RoomID]absent
	low    chan int // one-time keys that are left
	now    func() time.Time
}

// displayName is what people see in their list of the bot's devices.
const displayName = "Werkraum"

// Open makes the device known to the homeserver, or finds it again. Where
// syncs is set, the homeserver tells a device what concerns it by /sync alone
// (Dendrite), so it logs in; elsewhere the application service manages it
// (MSC4190) and is told by transactions (MSC2409, MSC3202). ctx ends what the
// device does by itself.
func Open(ctx context.Context, c Config, syncs bool) (*Device, error) {
	d := &Device{
		Config: c, client: c.Client, tried: map[id.UserID]time.Time{}, absent: map[id.RoomID]absent{}, now: time.Now, low: make(chan int, 1),
	}
	d.client.Client = d.Over(c.Client.Client)
	secrets, err := readSecrets(ctx, c.Store, c.Vault)
	if err != nil {
		return nil, err
	}
	db, err := c.Store.Crypto()
	if err != nil {
		return nil, err
	}
	openKeys := func() { d.keys = crypto.NewSQLCryptoStore(db, nil, string(c.User), "", secrets.Pickle) }
	openKeys()
	if err := d.keys.DB.Upgrade(ctx); err != nil {
		return nil, fmt.Errorf("migrate the key store: %w", err)
	}
	d.rooms = &rooms{store: c.Store, settings: map[id.RoomID]settings{}}
	if err := d.enter(ctx, syncs); err != nil {
		return nil, err
	}
	err = d.load(ctx)
	if errors.Is(err, errOtherDevice) {
		// The database and the homeserver know different keys of the device: one of
		// the two was set back or lost its own. A new device mends that.
		d.Log.Warn().Stringer("device_id", d.client.DeviceID).Msg("The homeserver knows the bot's device by other keys; making a new device")
		if err = d.forget(ctx); err == nil {
			openKeys() // it remembers the old one
			err = d.enter(ctx, syncs)
		}
		if err == nil {
			err = d.load(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := d.sign(ctx, secrets.Signing); err != nil {
		// It works all the same; clients show that the device is not verified.
		d.Log.Warn().Err(err).Msg("Could not cross-sign the bot's device; clients will show it as not verified")
	}
	go d.refill(ctx)
	return d, nil
}

// enter finds the device's ID and has the homeserver let it in.
func (d *Device) enter(ctx context.Context, syncs bool) error {
	known, err := d.keys.FindDeviceID(ctx)
	if err != nil {
		return fmt.Errorf("find the device: %w", err)
	}
	if !syncs {
		// Without a device: one that was forgotten would be asked for in its own name.
		d.client.DeviceID, d.client.SetAppServiceDeviceID = "", false
		d.client.SetAppServiceUserID = true // without it Synapse mistakes whose device it is
		if err = d.client.CreateDeviceMSC4190(ctx, known, displayName); err != nil {
			return fmt.Errorf("make the device (MSC4190): %w", err)
		}
	} else {
		if d.client.DeviceID, err = d.logIn(ctx, known); err != nil {
			return err
		}
	}
	d.keys.DeviceID = d.client.DeviceID
	return nil
}

// logIn gets a token for the device, which is made if known is "".
func (d *Device) logIn(ctx context.Context, known id.DeviceID) (id.DeviceID, error) {
	resp, err := d.client.Login(ctx, &mautrix.ReqLogin{
		Type: mautrix.AuthTypeAppservice, Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: d.User.Localpart()},
		DeviceID: known, InitialDeviceDisplayName: displayName,
	})
	if err != nil {
		return "", fmt.Errorf("log the device in: %w", err)
	}
	d.token.Store(&resp.AccessToken)
	return resp.DeviceID, nil
}

// LogIn gets a new token for a device whose login was ended. If the device was
// taken away with it, it is made known again, with the keys that it had.
func (d *Device) LogIn(ctx context.Context) error {
	if _, err := d.logIn(ctx, d.client.DeviceID); err != nil {
		return err
	}
	there, err := d.published(ctx)
	if err != nil || len(there.Keys) > 0 {
		return err
	}
	d.mach.GetAccount().Shared = false
	if err := d.mach.ShareKeys(ctx, -1); err != nil {
		return fmt.Errorf("upload the device's keys: %w", err)
	}
	return d.mach.SignOwnDevice(ctx, d.mach.OwnIdentity())
}

// published are the device's public keys as the homeserver knows them.
func (d *Device) published(ctx context.Context) (mautrix.DeviceKeys, error) {
	resp, err := d.client.QueryKeys(ctx, &mautrix.ReqQueryKeys{DeviceKeys: mautrix.DeviceKeysRequest{d.User: {d.client.DeviceID}}})
	if err != nil {
		return mautrix.DeviceKeys{}, fmt.Errorf("ask for the device's keys: %w", err)
	}
	return resp.DeviceKeys[d.User][d.client.DeviceID], nil
}

var errOtherDevice = errors.New("the homeserver knows the device by other keys")

// load reads the device's own keys, and sees to it that the homeserver has the
// public ones.
func (d *Device) load(ctx context.Context) error {
	quiet := zerolog.Nop() // it logs who talks to whom, at warning level too
	d.mach = crypto.NewOlmMachine(d.client, &quiet, d.keys, d.rooms)
	d.mach.SetBackgroundCtx(ctx)
	d.mach.DisableRatchetTracking = true
	d.mach.DisableDecryptKeyFetching = true // it would hold up a room; see fresh
	d.mach.IgnorePostDecryptionParseErrors = true
	d.mach.SessionReceived = func(_ context.Context, room id.RoomID, session id.SessionID, _ uint32) { d.KeyArrived(room, session) }
	if err := d.mach.Load(ctx); err != nil {
		return fmt.Errorf("load the device's keys: %w", err)
	}
	there, err := d.published(ctx)
	if err != nil {
		return err
	}
	own, account := d.mach.OwnIdentity(), d.mach.GetAccount()
	known := len(there.Keys) > 0
	switch {
	case known && there.Keys.GetEd25519(d.client.DeviceID) != own.SigningKey, !known && account.Shared:
		return errOtherDevice
	case !account.Shared:
		if err := d.catchUp(ctx); err != nil { // a new device may come after one that is forgotten
			return err
		}
	default:
		if back, err := d.wasSetBack(ctx); err != nil {
			return err
		} else if back {
			return errOtherDevice
		}
	}
	if known && !account.Shared { // a stop came between telling and noting it
		account.Shared = true
		if err := d.keys.PutAccount(ctx, account); err != nil {
			return err
		}
	}
	old := account.Shared
	err = d.mach.ShareKeys(ctx, -1) // it asks how many one-time keys are left
	var answer mautrix.HTTPError
	if old && errors.As(err, &answer) && answer.IsStatus(http.StatusBadRequest) {
		return errOtherDevice // it has others of the same names
	}
	if err != nil {
		return fmt.Errorf("upload the device's keys: %w", err)
	}
	// What an earlier run wrote with may be set back: nobody reads what is written
	// with the same part of a key twice.
	return d.Store.RotateAll(ctx, string(d.User))
}

// sign has the bot's own signing key vouch for the device, so that people whose
// clients refuse unverified devices can talk to it (MSC4153). The signing key
// comes from the operator's key: it is the same on every device that ever was.
func (d *Device) sign(ctx context.Context, seeds crypto.CrossSigningSeeds) error {
	if err := d.mach.ImportCrossSigningKeys(seeds); err != nil {
		return err
	}
	own := d.mach.OwnIdentity()
	resp, err := d.client.QueryKeys(ctx, &mautrix.ReqQueryKeys{DeviceKeys: mautrix.DeviceKeysRequest{d.User: {}}})
	if err != nil {
		return err
	}
	keys := d.mach.CrossSigningKeys.PublicKeys()
	master, published := resp.MasterKeys[d.User]
	if !published || master.FirstKey() != keys.MasterKey {
		refuse := func(*mautrix.RespUserInteractive) any { return nil }
		if err := d.mach.PublishCrossSigningKeys(ctx, d.mach.CrossSigningKeys, refuse); err != nil {
			return fmt.Errorf("publish the signing keys: %w", err)
		}
	}
	device := resp.DeviceKeys[d.User][d.client.DeviceID]
	if _, signed := device.Signatures[d.User][id.NewKeyID(id.KeyAlgorithmEd25519, keys.SelfSigningKey.String())]; !signed {
		if err := d.mach.SignOwnDevice(ctx, own); err != nil {
			return err
		}
	}
	d.signed.Store(true)
	return nil
}

// Signed reports whether the device is cross-signed.
func (d *Device) Signed() bool { return d.signed.Load() }

// forget drops the device, but not the rooms' keys: they still open what was
// said to it.
func (d *Device) forget(ctx context.Context) error {
	method, address := http.MethodDelete, d.client.BuildClientURL("v3", "devices", d.client.DeviceID)
	if d.token.Load() != nil { // who has logged in takes the device along by logging out
		method, address = http.MethodPost, d.client.BuildClientURL("v3", "logout")
	}
	if _, err := d.client.MakeRequest(ctx, method, address, map[string]any{}, nil); err != nil {
		d.Log.Debug().Msg("The homeserver keeps the old device")
	}
	return d.Store.ForgetDevice(ctx, string(d.User))
}
