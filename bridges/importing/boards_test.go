package importing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"werkraum/bridges/importing"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/export"
	"werkraum/workspace/watch"
)

// outline is what of each board somebody sees first, and what lies in the archive.
func outline(b *board.Board) (lines []string) {
	add := func(mark string, on workspace.ItemID) {
		line := mark + b.TitleOf(on, workspace.German) + ":"
		for _, column := range b.ColumnsOn(on) {
			line += " " + column.Text(board.Title)
			for _, card := range b.Cards(column.ID, -1) {
				line += " [" + card.Text(board.Title) + "]"
			}
		}
		lines = append(lines, line)
	}
	for _, on := range b.Boards() {
		add("", on)
	}
	for _, it := range b.Archived() {
		add("archived ", it.ID)
	}
	for _, card := range b.Archive() {
		lines = append(lines, "archived ["+card.Text(board.Title)+"]")
	}
	return lines
}

// A room's export becomes the same boards in another room, in their order, those in the
// archive too; a template is left out and said to be.
func TestBoardsOfAnExport(t *testing.T) {
	t.Parallel()
	room, b := house(t)
	room.Name = "Projekt"
	apply(t, room, "first", b.Furnish(workspace.German))
	do := func(act board.Act) {
		t.Helper()
		ops, err := act.Ops(b, "@anna:amt.example", noon)
		if err != nil {
			t.Fatal(err)
		}
		apply(t, room, fmt.Sprint("change-", room.Seq), ops)
	}
	lanes := board.ByLabel
	do(board.AddBoard{Board: "sitzung", Title: "Sitzung"})
	do(board.EditBoard{Board: "sitzung", Lanes: &lanes})
	do(board.AddBoard{Board: "alt", Title: "Alt"}) // stands before others, and comes last from the archive
	do(board.AddBoard{Board: "ende", Title: "Ende"})
	do(board.SaveBoard{Board: "sitzung", Template: "muster", Title: "Muster"})
	do(board.AddCard{Card: "eins", Title: "Eins"})
	do(board.AddCard{Card: "zwei", Title: "Zwei", Column: b.ColumnsOn("sitzung")[1].ID})
	do(board.AddCard{Card: "drei", Title: "Drei", Column: b.ColumnsOn("alt")[0].ID})
	do(board.AddCard{Card: "vier", Title: "Vier", Column: b.ColumnsOn("alt")[1].ID})
	do(board.ArchiveCard{Card: "vier", On: true})
	do(board.RelateCard{Card: "drei", Relation: board.Relates, Other: "eins", On: true})
	do(board.RelateCard{Card: "eins", Relation: board.Blocks, Other: "zwei", On: true})
	first := board.Main
	do(board.MoveBoard{Board: "sitzung", Before: &first})
	do(board.ArchiveBoard{Board: "alt", On: true})

	r, err := importing.Read(export.Of(watch.View{Room: room, Board: b}, "", noon).JSON(), importing.Options{Language: workspace.German})
	if err != nil {
		t.Fatal(err)
	}
	var refused []string
	for _, n := range r.Refused {
		refused = append(refused, n.Where.De)
	}
	slices.Sort(refused)
	if !slices.Equal(refused, []string{"Board „Muster“"}) {
		t.Errorf("not taken over: %q", refused)
	}
	other, fresh := house(t)
	apply(t, other, "first", fresh.Furnish(workspace.German))
	ops, err := board.Import{Drafts: r.Drafts, New: true, Seed: "x"}.Ops(fresh, "@anna:amt.example", noon)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, other, "import", ops)
	want := []string{
		"Board: Offen In Arbeit Erledigt",
		"Sitzung: Offen In Arbeit [Zwei] Erledigt",
		"Projekt: Offen [Eins] In Arbeit Erledigt",
		"Ende: Offen In Arbeit Erledigt",
		"archived Alt: Offen [Drei] In Arbeit Erledigt",
		"archived [Vier]",
	}
	if got := outline(fresh); !slices.Equal(got, want) {
		t.Errorf("the boards are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if two, one := fresh.ByNumber("1"), fresh.ByNumber("2"); one.Text(board.Title) != "Eins" || !one.True(board.Blocks+"/"+string(two.ID)) {
		t.Error("a card blocks nothing on the other board any more")
	}
	if it := other.Item(workspace.Key{Kind: board.KindBoard, ID: fresh.Boards()[1]}); it.Text(board.Lanes) != lanes {
		t.Error("the board has lost its lanes")
	}
	alt := fresh.Archived()[0]
	apply(t, other, "restore", func() []workspace.Op {
		ops, err := board.ArchiveBoard{Board: alt.ID, On: false}.Ops(fresh, "@anna:amt.example", noon)
		if err != nil {
			t.Fatal(err)
		}
		return ops
	}())
	if got := outline(fresh); !slices.Contains(got, "Alt: Offen [Drei] In Arbeit Erledigt") {
		t.Errorf("brought back, the boards are\n%s", strings.Join(got, "\n"))
	}
}

// On a board that is there, the cards of archived boards come into the archive, and no columns
// of theirs beside those that people use.
func TestArchivedBoardsComeToAnother(t *testing.T) {
	t.Parallel()
	file := []byte(`{"format":"werkraum","version":1,"room":{"name":"Projekt"},"items":[
		{"id":"alt","kind":"board","fields":{"title":"Alt","archived":true}},
		{"id":"s1","kind":"column","fields":{"title":"Früher","board":"alt","rank":"000000000001"}},
		{"id":"k1","kind":"card","fields":{"title":"Drei","column":"s1","rank":"000000000001","number":"3"}},
		{"id":"s2","kind":"column","fields":{"title":"Jetzt","rank":"000000000001"}},
		{"id":"k2","kind":"card","fields":{"title":"Eins","column":"s2","rank":"000000000001","number":"1"}}]}`)
	r, err := importing.Read(file, importing.Options{Language: workspace.German})
	if err != nil || len(r.Refused) > 0 {
		t.Fatalf("error %v, not taken over: %+v", err, r.Refused)
	}
	room, b := house(t)
	ops, err := board.Import{Drafts: r.Drafts, Seed: "x"}.Ops(b, "@anna:amt.example", noon)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, room, "import", ops)
	if got, want := outline(b), []string{"Board: Jetzt [Eins]", "archived [Drei]"}; !slices.Equal(got, want) {
		t.Errorf("the board is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
