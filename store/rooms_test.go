package store_test

import (
	"errors"
	"slices"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

func sorted(rooms []id.RoomID) []id.RoomID {
	slices.Sort(rooms)
	return rooms
}

func TestUnknownRoom(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		if _, err := s.Load(t.Context(), room); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("load: got error %v, want ErrNotFound", err)
		}
		if ok[bool](t)(s.Knows(t.Context(), room)) {
			t.Error("knows a room that was never stored")
		}
	})
}

func TestKnowsTheRoomsThatTheBotIsIn(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		put(t, s, &store.Batch{Room: row(room)})
		put(t, s, &store.Batch{Room: store.Room{ID: other}})
		same(t, "joined", ok[bool](t)(s.Knows(t.Context(), room)), true)
		same(t, "left", ok[bool](t)(s.Knows(t.Context(), other)), false)
		same(t, "rooms", ok[[]id.RoomID](t)(s.Rooms(t.Context())), []id.RoomID{room})
	})
}

func TestRoomsWithWork(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		done := func(id id.RoomID) store.Room {
			return store.Room{ID: id, Joined: true, Seq: 3, Published: 3, Info: store.RoomInfo{Greeted: true}}
		}
		with := func(r store.Room, change func(*store.Room)) store.Room { change(&r); return r }
		rows := []*store.Batch{
			{Room: done("!done")},
			{Room: with(done("!unpublished"), func(r *store.Room) { r.Published = 2 })},
			{Room: with(done("!left"), func(r *store.Room) { r.Joined, r.Published = false, 0 })},
			{Room: with(done("!unwelcome"), func(r *store.Room) { r.Info = store.RoomInfo{Name: `"greeted":true`} })},
			{Room: done("!stale"), Items: []*workspace.Item{card(3)}, Messages: []store.CardMessage{{Event: "$a", Card: "karte", Shown: 3}, {Event: "$b", Card: "karte", Shown: 2}}},
			{Room: done("!shown"), Items: []*workspace.Item{card(3)}, Messages: []store.CardMessage{{Event: "$a", Card: "karte", Shown: 3}}},
			{Room: done("!source"), Items: []*workspace.Item{card(3)}, Messages: []store.CardMessage{{Event: "$a", Card: "karte", Shown: store.SourceMessage}}},
		}
		for _, b := range rows {
			put(t, s, b)
		}
		same(t, "rooms with work", sorted(ok[[]id.RoomID](t)(s.RoomsWithWork(t.Context()))), []id.RoomID{"!stale", "!unpublished", "!unwelcome"})
	})
}

func TestRoomsOfAPerson(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		in := func(m workspace.Membership) map[id.UserID]workspace.Member {
			return map[id.UserID]workspace.Member{mia: {Membership: m}, anna: {Membership: workspace.Joined}}
		}
		put(t, s, &store.Batch{Room: row("!b"), Members: in(workspace.Joined)})
		put(t, s, &store.Batch{Room: row("!a"), Members: in(workspace.Joined)})
		put(t, s, &store.Batch{Room: row("!invited"), Members: in(workspace.Invited)})
		put(t, s, &store.Batch{Room: row("!gone"), Members: in(workspace.Left)})
		put(t, s, &store.Batch{Room: store.Room{ID: "!withoutbot"}, Members: in(workspace.Joined)})
		same(t, "rooms", ok[[]store.Room](t)(s.RoomsOf(t.Context(), mia)), []store.Room{row("!a"), row("!b")})
		same(t, "of a stranger", len(ok[[]store.Room](t)(s.RoomsOf(t.Context(), "@fremd:x"))), 0)
	})
}

func TestPredecessorOf(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		old := store.Room{ID: room, Seq: 7, Info: store.RoomInfo{Successor: other}}
		put(t, s, &store.Batch{Room: row("!a")})
		put(t, s, &store.Batch{Room: old})
		same(t, "predecessor", ok[store.Room](t)(s.PredecessorOf(t.Context(), other)), old)
		if _, err := s.PredecessorOf(t.Context(), room); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got error %v, want ErrNotFound", err)
		}
	})
}

func TestMoveRoom(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		b := everything()
		b.Feeds = []store.Feed{{Hash: "kalender", User: mia, Room: room}}
		put(t, s, b)
		put(t, s, &store.Batch{Room: store.Room{ID: other, Joined: true, Info: store.RoomInfo{Name: "neu"}},
			Feeds:   []store.Feed{{Hash: "noch ein kalender", User: mia, Room: other}},
			Members: map[id.UserID]workspace.Member{mia: {Membership: workspace.Joined}}})
		put(t, s, &store.Batch{Room: row("!unbeteiligt"), Items: []*workspace.Item{card(1)}, Commits: []workspace.Commit{commit(1, "erste", anna)}})
		for _, n := range []store.Session{{Hash: "old", User: mia, Room: room, Expires: noon}, {Hash: "new", User: mia, Room: other, Expires: noon}} {
			if err := s.PutSession(ctx, n); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.MoveRoom(ctx, room, other); err != nil {
			t.Fatal(err)
		}
		same(t, "Mia's calendar", ok[store.Feed](t)(s.FeedBy(ctx, "kalender")).Room, other)

		l := ok[*store.Loaded](t)(s.Load(ctx, other))
		same(t, "room", l.Room, store.Room{ID: other, Joined: true, Seq: 2, Published: 1, Clock: 1<<64 - 1, Info: store.RoomInfo{Name: "neu"}})
		sortLoaded(l)
		same(t, "items", l.Items, b.Items)
		same(t, "members are the new room's", l.Members, map[id.UserID]workspace.Member{mia: {Membership: workspace.Joined}})
		same(t, "card messages are never edited again", l.Messages, []store.CardMessage{
			{Event: "$m1", Card: "karte", Shown: store.SourceMessage}, {Event: "$m2", Card: "karte", Shown: store.SourceMessage}})
		same(t, "comments", ok[[]store.Comment](t)(s.Comments(ctx, other, "karte", 10)), b.Comments)
		same(t, "log", ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, other, 0, 10)), b.Commits)
		same(t, "Anna's last", ok[workspace.Commit](t)(s.LastOf(ctx, other, anna)).Change.ID, "erste")

		for _, v := range b.Versions {
			same(t, "version", string(ok[[]byte](t)(s.VersionOf(ctx, other, v.ID))), string(v.Content))
		}

		left := ok[*store.Loaded](t)(s.Load(ctx, room))
		same(t, "work left behind", len(left.Items)+len(left.Messages)+len(left.Comments)+len(ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, room, 0, 10))), 0)
		if _, err := s.VersionOf(ctx, room, "stand"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a version left behind: %v", err)
		}
		same(t, "members left behind", left.Members, b.Members)
		same(t, "uninvolved room", len(ok[*store.Loaded](t)(s.Load(ctx, "!unbeteiligt")).Items), 1)
		if _, err := s.Session(ctx, "old"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("session of the old room: got error %v, want ErrNotFound", err)
		}
		if _, err := s.TakeLink(ctx, "link"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("link to the old room: got error %v, want ErrNotFound", err)
		}
		if _, err := s.Session(ctx, "new"); err != nil {
			t.Errorf("session of the new room: %v", err)
		}
	})
}

// A successor that has work of its own cannot take another room's: nothing
// may be half moved.
func TestMoveRoomIntoWorkIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		put(t, s, everything())
		put(t, s, &store.Batch{Room: row(other), Commits: []workspace.Commit{commit(1, "schon da", anna)}})
		before := picture(t, s)
		if err := s.MoveRoom(t.Context(), room, other); err == nil {
			t.Error("work was moved into a room that has some")
		}
		same(t, "what is stored", picture(t, s), before)
	})
}
