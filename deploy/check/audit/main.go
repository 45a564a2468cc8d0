// Command audit asks the Go vulnerability database and npm's advisories about everything
// that is delivered, and about the tools that build it. What it finds is judged by the
// policy in docs/dependencies.md. Both need data from outside: where that cannot be had,
// it says so, and nothing hangs.
//
// It exits with 0 if nothing blocks a release, 1 if something does, 2 if that could not
// be told; with -ci what could not be told does not fail.
// GOVULNDB names another Go vulnerability database, such as a mirror.
//
// usage: audit [-ci], from the project's top folder
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

const (
	exitBlocked = 1
	exitUnknown = 2
)

func main() {
	lenient := flag.Bool("ci", false, "exit with 0 where the data from outside cannot be had")
	flag.Parse()
	os.Exit(run(context.Background(), os.Stdout, "deploy/check/audit/exceptions.json", *lenient, time.Now(), sources()))
}

// source is one place that knows of vulnerabilities.
type source struct {
	name string
	ask  func(ctx context.Context) ([]finding, error)
	// limit bounds the whole question.
	limit time.Duration
}

// errNoData means that the data from outside could not be had.
var errNoData = errors.New("the data could not be had")

func sources() []source {
	const web = "widgets/web"
	return []source{
		{"Go modules (govulncheck)", goModules{filepath.Join(".cache", "tools", "govulncheck"), ".", cmp.Or(os.Getenv("GOVULNDB"), "https://vuln.go.dev")}.ask, 5 * time.Minute},
		{"npm packages in the pages", npmPackages{dir: web, delivered: true}.ask, time.Minute},
		{"npm packages that build and test", npmPackages{dir: web}.ask, time.Minute},
	}
}

func run(ctx context.Context, out io.Writer, exceptionsFile string, lenient bool, now time.Time, list []source) int {
	tell := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	granted, err := readExceptions(exceptionsFile, now)
	if err != nil {
		tell("audit: %v", err)
		return exitUnknown
	}
	blocked, unknown := 0, 0
	for _, s := range list {
		found, err := s.within(ctx)
		switch {
		case errors.Is(err, errNoData):
			unknown++
			tell("? %s: not examined, %v", s.name, err)
			continue
		case err != nil:
			tell("audit: %s: %v", s.name, err)
			return exitUnknown
		}
		tell("✓ %s: %d known vulnerabilities", s.name, len(found))
		for _, f := range found {
			verdict := granted.judge(f, now)
			if verdict.blocks {
				blocked++
			}
			tell("  %s %s", verdict.mark, f)
			if verdict.why != "" {
				tell("      %s", verdict.why)
			}
		}
	}
	if unknown == 0 {
		for _, id := range granted.unused() {
			tell("! the exception for %s is not needed any more; remove it from %s", id, exceptionsFile)
		}
	}
	switch {
	case blocked > 0:
		tell("audit: %d findings block a release; what to do is in docs/dependencies.md", blocked)
		return exitBlocked
	case unknown > 0 && lenient:
		tell("audit: not everything could be examined here; ask again where vuln.go.dev and npm's advisories can be reached")
		return 0
	case unknown > 0:
		tell("audit: not everything could be examined; a release needs an audit that could")
		return exitUnknown
	}
	tell("audit: nothing blocks a release")
	return 0
}

// within asks, and gives up when the time is over.
func (s source) within(ctx context.Context) ([]finding, error) {
	limited, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	found, err := s.ask(limited)
	if err != nil && limited.Err() != nil {
		return nil, fmt.Errorf("%w within %s", errNoData, s.limit)
	}
	return found, err
}
