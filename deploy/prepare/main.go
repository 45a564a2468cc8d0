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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for _, kind := range os.Args[1:] {
		if err := homeserver.Prepare(ctx, homeserver.Kind(kind), os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, "prepare:", err)
			os.Exit(1)
		}
	}
}
