package openid

import (
	"net/netip"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"
)

var goodNames = []string{
	"example.org", "matrix.example.org:8448", "localhost", "localhost:8008", "a", "1.2.3.4", "1.2.3.4:1", "127.0.0.1:65535",
	"[::1]", "[::1]:8448", "[2001:db8::1]", "[::ffff:127.0.0.1]:80", "EXAMPLE.org", "xn--mnchen-3ya.example", "a-b.c1", "1a.example", "3com",
	strings.Repeat("a", 63) + ".example",
}

var badNames = []string{
	"", " ", "example.org ", " example.org", "exa mple.org", "example.org/", "example.org/path", "example.org?x", "example.org#x",
	"user@example.org", "user:pw@example.org", "https://example.org", "example.org:", "example.org:0", "example.org:00000", "example.org:65536",
	"example.org:99999", "example.org:8448:1", "example.org:-1", "example.org:+1", "example.org:8448/", "münchen.example", "example.org\n",
	"example.org\x00", "exa\tmple.org", "example..org", ".example.org", "example.org.", "-a.example", "a-.example", "a_b.example", "*", "*.example.org",
	"2130706433", "127.1", "127.0.1", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "1.2.3.256", "1.2.3.4.5", "01.2.3.4", "example.1", "example.0x1f", "example.0x",
	"::1", "[::1", "::1]", "[]", "[::1]x", "[::1]8448", "[::1]:", "[::1]:0", "[fe80::1%eth0]", "[fe80::1%25eth0]", "[127.0.0.1]", "[example.org]", "[::g]",
	"example.org%2f", "ex%61mple.org", "１２７.0.0.1", "example。org", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 120) + "example", "\u202eexample.org",
	"example.org:８", "$(x).example", "a,b", "a;b", "a\\b", "\"a\"",
}

func TestServerNames(t *testing.T) {
	t.Parallel()
	for _, text := range goodNames {
		if name, err := ParseServerName(text); err != nil || name.String() != text {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range badNames {
		if name, err := ParseServerName(text); err == nil {
			t.Errorf("%q was read as %+v", text, name)
		}
	}
}

func FuzzParseServerName(f *testing.F) {
	for _, text := range append(append([]string{}, goodNames...), badNames...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := ParseServerName(text)
		if err != nil {
			return
		}
		if !id.ValidateServerName(text) || strings.ContainsAny(text, "/@?#%_ \\\r\n\t\x00") || len(text) > maxServerName {
			t.Errorf("%q was accepted", text)
		}
		if name.ip {
			if _, err := netip.ParseAddr(name.host); err != nil {
				t.Errorf("%q: %q is no IP address", text, name.host)
			}
		}
		if name.port != "" && !strings.HasSuffix(text, ":"+name.port) {
			t.Errorf("%q: port %q", text, name.port)
		}
	})
}

func FuzzParseWellKnown(f *testing.F) {
	for _, body := range []string{
		`{"m.server":"matrix.example.org:443"}`, `{"m.server":"a"}`, `{}`, `null`, `[]`, `"x"`, `{"m.server":1}`, `{"m.server":null}`, `{"m.server":"http://x"}`,
		`{"M.SERVER":"example.org"}`, `{"m.server":{"m.server":"a"}}`, `{"m.server":"a"}{`, strings.Repeat("[", 10000), "", "\xff", `{"m.server":"\ud800"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		name, err := parseWellKnown(body)
		if err != nil {
			return
		}
		if again, err := ParseServerName(name.String()); err != nil || again != name {
			t.Errorf("%q gave %q", body, name)
		}
	})
}
