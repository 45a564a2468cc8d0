package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// bundledPackages lists the npm packages that are installed for production, from the lock
// file, which repeats the licence that each package states.
func bundledPackages(lockFile string) ([]component, error) {
	content, err := os.ReadFile(lockFile)
	if err != nil {
		return nil, fmt.Errorf("read npm's lock file: %w", err)
	}
	var lock struct {
		Packages map[string]struct {
			Version     string
			License     string
			Dev         bool
			DevOptional bool
		}
	}
	if err := json.Unmarshal(content, &lock); err != nil {
		return nil, fmt.Errorf("decode npm's lock file: %w", err)
	}
	var components []component
	for path, pkg := range lock.Packages {
		if path == "" || pkg.Dev || pkg.DevOptional { // "" is the project itself
			continue
		}
		name := path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		components = append(components, component{name: name, version: pkg.Version, licence: pkg.License})
	}
	slices.SortFunc(components, func(a, b component) int { return strings.Compare(a.name, b.name) })
	return components, nil
}
