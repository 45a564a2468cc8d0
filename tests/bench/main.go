// Command bench measures the real program and prints a table; it writes the
// same figures to bench.json. docs/performance.md says what each one means.
//
// The database, the program and the sockets are real. The homeserver is a
// stand-in that answers at once, so that what is measured is Werkraum and not
// its neighbour.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"werkraum/deploy/homeserver"
	"werkraum/tests/program"
)

// figure is one result.
type figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

type bench struct {
	dir      string
	binary   string
	postgres *homeserver.Postgres
	matrix   string // URL of the stand-in homeserver
	ports    []int  // of the program; sessions are bound to them
	figures  []figure
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "werkraum-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	b := &bench{dir: dir}
	if b.binary, err = program.Build(ctx, dir); err != nil {
		return err
	}
	if b.postgres, err = homeserver.StartPostgres(ctx, homeserver.PostgresOptions{Durable: true}); err != nil {
		return err
	}
	defer b.postgres.Stop(context.WithoutCancel(ctx)) //nolint:errcheck // the end of it
	matrix, err := startStandIn(ctx)
	if err != nil {
		return err
	}
	b.matrix = matrix
	if b.ports, err = homeserver.FreePorts(2); err != nil {
		return err
	}

	fmt.Printf("%-62s %12s  %s\n", "what", "value", "unit")
	for _, part := range []func(context.Context) error{b.bundle, b.page, b.starting, b.intake, b.opening, b.delivery, b.cards, b.api, b.whiteboard} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	out, err := json.MarshalIndent(b.figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile("bench.json", append(out, '\n'), 0o644) //nolint:gosec // for everybody to read
}

// report prints a figure and keeps it.
func (b *bench) report(name string, value float64, unit string) {
	b.figures = append(b.figures, figure{name, value, unit})
	fmt.Printf("%-62s %12s  %s\n", name, number(value), unit)
}

func number(v float64) string {
	switch {
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// database names the databases that are measured.
var databases = []string{"SQLite", "PostgreSQL"}

// url makes an empty database.
func (b *bench) url(ctx context.Context, kind, name string) (string, error) {
	if kind == "SQLite" {
		return "sqlite:" + filepath.Join(b.dir, name+".db"), nil
	}
	return b.postgres.CreateDatabase(ctx, strings.ReplaceAll(name, "-", "_"))
}

func median(values []float64) float64 { return quantile(values, 0.5) }

// quantile sorts values and returns the one at q between 0 and 1.
func quantile(values []float64, q float64) float64 {
	slices.Sort(values)
	return values[min(int(q*float64(len(values))), len(values)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
