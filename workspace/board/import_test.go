package board_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

func text(s string) workspace.Value { return workspace.String(s) }

func drafts() []board.Draft {
	titled := func(title string) map[string]workspace.Value {
		return map[string]workspace.Value{board.Title: text(title)}
	}
	return []board.Draft{{
		Title:   "Umzug",
		Columns: []board.DraftColumn{{Key: "a", Set: titled("Neu")}, {Key: "b", Set: map[string]workspace.Value{board.Title: text("Fertig"), board.Done: workspace.Bool(true)}}},
		Colors:  map[string]string{"möbel": "orange"},
		Cards: []board.DraftCard{
			{Key: "1", Column: "b", Set: titled("Eins"), People: []string{"Anna Berg", "jonas", "Fremde Person", "Fremde Person"}, Parent: "2"},
			{Key: "2", Column: "a", Set: titled("Zwei"), Parent: "1", Blocks: []string{"1", "2", "weg"}},
			{Key: "3", Column: "a", Set: titled("Drei"), Parent: "1"},
			{Column: "gibt es nicht", Set: titled("Vier")},
			{Done: true, Set: titled("Fünf")},
		},
	}}
}

// What an import makes stands where the drafts say, is assigned to those who are members, and
// goes with one undo.
func TestImport(t *testing.T) {
	t.Parallel()
	room := workspace.NewRoom("!projekt:amt.example", "@werkraum:amt.example", 0)
	anna, jonas := id.UserID("@anna:amt.example"), id.UserID("@jonas:amt.example")
	room.Members[anna] = workspace.Member{Membership: workspace.Joined, Name: "Anna Berg"}
	room.Members[jonas] = workspace.Member{Membership: workspace.Joined, Name: "Jonas W."}
	b := board.New(room)
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	apply := func(p workspace.Proposal) workspace.Commit {
		t.Helper()
		p.By = anna
		commit, err := room.Apply(p, now)
		if err != nil {
			t.Fatal(err)
		}
		return commit
	}
	apply(workspace.Proposal{ID: "first", Via: workspace.ViaBot, Ops: b.Furnish(workspace.German)})
	act := board.Import{Drafts: drafts(), Seed: "einmal"}
	ops, err := act.Ops(b, anna, now)
	if err != nil {
		t.Fatal(err)
	}
	commit := apply(workspace.Proposal{ID: "import", Via: workspace.ViaWidget, Deeds: act.Deeds(anna), Ops: ops})
	var board1 []string
	for _, column := range b.Columns() {
		var cards []string
		for _, card := range b.Cards(column.ID, -1) {
			cards = append(cards, card.Text(board.Number)+" "+card.Text(board.Title))
		}
		board1 = append(board1, column.Text(board.Title)+": "+strings.Join(cards, ", "))
	}
	if got, want := strings.Join(board1, "\n"), "Offen: \nIn Arbeit: \nErledigt: \nNeu: 2 Zwei, 3 Drei, 4 Vier\nFertig: 1 Eins, 5 Fünf"; got != want {
		t.Errorf("the board is\n%s\nwant\n%s", got, want)
	}
	one, two, three, four := b.ByNumber("1"), b.ByNumber("2"), b.ByNumber("3"), b.ByNumber("4")
	if got := board.Assignees(one); len(got) != 2 {
		t.Errorf("assigned to %v", got)
	}
	if got := one.Text(board.Description); got != "Zuständig: Fremde Person" {
		t.Errorf("who is no member is noted as %q", got)
	}
	if one.Text(board.Parent) != string(two.ID) || two.Text(board.Parent)+four.Text(board.Parent) != "" || three.Text(board.Parent) != string(one.ID) {
		t.Error("cards are parts of each other in a circle, or of none that they should be")
	}
	if got := two.Set(board.Blocks); len(got) != 1 || got[0] != string(one.ID) {
		t.Errorf("blocks %v", got)
	}
	if b.ColorOf("Möbel") != "orange" {
		t.Error("the label has no colour")
	}
	again, err := act.Ops(b, anna, now)
	if err != nil || again[0].Item != ops[0].Item {
		t.Errorf("the same import makes %v, error %v", again[0].Item, err)
	}
	undo := board.Undo{Commit: commit}
	back, err := undo.Ops(b, anna, now)
	if err != nil {
		t.Fatal(err)
	}
	apply(workspace.Proposal{ID: "undo", Via: workspace.ViaWidget, Deeds: undo.Deeds(anna), Undoes: "import", Ops: back})
	if len(b.Columns()) != 3 || !b.ByNumber("1").Deleted() {
		t.Error("undoing leaves something of the import")
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	room := workspace.NewRoom("!projekt:amt.example", "@werkraum:amt.example", 0)
	b := board.New(room)
	card := board.DraftCard{Set: map[string]workspace.Value{board.Title: text("x")}}
	column := board.DraftColumn{Set: map[string]workspace.Value{board.Title: text("x")}}
	for what, c := range map[string]struct {
		act  board.Import
		kind workspace.ErrorKind
	}{
		"nothing":             {board.Import{}, workspace.Invalid},
		"an empty draft":      {board.Import{Drafts: []board.Draft{{Title: "x"}}, New: true}, workspace.Invalid},
		"no column at all":    {board.Import{Drafts: []board.Draft{{Cards: []board.DraftCard{card}}}}, workspace.NotFound},
		"many columns":        {board.Import{Drafts: []board.Draft{{Columns: make([]board.DraftColumn, board.MaxColumns+1)}}}, workspace.Invalid},
		"many on a new one":   {board.Import{Drafts: []board.Draft{{Columns: make([]board.DraftColumn, board.MaxColumns+1)}}, New: true}, workspace.Invalid},
		"many boards":         {board.Import{Drafts: slices.Repeat([]board.Draft{{Columns: []board.DraftColumn{column}}}, board.MaxBoards), New: true}, workspace.Invalid},
		"many cards":          {board.Import{Drafts: []board.Draft{{Columns: []board.DraftColumn{column}, Cards: make([]board.DraftCard, board.MaxDraftCards+1)}}}, workspace.TooLarge},
		"a board that is not": {board.Import{Drafts: []board.Draft{{Columns: []board.DraftColumn{column}}}, Into: "gibtesnicht"}, workspace.NotFound},
	} {
		if _, err := c.act.Ops(b, "@anna:amt.example", time.Now()); err == nil || workspace.AsError(err).Kind != c.kind {
			t.Errorf("%s: %v, want %s", what, err, c.kind)
		}
	}
}

func TestPerson(t *testing.T) {
	t.Parallel()
	members := map[id.UserID]workspace.Member{
		"@anna:amt.example":      {Membership: workspace.Joined, Name: "Anna Berg"},
		"@ben:amt.example":       {Membership: workspace.Joined, Name: "Ben"},
		"@ben:partner.example":   {Membership: workspace.Joined, Name: "Ben"},
		"@weg:amt.example":       {Membership: workspace.Left, Name: "Weg"},
		"@mia:partner.example":   {Membership: workspace.Joined},
		"@clara:partner.example": {Membership: workspace.Joined, Name: "mia"},
	}
	for name, want := range map[string]id.UserID{
		"@anna:amt.example": "@anna:amt.example", " anna berg ": "@anna:amt.example", "anna": "@anna:amt.example", "@anna": "@anna:amt.example",
		"Ben": "", "@ben:partner.example": "@ben:partner.example", "Weg": "", "@weg:amt.example": "", "": "", "@": "", "mia": "@clara:partner.example",
	} {
		if got, ok := board.Person(members, name); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q, %t; want %q", name, got, ok, want)
		}
	}
}

// A file of two boards becomes two boards, each with its own columns or those that boards
// begin with; what lay on one and belongs to the other still does, and one undo takes all away.
func TestImportIntoNewBoards(t *testing.T) {
	t.Parallel()
	room := workspace.NewRoom("!projekt:amt.example", "@werkraum:amt.example", 0)
	anna := id.UserID("@anna:amt.example")
	room.Members[anna] = workspace.Member{Membership: workspace.Joined, Name: "Anna Berg"}
	b := board.New(room)
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	apply := func(p workspace.Proposal) workspace.Commit {
		t.Helper()
		p.By = anna
		commit, err := room.Apply(p, now)
		if err != nil {
			t.Fatal(err)
		}
		return commit
	}
	apply(workspace.Proposal{ID: "first", Via: workspace.ViaBot, Ops: b.Furnish(workspace.German)})
	plain := board.Draft{Lanes: board.ByPriority, Cards: []board.DraftCard{
		{Key: "1", Set: map[string]workspace.Value{board.Title: text("Allein")}, Parent: "3"},
		{Key: "9", Done: true, Set: map[string]workspace.Value{board.Title: text("Erledigtes")}, Parent: "1"},
	}}
	act := board.Import{Drafts: append(drafts(), plain), New: true, Title: "gilt nur für eines", Seed: "einmal"}
	ops, err := act.Ops(b, anna, now)
	if err != nil {
		t.Fatal(err)
	}
	commit := apply(workspace.Proposal{ID: "import", Via: workspace.ViaWidget, Deeds: act.Deeds(anna), Ops: ops})
	var got []string
	for _, on := range b.Boards() {
		line := b.TitleOf(on, workspace.German) + ":"
		for _, column := range b.ColumnsOn(on) {
			line += " " + column.Text(board.Title) + "("
			for _, card := range b.Cards(column.ID, -1) {
				line += card.Text(board.Title) + ","
			}
			line += ")"
		}
		got = append(got, line)
	}
	want := []string{
		"Board: Offen() In Arbeit() Erledigt()",
		"Umzug: Neu(Zwei,Drei,Vier,) Fertig(Eins,Fünf,)",
		"Übernommenes Board: Offen(Allein,) In Arbeit() Erledigt(Erledigtes,)",
	}
	if !slices.Equal(got, want) || !slices.Equal(act.Boards(), b.Boards()[1:]) {
		t.Errorf("the boards are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if three, alone, finished := b.ByNumber("3"), b.ByNumber("6"), b.ByNumber("7"); alone.Text(board.Parent) != string(three.ID) || finished.Text(board.Parent) != string(alone.ID) {
		t.Error("a card is not part of the one that lies on the other board, or not of that on its own")
	}
	undo := board.Undo{Commit: commit}
	back, err := undo.Ops(b, anna, now)
	if err != nil {
		t.Fatal(err)
	}
	apply(workspace.Proposal{ID: "undo", Via: workspace.ViaWidget, Deeds: undo.Deeds(anna), Undoes: "import", Ops: back})
	if len(b.Boards()) != 1 || len(b.Away()) != 0 || !b.ByNumber("6").Deleted() {
		t.Error("undoing leaves something of the import")
	}
	one := board.Import{Drafts: []board.Draft{plain}, New: true, Title: "  Mein Board ", Seed: "zweimal"}
	if ops, err = one.Ops(b, anna, now); err != nil || ops[0].Set[board.Title] != text("Mein Board") || ops[0].Set[board.Lanes] != text(board.ByPriority) {
		t.Errorf("%v, %v", ops, err)
	}
}
