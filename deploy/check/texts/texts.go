package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
)

// text is a workspace.Text as it is written in the source.
type text struct {
	pos    token.Pos
	de, en string
	// opaque is set when a part is not a plain string, so that nothing can be told of it.
	opaque bool
}

// textsOf finds the composite literals of type Text in a file.
func textsOf(file *ast.File) []text {
	var found []text
	ast.Inspect(file, func(node ast.Node) bool {
		literal, ok := node.(*ast.CompositeLit)
		if !ok || !isText(literal.Type, file.Name.Name) || len(literal.Elts) == 0 {
			return true // an empty literal means that there is no text
		}
		t := text{pos: literal.Pos()}
		for _, element := range literal.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				t.opaque = true
				continue
			}
			value, plain := stringOf(pair.Value)
			t.opaque = t.opaque || !plain
			switch key, _ := pair.Key.(*ast.Ident); {
			case key == nil:
				t.opaque = true
			case key.Name == "De":
				t.de = value
			case key.Name == "En":
				t.en = value
			}
		}
		found = append(found, t)
		return true
	})
	return found
}

// isText recognises workspace.Text, and Text within the package workspace.
func isText(expression ast.Expr, inPackage string) bool {
	switch e := expression.(type) {
	case *ast.SelectorExpr:
		from, ok := e.X.(*ast.Ident)
		return ok && from.Name == "workspace" && e.Sel.Name == "Text"
	case *ast.Ident:
		return inPackage == "workspace" && e.Name == "Text"
	}
	return false
}

// stringOf reads string literals, also several that are added up.
func stringOf(expression ast.Expr) (value string, plain bool) {
	switch e := expression.(type) {
	case *ast.BasicLit:
		value, err := strconv.Unquote(e.Value)
		return value, err == nil
	case *ast.BinaryExpr:
		left, leftPlain := stringOf(e.X)
		right, rightPlain := stringOf(e.Y)
		return left + right, e.Op == token.ADD && leftPlain && rightPlain
	}
	return "", false
}

// verb is a place for an argument in a format, such as %s or %[2]d; %% is none.
var verb = regexp.MustCompile(`%(?:%|(?:\[\d+\])?[-+# 0-9.]*[a-zA-Z])`)

// problem says what is wrong with a text; empty when nothing is.
func (t text) problem() string {
	if t.opaque {
		return ""
	}
	switch {
	case t.de == "":
		return fmt.Sprintf("%.60q has no German text", t.en)
	case t.en == "":
		return fmt.Sprintf("%.60q has no English text", t.de)
	}
	if german, english := arguments(t.de), arguments(t.en); !slices.Equal(german, english) {
		return fmt.Sprintf("%.60q takes %q in German and %q in English", t.de, german, english)
	}
	return ""
}

func arguments(format string) []string {
	return slices.DeleteFunc(verb.FindAllString(format, -1), func(v string) bool { return v == "%%" })
}
