package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// mark begins every key's line, and says how the rest is to be read.
const mark = "werkraum-key-1"

const (
	maxFile = 64 << 10 // bytes
	maxKeys = 100
)

const fileHead = `# Werkraum's key. It opens what is kept sealed in the database, and whoever has both can
# read it: keep a copy of this file, apart from backups of the database. A lost key
# cannot be made again.
# The first line seals, the others still open what was sealed before; a new one is put
# above them by: werkraum key rotate
`

// Create makes a key file with one new random key, which only its owner can read. A
// file that is there already is left as it is; the error is fs.ErrExist then. When
// Create returns, the file is durable: nothing is sealed with a key that a crash takes.
func Create(path string) (v *Vault, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	line := NewLine()
	_, err = file.WriteString(fileHead + line + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the key file: %w", err), os.Remove(path))
	}
	return Parse([]byte(line))
}

// Rotate puts a new key above those of a key file. The file is replaced as a whole and
// keeps its mode and, where that may be set, its owner. It returns the vault as it is now.
func Rotate(path string) (*Vault, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	before, err := Open(path)
	if err != nil {
		return nil, err
	}
	if len(before.keys) >= maxKeys {
		return nil, fmt.Errorf("key file %s holds %d keys already; remove those that nothing is sealed with any more", path, maxKeys)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	above := 0
	for line := range bytes.Lines(text) {
		if !saysNothing(line) {
			break
		}
		above += len(line)
	}
	text = slices.Concat(text[:above], []byte(NewLine()+"\n"), text[above:])
	after, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	if err := replace(path, text); err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	return after, nil
}

func replace(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone already when all went well
	if was, ok := info.Sys().(*syscall.Stat_t); ok {
		_ = file.Chown(int(was.Uid), int(was.Gid)) // only root may; otherwise it is ours as before
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Chmod(info.Mode().Perm()), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// NewLine is a line for a key file with a new random key.
func NewLine() string {
	master := make([]byte, KeySize)
	_, _ = rand.Read(master) // never fails
	return mark + " " + base64.RawURLEncoding.EncodeToString(master)
}

// Open reads a key file. The error is fs.ErrNotExist if there is none.
func Open(path string) (*Vault, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	v, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return v, nil
}

// Parse reads the text of a key file: keys, one a line, the one that seals first;
// empty lines and such that begin with # say nothing. Errors never quote a line.
func Parse(text []byte) (*Vault, error) {
	if len(text) > maxFile {
		return nil, errors.New("is too long for a key file; name the right one in key_file")
	}
	v := &Vault{}
	n := 0
	for line := range bytes.Lines(text) {
		n++
		if saysNothing(line) {
			continue
		}
		words := strings.Fields(string(line))
		if len(words) != 2 || words[0] != mark {
			return nil, fmt.Errorf("line %d is not “%s” and a key; restore the file from your copy", n, mark)
		}
		master, err := base64.RawURLEncoding.Strict().DecodeString(words[1])
		if err != nil || len(master) != KeySize {
			return nil, fmt.Errorf("the key in line %d is damaged; restore the file from your copy", n)
		}
		k := newKey(master)
		if v.find(k.id[:]) != nil {
			return nil, fmt.Errorf("line %d repeats the key of another line; remove one of them", n)
		}
		if v.keys = append(v.keys, k); len(v.keys) > maxKeys {
			return nil, fmt.Errorf("holds more than %d keys; remove those that nothing is sealed with any more", maxKeys)
		}
	}
	if len(v.keys) == 0 {
		return nil, errors.New("holds no key; restore the file from your copy, or remove it if there never was another one")
	}
	return v, nil
}

// saysNothing reports whether a line is empty or a comment.
func saysNothing(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}
