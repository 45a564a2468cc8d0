package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"werkraum/tests/program"
)

const (
	openings = 20
	settle   = 2 * time.Second
)

// opening reports time and bytes to open a board, and the program's memory.
// The first opening also reads the room from the database.
func (b *bench) opening(ctx context.Context) error {
	for _, cards := range []int{100, 1_000, 10_000} {
		url, err := b.url(ctx, "SQLite", fmt.Sprintf("open-%d", cards))
		if err != nil {
			return err
		}
		if err := b.seed(ctx, url, cards); err != nil {
			return err
		}
		p, err := b.start(ctx, fmt.Sprintf("open-%d", cards), url)
		if err != nil {
			return err
		}
		if err := b.openBoard(ctx, p, cards); err != nil {
			return errors.Join(err, p.Kill())
		}
		if err := p.Stop(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) openBoard(ctx context.Context, p *program.Program, cards int) error {
	if cards == 100 {
		if err := b.reportMemory(p, "memory: just started"); err != nil {
			return err
		}
	}
	coldFirst, coldAll, _, err := openOnce(ctx, p)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("board of %d cards: ", cards)
	b.report(name+"first cards, room not in memory", coldFirst, "ms")
	b.report(name+"all cards, room not in memory", coldAll, "ms")
	var first, all []float64
	size := 0
	for range openings {
		f, a, n, err := openOnce(ctx, p)
		if err != nil {
			return err
		}
		first, all, size = append(first, f), append(all, a), n
	}
	b.report(name+"first cards, median", median(first), "ms")
	b.report(name+"all cards, median", median(all), "ms")
	b.report(name+"bytes", float64(size)/1024, "KiB")
	if cards == 10_000 {
		time.Sleep(settle) // what follows an opening is not part of it
		return b.reportMemory(p, fmt.Sprintf("memory: board of %d cards open", cards))
	}
	return nil
}

func (b *bench) reportMemory(p *program.Program, name string) error {
	mib, err := memory(p.PID())
	if err == nil {
		b.report(name, mib, "MiB")
	}
	return err
}

// openOnce returns the milliseconds until the first cards and until all are
// there, and how many bytes that took.
func openOnce(ctx context.Context, p *program.Program) (first, all float64, size int, err error) {
	began := time.Now()
	s, err := open(ctx, p, 0)
	if err != nil {
		return 0, 0, 0, err
	}
	defer s.close()
	for {
		m, err := s.next(ctx)
		if err != nil {
			return 0, 0, 0, err
		}
		if m.T != "items" {
			continue
		}
		if first == 0 {
			first = milliseconds(time.Since(began))
		}
		if !m.More {
			return first, milliseconds(time.Since(began)), s.bytes, nil
		}
	}
}
