package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"werkraum/tests/disk"
)

// A full disk takes nothing, and takes again what there is room for.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	d, err := disk.New(1)
	if errors.Is(err, disk.ErrNotAllowed) && os.Geteuid() != 0 {
		t.Log(err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	write := func() error { return os.WriteFile(filepath.Join(d.Dir, "file"), make([]byte, 8<<10), 0o600) }
	if err := write(); err != nil {
		t.Fatal(err)
	}
	if err := d.Fill(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "more"), make([]byte, 8<<10), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk says %v, want ENOSPC", err)
	}
	if err := d.Free(); err != nil {
		t.Fatal(err)
	}
	if err := write(); err != nil {
		t.Error(err)
	}
}
