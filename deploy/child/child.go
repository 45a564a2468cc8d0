// Package child starts programs that end with this one, for demo and tests: they are
// stopped, killed or waited for, write their output to a file, and are ended by the kernel
// when their parent dies, whatever it dies of.
package child

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
	// stopPatience is how long a server may take to stop, on a busy machine, before it is killed.
	stopPatience = time.Minute
	// logTail is how many of the last lines of its log an early death is explained with.
	logTail = 12
)

// Command says what to start.
type Command struct {
	// Name is what people call the program; errors use it.
	Name string
	// Path is the program's file, Args are its arguments.
	Path string
	Args []string
	// Dir is the child's working directory.
	Dir string
	// Env is added to the environment of the caller ("KEY=value").
	Env []string
	// Log is the file that the child's output is appended to.
	Log string
	// Credential, when set, is whom the child runs as; only root may set it.
	Credential *syscall.Credential
	// StopSignal asks the program to end; SIGTERM when nil.
	StopSignal os.Signal
	// OnParentDeath is sent by the kernel when the caller dies; SIGKILL when 0. Linux only.
	OnParentDeath syscall.Signal
}

// Process is a child that was started.
type Process struct {
	command Command
	process *os.Process
	done    chan struct{} // closed when the child has ended
	err     error         // how it ended; read only after done
}

// Start starts the child and returns once it runs.
//
// PR_SET_PDEATHSIG is bound to the thread that forks, not to the process: were that thread
// to end, the child would be killed. So one goroutine, locked to its thread, starts the
// child and stays with it until it has ended.
func Start(c Command) (*Process, error) {
	if c.StopSignal == nil {
		c.StopSignal = syscall.SIGTERM
	}
	if c.OnParentDeath == 0 {
		c.OnParentDeath = syscall.SIGKILL
	}
	p := &Process{command: c, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		logFile, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			started <- fmt.Errorf("open log of %s: %w", c.Name, err)
			return
		}
		defer func() { _ = logFile.Close() }() // the child holds its own copy
		cmd := exec.Command(c.Path, c.Args...)
		cmd.Dir = c.Dir
		cmd.Env = append(os.Environ(), c.Env...)
		cmd.Stdout, cmd.Stderr = logFile, logFile
		cmd.SysProcAttr = attributes(c.Credential, c.OnParentDeath)
		if err := cmd.Start(); err != nil {
			started <- fmt.Errorf("start %s: %w", c.Name, err)
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

// PID is the child's process ID.
func (p *Process) PID() int { return p.process.Pid }

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Stop asks the child to end and waits for it; a child that has not ended after a minute,
// or when ctx ends, is killed, which is an error.
func (p *Process) Stop(ctx context.Context) error {
	if err := p.process.Signal(p.command.StopSignal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.command.Name, err)
	}
	patience := time.NewTimer(stopPatience)
	defer patience.Stop()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("stop %s: %w", p.command.Name, ctx.Err()), p.Kill())
	case <-patience.C:
		return errors.Join(fmt.Errorf("stop %s: it did not end within %s", p.command.Name, stopPatience), p.Kill())
	}
}

// Kill ends the child at once (SIGKILL) and waits until it is gone.
func (p *Process) Kill() error {
	if err := p.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", p.command.Name, err)
	}
	<-p.done
	return nil
}

// AwaitReady calls ready again and again until it returns nil. It gives up when the child
// has ended, telling the last lines of its log, or when ctx ends.
func (p *Process) AwaitReady(ctx context.Context, ready func(context.Context) error) error {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			how := "by itself"
			if p.err != nil {
				how = p.err.Error()
			}
			return fmt.Errorf("%s ended while starting (%s); the end of %s:\n%s",
				p.command.Name, how, p.command.Log, Tail(p.command.Log, logTail))
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w (last: %w); the end of %s:\n%s",
				p.command.Name, ctx.Err(), err, p.command.Log, Tail(p.command.Log, logTail))
		case <-ticker.C:
		}
	}
}

// Tail returns the last n lines of a file, or why it cannot be read.
func Tail(path string, n int) string {
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
