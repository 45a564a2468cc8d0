package appservice

import (
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// typed has somebody type a command and waits for the answer.
func (s *stage) typed(event string, by id.UserID, text, answer string) {
	s.t.Helper()
	before := s.told("m.room.message", answer)
	s.deliver(message(event, by, text, nil))
	await(s.t, "the answer to "+text, func() bool { return s.told("m.room.message", answer) > before })
}

// moderated gives Anna the power to configure.
func (s *stage) moderated() {
	s.t.Helper()
	err := s.rooms.worker(room).await(s.t.Context(), job{run: func(w *worker, st *step) error {
		w.row.Info.Power.Users = map[id.UserID]int{anna: 100, s.bot: 50}
		w.applyInfo()
		st.touched = true
		return nil
	}})
	if err != nil {
		s.t.Fatal(err)
	}
}

// A digest comes when the room wants it, tells what was done, is overdue and comes up, and is not
// sent when there is nothing to say; after days away one comes, and the same one never twice.
func TestDigestComesOnce(t *testing.T) {
	t.Parallel()
	s, set := atTime(t, "2026-11-23T12:00:00Z")
	end := s.life()
	s.moderated()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddColumn{Column: "fertig", Title: "Fertig"})
	s.act(board.EditColumn{Column: "fertig", Done: new(true)})
	s.typed("$digest", anna, "!übersicht täglich 7:30", "täglich um 7:30")
	digests := func(want int) {
		t.Helper()
		s.look()
		s.reminders()
		if got := s.told("m.room.message", "🗓"); got != want {
			t.Fatalf("there are %d digests, want %d", got, want)
		}
	}
	set("2026-11-24T06:30:01Z")
	digests(0) // nothing to say
	s.due("alt", "2026-11-20")
	s.due("neu", "2026-11-26")
	s.due("ganz", "2027-11-26")
	s.act(board.FinishCard{Card: "ganz"})
	set("2026-11-24T20:00:00Z")
	digests(0)
	set("2026-11-25T06:30:01Z")
	digests(1)
	s.mu.Lock()
	for _, e := range s.sent {
		if strings.Contains(e.body, "🗓") && (!strings.Contains(e.body, "Karte alt") || !strings.Contains(e.body, "Karte neu") || !strings.Contains(e.body, "Karte ganz")) {
			t.Errorf("the digest is %s", e.body)
		}
	}
	s.mu.Unlock()
	s.again(end)
	set("2026-11-28T10:00:00Z")
	end = s.life()
	digests(2)
	set("2026-11-27T10:00:00Z") // the clock is set back
	digests(2)
	set("2026-11-28T11:00:00Z")
	digests(2)
	s.again(end)
	s.start()
	digests(2)
	s.typed("$quiet", anna, "!benachrichtigung still", "still")
	set("2026-12-05T10:00:00Z")
	digests(2)
}

// Who gets a card from somebody else on the page is told of it once; who takes one, or has it for
// a moment only, is not, and in a quiet room nobody is.
func TestAssignedPeopleAreToldOnce(t *testing.T) {
	t.Parallel()
	s, set := atTime(t, "2026-11-24T12:00:00Z")
	end := s.life()
	s.moderated()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	for _, card := range []workspace.ItemID{"a", "b", "c", "d"} {
		s.act(board.AddCard{Card: card, Title: "Karte " + string(card)})
	}
	assign := func(card workspace.ItemID, user id.UserID, on bool) {
		s.act(board.AssignCard{Card: card, User: user, On: on})
	}
	told := func(want int) {
		t.Helper()
		s.look()
		s.reminders()
		if got := s.told("m.room.message", "👤"); got != want {
			t.Fatalf("people are told %d times, want %d", got, want)
		}
	}
	assign("a", mia, true)
	assign("b", anna, true) // she did it herself
	assign("c", mia, true)
	assign("c", mia, false)
	told(0)
	s.again(end) // what was to be said is said by the next
	set("2026-11-24T12:00:15Z")
	s.start()
	told(1)
	assign("a", mia, false)
	assign("a", mia, true)
	set("2026-11-24T12:01:00Z")
	told(1)
	s.typed("$quiet", anna, "!benachrichtigung still", "still")
	assign("d", mia, true)
	set("2026-11-24T12:02:00Z")
	told(1)
}

// What is said of cards that are made on the page is as loud as the room wants it.
func TestLevels(t *testing.T) {
	t.Parallel()
	s, _ := atTime(t, "2026-11-24T12:00:00Z")
	s.start()
	s.moderated()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	for _, c := range []struct {
		level         string
		plain, theirs int // messages for a card of nobody's, and for one of Mia's
	}{{"alle", 1, 1}, {"betroffene", 0, 1}, {"übersicht", 0, 0}, {"still", 0, 0}} {
		s.typed("$level"+c.level, anna, "!benachrichtigung "+c.level, c.level+": ")
		s.act(board.AddCard{Card: "p-" + bots.ItemOf(id.EventID(c.level)), Title: "Ohne-" + c.level})
		s.act(board.AddCard{Card: "t-" + bots.ItemOf(id.EventID(c.level)), Title: "Mit-" + c.level, Assignees: []id.UserID{mia, anna}})
		s.reminders()
		if plain, theirs := s.told("m.room.message", "Ohne-"+c.level), s.told("m.room.message", "Mit-"+c.level); plain != c.plain || theirs != c.theirs {
			t.Errorf("%s: %d messages of a card of nobody's and %d of Mia's, want %d and %d", c.level, plain, theirs, c.plain, c.theirs)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.sent {
		if strings.Contains(e.path, "/send/m.room.message/") && strings.Contains(e.body, "Mit-") && !strings.Contains(e.body, `"user_ids":["`+string(mia)+`"]`) {
			t.Errorf("a card's message mentions others than Mia: %s", e.body)
		}
	}
}
