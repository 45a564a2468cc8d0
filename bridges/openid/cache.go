package openid

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// routes keeps discovered routes: at most size of them, the least recently used
// leaves first, so that invented names cost no memory. A name that is asked for many
// times at once is discovered once.
type routes struct {
	size int
	now  func() time.Time
	find func(context.Context, ServerName) (route, time.Duration)
	// patience bounds one discovery, which goes on when the one who asked gives up:
	// others may wait for it too.
	patience time.Duration

	mu      sync.Mutex
	order   *list.List // of *entry, the most recently used first
	entries map[string]*list.Element
	running map[string]*search

	searches sync.WaitGroup // the goroutines of running, for tests to wait for
}

type entry struct {
	name    string
	route   route
	expires time.Time
}

// search is a discovery in progress; found may be read when done is closed.
type search struct {
	done  chan struct{}
	found route
}

func newRoutes(size int, now func() time.Time, patience time.Duration, find func(context.Context, ServerName) (route, time.Duration)) *routes {
	return &routes{
		size: size, now: now, find: find, patience: patience,
		order: list.New(), entries: map[string]*list.Element{}, running: map[string]*search{},
	}
}

// get gives the kept route or discovers it.
func (r *routes) get(ctx context.Context, name ServerName) (route, error) {
	r.mu.Lock()
	if element, ok := r.entries[name.text]; ok {
		kept, _ := element.Value.(*entry)
		if r.now().Before(kept.expires) {
			r.order.MoveToFront(element)
			r.mu.Unlock()
			return kept.route, nil
		}
		r.remove(element)
	}
	current, ok := r.running[name.text]
	if !ok {
		current = &search{done: make(chan struct{})}
		r.running[name.text] = current
		detached := context.WithoutCancel(ctx)
		r.searches.Go(func() { r.discover(detached, name, current) })
	}
	r.mu.Unlock()
	select {
	case <-current.done:
		return current.found, nil
	case <-ctx.Done():
		return route{}, ctx.Err()
	}
}

func (r *routes) discover(ctx context.Context, name ServerName, current *search) {
	ctx, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	found, lifetime := r.find(ctx, name)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries[name.text] = r.order.PushFront(&entry{name: name.text, route: found, expires: r.now().Add(lifetime)})
	if r.order.Len() > r.size {
		r.remove(r.order.Back())
	}
	delete(r.running, name.text)
	current.found = found
	close(current.done)
}

// failed makes a route that led nowhere be discovered again soon.
func (r *routes) failed(name ServerName) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if element, ok := r.entries[name.text]; ok {
		kept, _ := element.Value.(*entry)
		if soon := r.now().Add(failedRoute); soon.Before(kept.expires) {
			kept.expires = soon
		}
	}
}

func (r *routes) remove(element *list.Element) {
	kept, _ := r.order.Remove(element).(*entry)
	delete(r.entries, kept.name)
}
