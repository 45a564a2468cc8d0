package openid

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func serverName(t *testing.T, text string) ServerName {
	t.Helper()
	name, err := ParseServerName(text)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRoutesAreKeptAndForgotten(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	found := 0
	r := newRoutes(2, func() time.Time { return now }, time.Second, func(_ context.Context, name ServerName) (route, time.Duration) {
		found++
		return route{host: fmt.Sprintf("%s%d", name, found)}, 10 * time.Minute
	})
	get := func(text, want string) {
		t.Helper()
		got, err := r.get(t.Context(), serverName(t, text))
		if err != nil || got.host != want {
			t.Errorf("%s: got %q, %v; want %q", text, got.host, err, want)
		}
	}
	get("a", "a1")
	get("a", "a1")
	now = now.Add(10 * time.Minute)
	get("a", "a2") // expired
	get("b", "b3")
	get("a", "a2")
	get("c", "c4") // pushes b out, which was used longest ago
	get("a", "a2")
	get("b", "b5")
	if len(r.entries) != 2 || r.order.Len() != 2 || len(r.running) != 0 {
		t.Errorf("%d entries, %d in order, %d running", len(r.entries), r.order.Len(), len(r.running))
	}
	r.failed(serverName(t, "b"))
	r.failed(serverName(t, "unknown"))
	now = now.Add(failedRoute - time.Second)
	get("b", "b5") // not asked again at once
	now = now.Add(time.Second)
	get("b", "b6")
}

func TestManyAskOnce(t *testing.T) {
	t.Parallel()
	var searches atomic.Int32
	let := make(chan struct{})
	r := newRoutes(2, time.Now, time.Minute, func(context.Context, ServerName) (route, time.Duration) {
		searches.Add(1)
		<-let
		return route{host: "found"}, time.Minute
	})
	name := serverName(t, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.get(ctx, name); err == nil { // the first gives up, its search goes on
		t.Error("no error")
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if got, err := r.get(t.Context(), name); err != nil || got.host != "found" {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	close(let)
	group.Wait()
	if searches.Load() != 1 {
		t.Errorf("%d searches", searches.Load())
	}
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{
		"": time.Hour, "max-age=600": 10 * time.Minute, "public, MAX-AGE=1200": 20 * time.Minute, "max-age=1": 5 * time.Minute,
		"max-age=999999": time.Hour, "no-store": 5 * time.Minute, "max-age=abc": 5 * time.Minute, "max-age=-1": 5 * time.Minute,
		"max-age=99999999999999999999": 5 * time.Minute, "public": time.Hour, `max-age="900"`: 15 * time.Minute,
	} {
		if got := lifetime(http.Header{"Cache-Control": {value}}); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

// FuzzLifetime reads what a foreign server says about keeping its answer: never for ever,
// never so briefly that it is asked all the time.
func FuzzLifetime(f *testing.F) {
	for _, text := range []string{"", "no-store", "max-age=0", "max-age=99999999999999999999", "max-age=-1", `max-age="600"`, "public, MAX-AGE = 600", "max-age=1,no-cache", ",,=,", "max-age"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if kept := lifetime(http.Header{"Cache-Control": {text, ""}}); kept < shortestRoute || kept > longestRoute {
			t.Errorf("%q is kept for %s", text, kept)
		}
	})
}
