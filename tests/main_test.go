// Package tests holds the whole program to its promises: the real binary, real homeservers
// that federate, real sockets. Each test says what a person or an attacker would notice.
//
// TEST_HOMESERVER chooses the homeservers: dendrite, synapse, or both (the default).
// TEST_BINARY names a program that was built already; without it one is built.
// On Dendrite Werkraum runs with SQLite, on Synapse with PostgreSQL.
package tests

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"maps"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"werkraum/deploy/homeserver"
	"werkraum/tests/program"
)

// patience is how long a test waits for one thing, such as the last of forty answers on a
// machine that has other things to do. It is only ever waited for in full when something is
// broken.
const patience = 2 * time.Minute

// suite is what the tests of one run share; it is made when first needed.
type suite struct {
	mu       sync.Mutex
	dir      string
	binary   string
	postgres *homeserver.Postgres
	worlds   map[homeserver.Kind]*world
	// stepping is the program whose clock can be set.
	steppingOnce   sync.Once
	steppingBinary string
	steppingErr    error
}

var shared = &suite{worlds: map[homeserver.Kind]*world{}}

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		// The tests mostly wait for servers: more at once than there are cores.
		_ = flag.Set("test.parallel", "6")
	}
	code := m.Run()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	err := shared.close(ctx)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// close ends everything: Werkraum first, then what it needs.
func (s *suite) close(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	errs := []error{together(maps.Values(s.worlds), func(w *world) error { return w.close(ctx) })}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Stop(ctx))
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

// together does something with all, at the same time.
func together[T any](all iter.Seq[T], act func(T) error) error {
	var wait sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for one := range all {
		wait.Go(func() {
			err := act(one)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// folder makes a new folder, in memory where possible; s.mu is held.
func (s *suite) folder(name string) (string, error) {
	if s.dir == "" {
		dir, err := homeserver.FastDir("werkraum-tests-")
		if err != nil {
			return "", err
		}
		s.dir = dir
	}
	return os.MkdirTemp(s.dir, name+"-")
}

// program returns the built binary; s.mu is held.
func (s *suite) program(ctx context.Context) (string, error) {
	if s.binary != "" {
		return s.binary, nil
	}
	if s.binary = os.Getenv("TEST_BINARY"); s.binary != "" {
		return s.binary, nil
	}
	dir, err := s.folder("bin")
	if err != nil {
		return "", err
	}
	s.binary, err = program.Build(ctx, dir)
	return s.binary, err
}

var databases atomic.Int64

// database returns the URL of a new PostgreSQL database.
func (s *suite) database(ctx context.Context, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.postgres == nil {
		p, err := homeserver.StartPostgres(ctx, homeserver.PostgresOptions{})
		if err != nil {
			return "", err
		}
		s.postgres = p
	}
	return s.postgres.CreateDatabase(ctx, fmt.Sprintf("%s_%d", name, databases.Add(1)))
}

// kinds are the homeservers that the run is to use.
func kinds(t *testing.T) []homeserver.Kind {
	t.Helper()
	switch chosen := os.Getenv("TEST_HOMESERVER"); chosen {
	case "dendrite":
		return []homeserver.Kind{homeserver.Dendrite}
	case "synapse":
		return []homeserver.Kind{homeserver.Synapse}
	case "", "both":
		return []homeserver.Kind{homeserver.Dendrite, homeserver.Synapse}
	default:
		t.Fatalf("TEST_HOMESERVER is %q; it may be dendrite, synapse or both", chosen)
		return nil
	}
}

// onEach runs a test on each kind of homeserver.
func onEach(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	for _, kind := range kinds(t) {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w, err := shared.world(t.Context(), kind)
			if err != nil {
				t.Fatal(err)
			}
			test(t, w)
		})
	}
}
