package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func parse(t testing.TB, lines ...string) *Vault {
	t.Helper()
	v, err := Parse([]byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhatIsSealedOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	v := parse(t, NewLine())
	place := Place("cards", "title", "!room:a.example", "1")
	for _, plain := range []string{"", "x", strings.Repeat("Grundstück ", 1000)} {
		sealed := v.Seal("work", []byte(plain), place)
		if len(sealed) != len(plain)+Overhead {
			t.Errorf("%d bytes became %d, want %d more", len(plain), len(sealed), Overhead)
		}
		if len(plain) > 1 && bytes.Contains(sealed, []byte("Grund")) {
			t.Error("what is sealed can be read")
		}
		if opened, err := v.Open("work", sealed, place); err != nil || string(opened) != plain {
			t.Errorf("opened %q, %v", opened, err)
		}
		for name, open := range map[string]func() ([]byte, error){
			"another purpose": func() ([]byte, error) { return v.Open("keys", sealed, place) },
			"another row":     func() ([]byte, error) { return v.Open("work", sealed, Place("cards", "title", "!room:a.example", "2")) },
			"another column":  func() ([]byte, error) { return v.Open("work", sealed, Place("cards", "text", "!room:a.example", "1")) },
			"no place":        func() ([]byte, error) { return v.Open("work", sealed, nil) },
		} {
			if opened, err := open(); !errors.Is(err, ErrDamaged) || opened != nil {
				t.Errorf("%s: opened %q, %v", name, opened, err)
			}
		}
	}
}

func TestWhatWasAlteredDoesNotOpen(t *testing.T) {
	t.Parallel()
	v := parse(t, NewLine())
	sealed := v.Seal("work", []byte("Bebauungsplan"), Place("a"))
	for i := range sealed {
		for bit := range 8 {
			altered := slices.Clone(sealed)
			altered[i] ^= 1 << bit
			if opened, err := v.Open("work", altered, Place("a")); err == nil {
				t.Fatalf("byte %d, bit %d: opened %q", i, bit, opened)
			}
		}
	}
	for n := range sealed {
		if _, err := v.Open("work", sealed[:n], Place("a")); err == nil {
			t.Fatalf("the first %d bytes opened", n)
		}
	}
	if _, err := v.Open("work", append(slices.Clone(sealed), 0), Place("a")); !errors.Is(err, ErrDamaged) {
		t.Errorf("with a byte more: %v", err)
	}
	if _, err := v.Open("work", []byte(`{"events":[{"type":"m.room.message","content":{}}]}`), Place("a")); !errors.Is(err, ErrNotSealed) {
		t.Errorf("plain JSON: %v", err)
	}
}

// Two values that are the same cannot be told to be so.
func TestTheSameIsSealedDifferently(t *testing.T) {
	t.Parallel()
	v := parse(t, NewLine())
	seen := map[string]bool{}
	for range 1000 {
		seen[string(v.Seal("work", []byte("x"), nil))] = true
	}
	if len(seen) != 1000 {
		t.Errorf("1000 times the same value gave %d sealed ones", len(seen))
	}
}

func TestAnotherKeyDoesNotOpen(t *testing.T) {
	t.Parallel()
	one, other := parse(t, NewLine()), parse(t, NewLine())
	if one.KeyID() == other.KeyID() {
		t.Fatal("two keys have the same ID")
	}
	if _, err := other.Open("work", one.Seal("work", []byte("x"), nil), nil); !errors.Is(err, ErrWrongKey) {
		t.Errorf("got %v", err)
	}
	if bytes.Equal(one.Secret("a"), other.Secret("a")) || bytes.Equal(one.Secret("a"), one.Secret("b")) || len(one.Secret("a")) != KeySize {
		t.Error("secrets are not their own")
	}
}

// The first key seals, older ones still open.
func TestRotation(t *testing.T) {
	t.Parallel()
	oldLine, newLine := NewLine(), NewLine()
	before, between, after := parse(t, oldLine), parse(t, newLine, "", "# the old one", oldLine), parse(t, newLine)
	old := before.Seal("work", []byte("old"), nil)
	if plain, err := between.Open("work", old, nil); err != nil || string(plain) != "old" {
		t.Errorf("what was sealed before: %q, %v", plain, err)
	}
	fresh := between.Seal("work", []byte("new"), nil)
	if plain, err := after.Open("work", fresh, nil); err != nil || string(plain) != "new" {
		t.Errorf("what was sealed since: %q, %v", plain, err)
	}
	if _, err := after.Open("work", old, nil); !errors.Is(err, ErrWrongKey) {
		t.Errorf("without the old line: %v", err)
	}
	if between.Current(old) || !between.Current(fresh) || between.Current([]byte("{}")) {
		t.Error("Current does not tell what a rotation must still touch")
	}
	if got, want := between.KeyIDs(), []string{after.KeyID(), before.KeyID()}; !slices.Equal(got, want) {
		t.Errorf("key IDs %v, want %v", got, want)
	}
}

// What the key file of one version sealed, later versions must open.
func TestTheFormStays(t *testing.T) {
	t.Parallel()
	v := parse(t, mark+" AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
	if got, want := v.KeyID(), "5f42af8ecdbe623b"; got != want {
		t.Errorf("key ID %s, want %s", got, want)
	}
	if got, want := fmt.Sprintf("%x", v.Secret("pickle")), "0a9a5c634b3a8adf035b050fd4e9aa612f3c520c8dad6156fde7d38e9ce21fe6"; got != want {
		t.Errorf("secret %s, want %s", got, want)
	}
	sealed, err := hex.DecodeString("015f42af8ecdbe623b2649ca02e3c3b0d318133f70cbbc4822e848169118a73726537f1fba1ce1f0453b5d9f0ea7b20550e37039ae59d44122")
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := v.Open("work", sealed, Place("t", "c", "1")); err != nil || string(plain) != "Werkraum" {
		t.Errorf("opened %q, %v", plain, err)
	}
}

func TestPlacesDiffer(t *testing.T) {
	t.Parallel()
	places := [][]byte{Place(), Place(""), Place("", ""), Place("a"), Place("a", ""), Place("", "a"), Place("a", "b"), Place("ab"), Place("a\x00\x00\x00\x01b")}
	for i := range places {
		for j := range i {
			if bytes.Equal(places[i], places[j]) {
				t.Errorf("places %d and %d are the same", i, j)
			}
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	v := parse(t, NewLine(), NewLine())
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			for i := range 100 {
				purpose, place := fmt.Sprint("p", i%5), Place(fmt.Sprint(n))
				if plain, err := v.Open(purpose, v.Seal(purpose, []byte("x"), place), place); err != nil || string(plain) != "x" {
					t.Errorf("opened %q, %v", plain, err)
				}
			}
		})
	}
	all.Wait()
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "werkraum.key")
	if _, err := Open(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	made, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := Open(path)
	if err != nil || opened.KeyID() != made.KeyID() {
		t.Fatalf("made %v, opened %v, %v", made, opened, err)
	}
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made again: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, text) {
		t.Errorf("making it again altered the file: %v", err)
	}
	if _, err := Create(filepath.Join(path, "x")); err == nil {
		t.Error("made where nothing can be made")
	}
	secret := strings.Fields(string(text))
	if told := fmt.Sprintf("%v %+v %#v %s", opened, opened, opened, opened); strings.Contains(told, secret[len(secret)-1]) {
		t.Error("printing the vault tells its key")
	}
}

func TestRotatingTheFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, link := filepath.Join(folder, "werkraum.key"), filepath.Join(folder, "link")
	before, err := Create(path)
	if err := errors.Join(err, os.Chmod(path, 0o640), os.Symlink(path, link)); err != nil {
		t.Fatal(err)
	}
	after, err := Rotate(link)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := Open(path)
	if err != nil || !slices.Equal(opened.KeyIDs(), after.KeyIDs()) {
		t.Fatalf("rotated to %v, opened %v, %v", after, opened, err)
	}
	if after.KeyID() == before.KeyID() || len(after.KeyIDs()) != 2 || after.KeyIDs()[1] != before.KeyID() {
		t.Errorf("%v became %v", before, after)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), fileHead+mark+" ") {
		t.Errorf("the head is gone:\n%s%v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := Rotate(filepath.Join(folder, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("rotated what is not there: %v", err)
	}
}

func TestBrokenKeyFiles(t *testing.T) {
	t.Parallel()
	good := NewLine()
	secret := strings.Fields(good)[1]
	for name, text := range map[string]string{
		"holds no key":                         "",
		"remove it if there never":             "# only this\n\n",
		"line 1 is not “werkraum-key-1”":       "as_token: x y",
		"line 2 is not “werkraum-key-1”":       good + "\nwerkraum-key-9 " + secret,
		"line 1 is not “werkraum-key-1” and a": good + " more",
		"the key in line 1 is damaged":         good[:len(good)-1],
		"the key in line 3 is damaged":         "\n\n" + mark + " ====",
		"line 2 repeats":                       good + "\n" + good,
		"is too long":                          strings.Repeat("#\n", maxFile),
		"holds more than 100":                  strings.Repeat("\n", 3) + many(maxKeys+1),
	} {
		_, err := Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want %q, got %v", name, err)
		} else if strings.Contains(err.Error(), secret[:10]) {
			t.Errorf("the error tells the key: %v", err)
		}
	}
}

func many(n int) string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = NewLine()
	}
	return strings.Join(lines, "\n")
}

func FuzzOpen(f *testing.F) {
	v := parse(f, NewLine(), NewLine())
	f.Add([]byte(nil), []byte(nil))
	f.Add(v.Seal("other", []byte("x"), nil), []byte(nil))
	f.Add(v.Seal("work", []byte("x"), []byte("there")), []byte("here"))
	f.Fuzz(func(t *testing.T, sealed, context []byte) {
		if plain, err := v.Open("work", sealed, context); err == nil {
			t.Errorf("%x opened to %x", sealed, plain)
		}
		again, err := v.Open("work", v.Seal("work", sealed, context), context)
		if err != nil || !bytes.Equal(again, sealed) {
			t.Errorf("%x came back as %x, %v", sealed, again, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(fileHead + NewLine() + "\n"))
	f.Add([]byte(NewLine() + "\r\n\r\n" + NewLine()))
	f.Add([]byte(mark + " x"))
	f.Add([]byte(mark))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Parse(text)
		if err != nil {
			return
		}
		if plain, err := v.Open("work", v.Seal("work", text, nil), nil); err != nil || !bytes.Equal(plain, text) {
			t.Errorf("a key that was accepted does not work: %v", err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	v := parse(b, NewLine())
	place := Place("items", "fields", "!room:a.example", "card", "abcdefgh")
	for _, size := range []int{64, 1024, 16384} {
		plain := make([]byte, size)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v.Seal("work", plain, place)
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	v := parse(b, NewLine())
	place := Place("items", "fields", "!room:a.example", "card", "abcdefgh")
	for _, size := range []int{64, 1024, 16384} {
		sealed := v.Seal("work", make([]byte, size), place)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Open("work", sealed, place); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
