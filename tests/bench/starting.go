package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"werkraum/tests/program"
)

const starts = 5

// starting reports how long the program takes until it is ready, and its
// memory then.
func (b *bench) starting(ctx context.Context) error {
	for _, kind := range databases {
		var empty []float64
		for n := range starts {
			url, err := b.url(ctx, kind, fmt.Sprintf("start-%s-%d", strings.ToLower(kind), n))
			if err != nil {
				return err
			}
			took, err := b.startOnce(ctx, url)
			if err != nil {
				return err
			}
			empty = append(empty, milliseconds(took))
		}
		b.report(kind+": start, empty database", median(empty), "ms")

		url, err := b.url(ctx, kind, "warm-"+strings.ToLower(kind))
		if err != nil {
			return err
		}
		if err := b.seed(ctx, url, 10_000); err != nil {
			return err
		}
		var warm []float64
		for range starts {
			took, err := b.startOnce(ctx, url)
			if err != nil {
				return err
			}
			warm = append(warm, milliseconds(took))
		}
		b.report(kind+": start, database with 10,000 cards", median(warm), "ms")
	}
	return nil
}

func (b *bench) startOnce(ctx context.Context, url string) (time.Duration, error) {
	p, err := b.configure("start", url)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := p.Launch(); err != nil {
		return 0, err
	}
	defer p.Kill() //nolint:errcheck // stopped below unless something failed
	deadline := began.Add(time.Minute)
	for !ready(ctx, p) {
		if time.Now().After(deadline) {
			return 0, fmt.Errorf("program did not start: %s", p.LogTail(5))
		}
		time.Sleep(500 * time.Microsecond)
	}
	took := time.Since(began)
	return took, p.Stop(ctx)
}

func ready(ctx context.Context, p *program.Program) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.OperationsURL+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// memory is the resident memory of a process in MiB.
func memory(pid int) (float64, error) {
	status, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(pid), "status"))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib float64
	if _, err := fmt.Sscanf(rest, "%f kB", &kib); err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	return kib / 1024, nil
}
