package appservice

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-ical"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

var calendarLink = regexp.MustCompile(`/api/v1/calendar/([A-Za-z0-9_-]+)\.ics`)

// calendarOf has Anna ask for a calendar and returns the token that she is sent, by direct message
// only.
func (s *stage) calendarOf(event, command string) (token string) {
	s.t.Helper()
	s.deliver(message(event, anna, command, nil))
	await(s.t, "the link", func() bool {
		waiting, err := s.store.Outbox(s.t.Context())
		if err != nil {
			return false
		}
		for _, o := range waiting {
			if m := calendarLink.FindStringSubmatch(string(o.Content)); m != nil && o.Task == store.TaskDirect && o.User == anna && o.TxnID == causedID("calendar", event) {
				token = m[1]
			}
		}
		return token != ""
	})
	if s.told("m.room.message", token) > 0 {
		s.t.Error("the link is in the room")
	}
	return token
}

func refusedWith(err error) workspace.ErrorKind {
	if refused, ok := errors.AsType[*workspace.Error](err); ok {
		return refused.Kind
	}
	return ""
}

// A private calendar is read by another's parser as it was written, is not given twice to who has
// it, and ends: with another one, by command, and with the membership.
func TestPrivateCalendar(t *testing.T) {
	t.Parallel()
	s, _ := atTime(t, "2026-11-24T12:00:00Z")
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddColumn{Column: "fertig", Title: "Fertig"})
	s.act(board.EditColumn{Column: "fertig", Done: new(true)})
	title := "Angebot, Möbel; \\ " + strings.Repeat("sehr lang äöü€😀 ", 12) + "Ende"
	s.act(board.AddCard{Card: "a", Title: title, Description: "Erste Zeile\nBEGIN:VEVENT\nzweite; Zeile", Start: "2026-11-30", Due: "2026-12-02", Labels: []string{"vergabe, eilig"}})
	s.act(board.AddCard{Card: "b", Title: "Ohne Tag"})
	s.due("c", "2026-12-24")
	s.due("d", "2026-12-24")
	s.act(board.FinishCard{Card: "d"})
	token := s.calendarOf("$calendar", "!kalender")
	if len(token) != 43 { // 256 bits
		t.Errorf("the token has %d characters", len(token))
	}

	text, mark, err := s.Calendar(t.Context(), token, false, "")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatalf("%v of\n%s", err, text)
	}
	events := parsed.Events()
	if len(events) != 2 {
		t.Fatalf("the calendar has %d events, want two:\n%s", len(events), text)
	}
	value := func(e ical.Event, name string) string {
		v, err := e.Props.Text(name)
		if err != nil {
			t.Error(err)
		}
		return v
	}
	if got := value(events[0], ical.PropSummary); got != "#1 "+strings.TrimSpace(title) {
		t.Errorf("summary %q", got)
	}
	if got := value(events[0], ical.PropDescription); got != "Erste Zeile\nBEGIN:VEVENT\nzweite; Zeile" {
		t.Errorf("description %q", got)
	}
	for name, want := range map[string]string{ical.PropDateTimeStart: "20261130", ical.PropDateTimeEnd: "20261203"} {
		if p := events[0].Props.Get(name); p == nil || p.Value != want || p.Params.Get("VALUE") != "DATE" {
			t.Errorf("%s is %v, want the day %s", name, p, want)
		}
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line has %d bytes", len(line))
		}
	}

	if again, same, err := s.Calendar(t.Context(), token, false, mark); err != nil || again != "" || same != mark {
		t.Errorf("who has it gets %d bytes of %s, %v", len(again), same, err)
	}
	s.act(board.EditCard{Card: "c", Due: new("2026-12-23")})
	changed, other, err := s.Calendar(t.Context(), token, false, mark)
	if err != nil || other == mark || !strings.Contains(changed, "20261223") {
		t.Errorf("after a change: %s, %v", other, err)
	}
	uid := regexp.MustCompile(`(?m)^UID:c\..*$`)
	if uid.FindString(text) == "" || uid.FindString(text) != uid.FindString(changed) {
		t.Errorf("the event is called %q and then %q", uid.FindString(text), uid.FindString(changed))
	}

	newer := s.calendarOf("$another", "!kalender")
	if _, _, err := s.Calendar(t.Context(), token, false, ""); refusedWith(err) != workspace.NotFound {
		t.Errorf("the former link opens: %v", err)
	}
	s.script(`UPDATE members SET membership = 'leave' WHERE user_id = '` + string(anna) + `'`)
	if _, _, err := s.Calendar(t.Context(), newer, false, ""); refusedWith(err) != workspace.NotFound {
		t.Errorf("who has left reads on: %v", err)
	}
	s.script(`UPDATE members SET membership = 'join' WHERE user_id = '` + string(anna) + `'`)
	s.deliver(message("$off", anna, "!kalender aus", nil))
	await(t, "the calendar to end", func() bool {
		_, _, err := s.Calendar(t.Context(), newer, false, "")
		return refusedWith(err) == workspace.NotFound
	})
}

// Asking too often is refused, of one calendar and no other.
func TestCalendarIsNotAskedForAllTheTime(t *testing.T) {
	t.Parallel()
	s, _ := atTime(t, "2026-11-24T12:00:00Z")
	s.start()
	s.put(&store.Batch{Room: store.Room{ID: "!anderer:a.example"}, Feeds: []store.Feed{{Hash: HashToken("eins"), User: anna}, {Hash: HashToken("zwei"), User: mia}}})
	for range askingForCalendars.Most {
		if _, _, err := s.Calendar(t.Context(), "eins", false, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.Calendar(t.Context(), "eins", false, ""); refusedWith(err) != workspace.RateLimited {
		t.Errorf("too often: %v", err)
	}
	if _, _, err := s.Calendar(t.Context(), "zwei", false, ""); err != nil {
		t.Errorf("another one: %v", err)
	}
}

// components are those of a calendar, read by another's parser, by their title.
func (s *stage) components(token string, todos bool) map[string]*ical.Component {
	s.t.Helper()
	text, _, err := s.Calendar(s.t.Context(), token, todos, "")
	if err != nil {
		s.t.Fatal(err)
	}
	parsed, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		s.t.Fatalf("%v of\n%s", err, text)
	}
	found := map[string]*ical.Component{}
	for _, part := range parsed.Children {
		title, err := part.Props.Text(ical.PropSummary)
		if err != nil {
			s.t.Error(err)
		}
		found[title] = part
	}
	return found
}

// The same link gives to-dos as well: all open cards, also those without a day, with what
// programs know of to-dos.
func TestPrivateCalendarAsTodos(t *testing.T) {
	t.Parallel()
	s, _ := atTime(t, "2026-11-24T12:00:00Z")
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddColumn{Column: "fertig", Title: "Fertig"})
	s.act(board.EditColumn{Column: "fertig", Done: new(true)})
	s.act(board.AddCard{Card: "a", Title: "Umzug", Start: "2026-11-30", Due: "2026-12-02", Priority: "urgent", Labels: []string{"bau, innen", "eilig"}})
	s.act(board.AddCard{Card: "b", Title: "Möbel"})
	s.act(board.AddCard{Card: "c", Title: "Erledigt"})
	s.act(board.FinishCard{Card: "c"})
	s.act(board.RelateCard{Card: "b", Relation: board.Parent, Other: "a", On: true})
	for _, entry := range []string{"e1", "e2", "e3"} {
		s.act(board.CheckCard{Card: "b", Entry: entry, Title: &entry})
	}
	s.act(board.CheckCard{Card: "b", Entry: "e1", Done: new(true)})
	token := s.calendarOf("$calendar", "!kalender")

	todos := s.components(token, true)
	first, second := todos["#1 Umzug"], todos["#2 Möbel"]
	if len(todos) != 2 || first == nil || second == nil {
		t.Fatalf("the to-dos are %v", todos)
	}
	for _, c := range []struct {
		of         *ical.Component
		name, want string
	}{
		{first, "DUE", "20261202"}, {first, "DTSTART", "20261130"}, {first, "PRIORITY", "1"}, {first, "STATUS", "NEEDS-ACTION"}, {first, "CATEGORIES", `bau\, innen,eilig`},
		{second, "DUE", ""}, {second, "PRIORITY", ""}, {second, "STATUS", "IN-PROCESS"}, {second, "PERCENT-COMPLETE", "33"}, {second, "RELATED-TO", first.Props.Get("UID").Value},
	} {
		got := ""
		if p := c.of.Props.Get(c.name); p != nil {
			got = p.Value
		}
		if c.of.Name != "VTODO" || got != c.want {
			t.Errorf("%s of a %s is %q, want %q", c.name, c.of.Name, got, c.want)
		}
	}
	if events := s.components(token, false); len(events) != 1 || events["#1 Umzug"].Name != "VEVENT" {
		t.Errorf("the events are %v", events)
	}
}

// A board has a calendar of its own, which ends by itself and with that of the room. What is
// in the archive is in none.
func TestPrivateCalendarOfOneBoard(t *testing.T) {
	t.Parallel()
	s, _ := atTime(t, "2026-11-24T12:00:00Z")
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddBoard{Board: "sitzung", Title: "Sitzung"})
	s.act(board.AddColumn{Column: "themen", Board: "sitzung", Title: "Themen"})
	s.act(board.AddCard{Card: "a", Title: "Umzug", Due: "2026-12-02", Column: "offen"})
	s.act(board.AddCard{Card: "b", Title: "Protokoll", Due: "2026-12-03", Column: "themen"})
	all, main, meeting := s.calendarOf("$all", "!kalender"), s.calendarOf("$main", "!kalender 1"), s.calendarOf("$meeting", "!kalender Sitzung")

	shows := func(what, token string, want ...string) {
		t.Helper()
		for _, todos := range []bool{false, true} {
			if got := slices.Sorted(maps.Keys(s.components(token, todos))); !slices.Equal(got, want) {
				t.Errorf("%s shows %q, want %q", what, got, want)
			}
		}
	}
	shows("the room's", all, "#1 Umzug", "#2 Protokoll")
	shows("the first board's", main, "#1 Umzug")
	shows("the other board's", meeting, "#2 Protokoll")
	if text, _, err := s.Calendar(t.Context(), meeting, false, ""); err != nil || !strings.Contains(text, "– Sitzung\r\n") {
		t.Errorf("it is not called after the board: %v\n%s", err, text)
	}
	s.act(board.ArchiveBoard{Board: "sitzung", On: true})
	shows("the room's, with a board in the archive", all, "#1 Umzug")
	shows("the archived board's", meeting)
	s.act(board.ArchiveBoard{Board: "sitzung"})

	over := func(event, command string, ended []string, left ...string) {
		t.Helper()
		s.deliver(message(event, anna, command, nil))
		for _, token := range ended {
			await(t, "a calendar to end", func() bool {
				_, _, err := s.Calendar(t.Context(), token, false, "")
				return refusedWith(err) == workspace.NotFound
			})
		}
		for _, token := range left {
			if _, _, err := s.Calendar(t.Context(), token, false, ""); err != nil {
				t.Errorf("%s ends another: %v", command, err)
			}
		}
	}
	over("$off", "!kalender Sitzung aus", []string{meeting}, all, main)
	other := s.calendarOf("$new", "!kalender neu")
	if _, _, err := s.Calendar(t.Context(), main, false, ""); err != nil {
		t.Errorf("a new one of the room replaces that of a board: %v", err)
	}
	over("$end", "!kalender aus", []string{other, main})
}
