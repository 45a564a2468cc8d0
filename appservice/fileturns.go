package appservice

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
	"maunium.net/go/mautrix/id"
)

// The files that are on their way to and from the homeserver at once: of all people, and of
// each. Somebody who takes their files very slowly keeps no others from theirs.
const (
	filesAtOnce     = 32
	filesOfEachOnce = 6 // as many as a browser asks one server for
)

// fileTurns says whose turn it is.
type fileTurns struct {
	all  *semaphore.Weighted
	each int64

	mu     sync.Mutex
	people map[id.UserID]*ownTurns
}

// ownTurns are one person's, and how many requests have or await one.
type ownTurns struct {
	free *semaphore.Weighted
	n    int
}

func newFileTurns(all, each int64) *fileTurns {
	return &fileTurns{all: semaphore.NewWeighted(all), each: each, people: map[id.UserID]*ownTurns{}}
}

// take waits for a turn, which is ended by calling end.
func (t *fileTurns) take(ctx context.Context, user id.UserID) (end func(), err error) {
	own := t.join(user)
	if err := own.free.Acquire(ctx, 1); err != nil {
		t.leave(user)
		return nil, err
	}
	if err := t.all.Acquire(ctx, 1); err != nil {
		own.free.Release(1)
		t.leave(user)
		return nil, err
	}
	return sync.OnceFunc(func() {
		t.all.Release(1)
		own.free.Release(1)
		t.leave(user)
	}), nil
}

func (t *fileTurns) join(user id.UserID) *ownTurns {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.people[user]
	if own == nil {
		own = &ownTurns{free: semaphore.NewWeighted(t.each)}
		t.people[user] = own
	}
	own.n++
	return own
}

func (t *fileTurns) leave(user id.UserID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.people[user]
	if own.n--; own.n == 0 {
		delete(t.people, user)
	}
}
