// Package clock makes the clock of a program jump, as somebody does who sets it, or a
// virtual machine that wakes up. The program is the one that is shipped, but for Go's own
// time.Now, which is replaced at build time (`go build -overlay`): what it reads from the
// kernel is moved by a number of seconds that stands in a file. As with a real step, time.Since
// and timers do not notice, they run on the monotonic clock; every library sees the step.
//
// The other ways: a hook in the program would be code for tests in what is shipped, and
// blind in libraries; libfaketime needs a C library, which the program is built without;
// Linux's time namespaces move the monotonic clocks only; setting the machine's own clock
// would hit everybody on it.
package clock

import (
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// variable is the environment variable that step.go.txt reads.
const variable = "CLOCK_STEP"

// stepSource is added to package time: step reads the file that variable names, mapped into memory.
//
//go:embed step.go.txt
var stepSource string

// Where time.Now gets its time from, in Go's source, and what is put there.
const (
	reading = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	stepped = reading + "\tsec += step()\n"
)

// Overlay writes what `go build` needs into dir and returns its flags.
func Overlay(ctx context.Context, dir string) ([]string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("ask for Go's source: %w", err)
	}
	source := filepath.Join(strings.TrimSpace(string(out)), "src", "time")
	now, err := os.ReadFile(filepath.Join(source, "time.go"))
	if err != nil {
		return nil, fmt.Errorf("read Go's source: %w", err)
	}
	if strings.Count(string(now), reading) != 1 {
		return nil, fmt.Errorf("time.Now of this Go reads the time in another way: see package tests/clock")
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range map[string]string{"time.go": strings.Replace(string(now), reading, stepped, 1), "step.go": stepSource} {
		path := filepath.Join(dir, name+".txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("write overlay: %w", err)
		}
		overlay.Replace[filepath.Join(source, name)] = path
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return nil, fmt.Errorf("encode overlay: %w", err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, fmt.Errorf("write overlay: %w", err)
	}
	return []string{"-overlay", path}, nil
}

// Clock is the clock of programs that were built with Overlay and started with Env.
type Clock struct{ path string }

// New makes a clock that goes right.
func New(dir string) (*Clock, error) {
	c := &Clock{filepath.Join(dir, "clock")}
	return c, c.Set(0)
}

// Env is the environment of the programs.
func (c *Clock) Env() string { return variable + "=" + c.path }

// Set makes the clock differ by whole seconds from the right time, from now on.
func (c *Clock) Set(by time.Duration) error {
	file, err := os.OpenFile(c.path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	_, err = file.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(by/time.Second)), 0) //nolint:gosec // two's complement is meant
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	return nil
}
