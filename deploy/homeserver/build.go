package homeserver

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	dendritePackage = "github.com/element-hq/dendrite/cmd/dendrite"
	// progressEvery is the time between two lines of progress of a long build.
	progressEvery = 5 * time.Second
	// errorLines is how many of the last lines of a failed build are told.
	errorLines = 12
)

// BuildDendrite returns the path of the Dendrite binary, which it builds from the module in
// deploy/dendrite when it is not in the cache: about two minutes on two cores, once. Lines
// of progress go to the given writer.
//
// With a C compiler on the machine Dendrite is built with cgo, whose SQLite needs about a
// third less processor time; without one it is built in pure Go and works the same.
func BuildDendrite(ctx context.Context, progress io.Writer) (string, error) {
	root, err := ProjectRoot()
	if err != nil {
		return "", err
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		return "", &ToolMissingError{Tool: "go", Hint: "install Go 1.26 or newer from https://go.dev/dl/"}
	}
	source := filepath.Join(root, "deploy", "dendrite")
	sums, err := os.ReadFile(filepath.Join(source, "go.sum"))
	if err != nil {
		return "", fmt.Errorf("read go.sum of Dendrite: %w", err)
	}
	version, err := exec.CommandContext(ctx, goTool, "env", "GOVERSION").Output()
	if err != nil {
		return "", fmt.Errorf("ask for the Go version: %w", err)
	}
	cgo := "CGO_ENABLED=0"
	if _, err := exec.LookPath("cc"); err == nil {
		cgo = "CGO_ENABLED=1"
	}
	dir, err := cached(ctx, "dendrite", []string{string(sums), string(version), cgo},
		func(ctx context.Context, dir string) error {
			build := goBuild{tool: goTool, source: source, env: []string{cgo}, progress: progress}
			return build.run(ctx, "Dendrite", dendritePackage, filepath.Join(dir, "dendrite"))
		})
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "dendrite"), nil
}

// goBuild runs `go build` and tells how far it has come.
type goBuild struct {
	tool     string
	source   string
	env      []string
	progress io.Writer
}

func (b goBuild) run(ctx context.Context, name, pkg, output string) error {
	started := time.Now()
	b.sayf("building %s, once: fetching its modules", name)
	total, err := b.stalePackages(ctx, pkg)
	if err != nil {
		return err
	}
	cmd := b.command(ctx, "build", "-v", "-ldflags=-s -w", "-o", output, pkg)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("build %s: %w", name, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build %s: %w", name, err)
	}
	var lines []string
	said := time.Now()
	scanner := bufio.NewScanner(stderr)
	for scanner.Scan() { // -v prints each package as it begins to be compiled
		lines = append(lines, scanner.Text())
		if time.Since(said) >= progressEvery {
			said = time.Now()
			b.sayf("building %s: %d of %d packages after %s", name, len(lines), total, time.Since(started).Round(time.Second))
		}
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", name, err, strings.Join(lines[max(0, len(lines)-errorLines):], "\n"))
	}
	b.sayf("built %s in %s", name, time.Since(started).Round(time.Second))
	return nil
}

// stalePackages counts the packages that have to be compiled.
func (b goBuild) stalePackages(ctx context.Context, pkg string) (int, error) {
	cmd := b.command(ctx, "list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", pkg)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("list packages of %s: %w\n%s", pkg, err, stderr.String())
	}
	return len(strings.Fields(string(out))), nil
}

func (b goBuild) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, b.tool, args...)
	cmd.Dir = b.source
	cmd.Env = append(os.Environ(), append(b.env, "GOFLAGS=", "GOWORK=off")...)
	return cmd
}

func (b goBuild) sayf(format string, args ...any) {
	_, _ = fmt.Fprintf(b.progress, format+"\n", args...) // a lost line of progress harms nobody
}
