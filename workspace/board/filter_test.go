package board

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Saved views show the same cards in the same order as on the page, in both languages.
func TestSavedViewsShowTheSameAsThePage(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "views.json"))
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Today  string                                          `json:"today"`
		People map[id.UserID]string                            `json:"people"`
		Cards  map[workspace.ItemID]map[string]workspace.Value `json:"cards"`
		Cases  []struct {
			Name  string                     `json:"name"`
			View  map[string]workspace.Value `json:"view"`
			Shows []workspace.ItemID         `json:"shows"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Cases) < 40 {
		t.Fatalf("there are only %d cases", len(table.Cases))
	}
	tb := newTable(t)
	for card, fields := range table.Cards {
		tb.apply([]workspace.Op{{Item: card, Kind: KindCard, Set: fields}})
	}
	var all []*workspace.Item
	for _, column := range tb.board.Columns() {
		all = append(all, tb.board.Cards(column.ID, -1)...)
	}
	for i, c := range table.Cases {
		view := workspace.ItemID("v" + string(rune('a'+i/26)) + string(rune('a'+i%26)))
		c.View[Title] = workspace.String(c.Name)
		tb.apply([]workspace.Op{{Item: view, Kind: KindView, Set: c.View}})
		it := tb.board.view(view)
		for _, lang := range []workspace.Language{workspace.German, workspace.English} {
			to := Onlooker{Today: table.Today, Language: lang, NameOf: func(user id.UserID) string { return table.People[user] }}
			passes := tb.board.Passing(FilterOf(it), to)
			var shown []*workspace.Item
			for _, card := range all {
				if passes(card) {
					shown = append(shown, card)
				}
			}
			by, down := SortOf(it)
			var got []workspace.ItemID
			for _, card := range tb.board.InOrder(shown, by, down, to) {
				got = append(got, card.ID)
			}
			if !slices.Equal(got, c.Shows) {
				t.Errorf("%s (%s): %q, want %q", c.Name, lang, got, c.Shows)
			}
		}
		if f := FilterOf(it); f.Empty() != (len(c.Shows) == len(table.Cards)) {
			t.Errorf("%s: it is empty: %t", c.Name, f.Empty())
		}
	}
}
