package store

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/rs/zerolog"
)

//go:embed migrations/*.sql
var migrations embed.FS

var (
	// ErrNewer means that a newer Werkraum has used the database.
	ErrNewer = errors.New("the database was written by a newer version of Werkraum; install that version or restore a backup made before the upgrade")
	// ErrInUse means that another Werkraum process uses the database.
	ErrInUse = errors.New("another Werkraum process is using this database; stop it first")
	// ErrOlder means that the schema has yet to be migrated.
	ErrOlder = errors.New("the database has an older schema; `werkraum run` brings it up to date at start")
)

const (
	metaVersion = "schema_version"
	metaEpoch   = "epoch"
	metaProbe   = "probe"
	metaOwner   = "owner"
)

// prepare brings the schema up to date and reads the epoch.
func (s *Store) prepare(ctx context.Context, o Options, log zerolog.Logger) error {
	scripts, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	have, err := s.schemaVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	switch {
	case have > len(scripts):
		return ErrNewer
	case have < len(scripts) && !o.Exclusive:
		return ErrOlder
	}
	for i, name := range scripts[have:] {
		version := have + i + 1
		script, err := migrations.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read migration: %w", err)
		}
		if err := s.db.migrate(ctx, s.db.dialect().Replace(string(script)), version); err != nil {
			return fmt.Errorf("migrate to schema %d: %w", version, err)
		}
		log.Info().Int("schema_version", version).Msg("Migrated the database")
	}
	if o.Exclusive {
		if err := s.db.fence(ctx); err != nil {
			return fmt.Errorf("take over: %w", err)
		}
		fresh := rand.Text()
		if _, err := s.db.write(ctx, []statement{{`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`, []any{metaEpoch, fresh}}}); err != nil {
			return fmt.Errorf("write epoch: %w", err)
		}
	}
	s.epoch, err = s.meta(ctx, metaEpoch)
	return err
}

const createMeta = `CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)`

const upsertMeta = `INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

func (s *Store) schemaVersion(ctx context.Context) (int, error) {
	if _, err := s.db.write(ctx, []statement{{sql: createMeta}}); err != nil {
		return 0, err
	}
	text, err := s.meta(ctx, metaVersion)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

// Version is the schema version of the database.
func (s *Store) Version(ctx context.Context) (int, error) { return s.schemaVersion(ctx) }

func (s *Store) meta(ctx context.Context, key string) (string, error) {
	return one(ctx, s.db, scanText, `SELECT value FROM meta WHERE key = $1`, key)
}

const (
	metaSyncToken = "sync_token"
	metaLookBack  = "look_back_since" // milliseconds of Unix time
)

// SyncToken returns the next_batch of the bot's last handled sync, or "".
func (s *Store) SyncToken(ctx context.Context) (string, error) {
	token, err := s.meta(ctx, metaSyncToken)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return token, err
}
