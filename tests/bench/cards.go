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

const cardsEach = 400 // of each page: within what a page may send at once

// cards reports how many cards are made per second in one room: each page
// makes its next one when the last was acknowledged, that is, durable.
func (b *bench) cards(ctx context.Context) error {
	return b.made(ctx, "cards", "%s: cards made in one room by %d page(s), acknowledged", makeCards)
}

// made reports what writers make, one and several at once, on databases that are empty.
func (b *bench) made(ctx context.Context, short, what string, run func(ctx context.Context, p *program.Program, writers int) (perSecond, p99 float64, err error)) error {
	for _, kind := range databases {
		for _, writers := range []int{1, 16} {
			var speeds, slowest []float64
			for round := range rounds {
				name := fmt.Sprintf("%s-%s-%d-%d", short, strings.ToLower(kind), writers, round)
				url, err := b.url(ctx, kind, name)
				if err != nil {
					return err
				}
				if err := b.seed(ctx, url, 0); err != nil {
					return err
				}
				p, err := b.start(ctx, name, url)
				if err != nil {
					return err
				}
				speed, p99, err := run(ctx, p, writers)
				if err := errors.Join(err, p.Stop(ctx)); err != nil {
					return err
				}
				speeds, slowest = append(speeds, speed), append(slowest, p99)
			}
			b.report(fmt.Sprintf(what, kind, writers), median(speeds), "1/s")
			b.report(fmt.Sprintf(what, kind, writers)+", p99 of one", median(slowest), "ms")
		}
	}
	return nil
}

func makeCards(ctx context.Context, p *program.Program, pages int) (perSecond, p99 float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	sockets := make([]*socket, pages)
	for n := range sockets {
		if sockets[n], err = open(ctx, p, n); err != nil {
			return 0, 0, err
		}
		defer sockets[n].close()
		if err := sockets[n].await(ctx, "items"); err != nil {
			return 0, 0, err
		}
	}
	var mu sync.Mutex
	var took []float64
	group, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for n, s := range sockets {
		group.Go(func() error {
			for i := range cardsEach {
				name := fmt.Sprintf("made-%d-%d", n, i)
				at := time.Now()
				if err := s.send(ctx, map[string]any{"t": "do", "id": name, "act": "card.add",
					"args": map[string]any{"card": name, "title": "Eine Karte, die jemand anlegt", "column": "open", "before": nil}}); err != nil {
					return err
				}
				for {
					m, err := s.next(ctx)
					if err != nil {
						return err
					}
					if m.T == "ack" && m.ID == name {
						break
					}
				}
				mu.Lock()
				took = append(took, milliseconds(time.Since(at)))
				mu.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return 0, 0, err
	}
	return float64(len(took)) / time.Since(began).Seconds(), quantile(took, .99), nil
}
