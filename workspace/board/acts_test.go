package board

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Every refusal of an act names its kind, and the board stays as it was.
func TestActsRefuse(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	empty := ""
	many := make([]string, MaxLabels+1)
	for i := range many {
		many[i] = fmt.Sprint("l", i)
	}
	for name, c := range map[string]struct {
		act  Act
		want workspace.ErrorKind
	}{
		"add a card that exists":     {AddCard{Card: "a", Title: "x"}, workspace.Conflict},
		"add to a missing column":    {AddCard{Card: "n", Title: "x", Column: "gone"}, workspace.NotFound},
		"add for a stranger":         {AddCard{Card: "n", Title: "x", Assignees: []id.UserID{"@stranger:x.y"}}, workspace.Invalid},
		"add with too many labels":   {AddCard{Card: "n", Title: "x", Labels: many}, workspace.Invalid},
		"add without title":          {AddCard{Card: "n", Title: " \t\u202e"}, workspace.Invalid},
		"add with a title of 100 kB": {AddCard{Card: "n", Title: long}, workspace.TooLarge},
		"add with a long text":       {AddCard{Card: "n", Title: "x", Description: long}, workspace.TooLarge},
		"add with a bad day":         {AddCard{Card: "n", Title: "x", Due: "tomorrow"}, workspace.Invalid},
		"add with a bad label":       {AddCard{Card: "n", Title: "x", Labels: []string{long}}, workspace.Invalid},
		"add with a bad item":        {AddCard{Card: "n/../x", Title: "x"}, workspace.Invalid},
		"edit a missing card":        {EditCard{Card: "gone"}, workspace.NotFound},
		"edit a deleted card":        {EditCard{Card: "deleted"}, workspace.NotFound},
		"edit nothing":               {EditCard{Card: "a"}, workspace.Conflict},
		"edit to no title":           {EditCard{Card: "a", Title: &empty}, workspace.Invalid},
		"move a missing card":        {MoveCard{Card: "gone", Column: "open"}, workspace.NotFound},
		"move to a missing column":   {MoveCard{Card: "a", Column: "gone"}, workspace.NotFound},
		"assign a stranger":          {AssignCard{Card: "a", User: "@stranger:x.y", On: true}, workspace.Invalid},
		"assign twice":               {AssignCard{Card: "a", User: anna, On: true}, workspace.Conflict},
		"take a label that is not":   {LabelCard{Card: "a", Label: "x"}, workspace.Conflict},
		"finish a missing card":      {FinishCard{Card: "gone"}, workspace.NotFound},
		"finish a finished card":     {FinishCard{Card: "finished"}, workspace.Conflict},
		"delete twice":               {DeleteCard{Card: "deleted"}, workspace.NotFound},
		"restore what is there":      {RestoreCard{Card: "a"}, workspace.NotFound},
		"add a column that exists":   {AddColumn{Column: "open", Title: "x"}, workspace.Conflict},
		"rename a missing column":    {EditColumn{Column: "gone", Title: &empty}, workspace.NotFound},
		"rename to nothing":          {EditColumn{Column: "open", Title: &empty}, workspace.Invalid},
		"remove into a missing one":  {RemoveColumn{Column: "open", Into: "gone"}, workspace.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newTable(t)
			tb.do(AddCard{Card: "a", Title: "x", Assignees: []id.UserID{anna}})
			tb.do(AddCard{Card: "deleted", Title: "x"})
			tb.do(DeleteCard{Card: "deleted"})
			tb.do(AddCard{Card: "finished", Title: "x"})
			tb.do(FinishCard{Card: "finished"})
			seq := tb.room.Seq
			ops, err := c.act.Ops(tb.board, anna, noon)
			if err == nil {
				_, err = tb.room.Apply(workspace.Proposal{ID: "p", By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon)
			}
			if got := workspace.AsError(err); err == nil || got.Kind != c.want || strings.Contains(got.Say.De+got.Say.En, "%") {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if tb.room.Seq != seq {
				t.Error("something changed")
			}
		})
	}
}

func TestNumbersGrowAndStay(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	for _, c := range []workspace.ItemID{"a", "b", "c"} {
		tb.do(AddCard{Card: c, Title: "x"})
	}
	tb.do(DeleteCard{Card: "c"})
	tb.do(AddCard{Card: "d", Title: "x"})
	if n := tb.board.Card("d").Text(Number); n != "4" {
		t.Errorf("the card after a deleted third has number %s, want 4: numbers are not used again", n)
	}
	if c := tb.board.ByNumber("3"); c == nil || c.ID != "c" || !c.Deleted() {
		t.Errorf("number 3 is %v, want the deleted card", c)
	}
	// A room that was stored gives the same.
	again := workspace.NewRoom("!r:x.y", "@werkraum:x.y", 0)
	b := New(again)
	for it := range tb.room.Items {
		again.Restore(it)
	}
	if b.number != 4 || b.ByNumber("1").ID != "a" || len(b.Columns()) != 3 || b.Len("open") != 3 {
		t.Errorf("restored: last number %d, %d columns, %d cards", b.number, len(b.Columns()), b.Len("open"))
	}
	if again.ClockTime() != tb.room.ClockTime() {
		t.Error("a restored room's clock is behind")
	}
}

func TestRestoreIntoAGoneColumn(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(AddCard{Card: "a", Title: "x", Column: "doing"})
	tb.do(DeleteCard{Card: "a"})
	tb.do(RemoveColumn{Column: "doing"})
	tb.do(RestoreCard{Card: "a"})
	if got := tb.cards("open"); !slices.Equal(got, []workspace.ItemID{"a"}) {
		t.Errorf("the first column holds %v, want the restored card", got)
	}
}

func TestCleanKeepsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  a \t b\n c ": "a b c", "مرحبا 🚀 שלום": "مرحبا 🚀 שלום", "👩‍💻": "👩‍💻", "a\u202eb\u2066c": "abc", "a\x00b\x7f": "ab",
		"<b>&amp;</b>": "<b>&amp;</b>", "Ä ö ß": "Ä ö ß", "": "",
	} {
		if got := Clean(in); got != want || Clean(got) != got {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if got := CleanLines(" a\r\nb\u202e\n\n\tc \n"); got != "a\nb\n\n\tc" || CleanLines(got) != got {
		t.Errorf("lines become %q", got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("card.add", `{"card":"abc","title":"x","before":null,"labels":["a"]}`)
	f.Add("card.move", `{"card":"abc","column":"open","before":"x"}`)
	f.Add("column.remove", `{"column":"open"}`)
	f.Add("card.edit", `{"card":"a","due":""}`)
	f.Fuzz(func(t *testing.T, name, args string) {
		act, err := Decode(name, json.RawMessage(args))
		if err != nil {
			if workspace.AsError(err).Kind != workspace.Invalid {
				t.Errorf("refused as %v, want invalid", err)
			}
			return
		}
		tb := newTable(t)
		tb.do(AddCard{Card: "a", Title: "x"})
		ops, err := act.Ops(tb.board, anna, noon)
		if err != nil {
			return
		}
		before := tb.room.Seq
		_, err = tb.room.Apply(workspace.Proposal{ID: "p", By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon)
		if workspace.AsError(err) != nil && err != nil && (workspace.AsError(err).Kind == workspace.Internal || tb.room.Seq != before) {
			t.Errorf("%s: %v", name, err)
		}
		tb.check()
	})
}
