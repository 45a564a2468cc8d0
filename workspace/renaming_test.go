package workspace_test

import (
	"fmt"
	"testing"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/workspace"
)

var erasing = workspace.Renaming{From: anna, To: "@erased-x:werkraum.invalid", Texts: map[string]string{"Nachricht von Anna": "Nachricht von Gelöschte Person"}}

func TestRenamingFindsEachMention(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                       "",
		"@anna:x.y":              "@erased-x:werkraum.invalid",
		"Bitte @anna:x.y.":       "Bitte @erased-x:werkraum.invalid.",
		"(@anna:x.y), @anna:x.y": "(@erased-x:werkraum.invalid), @erased-x:werkraum.invalid",
		"@anna:x.y.org":          "@anna:x.y.org",
		"@anna:x.y:8448":         "@anna:x.y:8448",
		"@anna:x.yz":             "@anna:x.yz",
		"@anna:x.y-amt":          "@anna:x.y-amt",
		"@anna:x.y: bitte":       "@erased-x:werkraum.invalid: bitte",
		"@annalena:x.y":          "@annalena:x.y",
		"Anna":                   "Anna",
		"Nachricht von Anna":     "Nachricht von Gelöschte Person",
	} {
		if got := erasing.Text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if !workspace.IsStandIn(workspace.NewStandIn("X")) || workspace.IsStandIn(anna) {
		t.Error("stand-ins are not told from people")
	}
	if _, server, err := workspace.NewStandIn("X").Parse(); err != nil || server == "" {
		t.Errorf("a stand-in is no user ID: %v", err)
	}
}

// Law 2 holds for erased people too: what is renamed when it comes, in whatever order, is what
// is renamed when all of it is there. So the room's log, read again, does not bring anybody back.
func TestRenamingCommutesWithMerging(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var changes []workspace.Change
		for n := range rapid.IntRange(1, 12).Draw(t, "changes") {
			c := workspace.Change{
				By: rapid.SampledFrom([]id.UserID{anna, ben}).Draw(t, "by"),
				At: workspace.Stamp{Time: uint64(n + 1), Origin: "@werkraum:x"},
			}
			names := rapid.SampledFrom([]string{"assignee/@anna:x.y", "assignee/@ben:x.y", "title", "created_by"})
			texts := rapid.SampledFrom([]string{"@anna:x.y", "frei", "mit @anna:x.y und @ben:x.y", "Nachricht von Anna"})
			set := map[string]workspace.Value{}
			for range rapid.IntRange(1, 3).Draw(t, "fields") {
				v := workspace.String(texts.Draw(t, "text"))
				if rapid.Bool().Draw(t, "null") {
					v = workspace.Value{}
				}
				set[names.Draw(t, "name")] = v
			}
			c.Ops = []workspace.Op{{Item: workspace.ItemID(fmt.Sprint(rapid.IntRange(1, 2).Draw(t, "item"))), Kind: "note", Set: set}}
			changes = append(changes, c)
		}
		before, after := newPlainRoom("@me:x"), newPlainRoom("@me:x")
		for _, c := range rapid.Permutation(changes).Draw(t, "order") {
			before.Merge(c)
		}
		for _, c := range rapid.Permutation(changes).Draw(t, "another order") {
			renamed, _ := erasing.Change(c)
			after.Merge(renamed)
		}
		merged := newPlainRoom("@me:x")
		for it := range before.Items {
			renamed, differs := erasing.Item(it)
			if again, twice := erasing.Item(renamed); twice {
				t.Fatalf("renaming twice differs: %v", again)
			}
			if !differs && renamed != it {
				t.Fatal("an item that does not differ was copied")
			}
			for _, f := range renamed.Fields {
				if found, ok := renamed.Field(f.Name); !ok || found != f {
					t.Fatalf("the field %s is not found in %v", f.Name, renamed.Fields)
				}
			}
			merged.Restore(renamed)
		}
		if got, want := state(merged), state(after); got != want {
			t.Fatalf("merged and renamed:\n%s\nrenamed and merged:\n%s", got, want)
		}
	})
}
