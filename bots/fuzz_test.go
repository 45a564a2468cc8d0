package bots

import (
	"strings"
	"testing"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"
)

// Whatever is typed: no panic, at most a message of bounded size, well-formed
// HTML without anybody's markup, and nothing on the board without a right.
func FuzzSaid(f *testing.F) {
	for _, seed := range []string{
		"!karte neu Angebot @anna fällig Freitag #vergabe in Spalte In Arbeit", "!card add \"x\" due 12/24",
		"!karte fertig 1, 2 und 3", "!karte fällig 1 24. Dezember", "!karte zuweisen 1 -@ben", "!karte liste meine @",
		"!karte", "!undo", "!link", "!sprache en", "!karte label 1 -#", "!karte ändern 1\n", "!karte neu „", "!karte neu #\"",
		"!spalte neu Prüfung vor Erledigt", "!column rename In Arbeit to \"x\"", "!spalte verschieben 1 ganz nach links", "!spalte entfernen Offen nach 2",
		"!spalte erledigt Offen nein", "!spalte liste", "!karte verschieben 1 2 nach oben", "!card move 2 top of In", "!karte verschieben 1 vor 2",
		"!ansicht speichern \"Bei uns\" meine @ben #a überfällig \"möbel\"", "!view save x due this week nobody", "!view x", "!ansicht löschen 1",
		"!kalender für das Board \"Sitzung\" aus", "!calendar off Board",
	} {
		f.Add(seed, "", true)
		f.Add(seed, `<a href="https://matrix.to/#/@anna:amt.example">Angebot</a>`, false)
	}
	f.Fuzz(func(t *testing.T, body, formatted string, member bool) {
		s := newStage(t)
		for _, first := range []string{"!karte neu Eins @ben #a", "!karte neu Zwei <b>"} {
			e := s.event(Said, "@anna:amt.example")
			e.Body = first
			s.post(s.handle(e).PostCard)
		}
		sender := id.UserID("@guest:partner.example")
		if member {
			sender = "@anna:amt.example"
		}
		before := s.room.Seq
		e := s.event(Said, sender)
		e.Body, e.HTML, e.Thread = body, formatted, "$card-1"
		turn := s.handle(e)
		if !member && s.room.Seq != before {
			t.Errorf("somebody without the right changed the board")
		}
		if s.room.Seq > before+1 {
			t.Errorf("one command made %d changes", s.room.Seq-before)
		}
		if turn.Answer != nil {
			checkMessage(t, *turn.Answer)
			if len(turn.Answer.Body) > 32*1024 || strings.TrimSpace(turn.Answer.Body) == "" || !utf8.ValidString(turn.Answer.Body) && utf8.ValidString(body) {
				t.Errorf("answer of %d bytes", len(turn.Answer.Body))
			}
		}
		if turn.PostCard != "" {
			s.post(turn.PostCard)
			checkMessage(t, CardMessage(s.room, s.board, s.board.Card(turn.PostCard), ""))
		}
		if turn.Comment != nil && len(turn.Comment.Body) > maxComment {
			t.Errorf("comment of %d bytes", len(turn.Comment.Body))
		}
	})
}

// Words put together again are the line, but for blanks.
func FuzzSplit(f *testing.F) {
	f.Add(`a "b c" „d“ #"e f" -@"g h" "`)
	f.Fuzz(func(t *testing.T, line string) {
		if !utf8.ValidString(line) {
			return // events are JSON and hold valid UTF-8
		}
		var raw strings.Builder
		for _, w := range split(line) {
			raw.WriteString(w.raw)
		}
		without := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := without(raw.String()), without(line); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
