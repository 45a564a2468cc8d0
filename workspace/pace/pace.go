// Package pace bounds how fast one and the same does something, so that a flood
// hinders only whoever makes it.
package pace

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limit is so many in a time; as many may come at once, after which they come back
// evenly. The zero Limit lets everything through.
type Limit struct {
	Most int
	Per  time.Duration
}

// Limiter applies a Limit to each of many keys, such as people. It is safe for
// concurrent use.
type Limiter struct {
	limit Limit

	mu   sync.Mutex
	seen map[string]*entry
}

type entry struct {
	bucket *rate.Limiter
	told   bool
}

// Verdict is what becomes of one attempt.
type Verdict int

// The verdicts.
const (
	// Allowed lets it through.
	Allowed Verdict = iota
	// Refused is one too many, and whoever made it does not know yet.
	Refused
	// RefusedAgain is one too many, after others of which they were told.
	RefusedAgain
)

// New returns a limiter.
func New(l Limit) *Limiter { return &Limiter{limit: l, seen: map[string]*entry{}} }

// maxKeys bounds the memory, about 2 MB for one limiter.
const maxKeys = 10_000

// Take counts one attempt of key. It says Refused once, and again only after the
// key has been quiet long enough to have half of its limit back.
func (l *Limiter) Take(key string, now time.Time) Verdict {
	if l.limit.Most <= 0 {
		return Allowed
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.seen[key]
	if e == nil {
		if len(l.seen) >= maxKeys {
			l.forget(now)
		}
		e = &entry{bucket: rate.NewLimiter(rate.Every(l.limit.Per/time.Duration(l.limit.Most)), l.limit.Most)}
		l.seen[key] = e
	}
	if e.told && e.bucket.TokensAt(now) >= float64(l.limit.Most)/2 {
		e.told = false
	}
	switch {
	case e.bucket.AllowN(now, 1):
		return Allowed
	case e.told:
		return RefusedAgain
	}
	e.told = true
	return Refused
}

// forget drops the keys that have their whole limit back, which makes no difference;
// if that is not enough, all of them, which lets some through that need not be.
func (l *Limiter) forget(now time.Time) {
	for key, e := range l.seen {
		if e.bucket.TokensAt(now) >= float64(l.limit.Most) {
			delete(l.seen, key)
		}
	}
	if len(l.seen) > maxKeys/2 {
		clear(l.seen)
	}
}
