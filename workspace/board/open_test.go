package board

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"werkraum/workspace"
)

// Cards are still to be done in columns that people see and that are not for finished
// ones.
func TestOpenColumns(t *testing.T) {
	t.Parallel()
	item := func(kind workspace.Kind, name workspace.ItemID, fields ...string) *workspace.Item {
		it := &workspace.Item{Key: workspace.Key{Kind: kind, ID: name}}
		slices.Sort(fields)
		for _, f := range fields {
			field, text, isText := strings.Cut(f, "=")
			v := workspace.Bool(true)
			if isText {
				v = workspace.String(text)
			}
			it.Fields = append(it.Fields, workspace.Field{Name: field, Value: v})
		}
		return it
	}
	items := []*workspace.Item{
		item(KindColumn, "open"), item(KindColumn, "done", Done), item(KindColumn, "gone", workspace.Deleted),
		item("board", "sprint"), item("board", "old", Archived), item("board", "pattern", "template"), item("board", "removed", workspace.Deleted),
		item(KindColumn, "here", "board=sprint"), item(KindColumn, "there", "board=old"), item(KindColumn, "nowhere", "board=pattern"),
		item(KindColumn, "away", "board=removed"), item(KindColumn, "lost", "board=unknown"), item(KindCard, "card"),
	}
	if got, want := slices.Sorted(maps.Keys(OpenColumns(items))), []workspace.ItemID{"here", "open"}; !slices.Equal(got, want) {
		t.Errorf("open are %v, want %v", got, want)
	}
	items = append(items, item("board", "main", Archived))
	if got, want := slices.Sorted(maps.Keys(OpenColumns(items))), []workspace.ItemID{"here"}; !slices.Equal(got, want) {
		t.Errorf("with the main board in the archive open are %v, want %v", got, want)
	}
}
