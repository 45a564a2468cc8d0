package appservice

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"werkraum/workspace"
)

// A change of a whole column is larger than an event may be. Its parts must fit
// and hold all of it.
func TestLargeChangesArePublishedInParts(t *testing.T) {
	t.Parallel()
	change := workspace.Change{ID: "w.x", By: "@a:x", Via: workspace.ViaWidget, At: workspace.Stamp{Time: 1, Origin: "@bot:x"}}
	for n := range 3000 {
		change.Ops = append(change.Ops, workspace.Op{Item: workspace.ItemID(fmt.Sprintf("card%d", n)), Kind: "card",
			Set: map[string]workspace.Value{"column": workspace.String("done"), "rank": workspace.String("a" + strings.Repeat("V", n%40))}})
	}
	seen := map[workspace.ItemID]bool{}
	parts := encodeChange(change)
	if len(parts) < 2 {
		t.Fatalf("%d part(s), want several", len(parts))
	}
	for _, raw := range parts {
		if len(raw) > maxPublished {
			t.Errorf("a part has %d bytes, more than %d", len(raw), maxPublished)
		}
		var part workspace.Change
		if err := json.Unmarshal(raw, &part); err != nil {
			t.Fatal(err)
		}
		if part.ID != change.ID || part.At != change.At || part.By != change.By {
			t.Fatalf("a part is not of the change: %+v", part)
		}
		for _, op := range part.Ops {
			seen[op.Item] = true
		}
	}
	if len(seen) != len(change.Ops) {
		t.Errorf("parts hold %d operations, want %d", len(seen), len(change.Ops))
	}
}

// So may be a change of one card with long lists, which is parted by its fields.
func TestLargeCardsArePublishedInParts(t *testing.T) {
	t.Parallel()
	set := map[string]workspace.Value{"description": workspace.String(strings.Repeat("d", 16<<10))}
	for n := range 100 {
		set[fmt.Sprintf("check/e%d/title", n)] = workspace.String(strings.Repeat("ä", 300))
	}
	change := workspace.Change{ID: "w.x", By: "@a:x", Via: workspace.ViaWidget, At: workspace.Stamp{Time: 1, Origin: "@bot:x"}, Ops: []workspace.Op{{Item: "a", Kind: "card", Set: set}}}
	got := map[string]workspace.Value{}
	for _, raw := range encodeChange(change) {
		if len(raw) > maxPublished {
			t.Errorf("a part has %d bytes, more than %d", len(raw), maxPublished)
		}
		var part workspace.Change
		if err := json.Unmarshal(raw, &part); err != nil {
			t.Fatal(err)
		}
		for _, op := range part.Ops {
			if op.Item != "a" || op.Kind != "card" {
				t.Fatalf("a part is of %s %s", op.Kind, op.Item)
			}
			maps.Copy(got, op.Set)
		}
	}
	if !maps.Equal(got, set) {
		t.Errorf("the parts hold %d fields, want %d", len(got), len(set))
	}
}

func TestLayoutLeavesOthersWhereTheyAre(t *testing.T) {
	t.Parallel()
	for _, current := range []string{`{}`, `[]`, `{"widgets":{}}`, `{"widgets":7}`} {
		if !hasWidget(layoutWith(json.RawMessage(current))) {
			t.Errorf("%s: the widget is not pinned", current)
		}
	}
	got := layoutWith(json.RawMessage(`{"widgets":{"jitsi":{"container":"top","index":0}}}`))
	if !hasWidget(got) || !strings.Contains(string(got), `"jitsi":{"container":"top","index":0}`) {
		t.Errorf("the other widget moved: %s", got)
	}
}
