package appservice

import (
	"fmt"
	"io"
	"net/http"
	"slices"
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

// uploads is a homeserver's media repository that refuses as it is told.
type uploads struct {
	mu     sync.Mutex
	status []int // of the next answers; none: it takes the file
	took   [][]byte
}

func (u *uploads) answer(w http.ResponseWriter, r *http.Request) bool {
	if !strings.HasSuffix(r.URL.Path, "/media/v3/upload") {
		return false
	}
	data, _ := io.ReadAll(r.Body)
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.status) == 0 {
		u.took = append(u.took, data)
		_, _ = fmt.Fprint(w, `{"content_uri":"mxc://a.example/bild"}`)
		return true
	}
	code := map[int]string{http.StatusRequestEntityTooLarge: "M_TOO_LARGE", http.StatusForbidden: "M_FORBIDDEN"}[u.status[0]]
	w.WriteHeader(u.status[0])
	if code != "" {
		_, _ = fmt.Fprintf(w, `{"errcode":%q,"error":"x"}`, code)
	}
	u.status = u.status[1:]
	return true
}

func (u *uploads) refuse(status ...int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.status = status
}

// A whiteboard is posted once, also when the homeserver takes its file only at the second
// attempt; what it never takes, or what has gone meanwhile, is told in a sentence. What the
// bot says next waits and comes.
func TestWhiteboardIsPostedOrRefused(t *testing.T) {
	t.Parallel()
	s, hs := setStage(t, bots.New()), &uploads{}
	s.answer(hs.answer)
	s.start()
	s.deliver(message("$neu", anna, "!whiteboard neu Skizze mit Vorlage Rückblick", nil))
	await(t, "the whiteboard", func() bool { return s.told("m.room.message", "$neu") == 1 })
	for i, c := range []struct {
		refused []int
		say     string
		want    string
	}{
		{nil, "!whiteboard senden", `"msgtype":"m.image"`},
		{[]int{http.StatusBadGateway, http.StatusTooManyRequests}, "!whiteboard senden Skizze Rahmen Ideen", `"msgtype":"m.image"`},
		{[]int{http.StatusRequestEntityTooLarge}, "!whiteboard senden", "zu groß für diesen Matrix-Server"},
		{nil, "!whiteboard exportieren", `"mimetype":"application/vnd.excalidraw+json"`},
	} {
		hs.refuse(c.refused...)
		asked := fmt.Sprintf("$asked%d", i)
		s.deliver(message(asked, anna, c.say, nil), message(asked+"-next", anna, "!whiteboard liste", nil))
		await(t, "the answer behind "+c.say, func() bool { return s.told("m.room.message", asked+`-next"`) == 1 })
		if s.told("m.room.message", asked+`"`) != 1 || !slices.ContainsFunc(s.heard(), func(body string) bool {
			return strings.Contains(body, asked+`"`) && strings.Contains(body, c.want)
		}) {
			t.Errorf("%s, refused with %v, is not answered once with %s", c.say, c.refused, c.want)
		}
	}
	if n := len(hs.took); n != 3 || !strings.HasPrefix(string(hs.took[0]), "\x89PNG") || !strings.HasPrefix(string(hs.took[2]), `{"appState"`) {
		t.Errorf("the homeserver has %d files", n)
	}
}

// heard are the bodies of what the homeserver took.
func (s *stage) heard() (bodies []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.sent {
		bodies = append(bodies, e.body)
	}
	return bodies
}

// A whiteboard that waits to be posted is drawn by the next run, and one that was removed
// meanwhile is not.
func TestWhiteboardWaitsForTheNextRun(t *testing.T) {
	t.Parallel()
	s, hs := setStage(t, bots.New()), &uploads{}
	s.answer(hs.answer)
	gone := rawJSON(wanted{Drawing: bots.Drawing{Whiteboard: "aaaaaaaaaaaaaaaaaaaa", Name: "weg.png"}, By: anna})
	s.put(&store.Batch{
		Room:  store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Inviter: anna, Greeted: true, Widget: true, Layout: true, Read: stateForm, Power: workspace.Power{StateDefault: 50, Redact: 50, Users: map[id.UserID]int{"@werkraum:a.example": 50}}}},
		Queue: []store.Outgoing{{TxnID: "waits", N: time.Now().UnixMicro(), Task: store.TaskSend, EventType: typeMessage, Drawn: true, Content: gone}},
	})
	s.start()
	await(t, "the sentence", func() bool { return s.told("m.room.message", "inzwischen entfernt") == 1 })
	if len(hs.took) != 0 {
		t.Error("something was uploaded")
	}
}

// Rooms whose whiteboards wait for a slow media repository keep no other room's messages.
func TestSlowDrawingsKeepNoOtherRoom(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	hold := make(chan struct{})
	defer close(hold)
	var uploading atomic.Int32
	s.answer(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/media/v3/upload") {
			uploading.Add(1)
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		}
		return false
	})
	for i := range 2 * requestsAtOnce { // of each person one is drawn at a time
		other, person := id.RoomID(fmt.Sprintf("!raum%d:a.example", i)), id.UserID(fmt.Sprintf("@person%d:a.example", i))
		s.put(&store.Batch{
			Room: store.Room{ID: other, Joined: true, Info: store.RoomInfo{
				Language: workspace.German, Inviter: person, Greeted: true, Widget: true, Layout: true, Read: stateForm,
				Power: workspace.Power{StateDefault: 50, Redact: 50, Users: map[id.UserID]int{"@werkraum:a.example": 50}},
			}},
			Members: map[id.UserID]workspace.Member{person: {Membership: workspace.Joined, Name: "Person"}},
		})
	}
	s.start()
	for i := range 2 * requestsAtOnce {
		for j, text := range []string{"!whiteboard neu Skizze mit Vorlage Ablauf", "!whiteboard senden"} {
			e := message(fmt.Sprintf("$raum%d-%d", i, j), id.UserID(fmt.Sprintf("@person%d:a.example", i)), text, nil)
			e["room_id"] = fmt.Sprintf("!raum%d:a.example", i)
			s.deliver(e)
		}
	}
	await(t, "whiteboards that are being posted", func() bool { return uploading.Load() >= drawnAtOnce })
	await(t, "all rooms to have asked", s.empty)
	s.deliver(message("$dazwischen", anna, "!hilfe", nil))
	await(t, "the answer in the other room", func() bool { return s.told("m.room.message", "$dazwischen") == 1 })
}
