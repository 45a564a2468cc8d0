package tests

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

// Whoever invites the bot finds, without doing anything more: a greeting in German, the
// board pinned beside the conversation, and columns on it.
func TestInvitedBotSetsUpTheRoom(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))

		var widget, layout object
		s.anna.state(s.room, "im.vector.modular.widgets", "de.werkraum", &widget)
		want := object{
			"id": "de.werkraum", "type": "m.custom", "name": "Werkraum", "creatorUserId": s.Bot.String(),
			"url":               s.URL + "/#/?room=$matrix_room_id&theme=$org.matrix.msc2873.client_theme&lang=$org.matrix.msc2873.client_language",
			"waitForIframeLoad": true, "data": object{"title": ""},
		}
		if diff := cmp.Diff(want, widget); diff != "" {
			t.Errorf("widget (-want +got):\n%s", diff)
		}
		s.anna.state(s.room, "io.element.widgets.layout", "", &layout)
		wantLayout := object{"widgets": object{"de.werkraum": object{"container": "top", "index": 0.0, "width": 100.0, "height": 60.0}}}
		if diff := cmp.Diff(wantLayout, layout); diff != "" {
			t.Errorf("layout (-want +got):\n%s", diff)
		}

		board := s.page(s.anna)
		var columns []string
		board.Look(func(st *page.State) {
			for _, c := range st.Columns() {
				columns = append(columns, c.Text("title"))
			}
		})
		if len(columns) < 3 {
			t.Errorf("the board has the columns %q, want at least three", columns)
		}

		// All of that goes on while people work, and after somebody else came and went:
		// nothing is said or set a second time.
		s.anna.ask(s.room, "!karte neu Angebot einholen")
		late := newPerson(t, w.amt, "Lea")
		s.anna.invite(s.room, late.UserID)
		late.join(s.room, w.amt.ServerName)
		s.anna.ask(s.room, "!karte liste")
		greetings, states := 0, map[string]int{}
		for _, e := range s.anna.timeline(s.room) {
			if e.Sender != s.Bot {
				continue
			}
			if strings.Contains(read(e).Body, "ich bin Werkraum") {
				greetings++
			}
			if e.StateKey != nil && e.Type.Type != "m.room.member" {
				states[e.Type.Type]++
			}
		}
		if greetings != 1 {
			t.Errorf("the bot greeted %d times, want once", greetings)
		}
		if diff := cmp.Diff(map[string]int{"im.vector.modular.widgets": 1, "io.element.widgets.layout": 1}, states); diff != "" {
			t.Errorf("state events of the bot (-want +got):\n%s", diff)
		}
	})
}

// A bot without the power for the widget says which right it lacks, once; and when it gets
// the right it does the rest by itself.
func TestBotWithoutPowerAsksForIt(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		h := w.house(t, usual)
		s := &scene{house: h, t: t, anna: newPerson(t, w.amt, "Anna")}
		s.room = s.anna.found(s, "Raum ohne Rechte")
		s.anna.empower(s.room, s.Bot, 0)
		s.anna.invite(s.room, s.Bot)

		asked := s.anna.hears(s.room, "the request for the right", func(m message) bool {
			return m.Sender == s.Bot && strings.Contains(m.Body, "fehlt")
		})
		has(t, asked.Body, "im.vector.modular.widgets", "io.element.widgets.layout", "50", s.Bot.String(), "Moderator")
		if s.anna.state(s.room, "im.vector.modular.widgets", "de.werkraum", &object{}) {
			t.Error("there is a widget before the bot has the right")
		}
		// Commands work without it.
		has(t, s.anna.ask(s.room, "!karte neu Trotzdem arbeiten").Body, "Trotzdem arbeiten")

		s.anna.empower(s.room, s.Bot, 50)
		s.ready(s.anna)
		s.anna.hears(s.room, "the thanks", func(m message) bool {
			return m.Sender == s.Bot && strings.Contains(m.Body, "jetzt ist alles eingerichtet")
		})
		s.anna.ask(s.room, "!karte liste")
		requests := 0
		for _, m := range s.anna.said(s.room, s.Bot) {
			if strings.Contains(m.Body, "fehlt") {
				requests++
			}
		}
		if requests != 1 {
			t.Errorf("the bot asked %d times for the right, want once", requests)
		}
	})
}

// By default only the office's own people may invite the bot: a partner's invite is
// declined, with the reason.
func TestForeignInviteIsDeclined(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := &scene{house: w.house(t, usual), t: t, mia: newPerson(t, w.partner, "Mia")}
		s.room = s.mia.found(s, "Raum des Partners")
		s.mia.invite(s.room, s.Bot)
		declined := s.mia.await(s.room, "the refusal", func(e *event.Event) bool {
			return e.Type == event.StateMember && e.GetStateKey() == s.Bot.String() && e.Content.AsMember().Membership == event.MembershipLeave
		})
		if w.kind == "dendrite" {
			// Dendrite leaves the reason of a declined federated invite out.
			return
		}
		has(t, declined.Content.AsMember().Reason, "eigenen Verwaltung")
	})
}

// Where the operator allows it, a partner invites the bot and finds everything set up.
func TestForeignInviteIsAcceptedWhereAllowed(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := &scene{house: w.house(t, open), t: t, mia: newPerson(t, w.partner, "Mia")}
		s.room = s.mia.found(s, "Raum des Partners", s.Bot)
		s.mia.await(s.room, "the widget", func(e *event.Event) bool {
			return e.Type.Type == "im.vector.modular.widgets" && e.Sender == s.Bot
		})
		has(t, s.mia.ask(s.room, "!karte neu Vom Partner").Body, "Vom Partner")
	})
}

// A bot that is removed stops; invited again it goes on with the room's work.
func TestRemovedBotComesBackToItsWork(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		s.anna.ask(s.room, "!karte neu Bleibt bestehen")
		board := s.page(s.anna)
		s.anna.kick(s.room, s.Bot)
		board.await("the goodbye", func(st *page.State) bool { return st.Bye != nil })
		board.Look(func(st *page.State) {
			if st.Bye.Reason != "removed" {
				t.Errorf("goodbye = %+v, want removed", *st.Bye)
			}
		})
		before := s.anna.say(s.room, "!karte neu Hört niemand")

		s.anna.invite(s.room, s.Bot)
		joins := map[id.EventID]bool{}
		s.anna.await(s.room, "the bot's return", func(e *event.Event) bool {
			if e.Type == event.StateMember && e.GetStateKey() == s.Bot.String() && e.Content.AsMember().Membership == event.MembershipJoin {
				joins[e.ID] = true
			}
			return len(joins) == 2
		})
		list := s.anna.ask(s.room, "!karte liste")
		has(t, list.Body, "Bleibt bestehen")
		if strings.Contains(list.Body, "Hört niemand") {
			t.Error("a command from the time without the bot was carried out")
		}
		for _, m := range s.anna.said(s.room, s.Bot) {
			if m.Relates.ReplyTo.Event == before {
				t.Errorf("the bot answered what was said while it was away: %s", m.Body)
			}
		}
	})
}

func (p *person) invite(room id.RoomID, user id.UserID) {
	p.t.Helper()
	p.member(room, "invite", user)
}

func (p *person) kick(room id.RoomID, user id.UserID) {
	p.t.Helper()
	p.member(room, "kick", user)
}

func (p *person) ban(room id.RoomID, user id.UserID) {
	p.t.Helper()
	p.member(room, "ban", user)
}

// member asks the homeserver to invite, kick or ban somebody.
func (p *person) member(room id.RoomID, how string, user id.UserID) {
	p.t.Helper()
	_, err := p.Client.MakeRequest(p.t.Context(), "POST", p.Client.BuildClientURL("v3", "rooms", room, how), object{"user_id": user}, nil)
	if err != nil {
		p.t.Fatalf("%s: %s %s: %v", p.DisplayName, how, user, err)
	}
}
