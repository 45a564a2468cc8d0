package encryption

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/vault"
)

const fuzzBot = id.UserID("@werkraum:amt.example")

// nobody is a homeserver that knows nothing.
type nobody struct{}

func (nobody) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"errcode":"M_NOT_FOUND","error":"no"}`))}, nil
}

// lonely is a device with a key store of its own, on a homeserver that knows nothing.
func lonely(tb testing.TB) *Device {
	tb.Helper()
	db, err := store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "w.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	kept, err := db.Crypto()
	if err != nil {
		tb.Fatal(err)
	}
	d := &Device{Config: Config{User: fuzzBot, Store: db, Log: zerolog.Nop(), KeyArrived: func(id.RoomID, id.SessionID) {}}, tried: map[id.UserID]time.Time{}, low: make(chan int, 1), now: time.Now}
	if d.client, err = mautrix.NewClient("http://homeserver.example", fuzzBot, "token"); err != nil {
		tb.Fatal(err)
	}
	d.client.Client, d.client.Log, d.client.DeviceID = &http.Client{Transport: nobody{}}, zerolog.Nop(), "GERAET"
	d.keys = crypto.NewSQLCryptoStore(kept, nil, string(fuzzBot), "GERAET", []byte("pickle"))
	if err := d.keys.DB.Upgrade(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	d.rooms = &rooms{store: db, settings: map[id.RoomID]settings{}}
	quiet := zerolog.Nop()
	d.mach = crypto.NewOlmMachine(d.client, &quiet, d.keys, d.rooms)
	d.mach.DisableRatchetTracking, d.mach.DisableDecryptKeyFetching, d.mach.IgnorePostDecryptionParseErrors = true, true, true
	d.mach.SessionReceived = func(_ context.Context, room id.RoomID, session id.SessionID, _ uint32) { d.KeyArrived(room, session) }
	if err := d.mach.Load(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	if err := d.keys.PutAccount(tb.Context(), d.mach.GetAccount()); err != nil {
		tb.Fatal(err)
	}
	return d
}

// FuzzTake takes in what a delivery holds beside events: anybody on any server may send it
// to the device. The device's own identity stays, and no room's key comes of it in plain.
func FuzzTake(f *testing.F) {
	d := lonely(f)
	var arrived int
	d.KeyArrived = func(id.RoomID, id.SessionID) { arrived++ }
	own := *d.mach.OwnIdentity()
	for _, seed := range []string{
		`{"to_device":[{"type":"m.room.encrypted","sender":"@a:x","content":{"algorithm":"m.olm.v1.curve25519-aes-sha2","sender_key":"3Lz0P6ZYbvYXmVqPZ3Y4ZkqKpHqZ7Z1p1q1ZyZ3xYzk","ciphertext":{"KEY":{"type":0,"body":"AwogAA"}}}}]}`,
		`{"to_device":[{"type":"m.room.encrypted","sender":"@a:x","content":{"algorithm":"m.olm.v1.curve25519-aes-sha2","sender_key":"3Lz0P6ZYbvYXmVqPZ3Y4ZkqKpHqZ7Z1p1q1ZyZ3xYzk","ciphertext":{"KEY":{"type":1,"body":"AwogAA"}}}}]}`,
		`{"de.sorunome.msc2409.to_device":[{"type":"m.room_key","sender":"@a:x","content":{"algorithm":"m.megolm.v1.aes-sha2","room_id":"!r:x","session_id":"s","session_key":"AgAAAA"}}]}`,
		`{"to_device":[{"type":"m.room_key_request","sender":"@a:x","content":{"action":"request","requesting_device_id":"D","request_id":"1"}}]}`,
		`{"to_device":[{"type":"m.room_key_request","sender":"@werkraum:amt.example","content":{"action":"request","body":{"room_id":"!r:x","session_id":"s"},"requesting_device_id":"D","request_id":"1"}}]}`,
		`{"to_device":[{"type":"m.secret.request","sender":"@werkraum:amt.example","content":{"action":"request","name":"m.cross_signing.master","requesting_device_id":"D","request_id":"1"}}]}`,
		`{"to_device":[{"type":"m.room_key.withheld","sender":"@a:x","content":{"room_id":"!r:x","session_id":"s","code":"m.unverified"}},{"type":"m.forwarded_room_key","sender":"@a:x","content":{}},{"type":"m.dummy"},1,null]}`,
		`{"device_lists":{"changed":["@a:x",1,"` + strings.Repeat("a", 300) + `"],"left":[]},"device_one_time_keys_count":{"signed_curve25519":-1e99}}`,
		`{"org.matrix.msc3202.device_one_time_keys_count":{"@werkraum:amt.example":{"GERAET":{"signed_curve25519":"x"}}},"to_device":{"a":[]}}`, `{}`, `[]`, `null`,
	} {
		f.Add(strings.ReplaceAll(seed, "KEY", string(own.IdentityKey)))
	}
	f.Fuzz(func(t *testing.T, delivery string) {
		if !json.Valid([]byte(delivery)) {
			return // the intake refuses it
		}
		_ = Concerns([]byte(delivery))
		d.Take(t.Context(), []byte(delivery))
		select {
		case <-d.low:
		default:
		}
		if now := d.mach.OwnIdentity(); now.IdentityKey != own.IdentityKey || now.SigningKey != own.SigningKey {
			t.Error("the device became another one")
		}
		if arrived > 0 {
			t.Error("a room's key came without encryption")
		}
	})
}

// FuzzDecrypt reads events of encrypted rooms that nobody has given a key for: there is
// never a content.
func FuzzDecrypt(f *testing.F) {
	d := lonely(f)
	for _, seed := range []string{
		`{"algorithm":"m.megolm.v1.aes-sha2","ciphertext":"AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg2yyOwAtHaZTwyNg37afzg8f3r9IsN9r4RNFg7MaZencUJe4qvELiDiopUjy5wYVDAtqdBzer5bWRD9ldxp1FLgbQvBcjkkywYjCsmsq6+hArILd9oAQZnGKn/qLsK+5uNX3PaWzDRC9wZPQvWYYPCTov3jCwXKTPsLKIiTrcCXDqMvnn8m+T3zF/I2zqxg158tnUwWWIw51UO","device_id":"D","sender_key":"k","session_id":"s"}`,
		`{"algorithm":"m.megolm.v1.aes-sha2","ciphertext":"","session_id":""}`, `{"algorithm":"m.olm.v1.curve25519-aes-sha2","ciphertext":{}}`, `{"algorithm":1}`, `{}`, `[]`, `null`, `"x"`, ``,
		`{"algorithm":"m.megolm.v1.aes-sha2","ciphertext":"\ud800","session_id":"` + strings.Repeat("s", 300) + `"}`, `{"algorithm":"de.example","ciphertext":[{}]}`,
	} {
		f.Add("$e", "!r:x", "@a:x", seed)
	}
	f.Fuzz(func(t *testing.T, ev, room, sender, content string) {
		if !gjson.Valid(content) {
			return
		}
		e := Encrypted{Event: id.EventID(ev), Room: id.RoomID(room), Sender: id.UserID(sender), Content: json.RawMessage(content)}
		if kind, clear, err := d.Decrypt(t.Context(), e); err == nil || clear != nil || kind != "" {
			t.Errorf("%q became %s %s, %v", content, kind, clear, err)
		}
		if key, err := d.keys.GetGroupSession(t.Context(), e.Room, e.Session()); key != nil || err != nil {
			t.Errorf("there is a key for %q", e.Session())
		}
	})
}

// The secrets outlast a change of the operator's key; afterwards the old one is not needed.
func TestSecretsMoveToTheNewKey(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "w.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	oldLine, newLine := vault.NewLine(), vault.NewLine()
	var first *secrets
	for _, lines := range []string{oldLine, newLine + "\n" + oldLine, newLine} {
		v, err := vault.Parse([]byte(lines))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := readSecrets(t.Context(), db, v)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = kept
		}
		if string(kept.Pickle) != string(first.Pickle) || string(kept.Signing.MasterKey) != string(first.Signing.MasterKey) {
			t.Errorf("other secrets with %v", v)
		}
		if needed, err := db.Keys(t.Context()); err != nil || len(needed) != 1 || needed[0] != v.KeyID() {
			t.Errorf("with %v the database needs %v, %v", v, needed, err)
		}
	}
}
