package board

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"werkraum/workspace"
)

func titles(card *workspace.Item) (list []string) {
	for _, e := range Checklist(card) {
		mark := ""
		if e.Done {
			mark = "✓"
		}
		list = append(list, mark+e.Title)
	}
	return list
}

// A checklist stands in the order that people give it, and whatever is done to it
// leaves the other entries as they are.
func TestChecklist(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		tb.do(AddCard{Card: "a", Title: "x"})
		var want []CheckEntry // what a list of one's own would hold
		at := func(id string) int { return slices.IndexFunc(want, func(e CheckEntry) bool { return e.ID == id }) }
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			id := fmt.Sprint("e", rapid.IntRange(0, 9).Draw(t, "entry"))
			i := at(id)
			switch kind := rapid.SampledFrom([]string{"title", "done", "remove", "move"}).Draw(t, "kind"); {
			case i < 0:
				entry := CheckEntry{ID: id, Title: "T" + id}
				to, before := len(want), ""
				if n := rapid.IntRange(0, len(want)).Draw(t, "place"); n < len(want) {
					to, before = n, want[n].ID
				}
				tb.do(CheckCard{Card: "a", Entry: id, Title: &entry.Title, Before: &before})
				want = slices.Insert(want, to, entry)
			case kind == "title":
				title := fmt.Sprint("T", rapid.IntRange(0, 1000).Draw(t, "words"))
				if title != want[i].Title {
					want[i].Title = title
					tb.do(CheckCard{Card: "a", Entry: id, Title: &title})
				}
			case kind == "done":
				want[i].Done = !want[i].Done
				tb.do(CheckCard{Card: "a", Entry: id, Done: &want[i].Done})
			case kind == "remove":
				want = slices.Delete(want, i, i+1)
				tb.do(CheckCard{Card: "a", Entry: id, Title: new("")})
			default:
				entry := want[i]
				want = slices.Delete(want, i, i+1)
				to, before := len(want), ""
				if n := rapid.IntRange(0, len(want)).Draw(t, "place"); n < len(want) {
					to, before = n, want[n].ID
				}
				if err := tb.try(CheckCard{Card: "a", Entry: id, Before: &before}); err != nil && workspace.AsError(err).Kind != workspace.Conflict {
					t.Fatal(err)
				}
				want = slices.Insert(want, to, entry)
			}
			got := Checklist(tb.board.Card("a"))
			for i := range got {
				got[i].rank = ""
			}
			if !slices.Equal(got, want) {
				t.Fatalf("the list is %v, want %v", got, want)
			}
		}
	})
}

func TestChecklistHasALimit(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(AddCard{Card: "a", Title: "x"})
	for n := range MaxChecks {
		tb.do(CheckCard{Card: "a", Entry: fmt.Sprint("e", n), Title: new("x")})
	}
	more := CheckCard{Card: "a", Entry: "more", Title: new("x")}
	ops, err := more.Ops(tb.board, anna, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := tb.board.Check(ops[0]); err == nil || workspace.AsError(err).Kind != workspace.Invalid {
		t.Errorf("one more than %d: %v, want a refusal", MaxChecks, err)
	}
	tb.do(CheckCard{Card: "a", Entry: "e0", Title: new("")})
	tb.do(more)
	if n := len(titles(tb.board.Card("a"))); n != MaxChecks {
		t.Errorf("%d entries, want %d", n, MaxChecks)
	}
}

// A card in the archive is in no column, keeps all it has, and comes back to where it
// was, also if that was removed meanwhile. Taking the archiving back does the same.
func TestArchive(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	for _, card := range []workspace.ItemID{"a", "b", "c"} {
		tb.do(AddCard{Card: card, Title: "x", Column: "doing"})
	}
	tb.do(ArchiveCard{Card: "b", On: true})
	if got := tb.cards("doing"); !slices.Equal(got, []workspace.ItemID{"a", "c"}) {
		t.Fatalf("beside what was archived are %v", got)
	}
	if got := tb.board.Archive(); len(got) != 1 || got[0].ID != "b" || tb.board.ByNumber("2") != got[0] {
		t.Errorf("in the archive are %v", got)
	}
	tb.do(EditCard{Card: "b", Title: new("Neu")}) // a mistake in a title is mended there too
	tb.do(ArchiveCard{Card: "b"})
	if got := tb.cards("doing"); !slices.Equal(got, []workspace.ItemID{"a", "b", "c"}) {
		t.Errorf("it came back to %v", got)
	}

	ops, err := ArchiveCard{Card: "b", On: true}.Ops(tb.board, anna, noon)
	if err != nil {
		t.Fatal(err)
	}
	commit, err := tb.room.Apply(workspace.Proposal{ID: "archiving", By: anna, Deeds: []workspace.Deed{"card.archive"}, Via: workspace.ViaWidget, Ops: ops}, noon)
	if err != nil {
		t.Fatal(err)
	}
	tb.do(RemoveColumn{Column: "doing", Into: "done"})
	tb.do(Undo{commit})
	if got := tb.cards("open"); !slices.Equal(got, []workspace.ItemID{"b"}) {
		t.Errorf("with its column gone it came to %v in the first one", got)
	}
}

// A relation to a card is seen from both sides; it can be taken away from both.
func TestRelations(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(AddCard{Card: "a", Title: "x"})
	tb.do(AddCard{Card: "b", Title: "x"})
	tb.do(RelateCard{Card: "a", Other: "b", Relation: RelationRelates, On: true})
	if err := tb.try(RelateCard{Card: "b", Other: "a", Relation: RelationRelates, On: true}); err == nil {
		t.Error("they are related twice")
	}
	tb.do(RelateCard{Card: "b", Other: "a", Relation: RelationRelates})
	if n := len(tb.board.Card("a").Set(Relates)); n != 0 {
		t.Errorf("%d relations are left", n)
	}
	tb.do(RelateCard{Card: "a", Other: "b", Relation: RelationParent, On: true})
	tb.do(RelateCard{Card: "a", Other: "b", Relation: RelationBlocks, On: true})
	tb.do(DeleteCard{Card: "b"}) // what stands in relation to it can still be let go
	tb.do(RelateCard{Card: "a", Other: "b", Relation: RelationParent})
	tb.do(RelateCard{Card: "a", Other: "b", Relation: RelationBlocks})
	if card := tb.board.Card("a"); card.Text(Parent) != "" || len(card.Set(Blocks)) != 0 {
		t.Error("relations to a deleted card stay")
	}
}

// Two servers can each have made one half of a circle; walking up it ends.
func TestCirclesOfOthersAreNoTrap(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	for _, card := range []workspace.ItemID{"a", "b", "c"} {
		tb.do(AddCard{Card: card, Title: "x"})
	}
	tb.apply([]workspace.Op{
		{Item: "a", Kind: KindCard, Set: map[string]workspace.Value{Parent: workspace.String("b")}},
		{Item: "b", Kind: KindCard, Set: map[string]workspace.Value{Parent: workspace.String("a")}},
	})
	tb.do(RelateCard{Card: "c", Other: "a", Relation: RelationParent, On: true})
}

func TestLabelsOfARoom(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(AddCard{Card: "a", Title: "x", Labels: []string{"Vergabe", "eilig"}})
	tb.do(AddCard{Card: "b", Title: "x", Labels: []string{"vergabe"}})
	tb.do(AddCard{Card: "c", Title: "x", Labels: []string{"vergabe"}})
	tb.do(ArchiveCard{Card: "c", On: true})
	tb.do(EditLabel{Label: "VERGABE", Color: new("blue")})
	if got := tb.board.ColorOf("vergabe"); got != "blue" {
		t.Errorf("its colour is %q", got)
	}
	tb.do(EditLabel{Label: "vergabe", Rename: new("Ausschreibung")})
	for _, card := range []workspace.ItemID{"a", "b", "c"} {
		if it := tb.board.Card(card); !it.True("label/Ausschreibung") || it.True("label/vergabe") || it.True("label/Vergabe") {
			t.Errorf("%s carries %v", card, Labels(it))
		}
	}
	if tb.board.ColorOf("ausschreibung") != "blue" || tb.board.ColorOf("vergabe") != "" {
		t.Error("the colour did not go along")
	}
	if got := tb.board.AllLabels(); !slices.Equal(got, []string{"Ausschreibung", "eilig"}) {
		t.Errorf("labels are %v", got)
	}
	tb.do(RemoveLabel{Label: "ausschreibung"})
	if got := tb.board.AllLabels(); !slices.Equal(got, []string{"eilig"}) {
		t.Errorf("labels are %v", got)
	}
}

// Several cards are changed as one change, which one undo takes back; those that are
// so already do not stand in the way.
func TestSeveralAtOnce(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	for _, card := range []workspace.ItemID{"a", "b", "c"} {
		tb.do(AddCard{Card: card, Title: "x"})
	}
	tb.do(MoveCard{Card: "c", Column: "doing"})
	act := ChangeCards{Cards: []workspace.ItemID{"b", "c", "a"}, Change: CardChange{
		Column: "doing", Label: []string{"eilig"}, Due: new("2026-12-24"), Priority: new("high"),
	}}
	ops, err := act.Ops(tb.board, anna, noon)
	if err != nil {
		t.Fatal(err)
	}
	commit, err := tb.room.Apply(workspace.Proposal{ID: "several", By: anna, Deeds: act.Deeds(anna), Via: workspace.ViaWidget, Ops: ops}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got := tb.cards("doing"); !slices.Equal(got, []workspace.ItemID{"c", "b", "a"}) {
		t.Errorf("the column holds %v", got)
	}
	for _, card := range []workspace.ItemID{"a", "b", "c"} {
		if it := tb.board.Card(card); !it.True("label/eilig") || it.Text(Due) != "2026-12-24" || it.Text(Priority) != "high" {
			t.Errorf("%s was not changed", card)
		}
	}
	if err := tb.try(act); err == nil || workspace.AsError(err).Kind != workspace.Conflict {
		t.Errorf("a second time: %v", err)
	}
	tb.do(Undo{commit})
	if got := tb.cards("open"); !slices.Equal(got, []workspace.ItemID{"a", "b"}) {
		t.Errorf("taken back, the first column holds %v", got)
	}
}
