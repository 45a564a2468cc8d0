// Package disk is a small disk that a test can fill: a file system in memory of its own size,
// on which the kernel says "no space left on device" (ENOSPC) as on any other. It takes the
// right to mount, which root has here and where CI runs.
//
// What else there is: a limit on the size of files (RLIMIT_FSIZE) gives another error and a
// signal; quotas need a file system that has them; max_page_count of SQLite never gets to the
// disk, and PostgreSQL has nothing like it.
package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrNotAllowed means that this user may not mount.
var ErrNotAllowed = errors.New("mounting a disk takes root")

// ballast is the file that fills a disk.
const ballast = "ballast"

// Disk is a mounted disk.
type Disk struct {
	// Dir is where it is.
	Dir string
}

// New mounts an empty disk of a size in MiB on a new folder below the system's temporary one,
// which every user may enter.
func New(size int) (*Disk, error) {
	dir, err := os.MkdirTemp("", "werkraum-disk-")
	if err != nil {
		return nil, fmt.Errorf("make folder of disk: %w", err)
	}
	if err := mount(dir, fmt.Sprintf("size=%dm,mode=755", size)); err != nil {
		return nil, errors.Join(fmt.Errorf("mount disk: %w", err), os.Remove(dir))
	}
	return &Disk{dir}, nil
}

// Fill takes all space that is left.
func (d *Disk) Fill() error {
	file, err := os.Create(filepath.Join(d.Dir, ballast))
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return nil // as full as can be
	case err != nil:
		return fmt.Errorf("fill disk: %w", err)
	}
	for _, size := range []int{1 << 20, 4 << 10, 1} {
		block := make([]byte, size)
		for err = nil; err == nil; {
			_, err = file.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return errors.Join(fmt.Errorf("fill disk: %w", err), file.Close())
		}
	}
	return file.Close()
}

// Free gives back what Fill took.
func (d *Disk) Free() error {
	if err := os.Remove(filepath.Join(d.Dir, ballast)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("free disk: %w", err)
	}
	return nil
}

// Close takes the disk away, and all that is on it.
func (d *Disk) Close() error {
	if err := unmount(d.Dir); err != nil {
		return fmt.Errorf("unmount disk: %w", err)
	}
	return os.Remove(d.Dir)
}
