package tests

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

const (
	// chaosPace is between the commands of one person, clickPace between acts on one page.
	chaosPace = time.Second
	clickPace = 300 * time.Millisecond
	// attempt bounds one request of a person's client, retryPace is how soon it tries again.
	attempt   = 20 * time.Second
	retryPace = 300 * time.Millisecond
)

// playground is a room in chaos, with what was asked for there.
type playground struct {
	*scene
	people []*person // who type
	canvas string    // the whiteboard on which they draw

	mu       sync.Mutex
	commands map[id.EventID]command
	safe     map[string]string // changes of pages that were acknowledged: the title of the card that they made, or ""
	strokes  []string          // that were acknowledged
}

// command is what somebody typed. Its card has the title; none if that is empty.
type command struct {
	by    *person
	title string
}

func newPlayground(t *testing.T, s *scene) *playground {
	t.Helper()
	g := &playground{scene: s, people: []*person{s.anna, s.mia}, canvas: newWhiteboard(), commands: map[id.EventID]command{}, safe: map[string]string{}}
	s.page(s.anna).do("whiteboard.add", object{"whiteboard": g.canvas, "title": "Skizze"})
	return g
}

// types has somebody type commands until work is over.
func (g *playground) types(ctx, working context.Context, p *person) error {
	for n := 0; working.Err() == nil; n++ {
		title := fmt.Sprintf("%s %d", p.DisplayName, n)
		if n%5 == 4 {
			title = ""
		}
		if _, err := g.command(ctx, p, title); err != nil {
			return err
		}
		_ = pause(working, chaosPace)
	}
	return nil
}

// command types one command. Their client repeats it, with the same transaction ID, until the
// homeserver has taken it. It encrypts it anew each time: a homeserver that was killed before it
// could say that it took it takes it once more, and of two events with the same ciphertext nobody
// can read the second, whichever that is.
func (g *playground) command(ctx context.Context, p *person, title string) (sent id.EventID, err error) {
	text := "!karte neu " + title
	if title == "" {
		text = "!hilfe"
	}
	txn := newItem()
	if p.sealed != nil {
		bound, cancel := context.WithTimeout(ctx, attempt)
		_ = p.heard.CatchUp(bound) // keys, and requests for keys; what is missed comes with the next
		cancel()
	}
	err = persist(ctx, func(ctx context.Context) (err error) {
		kind, content := event.EventMessage.Type, any(object{"msgtype": "m.text", "body": text})
		if p.sealed != nil {
			if kind, content, err = p.sealed.seal(ctx, g.room, kind, content); err != nil {
				return fmt.Errorf("encrypt: %w", err)
			}
		}
		resp, err := p.Client.SendMessageEvent(ctx, g.room, event.Type{Type: kind, Class: event.MessageEventType}, content,
			mautrix.ReqSendEvent{TransactionID: txn, DontEncrypt: true})
		if err == nil && resp.EventID == "" {
			err = errors.New("the homeserver gave no event ID")
		}
		if err == nil {
			sent = resp.EventID
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("%s types: %w", p.DisplayName, err)
	}
	g.mu.Lock()
	g.commands[sent] = command{p, title}
	g.mu.Unlock()
	return sent, nil
}

// persist repeats something until it works or ctx ends.
func persist(ctx context.Context, try func(context.Context) error) error {
	for {
		bound, cancel := context.WithTimeout(ctx, attempt)
		err := try(bound)
		cancel()
		if err == nil {
			return nil
		}
		if pause(ctx, retryPace) != nil {
			return fmt.Errorf("%w, last: %w", ctx.Err(), err)
		}
	}
}

// deed is one act on a page, which is repeated until it is decided.
type deed struct {
	name, act, title string
	stroke           string // what is drawn, or ""
	args             object
}

// drags is a page that does one thing after the other: it makes cards, drags them about,
// and draws on the whiteboard.
// After each outage it comes back, signs in anew if it must, and repeats what was not decided.
func (g *playground) drags(ctx, working context.Context, p *person) error {
	random := rand.New(rand.NewPCG(uint64(len(p.UserID)), 0)) //nolint:gosec // anything will do
	var session string
	var doing *deed
	for n := 0; working.Err() == nil || doing != nil; {
		opened, err := g.opens(ctx, p, &session)
		if err != nil {
			if err := pause(ctx, retryPace); err != nil {
				return err
			}
			continue
		}
		for err == nil && (working.Err() == nil || doing != nil) {
			if doing == nil {
				n++
				doing = g.thinkOf(opened, random, p, n)
			}
			if err = opened.DoAs(ctx, doing.name, doing.act, doing.args); err == nil {
				doing, err = g.outcome(ctx, opened, doing)
			}
			_ = pause(ctx, clickPace)
		}
		_ = opened.Close()
		if ctx.Err() != nil {
			return fmt.Errorf("the page of %s: %w, last: %w", p.DisplayName, ctx.Err(), err)
		}
	}
	return nil
}

// opens opens the page with the session there is, or with a new one.
func (g *playground) opens(ctx context.Context, p *person, session *string) (*page.Page, error) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	if *session == "" {
		var token page.OpenID
		_, err := p.Client.MakeRequest(ctx, http.MethodPost, p.Client.BuildClientURL("v3", "user", p.UserID, "openid", "request_token"), struct{}{}, &token)
		if err != nil {
			return nil, err
		}
		signed, err := page.SignInOpenID(ctx, g.URL, g.room, token)
		if err != nil {
			return nil, err
		}
		*session = signed.Token
	}
	opened, err := page.Open(ctx, g.URL, page.Options{Session: *session})
	if err != nil {
		return nil, err
	}
	err = opened.Await(ctx, "all of the board", func(st *page.State) bool { return st.Complete || st.Bye != nil })
	opened.Look(func(st *page.State) {
		if err == nil && st.Bye != nil {
			err = fmt.Errorf("goodbye: %+v", *st.Bye)
			if st.Bye.Reason == "expired" { // by a clock that has jumped ahead
				*session = ""
			}
		}
	})
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return opened, nil
}

// thinkOf chooses what to do next on a page.
func (g *playground) thinkOf(opened *page.Page, random *rand.Rand, p *person, n int) *deed {
	name := fmt.Sprintf("chaos-%s-%d", newItem(), n)
	var cards, columns []string
	opened.Look(func(st *page.State) {
		for card := range st.Cards() {
			cards = append(cards, card)
		}
		for column := range st.Columns() {
			columns = append(columns, column)
		}
	})
	slices.Sort(cards)
	slices.Sort(columns)
	if len(cards) == 0 || random.IntN(3) == 0 {
		title := fmt.Sprintf("%ss Seite %d", p.DisplayName, n)
		return &deed{name, "card.add", title, "", object{"card": newItem(), "title": title}}
	}
	if random.IntN(4) == 0 {
		s := stroke(newItem(), n)
		return &deed{name, "whiteboard.draw", "", s["id"].(string), object{"whiteboard": g.canvas, "elements": []object{s}}}
	}
	card := cards[random.IntN(len(cards))]
	if random.IntN(4) == 0 {
		return &deed{name, "card.edit", "", "", object{"card": card, "description": fmt.Sprintf("%s, %d", p.DisplayName, n)}}
	}
	var before any
	if random.IntN(4) > 0 {
		before = cards[random.IntN(len(cards))]
	}
	return &deed{name, "card.move", "", "", object{"card": card, "column": columns[random.IntN(len(columns))], "before": before}}
}

// stroke is one that somebody draws by hand.
func stroke(name string, at int) object {
	s := shape(name, 1)
	s["type"], s["x"], s["y"], s["simulatePressure"], s["pressures"] = "freedraw", 7*at, 5*at, true, []float64{}
	var points [][]int
	for i := range 20 {
		points = append(points, []int{5 * i, (i * i) % 50})
	}
	s["points"] = points
	return s
}

// outcome waits for what becomes of a deed and returns it as long as that is open. The error
// is that the page was closed.
func (g *playground) outcome(ctx context.Context, opened *page.Page, d *deed) (*deed, error) {
	var refusal *page.Refusal
	var done bool
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	err := opened.Await(ctx, "the outcome", func(st *page.State) bool {
		_, done = st.Acks[d.name]
		refusal = st.Refusals[d.name]
		delete(st.Refusals, d.name) // it may be asked for again
		return done || refusal != nil
	})
	switch {
	case err != nil:
		return d, err
	case done:
		g.mu.Lock()
		g.safe[d.name] = d.title
		if d.stroke != "" {
			g.strokes = append(g.strokes, d.stroke)
		}
		g.mu.Unlock()
		return nil, nil
	case refusal.Kind == "conflict" && d.act != "card.add": // it would change nothing
		return nil, nil
	case slices.Contains([]string{"rate_limited", "unavailable", "internal"}, refusal.Kind):
		return d, nil // for now; the page says so, and the person tries again
	}
	g.t.Errorf("%s %v of a page was refused: %v", d.act, d.args, refusal)
	return nil, nil
}
