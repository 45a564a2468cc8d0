package store_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

// task is a card in the column "open" with what more is said of it.
func task(name workspace.ItemID, set map[string]workspace.Value) *workspace.Item {
	it := &workspace.Item{Key: workspace.Key{Kind: "card", ID: name}, Seq: 1}
	all := map[string]workspace.Value{"column": workspace.String("open"), "title": workspace.String(string(name))}
	maps.Copy(all, set)
	for field, v := range all {
		it.Fields = append(it.Fields, workspace.Field{Name: field, Value: v, At: stamp(1)})
	}
	slices.SortFunc(it.Fields, func(a, b workspace.Field) int { return strings.Compare(a.Name, b.Name) })
	return it
}

func due(day string, users ...id.UserID) map[string]workspace.Value {
	set := map[string]workspace.Value{}
	if day != "" {
		set["due"] = workspace.String(day)
	}
	for _, user := range users {
		set["assignee/"+string(user)] = workspace.Bool(true)
	}
	return set
}

func with(set map[string]workspace.Value, name string, v workspace.Value) map[string]workspace.Value {
	set[name] = v
	return set
}

func putTasks(tb testing.TB, s *store.Store, where store.Room, items ...*workspace.Item) {
	tb.Helper()
	put(tb, s, &store.Batch{Now: noon, Room: where, Items: items, Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}}})
}

func names(cards []store.IndexedCard) []string {
	list := []string{}
	for _, c := range cards {
		list = append(list, string(c.Card))
	}
	return list
}

// unfinished are the columns whose cards are still to be done.
var unfinished = []workspace.ItemID{"open", "doing"}

// What is a person's is found in the order of its days, whatever else is in the room,
// and follows each change of the cards.
func TestCardsOfAPersonAreFound(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		found := func(user id.UserID, limit int) []string {
			return names(ok[[]store.IndexedCard](t)(s.CardsOf(ctx, user, room, unfinished, limit)))
		}
		putTasks(t, s, row(room), task("later", due("2027-01-01", anna)), task("never", due("", anna, mia)), task("soon", due("2026-12-01", anna)),
			task("mias", due("2026-12-01", mia)), task("nobodys", due("2026-12-02")), task("idle", nil),
			task("done", with(due("2026-12-01", anna), "column", workspace.String("done"))),
			task("gone", with(due("2026-12-01", anna), "deleted", workspace.Bool(true))),
			task("kept", with(due("2026-12-01", anna), "archived", workspace.Bool(true))))
		same(t, "Anna's", found(anna, 10), []string{"soon", "later", "never"})
		same(t, "the first of Anna's", found(anna, 1), []string{"soon"})
		same(t, "Mia's", found(mia, 10), []string{"mias", "never"})
		day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		unclaimed := func(from, to time.Time) []string {
			return names(ok[[]store.IndexedCard](t)(s.UnclaimedCards(ctx, room, unfinished, from, to, 10)))
		}
		same(t, "nobody's", unclaimed(day, day.AddDate(0, 0, 1)), []string{"nobodys"})
		same(t, "nobody's of one day", unclaimed(day, day), []string{})
		putTasks(t, s, row(room), task("later", due("2026-11-01", anna)), task("soon", due("2026-12-01", mia)), task("nobodys", due("2026-12-02", anna)),
			task("kept", due("", anna)), task("never", with(due("", anna), "column", workspace.String("done"))))
		got := map[workspace.ItemID]string{}
		for _, it := range ok[[]*workspace.Item](t)(s.CardItems(ctx, room, []workspace.ItemID{"soon", "never", "unknown"})) {
			got[it.ID] = it.Text("due")
		}
		same(t, "the cards", got, map[workspace.ItemID]string{"soon": "2026-12-01", "never": ""})
		same(t, "Anna's then", found(anna, 10), []string{"later", "nobodys", "kept"})
		same(t, "nobody's then", unclaimed(day, day.AddDate(0, 0, 9)), []string{})
		if got := ok[[]store.IndexedCard](t)(s.CardsOf(ctx, anna, room, nil, 10)); len(got) > 0 {
			t.Errorf("without a column there is %v", names(got))
		}
	})
}

// All cards of a direct chat are its owner's to-dos, and nobody else's.
func TestCardsOfADirectChatAreItsOwners(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		chat := store.Room{ID: room, Joined: true, Info: store.RoomInfo{Direct: anna}}
		putTasks(t, s, chat, task("todo", nil), task("mias", due("", mia)), task("gone", map[string]workspace.Value{"deleted": workspace.Bool(true)}))
		same(t, "Anna's", names(ok[[]store.IndexedCard](t)(s.CardsOf(t.Context(), anna, room, unfinished, 10))), []string{"mias", "todo"})
		same(t, "Mia's", names(ok[[]store.IndexedCard](t)(s.CardsOf(t.Context(), mia, room, unfinished, 10))), []string{})
	})
}

// The rooms of a person's cards are those that they and the bot are in.
func TestRoomsWithCardsOfAPerson(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		rooms := func(user id.UserID) []string {
			list := []string{}
			for _, r := range ok[[]store.Room](t)(s.RoomsWithCardsOf(t.Context(), user)) {
				list = append(list, string(r.ID))
			}
			return list
		}
		putTasks(t, s, row(room), task("one", due("", anna, mia)))
		putTasks(t, s, row(other), task("one", due("2026-12-01")))
		putTasks(t, s, row("!leer:amt.example"), task("one", due("", mia)))
		putTasks(t, s, store.Room{ID: "!fort:amt.example"}, task("one", due("", anna)))
		same(t, "Anna's rooms", rooms(anna), []string{string(other), string(room)})
		same(t, "Mia's rooms", rooms(mia), []string{})
		put(t, s, &store.Batch{Now: noon, Room: row(room), Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Left}}})
		same(t, "Anna's rooms then", rooms(anna), []string{string(other)})
	})
}

// A database from before there was an index gets one, and a room's cards keep theirs
// when they move with it.
func TestStoredCardsAreIndexedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		s, ctx := open(t, address), t.Context()
		chat := store.Room{ID: other, Joined: true, Info: store.RoomInfo{Direct: anna}}
		putTasks(t, s, row(room), task("one", due("", anna)), task("two", due("", mia)))
		putTasks(t, s, chat, task("todo", nil))
		found := func(where id.RoomID) []string {
			return names(ok[[]store.IndexedCard](t)(s.CardsOf(ctx, anna, where, unfinished, 10)))
		}
		ask(t, address, `DELETE FROM assigned`)
		same(t, "Anna's before", found(room), []string{})
		for range 2 {
			if err := s.IndexCards(ctx); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "Anna's", found(room), []string{"one"})
		same(t, "her to-dos", found(other), []string{"todo"})
		put(t, s, &store.Batch{Now: noon, Room: row("!neu:amt.example")})
		if err := s.MoveRoom(ctx, room, "!neu:amt.example"); err != nil {
			t.Fatal(err)
		}
		same(t, "Anna's in the old room", found(room), []string{})
		same(t, "Anna's in the new room", found("!neu:amt.example"), []string{"one"})
	})
}

// BenchmarkCardsOfAPerson reads a person's cards of 200 rooms, in each of which they
// have 50 among 1,000.
func BenchmarkCardsOfAPerson(b *testing.B) {
	eachDatabase(b, func(b *testing.B, s *store.Store) {
		for r := range 200 {
			var items []*workspace.Item
			for n := range 1000 {
				user := mia
				if n%20 == 0 {
					user = anna
				}
				items = append(items, task(workspace.ItemID(fmt.Sprint("card", n)), due(fmt.Sprintf("2026-12-%02d", n%28+1), user)))
			}
			putTasks(b, s, row(id.RoomID(fmt.Sprintf("!%d:amt.example", r))), items...)
		}
		for b.Loop() {
			rooms := ok[[]store.Room](b)(s.RoomsWithCardsOf(b.Context(), anna))
			n, read := 0, 0
			for _, r := range rooms {
				ok[[]*workspace.Item](b)(s.ItemsOf(b.Context(), r.ID, "column"))
				cards := ok[[]store.IndexedCard](b)(s.CardsOf(b.Context(), anna, r.ID, unfinished, 200))
				ok[[]store.IndexedCard](b)(s.UnclaimedCards(b.Context(), r.ID, unfinished, noon, noon, 20))
				n += len(cards)
				if read < 500 { // of what is found, so many are shown
					var shown []workspace.ItemID
					for _, c := range cards {
						shown = append(shown, c.Card)
					}
					read += len(ok[[]*workspace.Item](b)(s.CardItems(b.Context(), r.ID, shown)))
				}
			}
			if len(rooms) != 200 || n != 200*50 || read != 500 {
				b.Fatalf("%d rooms, %d cards, %d of them read", len(rooms), n, read)
			}
		}
	})
}
