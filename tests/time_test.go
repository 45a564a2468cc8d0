package tests

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/tests/clock"
	"werkraum/tests/program"
)

// newClockedHouse is an installation of its own whose clock can be set.
func newClockedHouse(t *testing.T, kind homeserver.Kind) (*house, *clock.Clock) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir, binary, err := shared.stepping(ctx)
	must(err)
	c, err := clock.New(dir)
	must(err)
	w := &world{kind: kind, houses: map[string]*house{}}
	w.ca, err = homeserver.OpenCA(dir)
	must(err)
	ports, err := homeserver.FreePorts(4)
	must(err)
	h := &house{w: w}
	h.Program, err = program.New(program.Settings{
		Binary: binary, Dir: dir, Localpart: usual, Port: ports[2], OperationsPort: ports[3],
		HomeserverURL: "http://" + local(ports[0]), ServerName: local(ports[1]), Env: []string{c.Env()}, More: w.settings()[usual],
	})
	must(err)
	w.houses[usual] = h
	t.Cleanup(func() { logged(t, w.close(context.Background())) })
	w.amt, err = homeserver.Start(ctx, homeserver.Options{
		Kind: kind, CA: w.ca, Dir: filepath.Join(dir, "amt"), Port: ports[0], FederationPort: ports[1], Registrations: []string{h.Registration},
	})
	must(err)
	w.partner, err = homeserver.Start(ctx, homeserver.Options{Kind: kind, CA: w.ca, Dir: filepath.Join(dir, "partner")})
	must(err)
	must(h.Start(ctx))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of the log of Werkraum:\n%s\n%s", h.LogTail(10), h.metrics())
		}
	})
	return h, c
}

// Who has a card is reminded of it once the day before and once on the day, in its thread, although
// the program is killed again and again just then, and although its clock is set.
func TestRemindersSurviveKillsAndClocks(t *testing.T) {
	t.Parallel()
	kind := kinds(t)[0]
	h, c := newClockedHouse(t, kind)
	s := newScene(t, h)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	due := time.Now().In(berlin).AddDate(0, 0, 3)
	answer := s.anna.ask(s.room, "!karte neu Angebot einholen @mia fällig "+due.Format("2.1.2006"))
	has(t, answer.Body, "Angebot einholen", "fällig")

	// at sets the program's clock to a moment of a day before or after the due date.
	at := func(days, hour, minute int) {
		t.Helper()
		moment := time.Date(due.Year(), due.Month(), due.Day()+days, hour, minute, 5, 0, berlin)
		if err := c.Set(time.Until(moment)); err != nil {
			t.Fatal(err)
		}
	}
	reminders := func() (list []message) {
		for _, m := range s.mia.said(s.room, s.Bot) {
			if strings.HasPrefix(m.Body, "⏰") {
				list = append(list, m)
			}
		}
		return list
	}
	random := rand.New(rand.NewPCG(seedOf(t), 0)) //nolint:gosec // repeatable
	again := func(n int) {
		t.Helper()
		for range n {
			if err := h.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := h.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := pause(t.Context(), time.Duration(random.IntN(600))*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
	}
	count := func(what string, want int) {
		t.Helper()
		until(t, what, func() error {
			if got := len(reminders()); got != want {
				return fmt.Errorf("there are %d reminders, want %d", got, want)
			}
			return nil
		})
		// What is answered after it was done after it.
		has(t, s.anna.ask(s.room, "!karte liste").Body, "Angebot einholen")
		if got := len(reminders()); got != want {
			t.Errorf("%s: %d reminders, want %d", what, got, want)
		}
	}
	count("nothing too early", 0)
	at(-1, 7, 50)
	again(1)
	count("nothing ten minutes before", 0)
	at(-1, 8, 0)
	again(4)
	count("the day before", 1)
	at(-2, 12, 0) // the clock is set back, and forward again
	again(1)
	at(-1, 9, 0)
	again(1)
	count("still the day before", 1)
	if err := h.Kill(); err != nil { // over the moment
		t.Fatal(err)
	}
	at(0, 8, 20)
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	again(2)
	count("on the day", 2)
	for _, m := range reminders() {
		if m.Relates.Type != "m.thread" || m.Relates.Event != answer.ID || m.Mentions == nil || !slices.Equal(m.Mentions.Users, []id.UserID{s.mia.UserID}) {
			t.Errorf("a reminder is %+v", m)
		}
	}
}

var calendarPattern = regexp.MustCompile(`https?://\S+/api/v1/calendar/[A-Za-z0-9_-]+\.ics`)

// A person's calendar is read without signing in, by its address alone, and is over when they are
// put out of the room.
func TestPrivateCalendarIsForMembers(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		jonas := newPerson(t, w.amt, "Jonas")
		s.anna.invite(s.room, jonas.UserID)
		jonas.join(s.room, w.amt.ServerName)
		s.anna.ask(s.room, "!karte neu Umzug; planen, bald fällig 24.12.2099")
		has(t, jonas.ask(s.room, "!kalender").Body, "Direktnachricht")
		s.acceptDirect(jonas)
		var address string
		until(t, "the address", func() error {
			for _, m := range jonas.said(jonas.direct, s.Bot) {
				if address = calendarPattern.FindString(m.Body); address != "" {
					return nil
				}
			}
			return errors.New("there is none in the direct chat")
		})
		get := func(address, mark string) (int, string, string) {
			t.Helper()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("If-None-Match", mark)
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode == http.StatusOK && (answer.Header.Get("Cache-Control") != "private, max-age=300" || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/calendar")) {
				t.Errorf("the answer's header is %v", answer.Header)
			}
			return answer.StatusCode, string(body), answer.Header.Get("ETag")
		}
		status, body, mark := get(address, "")
		if status != http.StatusOK {
			t.Fatalf("the calendar is answered with %d", status)
		}
		has(t, body, "BEGIN:VCALENDAR", "SUMMARY:#1 Umzug\\; planen\\, bald", "DTSTART;VALUE=DATE:20991224", "DTEND;VALUE=DATE:20991225")
		status, body, _ = get(strings.TrimSuffix(address, ".ics")+"/todos.ics", mark)
		if status != http.StatusOK {
			t.Fatalf("its to-dos are answered with %d", status)
		}
		has(t, body, "BEGIN:VTODO", "SUMMARY:#1 Umzug\\; planen\\, bald", "DUE;VALUE=DATE:20991224", "STATUS:NEEDS-ACTION")
		if status, _, _ := get(address, mark); status != http.StatusNotModified {
			t.Errorf("who has it is answered with %d", status)
		}
		for _, m := range s.anna.said(s.room, s.Bot) {
			if strings.Contains(m.Body, "/calendar/") {
				t.Error("the address is in the room")
			}
		}
		s.anna.kick(s.room, jonas.UserID)
		jonas.await(s.room, "being put out", func(e *event.Event) bool {
			return e.Type == event.StateMember && e.GetStateKey() == jonas.UserID.String() && e.Content.AsMember().Membership == event.MembershipLeave
		})
		until(t, "the calendar to be over", func() error {
			if status, _, _ := get(address, ""); status != http.StatusNotFound {
				return fmt.Errorf("it is answered with %d", status)
			}
			return nil
		})
	})
}
