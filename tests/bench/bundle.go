package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"werkraum/deploy/homeserver"
)

var loadedAtStart = regexp.MustCompile(`(?:src|href)="/(assets/[^"]+\.js)"`)

// bundle reports what a browser loads before the board shows: the scripts that
// index.html names, compressed as they are sent.
func (b *bench) bundle(context.Context) error {
	root, err := homeserver.ProjectRoot()
	if err != nil {
		return err
	}
	dist := filepath.Join(root, "widgets", "web", "dist")
	index, err := os.ReadFile(filepath.Join(dist, "index.html")) //nolint:gosec // a path of the project
	if err != nil {
		return err
	}
	scripts := loadedAtStart.FindAllSubmatch(index, -1)
	if len(scripts) == 0 {
		return fmt.Errorf("index.html in %s names no script", dist)
	}
	size := 0
	for _, m := range scripts {
		plain, err := os.ReadFile(filepath.Join(dist, string(m[1])))
		if err != nil {
			return err
		}
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		if _, err := w.Write(plain); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		size += z.Len()
	}
	b.report("page: JavaScript at start, gzip", float64(size)/1024, "KiB")
	return nil
}
