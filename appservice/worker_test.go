package appservice

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

type nobody struct{}

func (nobody) Happened(watch.Happening) {}

// An event whose handling panics is set aside. It stops neither the program nor its room, and
// does not stay in the inbox.
func TestPanicSetsTheEventAside(t *testing.T) {
	t.Parallel()
	const (
		room = id.RoomID("!projekt:a.example")
		anna = id.UserID("@anna:a.example")
	)
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "werkraum.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	settled := store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true}}
	members := map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined, Name: "Anna"}}
	if err := s.Commit(t.Context(), &store.Batch{Room: settled, Members: members, Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	homeserver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"event_id":"$sent"}`))
	}))
	t.Cleanup(homeserver.Close)
	registry := prometheus.NewRegistry()
	broken := &bots.Bot{} // without a time zone every command panics
	svc, err := New(t.Context(), Config{
		HomeserverURL: homeserver.URL, ServerName: "a.example", Localpart: "werkraum", ASToken: "a", HSToken: "h", Language: workspace.German,
		MayInvite: func(string) bool { return true }, MayParticipate: func(string) bool { return true }, Sync: SyncNever,
	}, s, broken, nobody{}, registry, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- svc.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	body := rawJSON(map[string]any{"events": []any{map[string]any{
		"event_id": "$broken", "type": "m.room.message", "room_id": room, "sender": anna,
		"content": map[string]any{"msgtype": "m.text", "body": "!karte liste"},
	}}})
	if err := svc.intake.put(t.Context(), store.FromTransaction, body, ""); err != nil {
		t.Fatal(err)
	}
	await(t, "the event to be set aside and the inbox to be empty", func() bool {
		list, err := s.Deliveries(t.Context(), 0, 10)
		return err == nil && len(list) == 0 && setAside(t, registry) == 1
	})

	// The room goes on.
	done := make(chan error, 1)
	svc.Do(room, anna, "column-1~"+workspace.ChangeID(anna), board.AddColumn{Column: "spalte", Title: "Offen"}, func(_ int64, err error) { done <- err })
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("a change after the panic is refused: %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("the room does nothing any more")
	}
	if err := svc.Visit(t.Context(), room, func(v watch.View) {
		if len(v.Board.Columns()) != 1 {
			t.Errorf("the board has %d columns, want one", len(v.Board.Columns()))
		}
	}); err != nil {
		t.Error(err)
	}
}

// setAside is how many events the metrics say were set aside.
func setAside(t *testing.T, registry *prometheus.Registry) (n float64) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == "werkraum_events_total" && m.GetLabel()[0].GetValue() == "set_aside" {
				n += m.GetCounter().GetValue()
			}
		}
	}
	return n
}

func await(t *testing.T, what string, ready func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
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
