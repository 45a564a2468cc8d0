package outbound

import (
	"net"
	"strings"
)

// resolveLocalhost puts the loopback address in the place of a name below "localhost",
// which means this machine whatever DNS says (RFC 6761, 6.3). The guard judges the address
// like any other, so such a name is reached only where the operator has allowed loopback.
func resolveLocalhost(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !strings.HasSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), ".localhost") {
		return address
	}
	return net.JoinHostPort("127.0.0.1", port)
}
