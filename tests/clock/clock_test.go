package clock_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"werkraum/tests/clock"
)

// program tells the time, and how long ago it started, whenever it reads a line.
const program = `package main

import (
	"bufio"
	"fmt"
	"os"
	"time"
)

func main() {
	start := time.Now()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(time.Now().Unix())
		fmt.Println(int(time.Since(start).Seconds()))
	}
}
`

// A program's clock jumps forth and back, and what it measures is not disturbed.
func TestClock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	flags, err := clock.Overlay(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", append(append([]string{"build", "-o", "program"}, flags...), "main.go")...)
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c, err := clock.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "program"))
	cmd.Env = append(os.Environ(), c.Env())
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	number := func() int64 {
		t.Helper()
		if !lines.Scan() {
			t.Fatal("the program says nothing")
		}
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const slow = 10 * time.Minute // more than the machine will ever take
	for _, by := range []time.Duration{0, 5 * time.Hour, -36 * time.Hour, 0} {
		if err := c.Set(by); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write([]byte("\n")); err != nil {
			t.Fatal(err)
		}
		if off := time.Until(time.Unix(number(), 0)) - by; off.Abs() > slow {
			t.Errorf("a clock that is set wrong by %s is wrong by %s", by, by+off)
		}
		if since := time.Duration(number()) * time.Second; since < 0 || since > slow {
			t.Errorf("set wrong by %s, the program measures %s since its start", by, since)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
