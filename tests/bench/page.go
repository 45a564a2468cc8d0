package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"werkraum/deploy/homeserver"
)

// page measures what the page itself does with a board of 10,000 cards: what a person
// waits for who opens, searches, filters or sorts it. It runs widgets/web/bench in Node,
// whose engine is Chromium's.
func (b *bench) page(ctx context.Context) error {
	root, err := homeserver.ProjectRoot()
	if err != nil {
		return err
	}
	out := filepath.Join(b.dir, "page.json")
	cmd := exec.CommandContext(ctx, "npm", "run", "--silent", "bench", "--", "--outputJson", out) //nolint:gosec // our own words
	cmd.Dir = filepath.Join(root, "widgets", "web")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("measure the page: %w\n%s", err, said)
	}
	raw, err := os.ReadFile(out) //nolint:gosec // our own file
	if err != nil {
		return err
	}
	var result struct {
		Files []struct {
			Groups []struct {
				Benchmarks []struct {
					Name   string  `json:"name"`
					Median float64 `json:"median"` // milliseconds
				} `json:"benchmarks"`
			} `json:"groups"`
		} `json:"files"`
	}
	if err := json.Unmarshal(raw, &result); err != nil {
		return fmt.Errorf("what was measured of the page: %w", err)
	}
	for _, file := range result.Files {
		for _, group := range file.Groups {
			for _, one := range group.Benchmarks {
				b.report("10,000 cards on the page: "+one.Name, one.Median, "ms p50")
			}
		}
	}
	return nil
}
