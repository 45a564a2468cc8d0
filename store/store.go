// Package store keeps everything that must survive: the inbox, rooms and their
// work, the log of changes, the outbox, sessions. It speaks SQLite (the
// embedded default) and PostgreSQL with the same statements.
package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/rs/zerolog"
	"go.mau.fi/util/dbutil"
)

// ErrNotFound is returned where one row was asked for and there is none.
var ErrNotFound = errors.New("not found")

// statement is one write of a transaction. Placeholders are $1, $2, ….
type statement struct {
	sql  string
	args []any
}

// rows is what both databases' result sets have in common.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// database is the part that differs between SQLite and PostgreSQL.
type database interface {
	// write runs the statements in one transaction and returns, when that is
	// durable, how many rows each one changed.
	write(ctx context.Context, statements []statement) ([]int64, error)
	// read runs a query and hands its rows to scan.
	read(ctx context.Context, scan func(rows) error, sql string, args ...any) error
	// migrate runs a script and sets the schema version in one transaction.
	migrate(ctx context.Context, script string, version int) error
	// fence makes every later write of any other process fail, and sees to it that
	// this one's fail when another one does the same; lost is closed then.
	fence(ctx context.Context) error
	lost() <-chan struct{}
	// compact makes the files of tables anew, without what was overwritten in them; as
	// far as that goes without stopping the work, if the database is in use.
	compact(ctx context.Context, tables []string, inUse bool) error
	// dialect fills the few words of a script that differ.
	dialect() *strings.Replacer
	// crypto opens the database for mautrix's key store; close ends that too.
	crypto() (*dbutil.Database, error)
	ping(ctx context.Context) error
	close() error
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	db    database
	epoch string
	seal  sealer
}

// Options are how a database is opened.
type Options struct {
	// Exclusive claims the database for this process and migrates it. Without
	// it the database must already have the current schema.
	Exclusive bool
	// MaxConnections bounds the PostgreSQL pool; 0 means the driver's default.
	MaxConnections int
}

// Open opens the database at url: "sqlite:PATH" or "postgres://…". The error
// of a database that is newer than this program is ErrNewer, of one that
// another process holds ErrInUse.
func Open(ctx context.Context, url string, o Options, log zerolog.Logger) (*Store, error) {
	var db database
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		db, err = openSQLite(strings.TrimPrefix(url, "sqlite:"), o)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		db, err = openPostgres(ctx, url, o)
	default:
		return nil, errors.New("database.url begins neither with sqlite: nor with postgres://")
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s := &Store{db: db}
	if err := s.prepare(ctx, o, log); err != nil {
		return nil, errors.Join(err, db.close())
	}
	return s, nil
}

// Close ends all use of the database.
func (s *Store) Close() error { return s.db.close() }

// Ping asks whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.ping(ctx) }

// Lost is closed when another process has taken over the database, which a lock
// usually prevents: but a lock ends with its connection, as at a failover.
func (s *Store) Lost() <-chan struct{} { return s.db.lost() }

// Probe asks whether the database takes something: a full disk or a standby only
// answers questions.
func (s *Store) Probe(ctx context.Context) error {
	_, err := s.db.write(ctx, []statement{{upsertMeta, []any{metaProbe, rand.Text()}}})
	return err
}

// Epoch names this database. Sequence numbers are comparable only within one.
func (s *Store) Epoch() string { return s.epoch }

// all collects what a query returns.
func all[T any](ctx context.Context, db database, scan func(rows) (T, error), sql string, args ...any) ([]T, error) {
	var list []T
	err := db.read(ctx, func(r rows) error {
		for r.Next() {
			v, err := scan(r)
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		return r.Err()
	}, sql, args...)
	return list, err
}

// one returns the first row of a query, or ErrNotFound.
func one[T any](ctx context.Context, db database, scan func(rows) (T, error), sql string, args ...any) (T, error) {
	list, err := all(ctx, db, scan, sql, args...)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}

func scanText(r rows) (text string, err error) { return text, r.Scan(&text) }
