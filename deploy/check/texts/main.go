// Command texts checks that what people read is there in German and in English: each
// workspace.Text written in Go has both, with the same arguments.
package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	problems, counted, err := check(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "texts:", err)
		os.Exit(2)
	}
	for _, problem := range problems {
		fmt.Println(problem)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
	fmt.Printf("texts: %d, each in German and English\n", counted)
}

func check(root string) (problems []string, counted int, err error) {
	files := token.NewFileSet()
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "node_modules" || name != "." && strings.HasPrefix(name, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		for _, t := range textsOf(file) {
			counted++
			if why := t.problem(); why != "" {
				problems = append(problems, fmt.Sprintf("%s: %s", files.Position(t.pos), why))
			}
		}
		return nil
	})
	return problems, counted, err
}
