package tests

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/signatures"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
)

// The bot's keys outlast a new start, a move of the database, its loss, its being set back,
// and a change of the operator's key; each time people's messages are read, and they read
// the bot's. Without the key file it does not start.
func TestKeysOutlastTheDatabase(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		h := w.house(t, moving)
		s := &scene{house: h, t: t, anna: newSealedPerson(t, w.amt, "Anna"), mia: newPerson(t, w.amt, "Mia")}
		s.room = s.anna.create(s, &mautrix.ReqCreateRoom{Name: "Verschlossen", InitialState: []*event.Event{
			{Type: event.StateEncryption, Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}}},
		}}, s.Bot)
		s.ready(s.anna)
		s.anna.ask(s.room, "!karte neu Erste")
		var old []id.EventID
		for n := range 2 {
			old = append(old, s.anna.say(s.room, fmt.Sprint("Altes ", n)))
		}
		devices, master := s.botDevices(s.mia)
		same := func(what string, sameDevice bool) {
			t.Helper()
			now, nowMaster := s.botDevices(s.mia)
			isNew := slices.ContainsFunc(now, func(device id.DeviceID) bool { return !slices.Contains(devices, device) })
			if nowMaster != master || isNew == sameDevice {
				t.Errorf("%s the devices are %s and the master key %s; before, %s and %s", what, now, nowMaster, devices, master)
			}
			devices = now
		}
		again := func(change func()) {
			t.Helper()
			if err := s.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			change()
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.awaitEncryption(t)
			s.knowsDevices(s.anna)
		}
		use := func(database string) {
			t.Helper()
			set := h.set
			set.Database = database
			if err := h.Configure(set); err != nil {
				t.Fatal(err)
			}
		}

		again(func() {})
		s.anna.react(s.room, old[0], "📌")
		s.page(s.anna).card("Altes 0")
		same("after a new start", true)

		again(func() { use(h.copyDatabase(t)) })
		s.anna.react(s.room, old[1], "📌")
		s.page(s.anna).card("Altes 1")
		s.anna.ask(s.room, "!karte neu Umgezogen")
		same("after a move", true)

		var copied string
		again(func() { copied = h.copyDatabase(t) })
		for n := range 3 { // keys are made and given away of which the copy knows nothing
			s.anna.sealed.renew(s.room)
			s.anna.ask(s.room, fmt.Sprint("!karte neu Vergessen ", n))
			guest := newSealedPerson(t, w.amt, "Gast")
			s.anna.invite(s.room, guest.UserID)
			guest.join(s.room, w.amt.ServerName)
		}
		s.anna.ask(s.room, "!karte neu Mit Gästen")
		again(func() { use(copied) })
		s.anna.ask(s.room, "!karte neu Nach dem Rückschritt")
		same("when it was set back", false)

		rotate := exec.CommandContext(t.Context(), h.set.Binary, "key", "rotate", "--config", filepath.Join(h.set.Dir, "werkraum.yaml"))
		again(func() {
			if out, err := rotate.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		})
		s.anna.ask(s.room, "!karte neu Unter neuem Schlüssel")
		same("under a new key", true)

		file := filepath.Join(h.set.Dir, "werkraum.key")
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(file, file+".copy"); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(t.Context()); err == nil || !strings.Contains(h.LogTail(1), "fehlt") {
			t.Errorf("without its key file it starts (%v) and says: %s", err, h.LogTail(1))
		}
		if err := os.Rename(file+".copy", file); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}

		again(func() { use(h.emptyDatabase(t)) })
		has(t, s.anna.ask(s.room, "!karte neu Ganz neu").Body, "Ganz neu")
		same("with an empty database", false)
	})
}

// awaitEncryption waits until encrypted rooms can be worked in.
func (h *house) awaitEncryption(t *testing.T) {
	t.Helper()
	until(t, "encryption to be ready", func() error {
		if !strings.Contains(h.metrics(), "werkraum_encryption_ready 1\n") {
			return errors.New("it is not")
		}
		return nil
	})
}

// botDevices are the bot's devices and its master key, as somebody else sees them, in the
// order of their names. It fails the test unless the one vouches for the others.
func (s *scene) botDevices(p *person) (devices []id.DeviceID, master id.Ed25519) {
	s.t.Helper()
	until(s.t, "devices that are cross-signed", func() error {
		keys, err := p.Client.QueryKeys(s.t.Context(), &mautrix.ReqQueryKeys{DeviceKeys: mautrix.DeviceKeysRequest{s.Bot: {}}})
		if err != nil {
			return err
		}
		signed, root := keys.SelfSigningKeys[s.Bot], keys.MasterKeys[s.Bot]
		signing := signed.FirstKey()
		master = root.FirstKey()
		if ok, err := signatures.VerifySignatureJSON(signed, s.Bot, master.String(), master); !ok {
			return fmt.Errorf("the master key does not vouch for the signing key: %w", err)
		}
		for name, one := range keys.DeviceKeys[s.Bot] {
			if ok, err := signatures.VerifySignatureJSON(one, s.Bot, signing.String(), signing); !ok {
				return fmt.Errorf("device %s is not signed: %w", name, err)
			}
		}
		if devices = slices.Sorted(maps.Keys(keys.DeviceKeys[s.Bot])); len(devices) == 0 {
			return errors.New("there is none")
		}
		return nil
	})
	return devices, master
}

// knowsDevices waits until a person's client has heard of the devices that the bot has by now.
func (s *scene) knowsDevices(p *person) {
	s.t.Helper()
	until(s.t, "the bot's devices to be known", func() error {
		if err := p.heard.CatchUp(s.t.Context()); err != nil {
			return err
		}
		known, err := p.sealed.mach.CryptoStore.GetDevices(s.t.Context(), s.Bot)
		if err != nil {
			return err
		}
		there, err := p.Client.QueryKeys(s.t.Context(), &mautrix.ReqQueryKeys{DeviceKeys: mautrix.DeviceKeysRequest{s.Bot: {}}})
		if err != nil {
			return err
		}
		knows, has := slices.Sorted(maps.Keys(known)), slices.Sorted(maps.Keys(there.DeviceKeys[s.Bot]))
		if len(has) == 0 || !slices.Equal(knows, has) {
			return fmt.Errorf("%s knows %s, the bot has %s", p.DisplayName, knows, has)
		}
		return nil
	})
}

// copyDatabase copies the database of an installation that has stopped, as an operator
// would, and returns the copy's URL.
func (h *house) copyDatabase(t *testing.T) string {
	t.Helper()
	from := h.database(t)
	if path, ok := strings.CutPrefix(from, "sqlite:"); ok {
		to := filepath.Join(t.TempDir(), "werkraum.db")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return "sqlite:" + to
	}
	to := h.emptyDatabase(t)
	tools, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(tools) == 0 {
		t.Fatal("pg_dump is missing")
	}
	dump := exec.CommandContext(t.Context(), filepath.Join(tools[len(tools)-1], "pg_dump"), "--no-owner", from)
	restore := exec.CommandContext(t.Context(), filepath.Join(tools[len(tools)-1], "psql"), "--quiet", "-v", "ON_ERROR_STOP=1", to)
	if restore.Stdin, err = dump.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := dump.Start(); err != nil {
		t.Fatal(err)
	}
	if out, err := restore.CombinedOutput(); err != nil {
		t.Fatalf("restore: %v: %s", err, out)
	}
	if err := dump.Wait(); err != nil {
		t.Fatal(err)
	}
	return to
}

// database is the URL in the configuration.
func (h *house) database(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(h.set.Dir, "werkraum.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var settings struct{ Database struct{ URL string } }
	if err := json.Unmarshal(text, &settings); err != nil {
		t.Fatal(err)
	}
	return settings.Database.URL
}

// emptyDatabase makes a new one of the same kind.
func (h *house) emptyDatabase(t *testing.T) string {
	t.Helper()
	if strings.HasPrefix(h.database(t), "sqlite:") {
		return "sqlite:" + filepath.Join(t.TempDir(), "werkraum.db")
	}
	url, err := shared.database(t.Context(), "moved")
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// On a homeserver where the bot logs in: when its device is taken away while it runs, it is
// made again, and what is said to it is read.
func TestDeviceIsTakenAway(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		if w.kind != homeserver.Dendrite {
			t.Skip("elsewhere the application service manages the device")
		}
		h := w.listen(t)
		s := newSealedScene(t, h)
		s.anna.ask(s.room, "!karte neu Vorher")
		var token string
		for _, m := range w.tap.all() {
			if m.fromProgram && strings.Contains(m.uri, "/sync?") {
				token = m.token
			}
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.amt.URL+"/_matrix/client/v3/logout", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Fatalf("the homeserver answers %s", response.Status)
		}
		s.anna.ask(s.room, "!karte neu Nachher")
		s.botDevices(s.mia)
	})
}
