package appservice

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"werkraum/store"
)

// Deliveries that are stored at the same time become visible in any order. Nothing may be
// read past one that is still on its way.
func TestNothingIsReadPastWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	in := &Intake{arrived: make(chan struct{}, 1), open: map[int64]bool{}, last: 4}
	check := func(want int64) {
		t.Helper()
		if got := in.settled(); got != want {
			t.Errorf("settled = %d, want %d", got, want)
		}
	}
	check(4)
	first, second, third := in.begin(), in.begin(), in.begin()
	check(4)
	in.end(second)
	check(4)
	in.end(first)
	check(6)
	in.end(third)
	check(7)
}

// Many who deliver at the same time: a reader who goes on from what it has seen sees
// everything.
func TestReaderSeesEveryDelivery(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "werkraum.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	in, err := newIntake(t.Context(), s, "token", newMetrics(prometheus.NewRegistry()), time.Now, func([]byte) {})
	if err != nil {
		t.Fatal(err)
	}
	const senders, each = 8, 40
	var wait sync.WaitGroup
	for n := range senders {
		wait.Go(func() {
			for m := range each {
				if err := in.put(t.Context(), store.FromTransaction, fmt.Appendf(nil, `{"events":[%d]}`, n*each+m), ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	seen, after := 0, int64(0)
	for seen < senders*each && ctx.Err() == nil {
		settled := in.settled()
		list, err := s.Deliveries(ctx, after, deliveriesAtOnce)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		for _, d := range list {
			if d.ID > settled {
				break
			}
			seen, after = seen+1, d.ID
		}
	}
	wait.Wait()
	if seen != senders*each {
		t.Errorf("the reader saw %d of %d deliveries", seen, senders*each)
	}
}
