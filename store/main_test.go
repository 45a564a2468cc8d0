package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/store"
	"werkraum/workspace"
)

// cluster is the one PostgreSQL of this test binary. It is started by the first
// test that needs it and stopped by TestMain.
var cluster = sync.OnceValues(func() (*homeserver.Postgres, error) {
	started.Store(true)
	return homeserver.StartPostgres(context.Background(), homeserver.PostgresOptions{})
})

var (
	started   atomic.Bool
	databases atomic.Int64
)

// childDatabase, as an environment variable, makes this binary the process
// that is killed by TestKilledProcessLosesNothingItReported.
const childDatabase = "STORE_TEST_CHILD_DATABASE"

func TestMain(m *testing.M) {
	if url := os.Getenv(childDatabase); url != "" {
		os.Exit(deliverUntilKilled(url))
	}
	code := m.Run()
	if started.Load() {
		if p, err := cluster(); err == nil {
			if err := p.Stop(context.Background()); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
	}
	os.Exit(code)
}

// onBoth runs a test on SQLite and on PostgreSQL, each time on an empty
// database of its own.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	for name, fresh := range map[string]func(testing.TB) string{"SQLite": freshSQLite, "PostgreSQL": freshPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

// withStore is onBoth for tests that need the database open only.
func withStore(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	onBoth(t, func(t *testing.T, url string) { test(t, open(t, url)) })
}

func freshSQLite(tb testing.TB) string {
	tb.Helper()
	return "sqlite:" + filepath.Join(tb.TempDir(), "werkraum ü?#%.db") // a path that must be escaped
}

func freshPostgres(tb testing.TB) string {
	tb.Helper()
	p, err := cluster()
	if err != nil {
		tb.Fatalf("start PostgreSQL: %v", err)
	}
	url, err := p.CreateDatabase(tb.Context(), "store_"+strconv.FormatInt(databases.Add(1), 10))
	if err != nil {
		tb.Fatal(err)
	}
	return url
}

// open opens the database as `werkraum run` does, until the test ends.
func open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), url, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		tb.Fatalf("open database: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close database: %v", err)
		}
	})
	return s
}

// The people and rooms of the tests.
const (
	room  = id.RoomID("!projekt:amt.example")
	other = id.RoomID("!anderes:amt.example")
	anna  = id.UserID("@anna:amt.example")
	mia   = id.UserID("@mia:partner.example")
	bot   = "@werkraum:amt.example"
)

var noon = time.UnixMilli(1_790_000_000_123)

func row(room id.RoomID) store.Room { return store.Room{ID: room, Joined: true} }

func stamp(n uint64) workspace.Stamp { return workspace.Stamp{Time: n, Origin: bot} }

// commit is the n-th commit of a room: it gives a card its title.
func commit(n int64, change workspace.ChangeID, by id.UserID) workspace.Commit {
	op := workspace.Op{Item: "karte", Kind: "card", Set: map[string]workspace.Value{"title": workspace.String(string(change))}}
	return workspace.Commit{
		Seq: n, Change: workspace.Change{ID: change, By: by, Via: workspace.ViaWidget, At: stamp(uint64(n)), Ops: []workspace.Op{op}},
		Won: []workspace.Op{op}, Before: []workspace.Op{{Item: "karte", Kind: "card", Set: map[string]workspace.Value{"title": {}}}},
	}
}

func card(n int64, fields ...workspace.Field) *workspace.Item {
	return &workspace.Item{Key: workspace.Key{Kind: "card", ID: "karte"}, Seq: n, Fields: fields}
}

func put(tb testing.TB, s *store.Store, b *store.Batch) {
	tb.Helper()
	if err := s.Commit(tb.Context(), b); err != nil {
		tb.Fatalf("commit: %v", err)
	}
}

// ok returns the value of a call that must not fail.
func ok[T any](tb testing.TB) func(v T, err error) T {
	tb.Helper()
	return func(v T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// equal compares values by what they hold.
var equal = cmp.Comparer(func(a, b workspace.Value) bool { return a == b })

func same[T any](tb testing.TB, what string, got, want T) {
	tb.Helper()
	if diff := cmp.Diff(want, got, equal); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
