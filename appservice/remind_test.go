package appservice

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
)

// atTime is a stage on which it is some time, and moves on from there as the test says.
func atTime(t *testing.T, at string) (s *stage, set func(string)) {
	t.Helper()
	s = setStage(t, bots.New())
	var by atomic.Int64
	set = func(at string) {
		t.Helper()
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		by.Store(int64(time.Until(moment)))
	}
	set(at)
	s.now = func() time.Time { return time.Now().Add(time.Duration(by.Load())) }
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s.Zone = berlin
	return s, set
}

// life runs the service until it is ended.
func (s *stage) life() (end func()) {
	ctx, stop := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	run := s.Run
	go func() { ended <- run(ctx) }()
	end = sync.OnceFunc(func() {
		stop()
		<-ended
	})
	s.t.Cleanup(end)
	return end
}

// again is the program after a stop: another service on the same database.
func (s *stage) again(end func()) {
	s.t.Helper()
	end()
	next, err := New(s.t.Context(), s.Config, s.store, bots.New(), s, prometheus.NewRegistry(), s.log)
	if err != nil {
		s.t.Fatal(err)
	}
	next.now = s.now
	s.Service = next
}

// look has the room's worker look at the time, as its timer would.
func (s *stage) look() {
	s.t.Helper()
	if err := s.rooms.worker(room).await(s.t.Context(), job{run: func(*worker, *step) error { return nil }}); err != nil {
		s.t.Fatal(err)
	}
}

// reminders waits until everything was sent that waits, and counts the reminders.
func (s *stage) reminders() int {
	s.t.Helper()
	await(s.t, "the outbox to be empty", func() bool {
		waiting, err := s.store.Outbox(s.t.Context())
		return err == nil && len(waiting) == 0
	})
	return s.told("m.room.message", "⏰")
}

func (s *stage) due(card, day string, people ...id.UserID) {
	s.t.Helper()
	s.act(board.AddCard{Card: workspace.ItemID(card), Title: "Karte " + card, Due: day, Assignees: people})
}

// Who has a card is reminded the day before and on the day, in its thread, once; who changes
// nothing hears nothing, and of what is done nobody is reminded.
func TestRemindersComeOnce(t *testing.T) {
	t.Parallel()
	s, set := atTime(t, "2026-11-24T12:00:00Z")
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddColumn{Column: "fertig", Title: "Fertig"})
	s.act(board.EditColumn{Column: "fertig", Done: new(true)})
	s.due("a", "2026-11-26", anna, mia)
	s.due("b", "2026-11-26", anna)
	s.due("c", "2026-11-26")
	s.act(board.FinishCard{Card: "b"})
	await(t, "the card's message", func() bool { return s.card("a").Text(board.Message) != "" })

	for i, c := range []struct {
		at   string
		want int
	}{
		{"2026-11-25T06:59:00Z", 0}, {"2026-11-25T07:00:01Z", 1}, {"2026-11-25T07:05:00Z", 1}, {"2026-11-25T20:00:00Z", 1},
		{"2026-11-26T07:00:01Z", 2}, {"2026-11-26T12:00:00Z", 2}, {"2026-11-30T12:00:00Z", 2},
	} {
		set(c.at)
		s.look()
		if got := s.reminders(); got != c.want {
			t.Fatalf("%d: at %s there are %d reminders, want %d", i, c.at, got, c.want)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.sent {
		if strings.Contains(e.body, "⏰") && (!strings.Contains(e.body, `"m.thread"`) || !strings.Contains(e.body, `"user_ids":["`+string(anna)+`","`+string(mia)+`"]`)) {
			t.Errorf("a reminder is %s", e.body)
		}
	}
}

// What was due while the program was not there is caught up when it is back: once, and folded into
// one message. A clock that jumps forward and back repeats nothing and loses nothing.
func TestRemindersAreCaughtUpOnce(t *testing.T) {
	t.Parallel()
	s, set := atTime(t, "2026-11-24T12:00:00Z")
	end := s.life()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	for i := range 8 {
		s.due(fmt.Sprint("k", i), "2026-11-26", anna)
	}
	s.again(end)
	set("2026-11-28T10:00:00Z")
	end = s.life()
	await(t, "the room to be woken", func() bool { return s.told("m.room.message", "⏰") > 0 })
	s.look()
	if got := s.reminders(); got != 1 {
		t.Errorf("after four days there are %d reminders, want one for all cards", got)
	}
	s.again(end)
	s.start()
	s.look()
	if got := s.reminders(); got != 1 {
		t.Errorf("after another start there are %d reminders", got)
	}

	set("2027-06-01T10:00:00Z") // somebody sets the clock wrong,
	s.due("spaeter", "2026-12-10", anna)
	s.look()
	set("2026-11-28T10:00:00Z") // and right again
	s.look()
	before := s.reminders()
	s.act(board.EditCard{Card: "k1", Due: new("2026-12-02")})
	set("2026-12-01T07:00:01Z")
	s.look()
	if got := s.reminders(); got != before+1 {
		t.Errorf("of a card that is due after the clock was set right there are %d reminders, want one", got-before)
	}
	set("2026-12-10T07:00:01Z") // of the other card they were reminded when the clock was wrong
	s.look()
	if got := s.reminders(); got != before+2 {
		t.Errorf("later there are %d reminders more, want that of the first card alone", got-before-1)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var of []string
	for _, e := range s.sent {
		if strings.Contains(e.body, "⏰") && strings.Contains(e.body, "Karte spaeter") {
			of = append(of, e.body)
		}
	}
	if len(of) != 1 {
		t.Errorf("of the card that was due while the clock was wrong there are %d reminders, want one: %q", len(of), of)
	}
}

// A person chooses once for all rooms: by direct message, some days before, or not at all.
func TestRemindersComeAsChosen(t *testing.T) {
	t.Parallel()
	s, set := atTime(t, "2026-11-20T12:00:00Z")
	s.put(&store.Batch{Room: store.Room{ID: "!anderer:a.example"}, Reminding: []store.Reminding{
		{User: anna, Choice: agenda.Choice{Way: agenda.Directly, Days: 3}}, {User: mia, Choice: agenda.Choice{Way: agenda.NotAtAll}},
	}})
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.due("a", "2026-11-26", anna, mia)
	s.due("b", "2026-11-26", anna)
	set("2026-11-23T07:00:01Z")
	s.look()
	await(t, "the direct message", func() bool {
		waiting, err := s.store.Outbox(t.Context())
		if err != nil || len(waiting) != 1 {
			return false
		}
		o := waiting[0]
		return o.Task == store.TaskDirect && o.User == anna && strings.Contains(string(o.Content), "Karte a") && strings.Contains(string(o.Content), "Karte b")
	})
}

// A to-do of somebody's own, in their direct chat, is reminded of there.
func TestOwnToDosAreRemindedOf(t *testing.T) {
	t.Parallel()
	s, set := atTime(t, "2026-11-24T12:00:00Z")
	s.start()
	err := s.rooms.worker(room).await(t.Context(), job{run: func(w *worker, st *step) error {
		w.row.Info.Direct = anna
		st.touched = true
		st.Direct = &store.DirectRoom{User: anna, Room: room}
		_, err := w.propose(st, workspace.Proposal{ID: "möbel", By: w.bot, Via: workspace.ViaBot, Ops: append(w.board.Furnish(workspace.German), workspace.Op{
			Item: "k", Kind: board.KindCard, Set: map[string]workspace.Value{
				board.Title: workspace.String("Brille abholen"), board.Column: workspace.String("open"), board.Rank: workspace.String("a0"),
				board.Number: workspace.String("1"), board.Due: workspace.String("2026-11-26"),
			},
		})})
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	set("2026-11-25T07:00:01Z")
	s.look()
	if got := s.reminders(); got != 1 || s.told("m.room.message", "Brille abholen") != 1 {
		t.Errorf("of a to-do there are %d reminders, want one", got)
	}
}
