package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedTest  = regexp.MustCompile(`\[([^\]]+)\]\(\.\./([^)#]+(?:_test\.go|\.spec\.ts|\.test\.tsx?))\)`)
	fuzzTarget = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
)

// Each row of the table of threats names tests, each named test exists in the file that it
// leads to, and no fuzz target is left out.
func TestThreatsHaveTests(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	rows := 0
	for line := range strings.Lines(page) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| threat |") || strings.HasPrefix(line, "| reads |") {
			continue
		}
		rows++
		if !namedTest.MatchString(line) {
			t.Errorf("no test shows it: %s", line)
		}
	}
	named := namedTest.FindAllStringSubmatch(page, -1)
	if rows < 40 || len(named) < 90 {
		t.Errorf("found only %d rows and %d tests", rows, len(named))
	}
	for _, m := range named {
		name, file := m[1], m[2]
		source, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		declared := "\nfunc " + name + "("
		if !strings.HasSuffix(file, ".go") {
			declared = "('" + name // test(' or it('; what follows it may be more of the title
		}
		if !strings.Contains(string(source), declared) {
			t.Errorf("%s has no test %q", file, name)
		}
	}
	for file, names := range fuzzTargets(t) {
		for _, name := range names {
			if !strings.Contains(page, "["+name+"](../"+file+")") {
				t.Errorf("docs/security.md lacks %s of %s", name, file)
			}
		}
	}
}

// fuzzTargets are those of the project, by file.
func fuzzTargets(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && path != "." && (name == "node_modules" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, m := range fuzzTarget.FindAllStringSubmatch(string(source), -1) {
			found[filepath.ToSlash(path)] = append(found[filepath.ToSlash(path)], m[1])
		}
		return err
	})
	if err != nil || len(found) < 10 {
		t.Fatalf("fuzz targets in %d files, %v", len(found), err)
	}
	return found
}
