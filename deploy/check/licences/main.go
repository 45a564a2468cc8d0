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

	"werkraum/deploy/check/components"
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

func check(root string) (problems []string, counted int, err error) {
	modules, err := components.Linked(root)
	if err != nil {
		return nil, 0, err
	}
	packages, err := components.Bundled(filepath.Join(root, "widgets", "web", "package-lock.json"))
	if err != nil {
		return nil, 0, err
	}
	all := slices.Concat(modules, packages)
	for _, c := range all {
		if why := refusal(c.Licence); why != "" {
			problems = append(problems, fmt.Sprintf("%s %s: %s", c.Name, c.Version, why))
		}
	}
	return problems, len(all), nil
}
