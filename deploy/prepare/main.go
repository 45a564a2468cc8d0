// Command prepare builds or installs the homeservers named as its arguments (dendrite,
// synapse) into .cache, so that demo and tests find them ready. What is there is kept.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"werkraum/deploy/homeserver"
)

func main() {
	if err := prepare(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
}

func prepare(kinds []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for _, kind := range kinds {
		if err := homeserver.Prepare(ctx, homeserver.Kind(kind), os.Stderr); err != nil {
			return err
		}
	}
	return nil
}
