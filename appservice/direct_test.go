package appservice

import (
	"encoding/json"
	"net/http"
	"strings"
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
