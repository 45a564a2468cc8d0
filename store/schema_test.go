package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

// ask runs one statement past the store and returns the first column.
func ask(t *testing.T, address, query string, args ...any) (values []string) {
	t.Helper()
	ctx := t.Context()
	if path, isFile := strings.CutPrefix(address, "sqlite:"); isFile {
		db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var v string
			if err := rows.Scan(&v); err != nil {
				t.Fatal(err)
			}
			values = append(values, v)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return values
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return ok[[]string](t)(pgx.CollectRows(rows, pgx.RowTo[string]))
}

// schema is what can be seen of a database from outside: its tables and what
// it notes about itself.
func schema(t *testing.T, address string) []string {
	t.Helper()
	tables := `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'`
	if strings.HasPrefix(address, "sqlite:") {
		tables = `SELECT name FROM sqlite_master`
	}
	all := append(ask(t, address, tables), ask(t, address, `SELECT key || '=' || value FROM meta`)...)
	slices.Sort(all)
	return all
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		s, err := store.Open(t.Context(), address, store.Options{Exclusive: true}, zerolog.Nop())
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, &store.Batch{Room: row(room)})
		current := ok[int](t)(s.Version(t.Context()))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		ask(t, address, `UPDATE meta SET value = '99' WHERE key = 'schema_version'`)
		before := schema(t, address)
		for _, exclusive := range []bool{true, false} {
			if _, err := store.Open(t.Context(), address, store.Options{Exclusive: exclusive}, zerolog.Nop()); !errors.Is(err, store.ErrNewer) {
				t.Errorf("exclusive %t: got error %v, want ErrNewer", exclusive, err)
			}
		}
		same(t, "the refused database", schema(t, address), before)
		same(t, "its rooms", ask(t, address, `SELECT room_id FROM rooms`), []string{string(room)})
		// The refusal has let go of it: the right program can have it.
		ask(t, address, fmt.Sprintf(`UPDATE meta SET value = '%d' WHERE key = 'schema_version'`, current))
		open(t, address)
	})
}

func TestOlderDatabaseNeedsAnExclusiveOpen(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		if path, isFile := strings.CutPrefix(address, "sqlite:"); isFile {
			if _, err := store.Open(t.Context(), address, store.Options{}, zerolog.Nop()); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("no file: got error %v, want ErrNotExist", err)
			}
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.Open(t.Context(), address, store.Options{}, zerolog.Nop()); !errors.Is(err, store.ErrOlder) {
			t.Errorf("got error %v, want ErrOlder", err)
		}
		s := open(t, address)
		put(t, s, &store.Batch{Room: row(room)})
		// Migrated, it can be looked at while it is in use.
		looking, err := store.Open(t.Context(), address, store.Options{}, zerolog.Nop())
		if err != nil {
			t.Fatalf("look at a database in use: %v", err)
		}
		same(t, "seen from outside", ok[bool](t)(looking.Knows(t.Context(), room)), true)
		same(t, "version", ok[int](t)(looking.Version(t.Context())), ok[int](t)(s.Version(t.Context())))
		if err := errors.Join(looking.Ping(t.Context()), looking.Close()); err != nil {
			t.Error(err)
		}
	})
}

func TestDatabaseInUseIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		first, err := store.Open(t.Context(), address, store.Options{Exclusive: true}, zerolog.Nop())
		if err != nil {
			t.Fatal(err)
		}
		if s, err := store.Open(t.Context(), address, store.Options{Exclusive: true}, zerolog.Nop()); !errors.Is(err, store.ErrInUse) {
			t.Errorf("second process: got %v and error %v, want ErrInUse", s, err)
		}
		put(t, first, &store.Batch{Room: row(room)}) // the first one does not notice
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		same(t, "after the first has closed", ok[bool](t)(open(t, address).Knows(t.Context(), room)), true)
	})
}

// PostgreSQL's lock ends with its connection, as at a failover, and then another process can
// take over. From that moment the first one writes nothing more, and knows it.
func TestOverthrownProcessWritesNothing(t *testing.T) {
	t.Parallel()
	address := freshPostgres(t)
	first := open(t, address)
	put(t, first, &store.Batch{Room: row(room)})
	db, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	if _, err := db.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil {
		t.Fatal(err)
	}
	put(t, first, &store.Batch{Room: row(other)}) // nobody else has come
	second := open(t, address)
	if err := first.Commit(t.Context(), &store.Batch{Room: row("!zu-spaet:x")}); !errors.Is(err, store.ErrInUse) {
		t.Errorf("the first process writes with error %v, want ErrInUse", err)
	}
	select {
	case <-first.Lost():
	default:
		t.Error("the first process is not told")
	}
	put(t, second, &store.Batch{Room: row("!neu:x")})
	for r, want := range map[id.RoomID]bool{room: true, other: true, "!zu-spaet:x": false, "!neu:x": true} {
		same(t, string(r), ok[bool](t)(second.Knows(t.Context(), r)), want)
	}
}

func TestReopeningKeepsEpochAndWork(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		var epochs []string
		for range 2 {
			s, err := store.Open(t.Context(), address, store.Options{Exclusive: true, MaxConnections: 2}, zerolog.Nop())
			if err != nil {
				t.Fatal(err)
			}
			epochs = append(epochs, s.Epoch())
			if len(epochs) == 1 {
				put(t, s, everything())
			} else {
				same(t, "items", len(ok[*store.Loaded](t)(s.Load(t.Context(), room)).Items), 2)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if epochs[0] == "" || epochs[0] != epochs[1] {
			t.Errorf("epochs are %q", epochs)
		}
	})
}

// Two databases must never have the same epoch: sequence numbers of one say
// nothing in the other.
func TestEpochsDiffer(t *testing.T) {
	t.Parallel()
	if a, b := open(t, freshSQLite(t)).Epoch(), open(t, freshSQLite(t)).Epoch(); a == b {
		t.Errorf("both are %q", a)
	}
}

func TestPasswordIsInNoError(t *testing.T) {
	t.Parallel()
	const password = "geh3im-Passwort"
	for name, address := range map[string]string{
		"a port that is none":          "postgres://werkraum:" + password + "@127.0.0.1:notaport/werkraum",
		"a setting that is none":       "postgres://werkraum:" + password + "@127.0.0.1:1/werkraum?sslmode=vielleicht",
		"a percent sign":               "postgres://werkraum:" + password + "%zz@127.0.0.1/werkraum",
		"nobody listens":               "postgres://werkraum:" + password + "@127.0.0.1:1/werkraum?sslmode=disable",
		"password as a setting":        "postgres://127.0.0.1:1/werkraum?sslmode=disable&user=werkraum&password=" + password,
		"a scheme that is not spoken":  "mysql://werkraum:" + password + "@127.0.0.1/werkraum",
		"a scheme with a typing error": "postgres:/werkraum:" + password + "@127.0.0.1/werkraum",
	} {
		for _, exclusive := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/exclusive=%t", name, exclusive), func(t *testing.T) {
				t.Parallel()
				_, err := store.Open(t.Context(), address, store.Options{Exclusive: exclusive}, zerolog.Nop())
				if err == nil {
					t.Fatal("it opened")
				}
				if strings.Contains(err.Error(), password) || strings.Contains(fmt.Sprintf("%+v %#v", err, err), password) {
					t.Errorf("the error tells the password")
				}
			})
		}
	}
}
