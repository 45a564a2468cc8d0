package board

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"werkraum/workspace"
)

// commit does an act and keeps what came of it, so that it can be taken back.
func (tb *table) commit(a Act) (workspace.Commit, error) {
	tb.t.Helper()
	ops, err := a.Ops(tb.board, anna, noon)
	if err != nil {
		return workspace.Commit{}, err
	}
	tb.count++
	c, err := tb.room.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(tb.count)), By: anna, Deeds: a.Deeds(anna), Via: workspace.ViaWidget, Ops: ops}, noon)
	if err != nil {
		tb.t.Fatalf("%T was not applied: %v", a, err)
	}
	return c, nil
}

// visible are the cards that people see on some board.
func (tb *table) visible() map[workspace.ItemID]bool {
	cards := map[workspace.ItemID]bool{}
	for _, column := range tb.board.Columns() {
		for _, card := range tb.board.Cards(column.ID, -1) {
			cards[card.ID] = true
		}
	}
	return cards
}

// boardsByItems are the boards that there are by what the items say, in order.
func (tb *table) boardsByItems() []workspace.ItemID {
	list := []place{}
	if tb.board.board(Main) == nil {
		list = append(list, place{id: Main})
	}
	for it := range tb.room.Items {
		if it.Kind == KindBoard && !it.Deleted() && !it.True(Archived) && !it.True(Template) {
			list = append(list, placeOf(it))
		}
	}
	slices.SortFunc(list, place.compare)
	ids := make([]workspace.ItemID, len(list))
	for i, p := range list {
		ids[i] = p.id
	}
	return ids
}

// Whatever is done and taken back in whatever order: every card that nobody deleted or
// put into the archive lies in a column that is there, on a board that people see or
// that somebody put away as a whole and can bring back.
func TestNoCardIsLostFromView(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		var commits []workspace.Commit
		var made []workspace.ItemID // boards and templates
		for n := range rapid.IntRange(1, 40).Draw(t, "acts") {
			boards := append(tb.board.Boards(), made...)
			on := rapid.SampledFrom(boards).Draw(t, "board")
			var act Act
			column := workspace.ItemID("open")
			if columns := tb.board.ColumnsOn(on); len(columns) > 0 {
				column = rapid.SampledFrom(columns).Draw(t, "column").ID
			}
			other := rapid.SampledFrom(tb.board.Columns()).Draw(t, "other column").ID
			var all []workspace.ItemID
			for it := range tb.room.Items {
				if it.Kind == KindCard && it.Text(Number) != "" {
					all = append(all, it.ID)
				}
			}
			slices.Sort(all)
			item := workspace.ItemID(fmt.Sprintf("i%d", n))
			choice := rapid.IntRange(0, 14).Draw(t, "act")
			switch {
			case choice <= 3 && len(commits) > 0:
				act = Undo{rapid.SampledFrom(commits).Draw(t, "taken back")}
			case choice == 4:
				act = AddBoard{Board: item, Title: "b", Template: rapid.SampledFrom([]string{"", "kanban", "onboarding"}).Draw(t, "template")}
				made = append(made, item)
			case choice == 5:
				act = ArchiveBoard{Board: on, On: rapid.Bool().Draw(t, "archive")}
			case choice == 6:
				act = RemoveBoard{Board: on}
			case choice == 7:
				act = SaveBoard{Board: on, Template: item, Title: "t", Cards: true}
				made = append(made, item)
			case choice == 8:
				act = AddColumn{Column: item, Title: "c", Board: on}
			case choice == 9:
				act = RemoveColumn{Column: column, Into: other}
			case choice == 10 && len(all) > 0:
				act = ArchiveCard{Card: rapid.SampledFrom(all).Draw(t, "card"), On: rapid.Bool().Draw(t, "archive card")}
			case choice == 11 && len(all) > 0:
				card := rapid.SampledFrom(all).Draw(t, "card")
				if act = Act(DeleteCard{Card: card}); rapid.Bool().Draw(t, "restore") {
					act = RestoreCard{Card: card}
				}
			case choice == 12:
				act = MoveBoard{Board: on, Before: &boards[0]}
			case choice == 13 && len(all) > 0:
				act = MoveCard{Card: rapid.SampledFrom(all).Draw(t, "card"), Column: column}
			default:
				act = AddCard{Card: item, Title: "x", Column: column}
			}
			c, err := tb.commit(act)
			if err != nil {
				continue
			}
			commits = append(commits, c)
			tb.findEveryCard(act)
			if got, want := tb.board.Boards(), tb.boardsByItems(); !slices.Equal(got, want) {
				t.Fatalf("after %T boards are kept as %v, the items say %v", act, got, want)
			}
		}
	})
}

func (tb *table) findEveryCard(act Act) {
	tb.t.Helper()
	seen := tb.visible()
	away := map[workspace.ItemID]bool{}
	for _, it := range tb.board.Away() {
		away[it.ID] = true
	}
	if len(tb.board.Columns()) == 0 {
		tb.t.Fatalf("%T left no column", act)
	}
	for _, on := range tb.board.Boards() {
		if len(tb.board.ColumnsOn(on)) == 0 {
			tb.t.Fatalf("%T left board %s without a column", act, on)
		}
	}
	for it := range tb.room.Items {
		if it.Kind != KindCard || !stands(it) || it.Text(Number) == "" {
			continue
		}
		column := tb.board.column(workspace.ItemID(it.Text(Column)))
		onAway := column != nil && !column.Deleted() && away[Of(column)]
		if !seen[it.ID] && !onAway {
			tb.t.Fatalf("%T lost card %s: it is in column %s", act, it.ID, it.Text(Column))
		}
	}
}

// The scene that matters most: somebody's board is taken back after others have put
// cards on it, in its columns and in one of their own.
func TestTakingABoardBackKeepsWhatOthersPutThere(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	made, err := tb.commit(AddBoard{Board: "b", Title: "Sitzung", Template: "meeting"})
	if err != nil {
		t.Fatal(err)
	}
	columns := tb.board.ColumnsOn("b")
	if len(columns) != 5 || tb.board.Len(columns[0].ID) != 1 {
		t.Fatalf("the board has %d columns", len(columns))
	}
	tb.do(AddCard{Card: "ours", Title: "x", Column: columns[1].ID})
	tb.do(AddColumn{Column: "extra", Title: "Extra", Board: "b"})
	tb.do(AddCard{Card: "also", Title: "x", Column: "extra"})
	example := tb.board.Cards(columns[0].ID, 1)[0].ID
	back, err := tb.commit(Undo{made})
	if err != nil {
		t.Fatal(err)
	}
	if seen := tb.visible(); !seen["ours"] || !seen["also"] || seen[example] {
		t.Errorf("of what was on the board people see %v, want the cards of others only", seen)
	}
	if got := tb.cards("open"); !slices.Equal(got, []workspace.ItemID{"ours", "also"}) {
		t.Errorf("the first column holds %v", got)
	}
	if len(tb.board.Away()) != 0 {
		t.Error("a board that was taken back is offered for restoring, without columns")
	}
	tb.do(Undo{back})
	if got := tb.board.Boards(); !slices.Equal(got, []workspace.ItemID{Main, "b"}) {
		t.Errorf("after the undo was taken back there are the boards %v", got)
	}
	tb.findEveryCard(Undo{back})
}

// The main board is renamed, moved, put away and brought back like any other, and
// taking back the first that was ever said of it does not take the board away.
func TestTheMainBoardStays(t *testing.T) {
	t.Parallel()
	title := "Alle Aufgaben"
	lanes := ByLabel
	for _, act := range []Act{
		EditBoard{Board: Main, Title: &title}, EditBoard{Board: Main, Lanes: &lanes},
		MoveBoard{Board: Main}, ArchiveBoard{Board: Main, On: true}, RemoveBoard{Board: Main},
	} {
		tb := newTable(t)
		tb.do(AddCard{Card: "a", Title: "x"})
		tb.do(AddBoard{Board: "b", Title: "B"})
		c, err := tb.commit(act)
		if err != nil {
			t.Fatalf("%T: %v", act, err)
		}
		tb.do(Undo{c})
		if got := tb.board.Boards(); !slices.Equal(got, []workspace.ItemID{Main, "b"}) || !tb.visible()["a"] {
			t.Errorf("after %T was taken back there are the boards %v", act, got)
		}
		if it := tb.board.board(Main); it.Deleted() || it.Text(Title) != "" || it.Text(Lanes) != "" {
			t.Errorf("after %T was taken back the main board says %v", act, it.Fields)
		}
	}
}

func TestBoardsStandInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		for n := range rapid.IntRange(1, 6).Draw(t, "boards") {
			tb.do(AddBoard{Board: workspace.ItemID(fmt.Sprint("b", n)), Title: "b"})
		}
		for range rapid.IntRange(1, 10).Draw(t, "moves") {
			boards := tb.board.Boards()
			on := rapid.SampledFrom(boards).Draw(t, "board")
			before := rapid.SampledFrom(boards).Draw(t, "before")
			if on == before {
				continue
			}
			want := placed(boards, on, &before)
			tb.do(MoveBoard{Board: on, Before: &before})
			if got := tb.board.Boards(); !slices.Equal(got, want) {
				t.Fatalf("%s before %s: %v, want %v", on, before, got, want)
			}
		}
	})
}

// A finished card goes to the done column of its own board, and a restored one to the
// first of its own.
func TestCardsStayOnTheirBoard(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(AddBoard{Board: "b", Title: "B"})
	columns := tb.board.ColumnsOn("b")
	tb.do(AddCard{Card: "a", Title: "x", Column: columns[1].ID})
	tb.do(FinishCard{Card: "a"})
	if got := tb.cards(columns[2].ID); !slices.Equal(got, []workspace.ItemID{"a"}) {
		t.Errorf("the board's done column holds %v", got)
	}
	tb.do(MoveCard{Card: "a", Column: columns[1].ID})
	tb.do(DeleteCard{Card: "a"})
	tb.do(RemoveColumn{Column: columns[1].ID})
	tb.do(RestoreCard{Card: "a"})
	if got := tb.cards(columns[0].ID); !slices.Equal(got, []workspace.ItemID{"a"}) {
		t.Errorf("the board's first column holds %v", got)
	}
	tb.do(AddCard{Card: "c", Title: "x"})
	if n := tb.board.Card("c").Text(Number); n != "2" {
		t.Errorf("the next card of the room has number %s, want 2", n)
	}
}

// tryApply is try for acts whose values are only checked when they are applied.
func (tb *table) tryApply(a Act) error {
	ops, err := a.Ops(tb.board, anna, noon)
	if err != nil {
		return err
	}
	_, err = tb.room.Apply(workspace.Proposal{ID: "p", By: anna, Deeds: a.Deeds(anna), Via: workspace.ViaWidget, Ops: ops}, noon)
	return err
}

func TestBoardActsRefuse(t *testing.T) {
	t.Parallel()
	lanes := "weather"
	empty := ""
	for name, c := range map[string]struct {
		act  Act
		want workspace.ErrorKind
	}{
		"add one that exists":         {AddBoard{Board: "b", Title: "x"}, workspace.Conflict},
		"add the main one":            {AddBoard{Board: Main, Title: "x"}, workspace.Conflict},
		"add without title":           {AddBoard{Board: "n", Title: " "}, workspace.Invalid},
		"add after nothing":           {AddBoard{Board: "n", Title: "x", Template: "gone"}, workspace.NotFound},
		"add after a board":           {AddBoard{Board: "n", Title: "x", Template: "b"}, workspace.NotFound},
		"rename a missing one":        {EditBoard{Board: "gone", Title: &lanes}, workspace.NotFound},
		"rename to nothing":           {EditBoard{Board: "b", Title: &empty}, workspace.Invalid},
		"edit nothing":                {EditBoard{Board: "b"}, workspace.Conflict},
		"lanes of a third kind":       {EditBoard{Board: "b", Lanes: &lanes}, workspace.Invalid},
		"move a missing one":          {MoveBoard{Board: "gone"}, workspace.NotFound},
		"archive twice":               {ArchiveBoard{Board: "away", On: true}, workspace.NotFound},
		"restore what is there":       {ArchiveBoard{Board: "b"}, workspace.Conflict},
		"restore what never was":      {ArchiveBoard{Board: "gone"}, workspace.NotFound},
		"remove a missing one":        {RemoveBoard{Board: "gone"}, workspace.NotFound},
		"save an archived one":        {SaveBoard{Board: "away", Template: "n", Title: "x"}, workspace.NotFound},
		"save over another":           {SaveBoard{Board: "b", Template: "b", Title: "x"}, workspace.Conflict},
		"a column on no board":        {AddColumn{Column: "n", Title: "x", Board: "gone"}, workspace.NotFound},
		"a column in the archive":     {AddColumn{Column: "n", Title: "x", Board: "away"}, workspace.NotFound},
		"a column on a template":      {AddColumn{Column: "n", Title: "x", Board: "pattern"}, workspace.NotFound},
		"a card on an archived board": {AddCard{Card: "n", Title: "x", Column: partOf("away", "column", 0)}, workspace.NotFound},
		"a card on a template":        {AddCard{Card: "n", Title: "x", Column: partOf("pattern", "column", 0)}, workspace.NotFound},
		"the board's last column":     {RemoveColumn{Column: "only"}, workspace.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newTable(t)
			tb.do(AddBoard{Board: "b", Title: "B"})
			tb.do(AddColumn{Column: "only", Title: "Only", Board: "b"})
			for n := range 3 {
				tb.do(RemoveColumn{Column: partOf("b", "column", n)})
			}
			tb.do(AddBoard{Board: "away", Title: "Away"})
			tb.do(SaveBoard{Board: "away", Template: "pattern", Title: "Pattern"})
			tb.do(ArchiveBoard{Board: "away", On: true})
			if err := tb.tryApply(c.act); err == nil || workspace.AsError(err).Kind != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestTheLastBoardStays(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	for _, act := range []Act{ArchiveBoard{Board: Main, On: true}, RemoveBoard{Board: Main}} {
		if err := tb.try(act); workspace.AsError(err).Kind != workspace.Conflict {
			t.Errorf("%T of the only board: %v, want a refusal", act, err)
		}
	}
	made, err := tb.commit(AddBoard{Board: "b", Title: "B"})
	if err != nil {
		t.Fatal(err)
	}
	tb.do(ArchiveBoard{Board: Main, On: true})
	if err := tb.try(Undo{made}); workspace.AsError(err).Kind != workspace.Conflict {
		t.Errorf("taking back the last board: %v, want a refusal", err)
	}
	for n := len(tb.board.Boards()); n < MaxBoards; n++ {
		tb.do(AddBoard{Board: workspace.ItemID(fmt.Sprint("n", n)), Title: "x"})
	}
	for name, act := range map[string]Act{"another one": AddBoard{Board: "more", Title: "x"}, "one out of the archive": ArchiveBoard{Board: Main}} {
		if err := tb.try(act); workspace.AsError(err).Kind != workspace.Invalid {
			t.Errorf("%s beyond the limit: %v, want a refusal", name, err)
		}
	}
}

// What two servers do to boards at the same time comes out alike on both, and a room
// that was stored gives the same boards.
func TestBoardsMergeAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		tb.do(AddBoard{Board: "b", Title: "B"})
		tb.do(AddBoard{Board: "c", Title: "C"})
		for range rapid.IntRange(0, 8).Draw(t, "acts") {
			on := rapid.SampledFrom([]workspace.ItemID{Main, "b", "c"}).Draw(t, "board")
			set := rapid.SampledFrom([]string{Archived, workspace.Deleted, Template}).Draw(t, "field")
			tb.apply([]workspace.Op{boardOp(on, map[string]workspace.Value{set: workspace.Bool(rapid.Bool().Draw(t, "on"))})})
		}
		again := workspace.NewRoom("!r:x.y", "@werkraum:x.y", 0)
		b := New(again)
		var items []*workspace.Item
		for it := range tb.room.Items {
			items = append(items, it)
		}
		for _, it := range rapid.Permutation(items).Draw(t, "order") {
			again.Restore(it)
		}
		if got, want := b.Boards(), tb.board.Boards(); !slices.Equal(got, want) {
			t.Fatalf("restored: %v, want %v", got, want)
		}
		if got, want := len(b.Columns()), len(tb.board.Columns()); got != want {
			t.Fatalf("restored: %d columns, want %d", got, want)
		}
	})
}
