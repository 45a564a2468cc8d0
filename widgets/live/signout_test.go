package live

import (
	"context"
	"sync"
	"testing"
	"time"

	"werkraum/store"
	"werkraum/widgets/session"
	"werkraum/workspace/pace"
)

func TestSigningOutEndsThePagesOfThatSession(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	sessions := session.New(l.store, nil, "", time.Hour, pace.Limit{})
	token := l.session(t, mia, time.Hour)
	var hers []*browser
	for range 2 { // a copied tab has the session, too
		b := l.connect(t)
		b.say(map[string]any{"t": "hello", "session": token, "lang": "en"})
		b.until("welcome")
		hers = append(hers, b)
	}
	elsewhere, other := l.openPage(t, mia), l.openPage(t, anna) // signed in for themselves
	for range 2 {                                               // the second time there is nothing to end
		ended, err := sessions.End(t.Context(), "", token)
		if err != nil {
			t.Fatal(err)
		}
		l.hub.SignedOut(ended)
	}
	for _, b := range hers {
		if m := b.bye("expired"); m.Message != signedOutText.En {
			t.Errorf("it says %q", m.Message)
		}
	}
	awaitPages(t, l, 2)
	for _, b := range []*browser{elsewhere, other} {
		b.say(map[string]any{"t": "ping"})
		b.until("pong")
	}
}

// leaving is a person who signs out as soon as their session was looked at.
type leaving struct {
	*session.Sessions
	gone sync.Once
}

func (s *leaving) Check(ctx context.Context, origin, token string) (n store.Session, err error) {
	n, err = s.Sessions.Check(ctx, origin, token)
	s.gone.Do(func() { _, err = s.End(ctx, origin, token) })
	return n, err
}

func TestSigningOutWhileAPageOpens(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.hub.sessions = &leaving{Sessions: session.New(l.store, nil, "", time.Hour, pace.Limit{})}
	b := l.connect(t)
	b.say(map[string]any{"t": "hello", "session": l.session(t, anna, time.Hour), "lang": "de"})
	b.bye("expired")
	awaitPages(t, l, 0)
}
