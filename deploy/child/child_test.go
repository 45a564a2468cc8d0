package child_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"werkraum/deploy/child"
)

func start(t *testing.T, script string) (*child.Process, string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	p, err := child.Start(child.Command{Name: "script", Path: "/bin/sh", Args: []string{"-c", script}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Kill(); err != nil {
			t.Error(err)
		}
	})
	return p, log
}

func TestAwaitReadyExplainsAnEarlyEnd(t *testing.T) {
	t.Parallel()
	p, _ := start(t, "echo the port is taken >&2; exit 3")
	err := p.AwaitReady(t.Context(), func(context.Context) error { return errors.New("not yet") })
	if err == nil || !strings.Contains(err.Error(), "the port is taken") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error = %v, want one with the log and the exit status", err)
	}
}

func TestAwaitReadyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	p, _ := start(t, "exec sleep 60")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := p.AwaitReady(ctx, func(context.Context) error { return errors.New("still thinking") })
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "still thinking") {
		t.Errorf("error = %v, want the deadline and the last reason", err)
	}
}

func TestStopLetsTheChildFinish(t *testing.T) {
	t.Parallel()
	p, log := start(t, `trap 'echo finished; exit 0' TERM; echo running; while :; do sleep 0.01; done`)
	if err := p.AwaitReady(t.Context(), func(context.Context) error { return contains(log, "running") }); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := contains(log, "finished"); err != nil {
		t.Error(err)
	}
}

func TestStopKillsWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	p, log := start(t, `trap '' TERM; echo running; while :; do sleep 0.01; done`)
	if err := p.AwaitReady(t.Context(), func(context.Context) error { return contains(log, "running") }); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the deadline", err)
	}
	select {
	case <-p.Done():
	default:
		t.Error("the child runs on after Stop")
	}
}

func contains(path, text string) error {
	content, err := os.ReadFile(path)
	if err == nil && !strings.Contains(string(content), text) {
		return errors.New("the log does not say " + text)
	}
	return err
}
