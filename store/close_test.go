package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/rs/zerolog"
)

// Whoever copies the file of a database that was closed has all of it.
func TestClosedDatabaseIsOneFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "werkraum.db")
	s, err := Open(t.Context(), "sqlite:"+path, Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := s.Crypto()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Exec(t.Context(), "CREATE TABLE crypto_test (id INTEGER)"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutShares(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) && (err != nil || info.Size() > 0) {
		t.Errorf("the write-ahead log was left: %v", err)
	}
}
