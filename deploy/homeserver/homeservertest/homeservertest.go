// Package homeservertest starts real homeservers and databases for tests, and ends them
// with the test. A test whose server cannot be started fails; it is never skipped.
package homeservertest

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"werkraum/deploy/homeserver"
)

const (
	// startPatience covers building Dendrite or installing Synapse on a fresh machine.
	startPatience = 15 * time.Minute
	stopPatience  = 30 * time.Second
	password      = "werkraum-test"
)

// Start starts a homeserver that ends with the test. Without o.Dir it gets a folder in
// memory, which is removed; the log of its server is printed if the test fails.
func Start(tb testing.TB, o homeserver.Options) *homeserver.Server {
	tb.Helper()
	if o.Dir == "" {
		o.Dir = Dir(tb)
	}
	if o.Progress == nil {
		o.Progress = progress{tb}
	}
	ctx, cancel := context.WithTimeout(tb.Context(), startPatience)
	defer cancel()
	s, err := homeserver.Start(ctx, o)
	// Another program may be quicker to a port that was free; if the test does not care for
	// the port, others are as good.
	for attempt := 1; errors.Is(err, homeserver.ErrPortTaken) && o.Port == 0 && o.FederationPort == 0 && attempt < 3; attempt++ {
		s, err = homeserver.Start(ctx, o)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("the end of the log of %s:\n%s", s.ServerName, s.LogTail(40))
		}
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// BuildDendrite builds Dendrite if that was not done yet, for tests that want it done
// before their own time limit begins.
func BuildDendrite(tb testing.TB) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), startPatience)
	defer cancel()
	if _, err := homeserver.BuildDendrite(ctx, progress{tb}); err != nil {
		tb.Fatal(err)
	}
}

// Pair starts two homeservers of one kind that federate with each other.
func Pair(tb testing.TB, kind homeserver.Kind) (a, b *homeserver.Server) {
	tb.Helper()
	ca := CA(tb)
	return Start(tb, homeserver.Options{Kind: kind, CA: ca}), Start(tb, homeserver.Options{Kind: kind, CA: ca})
}

// CA makes a certificate authority that is gone with the test.
func CA(tb testing.TB) *homeserver.CA {
	tb.Helper()
	ca, err := homeserver.OpenCA(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	return ca
}

// User makes an account whose display name is its localpart.
func User(tb testing.TB, s *homeserver.Server, localpart string) *homeserver.Account {
	tb.Helper()
	account, err := s.CreateUser(tb.Context(), localpart, password, localpart)
	if err != nil {
		tb.Fatal(err)
	}
	return account
}

// Ports returns n free ports of the loopback interface.
func Ports(tb testing.TB, n int) []int {
	tb.Helper()
	ports, err := homeserver.FreePorts(n)
	if err != nil {
		tb.Fatal(err)
	}
	return ports
}

// Postgres starts a PostgreSQL cluster that ends with the test.
func Postgres(tb testing.TB, o homeserver.PostgresOptions) *homeserver.Postgres {
	tb.Helper()
	p, err := homeserver.StartPostgres(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		if err := p.Stop(ctx); err != nil {
			tb.Error(err)
		}
	})
	return p
}

// Dir makes a folder in memory, where the machine has such a thing, that is gone with the test.
func Dir(tb testing.TB) string {
	tb.Helper()
	dir, err := homeserver.FastDir("werkraum-test-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

// progress puts lines of progress into the test's log.
type progress struct{ tb testing.TB }

var _ io.Writer = progress{}

func (p progress) Write(line []byte) (int, error) {
	p.tb.Logf("%s", line)
	return len(line), nil
}
