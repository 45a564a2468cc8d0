package components

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Bundled lists the npm packages that are installed for production, from the lock file,
// which repeats the licence that each package states. One that is installed in several
// places with the same version is listed once.
func Bundled(lockFile string) ([]Component, error) {
	content, err := os.ReadFile(lockFile)
	if err != nil {
		return nil, fmt.Errorf("read npm's lock file: %w", err)
	}
	var lock struct {
		Packages map[string]struct {
			Name        string // of what stands for the package of the path, if that is another one
			Version     string
			License     string
			Integrity   string
			Dev         bool
			DevOptional bool
		}
	}
	if err := json.Unmarshal(content, &lock); err != nil {
		return nil, fmt.Errorf("decode npm's lock file: %w", err)
	}
	var components []Component
	for path, pkg := range lock.Packages {
		if path == "" || pkg.Dev || pkg.DevOptional { // "" is the project itself
			continue
		}
		name := cmp.Or(pkg.Name, path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):])
		components = append(components, Component{name, pkg.Version, pkg.License, pkg.Integrity})
	}
	slices.SortFunc(components, func(a, b Component) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version))
	})
	return slices.Compact(components), nil
}
