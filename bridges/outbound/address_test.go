package outbound

import (
	"context"
	"errors"
	"net/netip"
	"testing"
)

func TestOnlyPublicAddresses(t *testing.T) {
	t.Parallel()
	refused := []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
		"198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808",
		"64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1",
		"3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1",
	}
	public := []string{"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1",
		"198.20.0.1", "223.255.255.255", "2003:1::1", "2a00:1450::1", "2606:4700::1111", "::ffff:8.8.8.8"}
	g := newGuard(nil, false)
	for _, text := range refused {
		if err := dial(g, text); err == nil {
			t.Errorf("%s is permitted", text)
		} else if !errors.As(err, new(refusedAddress)) {
			t.Errorf("%s: wrong error %v", text, err)
		}
	}
	for _, text := range public {
		if err := dial(g, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func dial(g *guard, text string) error {
	address := netip.MustParseAddr(text)
	network := "tcp6"
	if address.Is4() {
		network = "tcp4"
	}
	return g.control(context.Background(), network, netip.AddrPortFrom(address, 443).String(), nil)
}

func TestAllowedNetworks(t *testing.T) {
	t.Parallel()
	g := newGuard([]netip.Prefix{
		netip.MustParsePrefix("127.0.0.2/32"), netip.MustParsePrefix("10.1.2.3/16"),
		netip.MustParsePrefix("::ffff:192.168.0.0/112"), netip.MustParsePrefix("fd00::/8"),
	}, false)
	for text, want := range map[string]bool{
		"127.0.0.2": true, "127.0.0.1": false, "10.1.255.1": true, "10.2.0.1": false, "::ffff:10.1.0.1": true,
		"192.168.7.7": true, "192.169.0.1": true, "fd01::1": true, "fc01::1": false, "::ffff:127.0.0.1": false,
	} {
		if got := dial(g, text) == nil; got != want {
			t.Errorf("%s: permitted %v, want %v", text, got, want)
		}
	}
}

func TestGuardRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	g := newGuard(nil, false)
	for _, test := range [][2]string{
		{"unix", "/run/x.sock"}, {"udp4", "8.8.8.8:53"}, {"tcp4", "8.8.8.8"}, {"tcp4", "8.8.8.8:0"}, {"tcp4", "name:443"}, {"tcp4", ""},
	} {
		if err := g.control(context.Background(), test[0], test[1], nil); err == nil {
			t.Errorf("%v is permitted", test)
		}
	}
}
