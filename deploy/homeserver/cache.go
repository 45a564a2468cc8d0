package homeserver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// moduleLine is how the go.mod of the project begins; by it the project's root is found.
const moduleLine = "module werkraum\n"

// ProjectRoot returns the folder of the project that the working directory is in.
func ProjectRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find project root: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		content, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(content), moduleLine) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("find project root: %s is in no checkout of Werkraum", start)
		}
	}
}

// cached returns the path of a folder below .cache/<name> that holds what fill made of the
// given inputs. It is made only once: under another name first, then renamed, so that a
// half-made folder is never used; and by one process at a time, so that tests of several
// packages that start together do not all build.
func cached(ctx context.Context, name string, inputs []string, fill func(ctx context.Context, dir string) error) (string, error) {
	root, err := ProjectRoot()
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	for _, input := range inputs {
		_, _ = fmt.Fprintf(hash, "%d\n%s", len(input), input) // a hash never fails to write
	}
	parent := filepath.Join(root, ".cache", name)
	dir := filepath.Join(parent, hex.EncodeToString(hash.Sum(nil))[:16])
	if exists(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("make cache folder: %w", err)
	}
	unlock, err := lockFile(ctx, filepath.Join(parent, "lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	if exists(dir) { // another process made it while we waited
		return dir, nil
	}
	// What older inputs made is of no more use, and neither is what was left half made.
	if err := removeAllBut(parent, "lock"); err != nil {
		return "", err
	}
	half := dir + ".part"
	if err := os.MkdirAll(half, 0o755); err != nil {
		return "", fmt.Errorf("make cache folder: %w", err)
	}
	if err := fill(ctx, half); err != nil {
		return "", err
	}
	if err := os.Rename(half, dir); err != nil {
		return "", fmt.Errorf("finish cache folder: %w", err)
	}
	return dir, nil
}

// lockFile takes an exclusive lock that ends with the process at the latest.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil // closing gives the lock back
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("wait for %s: %w", path, ctx.Err()), file.Close())
		case <-ticker.C:
		}
	}
}

func removeAllBut(dir, keep string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("tidy cache folder: %w", err)
	}
	for _, entry := range entries {
		if entry.Name() == keep {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return fmt.Errorf("tidy cache folder: %w", err)
		}
	}
	return nil
}

// ToolMissingError says that a program that has to be installed first is not there.
type ToolMissingError struct {
	Tool string // the program
	Hint string // what to do
}

// Error names the program and what to do.
func (e *ToolMissingError) Error() string {
	return fmt.Sprintf("%s is not installed: %s", e.Tool, e.Hint)
}
