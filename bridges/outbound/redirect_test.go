package outbound

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzRedirect follows whatever a foreign server names as its new place: it is https,
// holds no user name, and is another host only where that was allowed.
func FuzzRedirect(f *testing.F) {
	for _, location := range []string{
		"https://partner.example/x", "/x", "//evil.example/x", "https://evil.example", "http://partner.example/", "https://a:b@partner.example/", "https:partner.example", "https://",
		"https://partner.example:0/", "https://PARTNER.example:443/", "https://[::1]/", "https://partner.example%2eevil/", "\\\\evil.example", "javascript:x", "https://partner.example/\r\nX: y", "", "?", "#",
		"https://partner.example/" + strings.Repeat("a", 9000), "https://ｐａｒｔｎｅｒ.example/", "https://partner.example.:443",
	} {
		f.Add(location, true)
		f.Add(location, false)
	}
	client, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(client.Close)
	f.Fuzz(func(t *testing.T, location string, others bool) {
		current := &url.URL{Scheme: "https", Host: "partner.example", Path: "/.well-known/matrix/server"}
		header := http.Header{}
		header.Set("Location", location)
		next, reason := client.next(Request{Method: http.MethodGet, MaxRedirects: 2, OtherHosts: others}, current, &Response{Status: 302, Header: header}, 0)
		if reason != "" {
			if next != nil {
				t.Errorf("%q is refused and followed", location)
			}
			return
		}
		if next.Scheme != "https" || next.User != nil || next.Hostname() == "" || next.Port() == "0" || len(next.String()) > maxURLBytes ||
			!others && !strings.EqualFold(next.Host, current.Host) {
			t.Errorf("%q leads to %s", location, next)
		}
	})
}
