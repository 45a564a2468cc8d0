// Command imports checks that the packages of Werkraum depend on each other only inward,
// as the table in rules.go allows. It lists every import that is not allowed, and fails.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	violations, err := check()
	if err != nil {
		fmt.Fprintln(os.Stderr, "imports:", err)
		os.Exit(2)
	}
	for _, violation := range violations {
		fmt.Println(violation)
	}
	if len(violations) > 0 {
		fmt.Println("imports: dependencies point inward; the rules are in deploy/check/imports/rules.go")
		os.Exit(1)
	}
}

// goPackage is what is read of the output of `go list -json`.
type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func check() ([]string, error) {
	list := exec.Command("go", "list", "-tags", "goolm", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	list.Stderr = os.Stderr
	out, err := list.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	if err := list.Start(); err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	var violations []string
	for decoder := json.NewDecoder(out); ; {
		var pkg goPackage
		err := decoder.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read list of packages: %w", err)
		}
		violations = append(violations, violationsOf(pkg)...)
	}
	if err := list.Wait(); err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	return violations, nil
}
