// Package wire is a piece of network between two servers that a test can cut: a TCP relay
// that passes everything on, or lets nobody through, or goes silent.
package wire

import (
	"errors"
	"fmt"
	"net"
	"sync"
)

// State is what a wire does with what is sent over it.
type State int

const (
	// Whole passes everything on.
	Whole State = iota
	// Broken ends all connections and refuses new ones (RST), as a firewall that says so.
	Broken
	// Silent takes everything and passes nothing on, as a cable that was pulled: whoever
	// waits at its end learns nothing. What was taken arrives when it is whole again.
	Silent
)

// Wire is a relay from a port of the loopback interface to an address on this machine. Its methods may be
// called by several goroutines.
type Wire struct {
	listener *net.TCPListener
	target   *net.TCPAddr
	tasks    sync.WaitGroup

	mu      sync.Mutex
	state   State
	changed chan struct{} // closed and replaced when state changes
	conns   map[*net.TCPConn]bool
	closed  bool
}

// Open opens a wire that is whole.
func Open(port int, target string) (*Wire, error) {
	far, err := net.ResolveTCPAddr("tcp", target)
	if err != nil {
		return nil, fmt.Errorf("open wire: %w", err)
	}
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return nil, fmt.Errorf("open wire: %w", err)
	}
	w := &Wire{listener: listener, target: far, changed: make(chan struct{}), conns: map[*net.TCPConn]bool{}}
	w.tasks.Go(w.accept)
	return w, nil
}

// Set changes what the wire does from now on.
func (w *Wire) Set(state State) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state = state
	close(w.changed)
	w.changed = make(chan struct{})
	if state == Broken {
		w.cut()
	}
}

// Reset ends all connections at once and goes on; new ones are served.
func (w *Wire) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut()
}

// cut resets all connections; w.mu is held.
func (w *Wire) cut() {
	for conn := range w.conns {
		_, _ = conn.SetLinger(0), conn.Close() // a reset, not an orderly end; it may have ended
	}
	clear(w.conns)
}

// Close ends the wire and everything that goes over it.
func (w *Wire) Close() error {
	err := w.listener.Close()
	w.mu.Lock()
	w.closed = true
	w.cut()
	close(w.changed)
	w.changed = make(chan struct{})
	w.mu.Unlock()
	w.tasks.Wait()
	return err
}

func (w *Wire) accept() {
	for {
		conn, err := w.listener.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			w.tasks.Go(func() { w.serve(conn) })
		}
	}
}

func (w *Wire) serve(near *net.TCPConn) {
	if !w.keep(near) {
		return
	}
	defer w.drop(near)
	far, err := net.DialTCP("tcp", nil, w.target)
	if err != nil {
		return // its server is away, which is what the near end sees too
	}
	if !w.keep(far) {
		return
	}
	defer w.drop(far)
	// Each direction ends the other: HTTP has no use for half of a connection.
	back := make(chan struct{})
	go func() {
		defer close(back)
		w.pass(near, far)
		_ = near.Close()
	}()
	w.pass(far, near)
	_ = far.Close()
	<-back
}

// keep notes a connection; it is reset if the wire lets nobody through.
func (w *Wire) keep(conn *net.TCPConn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state == Broken || w.closed {
		_, _ = conn.SetLinger(0), conn.Close()
		return false
	}
	w.conns[conn] = true
	return true
}

func (w *Wire) drop(conn *net.TCPConn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.conns, conn)
	_ = conn.Close()
}

// pass copies from one end to the other until either ends.
func (w *Wire) pass(to, from *net.TCPConn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		w.speak()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// speak waits while the wire is silent.
func (w *Wire) speak() {
	for {
		w.mu.Lock()
		silent, changed := w.state == Silent && !w.closed, w.changed
		w.mu.Unlock()
		if !silent {
			return
		}
		<-changed
	}
}
