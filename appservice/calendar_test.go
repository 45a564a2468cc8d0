package appservice

import (
	"errors"
	"regexp"
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
func (s *stage) calendarOf(event string) (token string) {
	s.t.Helper()
	s.deliver(message(event, anna, "!kalender", nil))
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
	token := s.calendarOf("$calendar")
	if len(token) != 43 { // 256 bits
		t.Errorf("the token has %d characters", len(token))
	}

	text, mark, err := s.Calendar(t.Context(), token, "")
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

	if again, same, err := s.Calendar(t.Context(), token, mark); err != nil || again != "" || same != mark {
		t.Errorf("who has it gets %d bytes of %s, %v", len(again), same, err)
	}
	s.act(board.EditCard{Card: "c", Due: new("2026-12-23")})
	changed, other, err := s.Calendar(t.Context(), token, mark)
	if err != nil || other == mark || !strings.Contains(changed, "20261223") {
		t.Errorf("after a change: %s, %v", other, err)
	}
	uid := regexp.MustCompile(`(?m)^UID:c\..*$`)
	if uid.FindString(text) == "" || uid.FindString(text) != uid.FindString(changed) {
		t.Errorf("the event is called %q and then %q", uid.FindString(text), uid.FindString(changed))
	}

	newer := s.calendarOf("$another")
	if _, _, err := s.Calendar(t.Context(), token, ""); refusedWith(err) != workspace.NotFound {
		t.Errorf("the former link opens: %v", err)
	}
	s.script(`UPDATE members SET membership = 'leave' WHERE user_id = '` + string(anna) + `'`)
	if _, _, err := s.Calendar(t.Context(), newer, ""); refusedWith(err) != workspace.NotFound {
		t.Errorf("who has left reads on: %v", err)
	}
	s.script(`UPDATE members SET membership = 'join' WHERE user_id = '` + string(anna) + `'`)
	s.deliver(message("$off", anna, "!kalender aus", nil))
	await(t, "the calendar to end", func() bool {
		_, _, err := s.Calendar(t.Context(), newer, "")
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
		if _, _, err := s.Calendar(t.Context(), "eins", ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.Calendar(t.Context(), "eins", ""); refusedWith(err) != workspace.RateLimited {
		t.Errorf("too often: %v", err)
	}
	if _, _, err := s.Calendar(t.Context(), "zwei", ""); err != nil {
		t.Errorf("another one: %v", err)
	}
}
