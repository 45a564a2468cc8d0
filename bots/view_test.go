package bots

import (
	"regexp"
	"strings"
	"testing"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// A view that is a table is listed in the order of the table, a calendar by day, and any
// other by columns; a long one is cut, and says how much is missing.
func TestViewsAreListedAsTheyAreShown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, card := range []string{
		"Umzug planen fällig 1.12. in Spalte In Arbeit", "Angebot einholen fällig 27.11.", "Möbel bestellen", "Kisten packen fällig 30.11. Priorität dringend",
	} {
		s.say("!karte neu " + card)
	}
	for _, c := range []struct{ layout, sort, want string }{
		{"board", "due", "Offen: 2 3 4 In Arbeit: 1"},
		{"timeline", "", "Offen: 2 3 4 In Arbeit: 1"},
		{"table", "", "Offen: 2 3 4 In Arbeit: 1"},
		{"table", "due", "2 4 1 3"},
		{"table", "-due", "1 4 2 3"},
		{"table", "-place", "1 4 3 2"},
		{"table", "title", "2 4 3 1"},
		{"table", "priority", "4 2 3 1"},
		{"calendar", "-title", "2 4 1 3"},
	} {
		act := board.SaveView{View: "v", Title: "Gezeigt", Layout: c.layout, Sort: c.sort}
		ops, err := act.Ops(s.board, "@anna:amt.example", s.now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.apply(workspace.Proposal{By: "@anna:amt.example", Deeds: []workspace.Deed{"view.save"}, Via: workspace.ViaWidget, Ops: ops}); err != nil {
			t.Fatal(err)
		}
		answer := s.say("!ansicht gezeigt")
		head, lines, _ := strings.Cut(answer, "\n")
		var got []string
		for _, found := range regexp.MustCompile(`(?m)^(Offen|In Arbeit) \(\d\)$|^• #(\d)`).FindAllStringSubmatch(lines, -1) {
			if found[1] != "" {
				got = append(got, found[1]+":")
			} else {
				got = append(got, found[2])
			}
		}
		if !strings.Contains(head, "(4)") || strings.Join(got, " ") != c.want {
			t.Errorf("%s by %q: %s\n%s", c.layout, c.sort, strings.Join(got, " "), answer)
		}
		if named := strings.Contains(answer, "Umzug planen · In Arbeit"); named != !strings.Contains(c.want, ":") {
			t.Errorf("%s by %q names the column in each line: %t", c.layout, c.sort, named)
		}
	}
	for range 50 {
		s.say("!karte neu Noch eine")
	}
	long := s.say("!ansicht gezeigt")
	if strings.Count(long, "\n• ") != maxListLines || !strings.Contains(long, "… und 14 weitere") {
		t.Errorf("a long list has %d lines:\n%s", strings.Count(long, "\n• "), long)
	}
}
