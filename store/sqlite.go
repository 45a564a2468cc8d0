package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"

	"go.mau.fi/util/dbutil"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// sqlite has one writer. Writes that arrive while a transaction is being made
// durable wait and share the next one, so that the disk's flush is paid once
// for all of them (group commit).
type sqlite struct {
	readers  *sql.DB
	writer   *sql.DB
	keys     *sql.DB // of the key store; nil until it is asked for
	address  string
	conn     *sql.Conn // the writer's only connection; used by run alone once that has begun
	lock     *os.File  // nil unless exclusive
	prepared map[string]*sql.Stmt

	queue   chan *submission
	stop    chan struct{}
	stopped sync.WaitGroup
}

// submission is one caller's transaction on its way to the writer.
type submission struct {
	statements []statement
	// alone is a script that is run by itself and in no transaction, instead.
	alone   string
	changed []int64
	done    chan error
}

// maxGroup bounds how many submissions share a transaction.
const maxGroup = 256

func openSQLite(path string, o Options) (*sqlite, error) {
	if path == "" {
		return nil, errors.New("database.url names no file after “sqlite:”")
	}
	db := &sqlite{prepared: map[string]*sql.Stmt{}, queue: make(chan *submission, maxGroup), stop: make(chan struct{})}
	if o.Exclusive {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			return nil, errors.Join(ErrInUse, lock.Close())
		}
		db.lock = lock
	} else if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	// FULL makes a commit durable also when the power goes (WAL mode).
	address := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=busy_timeout(10000)&_pragma=cache_size(-4000)"
	db.address = address
	var err error
	if db.writer, err = sql.Open("sqlite", address); err != nil {
		return nil, err
	}
	db.writer.SetMaxOpenConns(1)
	if db.conn, err = db.writer.Conn(context.Background()); err != nil {
		return nil, errors.Join(err, db.close())
	}
	if db.readers, err = sql.Open("sqlite", address+"&_pragma=query_only(1)"); err != nil {
		return nil, err
	}
	db.readers.SetMaxOpenConns(4)
	db.readers.SetMaxIdleConns(2)
	db.stopped.Add(1)
	go db.run()
	return db, nil
}

var placeholder = regexp.MustCompile(`\$(\d+)`)

// numbered turns $1 into ?1, which is how SQLite numbers parameters.
func numbered(query string) string { return placeholder.ReplaceAllString(query, "?$1") }

func (db *sqlite) write(ctx context.Context, statements []statement) ([]int64, error) {
	return db.submit(ctx, &submission{statements: statements, done: make(chan error, 1)})
}

// compact writes the file anew, so that nothing of what was removed or rewritten is
// left in unused pages, and empties the write-ahead log.
func (db *sqlite) compact(ctx context.Context, _ []string, _ bool) error {
	_, err := db.submit(ctx, &submission{alone: `VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`, done: make(chan error, 1)})
	return err
}

func (db *sqlite) submit(ctx context.Context, s *submission) ([]int64, error) {
	select {
	case db.queue <- s:
	case <-db.stop:
		return nil, sql.ErrConnDone
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	// Once it is queued the outcome is awaited whatever becomes of ctx, for a
	// caller must know whether its transaction was made.
	select {
	case err := <-s.done:
		return s.changed, err
	case <-db.stop:
		select {
		case err := <-s.done:
			return s.changed, err
		default:
			return nil, sql.ErrConnDone
		}
	}
}

func (db *sqlite) run() {
	defer db.stopped.Done()
	for {
		var group []*submission
		select {
		case s := <-db.queue:
			group = append(group, s)
		case <-db.stop:
			return
		}
	gather:
		for len(group) < maxGroup {
			select {
			case s := <-db.queue:
				group = append(group, s)
			default:
				break gather
			}
		}
		group = slices.DeleteFunc(group, func(s *submission) bool {
			if s.alone == "" {
				return false
			}
			_, err := db.conn.ExecContext(context.Background(), s.alone)
			s.done <- err
			return true
		})
		if len(group) == 0 {
			continue
		}
		err := db.transact(group)
		if err != nil && len(group) > 1 {
			// One of them is at fault; the others must not suffer for it.
			for _, s := range group {
				s.done <- db.transact([]*submission{s})
			}
			continue
		}
		for _, s := range group {
			s.done <- err
		}
	}
}

func (db *sqlite) transact(group []*submission) (err error) {
	ctx := context.Background()
	if _, err := db.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, undo := db.exec(ctx, "ROLLBACK")
			err = errors.Join(err, undo)
		}
	}()
	for _, s := range group {
		s.changed = make([]int64, len(s.statements))
		for i, st := range s.statements {
			if s.changed[i], err = db.exec(ctx, st.sql, st.args...); err != nil {
				return err
			}
		}
	}
	_, err = db.exec(ctx, "COMMIT")
	return err
}

// exec runs a statement on the writer's connection and keeps it prepared: the
// program's statements are few and constant.
func (db *sqlite) exec(ctx context.Context, query string, args ...any) (int64, error) {
	stmt := db.prepared[query]
	if stmt == nil {
		var err error
		if stmt, err = db.conn.PrepareContext(ctx, numbered(query)); err != nil {
			return 0, fmt.Errorf("prepare: %w", err)
		}
		db.prepared[query] = stmt
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (db *sqlite) read(ctx context.Context, scan func(rows) error, query string, args ...any) error {
	r, err := db.readers.QueryContext(ctx, numbered(query), args...) //nolint:rowserrcheck // every scan returns Err
	if err != nil {
		return err
	}
	defer r.Close()
	return scan(r)
}

// migrate is called before any write, so the writer's connection is free.
func (db *sqlite) migrate(ctx context.Context, script string, version int) (err error) {
	_, err = db.conn.ExecContext(ctx, "BEGIN IMMEDIATE;\n"+script+"\n"+fmt.Sprintf(
		"INSERT INTO meta (key, value) VALUES ('%s', '%d') ON CONFLICT (key) DO UPDATE SET value = excluded.value;\nCOMMIT;", metaVersion, version))
	if err != nil {
		_, undo := db.conn.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, undo)
	}
	return nil
}

// fence does nothing: the lock file is as safe as the database beside it.
func (db *sqlite) fence(context.Context) error { return nil }

func (db *sqlite) lost() <-chan struct{} { return nil }

func (db *sqlite) dialect() *strings.Replacer {
	return strings.NewReplacer("BIGKEY", "INTEGER", "BYTEA", "BLOB", "WITHOUTROWID", "WITHOUT ROWID")
}

// crypto has connections of its own: the key store wants transactions that read
// and write, which the one writer does not offer.
func (db *sqlite) crypto() (*dbutil.Database, error) {
	if db.keys != nil { // an attempt before this one has failed later on
		return dbutil.NewWithDB(db.keys, "sqlite")
	}
	keys, err := sql.Open("sqlite", db.address+"&_txlock=immediate&_pragma=foreign_keys(1)")
	if err != nil {
		return nil, err
	}
	keys.SetMaxOpenConns(4)
	db.keys = keys
	return dbutil.NewWithDB(keys, "sqlite")
}

func (db *sqlite) ping(ctx context.Context) error { return db.readers.PingContext(ctx) }

func (db *sqlite) close() error {
	if db.readers == nil { // opening failed half-way
		return errors.Join(db.writer.Close(), closeLock(db.lock))
	}
	close(db.stop)
	db.stopped.Wait()
	var keys error
	if db.keys != nil {
		keys = db.keys.Close()
	}
	// The last connection that is closed, with nothing prepared on it, moves the
	// write-ahead log into the file.
	readers := db.readers.Close()
	var prepared []error
	for _, stmt := range db.prepared {
		prepared = append(prepared, stmt.Close())
	}
	return errors.Join(keys, readers, errors.Join(prepared...), db.conn.Close(), db.writer.Close(), closeLock(db.lock))
}

func closeLock(lock *os.File) error {
	if lock == nil {
		return nil
	}
	return lock.Close()
}
