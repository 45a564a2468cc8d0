package tests

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/tests/page"
)

// Werkraum is killed again and again, at any moment, while people type commands and work on
// the page. In the end every command was done once and answered once, every change that a
// page was told is safe is there once, and the room's log gives the board.
//
// TEST_SEED repeats a run's moments; the seed is printed.
func TestCrashLosesNothingAndRepeatsNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		for _, localpart := range []string{falling, elastic} {
			t.Run(localpart, func(t *testing.T) {
				t.Parallel()
				newCrash(t, w, localpart).run()
			})
		}
	})
}

const (
	kills = 15
	// killsOnSynapse are fewer: after an outage it waits for seconds before it pushes again.
	killsOnSynapse = 4
	pace           = 120 * time.Millisecond // between the commands of one person
	// recovery is how long it may take until everything is made up for: on Dendrite the first
	// message that a killed run left in a room is held until 33 s after the last start, and all
	// others wait behind it.
	recovery  = 2 * patience
	lookEvery = 2 * time.Second // at a room of so many messages
)

// crash is one run of the crash test.
type crash struct {
	*scene
	t      *testing.T
	random *rand.Rand

	mu       sync.Mutex
	commands map[id.EventID]string // what was typed, by the event: the card's title
	pending  map[string]object     // what the page wants done, by its ID, until it is acknowledged
	safe     map[string]bool       // titles that were acknowledged
}

func newCrash(t *testing.T, w *world, localpart string) *crash {
	t.Helper()
	seed := seedOf(t)
	return &crash{
		scene: newScene(t, w.house(t, localpart)), t: t, random: rand.New(rand.NewPCG(seed, 0)), //nolint:gosec // repeatable
		commands: map[id.EventID]string{}, pending: map[string]object{}, safe: map[string]bool{},
	}
}

func (c *crash) run() {
	session := c.anna.signIn(c.house, c.room)
	jonas := newPerson(c.t, c.w.amt, "Jonas")
	c.anna.invite(c.room, jonas.UserID)
	jonas.join(c.room, c.w.amt.ServerName)

	working, stop := context.WithCancel(c.t.Context())
	defer stop()
	group, ctx := errgroup.WithContext(c.t.Context())
	for _, p := range []*person{c.anna, c.mia, jonas} {
		group.Go(func() error { return c.types(ctx, working, p) })
	}
	group.Go(func() error { return c.clicks(ctx, working, session.Token) })
	group.Go(func() error {
		defer stop()
		return c.kills(ctx)
	})
	if err := group.Wait(); err != nil {
		c.t.Fatal(err)
	}
	c.prove()
}

// kills ends the program at random moments: while it works, while it starts, and before it
// has begun to.
func (c *crash) kills(ctx context.Context) error {
	rounds := kills
	if c.w.kind == homeserver.Synapse {
		rounds = killsOnSynapse
	}
	for n := range rounds {
		if err := pause(ctx, time.Duration(c.random.IntN(2500))*time.Millisecond); err != nil {
			return err
		}
		if err := c.Kill(); err != nil {
			return err
		}
		if n%4 == 3 { // once more, in the middle of its start
			if err := c.Launch(); err != nil {
				return err
			}
			if err := pause(ctx, time.Duration(c.random.IntN(400))*time.Millisecond); err != nil {
				return err
			}
			if err := c.Kill(); err != nil {
				return err
			}
		}
		if err := c.Start(ctx); err != nil {
			return fmt.Errorf("start after kill %d: %w", n, err)
		}
	}
	return nil
}

// types has somebody type commands until work is over.
func (c *crash) types(ctx, working context.Context, p *person) error {
	for n := 0; working.Err() == nil; n++ {
		title := fmt.Sprintf("%s %d", p.DisplayName, n)
		event, err := p.send(ctx, c.room, newItem(), "!karte neu "+title)
		if err != nil {
			return fmt.Errorf("%s types: %w", p.DisplayName, err)
		}
		c.mu.Lock()
		c.commands[event] = title
		c.mu.Unlock()
		_ = pause(working, pace)
	}
	return nil
}

// clicks is a page that does one thing after the other, and comes back after each outage to
// repeat what was not acknowledged, until all of it is.
func (c *crash) clicks(ctx, working context.Context, session string) error {
	for n := 0; working.Err() == nil || len(c.pending) > 0; {
		opened, err := page.Open(ctx, c.URL, page.Options{Session: session})
		if err != nil {
			if err := pause(ctx, pace); err != nil {
				return err
			}
			continue // it is being killed just now
		}
		for name, args := range maps.Clone(c.pending) {
			_ = opened.DoAs(ctx, name, "card.add", args) // what is lost is repeated next time
		}
		for err == nil && (working.Err() == nil || len(c.pending) > 0) {
			if working.Err() == nil {
				n++
				name, args := fmt.Sprintf("crash-page-%d", n), object{"card": newItem(), "title": fmt.Sprintf("Seite %d", n)}
				c.pending[name] = args
				err = opened.DoAs(ctx, name, "card.add", args)
			}
			if err == nil {
				err = c.acknowledged(ctx, opened)
			}
		}
		_ = opened.Close()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// acknowledged waits a moment and takes what is safe from what is pending. The error is that
// the page was closed, or that something was refused.
func (c *crash) acknowledged(ctx context.Context, p *page.Page) error {
	ctx, cancel := context.WithTimeout(ctx, pace)
	defer cancel()
	err := p.Await(ctx, "the page to be closed", func(st pageState) bool {
		for name := range st.Acks {
			if args, ok := c.pending[name]; ok {
				c.safe[args["title"].(string)] = true
				delete(c.pending, name)
			}
		}
		return len(st.Refusals) > 0
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // it was just the moment
	}
	if err == nil {
		p.Look(func(st pageState) { err = fmt.Errorf("refused: %v", st.Refusals) })
		c.t.Error(err)
	}
	return err
}

// prove compares what was asked for with what there is.
func (c *crash) prove() {
	c.t.Helper()
	last := c.anna.say(c.room, "!karte liste")
	untilIn(c.t, recovery, lookEvery, "all commands to be answered", func() error {
		answers := c.botMessages(c.anna)
		var missing []string
		for event, title := range c.commands {
			if len(answers[event]) == 0 {
				missing = append(missing, title)
			}
		}
		if len(missing) > 0 || len(answers[last]) == 0 {
			return fmt.Errorf("%d of %d commands have no answer: %q", len(missing), len(c.commands), missing)
		}
		return nil
	})
	board := c.page(c.anna)
	answers, titles := c.botMessages(c.anna), board.titles()
	for event, title := range c.commands {
		if len(answers[event]) != 1 || titles[title] != 1 {
			c.t.Errorf("%s: %d answers and %d cards, want one each", title, len(answers[event]), titles[title])
			for _, m := range answers[event] {
				c.t.Logf("%s is answered with %s: %.200s", title, m.ID, m.Body)
			}
		}
	}
	for title := range c.safe {
		if titles[title] != 1 {
			c.t.Errorf("%s was acknowledged and is there %d times", title, titles[title])
		}
	}
	if want := len(c.commands) + len(c.safe); len(titles) != want {
		c.t.Errorf("the board shows %d titles, want %d", len(titles), want)
	}
	numbers := map[string]int{}
	for _, it := range itemsOf(board) {
		if it.Kind == "card" {
			numbers[it.Text("number")]++
		}
	}
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		if numbers[n] != 1 {
			c.t.Errorf("the number %s was given %d times", n, numbers[n])
		}
	}
	c.reproducedIn(recovery, lookEvery, board, c.anna)
	c.t.Logf("%d commands and %d changes of a page", len(c.commands), len(c.safe))
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
