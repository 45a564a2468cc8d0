package pace

import (
	"fmt"
	"testing"
	"time"
)

func TestOneKeyIsSlowedAndToldOnce(t *testing.T) {
	t.Parallel()
	l := New(Limit{Most: 10, Per: time.Minute})
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	count := func(key string, attempts int) (n [3]int) {
		for range attempts {
			n[l.Take(key, now)]++
		}
		return n
	}
	if got := count("mia", 30); got != [3]int{10, 1, 19} {
		t.Errorf("of 30 at once: %v", got)
	}
	if got := count("anna", 10); got != [3]int{10, 0, 0} {
		t.Errorf("somebody else: %v", got)
	}
	now = now.Add(12 * time.Second) // two come back, and that is no reason to say it again
	if got := count("mia", 5); got != [3]int{2, 0, 3} {
		t.Errorf("soon after: %v", got)
	}
	now = now.Add(time.Minute)
	if got := count("mia", 12); got != [3]int{10, 1, 1} {
		t.Errorf("a minute later: %v", got)
	}
	now = now.Add(-time.Hour) // the clock is set back: nobody is let through for it, nobody shut out for ever
	if got := count("mia", 1); got[Allowed] != 0 {
		t.Error("a clock set back lets people through")
	}
	now = now.Add(2 * time.Hour)
	if got := count("mia", 1); got[Allowed] != 1 {
		t.Error("a clock set back shuts people out")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	l := New(Limit{Most: 1, Per: time.Hour})
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for n := range 5 * maxKeys {
		l.Take(fmt.Sprint(n), now)
		if len(l.seen) > maxKeys {
			t.Fatalf("%d keys are kept", len(l.seen))
		}
	}
	now = now.Add(2 * time.Hour)
	l.Take("last", now)
	l.forget(now.Add(time.Minute))
	if len(l.seen) != 1 {
		t.Errorf("%d keys are kept of people who have their limit back", len(l.seen))
	}
}

func TestNoLimit(t *testing.T) {
	t.Parallel()
	l := New(Limit{})
	for range 1000 {
		if l.Take("mia", time.Time{}) != Allowed {
			t.Fatal("refused without a limit")
		}
	}
}
