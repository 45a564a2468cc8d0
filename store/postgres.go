package store

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"go.mau.fi/util/dbutil"
)

// postgres sends each transaction as one pipelined batch: one round trip.
// Concurrent transactions share disk flushes by PostgreSQL's own means.
type postgres struct {
	pool *pgxpool.Pool
	lock *pgx.Conn // holds the advisory lock while this process runs; nil unless exclusive
	// owner is what this process has put into the table meta as the owner; "" unless
	// exclusive. It is set before there is any other writing.
	owner    string
	gone     chan struct{} // closed when there is another owner
	goneOnce sync.Once
}

// advisoryLock is "werkraum" in hexadecimal ASCII.
const advisoryLock = 0x7765726b7261756d

func openPostgres(ctx context.Context, url string, o Options) (*postgres, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// pgx's message can hold the address with its password.
		return nil, errors.New("database.url is not a valid PostgreSQL address")
	}
	if o.MaxConnections > 0 {
		config.MaxConns = int32(min(o.MaxConnections, 1000))
	}
	db := &postgres{gone: make(chan struct{})}
	if o.Exclusive {
		if db.lock, err = pgx.ConnectConfig(ctx, config.ConnConfig.Copy()); err != nil {
			return nil, err
		}
		if err := db.claim(ctx); err != nil {
			return nil, errors.Join(err, db.lock.Close(ctx))
		}
	}
	if db.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, errors.Join(err, db.close())
	}
	if err := db.pool.Ping(ctx); err != nil {
		return nil, errors.Join(err, db.close())
	}
	return db, nil
}

// claim takes the advisory lock. The server may need a moment to notice that a
// killed predecessor is gone, so it is tried for a while.
func (db *postgres) claim(ctx context.Context) error {
	deadline := time.Now().Add(5 * time.Second)
	for {
		var mine bool
		if err := db.lock.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(advisoryLock)).Scan(&mine); err != nil {
			return err
		}
		if mine {
			return nil
		}
		if time.Now().After(deadline) {
			return ErrInUse
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// stillOwner divides by zero, and so undoes the transaction that it begins, when
// another process has become the owner.
const stillOwner = `SELECT 1 / COUNT(*) FROM meta WHERE key = '` + metaOwner + `' AND value = $1`

const divisionByZero = "22012" // an SQLSTATE

func (db *postgres) fence(ctx context.Context) error {
	owner := rand.Text()
	if _, err := db.write(ctx, []statement{{upsertMeta, []any{metaOwner, owner}}}); err != nil {
		return err
	}
	db.owner = owner
	return nil
}

func (db *postgres) lost() <-chan struct{} { return db.gone }

func (db *postgres) write(ctx context.Context, statements []statement) ([]int64, error) {
	batch := &pgx.Batch{}
	if db.owner != "" {
		batch.Queue(stillOwner, db.owner)
	}
	for _, s := range statements {
		batch.Queue(s.sql, s.args...)
	}
	// A pipelined batch is one implicit transaction. It is not abandoned
	// half-way: a caller must know whether its transaction was made.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	results := db.pool.SendBatch(ctx, batch)
	if db.owner != "" {
		if _, err := results.Exec(); err != nil {
			if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == divisionByZero {
				db.goneOnce.Do(func() { close(db.gone) })
				err = ErrInUse
			}
			return nil, errors.Join(err, results.Close())
		}
	}
	changed := make([]int64, len(statements))
	for i := range statements {
		tag, err := results.Exec()
		if err != nil {
			return nil, errors.Join(err, results.Close())
		}
		changed[i] = tag.RowsAffected()
	}
	return changed, results.Close()
}

func (db *postgres) read(ctx context.Context, scan func(rows) error, query string, args ...any) error {
	r, err := db.pool.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer r.Close()
	return scan(r)
}

func (db *postgres) migrate(ctx context.Context, script string, version int) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, script); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, upsertMeta, metaVersion, strconv.Itoa(version))
		return err
	})
}

func (db *postgres) compact(ctx context.Context, tables []string, inUse bool) error {
	if inUse { // the space is written over by and by; a lock on all would stop the work
		_, err := db.pool.Exec(ctx, "VACUUM")
		return err
	}
	for _, table := range tables {
		if _, err := db.pool.Exec(ctx, "VACUUM (FULL, ANALYZE) "+pgx.Identifier{table}.Sanitize()); err != nil {
			return err
		}
	}
	return nil
}

func (db *postgres) dialect() *strings.Replacer {
	return strings.NewReplacer("BIGKEY", "BIGINT", " WITHOUTROWID", "")
}

// crypto shares the pool.
func (db *postgres) crypto() (*dbutil.Database, error) {
	return dbutil.NewWithDB(stdlib.OpenDBFromPool(db.pool), "pgx")
}

func (db *postgres) ping(ctx context.Context) error { return db.pool.Ping(ctx) }

func (db *postgres) close() error {
	if db.pool != nil {
		db.pool.Close()
	}
	if db.lock == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return db.lock.Close(ctx)
}
