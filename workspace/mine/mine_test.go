package mine

import (
	"testing"
	"time"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

func TestWhenWorkIsDue(t *testing.T) {
	t.Parallel()
	for today, days := range map[string]map[string]When{
		"2026-11-25": { // a Wednesday
			"": Undated, "2026-11-24": Overdue, "2026-11-25": Today, "2026-11-26": ThisWeek, "2026-11-29": ThisWeek, "2026-11-30": Later, "2027-11-25": Later,
		},
		"2026-11-29": {"2026-11-28": Overdue, "2026-11-29": Today, "2026-11-30": Later}, // a Sunday
		"2026-11-30": {"2026-11-29": Overdue, "2026-12-06": ThisWeek, "2026-12-07": Later},
	} {
		at, err := time.Parse(time.DateOnly, today)
		if err != nil {
			t.Fatal(err)
		}
		for day, want := range days {
			if got := WhenOf(day, at.Add(23*time.Hour)); got != want {
				t.Errorf("on %s, %q is %d, want %d", today, day, got, want)
			}
		}
	}
}

func TestWorkStandsInTheOrderOfItsDays(t *testing.T) {
	t.Parallel()
	var w Work
	for _, c := range []struct{ id, place, due string }{
		{"1", "A", ""}, {"2", "B", "2026-12-02"}, {"3", "A", "2026-12-02"}, {"4", "C", "2026-12-01"}, {"5", "A", "2026-12-02"},
	} {
		it := &workspace.Item{Key: workspace.Key{Kind: board.KindCard, ID: workspace.ItemID(c.id)}}
		if c.due != "" {
			it.Fields = []workspace.Field{{Name: board.Due, Value: workspace.String(c.due)}}
		}
		w.Cards = append(w.Cards, Card{Item: it, Place: c.place})
	}
	w.Sort()
	got := ""
	for _, c := range w.Cards {
		got += string(c.Item.ID)
	}
	if got != "43521" {
		t.Errorf("the order is %s, want 43521", got)
	}
}
