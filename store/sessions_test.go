package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		want := store.Session{Hash: "h", User: mia, Room: room, Expires: noon}
		if err := s.PutSession(ctx, want); err != nil {
			t.Fatal(err)
		}
		same(t, "session", ok[store.Session](t)(s.Session(ctx, "h")), want)
		if err := s.PutSession(ctx, store.Session{Hash: "h", User: anna, Room: other, Expires: noon}); err == nil {
			t.Error("a session took another's place")
		}
		for range 2 { // ending twice is no error
			if err := s.DropSession(ctx, "h"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Session(ctx, "h"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("ended session: got error %v, want ErrNotFound", err)
		}
	})
}

func TestEndSessionsOfAPersonInARoom(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		b := &store.Batch{Room: row(room)}
		for hash, n := range map[string]store.Session{"mia": {User: mia, Room: room}, "anna": {User: anna, Room: room}, "elsewhere": {User: mia, Room: other}} {
			n.Hash, n.Expires = hash, noon
			if err := s.PutSession(ctx, n); err != nil {
				t.Fatal(err)
			}
			b.Links = append(b.Links, store.Link(n))
			b.Feeds = append(b.Feeds, store.Feed{Hash: hash, User: n.User, Room: n.Room}, store.Feed{Hash: hash + " board", User: n.User, Room: n.Room, Board: "sitzung"})
		}
		b.Feeds = append(b.Feeds, store.Feed{Hash: "mine", User: mia})
		put(t, s, b)
		put(t, s, &store.Batch{Room: row(room), EndSessions: []id.UserID{mia}})
		for hash, want := range map[string]error{"mia": store.ErrNotFound, "anna": nil, "elsewhere": nil} {
			if _, err := s.Session(ctx, hash); !errors.Is(err, want) {
				t.Errorf("session %s: got error %v, want %v", hash, err, want)
			}
			if _, err := s.TakeLink(ctx, hash); !errors.Is(err, want) {
				t.Errorf("link %s: got error %v, want %v", hash, err, want)
			}
			for _, feed := range []string{hash, hash + " board"} {
				if _, err := s.FeedBy(ctx, feed); !errors.Is(err, want) {
					t.Errorf("calendar %s: got error %v, want %v", feed, err, want)
				}
			}
		}
		ok[store.Feed](t)(s.FeedBy(ctx, "mine")) // it is of no room, and shows what they may still see
	})
}

func TestLinkIsGivenToExactlyOne(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		for range 5 {
			want := store.Link{Hash: "link", User: mia, Room: room, Expires: noon}
			put(t, s, &store.Batch{Room: row(room), Links: []store.Link{want}})
			var winners, others atomic.Int64
			var group sync.WaitGroup
			begin := make(chan struct{})
			for range 20 {
				group.Go(func() {
					<-begin
					got, err := s.TakeLink(t.Context(), "link")
					switch {
					case err == nil:
						same(t, "link", got, want)
						winners.Add(1)
					case errors.Is(err, store.ErrNotFound):
						others.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			close(begin)
			group.Wait()
			if winners.Load() != 1 || others.Load() != 19 {
				t.Fatalf("%d callers got the link, %d were refused; want 1 and 19", winners.Load(), others.Load())
			}
		}
	})
}

func TestPrune(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		before, after := noon.Add(-time.Millisecond), noon.Add(time.Millisecond)
		put(t, s, &store.Batch{Room: row(room), Now: before, Handled: []id.EventID{"$old"}, SetAside: []store.SetAside{{Event: "$x", Reason: "shape"}}, Links: []store.Link{
			{Hash: "old", User: mia, Room: room, Expires: after}, {Hash: "new", User: mia, Room: room, Expires: after.Add(time.Hour)}}})
		put(t, s, &store.Batch{Room: row(room), Now: noon, Handled: []id.EventID{"$new"}})
		for _, l := range []store.Session{{Hash: "old", Expires: after}, {Hash: "new", Expires: after.Add(time.Hour)}} {
			if err := s.PutSession(ctx, l); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Prune(ctx, noon, noon, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		same(t, "old event", ok[bool](t)(s.WasHandled(ctx, "$old")), false)
		same(t, "new event", ok[bool](t)(s.WasHandled(ctx, "$new")), true)
		for hash, want := range map[string]error{"old": store.ErrNotFound, "new": nil} {
			if _, err := s.Session(ctx, hash); !errors.Is(err, want) {
				t.Errorf("session %s: got error %v, want %v", hash, err, want)
			}
			if _, err := s.TakeLink(ctx, hash); !errors.Is(err, want) {
				t.Errorf("link %s: got error %v, want %v", hash, err, want)
			}
		}
	})
}
