// Command demo starts two federated homeservers (of an administration, amt, and its partner)
// and Werkraum, fills an example room the way people would, and says how to look at it.
// It runs until Ctrl-C; the next start takes up where this one stopped.
//
// Settings are DEMO_DIR, the folder that everything is kept in (.demo), and
// DEMO_PORT_OFFSET, which is added to all ports so that several demos run side by side.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"werkraum/deploy/homeserver"
)

// stopPatience is how long all servers together may take to stop.
const stopPatience = 40 * time.Second

func main() {
	// The first signal asks everything to stop in order, a second one ends us at once; the
	// kernel then ends the servers.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	s, err := readSettings()
	if err == nil {
		err = run(ctx, s, newPrinter(os.Stdout))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "\n"+explain(err))
		os.Exit(1)
	}
}

// run starts everything, waits for the end, and stops everything.
func run(ctx context.Context, s settings, out *printer) (err error) {
	started := time.Now()
	if err := s.checkPorts(); err != nil {
		return err
	}
	state, err := openState(s, out)
	if err != nil {
		return err
	}
	world := &world{settings: s, out: out}
	defer func() {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer cancel()
		err = errors.Join(err, world.stop(stopCtx))
	}()
	handout, err := prepare(ctx, world, state)
	if ctx.Err() != nil {
		return nil // Ctrl-C while starting: what it broke off is no error
	}
	if err != nil {
		return err
	}
	if err := handout.write(s.file("demo.json")); err != nil {
		return err
	}
	handout.print(out, time.Since(started))
	return world.wait(ctx)
}

// prepare starts the servers and makes sure of people, room, board and a fresh link.
func prepare(ctx context.Context, w *world, state *state) (*handout, error) {
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	people, err := w.signIn(ctx)
	if err != nil {
		return nil, err
	}
	if !state.Complete {
		if err := furnish(ctx, w, people, state); err != nil {
			return nil, err
		}
	}
	link, err := w.freshLink(ctx, people[anna], state)
	if err != nil {
		return nil, err
	}
	return newHandout(w, people, state.RoomID, link), nil
}

// explain says what a person can do about an error, where that is known.
func explain(err error) string {
	var missing *homeserver.ToolMissingError
	switch {
	case errors.As(err, &missing):
		return "demo: " + missing.Error()
	case errors.Is(err, homeserver.ErrPortTaken):
		return fmt.Sprintf("demo: %v\nStop the program that uses the port (perhaps a demo that still runs), or start\n"+
			"beside it with other ports and another folder:\n  make demo DEMO_PORT_OFFSET=10 DEMO_DIR=.demo-2", err)
	default:
		return "demo: " + err.Error()
	}
}
