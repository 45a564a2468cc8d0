package homeserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	// stopPatience is how long a server may take to stop before it is killed.
	stopPatience = 15 * time.Second
	// logTail is how many of the last lines of its log an early death is explained with.
	logTail = 12
)

// command says how to start a child process.
type command struct {
	name          string // as people know it, for errors
	path          string
	args          []string
	dir           string
	env           []string // added to the caller's environment
	log           string   // file that stdout and stderr are appended to
	credential    *syscall.Credential
	stopSignal    os.Signal
	onParentDeath syscall.Signal
}

// process is a running child.
type process struct {
	command command
	process *os.Process
	done    chan struct{} // closed when the child has ended
	err     error         // how it ended; read only after done
}

// startProcess starts the child and returns once it runs.
//
// PR_SET_PDEATHSIG is bound to the thread that forks, not to the process: were that thread
// to end, the child would be killed. So one goroutine, locked to its thread, starts the
// child and stays with it until it has ended.
func startProcess(c command) (*process, error) {
	p := &process{command: c, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		logFile, err := os.OpenFile(c.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			started <- fmt.Errorf("open log of %s: %w", c.name, err)
			return
		}
		defer func() { _ = logFile.Close() }() // the child holds its own copy
		cmd := exec.Command(c.path, c.args...)
		cmd.Dir = c.dir
		cmd.Env = append(os.Environ(), c.env...)
		cmd.Stdout, cmd.Stderr = logFile, logFile
		cmd.SysProcAttr = childAttributes(c.credential, c.onParentDeath)
		if err := cmd.Start(); err != nil {
			started <- fmt.Errorf("start %s: %w", c.name, err)
			return
		}
		p.process = cmd.Process
		started <- nil
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// stop asks the child to end and waits for it; a child that does not end in time is killed.
func (p *process) stop(ctx context.Context) error {
	if err := p.process.Signal(p.command.stopSignal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.command.name, err)
	}
	patience := time.NewTimer(stopPatience)
	defer patience.Stop()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("stop %s: %w", p.command.name, ctx.Err()), p.kill())
	case <-patience.C:
		return errors.Join(fmt.Errorf("stop %s: it did not end within %s", p.command.name, stopPatience), p.kill())
	}
}

// kill ends the child at once (SIGKILL) and waits until it is gone.
func (p *process) kill() error {
	if err := p.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", p.command.name, err)
	}
	<-p.done
	return nil
}

// awaitReady calls ready again and again until it returns nil. It gives up when the child
// has ended, telling the last lines of its log, or when ctx ends.
func (p *process) awaitReady(ctx context.Context, ready func(context.Context) error) error {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended while starting (%v); the end of %s:\n%s",
				p.command.name, p.err, p.command.log, tail(p.command.log, logTail))
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w (last: %w); the end of %s:\n%s",
				p.command.name, ctx.Err(), err, p.command.log, tail(p.command.log, logTail))
		case <-ticker.C:
		}
	}
}

// tail returns the last n lines of a file, or why it cannot be read.
func tail(path string, n int) string {
	file, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = file.Close() }() // only read
	var lines []string
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if lines = append(lines, scanner.Text()); len(lines) > n {
			lines = lines[1:]
		}
	}
	return strings.Join(lines, "\n")
}
