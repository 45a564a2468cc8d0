package tests

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

// Private links go to their person and to nobody else, whatever rooms others have prepared
// for them: a chat in which somebody else is, or the very address under which the bot would
// make one.
func TestPrivateLinksReachNobodyElse(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		eve := newPerson(t, w.amt, "Eve")

		// A chat of three, which Anna's client calls a direct one.
		crowd := s.anna.direct3(s.Bot, eve)
		s.anna.await(crowd, "the bot's arrival", func(e *event.Event) bool {
			return e.Type == event.StateMember && e.GetStateKey() == s.Bot.String() && e.Content.AsMember().Membership == event.MembershipJoin
		})
		// A room at the address of the bot's chat with Mia, which Eve can guess.
		sum := sha256.Sum256([]byte("direct\x00" + s.mia.UserID.String() + "\x00"))
		trap, err := eve.Client.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
			RoomAliasName: "werkraum_direct_" + base64.RawURLEncoding.EncodeToString(sum[:24]), Preset: "private_chat", Invite: []id.UserID{s.Bot},
			CreationContent: object{"de.werkraum.direct": s.mia.UserID},
		})
		if err == nil {
			eve.await(trap.RoomID, "the bot in the trap", func(e *event.Event) bool {
				return e.Type == event.StateMember && e.GetStateKey() == s.Bot.String() && e.Content.AsMember().Membership == event.MembershipJoin
			})
		} else {
			t.Logf("the homeserver keeps the address for the bot: %v", err)
		}

		for _, p := range []*person{s.anna, s.mia} {
			token := s.linkFor(p, s.enter(p.UserID))
			if session, err := page.SignInLink(t.Context(), s.URL, token); err != nil || session.User != p.UserID {
				t.Errorf("the link opens %+v, %v", session, err)
			}
			if p.direct == crowd || err == nil && p.direct == trap.RoomID {
				t.Errorf("%s gets links in a room that others have prepared", p.UserID)
			}
		}
		rooms := []id.RoomID{crowd}
		if err == nil {
			rooms = append(rooms, trap.RoomID)
		}
		for _, room := range rooms {
			for _, m := range eve.said(room, s.Bot) {
				if strings.Contains(m.Body, "token=") {
					t.Errorf("Eve reads a private link in %s", room)
				}
			}
		}
	})
}

// direct3 makes a direct chat with the bot and somebody else.
func (p *person) direct3(bot id.UserID, other *person) id.RoomID {
	p.t.Helper()
	made, err := p.Client.CreateRoom(p.t.Context(), &mautrix.ReqCreateRoom{
		Preset: "trusted_private_chat", IsDirect: true, Invite: []id.UserID{bot, other.UserID},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	other.join(made.RoomID, p.UserID.Homeserver())
	return made.RoomID
}

// A room that is moved can name any other as the one that replaces it. The bot does not stay
// in one that knows nothing of that and whose people may not invite it.
func TestTombstoneLeadsNowhereElse(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		s.anna.power(s.room, func(levels object) {
			users, ok := levels["users"].(object)
			if !ok {
				users = object{}
				levels["users"] = users
			}
			users[s.mia.UserID.String()] = 50
			levels["events"] = object{"m.room.tombstone": 50}
		})
		foreign := &scene{house: s.house, t: t, mia: s.mia}
		foreign.room = s.mia.create(foreign, &mautrix.ReqCreateRoom{Name: "Ganz woanders"})
		s.mia.setState(foreign.room, "m.room.join_rules", "", object{"join_rule": "public"})
		until(t, "Mia's power to be known", func() error {
			levels := object{}
			s.mia.state(s.room, "m.room.power_levels", "", &levels)
			if users, ok := levels["users"].(object); !ok || users[s.mia.UserID.String()] != 50.0 {
				return errors.New("not yet")
			}
			return nil
		})
		s.mia.setState(s.room, "m.room.tombstone", "", object{"body": "Umzug", "replacement_room": foreign.room})
		s.mia.await(foreign.room, "the bot to leave again", func(e *event.Event) bool {
			return e.Type == event.StateMember && e.GetStateKey() == s.Bot.String() && e.Content.AsMember().Membership == event.MembershipLeave
		})
		for _, e := range s.mia.timeline(foreign.room) {
			if e.Sender == s.Bot && e.Type != event.StateMember {
				t.Errorf("the bot sent %s into the foreign room", e.Type.Type)
			}
		}
	})
}
