package main

import "testing"

func TestViolationsOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		pkg  goPackage
		want int
	}{
		{"main wires everything", goPackage{ImportPath: "werkraum", Imports: []string{"werkraum/store", "werkraum/widgets/api"}}, 0},
		{"inward", goPackage{ImportPath: "werkraum/appservice", Imports: []string{"werkraum/store", "werkraum/workspace/board"}}, 0},
		{"within a room", goPackage{ImportPath: "werkraum/widgets/api", Imports: []string{"werkraum/widgets/live"}}, 0},
		{"outward", goPackage{ImportPath: "werkraum/workspace/board", Imports: []string{"werkraum/store"}}, 1},
		{"sideways", goPackage{ImportPath: "werkraum/bots", Imports: []string{"werkraum/appservice"}}, 1},
		{"a program uses the harness", goPackage{ImportPath: "werkraum/store", Imports: []string{"werkraum/deploy/homeserver"}}, 1},
		{"a test uses the harness", goPackage{ImportPath: "werkraum/store", XTestImports: []string{"werkraum/deploy/homeserver/homeservertest"}}, 0},
		{"a test goes outward", goPackage{ImportPath: "werkraum/store", TestImports: []string{"werkraum/appservice"}}, 1},
		{"Matrix IDs in the domain", goPackage{ImportPath: "werkraum/workspace", Imports: []string{"maunium.net/go/mautrix/id", "strings"}}, 0},
		{"a client in the domain", goPackage{ImportPath: "werkraum/workspace", Imports: []string{"maunium.net/go/mautrix"}}, 1},
		{"files in the domain", goPackage{ImportPath: "werkraum/workspace", Imports: []string{"os"}}, 1},
		{"a library beside the key", goPackage{ImportPath: "werkraum/vault", Imports: []string{"golang.org/x/crypto/chacha20poly1305", "maunium.net/go/mautrix/id", "os"}}, 1},
		{"a property library in its tests", goPackage{ImportPath: "werkraum/workspace", TestImports: []string{"pgregory.net/rapid"}}, 0},
		{"a folder without a rule", goPackage{ImportPath: "werkraum/util"}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := violationsOf(test.pkg); len(got) != test.want {
				t.Errorf("violations = %q, want %d", got, test.want)
			}
		})
	}
}
