package tests

import (
	"fmt"
	"slices"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// newSealedScene is newScene in an encrypted room, with people whose clients can encrypt.
func newSealedScene(t *testing.T, h *house) *scene {
	t.Helper()
	s := &scene{house: h, t: t, anna: newSealedPerson(t, h.w.amt, "Anna"), mia: newSealedPerson(t, h.w.partner, "Mia")}
	s.room = s.anna.create(s, &mautrix.ReqCreateRoom{Name: "Verschlossen", InitialState: []*event.Event{
		{Type: event.StateEncryption, Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}}},
	}}, s.mia.UserID)
	s.mia.join(s.room, h.w.amt.ServerName)
	s.anna.await(s.room, "Mia's arrival", func(e *event.Event) bool {
		return e.Type == event.StateMember && e.GetStateKey() == s.mia.UserID.String() && e.Content.AsMember().Membership == event.MembershipJoin
	})
	s.anna.invite(s.room, h.Bot)
	s.ready(s.anna, s.mia)
	return s
}

// In an encrypted room everything works as elsewhere, for people of both homeservers, and
// nothing but state and reactions is sent in plain text, which Matrix does not encrypt.
func TestEncryptedRoom(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.house(t, usual))
		asked := s.anna.ask(s.room, "!karte neu Vertraulicher Vorgang #geheim")
		board := s.page(s.mia)
		card := board.card("Vertraulicher Vorgang").ID
		board.await("the card to know its message", func(st pageState) bool {
			return st.Items["card/"+card].Text("message") == asked.ID.String()
		})
		s.mia.await(s.room, "the bot's answer to Anna", func(e *event.Event) bool { return e.ID == asked.ID && wasEncrypted(e) })
		s.mia.sayIn(s.room, asked.ID, "Die Unterlagen liegen bei mir.")
		board.await("the comment", func(st pageState) bool { return st.Counts[card] == 1 })
		s.mia.ask(s.room, "!karte neu Von der Partnerin")

		source := s.mia.say(s.room, "Bitte Aktenzeichen nachtragen")
		s.anna.await(s.room, "Mia's message", func(e *event.Event) bool { return e.ID == source && wasEncrypted(e) })
		s.anna.react(s.room, source, "📌")
		board.card("Bitte Aktenzeichen nachtragen")
		s.anna.react(s.room, asked.ID, "✅")
		board.await("the card to be done", func(st pageState) bool {
			card, ok := st.CardTitled("Vertraulicher Vorgang")
			return ok && columnTitle(st, card.Text("column")) == "Erledigt"
		})
		s.reproduced(board, s.anna)
		s.reproduced(board, s.mia)
		s.sealedThroughout(s.anna)
	})
}

// sealedThroughout fails the test if the bot has sent anything in plain text in an
// encrypted room but state, or what a reader cannot read even later.
func (s *scene) sealedThroughout(reader *person) {
	s.t.Helper()
	var said []*event.Event
	until(s.t, reader.DisplayName+" to be able to read what the bot said", func() error {
		said = slices.DeleteFunc(reader.timeline(s.room), func(e *event.Event) bool { return e.Sender != s.Bot || e.StateKey != nil })
		for _, e := range said {
			if e.Type.Type == event.EventEncrypted.Type { // its key may be on its way
				return fmt.Errorf("%s is unreadable", e.ID)
			}
		}
		return nil
	})
	for _, e := range said {
		if !wasEncrypted(e) {
			s.t.Errorf("the bot sent %s %s in plain text", e.Type.Type, e.ID)
		}
	}
	if len(said) == 0 {
		s.t.Error("the bot sent nothing")
	}
}

// A room that turns encryption on goes on, and from that moment nothing of it is sent in
// plain text; a command that comes unencrypted is not obeyed, and its sender is told.
func TestRoomTurnsEncryptionOn(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := &scene{house: w.house(t, usual), t: t, anna: newSealedPerson(t, w.amt, "Anna"), mia: newPerson(t, w.amt, "Mia")}
		s.room = s.anna.found(s, "Projekt", s.mia.UserID)
		s.mia.join(s.room, w.amt.ServerName)
		s.anna.invite(s.room, s.Bot)
		s.ready(s.anna, s.mia)
		s.anna.ask(s.room, "!karte neu Davor")
		board := s.page(s.anna)
		s.anna.setState(s.room, "m.room.encryption", "", object{"algorithm": "m.megolm.v1.aes-sha2"})
		s.anna.await(s.room, "encryption", func(e *event.Event) bool { return e.Type == event.StateEncryption })
		s.anna.ask(s.room, "!karte neu Danach")
		board.card("Danach")

		plain := s.mia.say(s.room, "!karte neu Im Klartext")
		has(t, s.anna.answer(s.room, plain).Body, "nicht verschlüsselt")
		s.anna.ask(s.room, "!karte liste")
		if n := board.titles()["Im Klartext"]; n != 0 {
			t.Errorf("a command in plain text made %d cards", n)
		}
		s.reproduced(board, s.anna)
		on := false
		for _, e := range s.anna.timeline(s.room) {
			on = on || e.Type.Type == "m.room.encryption"
			if on && e.Sender == s.Bot && e.StateKey == nil && !wasEncrypted(e) && e.Type.Type == "m.room.message" {
				t.Errorf("the bot sent %s in plain text: %s", e.ID, e.Content.VeryRaw)
			}
		}
	})
}

// A private link to an encrypted room goes through an encrypted chat.
func TestLinkToAnEncryptedRoomIsEncrypted(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.house(t, usual))
		s.anna.ask(s.room, "!karte neu Mit Link")
		s.linkFor(s.mia, func() { s.mia.say(s.room, "!link") })
		for _, e := range s.mia.timeline(s.mia.direct) {
			// What was said before she came in, her client may be unable to read.
			if e.Sender == s.Bot && e.StateKey == nil && !wasEncrypted(e) && e.Type.Type != event.EventEncrypted.Type {
				t.Errorf("the bot sent %s in plain text in the chat with the link", e.ID)
			}
		}
	})
}

// A message whose key does not come is answered, once, and done when the key comes; what
// others say meanwhile is done, and what its author says after it follows it.
func TestKeyThatComesLate(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.house(t, usual))
		s.mia.ask(s.room, "!karte neu Vorher")
		keep := s.anna.sealed.withoutBot(s.room, s.Bot)
		first := s.anna.say(s.room, "!karte neu Verschlossen eins")
		second := s.anna.say(s.room, "!karte ändern 2 Verschlossen zwei")
		s.mia.cannotBeRead(s.room, first)
		s.mia.ask(s.room, "!karte neu Inzwischen")
		keep()
		board := s.page(s.anna)
		board.card("Verschlossen eins")
		s.mia.answer(s.room, second)
		if told := s.mia.toldCannotRead(s.room, s.anna.UserID); told != 1 {
			t.Errorf("the bot told Anna %d times that it cannot read, want once", told)
		}
	})
}

// A key that got lost on its way, as Synapse loses what is sent while it cannot push, is asked
// for until its owner's device hears of it: once is not enough, for the question may get lost too.
func TestLostKeyIsAskedForAgain(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.house(t, patient))
		s.mia.ask(s.room, "!karte neu Vorher")
		s.anna.sealed.deaf = true
		s.anna.sealed.withKeysLost(s.room, s.Bot)
		first := s.anna.say(s.room, "!karte neu Verloren eins")
		s.anna.say(s.room, "!karte neu Verloren zwei")
		s.mia.cannotBeRead(s.room, first)
		until(t, "the first question to get lost", func() error {
			if err := s.anna.heard.CatchUp(t.Context()); err != nil {
				return err
			}
			return s.anna.sealed.unheard()
		})
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.anna.sealed.deaf = false
		board := s.page(s.mia)
		until(t, "the cards", func() error {
			if err := s.anna.heard.CatchUp(t.Context()); err != nil { // her device hears the question
				return err
			}
			if titles := board.titles(); titles["Verloren eins"] != 1 || titles["Verloren zwei"] != 1 {
				return fmt.Errorf("the board shows %v", titles)
			}
			return nil
		})
	})
}

// columnTitle is the title of a column.
func columnTitle(st pageState, id string) string { return st.Items["column/"+id].Text("title") }
