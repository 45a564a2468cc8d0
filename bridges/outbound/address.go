package outbound

import (
	"context"
	"fmt"
	"net/netip"
	"syscall"
)

// notPublic4 are the IPv4 networks of the IANA special-purpose registry that a
// stranger's name must not lead to (RFC 6890 and its successors).
var notPublic4 = prefixes(
	"0.0.0.0/8",       // this host; Linux connects 0.0.0.0 to itself
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // carrier-grade NAT, cloud metadata of some providers
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local, cloud metadata
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // IETF protocol assignments
	"192.0.2.0/24",    // documentation
	"192.31.196.0/24", // AS112
	"192.52.193.0/24", // AMT
	"192.88.99.0/24",  // 6to4 relays
	"192.168.0.0/16",  // private
	"192.175.48.0/24", // AS112
	"198.18.0.0/15",   // benchmarking
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, broadcast
)

// globalUnicast6 is all of IPv6 that is public, but for notPublic6. What lies
// outside is refused without being listed: ::1, ::a.b.c.d, fc00::/7, fe80::/10,
// fec0::/10, ff00::/8, 64:ff9b::/96 and whatever comes to be.
var globalUnicast6 = netip.MustParsePrefix("2000::/3")

var notPublic6 = prefixes(
	"2001::/23",     // IETF protocol assignments, Teredo, ORCHID
	"2001:db8::/32", // documentation
	"2002::/16",     // 6to4: holds an IPv4 address
	"2620:4f:8000::/48",
	"3fff::/20", // documentation
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// isPublic tells whether an address belongs to the public internet. It expects an
// address without zone and not in IPv4-mapped form.
func isPublic(address netip.Addr) bool {
	special := notPublic6
	if address.Is4() {
		special = notPublic4
	} else if !globalUnicast6.Contains(address) {
		return false
	}
	for _, network := range special {
		if network.Contains(address) {
			return false
		}
	}
	return true
}

// guard decides about addresses at the moment of connecting, after the name has
// been resolved. So a name that resolves differently the second time gains nothing.
type guard struct {
	allowed  []netip.Prefix
	everyone bool
}

// refusedAddress is the error of an address that must not be reached.
type refusedAddress struct{ address string }

func (r refusedAddress) Error() string {
	return r.address + " is not a public address and not in outbound.allow_networks"
}

func newGuard(allowed []netip.Prefix, everyone bool) *guard {
	g := &guard{everyone: everyone}
	for _, network := range allowed {
		if address := network.Addr(); address.Is4In6() && network.Bits() >= 96 {
			network = netip.PrefixFrom(address.Unmap(), network.Bits()-96)
		}
		g.allowed = append(g.allowed, network.Masked())
	}
	return g
}

// control is net.Dialer.ControlContext.
func (g *guard) control(_ context.Context, network, text string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("network %s: %w", network, refusedAddress{text})
	}
	target, err := netip.ParseAddrPort(text)
	if err != nil || target.Port() == 0 {
		return refusedAddress{text}
	}
	address := target.Addr().WithZone("").Unmap()
	if g.permits(address) {
		return nil
	}
	return refusedAddress{address.String()}
}

func (g *guard) permits(address netip.Addr) bool {
	if g.everyone || isPublic(address) {
		return true
	}
	for _, network := range g.allowed {
		if network.Contains(address) {
			return true
		}
	}
	return false
}
