package main

import (
	"go/parser"
	"go/token"
	"testing"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		literal string
		want    bool
	}{
		"both":                    {`workspace.Text{De: "Karte %s", En: "Card %s"}`, false},
		"English is missing":      {`workspace.Text{De: "Karte"}`, true},
		"German is missing":       {`workspace.Text{En: "Card"}`, true},
		"an argument is missing":  {`workspace.Text{De: "%d von %d", En: "%d"}`, true},
		"arguments are exchanged": {`workspace.Text{De: "%s hat %d", En: "%d of %s"}`, true},
		"a percent sign":          {`workspace.Text{De: "100 %%", En: "100%%"}`, false},
		"put together":            {`workspace.Text{De: "a" + "%s", En: "b%s"}`, false},
		"not told by reading":     {`workspace.Text{De: name, En: name}`, false},
		"none at all":             {`workspace.Text{}`, false},
		"another package's":       {`other.Text{De: "nur"}`, false},
		"inside another literal":  {`[]T{{workspace.Text{De: "nur"}}}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nvar x = "+test.literal, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			var problems []string
			for _, found := range textsOf(file) {
				if why := found.problem(); why != "" {
					problems = append(problems, why)
				}
			}
			if (len(problems) > 0) != test.want {
				t.Errorf("problems = %q, want any: %t", problems, test.want)
			}
		})
	}
}
