package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"werkraum/tests/program"
	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

const (
	sheet       workspace.ItemID = "bench000000000000000"
	manyDrawn                    = 20_000 // elements
	together                     = 50     // people on one whiteboard
	togetherFor                  = 15 * time.Second
	moveEvery                    = 50 * time.Millisecond // of each one's pointer
	strokeEvery                  = 2 * time.Second       // of each
)

// stroke is a line drawn by hand, of 60 points.
func stroke(id string, at int) json.RawMessage {
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":%q,"type":"freedraw","x":%d,"y":%d,"width":120,"height":60,"angle":0,"strokeColor":"#1e1e1e","backgroundColor":"transparent","fillStyle":"solid","strokeWidth":2,"strokeStyle":"solid","roughness":1,"opacity":100,"groupIds":[],"frameId":null,"index":"a0","roundness":null,"seed":1,"version":1,"versionNonce":1,"isDeleted":false,"boundElements":[],"link":null,"locked":false,"simulatePressure":true,"pressures":[],"points":[`, id, at%1000*130, at/1000*70)
	for i := range 60 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "[%d.%d,%d.%d]", 2*i, i%10, i*i%60, i%7)
	}
	b.WriteString("]}")
	return json.RawMessage(b.String())
}

// drawOn makes a whiteboard with that many strokes on it.
func drawOn(r *workspace.Room, elements int, apply func([]workspace.Op) error) error {
	now := time.Now()
	ops, err := whiteboard.Add{Whiteboard: sheet, Title: "Plan"}.Ops(r, person(0), now)
	if err == nil {
		err = apply(ops)
	}
	for n := 0; err == nil && n < elements; n += 200 {
		d := whiteboard.Draw{Whiteboard: sheet}
		for i := range 200 {
			d.Elements = append(d.Elements, stroke(fmt.Sprint("stroke", n+i), n+i))
		}
		if ops, err = d.Ops(r, person(0), now); err == nil {
			err = apply(ops)
		}
	}
	return err
}

// whiteboard reports what it costs to open a whiteboard that much was drawn on, and how it
// is to draw there together.
func (b *bench) whiteboard(ctx context.Context) error {
	url, err := b.url(ctx, "SQLite", "whiteboard")
	if err != nil {
		return err
	}
	if err := b.seedDrawn(ctx, url, 200, manyDrawn); err != nil {
		return err
	}
	p, err := b.start(ctx, "whiteboard", url)
	if err != nil {
		return err
	}
	if err := b.openSheet(ctx, p); err != nil {
		return errors.Join(err, p.Kill())
	}
	if err := b.drawTogether(ctx, p); err != nil {
		return errors.Join(err, p.Kill())
	}
	return p.Stop(ctx)
}

// openSheet measures opening it, first when the room is not in memory.
func (b *bench) openSheet(ctx context.Context, p *program.Program) error {
	var first, all, board []float64
	size := 0
	for range openings {
		s, err := open(ctx, p, 0)
		if err != nil {
			return err
		}
		began := time.Now()
		if err := s.await(ctx, "items"); err != nil {
			return err
		}
		board = append(board, milliseconds(time.Since(began)))
		began, before := time.Now(), s.bytes
		if err := s.send(ctx, map[string]any{"t": "open", "whiteboard": sheet}); err != nil {
			return err
		}
		for got := 0; ; got++ {
			m, err := s.next(ctx)
			if err != nil {
				return err
			}
			if m.T != "elements" {
				got--
				continue
			}
			if got == 0 {
				first = append(first, milliseconds(time.Since(began)))
			}
			if !m.More {
				break
			}
		}
		all, size = append(all, milliseconds(time.Since(began))), s.bytes-before
		s.close()
	}
	name := fmt.Sprintf("whiteboard of %d elements: ", manyDrawn)
	b.report(name+"board beside it, room not in memory", board[0], "ms")
	b.report(name+"board beside it, median", median(board), "ms")
	b.report(name+"first elements, median", median(first), "ms")
	b.report(name+"all elements, median", median(all), "ms")
	b.report(name+"bytes", float64(size)/1024, "KiB")
	return nil
}

// crowd is what people on one whiteboard have seen of each other.
type crowd struct {
	mu       sync.Mutex
	moved    map[string]map[float64]time.Time // by page and place
	drawn    map[string]time.Time             // by change
	pointers []float64                        // milliseconds until somebody else saw it
	strokes  []float64
}

func (c *crowd) saw(self string, m message, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ours := c.drawn[m.ID]; m.T == "commit" && ours {
		c.strokes = append(c.strokes, milliseconds(now.Sub(at)))
	}
	for _, who := range m.People {
		if at, ours := c.moved[who.Page][who.Here.X]; ours && who.Page != self {
			c.pointers = append(c.pointers, milliseconds(now.Sub(at)))
		}
	}
}

// drawTogether has fifty people on one whiteboard who move their pointers all the time and
// draw, and reports how long it takes until the others see it, and what the program needs.
func (b *bench) drawTogether(ctx context.Context, p *program.Program) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	c := &crowd{moved: map[string]map[float64]time.Time{}, drawn: map[string]time.Time{}}
	sockets, names := make([]*socket, together), make([]string, together)
	for n := range sockets {
		s, err := open(ctx, p, n)
		if err != nil {
			return err
		}
		defer s.close()
		m, err := s.next(ctx)
		if err == nil {
			err = s.await(ctx, "items")
		}
		if err == nil {
			err = s.send(ctx, map[string]any{"t": "open", "whiteboard": sheet})
		}
		if err == nil {
			err = s.await(ctx, "elements")
		}
		if err != nil {
			return err
		}
		sockets[n], names[n], c.moved[m.Page] = s, m.Page, map[float64]time.Time{}
	}
	began, before := time.Now(), processorTime(p.PID())
	listening, stop := context.WithCancel(ctx)
	var listeners errgroup.Group
	for n, s := range sockets {
		listeners.Go(func() error {
			for {
				m, err := s.next(listening)
				switch {
				case listening.Err() != nil:
					return nil //nolint:nilerr // all has been heard
				case err != nil:
					return err
				}
				c.saw(names[n], m, time.Now())
			}
		})
	}
	var group errgroup.Group
	for n, s := range sockets {
		group.Go(func() error { return c.takePart(ctx, s, names[n], n) })
	}
	err := group.Wait()
	wall, busy := time.Since(began), processorTime(p.PID())-before
	time.Sleep(settle) // what is under way arrives
	stop()
	if err := errors.Join(err, listeners.Wait()); err != nil {
		return err
	}
	name := fmt.Sprintf("%d people on a whiteboard of %d elements: ", together, manyDrawn)
	b.report(name+"stroke to the others, p50", quantile(c.strokes, .5), "ms")
	b.report(name+"stroke to the others, p99", quantile(c.strokes, .99), "ms")
	b.report(name+"pointer to the others, p50", quantile(c.pointers, .5), "ms")
	b.report(name+"pointer to the others, p99", quantile(c.pointers, .99), "ms")
	b.report(name+"processor", 100*busy.Seconds()/wall.Seconds(), "% of one")
	return b.reportMemory(p, "memory: "+strings.TrimSuffix(name, ": "))
}

// takePart moves a pointer and draws, as somebody does who has much to say.
func (c *crowd) takePart(ctx context.Context, s *socket, page string, n int) error {
	time.Sleep(time.Duration(n) * moveEvery / together) // people are not in step
	ticker := time.NewTicker(moveEvery)
	defer ticker.Stop()
	strokes := int(strokeEvery / moveEvery)
	for i := range int(togetherFor / moveEvery) {
		<-ticker.C
		x := float64(i)
		c.mu.Lock()
		c.moved[page][x] = time.Now()
		c.mu.Unlock()
		if err := s.send(ctx, map[string]any{"t": "here", "here": map[string]any{"x": x, "y": n, "tool": "pointer"}}); err != nil {
			return err
		}
		if i%strokes != n%strokes {
			continue
		}
		act := fmt.Sprintf("drawn-%d-%d", n, i)
		element := stroke(fmt.Sprintf("new-%d-%d", n, i), i)
		c.mu.Lock()
		c.drawn[act] = time.Now()
		c.mu.Unlock()
		if err := s.send(ctx, map[string]any{"t": "do", "id": act, "act": "whiteboard.draw", "args": map[string]any{"whiteboard": sheet, "elements": []json.RawMessage{element}}}); err != nil {
			return err
		}
	}
	return nil
}

// processorTime is what a process has used so far.
func processorTime(pid int) time.Duration {
	stat, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(pid), "stat"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	var user, system int64
	if _, err := fmt.Sscan(fields[11], &user); err != nil {
		return 0
	}
	if _, err := fmt.Sscan(fields[12], &system); err != nil {
		return 0
	}
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks of 1/100 s
}
