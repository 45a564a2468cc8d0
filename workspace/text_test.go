package workspace_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	verb     = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z%]`)
	informal = regexp.MustCompile(`(?i)(^|[^\p{L}])(du|dich|dir|dein|deine|deinen|deinem|deiner|deines|euch|euer|eure|eurem|euren)($|[^\p{L}])`)
	code     = regexp.MustCompile("`[^`]*`")
)

// Every sentence that a person may see, anywhere in the program, exists in
// German and English, with the same gaps, and says “Sie”.
func TestEveryTextIsInBothLanguages(t *testing.T) {
	t.Parallel()
	found := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (slices.Contains([]string{"node_modules", "testdata", "dist"}, d.Name()) || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok || !isText(literal.Type) || len(literal.Elts) == 0 {
				return true
			}
			de, en, constant := sentences(literal)
			if !constant {
				return true // put together of texts that are looked at themselves
			}
			found++
			checkText(t, files.Position(literal.Pos()).String(), de, en)
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 100 {
		t.Errorf("found %d texts, want the more than 100 that there are: does the test still see them?", found)
	}
}

func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "Text"
	case *ast.SelectorExpr:
		return e.Sel.Name == "Text"
	}
	return false
}

// sentences reads a Text literal; constant is false if it is not made of
// string literals.
func sentences(literal *ast.CompositeLit) (de, en string, constant bool) {
	constant = true
	for i, e := range literal.Elts {
		name, value := []string{"De", "En"}[min(i, 1)], e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				name, value = key.Name, kv.Value
			}
		}
		text, ok := constantString(value)
		constant = constant && ok
		if name == "De" {
			de = text
		} else {
			en = text
		}
	}
	return de, en, constant
}

func constantString(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, ok := constantString(e.X)
		right, also := constantString(e.Y)
		return left + right, ok && also
	}
	return "", false
}

func checkText(t *testing.T, where, de, en string) {
	t.Helper()
	if strings.TrimSpace(de) == "" || strings.TrimSpace(en) == "" {
		t.Errorf("%s: one language is missing (%q, %q)", where, de, en)
	}
	if a, b := verb.FindAllString(de, -1), verb.FindAllString(en, -1); !slices.Equal(a, b) {
		t.Errorf("%s: German fills %v, English %v", where, a, b)
	}
	if word := informal.FindString(code.ReplaceAllString(de, "")); word != "" {
		t.Errorf("%s: says %q; Werkraum says Sie", where, strings.TrimSpace(word))
	}
	for _, mark := range []string{"`", "**"} {
		if strings.Count(de, mark)%2 != 0 || strings.Count(en, mark)%2 != 0 {
			t.Errorf("%s: a mark %s is not closed", where, mark)
		}
	}
}
