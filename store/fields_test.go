package store

import (
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

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
