package tests

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"werkraum/deploy/homeserver"
	"werkraum/tests/program"
)

// world is two administrations whose homeservers federate: the office, which runs Werkraum,
// and its partner.
type world struct {
	kind         homeserver.Kind
	ca           *homeserver.CA
	amt, partner *homeserver.Server
	houses       map[string]*house
	tap          *tap  // on the wire of the installation that is tapped
	err          error // why it could not be started
}

// house is one installation of Werkraum at the office's homeserver. There are several, for
// the tests that stop it or need it set up otherwise.
type house struct {
	*program.Program
	w     *world
	set   program.Settings
	alone sync.Mutex // held by the one test that works with it, unless it is everybody's
	once  sync.Once
	start func() error
	err   error
}

// Installations of Werkraum by the localpart of their bot.
const (
	usual   = "werkraum" // as it comes
	open    = "offen"    // anybody may invite; reaches no private address
	pausing = "pause"    // is stopped and started
	falling = "sturz"    // is killed
	elastic = "sturzpg"  // is killed, and keeps its work in PostgreSQL
	sealing = "siegel"   // seals what is in its database
	keyless = "verloren" // loses its key
	lacking = "stumm"    // its homeserver passes no keys on
	moving  = "umzug"    // its database is moved, lost, set back
	patient = "geduld"   // is stopped while a key is missing
	filing  = "ablage"   // is killed while files are sent
	posting = "aushang"  // is killed while it posts pictures of whiteboards
	keeping = "stand"    // is killed while it keeps earlier versions of whiteboards
	tapped  = "horcher"  // all that goes between it and its homeserver is recorded
)

type setting = map[string]map[string]any

func (w *world) settings() map[string]setting {
	const timeout = "1m" // a busy machine is no reason to refuse a sign-in
	reach := setting{
		"outbound": {"allow_networks": []string{"127.0.0.0/8"}, "ca_file": w.ca.CertFile(), "timeout": timeout},
		// People of tests type faster than people.
		"limits": {"commands_per_minute": 100_000, "room_commands_per_minute": 100_000, "changes_per_minute": 100_000, "room_changes_per_minute": 100_000},
	}
	return map[string]setting{
		usual: reach, tapped: reach, keeping: reach, posting: reach, filing: reach, moving: reach, patient: reach, pausing: reach, falling: reach, elastic: reach, keyless: reach,
		sealing: {"outbound": reach["outbound"], "database": {"seal": true}},
		lacking: {
			"outbound": reach["outbound"], "limits": reach["limits"],
			"homeserver": {"sync": map[homeserver.Kind]string{homeserver.Dendrite: "never", homeserver.Synapse: "auto"}[w.kind]},
		},
		open: {"outbound": {"ca_file": w.ca.CertFile(), "timeout": timeout}, "federation": {"invite_servers": []string{"*"}}},
	}
}

// world returns the running world of a kind.
func (s *suite) world(ctx context.Context, kind homeserver.Kind) (*world, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.worlds[kind]
	if w == nil {
		w = s.newWorld(ctx, kind)
		s.worlds[kind] = w
	}
	return w, w.err
}

// newWorld starts a world; where it could not, err says why. s.mu is held.
func (s *suite) newWorld(ctx context.Context, kind homeserver.Kind) *world {
	ctx = context.WithoutCancel(ctx) // a test that ends must not end what others share
	for attempt := 1; ; attempt++ {
		w := &world{kind: kind, houses: map[string]*house{}}
		w.err = s.begin(ctx, w)
		// Another program on the machine may be quicker to a port that was free.
		if !errors.Is(w.err, homeserver.ErrPortTaken) || attempt == 3 {
			return w
		}
		if err := w.close(ctx); err != nil {
			w.err = errors.Join(w.err, err)
			return w
		}
	}
}

// begin starts a world; s.mu is held.
func (s *suite) begin(ctx context.Context, w *world) error {
	binary, err := s.program(ctx)
	if err != nil {
		return err
	}
	dir, err := s.folder(string(w.kind))
	if err != nil {
		return err
	}
	if w.ca, err = homeserver.OpenCA(dir); err != nil {
		return err
	}
	settings := w.settings()
	ports, err := homeserver.FreePorts(2 + 2*len(settings))
	if err != nil {
		return err
	}
	var registrations []string
	next := 2
	for localpart, more := range settings {
		dir, err := s.folder(localpart)
		if err != nil {
			return err
		}
		set := program.Settings{
			Binary: binary, Dir: dir, Localpart: localpart, Port: ports[next], OperationsPort: ports[next+1],
			HomeserverURL: fmt.Sprintf("http://127.0.0.1:%d", ports[0]), ServerName: fmt.Sprintf("127.0.0.1:%d", ports[1]),
			More: more,
		}
		next += 2
		if localpart == tapped {
			w.tap = newTap()
			set.HomeserverURL, set.PushURL = w.tap.between(set.HomeserverURL, fmt.Sprintf("http://127.0.0.1:%d", set.Port))
		}
		h := &house{w: w}
		if h.Program, err = program.New(set); err != nil {
			return err
		}
		if localpart == lacking {
			if err := h.withoutExtensions(); err != nil {
				return err
			}
		}
		h.start = func() error { return h.begin(ctx, set) }
		w.houses[localpart] = h
		registrations = append(registrations, h.Registration)
	}
	var wait sync.WaitGroup
	var amtErr, partnerErr error
	amtDir, err := s.folder("amt")
	if err != nil {
		return err
	}
	partnerDir, err := s.folder("partner")
	if err != nil {
		return err
	}
	wait.Go(func() {
		w.amt, amtErr = homeserver.Start(ctx, homeserver.Options{
			Kind: w.kind, CA: w.ca, Dir: amtDir, Port: ports[0], FederationPort: ports[1], Registrations: registrations,
		})
	})
	wait.Go(func() {
		w.partner, partnerErr = homeserver.Start(ctx, homeserver.Options{Kind: w.kind, CA: w.ca, Dir: partnerDir})
	})
	wait.Wait()
	return errors.Join(amtErr, partnerErr)
}

// close ends the world: Werkraum first.
func (w *world) close(ctx context.Context) error {
	return errors.Join(
		together(maps.Values(w.houses), func(h *house) error { return h.Stop(ctx) }),
		together(slices.Values([]*homeserver.Server{w.amt, w.partner}), func(s *homeserver.Server) error {
			if s == nil {
				return nil // it was not started
			}
			return s.Stop(ctx)
		}), w.tap.close())
}

// begin starts an installation for the first time, with its database.
func (h *house) begin(ctx context.Context, set program.Settings) error {
	if set.Localpart == elastic || h.w.kind == homeserver.Synapse && set.Localpart != falling {
		url, err := shared.database(ctx, string(h.w.kind)+"_"+set.Localpart)
		if err != nil {
			return err
		}
		set.Database = url
		if err := h.Configure(set); err != nil {
			return err
		}
	}
	h.set = set
	return h.Start(ctx)
}

// everybodys are the installations that nobody stops, kills or sets up anew: many tests work
// with them at the same time.
var everybodys = []string{usual, open}

// house returns an installation that runs, until the test is over for this test alone, unless it
// is everybody's.
func (w *world) house(t *testing.T, localpart string) *house {
	t.Helper()
	h := w.houses[localpart]
	if !slices.Contains(everybodys, localpart) {
		h.alone.Lock()
		t.Cleanup(h.alone.Unlock)
	}
	h.once.Do(func() { h.err = h.start() })
	if h.err == nil && !h.Running() { // a test that failed has left it like that
		h.err = h.Start(context.WithoutCancel(t.Context()))
	}
	if h.err != nil {
		t.Fatal(h.err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of the log of %s:\n%s\n%s", localpart, h.LogTail(10), h.metrics())
		}
	})
	return h
}

// metrics are the program's own figures, those that are not 0, for the explanation of a
// failure.
func (h *house) metrics() string {
	client := http.Client{Timeout: patience}
	resp, err := client.Get(h.OperationsURL + "/metrics")
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "werkraum_") && !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum") && !strings.HasSuffix(line, " 0\n") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
