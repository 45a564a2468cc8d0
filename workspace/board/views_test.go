package board

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"werkraum/workspace"
)

func (tb *table) views() (titles []string) {
	for _, v := range tb.board.Views() {
		titles = append(titles, v.Text(Title))
	}
	return titles
}

// Saving a view again replaces all that it held; what it no longer holds is gone for
// everybody, and undoing brings it back.
func TestSavedViewIsReplaced(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(SaveView{
		View: "v", Title: "  Dringend \u202e bei uns", Layout: "table", Text: "möbel", Assignees: []string{string(anna), Nobody},
		Labels: []string{"bau"}, Priorities: []string{"urgent", Normal}, Due: "week", Sort: "-due", Columns: []string{"number", "due"},
	})
	v := tb.board.Views()[0]
	if v.Text(Title) != "Dringend bei uns" || v.Text(ViewColumns) != "number,due" || !slices.Equal(v.Set(Assignee), []string{string(anna), Nobody}) {
		t.Errorf("saved as %v", v.Fields)
	}
	tb.do(SaveView{View: "v", Title: "Alles", Layout: "calendar"})
	v = tb.board.Views()[0]
	if len(v.Set(Assignee))+len(v.Set(Label))+len(v.Set(Priority)) > 0 || v.Text(Due)+v.Text(Sort)+v.Text(ViewText)+v.Text(ViewColumns) != "" {
		t.Errorf("it still holds %v", v.Fields)
	}
	if err := tb.try(SaveView{View: "v", Title: "Alles", Layout: "calendar"}); workspace.AsError(err) == nil || workspace.AsError(err).Kind != workspace.Conflict {
		t.Errorf("saving the same again: %v, want a conflict", err)
	}
	tb.do(SaveView{View: "w", Title: "Zweite", Layout: "board"})
	tb.do(RemoveView{View: "v"})
	if got := tb.views(); !slices.Equal(got, []string{"Zweite"}) {
		t.Errorf("after removing: %q", got)
	}
	tb.do(SaveView{View: "v", Title: "Wieder da", Layout: "board"})
	if got := tb.views(); !slices.Equal(got, []string{"Zweite", "Wieder da"}) {
		t.Errorf("after saving it anew: %q", got)
	}
	// A room that was stored gives the same.
	again := workspace.NewRoom("!r:x.y", "@werkraum:x.y", 0)
	b := New(again)
	for it := range tb.room.Items {
		again.Restore(it)
	}
	if len(b.Views()) != 2 || b.Views()[1].ID != "v" {
		t.Errorf("restored: %d views", len(b.Views()))
	}
}

func TestViewsAreChecked(t *testing.T) {
	t.Parallel()
	many := make([]string, MaxLabels+1)
	for i := range many {
		many[i] = fmt.Sprint("l", i)
	}
	for name, c := range map[string]struct {
		act  Act
		want workspace.ErrorKind
	}{
		"no title":        {SaveView{View: "v", Title: " ", Layout: "table"}, workspace.Invalid},
		"a long title":    {SaveView{View: "v", Title: strings.Repeat("x", MaxTitle+1), Layout: "table"}, workspace.TooLarge},
		"a long text":     {SaveView{View: "v", Title: "x", Text: strings.Repeat("ä", MaxViewText+1)}, workspace.TooLarge},
		"a layout":        {SaveView{View: "v", Title: "x", Layout: "pie"}, workspace.Invalid},
		"an order":        {SaveView{View: "v", Title: "x", Sort: "--due"}, workspace.Invalid},
		"a column":        {SaveView{View: "v", Title: "x", Columns: []string{"due", "x"}}, workspace.Invalid},
		"a column twice,": {SaveView{View: "v", Title: "x", Columns: []string{"due,"}}, workspace.Invalid},
		"a due":           {SaveView{View: "v", Title: "x", Due: "2026-01-01"}, workspace.Invalid},
		"a person":        {SaveView{View: "v", Title: "x", Assignees: []string{"anna"}}, workspace.Invalid},
		"a label":         {SaveView{View: "v", Title: "x", Labels: []string{" a"}}, workspace.Invalid},
		"many labels":     {SaveView{View: "v", Title: "x", Labels: many}, workspace.Invalid},
		"a priority":      {SaveView{View: "v", Title: "x", Priorities: []string{"later"}}, workspace.Invalid},
		"a board":         {SaveView{View: "v", Title: "x", Board: "a b"}, workspace.Invalid},
		"an item":         {SaveView{View: "v/w", Title: "x"}, workspace.Invalid},
		"removing none":   {RemoveView{View: "v"}, workspace.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := newTable(t)
			ops, err := c.act.Ops(tb.board, anna, noon)
			if err == nil {
				_, err = tb.room.Apply(workspace.Proposal{ID: "p", By: anna, Deeds: c.act.Deeds(anna), Via: workspace.ViaWidget, Ops: ops}, noon)
			}
			if err == nil || workspace.AsError(err).Kind != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if len(tb.board.Views()) != 0 {
				t.Error("it was saved")
			}
		})
	}
}

func TestViewsHaveALimit(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	for i := range MaxViews {
		tb.do(SaveView{View: workspace.ItemID(fmt.Sprint("v", i)), Title: fmt.Sprint(i), Layout: "board"})
	}
	if err := tb.try(SaveView{View: "more", Title: "x", Layout: "board"}); err == nil || workspace.AsError(err).Kind != workspace.Invalid {
		t.Errorf("one view more: %v, want a refusal", err)
	}
	tb.do(SaveView{View: "v0", Title: "Anders", Layout: "board"})
	tb.do(RemoveView{View: "v1"})
	tb.do(SaveView{View: "more", Title: "x", Layout: "board"})
}

// Erasing a person finds them in saved views as on cards.
func TestErasingFindsPeopleInViews(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	tb.do(SaveView{View: "v", Title: "Annas", Layout: "table", Assignees: []string{string(anna)}})
	it, differs := workspace.Renaming{From: anna, To: "@erased-1:werkraum.invalid"}.Item(tb.board.Views()[0])
	if !differs || !slices.Equal(it.Set(Assignee), []string{"@erased-1:werkraum.invalid"}) {
		t.Errorf("the view names %q", it.Set(Assignee))
	}
}
