package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"werkraum/tests/program"
)

const (
	movesEach = 200
	pace      = 50 * time.Millisecond // twenty changes a second
)

// delivery reports how long a change takes from one page to all others.
func (b *bench) delivery(ctx context.Context) error {
	for _, kind := range databases {
		url, err := b.url(ctx, kind, "delivery-"+strings.ToLower(kind))
		if err != nil {
			return err
		}
		if err := b.seed(ctx, url, 200); err != nil {
			return err
		}
		p, err := b.start(ctx, "delivery-"+kind, url)
		if err != nil {
			return err
		}
		for _, viewers := range []int{1, 10, 100, 200} {
			took, err := deliver(ctx, p, viewers)
			if err != nil {
				return errors.Join(err, p.Kill())
			}
			name := fmt.Sprintf("%s: change to %d other page(s), ", kind, viewers)
			b.report(name+"p50", quantile(took, .5), "ms")
			b.report(name+"p99", quantile(took, .99), "ms")
		}
		if err := p.Stop(ctx); err != nil {
			return err
		}
	}
	return nil
}

// deliver has one page move cards and returns the milliseconds until each
// viewer had each move.
func deliver(ctx context.Context, p *program.Program, viewers int) ([]float64, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	var mu sync.Mutex
	sentAt := map[string]time.Time{}
	var took []float64
	group, ctx := errgroup.WithContext(ctx)
	var ready sync.WaitGroup
	for n := 1; n <= viewers; n++ {
		s, err := open(ctx, p, n)
		if err != nil {
			return nil, err
		}
		defer s.close()
		ready.Add(1)
		group.Go(func() error {
			err := s.await(ctx, "items")
			ready.Done()
			for got := 0; err == nil && got < movesEach; {
				var m message
				m, err = s.next(ctx)
				now := time.Now()
				mu.Lock()
				at, mine := sentAt[m.ID]
				if m.T == "commit" && mine {
					took = append(took, milliseconds(now.Sub(at)))
					got++
				}
				mu.Unlock()
			}
			return err
		})
	}
	mover, err := open(ctx, p, 0)
	if err != nil {
		return nil, err
	}
	defer mover.close()
	if err := mover.await(ctx, "items"); err != nil {
		return nil, err
	}
	ready.Wait()
	go func() { // what it is told itself must be read away
		for {
			if _, err := mover.next(ctx); err != nil {
				return
			}
		}
	}()
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for n := range movesEach {
		<-ticker.C
		name := fmt.Sprintf("move-%d-%d", viewers, n)
		mu.Lock()
		sentAt[name] = time.Now()
		mu.Unlock()
		column := []string{"open", "doing", "done"}[(n/20)%3]
		if err := mover.send(ctx, map[string]any{"t": "do", "id": name, "act": "card.move",
			"args": map[string]any{"card": fmt.Sprintf("card%d", n%20+1), "column": column, "before": "card100"}}); err != nil {
			return nil, err
		}
	}
	return took, group.Wait()
}
