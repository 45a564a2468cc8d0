package homeserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync/atomic"
)

const (
	// Ports are taken from below the kernel's ephemeral range (32768 and up), so that no
	// outgoing connection of another program takes one between our check and its use.
	firstPort     = 20000
	portsPerBlock = 24
	portBlocks    = 500
)

// portsGiven counts the ports handed out by this process: none is handed out twice.
var portsGiven atomic.Int64

// ErrPortTaken is wrapped by every error that says that a port is in use already.
var ErrPortTaken = errors.New("port is in use")

// FreePorts returns n TCP ports that were free on 127.0.0.1 a moment ago.
//
// Processes that run at the same time (the tests of several packages) search in different
// blocks, chosen by process ID, so they do not compete for one port.
func FreePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range portsPerBlock * portBlocks {
		given := int(portsGiven.Add(1) - 1)
		port := firstPort + (os.Getpid()%portBlocks*portsPerBlock+given)%(portsPerBlock*portBlocks)
		if CheckPort(port) != nil {
			continue
		}
		if ports = append(ports, port); len(ports) == n {
			return ports, nil
		}
	}
	return nil, fmt.Errorf("find %d free ports from %d to %d: only %d are free",
		n, firstPort, firstPort+portsPerBlock*portBlocks-1, len(ports))
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
