package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

// everything is a batch in which no part is empty.
func everything() *store.Batch {
	b := &store.Batch{
		Now: noon,
		Room: store.Room{ID: room, Joined: true, Seq: 2, Published: 1, Clock: 1<<64 - 1, Info: store.RoomInfo{
			Name: "Umbau „Rathaus“ \x00 🏛️", Language: workspace.English,
			Power: workspace.Power{Users: map[id.UserID]int{anna: 100}, UsersDefault: -1, Events: map[string]int{workspace.ChangeEvent: 25},
				EventsDefault: 7, StateDefault: 50, Creators: []id.UserID{mia}},
			Encrypted: true, Direct: mia, Inviter: anna, Predecessor: "!alt:amt.example", Successor: "!neu:amt.example",
			Greeted: true, Widget: true, Layout: true, Refused: []string{"im.vector.modular.widgets"}, Asked: "pin",
		}},
		Members: map[id.UserID]workspace.Member{
			anna: {Membership: workspace.Joined, Name: "Anna \u202eÄrger\u202c 👩🏽‍💼"},
			mia:  {Membership: workspace.Banned, Name: ""},
		},
		Commits: []workspace.Commit{commit(1, "erste", anna), commit(2, "zweite", mia)},
		Items: []*workspace.Item{
			{Key: workspace.Key{Kind: "card", ID: "karte"}, Seq: 2, Fields: []workspace.Field{
				{Name: "assignee/" + string(anna), Value: workspace.Bool(true), At: stamp(1)},
				{Name: "due", Value: workspace.Value{}, At: stamp(1<<64 - 1)},
				{Name: "number", Value: workspace.Int(-1<<53 + 1), At: stamp(0)},
				{Name: "title", Value: workspace.String("NUL\x00 \"'\\ <b>\u2028 Straße Čapek 🙂"), At: workspace.Stamp{Time: 3, Origin: "@ö\"-:x"}},
			}},
			{Key: workspace.Key{Kind: "column", ID: "karte"}, Seq: 1, Fields: []workspace.Field{{Name: "done", Value: workspace.Bool(false), At: stamp(2)}}},
		},
		Handled:  []id.EventID{"$handled"},
		SetAside: []store.SetAside{{Event: "$aside", Reason: "shape"}},
		Queue: []store.Outgoing{
			{TxnID: "t2", N: 2, Task: store.TaskState, EventType: "im.vector.modular.widgets", StateKey: "ein \x00 Schlüssel", Content: json.RawMessage(`{"a":"\u0000 ü"}`)},
			{TxnID: "t1", N: 1, Task: store.TaskJoin, Via: []string{"amt.example"}, User: mia, Reason: "weil", Card: "karte", Shown: 2},
		},
		Messages: []store.CardMessage{{Event: "$m1", Card: "karte", Shown: 2}, {Event: "$m2", Card: "karte", Shown: store.SourceMessage}},
		Comments: []store.Comment{{Event: "$c1", Card: "karte", By: mia, Body: "Grüße 🙂\n\u202ertl", At: noon}},
		Links:    []store.Link{{Hash: "link", User: mia, Room: room, Expires: noon.Add(time.Minute)}},
		Direct:   &store.DirectRoom{User: mia, Room: "!direkt:amt.example"},
		Versions: []store.Version{{ID: "stand", Content: []byte("\x1f\x8bgepackt\x00")}, {ID: "noch-einer", Content: []byte{}}},
	}
	return b
}

func TestBatchRoundTrip(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		b := everything()
		put(t, s, b)
		holds(t, s, b)
	})
}

// holds compares what the store has with a batch that was put into it alone.
func holds(t *testing.T, s *store.Store, b *store.Batch) {
	t.Helper()
	ctx := t.Context()
	l := ok[*store.Loaded](t)(s.Load(ctx, room))
	same(t, "room", l.Room, b.Room)
	same(t, "members", l.Members, b.Members)
	slices.SortFunc(l.Items, func(a, b *workspace.Item) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	same(t, "items", l.Items, b.Items)
	slices.SortFunc(l.Messages, func(a, b store.CardMessage) int { return strings.Compare(string(a.Event), string(b.Event)) })
	same(t, "card messages", l.Messages, b.Messages)
	same(t, "comment counts", l.Comments, map[workspace.ItemID]int{"karte": 1})
	same(t, "comments", ok[[]store.Comment](t)(s.Comments(ctx, room, "karte", 10)), b.Comments)
	same(t, "commits", ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, room, 0, 10)), b.Commits)
	same(t, "outbox", ok[[]store.Pending](t)(s.Outbox(ctx)), []store.Pending{{Room: room, Outgoing: b.Queue[1]}, {Room: room, Outgoing: b.Queue[0]}})
	same(t, "handled", ok[bool](t)(s.WasHandled(ctx, "$handled")), true)
	same(t, "direct chat", ok[id.RoomID](t)(s.DirectRoomOf(ctx, mia)), b.Direct.Room)
	same(t, "direct chats", ok[[]id.RoomID](t)(s.DirectRooms(ctx)), []id.RoomID{b.Direct.Room})
	for _, v := range b.Versions {
		same(t, "version", string(ok[[]byte](t)(s.VersionOf(ctx, room, v.ID))), string(v.Content))
	}
	same(t, "link", ok[store.Link](t)(s.TakeLink(ctx, "link")), b.Links[0])
}

// PostgreSQL's text can hold neither NUL, which people can type, nor bytes that are no
// UTF-8. They are left out, and on SQLite too, so that moving from one to the other
// changes nothing.
func TestUnstorableNamesAndComments(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		put(t, s, &store.Batch{
			Room: row(room), Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined, Name: "A\x00nn\xf0\x9fa"}},
			Comments: []store.Comment{{Event: "$c", Card: "karte", By: anna, Body: "ein\x00\x00s\xff", At: noon}},
		})
		same(t, "name", ok[*store.Loaded](t)(s.Load(t.Context(), room)).Members[anna].Name, "Anna")
		same(t, "comment", ok[store.Comment](t)(s.CommentBy(t.Context(), room, "$c")).Body, "eins")
	})
}

func TestLaterBatchReplacesAndRemoves(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		put(t, s, everything())
		next := &store.Batch{
			Now: noon, Room: store.Room{ID: room, Seq: 9, Published: 9, Clock: 1},
			Members:  map[id.UserID]workspace.Member{anna: {Membership: workspace.Left}},
			Items:    []*workspace.Item{card(9, workspace.Field{Name: "title", Value: workspace.String("neu"), At: stamp(9)})},
			Handled:  []id.EventID{"$handled"}, // told twice
			SetAside: []store.SetAside{{Event: "$aside", Reason: "again"}},
			Queue:    []store.Outgoing{{TxnID: "t1", N: 9, Task: store.TaskSend}, {TxnID: "t3", N: 3, Task: store.TaskLeave}},
			Sent:     []string{"t2"},
			Messages: []store.CardMessage{{Event: "$m1", Card: "karte", Shown: 9}},
			Comments: []store.Comment{{Event: "$c2", Card: "karte", By: mia, Body: "zwei", At: noon}},
			Forget:   []id.EventID{"$c1"},
			Versions: []store.Version{{ID: "stand", Content: []byte("neu")}}, EndVersions: []workspace.ItemID{"noch-einer"},
			Direct: &store.DirectRoom{User: mia, Room: "!direkt2:amt.example"},
		}
		put(t, s, next)
		l := ok[*store.Loaded](t)(s.Load(ctx, room))
		same(t, "room", l.Room, next.Room)
		same(t, "member", l.Members[anna], workspace.Member{Membership: workspace.Left})
		same(t, "member that did not change", l.Members[mia].Membership, workspace.Banned)
		i := slices.IndexFunc(l.Items, func(it *workspace.Item) bool { return it.Kind == "card" })
		same(t, "item", l.Items[i], next.Items[0])
		same(t, "items", len(l.Items), 2)
		i = slices.IndexFunc(l.Messages, func(m store.CardMessage) bool { return m.Event == "$m1" })
		same(t, "card message", l.Messages[i], next.Messages[0])
		same(t, "comments", ok[[]store.Comment](t)(s.Comments(ctx, room, "karte", 10)), next.Comments)
		if _, err := s.CommentBy(ctx, room, "$c1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("forgotten comment: got error %v, want ErrNotFound", err)
		}
		// A transaction ID is queued once: what waits under t1 is the first one.
		same(t, "outbox", txns(ok[[]store.Pending](t)(s.Outbox(ctx))), []string{"t1", "t3"})
		same(t, "what waits as t1", ok[[]store.Pending](t)(s.Outbox(ctx))[0].Task, store.TaskJoin)
		same(t, "direct chat", ok[id.RoomID](t)(s.DirectRoomOf(ctx, mia)), "!direkt2:amt.example")
	})
}

func txns(list []store.Pending) []string {
	var ids []string
	for _, p := range list {
		ids = append(ids, p.TxnID)
	}
	return ids
}

func TestSealDropsWhatWaitsInTheRoom(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		put(t, s, &store.Batch{Room: row(room), Queue: []store.Outgoing{{TxnID: "a", N: 1}, {TxnID: "b", N: 2}}})
		put(t, s, &store.Batch{Room: row(other), Queue: []store.Outgoing{{TxnID: "elsewhere", N: 3}}})
		put(t, s, &store.Batch{Room: row(room), Seal: "b", Queue: []store.Outgoing{{TxnID: "c", N: 4}}})
		same(t, "outbox", txns(ok[[]store.Pending](t)(s.Outbox(t.Context()))), []string{"b", "elsewhere", "c"})
	})
}

// picture is all that the store tells of both rooms.
func picture(t *testing.T, s *store.Store) string {
	t.Helper()
	ctx := t.Context()
	var b strings.Builder
	for _, r := range []id.RoomID{room, other} {
		l, err := s.Load(ctx, r)
		switch {
		case errors.Is(err, store.ErrNotFound):
			fmt.Fprintln(&b, r, "is not there")
		case err != nil:
			t.Fatal(err)
		default:
			sortLoaded(l)
			for _, it := range l.Items {
				fmt.Fprintln(&b, *it)
			}
			fmt.Fprintln(&b, l.Room, l.Members, l.Messages, l.Comments)
		}
		fmt.Fprintln(&b, ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, r, 0, 100)), ok[[]store.Comment](t)(s.Comments(ctx, r, "karte", 100)))
		if last, err := s.LastOf(ctx, r, anna); err == nil {
			fmt.Fprintln(&b, "last", last.Seq)
		}
	}
	fmt.Fprintln(&b, ok[[]store.Pending](t)(s.Outbox(ctx)), ok[[]id.RoomID](t)(s.DirectRooms(ctx)))
	for _, e := range []id.EventID{"$handled", "$new"} {
		fmt.Fprintln(&b, e, ok[bool](t)(s.WasHandled(ctx, e)))
	}
	for _, hash := range []string{"session"} {
		n, err := s.Session(ctx, hash)
		fmt.Fprintln(&b, n, err)
	}
	return b.String()
}

func sortLoaded(l *store.Loaded) {
	slices.SortFunc(l.Items, func(a, b *workspace.Item) int {
		return strings.Compare(string(a.Kind+"/")+string(a.ID), string(b.Kind+"/")+string(b.ID))
	})
	slices.SortFunc(l.Messages, func(a, b store.CardMessage) int { return strings.Compare(string(a.Event), string(b.Event)) })
}

// One statement late in the batch fails: nothing of the batch may remain,
// neither what stands before it nor what stands after it.
func TestBatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	faults := map[string]func(b *store.Batch){
		"the same link twice": func(b *store.Batch) {
			b.Links = []store.Link{{Hash: "new", Room: room, Expires: noon}, {Hash: "link", Room: room, Expires: noon}}
		},
		"the same change twice":        func(b *store.Batch) { b.Commits = append(b.Commits, commit(4, "erste", anna)) },
		"the same change in one batch": func(b *store.Batch) { b.Commits = append(b.Commits, commit(4, "dritte", anna)) },
		"the same place in the log":    func(b *store.Batch) { b.Commits = append(b.Commits, commit(2, "andere", anna)) },
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withStore(t, func(t *testing.T, s *store.Store) {
				put(t, s, everything())
				if err := s.PutSession(t.Context(), store.Session{Hash: "session", User: mia, Room: room, Expires: noon}); err != nil {
					t.Fatal(err)
				}
				before := picture(t, s)
				bad := &store.Batch{
					Now: noon, Room: store.Room{ID: room, Seq: 3, Clock: 5}, Commits: []workspace.Commit{commit(3, "dritte", anna)},
					Members: map[id.UserID]workspace.Member{mia: {Membership: workspace.Left}},
					Items:   []*workspace.Item{card(3)}, Undone: []workspace.ChangeID{"erste"}, Handled: []id.EventID{"$new"},
					Queue: []store.Outgoing{{TxnID: "t9", N: 9}}, Sent: []string{"t1"}, Seal: "t2",
					Messages: []store.CardMessage{{Event: "$m3", Card: "karte"}}, Comments: []store.Comment{{Event: "$c9", Card: "karte"}},
					Forget: []id.EventID{"$c1"}, Direct: &store.DirectRoom{User: anna, Room: other}, EndSessions: []id.UserID{mia},
				}
				fault(bad)
				if err := s.Commit(t.Context(), bad); err == nil {
					t.Fatal("a batch with a fault was stored")
				}
				if diff := cmp.Diff(before, picture(t, s)); diff != "" {
					t.Errorf("the refused batch has left something (-before +after):\n%s", diff)
				}
				if _, err := s.TakeLink(t.Context(), "new"); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("link of the refused batch: got error %v, want ErrNotFound", err)
				}
				// And the database is as usable as before.
				put(t, s, &store.Batch{Room: row(other), Commits: []workspace.Commit{commit(1, "erste", anna)}})
			})
		})
	}
}

// 50 rooms write at the same time, so that SQLite puts many into one
// transaction; one of them is at fault.
func TestConcurrentWritersDoNotSufferForEachOther(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		const writers, rounds, bad = 50, 5, 17
		put(t, s, &store.Batch{Room: row(other), Links: []store.Link{{Hash: "taken", Room: other, Expires: noon}}})
		name := func(n int) id.RoomID { return id.RoomID(fmt.Sprintf("!%d:amt.example", n)) }
		for round := range rounds {
			errs := make([]error, writers)
			var group sync.WaitGroup
			begin := make(chan struct{})
			for n := range writers {
				group.Go(func() {
					b := &store.Batch{Room: row(name(n)), Commits: []workspace.Commit{commit(int64(round+1), workspace.ChangeID(fmt.Sprint("c", round)), anna)}}
					if n == bad {
						b.Links = []store.Link{{Hash: "taken", Room: room, Expires: noon}}
					}
					<-begin
					errs[n] = s.Commit(t.Context(), b)
				})
			}
			close(begin)
			group.Wait()
			for n, err := range errs {
				if (err != nil) != (n == bad) {
					t.Errorf("round %d, writer %d: got error %v", round, n, err)
				}
			}
		}
		for n := range writers {
			want := rounds
			if n == bad {
				want = 0
			}
			if got := len(ok[[]workspace.Commit](t)(s.CommitsAfter(t.Context(), name(n), 0, 100))); got != want {
				t.Errorf("writer %d: %d commits are stored, want %d", n, got, want)
			}
		}
	})
}
