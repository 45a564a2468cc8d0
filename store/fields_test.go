package store

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"werkraum/vault"
	"werkraum/workspace"
)

// Whatever fields an item has, they come back as they were.
func TestFieldsRoundTrip(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "\x00", "\u2028", `"\`, "<script>", "🏛️", "\u202e", "\ufffd"}))
	value := rapid.OneOf(
		rapid.Just(workspace.Value{}),
		rapid.Map(rapid.Bool(), workspace.Bool),
		rapid.Map(rapid.Int64Range(-1<<53+1, 1<<53-1), workspace.Int),
		rapid.Map(text, workspace.String),
	)
	field := rapid.Custom(func(t *rapid.T) workspace.Field {
		return workspace.Field{Name: text.Draw(t, "name"), Value: value.Draw(t, "value"), At: workspace.Stamp{
			Time: rapid.Uint64().Draw(t, "time"), Origin: "@" + text.Draw(t, "origin"),
		}}
	})
	reader := newItemReader(sealer{}) // one for all, as all items of a room have
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(field, 0, 8).Draw(t, "fields")
		encoded := encodeFields(want)
		got, err := reader.fields(encoded)
		if err != nil {
			t.Fatalf("decode %q: %v", encoded, err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v, encoded as %s", got, want, encoded)
		}
		for i := range len(encoded) {
			if encoded[i] == 0 {
				t.Fatal("encoded fields hold a NUL byte, which PostgreSQL cannot store")
			}
		}
	})
}

func TestBrokenFieldsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "{}", "null,", `[["a",1]]x`, `[["a",1.5,"0000000000000001-@b:x"]]`, `[["a",[],"0000000000000001-@b:x"]]`,
		`[["a",1,"1-@b:x"]]`, `[["a",1]]`, `[[1,1,"0000000000000001-@b:x"]]`, `[["a",9007199254740992,"0000000000000001-@b:x"]]`,
	} {
		if fields, err := newItemReader(sealer{}).fields(text); err == nil {
			t.Errorf("%s became %v", text, fields)
		}
	}
}

func FuzzDecodeFields(f *testing.F) {
	f.Add(`[["title",null,"0000000000000001-@b:x"],["number","12","ffffffffffffffff-@b:x"],["done",true,"0000000000000001-@b:x"]]`)
	f.Fuzz(func(t *testing.T, text string) {
		fields, err := newItemReader(sealer{}).fields(text)
		if err != nil || !utf8.ValidString(text) { // which encodeFields never writes
			return
		}
		again, err := newItemReader(sealer{}).fields(encodeFields(fields))
		if err != nil || !slices.Equal(fields, again) {
			t.Fatalf("%v became %v with error %v", fields, again, err)
		}
	})
}

// FuzzStored reads what may stand in a database that others can write to: plain text, what
// was sealed, and what looks so.
func FuzzStored(f *testing.F) {
	key, err := vault.Parse([]byte(vault.NewLine()))
	if err != nil {
		f.Fatal(err)
	}
	on, off := sealer{key, true}, sealer{key, false}
	for _, seed := range []string{"", "x", "sealed:", "sealed:AQ", "plain:sealed:", "sealed:\xff", "{}", on.text("elsewhere", "a", "b", "c")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if plain, err := off.plainText(text, "t", "c", "1"); err == nil && strings.HasPrefix(text, markSealed) {
			t.Errorf("%q was opened as %q", text, plain)
		}
		if plain, err := off.plainBytes([]byte(text), "t", "c", "1"); err == nil && string(plain) != text {
			t.Errorf("%q was opened as %q", text, plain)
		}
		for _, w := range []sealer{on, off} {
			stored := w.text(text, "t", "c", "1")
			if plain, err := off.plainText(stored, "t", "c", "1"); err != nil || plain != text {
				t.Errorf("%q came back as %q, %v", text, plain, err)
			}
			again, _, err := w.textAgain(stored, []string{"t", "c", "1"})
			if plain, failed := off.plainText(again, "t", "c", "1"); err != nil || failed != nil || plain != text {
				t.Errorf("%q, written again, came back as %q, %v, %v", text, plain, err, failed)
			}
		}
	})
}
