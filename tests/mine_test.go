package tests

import (
	"errors"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// Whoever asks for their work is told, in the direct chat and nowhere else, of the cards of
// all of their rooms, and of none of a room that they were put out of.
func TestMyWork(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		fest := &scene{house: s.house, t: t, anna: s.anna, mia: s.mia}
		fest.room = s.anna.create(fest, &mautrix.ReqCreateRoom{Name: "Straßenfest"}, s.mia.UserID)
		s.mia.join(fest.room, w.amt.ServerName)
		s.anna.await(fest.room, "Mia's arrival", func(e *event.Event) bool {
			return e.Type == event.StateMember && e.GetStateKey() == s.mia.UserID.String() && e.Content.AsMember().Membership == event.MembershipJoin
		})
		s.anna.invite(fest.room, s.Bot)
		fest.ready(s.anna, s.mia)

		offer := s.anna.ask(s.room, "!karte neu Angebot prüfen "+s.mia.UserID.String()+" fällig heute")
		s.anna.ask(s.room, "!karte neu Nur für Anna @ich")
		s.anna.ask(fest.room, "!karte neu Zelt bestellen "+s.mia.UserID.String()+" fällig 2999-12-24")
		s.anna.ask(fest.room, "!karte neu Erledigtes "+s.mia.UserID.String())
		s.anna.ask(fest.room, "!karte fertig 2")

		s.mia.ask(s.room, "!meine")
		s.acceptDirect(s.mia)
		// Asked again where it was lost: of the moment in which somebody of another server
		// comes in, Dendrite may tell them nothing.
		work := s.workTold(s.mia, func(work string) bool { return strings.Contains(work, "Zelt bestellen") })
		for _, want := range []string{"Heute (1)", "Angebot prüfen", offer.ID.String(), "Später (1)", "Straßenfest #1"} {
			if !strings.Contains(work, want) {
				t.Errorf("Mia is not told of %q:\n%s", want, work)
			}
		}
		for _, never := range []string{"Nur für Anna", "Erledigtes"} {
			if strings.Contains(work, never) {
				t.Errorf("Mia is told of %q:\n%s", never, work)
			}
		}
		todo := s.mia.ask(s.mia.direct, "!todo neu Ausweis verlängern fällig morgen")
		s.mia.ask(s.mia.direct, "!todo neu Blumen gießen")
		s.mia.react(s.mia.direct, todo.ID, "✅")
		work = s.workTold(s.mia, func(work string) bool {
			return strings.Contains(work, "Blumen gießen") && !strings.Contains(work, "Ausweis")
		})
		if !strings.Contains(work, "persönlich #2") || !strings.Contains(work, "Zelt bestellen") {
			t.Errorf("Mia is told:\n%s", work)
		}

		s.anna.kick(fest.room, s.mia.UserID)
		work = s.workTold(s.mia, func(work string) bool { return !strings.Contains(work, "Zelt bestellen") })
		if !strings.Contains(work, "Angebot prüfen") {
			t.Errorf("of the other room Mia is told no more:\n%s", work)
		}
		for _, room := range []id.RoomID{s.room, fest.room} {
			for _, m := range s.anna.said(room, s.Bot) {
				if strings.Contains(m.Body, "Heute (1)") {
					t.Errorf("Mia's work stands in a room of others: %s", m.Body)
				}
			}
		}
	})
}

// workTold asks in the direct chat until the newest answer is the one that is waited for.
func (s *scene) workTold(p *person, wanted func(work string) bool) (work string) {
	s.t.Helper()
	attempts := 0
	until(s.t, "the list of somebody's work", func() error {
		if attempts%20 == 0 {
			p.say(p.direct, "!meine")
		}
		attempts++
		for _, m := range p.said(p.direct, s.Bot) {
			if strings.Contains(m.Body, "Ihre Aufgaben") {
				work = m.Body
			}
		}
		if work == "" || !wanted(work) {
			return errors.New("it does not come")
		}
		return nil
	})
	return work
}
