package main

import (
	"fmt"
	"slices"
	"strings"
)

// module is the import path of the project.
const module = "werkraum"

// mayImport says, for each room of the house (docs/architecture.md, "The house"), which other rooms
// it may import besides itself. What is not named here is refused, so a new top-level
// folder needs a decision.
var mayImport = map[string][]string{
	"":           {"*"}, // package main wires everything
	"workspace":  {},
	"config":     {},
	"vault":      {},
	"store":      {"workspace", "vault"},
	"bots":       {"workspace"},
	"bridges":    {"workspace"},
	"appservice": {"workspace", "store", "bots", "vault"}, // docs/adr/0008: a worker hands its turn to the bots
	"widgets":    {"workspace", "store"},
	"deploy":     {},
	"tests":      {"*"},
}

// testsMayImport are rooms that the tests of every room may use too: real servers.
var testsMayImport = []string{"deploy"}

// fewModules are rooms that may import only these packages of other modules.
var fewModules = map[string][]string{
	"workspace": {"maunium.net/go/mautrix/id", "golang.org/x/time/rate", "github.com/teambition/rrule-go", // which are told the time
		"golang.org/x/text/cases", "golang.org/x/text/collate", "golang.org/x/text/language", "golang.org/x/text/unicode/norm", // Unicode and the order of languages
		"golang.org/x/image/draw", "golang.org/x/image/webp", "golang.org/x/image/colornames", "golang.org/x/image/font", "golang.org/x/image/font/sfnt", "golang.org/x/image/math/fixed", // pictures of whiteboards,
		"golang.org/x/image/font/gofont/goregular", "golang.org/x/image/font/gofont/gomono", "github.com/go-fonts/dejavu/dejavusans", // and their letters
	},
	"vault": {"golang.org/x/crypto/chacha20poly1305"}, // what holds the key is read by whoever doubts it
}

// pureRooms hold no I/O.
var pureRooms = []string{"workspace"}

// notInPureRooms are packages of the standard library that do I/O or read the clock's
// surroundings; a pure room has no use for them.
var notInPureRooms = []string{"os", "net", "net/http", "database/sql", "os/exec", "syscall"}

func violationsOf(pkg goPackage) []string {
	var violations []string
	refuse := func(imported, why string) {
		violations = append(violations, fmt.Sprintf("%s imports %s: %s", pkg.ImportPath, imported, why))
	}
	from := room(pkg.ImportPath)
	allowed, known := mayImport[from]
	if !known {
		return []string{fmt.Sprintf("%s: the folder %s has no rule yet", pkg.ImportPath, from)}
	}
	for _, imported := range pkg.Imports {
		if inProject(imported) {
			if to := room(imported); !reaches(from, to, allowed) {
				refuse(imported, from+" may not import "+to)
			}
			continue
		}
		external := strings.Contains(strings.SplitN(imported, "/", 2)[0], ".")
		if others, few := fewModules[from]; few && external && !slices.Contains(others, imported) {
			refuse(imported, from+" does without other modules")
		}
		if slices.Contains(pureRooms, from) && slices.Contains(notInPureRooms, imported) {
			refuse(imported, from+" is pure")
		}
	}
	for _, imported := range slices.Concat(pkg.TestImports, pkg.XTestImports) {
		if to := room(imported); inProject(imported) && !reaches(from, to, slices.Concat(allowed, testsMayImport)) {
			refuse(imported, "tests of "+from+" may not import "+to)
		}
	}
	return violations
}

func reaches(from, to string, allowed []string) bool {
	return from == to || slices.Contains(allowed, to) || slices.Contains(allowed, "*")
}

func inProject(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

// room is the top-level folder of a package of the project, "" for the root.
func room(importPath string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
	return strings.SplitN(rest, "/", 2)[0]
}
