package tests

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"werkraum/deploy/homeserver"
	"werkraum/tests/clock"
	"werkraum/tests/disk"
	"werkraum/tests/program"
	"werkraum/tests/wire"
)

// All that can fail around Werkraum does, at random, while people of two administrations type
// commands, work on pages and draw, in an open and in an encrypted room: the program is killed, both
// homeservers and the database server are, the disk is full, the network is cut between the
// program and its homeserver and between the homeservers, the clock jumps. In the end nothing
// is lost and nothing was done twice (see chaos.prove).
//
// CHAOS_FOR is how long (a minute by default); long runs take every pair of homeserver and
// database. TEST_SEED repeats a run's choices; the seed is printed. What happens between two
// choices depends on the machine.
func TestChaos(t *testing.T) {
	t.Parallel()
	lasting := chaosLasts
	if text := os.Getenv("CHAOS_FOR"); text != "" {
		var err error
		if lasting, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	seed := seedOf(t)
	for _, kind := range kinds(t) {
		for _, postgres := range []bool{false, true} {
			// The usual pairs: a small house with Dendrite and SQLite, a large one.
			if usual := postgres == (kind == homeserver.Synapse); !usual && lasting <= chaosLasts {
				continue
			}
			name := string(kind) + "+sqlite"
			if postgres {
				name = string(kind) + "+postgres"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newChaos(t, kind, postgres)
				c.random = rand.New(rand.NewPCG(seed, uint64(len(name)))) //nolint:gosec // repeatable
				c.run(lasting)
			})
		}
	}
}

const (
	chaosLasts = time.Minute
	// chaosRecovery is how long everything may take to be made up for after the last trouble:
	// homeservers wait longer and longer before they try each other again.
	chaosRecovery = 5 * time.Minute
	chaosLook     = 5 * time.Second // at rooms of so many messages
	// restartEvery is how soon a program that has given up is started again, as systemd would.
	restartEvery = 500 * time.Millisecond
	// clockAhead is the most that the clock is set wrong. Stamps do not go back with it.
	clockAhead = 30 * time.Hour
	diskSize   = 64  // MiB
	pgDiskSize = 320 // MiB; with a log of changes of 64
)

// seedOf is the seed of a run, TEST_SEED or a new one.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any number will do
	if text := os.Getenv("TEST_SEED"); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = given
	}
	t.Logf("TEST_SEED=%d", seed)
	return seed
}

// chaos is a world of its own, in which things fail.
type chaos struct {
	*house
	t        *testing.T
	w        *world
	random   *rand.Rand // of the goroutine that makes trouble
	postgres *homeserver.Postgres
	disk     *disk.Disk // nil where this user may not mount
	clock    *clock.Clock
	database string // its URL
	// The wires lead to the homeserver, to the program, and to each homeserver from the other.
	toHomeserver, toProgram, toAmt, toPartner *wire.Wire

	open, sealed *playground

	counts   map[string]int // troubles by kind
	restarts int            // how often the program had given up and was started again
}

// newChaos starts a world whose parts are joined by wires.
func newChaos(t *testing.T, kind homeserver.Kind, postgres bool) *chaos {
	t.Helper()
	ctx := t.Context()
	c := &chaos{t: t, w: &world{kind: kind, houses: map[string]*house{}}, counts: map[string]int{}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir, binary, err := shared.stepping(ctx)
	must(err)
	size := diskSize
	if postgres {
		size = pgDiskSize
	}
	c.disk, err = disk.New(size)
	if errors.Is(err, disk.ErrNotAllowed) && os.Geteuid() != 0 {
		c.t.Logf("the disk does not become full in this run: %v", err)
		err = nil
	}
	must(err)
	place := dir
	if c.disk != nil {
		place = c.disk.Dir
		t.Cleanup(func() { logged(t, c.disk.Close()) })
	}
	c.database = "sqlite:" + place + "/werkraum.db"
	if postgres {
		if c.disk == nil {
			place = ""
		}
		// Durable: what was acknowledged is not in the memory of a server that is killed.
		c.postgres, err = homeserver.StartPostgres(ctx, homeserver.PostgresOptions{Durable: true, Dir: place, MaxWAL: 64})
		must(err)
		t.Cleanup(func() { logged(t, c.postgres.Stop(context.Background())) })
		c.database, err = c.postgres.CreateDatabase(ctx, "werkraum")
		must(err)
	}
	c.clock, err = clock.New(dir)
	must(err)
	c.w.ca, err = homeserver.OpenCA(dir)
	must(err)

	ports, wires, err := connected()
	for attempt := 1; errors.Is(err, syscall.EADDRINUSE) && attempt < 3; attempt++ {
		ports, wires, err = connected() // another program on the machine was quicker
	}
	must(err)
	for _, w := range wires {
		t.Cleanup(func() { logged(t, w.Close()) })
	}
	amtClients, partnerClients, amtListens, partnerListens, programListens := ports[0], ports[1], ports[2], ports[3], ports[4]
	c.toHomeserver, c.toProgram, c.toAmt, c.toPartner = wires[0], wires[1], wires[2], wires[3]
	h := &house{w: c.w}
	h.Program, err = program.New(program.Settings{
		Binary: binary, Dir: dir, Localpart: usual, Port: programListens, OperationsPort: ports[9],
		HomeserverURL: "http://" + local(ports[5]), PushURL: "http://" + local(ports[6]), ServerName: local(ports[7]),
		Database: c.database, Env: []string{c.clock.Env()}, More: c.w.settings()[usual],
	})
	must(err)
	c.house, c.w.houses[usual] = h, h
	t.Cleanup(func() { logged(t, c.w.close(context.Background())) })
	start := func(into **homeserver.Server, name string, o homeserver.Options) {
		o.Kind, o.CA, o.Dir = kind, c.w.ca, filepath.Join(dir, name)
		*into, err = homeserver.Start(ctx, o)
		must(err)
	}
	start(&c.w.amt, "amt", homeserver.Options{Port: amtClients, FederationPort: ports[7], FederationListen: amtListens, Registrations: []string{h.Registration}})
	start(&c.w.partner, "partner", homeserver.Options{Port: partnerClients, FederationPort: ports[8], FederationListen: partnerListens})
	must(h.Start(ctx))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of the log of Werkraum:\n%s\n%s", h.LogTail(10), h.metrics())
		}
	})
	c.open, c.sealed = newPlayground(t, newScene(t, h)), newPlayground(t, newSealedScene(t, h))
	c.open.scene.ahead, c.sealed.scene.ahead = clockAhead, clockAhead
	return c
}

func local(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// connected returns ten ports, and wires from the sixth and those after it: to the first, the
// fifth, the third and the fourth. What is opened stays open if there is an error.
func connected() (ports []int, wires []*wire.Wire, err error) {
	if ports, err = homeserver.FreePorts(10); err != nil {
		return nil, nil, err
	}
	for i, to := range []int{ports[0], ports[4], ports[2], ports[3]} {
		w, err := wire.Open(ports[5+i], local(to))
		if err != nil {
			return nil, nil, err
		}
		wires = append(wires, w)
	}
	return ports, wires, nil
}

// stepping returns a new folder and a program whose clock can be set.
func (s *suite) stepping(ctx context.Context) (dir, binary string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if dir, err = s.folder("chaos"); err != nil {
		return "", "", err
	}
	s.steppingOnce.Do(func() {
		var flags []string
		if flags, s.steppingErr = clock.Overlay(ctx, dir); s.steppingErr == nil {
			s.steppingBinary, s.steppingErr = program.Build(context.WithoutCancel(ctx), dir, flags...)
		}
	})
	return dir, s.steppingBinary, s.steppingErr
}

func logged(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func (c *chaos) run(lasting time.Duration) {
	jonas := newPerson(c.t, c.w.amt, "Jonas")
	c.open.anna.invite(c.open.room, jonas.UserID)
	jonas.join(c.open.room, c.w.amt.ServerName)
	c.open.people = append(c.open.people, jonas)

	// Whoever works is bound by ctx, and stops when working ends, with nothing left undone.
	ctx, cancel := context.WithTimeout(c.t.Context(), lasting+chaosRecovery)
	defer cancel()
	working, stop := context.WithCancel(ctx)
	defer stop()
	group, ctx := errgroup.WithContext(ctx)
	for _, g := range []*playground{c.open, c.sealed} {
		for _, p := range g.people {
			group.Go(func() error { return g.types(ctx, working, p) })
		}
		for _, p := range []*person{g.anna, g.mia} {
			group.Go(func() error { return g.drags(ctx, working, p) })
		}
	}
	group.Go(func() error {
		defer stop()
		return c.troubles(ctx, lasting)
	})
	if err := group.Wait(); err != nil {
		c.t.Fatal(err)
	}
	c.prove()
	c.report(lasting)
}

// report prints what there was.
func (c *chaos) report(lasting time.Duration) {
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(c.counts)) {
		kinds = append(kinds, fmt.Sprintf("%s %d", kind, c.counts[kind]))
	}
	commands, changes, strokes := 0, 0, 0
	for _, g := range []*playground{c.open, c.sealed} {
		commands += len(g.commands)
		changes += len(g.safe)
		strokes += len(g.strokes)
	}
	c.t.Logf("%s of chaos: %s; the program gave up and was started again %d times; %d commands, %d changes of pages, %d of them strokes",
		lasting, strings.Join(kinds, ", "), c.restarts, commands, changes, strokes)
}

// trouble is one thing that fails, and how it is mended.
type trouble struct {
	kind       string
	begin, end func(context.Context) error
}

// troubles makes trouble, sometimes two at once, and mends it before the next. What was chosen
// does not depend on how long anything takes: the seed repeats it.
func (c *chaos) troubles(ctx context.Context, lasting time.Duration) error {
	until := time.Now().Add(lasting)
	for bag := []trouble(nil); time.Now().Before(until); {
		if len(bag) < 2 { // every kind comes once before any comes again
			if bag != nil {
				c.breathes(ctx)
			}
			more := c.kinds()
			c.random.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
			bag = append(bag, more...)
		}
		n := 1 + c.random.IntN(2)
		chosen := bag[:n]
		bag = bag[n:]
		if n == 2 && chosen[0].kind == chosen[1].kind {
			chosen = chosen[:1]
		}
		wait := func(most int) error {
			return pause(ctx, time.Duration(c.random.IntN(most))*time.Millisecond)
		}
		if err := wait(1500); err != nil {
			return err
		}
		for _, tr := range chosen {
			c.t.Logf("%s trouble: %s", time.Now().Format(time.TimeOnly), tr.kind)
			c.counts[tr.kind]++
			if err := tr.begin(ctx); err != nil {
				return fmt.Errorf("%s: %w", tr.kind, err)
			}
			if err := wait(2500); err != nil {
				return err
			}
		}
		for _, tr := range chosen {
			if err := tr.end(ctx); err != nil {
				return fmt.Errorf("after %s: %w", tr.kind, err)
			}
		}
		if err := c.revive(ctx); err != nil {
			return err
		}
	}
	return nil
}

// breathes waits, for a while, until everything that is to be said has been said: where a kill
// follows the other, the bot says nothing at all (on Dendrite it looks for 33 s whether the last
// message came), and there would be nothing to disturb.
func (c *chaos) breathes(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for strings.Contains(c.metrics(), "werkraum_outbox_waiting") && pause(ctx, lookEvery) == nil {
	}
}

// revive starts again what has ended because of what failed, as those would who run it.
func (c *chaos) revive(ctx context.Context) error {
	for start := time.Now(); ; {
		err := c.reviveOnce(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || time.Since(start) > patience {
			return fmt.Errorf("start again: %w", err)
		}
		if err := pause(ctx, restartEvery); err != nil {
			return err
		}
	}
}

func (c *chaos) reviveOnce(ctx context.Context) error {
	if c.postgres != nil && closed(c.postgres.Done()) {
		if err := c.postgres.Start(ctx); err != nil {
			return err
		}
	}
	if !c.Running() || closed(c.Ended()) {
		if c.Running() {
			c.restarts++
		}
		if err := c.Launch(); err != nil {
			return err
		}
	}
	return c.AwaitReady(ctx)
}

func closed(ended <-chan struct{}) bool {
	select {
	case <-ended:
		return true
	default:
		return false
	}
}

// kinds are all troubles that there are. Their details are chosen now.
func (c *chaos) kinds() []trouble {
	r := c.random
	nothing := func(context.Context) error { return nil }
	launch := func(context.Context) error {
		if c.Running() {
			return nil // two troubles killed it
		}
		return c.Launch()
	}
	killed := func(s *homeserver.Server) trouble {
		return trouble{begin: func(context.Context) error { return s.Kill() }, end: s.Restart}
	}
	duringStart := time.Duration(r.IntN(400)) * time.Millisecond
	list := []trouble{
		{"program killed", func(context.Context) error { return c.Kill() }, launch},
		{"program killed as it starts", func(ctx context.Context) error {
			if err := errors.Join(c.Kill(), c.Launch(), pause(ctx, duringStart)); err != nil {
				return err
			}
			return c.Kill()
		}, launch},
		{"clock jumps", c.jump(r), c.jump(r)},
		{"homeserver killed", killed(c.w.amt).begin, killed(c.w.amt).end},
		{"partner's homeserver killed", killed(c.w.partner).begin, killed(c.w.partner).end},
		c.cut("network to the homeserver", c.toHomeserver, c.toProgram),
		c.cut("network between homeservers", c.toAmt, c.toPartner),
		{"connections reset", func(context.Context) error {
			for _, w := range []*wire.Wire{c.toHomeserver, c.toProgram, c.toAmt, c.toPartner} {
				w.Reset()
			}
			return nil
		}, nothing},
	}
	if c.postgres != nil { // revive starts it again, when there is room on the disk
		list = append(list, trouble{"database killed", func(context.Context) error { return c.postgres.Kill() }, nothing})
	}
	if c.disk != nil {
		list = append(list, trouble{"disk full", func(context.Context) error { return c.disk.Fill() }, func(context.Context) error { return c.disk.Free() }})
	}
	return list
}

// jump sets the clock to something else: right, or hours away in either direction.
func (c *chaos) jump(r *rand.Rand) func(context.Context) error {
	to := time.Duration(0)
	if r.IntN(3) > 0 {
		to = time.Duration(r.Int64N(int64(clockAhead+3*time.Hour))) - 3*time.Hour
	}
	return func(context.Context) error { return c.clock.Set(to) }
}

// cut fails a connection of two directions, or one of them, loudly or silently.
func (c *chaos) cut(kind string, wires ...*wire.Wire) trouble {
	if which := c.random.IntN(3); which < 2 {
		wires = wires[which : which+1]
	}
	state := []wire.State{wire.Broken, wire.Silent}[c.random.IntN(2)]
	set := func(state wire.State) func(context.Context) error {
		return func(context.Context) error {
			for _, w := range wires {
				w.Set(state)
			}
			return nil
		}
	}
	return trouble{kind, set(state), set(wire.Whole)}
}

// mended is how the world is before it is looked at: with the right time.
func (c *chaos) mended() {
	c.t.Helper()
	logged(c.t, c.clock.Set(0))
	logged(c.t, c.revive(c.t.Context()))
}
