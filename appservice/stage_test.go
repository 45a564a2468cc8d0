package appservice

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"
	_ "modernc.org/sqlite"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

const (
	room = id.RoomID("!projekt:a.example")
	anna = id.UserID("@anna:a.example")
	mia  = id.UserID("@mia:b.example")
)

// patience is how long a test waits, on a busy machine, for what must come.
const patience = 2 * time.Minute

// stage is a service between a homeserver that does as it is told, for what real ones
// cannot be made to do at the right moment, and an audience that remembers. In the room are
// Anna and Mia, and everything is set up there.
type stage struct {
	*Service
	t        *testing.T
	database string // the path of its file
	registry *prometheus.Registry

	mu      sync.Mutex
	answers func(w http.ResponseWriter, r *http.Request) bool // false: the usual answer
	sent    []sentEvent
	events  map[string]string // by path, that is by transaction
	removed []id.UserID
	n       int
}

// sentEvent is what the homeserver took.
type sentEvent struct{ path, body string }

// Happened implements watch.Audience.
func (s *stage) Happened(h watch.Happening) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removed = append(s.removed, h.Removed...)
}

// ServeHTTP is the homeserver.
func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	answers := s.answers
	s.mu.Unlock()
	if answers != nil && answers(w, r) {
		return
	}
	switch path := r.URL.Path; {
	case r.Method == http.MethodPut:
		var body json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&body)
		s.mu.Lock()
		if s.events[path] == "" { // the same transaction again is the same event
			s.n++
			s.events[path] = fmt.Sprintf("$sent%d", s.n)
		}
		event := s.events[path]
		s.sent = append(s.sent, sentEvent{path, string(body)})
		s.mu.Unlock()
		_, _ = fmt.Fprintf(w, `{"event_id":%q}`, event)
	case strings.HasSuffix(path, "/messages"):
		_, _ = w.Write([]byte(`{"chunk":[]}`))
	case strings.HasSuffix(path, "/state"):
		_, _ = w.Write(state(room, anna, mia))
	case strings.Contains(path, "/state/m.room.member/"):
		_, _ = w.Write([]byte(`{"membership":"join"}`))
	default:
		_, _ = w.Write([]byte(`{}`))
	}
}

// state is a room's state with people in it.
func state(room id.RoomID, people ...id.UserID) []byte {
	list := []any{stateEvent(room, "m.room.create", "", people[0], map[string]any{"room_version": "10"})}
	for _, user := range append(people, "@werkraum:a.example") {
		list = append(list, stateEvent(room, "m.room.member", string(user), user, map[string]any{"membership": "join"}))
	}
	return rawJSON(list)
}

func stateEvent(room id.RoomID, kind, key string, sender id.UserID, content any) map[string]any {
	return map[string]any{"event_id": "$state" + kind + key, "type": kind, "state_key": key, "room_id": room, "sender": sender, "content": content}
}

// message is somebody's message in the room.
func message(event string, sender id.UserID, text string, more map[string]any) map[string]any {
	content := map[string]any{"msgtype": "m.text", "body": text}
	maps.Copy(content, more)
	return map[string]any{"event_id": event, "type": "m.room.message", "room_id": room, "sender": sender, "content": content}
}

// setStage prepares a service that begins with start.
func setStage(t *testing.T, handler *bots.Bot) *stage {
	t.Helper()
	s := &stage{t: t, database: filepath.Join(t.TempDir(), "werkraum.db"), registry: prometheus.NewRegistry(), events: map[string]string{}}
	db, err := store.Open(t.Context(), "sqlite:"+s.database, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	homeserver := httptest.NewServer(s)
	t.Cleanup(homeserver.Close)
	s.Service, err = New(t.Context(), Config{
		HomeserverURL: homeserver.URL, ServerName: "a.example", Localpart: "werkraum", ASToken: "a", HSToken: "h", Language: workspace.German,
		Federation: workspace.Federation{Own: "a.example", Participate: []string{"*"}},
		Sync:       SyncNever, LinkTTL: time.Hour,
	}, db, handler, s, s.registry, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	s.put(&store.Batch{
		Room:    store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Inviter: anna, Greeted: true, Widget: true, Layout: true, Read: stateForm, Power: workspace.Power{StateDefault: 50, Redact: 50, Users: map[id.UserID]int{"@werkraum:a.example": 50}}}},
		Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined, Name: "Anna"}, mia: {Membership: workspace.Joined, Name: "Mia"}},
	})
	return s
}

func (s *stage) put(b *store.Batch) {
	s.t.Helper()
	b.Now = time.Now()
	if err := s.store.Commit(s.t.Context(), b); err != nil {
		s.t.Fatal(err)
	}
}

// start runs the service until the test ends.
func (s *stage) start() {
	ctx, stop := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	s.t.Cleanup(func() {
		stop()
		<-ended
	})
}

// act has Anna do something on the page.
func (s *stage) act(a board.Act) {
	s.t.Helper()
	s.mu.Lock()
	s.n++
	change := workspace.ChangeID(fmt.Sprintf("change-%d", s.n))
	s.mu.Unlock()
	done := make(chan error, 1)
	s.Do(room, anna, change, board.On(a), func(_ int64, err error) { done <- err })
	select {
	case err := <-done:
		if err != nil {
			s.t.Fatalf("%T is refused: %v", a, err)
		}
	case <-time.After(patience):
		s.t.Fatalf("%T is not answered", a)
	}
}

// deliver hands events over as the homeserver does.
func (s *stage) deliver(events ...any) {
	s.t.Helper()
	if err := s.intake.put(s.t.Context(), store.FromTransaction, rawJSON(map[string]any{"events": events}), ""); err != nil {
		s.t.Fatal(err)
	}
}

// answer replaces what the homeserver answers; false of f means the usual answer.
func (s *stage) answer(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = f
}

// told counts the events of a type that the homeserver took and that hold a text.
func (s *stage) told(kind, text string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.sent {
		if strings.Contains(e.path, "/send/"+kind+"/") && strings.Contains(e.body, text) {
			n++
		}
	}
	return n
}

// redacted reports whether the bot has taken an event away.
func (s *stage) redacted(event id.EventID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.sent, func(e sentEvent) bool { return strings.Contains(e.path, "/redact/"+string(event)+"/") })
}

func (s *stage) view(f func(watch.View)) {
	s.t.Helper()
	if err := s.Visit(s.t.Context(), room, f); err != nil {
		s.t.Fatal(err)
	}
}

// cards counts the cards of the room.
func (s *stage) cards() (n int) {
	s.t.Helper()
	s.view(func(v watch.View) {
		for _, column := range v.Board.Columns() {
			n += v.Board.Len(column.ID)
		}
	})
	return n
}

// empty reports whether everything that was delivered is handled.
func (s *stage) empty() bool {
	list, err := s.store.Deliveries(s.t.Context(), 0, 1)
	return err == nil && len(list) == 0
}

// script runs SQL on the database beside the service.
func (s *stage) script(script string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.database+"?_pragma=busy_timeout(10000)")
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(s.t.Context(), script); err != nil {
		s.t.Fatal(err)
	}
}

func await(t *testing.T, what string, ready func() bool) {
	t.Helper()
	deadline := time.After(patience)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !ready() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("wait for %s: it does not happen", what)
		}
	}
}
