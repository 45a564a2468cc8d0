package board

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"werkraum/workspace"
)

// Every act says what it is, and there is a rule for that; the page calls it by the
// same name.
func TestEveryActHasARule(t *testing.T) {
	t.Parallel()
	rules := workspace.Deeds()
	acts := map[string]Act{}
	for _, deed := range rules {
		if act, err := Decode(string(deed), json.RawMessage(`{}`)); err == nil {
			acts[string(deed)] = act
			if got := act.Deeds(anna); !slices.Equal(got, []workspace.Deed{deed}) {
				t.Errorf("the page calls it %s, and it is judged as %q", deed, got)
			}
		}
	}
	source, err := os.ReadFile("decode.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(source)) {
		if name, is := strings.CutPrefix(strings.TrimSpace(line), `case "`); is {
			if name = strings.TrimSuffix(name, `":`); acts[name] == nil {
				t.Errorf("the page can do %s, for which there is no rule", name)
			}
		}
	}
	for _, act := range []Act{MoveCards{}, AddChecks{}, AddFile{}, Undo{}, Import{}} { // the page does these in another way
		for _, deed := range act.Deeds(anna) {
			if !slices.Contains(rules, deed) {
				t.Errorf("%T is %s, for which there is no rule", act, deed)
			}
		}
		acts[fmt.Sprintf("%T", act)] = act
	}
	if n := len(typesWith(t, "Deeds")) - 1; n != len(acts) { // On makes one of any other
		t.Errorf("%d types are acts, and %d are known here", n, len(acts))
	}
}

// typesWith lists the types of this package that have a method.
func typesWith(t *testing.T, method string) (types []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, is := d.(*ast.FuncDecl); is && f.Recv != nil && f.Name.Name == method {
				types = append(types, file)
			}
		}
	}
	return types
}
