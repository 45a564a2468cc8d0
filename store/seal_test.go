package store_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
)

func key(tb testing.TB, lines ...string) *vault.Vault {
	tb.Helper()
	return ok[*vault.Vault](tb)(vault.Parse([]byte(strings.Join(lines, "\n"))))
}

// openWith opens the database with a key; the caller closes it.
func openWith(tb testing.TB, url string, k *vault.Vault, seal bool) *store.Store {
	tb.Helper()
	s := ok[*store.Store](tb)(store.Open(tb.Context(), url, store.Options{Exclusive: true}, zerolog.Nop()))
	if k != nil {
		if err := s.UseKey(tb.Context(), k, seal); err != nil {
			tb.Fatal(err)
		}
	}
	return s
}

func closed(tb testing.TB, s *store.Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
}

// canary is in everything that people write, and in nothing else.
const canary = "Schwarzwaldquelle"

// secrets is a batch with the canary in every word of a person.
func secrets() *store.Batch {
	value := workspace.String("Bericht " + canary)
	op := workspace.Op{Item: "karte", Kind: "card", Set: map[string]workspace.Value{"title": value, "label/" + canary: workspace.Bool(true)}}
	return &store.Batch{
		Now: noon, Room: store.Room{ID: room, Joined: true, Seq: 1, Info: store.RoomInfo{Name: canary, Greeted: true}},
		Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined, Name: canary}},
		Commits: []workspace.Commit{{
			Seq: 1, Change: workspace.Change{ID: "erste", By: anna, Via: workspace.ViaWidget, At: stamp(1), Ops: []workspace.Op{op}},
			Won: []workspace.Op{op}, Before: []workspace.Op{op},
		}},
		Items:    []*workspace.Item{card(1, workspace.Field{Name: "label/" + canary, Value: workspace.Bool(true), At: stamp(1)}, workspace.Field{Name: "title", Value: value, At: stamp(1)})},
		Queue:    []store.Outgoing{{TxnID: "t", N: 1, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"body":"` + canary + `"}`)}},
		Comments: []store.Comment{{Event: "$c", Card: "karte", By: anna, Body: canary, At: noon}},
		Versions: []store.Version{{ID: "stand", Content: []byte(canary)}}, // as if it were packed
	}
}

var delivered = store.Delivery{ID: 1, Source: store.FromTransaction, Received: noon, Body: []byte(`{"events":[{"content":{"body":"` + canary + `"}}]}`)}

func putSecrets(tb testing.TB, s *store.Store) {
	tb.Helper()
	put(tb, s, secrets())
	if err := s.PutDelivery(tb.Context(), delivered, ""); err != nil {
		tb.Fatal(err)
	}
}

// holdsSecrets compares what the store has with what putSecrets has put.
func holdsSecrets(t *testing.T, s *store.Store) {
	t.Helper()
	b := secrets()
	l := ok[*store.Loaded](t)(s.Load(t.Context(), room))
	same(t, "room", l.Room, b.Room)
	same(t, "members", l.Members, b.Members)
	same(t, "items", l.Items, b.Items)
	same(t, "commits", ok[[]workspace.Commit](t)(s.CommitsAfter(t.Context(), room, 0, 10)), b.Commits)
	same(t, "comments", ok[[]store.Comment](t)(s.Comments(t.Context(), room, "karte", 10)), b.Comments)
	same(t, "version", string(ok[[]byte](t)(s.VersionOf(t.Context(), room, "stand"))), canary)
	same(t, "outbox", ok[[]store.Pending](t)(s.Outbox(t.Context())), []store.Pending{{Room: room, Outgoing: b.Queue[0]}})
	same(t, "inbox", ok[[]store.Delivery](t)(s.Deliveries(t.Context(), 0, 10)), []store.Delivery{delivered})
}

// leaks counts the canaries in what a thief of the database gets: all files of SQLite,
// all rows of PostgreSQL.
func leaks(t *testing.T, url string) int {
	t.Helper()
	var all strings.Builder
	if path, isFile := strings.CutPrefix(url, "sqlite:"); isFile {
		for _, end := range []string{"", "-wal", "-shm"} {
			text, err := os.ReadFile(path + end)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			all.Write(text)
		}
	} else {
		for _, table := range ask(t, url, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'`) {
			for _, row := range ask(t, url, `SELECT t::text FROM `+table+` t`) {
				all.WriteString(row)
			}
		}
	}
	return strings.Count(all.String(), canary) + strings.Count(all.String(), hex.EncodeToString([]byte(canary)))
}

// Whoever has the database without the key reads no word of a person.
func TestSealedWorkIsNotInTheDatabase(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		line := vault.NewLine()
		s := openWith(t, url, key(t, line), true)
		putSecrets(t, s)
		holdsSecrets(t, s)
		if n := leaks(t, url); n > 0 {
			t.Errorf("%d canaries while it runs", n)
		}
		closed(t, s)
		if n := leaks(t, url); n > 0 {
			t.Errorf("%d canaries when it has ended", n)
		}
		s = openWith(t, url, key(t, vault.NewLine(), line), false) // a newer key, and sealing switched off
		holdsSecrets(t, s)
		same(t, "keys that are needed", ok[[]string](t)(s.Keys(t.Context())), []string{key(t, line).KeyID()})
		closed(t, s)
	})
}

// Whatever a batch holds comes back when it is sealed, too.
func TestSealedBatchRoundTrip(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := openWith(t, url, key(t, vault.NewLine()), true)
		defer closed(t, s)
		b := everything()
		put(t, s, b)
		holds(t, s, b)
	})
}

// Without its key what is sealed is an error, never a text.
func TestSealedWorkNeedsItsKey(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := openWith(t, url, key(t, vault.NewLine()), true)
		putSecrets(t, s)
		closed(t, s)
		for _, c := range []struct {
			key  *vault.Vault
			want error
		}{{nil, store.ErrNoKey}, {key(t, vault.NewLine()), vault.ErrWrongKey}} {
			s := openWith(t, url, c.key, false)
			_, load := s.Load(t.Context(), room)
			_, commits := s.CommitsAfter(t.Context(), room, 0, 1)
			_, comment := s.CommentBy(t.Context(), room, "$c")
			_, inbox := s.DeliveryOf(t.Context(), 1)
			_, outbox := s.Outbox(t.Context())
			for i, err := range []error{load, commits, comment, inbox, outbox} {
				if !errors.Is(err, c.want) {
					t.Errorf("%d: got error %v, want %v", i, err, c.want)
				}
			}
			closed(t, s)
		}
	})
}

// A value that is put into the place of another one is noticed.
func TestSealedValuesStayInTheirPlace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := openWith(t, url, key(t, vault.NewLine()), true)
		defer closed(t, s)
		b := secrets()
		b.Comments = append(b.Comments, store.Comment{Event: "$d", Card: "karte", By: mia, Body: "anderes", At: noon})
		put(t, s, b)
		ask(t, url, `UPDATE comments SET body = (SELECT c.body FROM comments c WHERE c.event_id = '$c') WHERE event_id = '$d'`)
		if c, err := s.CommentBy(t.Context(), room, "$d"); !errors.Is(err, vault.ErrDamaged) {
			t.Errorf("got %v, %v", c, err)
		}
		ask(t, url, `UPDATE changes SET won = body`)
		if c, err := s.CommitsAfter(t.Context(), room, 0, 1); !errors.Is(err, vault.ErrDamaged) {
			t.Errorf("got %v, %v", c, err)
		}
	})
}

// People can write what looks like a mark of the store.
func TestWordsThatLookSealed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		for _, seal := range []bool{false, true} {
			s := openWith(t, url, key(t, vault.NewLine()), seal)
			for _, word := range []string{"sealed:", "sealed:AQ", "plain:", "plain:sealed:x", "plain:plain:", "Sealed:", ""} {
				put(t, s, &store.Batch{
					Room:     store.Room{ID: room, Joined: true, Info: store.RoomInfo{Name: word}},
					Members:  map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined, Name: word}},
					Comments: []store.Comment{{Event: "$c", Card: "karte", By: anna, Body: word, At: noon}},
				})
				l := ok[*store.Loaded](t)(s.Load(t.Context(), room))
				same(t, "words", []string{l.Info.Name, l.Members[anna].Name, ok[store.Comment](t)(s.CommentBy(t.Context(), room, "$c")).Body}, []string{word, word, word})
			}
			closed(t, s)
		}
	})
}

// A room's work goes on in the room that replaces it.
func TestSealedWorkMovesWithItsRoom(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := openWith(t, url, key(t, vault.NewLine()), true)
		defer closed(t, s)
		putSecrets(t, s)
		put(t, s, &store.Batch{Room: row(other)})
		if err := s.MoveRoom(t.Context(), room, other); err != nil {
			t.Fatal(err)
		}
		same(t, "items", ok[*store.Loaded](t)(s.Load(t.Context(), other)).Items, secrets().Items)
		same(t, "commits", ok[[]workspace.Commit](t)(s.CommitsAfter(t.Context(), other, 0, 10)), secrets().Commits)
		same(t, "comments", ok[[]store.Comment](t)(s.Comments(t.Context(), other, "karte", 10)), secrets().Comments)
	})
}

// What was written plainly is sealed afterwards, moves to another key, and comes back.
func TestReseal(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		first, second := vault.NewLine(), vault.NewLine()
		pass := func(k *vault.Vault, seal bool) (rewritten int) {
			t.Helper()
			s := openWith(t, url, k, seal)
			defer closed(t, s)
			counts := map[string]int{}
			if err := s.Reseal(t.Context(), func(table string, _, n int) { counts[table] = n }); err != nil {
				t.Fatal(err)
			}
			for _, n := range counts {
				rewritten += n
			}
			holdsSecrets(t, s)
			want := []string(nil)
			if seal {
				want = []string{k.KeyID()}
			}
			same(t, "keys that are needed", ok[[]string](t)(s.Keys(t.Context())), want)
			return rewritten
		}
		s := openWith(t, url, nil, false)
		putSecrets(t, s)
		if n := leaks(t, url); n < 9 {
			t.Fatalf("only %d canaries before: the test does not see them", n)
		}
		closed(t, s)

		if n := pass(key(t, first), true); n != 8 {
			t.Errorf("%d rows were sealed, want one of each of 8 tables", n)
		}
		if n := leaks(t, url); n > 0 {
			t.Errorf("%d canaries are left", n)
		}
		if n := pass(key(t, first), true); n > 1 { // the room's row is always made anew
			t.Errorf("%d rows were sealed again", n)
		}
		if n := pass(key(t, second, first), true); n != 8 {
			t.Errorf("%d rows were sealed under the new key", n)
		}
		if n := pass(key(t, second), true); n > 1 {
			t.Errorf("%d rows were left under the old key", n)
		}
		if n := leaks(t, url); n > 0 {
			t.Errorf("%d canaries are left", n)
		}
		pass(key(t, second), false)
		s = openWith(t, url, nil, false) // no key is needed any more
		holdsSecrets(t, s)
		closed(t, s)
	})
}

// Many rows take many steps; interrupted, the rest is done by the next call.
func TestResealIsResumed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := openWith(t, url, nil, false)
		b := &store.Batch{Room: row(room)}
		for n := range int64(1050) {
			c := commit(n+1, workspace.ChangeID(canary+string(rune('A'+n%26))+string(rune('A'+n/26))), anna)
			c.Change.ID = workspace.ChangeID(hex.EncodeToString([]byte{byte(n >> 8), byte(n)})) // IDs are not sealed
			b.Commits = append(b.Commits, c)
		}
		put(t, s, b)
		closed(t, s)

		s = openWith(t, url, key(t, vault.NewLine()), true)
		defer closed(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		steps, done := 0, 0
		err := s.Reseal(ctx, func(table string, _, rewritten int) {
			if table != "changes" {
				return
			}
			if steps, done = steps+1, rewritten; steps == 4 {
				cancel()
			}
		})
		if err == nil || steps < 4 || done >= 1050 {
			t.Fatalf("it was not interrupted: %d steps, %d rows, error %v", steps, done, err)
		}
		further := 0
		if err := s.Reseal(t.Context(), func(table string, _, n int) {
			if table == "changes" {
				further = n
			}
		}); err != nil {
			t.Fatal(err)
		}
		if done+further != 1050 {
			t.Errorf("%d rows, then %d, want 1050 together", done, further)
		}
		same(t, "commits", ok[[]workspace.Commit](t)(s.CommitsAfter(t.Context(), room, 0, 2000)), b.Commits)
		if n := leaks(t, url); n > 0 {
			t.Errorf("%d canaries are left", n)
		}
	})
}
