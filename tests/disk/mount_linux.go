package disk

import (
	"errors"
	"syscall"
)

func mount(dir, options string) error {
	err := syscall.Mount("werkraum", dir, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, options)
	if errors.Is(err, syscall.EPERM) {
		return ErrNotAllowed
	}
	return err
}

// unmount lets go at once; a process that still ends may have files open.
func unmount(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }
