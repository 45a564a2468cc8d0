package tests

import (
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

type (
	pageState = *page.State
	roomID    = id.RoomID
)

// Reacting with 📌 makes a message a card, once, with a link back; ✅ on the card's message
// finishes it. Both work for the partner.
func TestReactionsMakeAndFinishCards(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		source := s.mia.say(s.room, "Könnte jemand die Beleuchtung prüfen?\nDrei Lampen sind aus.")
		s.mia.react(s.room, source, "📌")
		made := s.anna.hears(s.room, "the card's message", func(m message) bool {
			return m.Sender == s.Bot && strings.HasPrefix(m.Body, "📋 #1 ")
		})
		has(t, made.Body, "Könnte jemand die Beleuchtung prüfen?", "Drei Lampen sind aus.", "https://matrix.to/#/"+s.room.String()+"/"+source.String())
		card := board.card("Könnte jemand die Beleuchtung prüfen?")
		if card.Text("source") != source.String() || card.Text("created_by") != s.mia.UserID.String() {
			t.Errorf("the card's source is %q by %q, want %s by %s", card.Text("source"), card.Text("created_by"), source, s.mia.UserID)
		}
		board.await("the card to know its message", func(st pageState) bool {
			c, _ := st.CardTitled("Könnte jemand die Beleuchtung prüfen?")
			return c.Text("message") == made.ID.String()
		})

		s.anna.react(s.room, source, "📌") // once more, by somebody else
		s.mia.react(s.room, made.ID, "✅")
		board.await("the card to be done", func(st pageState) bool {
			c, _ := st.CardTitled("Könnte jemand die Beleuchtung prüfen?")
			return st.Items["column/"+c.Text("column")].True("done")
		})
		if n := board.titles()["Könnte jemand die Beleuchtung prüfen?"]; n != 1 {
			t.Errorf("there are %d cards of the message, want one", n)
		}

		// The card's message follows by being edited; nothing is posted a second time.
		edited := s.anna.hears(s.room, "the edit of the card's message", func(m message) bool {
			return m.Sender == s.Bot && m.Relates.Type == "m.replace" && m.Relates.Event == made.ID && strings.HasPrefix(m.New.Body, "✅ #1 ")
		})
		if edited.Mentions == nil || len(edited.Mentions.Users) > 0 {
			t.Errorf("an edit mentions %+v, want nobody", edited.Mentions)
		}
		posted := 0
		for _, m := range s.anna.said(s.room, s.Bot) {
			if strings.Contains(m.Body, "Beleuchtung prüfen") && m.Relates.Type != "m.replace" {
				posted++
			}
		}
		if posted != 1 {
			t.Errorf("the card's message was posted %d times, want once", posted)
		}
	})
}

// What is said in the thread of a card's message is the card's discussion, and whoever has
// the board open sees it; corrections and removals follow.
func TestThreadIsTheDiscussionOfTheCard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		message := s.anna.ask(s.room, "!karte neu Zaun streichen")
		board := s.page(s.mia)
		card := board.card("Zaun streichen")
		board.await("the card to know its message", func(st pageState) bool {
			return st.Items["card/"+card.ID].Text("message") == message.ID.String()
		})

		first := s.mia.sayIn(s.room, message.ID, "Welche Farbe denn?")
		board.await("one comment", func(st pageState) bool { return st.Counts[card.ID] == 1 })
		second := s.anna.sayIn(s.room, message.ID, "Grün.")
		board.await("two comments", func(st pageState) bool { return st.Counts[card.ID] == 2 })
		if got := board.comments(card.ID); len(got) != 2 || got[0].Body != "Welche Farbe denn?" || got[0].By != s.mia.UserID ||
			got[0].Name != "Mia" || got[0].Event != first || got[1].Body != "Grün." || got[1].Name != "Anna" {
			t.Errorf("comments = %+v", got)
		}

		s.anna.edit(s.room, second, "Grün, RAL 6005.")
		s.mia.edit(s.room, second, "Rosa.") // what Anna has said only Anna can correct
		until(t, "the correction", func() error {
			return expect(board.comments(card.ID)[1].Body, "Grün, RAL 6005.")
		})
		s.mia.redact(s.room, first)
		board.await("one comment", func(st pageState) bool { return st.Counts[card.ID] == 1 })
		if got := board.comments(card.ID); len(got) != 1 || got[0].Body != "Grün, RAL 6005." {
			t.Errorf("comments = %+v, want only Anna's", got)
		}

		late := s.page(s.anna) // somebody who opens the board afterwards sees the same
		late.await("the count of comments", func(st pageState) bool { return st.Counts[card.ID] == 1 })
	})
}

// However often a card changes its message stands in the room once, and shows the last state.
func TestCardMessageIsEditedNotRepeated(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		name := newItem()
		board.do("card.add", object{"card": name, "title": "Vom Board aus"})
		made := s.mia.hears(s.room, "the message of a card that was made on the page", func(m message) bool {
			return m.Sender == s.Bot && strings.HasPrefix(m.Body, "📋 #1 Vom Board aus")
		})
		began := time.Now()
		for _, title := range []string{"Erste Fassung", "Zweite", "Dritte", "Vierte", "Fünfte", "Letzte Fassung"} {
			board.do("card.edit", object{"card": name, "title": title})
		}
		board.do("card.label", object{"card": name, "label": "eilig", "on": true})
		// The message follows when the card has been left alone for 2 s.
		most := 3 + int(time.Since(began)/(2*time.Second))
		s.mia.hears(s.room, "the last state", func(m message) bool {
			return m.Relates.Event == made.ID && strings.Contains(m.New.Body, "Letzte Fassung") && strings.Contains(m.New.Body, "#eilig")
		})
		edits := 0
		for _, e := range s.mia.timeline(s.room) {
			if m := read(e); e.Type == event.EventMessage && m.Sender == s.Bot && m.Relates.Event == made.ID {
				edits++
			}
		}
		if edits == 0 || edits > most {
			t.Errorf("the card's message was edited %d times for seven changes, want one to %d", edits, most)
		}
	})
}
