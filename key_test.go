package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"werkraum/config"
	"werkraum/store"
	"werkraum/vault"
)

// keySite is a folder with a registration and a database that needs certain keys.
type keySite struct {
	keyFile, database string
	args              []string
}

func newKeySite(t *testing.T, needed ...string) *keySite {
	t.Helper()
	folder := t.TempDir()
	s := &keySite{keyFile: filepath.Join(folder, "keys", "w.key"), database: "sqlite:" + filepath.Join(folder, "w.db")}
	registration := filepath.Join(folder, "registration.yaml")
	if err := config.NewRegistration("a.example", "http://127.0.0.1:1").Save(registration); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Dir(s.keyFile), 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), s.database, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, id := range needed {
		if err := db.NoteKey(t.Context(), "test", id); err != nil {
			t.Fatal(err)
		}
	}
	s.args = []string{
		"--homeserver.server_name=a.example", "--registration=" + registration, "--database.url=" + s.database, "--key_file=" + s.keyFile,
		// What follows the key ends at once: nothing listens there, nothing can.
		"--listen=127.0.0.1:0", "--operations.listen=256.256.256.256:1", "--lang=en", "--log.level=error",
	}
	return s
}

func (s *keySite) put(t *testing.T, lines ...string) {
	t.Helper()
	if err := os.WriteFile(s.keyFile, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func idOf(t *testing.T, line string) string {
	t.Helper()
	v, err := vault.Parse([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	return v.KeyID()
}

// The first start makes the key; later ones use it.
func TestRunMakesTheKeyOnce(t *testing.T) {
	t.Parallel()
	s := newKeySite(t)
	start := func() string {
		t.Helper()
		if err := run(t.Context(), s.args, io.Discard); err == nil || !strings.Contains(err.Error(), "operations.listen") {
			t.Fatalf("got %v, want it to come as far as operations.listen", err)
		}
		v, err := vault.Open(s.keyFile)
		if err != nil {
			t.Fatal(err)
		}
		return v.KeyID()
	}
	if first, second := start(), start(); first != second {
		t.Errorf("key %s became %s", first, second)
	}
}

// A database with something sealed is never opened without its key, and no key is made
// that would hide the loss.
func TestRunRefusesWithoutItsKey(t *testing.T) {
	t.Parallel()
	old, other := vault.NewLine(), vault.NewLine()
	s := newKeySite(t, idOf(t, old))
	refused := func(want string) {
		t.Helper()
		if err := run(t.Context(), s.args, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	refused("w.key is missing, but the database holds what only its key " + idOf(t, old) + " opens. Put your copy")
	if _, err := os.Stat(s.keyFile); err == nil {
		t.Error("a new key was made")
	}
	s.put(t, other)
	refused("holds the key " + idOf(t, other) + ", but the database holds what only the key " + idOf(t, old) + " opens")
	s.put(t, "x")
	refused("restore the file from your copy")
	s.put(t, other, old)
	refused("operations.listen") // all is well with the key
}

func TestKeyCommand(t *testing.T) {
	t.Parallel()
	line := vault.NewLine()
	s := newKeySite(t, idOf(t, line))
	s.put(t, line)
	call := func(args ...string) string {
		t.Helper()
		var out strings.Builder
		if err := dispatch(t.Context(), slices.Concat([]string{"key"}, args, s.args), &out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), strings.Fields(line)[1]) {
			t.Error("the output tells the key")
		}
		return out.String()
	}
	if out := call(); out != idOf(t, line)+"  seals and opens; the database needs it\n" {
		t.Errorf("before: %s", out)
	}
	if out := call("rotate"); !strings.Contains(out, "In "+s.keyFile+", the key ") {
		t.Errorf("rotate: %s", out)
	}
	out := call()
	if !strings.Contains(out, "  seals and opens; nothing in the database is sealed with it\n") || !strings.Contains(out, idOf(t, line)+"  opens; the database needs it\n") {
		t.Errorf("after: %s", out)
	}
}

func TestCheckLooksAtTheKey(t *testing.T) {
	t.Parallel()
	old, other := vault.NewLine(), vault.NewLine()
	for name, c := range map[string]struct {
		prepare func(*testing.T, *keySite)
		want    string
	}{
		"first start": {func(t *testing.T, s *keySite) { s.database = "sqlite:" + filepath.Join(t.TempDir(), "none.db") }, "✓ Key file KEY will be made at the first start"},
		"lost":        {func(*testing.T, *keySite) {}, "✗ The key file KEY is missing"},
		"another":     {func(t *testing.T, s *keySite) { s.put(t, other) }, "✗ The key file KEY holds the key " + idOf(t, other)},
		"damaged":     {func(t *testing.T, s *keySite) { s.put(t, old[:20]) }, "✗ key_file: key file KEY: the key in line 1 is damaged"},
		"all well":    {func(t *testing.T, s *keySite) { s.put(t, old) }, "✓ Key file KEY, key " + idOf(t, old)},
		"open to all": {func(t *testing.T, s *keySite) { s.put(t, old); os.Chmod(s.keyFile, 0o644) }, "! The key file can be read by everybody"},
		"with the data": {func(t *testing.T, s *keySite) {
			s.put(t, old)
			s.database = "sqlite:" + filepath.Join(filepath.Dir(s.keyFile), "w.db")
		}, "! The key file lies in the database's folder"},
		"rotated": {func(t *testing.T, s *keySite) { s.put(t, other, old) }, "✓ Key file KEY, key " + idOf(t, other) + ", " + idOf(t, old)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newKeySite(t, idOf(t, old))
			c.prepare(t, s)
			var out strings.Builder
			_ = runCheck(t.Context(), append(s.args, "--database.url="+s.database, "--homeserver.url=http://127.0.0.1:1"), &out) // other things are amiss
			if want := strings.ReplaceAll(c.want, "KEY", s.keyFile); !strings.Contains(out.String(), want) {
				t.Errorf("lacks %q:\n%s", want, out.String())
			}
		})
	}
}

// `database seal` and `unseal` rewrite what is there, and say what else is to be set.
func TestDatabaseCommand(t *testing.T) {
	t.Parallel()
	s := newKeySite(t)
	db, err := store.Open(t.Context(), s.database, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	err = db.Commit(t.Context(), &store.Batch{Room: store.Room{ID: "!r:a.example", Joined: true, Info: store.RoomInfo{Name: "Schwarzwaldquelle"}}})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	call := func(args ...string) string {
		t.Helper()
		var out strings.Builder
		if err := dispatch(t.Context(), slices.Concat([]string{"database"}, args, s.args), &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	stored := func() string {
		t.Helper()
		text, err := os.ReadFile(strings.TrimPrefix(s.database, "sqlite:"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if out := call("seal"); !strings.Contains(out, "rooms      1 / 1\n") || !strings.Contains(out, "Set database.seal: true as well") {
		t.Errorf("seal says:\n%s", out)
	}
	if strings.Contains(stored(), "Schwarzwaldquelle") {
		t.Error("the room's name is readable")
	}
	if out := call("unseal"); !strings.Contains(out, "Everything is stored readable.\n") || strings.Contains(out, "as well") {
		t.Errorf("unseal says:\n%s", out)
	}
	if !strings.Contains(stored(), "Schwarzwaldquelle") {
		t.Error("the room's name is not readable")
	}
	for _, args := range [][]string{{}, {"sela"}} {
		if err := runDatabase(t.Context(), args, io.Discard); !errors.Is(err, errDatabaseUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

// A lost key is given up only where nothing but the keys of encrypted rooms goes with it.
func TestForgettingAKey(t *testing.T) {
	t.Parallel()
	forget := func(s *keySite) (string, error) {
		var out strings.Builder
		err := dispatch(t.Context(), slices.Concat([]string{"key", "forget"}, s.args), &out)
		return out.String(), err
	}
	line := vault.NewLine()
	s := newKeySite(t, idOf(t, line))
	if out, err := forget(s); err != nil || !strings.Contains(out, "The work of the rooms has stayed") {
		t.Errorf("%s, %v", out, err)
	}
	if err := run(t.Context(), s.args, io.Discard); err == nil || !strings.Contains(err.Error(), "operations.listen") {
		t.Errorf("afterwards: %v", err)
	}
	if out, err := forget(s); err != nil || !strings.Contains(out, "No key is missing") {
		t.Errorf("again: %s, %v", out, err)
	}

	s = newKeySite(t)
	s.put(t, line)
	if err := dispatch(t.Context(), slices.Concat([]string{"database", "seal"}, s.args), io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(s.keyFile); err != nil {
		t.Fatal(err)
	}
	if out, err := forget(s); err == nil || !strings.Contains(err.Error(), "Look for your copy of the key file") {
		t.Errorf("where words are sealed: %s, %v", out, err)
	}
	if err := run(t.Context(), s.args, io.Discard); err == nil || !strings.Contains(err.Error(), "is missing, but the database") {
		t.Errorf("it was forgotten all the same: %v", err)
	}
	s.put(t, "x")
	if _, err := forget(s); err == nil || !strings.Contains(err.Error(), "restore the file") {
		t.Errorf("a damaged file: %v", err)
	}
}
