package live

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// A connection that says nothing is ended after helloTimeout.
func TestHelloMustComeSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHub("", Limits{}, nil, nil, prometheus.NewRegistry(), zerolog.Nop())
		b, _, err := connect(t, listen(t, h), &websocket.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if _, err := b.read(); err == nil {
			t.Error("it was told something")
		}
		if took := time.Since(begin); took < helloTimeout || took > helloTimeout+6*time.Second {
			t.Errorf("it was ended after %v, want %v", took, helloTimeout)
		}
		_ = b.conn.CloseNow()
	})
}

func TestBadHello(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	for name, c := range map[string]struct{ text, reason string }{
		"no JSON":         {"hallo", "removed"},
		"a list":          {"[]", "removed"},
		"another message": {`{"t":"ping"}`, "removed"},
		"wrong types":     {`{"t":"hello","session":1}`, "removed"},
		"no session":      {`{"t":"hello"}`, "expired"},
		"unknown session": {`{"t":"hello","session":"geraten","lang":"en"}`, "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := l.connect(t)
			b.sayText([]byte(c.text))
			b.bye(c.reason)
		})
	}
	t.Run("expired session", func(t *testing.T) {
		t.Parallel()
		b := l.connect(t)
		b.say(map[string]any{"t": "hello", "session": l.session(t, anna, -time.Second)})
		b.bye("expired")
	})
}

func TestOtherSitesMayNotOpenASocket(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	_, status, err := connect(t, l.dial, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://boese.example"}}})
	if err == nil || status != http.StatusForbidden {
		t.Errorf("got status %d, error %v; want 403", status, err)
	}
}

// Behind a proxy that calls us something else, browsers come from the public URL.
func TestPublicURLMayOpenASocket(t *testing.T) {
	t.Parallel()
	for host, origin := range map[string]string{"werkraum.example:8443": "https://werkraum.example:8443", "[fd00::1]:8080": "http://[fd00::1]:8080"} {
		h := NewHub(host, Limits{}, nil, nil, prometheus.NewRegistry(), zerolog.Nop())
		_, status, err := connect(t, listen(t, h), &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
		if err != nil {
			t.Errorf("%s: status %d, error %v", origin, status, err)
		}
		_, status, err = connect(t, listen(t, h), &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://" + host[:8] + ".boese.example"}}})
		if err == nil || status != http.StatusForbidden {
			t.Errorf("another site: status %d, error %v; want 403", status, err)
		}
	}
}
