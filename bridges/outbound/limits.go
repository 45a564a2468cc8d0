package outbound

import (
	"context"
	"errors"
	"sync"
)

// waitersPerSlot bounds how many requests wait for a host, as a multiple of those
// that may be in progress there.
const waitersPerSlot = 32

var errBusy = errors.New("too many requests wait for this host")

// limits bounds the requests in progress, per host and in total. A host that
// answers slowly holds up its own requests and no others.
type limits struct {
	perHost int
	total   chan struct{}

	mu    sync.Mutex
	hosts map[string]*host // only hosts with requests: strangers' names do not pile up
}

type host struct {
	slots chan struct{}
	users int // in progress or waiting
}

func newLimits(perHost, total int) *limits {
	return &limits{perHost: perHost, total: make(chan struct{}, total), hosts: map[string]*host{}}
}

// take waits for a turn. release must be called once when it was given.
func (l *limits) take(ctx context.Context, name string) (release func(), err error) {
	l.mu.Lock()
	h := l.hosts[name]
	if h == nil {
		h = &host{slots: make(chan struct{}, l.perHost)}
		l.hosts[name] = h
	}
	if h.users >= l.perHost*(1+waitersPerSlot) {
		l.mu.Unlock()
		return nil, errBusy
	}
	h.users++
	l.mu.Unlock()

	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		l.leave(name, h)
		return nil, ctx.Err()
	}
	select {
	case l.total <- struct{}{}:
	case <-ctx.Done():
		<-h.slots
		l.leave(name, h)
		return nil, ctx.Err()
	}
	return func() {
		<-l.total
		<-h.slots
		l.leave(name, h)
	}, nil
}

func (l *limits) leave(name string, h *host) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.users--; h.users == 0 {
		delete(l.hosts, name)
	}
}
