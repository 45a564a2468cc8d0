package appservice

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
)

// Somebody of another homeserver who comes into a new direct chat at once is told nothing
// before they are there: their homeserver could not cope with it.
func TestNewDirectChatWaitsForArrival(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		user id.UserID
		// looks is how often the bot finds them invited before they come in.
		looks int32
		want  bool // that they are there when they are told
	}{
		"comes in at once":          {mia, 3, true},
		"takes their time":          {mia, 1000, false},
		"of the bot's own server":   {anna, 1000, false},
		"comes in before one looks": {mia, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setStage(t, bots.New())
			s.put(&store.Batch{
				Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true, Read: stateForm}},
				Queue: []store.Outgoing{
					{TxnID: "link", N: time.Now().UnixMicro(), Task: store.TaskDirect, User: test.user, Content: json.RawMessage(`{"body":"privater Link"}`)},
				},
			})
			var looked atomic.Int32
			var there, toldThere atomic.Bool
			s.answer(func(w http.ResponseWriter, r *http.Request) bool {
				switch {
				case strings.HasSuffix(r.URL.Path, "/createRoom"):
					_, _ = w.Write([]byte(`{"room_id":"!direkt:a.example"}`))
					return true
				case strings.HasSuffix(r.URL.Path, "/state/m.room.member/"+string(test.user)):
					membership := "invite"
					if looked.Add(1) > test.looks {
						membership = "join"
						there.Store(true)
					}
					_, _ = w.Write([]byte(`{"membership":"` + membership + `"}`))
					return true
				case strings.Contains(r.URL.Path, "/rooms/!direkt:a.example/send/"):
					toldThere.Store(there.Load())
				}
				return false
			})
			s.start()
			await(t, "the link", func() bool { return s.told("m.room.message", "privater Link") == 1 })
			if got := toldThere.Load(); got != test.want {
				t.Errorf("they were there when they were told: %v, want %v (looked %d times)", got, test.want, looked.Load())
			}
		})
	}
}

// Whoever lets the bot wait keeps nobody else from their link.
func TestOthersAreToldWhileSomebodyArrives(t *testing.T) {
	t.Parallel()
	const people = 2*directAtOnce + 1
	s := setStage(t, bots.New())
	s.outbox.arriveWithin = time.Hour // rather than as long as this test may take
	b := &store.Batch{Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true, Read: stateForm}}}
	for i := range people {
		user := id.NewUserID(fmt.Sprint("user", i), "b.example")
		for _, text := range []string{"erster Link", "zweiter Link"} {
			b.Queue = append(b.Queue, store.Outgoing{
				TxnID: fmt.Sprint(text, i), N: time.Now().UnixMicro() + int64(len(b.Queue)), Task: store.TaskDirect, User: user, Content: json.RawMessage(`{"body":"` + text + `"}`),
			})
		}
	}
	s.put(b)
	var chats sync.Map // by ID, whose they are
	var invited atomic.Int32
	var come atomic.Bool
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/createRoom"):
			var chat struct {
				Invite []id.UserID `json:"invite"`
			}
			_ = json.NewDecoder(r.Body).Decode(&chat)
			made := id.RoomID(fmt.Sprintf("!direkt%d:a.example", invited.Add(1)))
			chats.Store(made, chat.Invite[0])
			_, _ = fmt.Fprintf(w, `{"room_id":%q}`, made)
			return true
		case strings.HasSuffix(r.URL.Path, ":a.example/state"):
			chat := id.RoomID(strings.Split(r.URL.Path, "/")[5])
			user, ok := chats.Load(chat)
			if ok {
				_, _ = w.Write(state(chat, user.(id.UserID)))
			}
			return ok
		case strings.Contains(r.URL.Path, "/state/m.room.member/") && !come.Load():
			_, _ = w.Write([]byte(`{"membership":"invite"}`))
			return true
		}
		return false
	})
	s.start()
	await(t, "all to be invited", func() bool { return invited.Load() == people })
	if n := s.told("m.room.message", "Link"); n > 0 {
		t.Errorf("%d links were sent before anybody was there", n)
	}
	come.Store(true)
	await(t, "all links", func() bool { return s.told("m.room.message", "Link") == 2*people })
	s.mu.Lock()
	defer s.mu.Unlock()
	first := map[string]bool{}
	for _, e := range s.sent {
		chat := strings.Split(e.path, "/")[5]
		if strings.Contains(e.body, "zweiter Link") && !first[chat] {
			t.Errorf("in %s the second link came first", chat)
		}
		first[chat] = first[chat] || strings.Contains(e.body, "erster Link")
	}
}
