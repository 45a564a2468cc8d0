package encryption

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
)

const (
	bot  = id.UserID("@werkraum:a.example")
	mia  = id.UserID("@mia:b.example")
	room = id.RoomID("!projekt:a.example")
)

// homeserver answers as one that knows the bot's device and, in the room, whom it is told.
type homeserver struct {
	user    id.UserID
	mu      sync.Mutex
	device  json.RawMessage // as it was uploaded
	name    string
	members []id.UserID
	peers   map[id.UserID]*homeserver // of other people
	claim   string                    // the answer to every claim
	asked   map[string]int            // requests by the end of their path
	data    json.RawMessage
	once    map[string]json.RawMessage // one-time keys that were uploaded
	given   int                        // room keys that were given to other people's devices
}

func (h *homeserver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	path := r.URL.Path
	h.asked[path[strings.LastIndexByte(path, '/')+1:]]++
	switch {
	case strings.HasSuffix(path, "/keys/upload"):
		var upload struct {
			Device json.RawMessage            `json:"device_keys"`
			Once   map[string]json.RawMessage `json:"one_time_keys"`
		}
		if json.Unmarshal(body, &upload) == nil && upload.Device != nil {
			h.device = upload.Device
		}
		if upload.Once != nil {
			h.once = upload.Once
		}
		_, _ = w.Write([]byte(`{"one_time_key_counts":{"signed_curve25519":50}}`))
	case strings.HasSuffix(path, "/keys/query"):
		known := map[id.UserID]map[string]json.RawMessage{}
		if h.device != nil {
			known[h.user] = map[string]json.RawMessage{h.name: h.device}
		}
		for user, peer := range h.peers {
			known[user] = map[string]json.RawMessage{peer.name: peer.device}
		}
		_, _ = w.Write(encode(map[string]any{"device_keys": known}))
	case strings.HasSuffix(path, "/keys/claim"):
		_, _ = w.Write([]byte(h.claim))
	case strings.Contains(path, "/sendToDevice/m.room.encrypted/"):
		h.given += strings.Count(string(body), `"ciphertext"`)
		_, _ = w.Write([]byte(`{}`))
	case strings.Contains(path, "/account_data/") && r.Method == http.MethodPut:
		h.data = body
		_, _ = w.Write([]byte(`{}`))
	case strings.Contains(path, "/account_data/") && h.data != nil:
		_, _ = w.Write(h.data)
	case strings.HasSuffix(path, "/members"):
		var chunk []any
		for _, user := range h.members {
			chunk = append(chunk, map[string]any{"type": "m.room.member", "state_key": user, "content": map[string]any{"membership": "join"}})
		}
		_, _ = w.Write(encode(map[string]any{"chunk": chunk}))
	case r.Method == http.MethodGet:
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"errcode":"M_NOT_FOUND","error":"nothing"}`))
	default:
		if strings.Contains(path, "/devices/") {
			if name := path[strings.LastIndexByte(path, '/')+1:]; name != h.name || r.Method == http.MethodDelete {
				h.name, h.device = name, nil
			}
		}
		_, _ = w.Write([]byte(`{}`))
	}
}

// claimOf answers a claim with one of a person's one-time keys.
func claimOf(user id.UserID, h *homeserver) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, key := range h.once {
		return fmt.Sprintf(`{"one_time_keys":{%q:{%q:{%q:%s}}}}`, user, h.name, name, key)
	}
	return "{}"
}

// open makes a device; what it logs at the level of errors fails the test.
func open(t testing.TB, user id.UserID) (*Device, *homeserver) {
	t.Helper()
	return openIn(t, user, t.TempDir())
}

// openIn makes it with the database and the key file of a folder.
func openIn(t testing.TB, user id.UserID, dir string) (*Device, *homeserver) {
	t.Helper()
	h := &homeserver{user: user, asked: map[string]int{}, peers: map[id.UserID]*homeserver{}}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	d, stop := h.open(t, server, dir)
	t.Cleanup(stop)
	return d, h
}

// open makes a run's device, until it is stopped.
func (h *homeserver) open(t testing.TB, server *httptest.Server, dir string) (*Device, func()) {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, "werkraum.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "werkraum.key")
	key, err := vault.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = vault.Create(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	client, err := mautrix.NewClient(server.URL, h.user, "a")
	if err != nil {
		t.Fatal(err)
	}
	client.Client = &http.Client{Transport: server.Client().Transport}
	d, err := Open(t.Context(), Config{
		Client: client, User: h.user, Store: db, Vault: key,
		KeyArrived: func(id.RoomID, id.SessionID) {}, Log: zerolog.New(failing{t}).Level(zerolog.ErrorLevel),
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	return d, sync.OnceFunc(func() { _ = db.Close() })
}

type failing struct{ t testing.TB }

func (f failing) Write(line []byte) (int, error) {
	f.t.Errorf("the device logs %s", line)
	return len(line), nil
}

func toDeviceEvents(events ...any) []byte {
	return encode(map[string]any{"events": []any{}, "to_device": events})
}

// encode encodes what the test itself has put together.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// garbage is an event to the device that is encrypted for it, as it seems.
func garbage(d *Device, sender id.UserID, n, kind int) any {
	key := base64.RawStdEncoding.EncodeToString(fmt.Appendf(nil, "%032d", n))
	return map[string]any{"type": "m.room.encrypted", "sender": sender, "content": map[string]any{
		"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": key,
		"ciphertext": map[string]any{d.mach.OwnIdentity().IdentityKey.String(): map[string]any{"type": kind, "body": "AwogGarbage" + key}},
	}}
}

// A flood of events to the device that nobody can decrypt asks the homeserver for no more
// than a bounded number of devices, and leaves nothing running.
func TestGarbageToTheDeviceIsBounded(t *testing.T) {
	t.Parallel()
	d, h := open(t, bot)
	before := runtime.NumGoroutine()
	for n := range 5_000 {
		d.Take(t.Context(), toDeviceEvents(
			garbage(d, id.UserID(fmt.Sprintf("@eve%d:evil.example", n)), n, n%2),
			map[string]any{"type": "m.room_key_request", "sender": "@eve:evil.example", "content": map[string]any{
				"action": "request", "request_id": fmt.Sprint(n), "requesting_device_id": fmt.Sprint("EVE", n),
				"body": map[string]any{"algorithm": "m.megolm.v1.aes-sha2", "room_id": room, "session_id": fmt.Sprint(n), "sender_key": "x"},
			}},
			map[string]any{"type": "m.room_key.withheld", "sender": "@eve:evil.example", "content": map[string]any{
				"algorithm": "m.megolm.v1.aes-sha2", "room_id": fmt.Sprint("!", n, ":evil.example"), "session_id": fmt.Sprint(n), "sender_key": "x", "code": "m.unverified",
			}}))
	}
	deadline := time.After(time.Minute)
	for runtime.NumGoroutine() > before+20 {
		select {
		case <-deadline:
			t.Fatalf("%d goroutines are left, %d before", runtime.NumGoroutine(), before)
		case <-time.After(20 * time.Millisecond):
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	t.Logf("%d questions for devices after 15,000 events", h.asked["query"])
	if h.asked["query"] > 2*maxFromOthers {
		t.Errorf("the homeserver was asked %d times for devices", h.asked["query"])
	}
}

// What was encrypted is decrypted once: not as another event, not in another room, not
// altered. And what is no encrypted message at all is an error, no crash.
func TestReplayAndNonsenseAreRefused(t *testing.T) {
	t.Parallel()
	d, _ := open(t, bot)
	sealed, err := d.Encrypt(t.Context(), room, "m.room.message", json.RawMessage(`{"msgtype":"m.text","body":"!karte neu Einmal"}`))
	if err != nil {
		t.Fatal(err)
	}
	first := Encrypted{Event: "$1", Room: room, Sender: bot, Content: sealed}
	for range 2 { // the same event may come by both sources
		if kind, content, err := d.Decrypt(t.Context(), first); err != nil || kind != "m.room.message" || !bytes.Contains(content, []byte("Einmal")) {
			t.Fatalf("it is read as %s %s, %v", kind, content, err)
		}
	}
	nested, err := d.Encrypt(t.Context(), room, "m.room.encrypted", sealed)
	if err != nil {
		t.Fatal(err)
	}
	if kind, _, err := d.Decrypt(t.Context(), Encrypted{Event: "$nested", Room: room, Sender: bot, Content: nested}); err == nil && kind != "m.room.encrypted" {
		t.Errorf("what was encrypted twice is read as %s", kind)
	}
	altered := bytes.Replace(sealed, []byte(`"ciphertext":"AwgA`), []byte(`"ciphertext":"AwgB`), 1)
	for what, e := range map[string]Encrypted{
		"replayed":          {Event: "$2", Room: room, Sender: bot, Content: sealed},
		"in another room":   {Event: "$1", Room: "!andere:a.example", Sender: bot, Content: sealed},
		"altered":           {Event: "$3", Room: room, Sender: bot, Content: altered},
		"cut off":           {Event: "$4", Room: room, Sender: bot, Content: sealed[:len(sealed)/2]},
		"no JSON":           {Event: "$5", Room: room, Sender: bot, Content: json.RawMessage(`x`)},
		"an empty object":   {Event: "$6", Room: room, Sender: bot, Content: json.RawMessage(`{}`)},
		"another algorithm": {Event: "$7", Room: room, Sender: bot, Content: json.RawMessage(`{"algorithm":"m.olm.v1.curve25519-aes-sha2","ciphertext":{}}`)},
	} {
		if kind, content, err := d.Decrypt(t.Context(), e); err == nil {
			t.Errorf("%s it is read as %s %s", what, kind, content)
		}
	}
}

// A homeserver that answers a claim of one-time keys with devices that nobody asked for
// does not keep the room from being spoken to.
func TestClaimAnsweredWithOtherDevices(t *testing.T) {
	t.Parallel()
	_, mias := open(t, mia)
	d, h := open(t, bot)
	h.mu.Lock()
	h.members, h.peers[mia] = []id.UserID{bot, mia}, mias
	h.claim = `{"one_time_keys":{"@mia:b.example":{"NEVER":{"signed_curve25519:A":{"key":"x"}}},"@fremd:c.example":{"X":{"signed_curve25519:B":{"key":"x"}}}}}`
	h.mu.Unlock()
	if _, err := d.Encrypt(t.Context(), room, "m.room.message", json.RawMessage(`{"body":"Hallo"}`)); err != nil {
		t.Error(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asked["claim"] == 0 {
		t.Error("no claim was made: the test tests nothing")
	}
}

// Somebody whose homeserver was away when the room's key was given away gets it later.
func TestAbsentGetTheKeyLater(t *testing.T) {
	t.Parallel()
	_, mias := open(t, mia)
	d, h := open(t, bot)
	speak := func() {
		t.Helper()
		if _, err := d.Encrypt(t.Context(), room, "m.room.message", json.RawMessage(`{"body":"Hallo"}`)); err != nil {
			t.Fatal(err)
		}
	}
	given := func(want int, when string) {
		t.Helper()
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.given != want {
			t.Errorf("%s Mia's device has been given %d keys, want %d", when, h.given, want)
		}
	}
	err := d.Store.Commit(t.Context(), &store.Batch{
		Now: time.Now(), Room: store.Room{ID: room, Joined: true}, Members: map[id.UserID]workspace.Member{mia: {Membership: workspace.Joined}},
	})
	if err != nil {
		t.Fatal(err)
	}
	later := claimOf(mia, mias)
	h.mu.Lock()
	h.members, h.peers[mia], h.claim = []id.UserID{bot, mia}, mias, `{"failures":{"b.example":{}}}`
	h.mu.Unlock()
	speak()
	given(0, "while her homeserver is away")
	h.mu.Lock()
	h.claim = later
	h.mu.Unlock()
	speak()
	given(0, "before it is time")
	d.now = func() time.Time { return time.Now().Add(absentAgain + time.Second) }
	speak()
	given(1, "later")
	d.now = func() time.Time { return time.Now().Add(2 * absentLast) }
	speak()
	given(1, "much later")
}

// A database that is set back to an older copy gets a new device, once; one that goes on
// keeps its own. After a change of the operator's key, the old one is not needed.
func TestSetBackDatabaseGetsANewDevice(t *testing.T) {
	t.Parallel()
	h := &homeserver{user: bot, asked: map[string]int{}, peers: map[id.UserID]*homeserver{}}
	server := httptest.NewServer(h)
	defer server.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "werkraum.db")
	run := func() (name id.DeviceID) {
		t.Helper()
		d, stop := h.open(t, server, dir)
		defer stop()
		if _, err := d.Encrypt(t.Context(), room, "m.room.message", json.RawMessage(`{"body":"Hallo"}`)); err != nil {
			t.Fatal(err)
		}
		return d.client.DeviceID
	}
	first := run()
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if again := run(); again != first {
		t.Errorf("the second run has the device %s, the first had %s", again, first)
	}
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	second := run()
	if second == first {
		t.Errorf("set back it goes on as %s", second)
	}
	if again := run(); again != second {
		t.Errorf("after that it has the device %s, want %s", again, second)
	}

	rotated, err := vault.Rotate(filepath.Join(dir, "werkraum.key"))
	if err != nil {
		t.Fatal(err)
	}
	d, stop := h.open(t, server, dir)
	defer stop()
	if keys, err := d.Store.Keys(t.Context()); err != nil || len(keys) != 1 || keys[0] != rotated.KeyID() {
		t.Errorf("the database needs the keys %v (%v), want %s alone", keys, err, rotated.KeyID())
	}
}
