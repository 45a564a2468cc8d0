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
	crowd := make([]workspace.ItemID, MaxBulk+1)
	for i := range crowd {
		crowd[i] = "a"
	}
	for name, c := range map[string]struct {
		act  Act
		want workspace.ErrorKind
	}{
		"begin after the end":         {AddCard{Card: "n", Title: "x", Start: "2026-12-24", Due: "2026-12-23"}, workspace.Invalid},
		"begin later than due":        {EditCard{Card: "dated", Start: new("2026-12-24")}, workspace.Invalid},
		"be due before the beginning": {EditCard{Card: "dated", Due: new("2026-11-01")}, workspace.Invalid},
		"a priority of one's own":     {EditCard{Card: "a", Priority: new("asap")}, workspace.Invalid},
		"archive twice":               {ArchiveCard{Card: "archived", On: true}, workspace.Conflict},
		"archive what is deleted":     {ArchiveCard{Card: "deleted", On: true}, workspace.NotFound},
		"bring back what is there":    {ArchiveCard{Card: "a"}, workspace.Conflict},
		"move within the archive":     {MoveCard{Card: "archived", Column: "done"}, workspace.Conflict},
		"finish in the archive":       {FinishCard{Card: "archived"}, workspace.Conflict},
		"tick what is not there":      {CheckCard{Card: "a", Entry: "e", Done: new(bool)}, workspace.NotFound},
		"an entry without words":      {CheckCard{Card: "a", Entry: "e", Title: new(" ")}, workspace.Invalid},
		"an entry of 100 kB":          {CheckCard{Card: "a", Entry: "e", Title: &long}, workspace.TooLarge},
		"an entry with a bad ID":      {CheckCard{Card: "a", Entry: "e/../x", Title: new("x")}, workspace.Invalid},
		"an entry with a long ID":     {CheckCard{Card: "a", Entry: long[:33], Title: new("x")}, workspace.Invalid},
		"be related to oneself":       {RelateCard{Card: "a", Other: "a", Relation: RelationBlocks, On: true}, workspace.Invalid},
		"be a part of a part":         {RelateCard{Card: "a", Other: "part", Relation: RelationParent, On: true}, workspace.Invalid},
		"be related to nothing":       {RelateCard{Card: "a", Other: "gone", Relation: RelationRelates, On: true}, workspace.NotFound},
		"an unknown relation":         {RelateCard{Card: "a", Other: "part", Relation: "loves", On: true}, workspace.Invalid},
		"a relation that is not":      {RelateCard{Card: "a", Other: "part", Relation: RelationRelates}, workspace.Conflict},
		"a link to a script":          {LinkCard{Card: "a", Link: "l", URL: new("javascript:alert(1)")}, workspace.Invalid},
		"a link with a password":      {LinkCard{Card: "a", Link: "l", URL: new("https://a:b@example.org/")}, workspace.Invalid},
		"a link without a host":       {LinkCard{Card: "a", Link: "l", URL: new("https:///x")}, workspace.Invalid},
		"a link with a blank":         {LinkCard{Card: "a", Link: "l", URL: new("https://example.org/a b")}, workspace.Invalid},
		"a link of 100 kB":            {LinkCard{Card: "a", Link: "l", URL: new("https://example.org/" + long)}, workspace.Invalid},
		"name a link that is not":     {LinkCard{Card: "a", Link: "l", Title: new("x")}, workspace.NotFound},
		"too many at once":            {ChangeCards{Cards: crowd, Change: CardChange{Delete: true}}, workspace.TooLarge},
		"several with one missing":    {ChangeCards{Cards: []workspace.ItemID{"a", "gone"}, Change: CardChange{Delete: true}}, workspace.NotFound},
		"several into no column":      {ChangeCards{Cards: []workspace.ItemID{"a"}, Change: CardChange{Column: "gone"}}, workspace.NotFound},
		"several, and nothing":        {ChangeCards{Cards: []workspace.ItemID{"a"}}, workspace.Conflict},
		"none at once":                {ChangeCards{Change: CardChange{Delete: true}}, workspace.Conflict},
		"several from the archive":    {ChangeCards{Cards: []workspace.ItemID{"a", "archived"}, Change: CardChange{Column: "done"}}, workspace.Conflict},
		"a colour of one's own":       {EditLabel{Label: "x", Color: new("#ff0000")}, workspace.Invalid},
		"rename what nobody carries":  {EditLabel{Label: "x", Rename: new("y")}, workspace.NotFound},
		"remove what nobody carries":  {RemoveLabel{Label: "x"}, workspace.NotFound},
		"colour what has no name":     {EditLabel{Label: " ", Color: new("red")}, workspace.Invalid},
		"add a card that exists":      {AddCard{Card: "a", Title: "x"}, workspace.Conflict},
		"add to a missing column":     {AddCard{Card: "n", Title: "x", Column: "gone"}, workspace.NotFound},
		"add for a stranger":          {AddCard{Card: "n", Title: "x", Assignees: []id.UserID{"@stranger:x.y"}}, workspace.Invalid},
		"add with too many labels":    {AddCard{Card: "n", Title: "x", Labels: many}, workspace.Invalid},
		"add without title":           {AddCard{Card: "n", Title: " \t\u202e"}, workspace.Invalid},
		"add with a title of 100 kB":  {AddCard{Card: "n", Title: long}, workspace.TooLarge},
		"add with a long text":        {AddCard{Card: "n", Title: "x", Description: long}, workspace.TooLarge},
		"add with a bad day":          {AddCard{Card: "n", Title: "x", Due: "tomorrow"}, workspace.Invalid},
		"add with a bad label":        {AddCard{Card: "n", Title: "x", Labels: []string{long}}, workspace.Invalid},
		"add with a bad item":         {AddCard{Card: "n/../x", Title: "x"}, workspace.Invalid},
		"edit a missing card":         {EditCard{Card: "gone"}, workspace.NotFound},
		"edit a deleted card":         {EditCard{Card: "deleted"}, workspace.NotFound},
		"edit nothing":                {EditCard{Card: "a"}, workspace.Conflict},
		"edit to no title":            {EditCard{Card: "a", Title: &empty}, workspace.Invalid},
		"move a missing card":         {MoveCard{Card: "gone", Column: "open"}, workspace.NotFound},
		"move to a missing column":    {MoveCard{Card: "a", Column: "gone"}, workspace.NotFound},
		"assign a stranger":           {AssignCard{Card: "a", User: "@stranger:x.y", On: true}, workspace.Invalid},
		"assign twice":                {AssignCard{Card: "a", User: anna, On: true}, workspace.Conflict},
		"take a label that is not":    {LabelCard{Card: "a", Label: "x"}, workspace.Conflict},
		"repeat never, as before":     {RepeatCard{Card: "a"}, workspace.Conflict},
		"repeat by the hour":          {RepeatCard{Card: "a", Rule: "FREQ=HOURLY"}, workspace.Invalid},
		"finish a missing card":       {FinishCard{Card: "gone"}, workspace.NotFound},
		"finish a finished card":      {FinishCard{Card: "finished"}, workspace.Conflict},
		"delete twice":                {DeleteCard{Card: "deleted"}, workspace.NotFound},
		"restore what is there":       {RestoreCard{Card: "a"}, workspace.NotFound},
		"add a column that exists":    {AddColumn{Column: "open", Title: "x"}, workspace.Conflict},
		"rename a missing column":     {EditColumn{Column: "gone", Title: &empty}, workspace.NotFound},
		"rename to nothing":           {EditColumn{Column: "open", Title: &empty}, workspace.Invalid},
		"remove into a missing one":   {RemoveColumn{Column: "open", Into: "gone"}, workspace.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newTable(t)
			tb.do(AddCard{Card: "a", Title: "x", Assignees: []id.UserID{anna}})
			tb.do(AddCard{Card: "deleted", Title: "x"})
			tb.do(DeleteCard{Card: "deleted"})
			tb.do(AddCard{Card: "archived", Title: "x"})
			tb.do(ArchiveCard{Card: "archived", On: true})
			tb.do(AddCard{Card: "dated", Title: "x", Start: "2026-12-01", Due: "2026-12-23"})
			tb.do(AddCard{Card: "part", Title: "x"})
			tb.do(RelateCard{Card: "part", Other: "a", Relation: RelationParent, On: true})
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
