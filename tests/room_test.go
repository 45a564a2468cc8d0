package tests

import (
	"errors"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

// A room that is replaced takes its work along: cards, comments and numbers go on in the new
// room, and whoever had the old board open is told where it is.
func TestRoomUpgradeTakesTheWorkAlong(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		message := s.anna.ask(s.room, "!karte neu Umziehen @"+s.mia.UserID.Localpart()+" #umzug")
		board := s.page(s.anna)
		card := board.card("Umziehen")
		board.await("the card to know its message", func(st pageState) bool {
			return st.Items["card/"+card.ID].Text("message") == message.ID.String()
		})
		s.mia.sayIn(s.room, message.ID, "Kisten sind bestellt.")
		board.await("the comment", func(st pageState) bool { return st.Counts[card.ID] == 1 })

		var upgraded struct {
			Room id.RoomID `json:"replacement_room"`
		}
		_, err := s.anna.Client.MakeRequest(t.Context(), "POST", s.anna.Client.BuildClientURL("v3", "rooms", s.room, "upgrade"), object{"new_version": "11"}, &upgraded)
		if err != nil {
			t.Fatal(err)
		}
		board.await("the goodbye", func(st pageState) bool { return st.Bye != nil })
		board.Look(func(st pageState) {
			if st.Bye.Reason != "moved" || st.Bye.Room != upgraded.Room {
				t.Errorf("goodbye = %+v, want moved to %s", *st.Bye, upgraded.Room)
			}
		})
		old := s.room
		s.room = upgraded.Room
		s.anna.invite(s.room, s.Bot)
		until(t, "the widget in the new room", func() error { // the homeserver may have copied it, or the bot makes it
			if !s.anna.state(s.room, "io.element.widgets.layout", "", &object{}) || !s.anna.state(s.room, "im.vector.modular.widgets", "de.werkraum", &object{}) {
				return errors.New("it is not there")
			}
			return nil
		})
		s.anna.await(s.room, "the bot's arrival", func(e *event.Event) bool {
			return e.Type == event.StateMember && e.GetStateKey() == s.Bot.String() && e.Content.AsMember().Membership == event.MembershipJoin
		})
		has(t, s.anna.ask(s.room, "!karte liste").Body, "#1", "Umziehen")
		has(t, s.anna.ask(s.room, "!karte neu Auspacken").Body, "#2 Auspacken")
		next := s.page(s.anna)
		next.card("Auspacken")
		moved := next.card("Umziehen")
		if moved.ID != card.ID || !moved.True("label/umzug") {
			t.Errorf("the card is %+v, want %s with its label", moved, card.ID)
		}
		if got := next.comments(card.ID); len(got) != 1 || got[0].Body != "Kisten sind bestellt." {
			t.Errorf("comments = %+v", got)
		}
		refused(t, "forbidden", func() error {
			_, err := page.SignInOpenID(t.Context(), s.URL, old, s.anna.openID())
			return err
		})
		greetings := 0
		for _, m := range s.anna.said(s.room, s.Bot) {
			if strings.Contains(m.Body, "ich bin Werkraum") {
				greetings++
			}
		}
		if greetings > 1 {
			t.Errorf("the bot greeted %d times in the new room", greetings)
		}
	})
}

// A room that claims to replace another one, which says nothing of the kind, gets nothing.
func TestStolenSuccession(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		s.anna.ask(s.room, "!karte neu Gehört hierher")
		thief := &scene{house: s.house, t: t, anna: newPerson(t, w.amt, "Dieb")}
		thief.room = thief.anna.create(thief, &mautrix.ReqCreateRoom{
			Name: "Nachfolger", CreationContent: object{"predecessor": object{"room_id": s.room, "event_id": "$x"}},
		}, s.Bot)
		thief.ready(thief.anna)
		if list := thief.anna.ask(thief.room, "!karte liste").Body; strings.Contains(list, "Gehört") {
			t.Errorf("the false successor shows %s", list)
		}
		has(t, s.anna.ask(s.room, "!karte liste").Body, "Gehört hierher")
	})
}
