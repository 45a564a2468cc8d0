package appservice

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// addRoom stores a room with a card of Anna's and Mia's in it, named as the room is.
func (s *stage) addRoom(name string, row store.Room, anna workspace.Membership) {
	s.t.Helper()
	row.ID, row.Info.Name, row.Info.Read = id.RoomID("!"+name+":a.example"), name, stateForm
	at := workspace.Stamp{Time: 1, Origin: "@werkraum:a.example"}
	card := &workspace.Item{Key: workspace.Key{Kind: board.KindCard, ID: "card"}, Seq: 1, Fields: []workspace.Field{
		{Name: board.Assignee + "/@anna:a.example", Value: workspace.Bool(true), At: at},
		{Name: board.Assignee + "/@mia:b.example", Value: workspace.Bool(true), At: at},
		{Name: board.Column, Value: workspace.String("open"), At: at},
		{Name: board.Title, Value: workspace.String(name), At: at},
	}}
	column := &workspace.Item{Key: workspace.Key{Kind: board.KindColumn, ID: "open"}, Seq: 1, Fields: []workspace.Field{{Name: board.Title, Value: workspace.String("Offen"), At: at}}}
	s.put(&store.Batch{Room: row, Items: []*workspace.Item{card, column}, Members: map[id.UserID]workspace.Member{"@anna:a.example": {Membership: anna}, "@mia:b.example": {Membership: anna}}})
}

func (s *stage) workOf(user id.UserID) []string {
	s.t.Helper()
	work, err := s.WorkOf(s.t.Context(), user)
	if err != nil {
		s.t.Fatal(err)
	}
	titles := []string{}
	for _, card := range work.Cards {
		titles = append(titles, card.Item.Text(board.Title))
	}
	slices.Sort(titles)
	return titles
}

// A person's work is that of the rooms into which they may look now: not of those that
// they or the bot have left, that were replaced, in which nobody can work, or whose
// list of servers shuts them out; and not of the direct chats of others.
func TestWorkIsThatOfRoomsThatThePersonMayLookInto(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.cipher.able.Store(encryptionLacking)
	s.addRoom("in", store.Room{Joined: true}, workspace.Joined)
	s.addRoom("left", store.Room{Joined: true}, workspace.Left)
	s.addRoom("banned", store.Room{Joined: true}, workspace.Banned)
	s.addRoom("invited", store.Room{Joined: true}, workspace.Invited)
	s.addRoom("unseen", store.Room{}, workspace.Joined)
	s.addRoom("replaced", store.Room{Joined: true, Info: store.RoomInfo{Successor: "!neu:a.example"}}, workspace.Joined)
	s.addRoom("mute", store.Room{Joined: true, Info: store.RoomInfo{Encrypted: true}}, workspace.Joined)
	s.addRoom("todo", store.Room{Joined: true, Info: store.RoomInfo{Direct: anna}}, workspace.Joined)
	s.addRoom("mias", store.Room{Joined: true, Info: store.RoomInfo{Direct: mia}}, workspace.Joined)
	s.addRoom("shut", store.Room{Joined: true, Info: store.RoomInfo{ACLs: []workspace.ServerACL{{Allow: []string{"a.example"}}}}}, workspace.Joined)
	if got, want := s.workOf(anna), []string{"in", "shut", "todo"}; !slices.Equal(got, want) {
		t.Errorf("Anna's work is of %v, want %v", got, want)
	}
	if got, want := s.workOf(mia), []string{"in", "mias"}; !slices.Equal(got, want) {
		t.Errorf("Mia's work is of %v, want %v", got, want)
	}
	s.Federation.DenyUsers = []string{"@anna:*"}
	if got := s.workOf(anna); len(got) > 0 {
		t.Errorf("somebody whom the operator denies is shown %v", got)
	}
}

// !meine in a room is answered where nobody else reads it, and as often as anybody needs.
func TestOwnWorkIsToldInTheDirectChatOnly(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.addRoom("geheim", store.Room{Joined: true}, workspace.Joined)
	const chat = "!direkt:a.example"
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/createRoom"):
			_, _ = w.Write([]byte(`{"room_id":"` + chat + `"}`))
		case strings.HasSuffix(r.URL.Path, chat+"/state"):
			_, _ = w.Write(state(chat, anna))
		default:
			return false
		}
		return true
	})
	s.start()
	s.deliver(message("$meine", anna, "!meine", nil))
	await(t, "the answer in the room", func() bool { return s.told("m.room.message", "Direktnachricht") == 1 })
	await(t, "the list", func() bool { return s.told("m.room.message", "geheim") == 1 })
	s.mu.Lock()
	for _, e := range s.sent {
		if strings.Contains(e.body, "geheim") && !strings.Contains(e.path, chat) {
			t.Errorf("another room is told: %s %s", e.path, e.body)
		}
	}
	s.mu.Unlock()
	for n := range lookingAround.Most + 1 {
		s.deliver(message(fmt.Sprint("$meine", n), anna, "!meine", nil))
	}
	await(t, "being told to wait", func() bool { return s.told("m.room.message", "durchgesehen") > 0 })
}

// The to-dos of a direct chat are its owner's, whoever else has come into it: others
// change nothing there, and none of it is theirs.
func TestTodosAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	const chat = id.RoomID("!direkt:a.example")
	s.put(&store.Batch{
		Room:    store.Room{ID: chat, Joined: true, Info: store.RoomInfo{Direct: anna, Greeted: true, Read: stateForm}},
		Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}, mia: {Membership: workspace.Joined}},
	})
	s.start()
	try := func(user id.UserID, change workspace.ChangeID, a board.Act) error {
		done := make(chan error, 1)
		s.Do(chat, user, change, board.On(a), func(_ int64, err error) { done <- err })
		return <-done
	}
	if err := try(mia, "mias-todo", board.AddCard{Card: "fremd", Title: "Untergeschoben"}); workspace.AsError(err).Kind != workspace.Forbidden {
		t.Errorf("somebody else adds a to-do: %v", err)
	}
	if err := try(anna, "annas-todo", board.AddCard{Card: "ausweis", Title: "Ausweis verlängern"}); err != nil {
		t.Fatal(err)
	}
	if err := try(mia, "mias-tick", board.FinishCard{Card: "ausweis"}); workspace.AsError(err).Kind != workspace.Forbidden {
		t.Errorf("somebody else ticks a to-do off: %v", err)
	}
	if got := s.workOf(anna); !slices.Equal(got, []string{"Ausweis verlängern"}) {
		t.Errorf("Anna's work is %v", got)
	}
	if got := s.workOf(mia); len(got) > 0 {
		t.Errorf("Mia is shown %v", got)
	}
	if err := try(anna, "annas-tick", board.FinishCard{Card: "ausweis"}); err != nil {
		t.Fatal(err)
	}
	if got := s.workOf(anna); len(got) > 0 {
		t.Errorf("what is done is shown: %v", got)
	}
}

// In the direct chat, !link leads to the person's own work too; the link to that goes
// through an encrypted chat as soon as a part of it may be from an encrypted room.
func TestLinkToOwnWork(t *testing.T) {
	t.Parallel()
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprintf("encrypted=%t", encrypted), func(t *testing.T) {
			t.Parallel()
			s := setStage(t, bots.New())
			// Nothing is sent, and the bot keeps trying to become able to encrypt: while it is not
			// known that it cannot, encrypted rooms are rooms like others.
			var err error
			if s.Vault, err = vault.Parse([]byte(vault.NewLine())); err != nil {
				t.Fatal(err)
			}
			s.answer(func(w http.ResponseWriter, r *http.Request) bool {
				if strings.Contains(r.URL.Path, "/rooms/") || strings.Contains(r.URL.Path, "/join") {
					return false
				}
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			})
			s.addRoom("geheim", store.Room{Joined: true, Info: store.RoomInfo{Encrypted: encrypted}}, workspace.Joined)
			s.put(&store.Batch{
				Room:    store.Room{ID: "!direkt:a.example", Joined: true, Info: store.RoomInfo{Direct: anna, Greeted: true, Read: stateForm}},
				Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}, mia: {Membership: workspace.Joined}},
				Direct:  &store.DirectRoom{User: anna, Room: "!direkt:a.example"},
			})
			s.start()
			waiting := func(user id.UserID) (list []store.Outgoing) {
				all, err := s.store.Outbox(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range all {
					if o.Task == store.TaskDirect && o.User == user {
						list = append(list, o.Outgoing)
					}
				}
				return list
			}
			for _, user := range []id.UserID{anna, mia} {
				link := message("$link"+user.Localpart(), user, "!link", nil)
				link["room_id"] = "!direkt:a.example"
				s.deliver(link)
				await(t, "the links", func() bool { return len(waiting(user)) == 1 })
			}
			if o := waiting(anna)[0]; !strings.Contains(string(o.Content), "Meine Arbeit") || o.Secret != encrypted {
				t.Errorf("Anna is sent, secret %t: %s", o.Secret, o.Content)
			}
			if o := waiting(mia)[0]; strings.Contains(string(o.Content), "Meine Arbeit") {
				t.Errorf("Mia is sent a link to somebody else's work: %s", o.Content)
			}
		})
	}
}
