package homeserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
)

const (
	// Ports are taken from below the kernel's ephemeral range (32768 and up), so that no
	// outgoing connection of another program takes one between our check and its use.
	firstPort = 20000
	portCount = 12000
	// stride spreads the places where processes begin to search.
	stride = 97
)

// portsTried counts the ports that this process has looked at.
var portsTried atomic.Int64

// ErrPortTaken is wrapped by every error that says that a port is in use already.
var ErrPortTaken = errors.New("port is in use")

// FreePorts returns n TCP ports that are free on 127.0.0.1. They stay reserved for this
// process until it ends: no other process that asks this function gets them, even before
// anything listens on them. So the tests of several packages can run at the same time.
func FreePorts(n int) ([]int, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("werkraum-ports-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of port reservations: %w", err)
	}
	ports := make([]int, 0, n)
	for range portCount {
		port := firstPort + (os.Getpid()*stride+int(portsTried.Add(1)))%portCount
		reserved, err := reserve(filepath.Join(dir, strconv.Itoa(port)))
		if err != nil {
			return nil, err
		}
		if !reserved || CheckPort(port) != nil {
			continue
		}
		if ports = append(ports, port); len(ports) == n {
			return ports, nil
		}
	}
	return nil, fmt.Errorf("find %d free ports from %d to %d: only %d are free",
		n, firstPort, firstPort+portCount-1, len(ports))
}

// reserve locks a file for as long as this process lives; reserved is false when another
// process has it. The descriptor is left open on purpose (an os.File would be closed when it
// is collected); children do not inherit it.
func reserve(path string) (reserved bool, err error) {
	fd, err := syscall.Open(path, syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return false, fmt.Errorf("reserve port: open %s: %w", path, err)
	}
	err = syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return true, nil
	}
	if closeErr := syscall.Close(fd); closeErr != nil || !errors.Is(err, syscall.EWOULDBLOCK) {
		return false, errors.Join(fmt.Errorf("reserve port: lock %s: %w", path, err), closeErr)
	}
	return false, nil
}

// CheckPort returns an error that wraps [ErrPortTaken] and names the port when something
// listens on it on 127.0.0.1 already.
func CheckPort(port int) error {
	listener, err := net.Listen("tcp", loopback(port))
	if err != nil {
		return fmt.Errorf("%w: %s (%w)", ErrPortTaken, loopback(port), err)
	}
	return listener.Close()
}

// loopback is the address of a port on the loopback interface.
func loopback(port int) string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}
