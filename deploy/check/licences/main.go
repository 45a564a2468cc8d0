// Command licences checks the licence of every Go module that is linked into the werkraum
// binary and of every npm package that goes into its pages. Werkraum's own licence is still
// to be chosen, so nothing may be linked that would choose it (GPL, AGPL and their like),
// and nothing whose licence is not known.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	problems, counted, err := check(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(2)
	}
	for _, problem := range problems {
		fmt.Println(problem)
	}
	if len(problems) > 0 {
		fmt.Println("licences: what may be linked is said in deploy/check/licences/policy.go")
		os.Exit(1)
	}
	fmt.Printf("licences: %d dependencies, each may be linked\n", counted)
}

// component is something that becomes a part of what is delivered.
type component struct {
	name    string
	version string
	licence string // SPDX expression; empty when it could not be told
}

func check(root string) (problems []string, counted int, err error) {
	modules, err := linkedModules(root)
	if err != nil {
		return nil, 0, err
	}
	packages, err := bundledPackages(filepath.Join(root, "widgets", "web", "package-lock.json"))
	if err != nil {
		return nil, 0, err
	}
	components := slices.Concat(modules, packages)
	for _, c := range components {
		if why := refusal(c.licence); why != "" {
			problems = append(problems, fmt.Sprintf("%s %s: %s", c.name, c.version, why))
		}
	}
	return problems, len(components), nil
}
