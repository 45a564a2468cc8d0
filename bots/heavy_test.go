package bots

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// crowd is a stage with 10,000 members and 10,000 cards; the first hundred
// have all the people and labels that a card may have.
func crowd(t *testing.T) *stage {
	t.Helper()
	const many = 10_000
	s := newStage(t)
	for i := range many {
		name := fmt.Sprintf("Kollegin Übung %d", i)
		if i%100 == 0 {
			name = "Kollegin Gleich"
		}
		s.room.Members[id.UserID(fmt.Sprintf("@k%d:amt.example", i))] = workspace.Member{Membership: workspace.Joined, Name: name}
	}
	for i := range many {
		fields := map[string]workspace.Value{
			board.Title: workspace.String(fmt.Sprint("Aufgabe ", i+1)), board.Column: workspace.String("open"),
			board.Number: workspace.String(fmt.Sprint(i + 1)), board.Rank: workspace.String(fmt.Sprintf("d%05d", i+1)),
		}
		for n := range board.MaxLabels {
			if i < 100 {
				fields[fmt.Sprintf("%s/@k%d:amt.example", board.Assignee, 100*n)] = workspace.Bool(true)
			}
			if i < 100 || n == 0 {
				fields[fmt.Sprintf("%s/wort%d", board.Label, n)] = workspace.Bool(true)
			}
		}
		it := &workspace.Item{Key: workspace.Key{Kind: board.KindCard, ID: workspace.ItemID(fmt.Sprint("k", i))}}
		for name, v := range fields {
			it.Fields = append(it.Fields, workspace.Field{Name: name, Value: v})
		}
		slices.SortFunc(it.Fields, func(a, b workspace.Field) int { return strings.Compare(a.Name, b.Name) })
		s.room.Restore(it)
	}
	return s
}

// fill repeats words, which may count, until a line is as long as may be.
func fill(line string, word func(n int) string) string {
	for n := 0; ; n++ {
		w := word(n)
		if len(line)+1+len(w) > maxLine-100 {
			return line
		}
		line += " " + w
	}
}

// No line that somebody types costs more than a moment, however large the room
// and the board: it is one goroutine for all of the room.
func TestLongLinesAreQuick(t *testing.T) {
	t.Parallel()
	s := crowd(t)
	counted := func(format string) func(int) string {
		return func(n int) string { return fmt.Sprintf(format, n) }
	}
	always := func(word string) func(int) string { return func(int) string { return word } }
	hundred := "1"
	for n := 2; n <= 100; n++ {
		hundred += fmt.Sprintf(" %d", n)
	}
	for name, line := range map[string]string{
		"labels":              fill("!karte schlagwort 1", counted("ww%d")),
		"one label":           fill("!karte schlagwort 101", always("Wort0")),
		"labels off":          fill("!karte schlagwort "+hundred, counted("-wort%d")),
		"new with labels":     fill("!karte neu x", counted("#ww%d")),
		"new with people":     fill("!karte neu x", counted("@k%d")),
		"new with namesakes":  fill("!karte neu x", always("@Kollegin Gleich")),
		"new with dates":      fill("!karte neu x", always("bis")),
		"new with columns":    fill("!karte neu x", always("in Spalte Offen")),
		"new with quotes":     fill("!karte neu x", always("„")),
		"list":                "!karte liste",
		"list of labels":      fill("!karte liste", always("#wort0")),
		"list of columns":     fill("!karte liste", always("offen")),
		"list of people":      fill("!karte liste", counted("@k%d")),
		"many numbers":        fill("!karte fertig", counted("%d")),
		"numbers and day":     fill("!karte fällig", counted("%d")) + " Freitag",
		"a hundred assigned":  "!karte zuweisen " + hundred + " @anna",
		"a hundred less":      "!karte entziehen " + hundred + " @k0",
		"people assigned":     fill("!karte zuweisen "+hundred, counted("k%d")),
		"a hundred moved":     "!karte verschieben " + hundred + " nach oben",
		"move by many words":  fill("!karte verschieben 1", always("nach")) + " oben",
		"column by vor":       fill("!spalte neu x", always("vor")),
		"column by ganz":      fill("!spalte verschieben Offen", always("ganz")) + " links",
		"column renamed":      fill("!spalte umbenennen Offen", always("in")),
		"column removed":      fill("!spalte entfernen Offen", always("nach")),
		"shown":               "!karte zeige 1",
		"commas":              "!karte fertig " + strings.Repeat("1,", maxLine/2-100),
		"unknown":             fill("!karte fertig 99999", counted("%d")),
		"everything together": fill("!karte neu", counted("@k%d #ww%[1]d bis x fällig Freitag")),
	} {
		took := time.Duration(0)
		for range 3 { // a machine that is busy with other things is no reason to fail
			e := s.event(Said, "@anna:amt.example")
			e.Body = line
			start := time.Now()
			turn := s.handle(e)
			if turn.Answer == nil && turn.PostCard == "" {
				t.Errorf("%s: no answer", name)
			}
			if took = time.Since(start); took < 2*time.Second {
				break
			}
		}
		if t.Logf("%s took %v", name, took); took > 2*time.Second {
			t.Errorf("%s is too much work", name)
		}
	}
}
