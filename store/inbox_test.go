package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"werkraum/store"
)

func TestDeliveries(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		same(t, "last of an empty inbox", ok[int64](t)(s.LastDelivery(ctx)), int64(0))
		body := []byte("{\"events\":[\"\x00\xff ü\"]}") // as it came, whatever it is
		all := []store.Delivery{
			{ID: 1, Source: store.FromTransaction, Received: noon, Body: body},
			{ID: 2, Source: store.FromSync, Received: noon.Add(time.Second), Body: []byte("b")},
			{ID: 1 << 60, Source: store.FromTransaction, Received: noon, Body: []byte("c")},
		}
		for _, i := range []int{2, 0, 1} {
			if err := s.PutDelivery(ctx, all[i], ""); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "all", ok[[]store.Delivery](t)(s.Deliveries(ctx, 0, 10)), all)
		same(t, "after the first", ok[[]store.Delivery](t)(s.Deliveries(ctx, 1, 1)), all[1:2])
		same(t, "last", ok[int64](t)(s.LastDelivery(ctx)), int64(1<<60))
		if err := s.DropDeliveries(ctx, []int64{1, 1 << 60}); err != nil {
			t.Fatal(err)
		}
		same(t, "what is left", ok[[]store.Delivery](t)(s.Deliveries(ctx, 0, 10)), all[1:2])
		if err := s.DropDeliveries(ctx, nil); err != nil {
			t.Errorf("drop nothing: %v", err)
		}
	})
}

func TestSyncTokenIsKeptWithItsDelivery(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		same(t, "first token", ok[string](t)(s.SyncToken(ctx)), "")
		d := store.Delivery{ID: 1, Source: store.FromSync, Received: noon, Body: []byte("a")}
		if err := s.PutDelivery(ctx, d, "one"); err != nil {
			t.Fatal(err)
		}
		same(t, "token", ok[string](t)(s.SyncToken(ctx)), "one")
		// The same ID again is refused, and with it the token: what was not
		// stored must be fetched again.
		if err := s.PutDelivery(ctx, d, "two"); err == nil {
			t.Error("the same delivery was stored twice")
		}
		same(t, "token after a refusal", ok[string](t)(s.SyncToken(ctx)), "one")
		if err := s.PutDelivery(ctx, store.Delivery{}, "three"); err != nil { // a sync without events
			t.Fatal(err)
		}
		same(t, "token alone", ok[string](t)(s.SyncToken(ctx)), "three")
		same(t, "inbox", len(ok[[]store.Delivery](t)(s.Deliveries(ctx, 0, 10))), 1)
	})
}

func TestCancelledWriteIsNotStored(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := s.PutDelivery(ctx, store.Delivery{ID: 1, Received: noon, Body: []byte("a")}, "")
		// It may be stored or not, but what is said must be true.
		got := len(ok[[]store.Delivery](t)(s.Deliveries(t.Context(), 0, 10)))
		if (err == nil) != (got == 1) {
			t.Errorf("got error %v and %d deliveries", err, got)
		}
	})
}

func TestSetAsideTakesHostileIDs(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		for range 2 {
			if err := s.SetAside(t.Context(), []store.SetAside{{Room: "!\x00:x", Event: "$\x00\xff", Reason: "shape"}}, noon); err != nil {
				t.Fatal(err)
			}
		}
	})
}

const childWriters = 4

// deliverUntilKilled is the process that is killed: it stores deliveries and
// prints the number of each one that it was told is stored.
func deliverUntilKilled(url string) int {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	last, err := s.LastDelivery(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var group sync.WaitGroup
	for n := range int64(childWriters) {
		group.Go(func() {
			for i := last + 1 + n; ; i += childWriters {
				if err := s.PutDelivery(ctx, store.Delivery{ID: i, Source: store.FromTransaction, Received: time.Now(), Body: []byte("body")}, ""); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				fmt.Println(i) // one write to the pipe
			}
		})
	}
	group.Wait()
	return 1
}

// A process is killed in the middle of writing, again and again on the same
// database. Each delivery that it said it has stored must be there, and the
// next process gets the database at once.
func TestKilledProcessLosesNothingItReported(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		var reported []int64
		for round := range 3 {
			reported = append(reported, killAfter(t, url, 50+30*round)...)
		}
		s := open(t, url)
		stored := map[int64]bool{}
		for _, d := range ok[[]store.Delivery](t)(s.Deliveries(t.Context(), 0, 1_000_000)) {
			stored[d.ID] = true
		}
		for _, n := range reported {
			if !stored[n] {
				t.Errorf("delivery %d was reported as stored and is lost", n)
			}
		}
	})
}

// killAfter runs the writing process until it has reported so many deliveries,
// kills it and returns all that it reported.
func killAfter(t *testing.T, url string, enough int) (reported []int64) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childDatabase+"="+url)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			continue // a line that the kill cut off
		}
		if reported = append(reported, n); len(reported) == enough {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := child.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the process ended by itself: %v", err)
	}
	return reported
}
