package openid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
	"maunium.net/go/mautrix/id"

	"werkraum/bridges/outbound"
	"werkraum/bridges/outbound/outboundtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret = "geheim+token/&=?#"
	// timeout of a request is one that nothing comes near, but where a server stalls.
	timeout      = 30 * time.Second
	shortTimeout = 2 * time.Second
)

// lab is a verifier that may reach 127.0.0.2 but no other loopback address. Its
// homeservers listen on one port that stands for 443 or 8448.
type lab struct {
	*outboundtest.CA
	dns      *outboundtest.DNS
	verifier *Verifier
	port     string
}

// newLab starts a homeserver on 127.0.0.2 for the names, on the port that stands
// for both well-known ports.
func newLab(t *testing.T, handler http.Handler, names ...string) *lab {
	t.Helper()
	return newLabWithin(t, timeout, handler, names...)
}

// newLabWithin is newLab for what stalls: each request may take so long.
func newLabWithin(t *testing.T, within time.Duration, handler http.Handler, names ...string) *lab {
	t.Helper()
	l := &lab{CA: outboundtest.NewCA(t), dns: outboundtest.NewDNS(t)}
	client, err := outbound.New(outbound.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")},
		RootCAs:       l.Pool(), Resolver: l.dns.Resolver(), Timeout: within,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if l.verifier, err = New(Options{Client: client, Resolver: l.dns.Resolver(), Registerer: prometheus.NewRegistry()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.verifier.routes.searches.Wait) // while DNS still answers
	for _, name := range names {
		l.dns.Host(name, "127.0.0.2")
	}
	l.port = outboundtest.Port(t, l.Serve(t, "127.0.0.2:0", handler, append(names, "127.0.0.2")...))
	l.verifier.discovery.httpsPort, l.verifier.discovery.matrixPort = l.port, l.port
	return l
}

// verify makes sure that no error tells the token.
func (l *lab) verify(t *testing.T, server string) (id.UserID, error) {
	t.Helper()
	user, err := l.verifier.Verify(t.Context(), server, secret)
	if err != nil {
		for _, text := range []string{fmt.Sprintf("%v", err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
			if strings.Contains(text, "geheim") {
				t.Errorf("the error tells the token: %s", text)
			}
		}
	}
	return user, err
}

func wantReason(t *testing.T, err error, want Reason) *Error {
	t.Helper()
	var known *Error
	if !errors.As(err, &known) || known.Reason != want {
		t.Errorf("got %v, want %s", err, want)
		return &Error{}
	}
	return known
}

// homeserver answers userinfo with sub, and .well-known with delegate if not empty.
func homeserver(sub, delegate string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/matrix/server", func(w http.ResponseWriter, r *http.Request) {
		if delegate == "" {
			http.NotFound(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"m.server": delegate})
	})
	mux.HandleFunc("GET "+userInfoPath, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("access_token") != secret {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"sub": sub})
	})
	return mux
}

func TestDirectNames(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"127.0.0.2:PORT", "a.test:PORT", "127.0.0.2"} {
		t.Run(server, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				// The Host header is the server name as it stands.
				homeserver("@anna:"+r.Host, "").ServeHTTP(w, r)
			}), "a.test")
			name := strings.Replace(server, "PORT", l.port, 1)
			user, err := l.verify(t, name)
			if err != nil || user != id.UserID("@anna:"+name) {
				t.Errorf("got %q, %v", user, err)
			}
		})
	}
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	type request struct{ host, path string }
	tests := map[string]struct {
		delegate string // PORT stands for the port of both servers
		records  map[string]net.SRV
		want     string // Host header at 127.0.0.2 (whatever the way there)
	}{
		"the Matrix port":                   {"", nil, "a.test"},
		"delegated with port":               {"b.test:PORT", nil, "b.test:PORT"},
		"delegated without port":            {"b.test", nil, "b.test"},
		"delegated to an address":           {"127.0.0.2:PORT", nil, "127.0.0.2:PORT"},
		"delegated to an address, no port":  {"127.0.0.2", nil, "127.0.0.2"},
		"delegated, service of the target":  {"b.test", map[string]net.SRV{"_matrix-fed._tcp.b.test": {Target: "c.test."}}, "b.test"},
		"service":                           {"", map[string]net.SRV{"_matrix-fed._tcp.a.test": {Target: "c.test."}}, "a.test"},
		"old service":                       {"", map[string]net.SRV{"_matrix._tcp.a.test": {Target: "c.test."}}, "a.test"},
		"new service before old":            {"", map[string]net.SRV{"_matrix._tcp.a.test": {Target: "none.test."}, "_matrix-fed._tcp.a.test": {Target: "c.test."}}, "a.test"},
		"service that says it is not there": {"", map[string]net.SRV{"_matrix-fed._tcp.a.test": {Target: "."}}, "a.test"},
		"delegation that is no server name": {"http://b.test/", nil, "a.test"},
		"delegation with user name":         {"u@b.test", nil, "a.test"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			seen := make(chan request, 10)
			var handler http.Handler
			l := newLab(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen <- request{r.Host, r.URL.Path}
				handler.ServeHTTP(w, r)
			}), "a.test", "b.test")
			handler = homeserver("@anna:a.test", strings.Replace(test.delegate, "PORT", l.port, 1))
			l.dns.Host("c.test", "127.0.0.2")
			for name, record := range test.records {
				record.Port = 8448
				if record.Target == "c.test." {
					port, err := net.LookupPort("tcp", l.port)
					if err != nil {
						t.Fatal(err)
					}
					record.Port = uint16(port)
				}
				l.dns.Service(name, record)
			}
			user, err := l.verify(t, "a.test")
			if err != nil || user != "@anna:a.test" {
				t.Fatalf("got %q, %v", user, err)
			}
			if first := <-seen; first.path != "/.well-known/matrix/server" {
				t.Errorf("first asked %+v", first)
			}
			if got, want := <-seen, (request{strings.Replace(test.want, "PORT", l.port, 1), userInfoPath}); got != want {
				t.Errorf("asked %+v, want %+v", got, want)
			}
		})
	}
}

func TestSeveralServiceTargets(t *testing.T) {
	t.Parallel()
	l := newLab(t, homeserver("@anna:a.test", ""), "a.test")
	port, err := net.LookupPort("tcp", l.port)
	if err != nil {
		t.Fatal(err)
	}
	l.dns.Host("inner.test", "127.0.0.1")
	l.dns.Service("_matrix-fed._tcp.a.test",
		net.SRV{Target: "gone.test.", Port: uint16(port), Priority: 1},
		net.SRV{Target: "inner.test.", Port: uint16(port), Priority: 2},
		net.SRV{Target: "a.test.", Port: uint16(port), Priority: 3})
	if user, err := l.verify(t, "a.test"); err != nil || user != "@anna:a.test" {
		t.Errorf("got %q, %v", user, err)
	}
}

func TestForeignAndBrokenSub(t *testing.T) {
	t.Parallel()
	for sub, want := range map[string]Reason{
		"@anna:b.test": WrongServer, "@anna:A.test": WrongServer, "@anna:a.test:8448": WrongServer, "@anna:x.a.test": WrongServer,
		"": BadAnswer, "anna": BadAnswer, "@anna": BadAnswer, "@:a.test": BadAnswer, "@anna:": BadAnswer, "#anna:a.test": BadAnswer,
		"@anna:a.test/": BadAnswer, "@anna:a.test ": BadAnswer, "@an\nna:a.test": BadAnswer, "@an na:a.test": BadAnswer, "@an\u200bna:a.test": BadAnswer,
		"@an\u202ena:a.test": BadAnswer, "@anna:evil:a.test": BadAnswer, "@" + strings.Repeat("a", 260) + ":a.test": BadAnswer, " @anna:a.test": BadAnswer,
	} {
		t.Run(sub, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, homeserver(sub, ""), "a.test")
			user, err := l.verify(t, "a.test")
			wantReason(t, err, want)
			if user != "" {
				t.Errorf("got %q beside the error", user)
			}
		})
	}
}

func TestHistoricalLocalpart(t *testing.T) {
	t.Parallel()
	l := newLab(t, homeserver("@Jürgen.Müller!:a.test", ""), "a.test")
	if user, err := l.verify(t, "a.test"); err != nil || user != "@Jürgen.Müller!:a.test" {
		t.Errorf("got %q, %v", user, err)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, `{"sub":"@anna:a.test"}`)
		}
	}
	body := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		want    Reason
		status  int
	}{
		"401": {status(401), RefusedToken, 401}, "403": {status(403), RefusedToken, 403}, "404": {status(404), BadAnswer, 404},
		"500": {status(500), BadAnswer, 500}, "204": {status(204), BadAnswer, 204},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://127.0.0.1/?"+r.URL.RawQuery, http.StatusFound)
		}, BadAnswer, 0},
		"HTML":      {body("<html>"), BadAnswer, 0},
		"empty":     {body(""), BadAnswer, 0},
		"list":      {body(`["@anna:a.test"]`), BadAnswer, 0},
		"null":      {body(`null`), BadAnswer, 0},
		"number":    {body(`{"sub":1}`), BadAnswer, 0},
		"two":       {body(`{"sub":"@anna:a.test"}{"sub":"@otto:a.test"}`), BadAnswer, 0},
		"not UTF-8": {body("{\"sub\":\"@an\xffna:a.test\"}"), BadAnswer, 0},
		"1 MB":      {body(`{"x":"` + strings.Repeat("x", 1<<20) + `","sub":"@anna:a.test"}`), BadAnswer, 0},
		"deep":      {body(strings.Repeat(`{"a":`, 10900)), BadAnswer, 0},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat(" ", 4096)); err != nil {
					return
				}
			}
		}, BadAnswer, 0},
		"stall": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, Unreachable, 0},
		"slow body": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"sub":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, Unreachable, 0},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.HandleFunc(userInfoPath, test.handler)
			within := timeout
			if test.want == Unreachable {
				within = shortTimeout
			}
			l := newLabWithin(t, within, mux, "a.test")
			_, err := l.verify(t, "a.test")
			if got := wantReason(t, err, test.want).Status; got != test.status {
				t.Errorf("status %d, want %d", got, test.status)
			}
		})
	}
}

// A stranger's name must not make Werkraum talk to its own network, whichever way
// the name leads there.
func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	trap := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached.Add(1)
		_, _ = io.WriteString(w, `{"sub":"@anna:a.test","m.server":"a.test"}`)
	})
	redirect := http.NewServeMux()
	l := newLab(t, redirect, "a.test", "delegates.test", "srv.test", "redirects.test", "rebind.test")
	inner := l.Serve(t, "127.0.0.1:"+l.port, trap, "127.0.0.1", "localhost", "inner.test", "a.test", "srv.test", "rebind.test")
	redirect.HandleFunc("redirects.test/.well-known/matrix/server", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://"+inner+"/")
		w.WriteHeader(http.StatusFound)
	})
	redirect.HandleFunc("delegates.test/.well-known/matrix/server", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"m.server":"inner.test:%s"}`, l.port)
	})
	l.dns.Host("inner.test", "127.0.0.1")
	l.dns.Host("rebind.test", "127.0.0.2", "127.0.0.1")
	port, err := net.LookupPort("tcp", l.port)
	if err != nil {
		t.Fatal(err)
	}
	l.dns.Service("_matrix-fed._tcp.srv.test", net.SRV{Target: "inner.test.", Port: uint16(port)})
	for _, server := range []string{
		"127.0.0.1", "127.0.0.1:" + l.port, "localhost", "localhost:" + l.port, "inner.test", "inner.test:" + l.port, "[::1]:" + l.port,
		"[::ffff:127.0.0.1]:" + l.port, "[::]:" + l.port, "0.0.0.0:" + l.port, "169.254.169.254:80", "10.0.0.1", "[fe80::1]", "[64:ff9b::7f00:1]:" + l.port,
		"delegates.test", "srv.test", "rebind.test",
	} {
		_, err := l.verify(t, server)
		wantReason(t, err, Unreachable)
		var refused *outbound.Error
		if !errors.As(err, &refused) || refused.Result != outbound.RefusedAddress {
			t.Errorf("%s: %v", server, err)
		}
	}
	// What redirects into the private network has no .well-known; its own port answers 404.
	_, err = l.verify(t, "redirects.test")
	if got := wantReason(t, err, BadAnswer).Status; got != http.StatusNotFound {
		t.Errorf("status %d", got)
	}
	if reached.Load() != 0 {
		t.Errorf("the inner server was reached %d times", reached.Load())
	}
}

func TestWellKnownRedirects(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	l := newLab(t, mux, "a.test", "www.a.test", "loop.test")
	mux.HandleFunc("a.test/.well-known/matrix/server", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://www.a.test:"+l.port+"/mx", http.StatusMovedPermanently)
	})
	mux.HandleFunc("www.a.test/mx", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"m.server":"www.a.test:%s"}`, l.port)
	})
	mux.Handle("www.a.test"+userInfoPath, homeserver("@anna:a.test", ""))
	mux.HandleFunc("loop.test/.well-known/matrix/server", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	})
	mux.Handle("loop.test"+userInfoPath, homeserver("@anna:loop.test", ""))
	for _, server := range []string{"a.test", "loop.test"} {
		if user, err := l.verify(t, server); err != nil || user != id.UserID("@anna:"+server) {
			t.Errorf("%s: got %q, %v", server, user, err)
		}
	}
}

func TestHostileWellKnown(t *testing.T) {
	t.Parallel()
	for title, handler := range map[string]http.HandlerFunc{
		"too large": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"m.server":"b.test","x":"`+strings.Repeat("x", maxWellKnownBytes)+`"}`)
		},
		"not JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "m.server: b.test") },
		"stall":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"a path":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"m.server":"b.test/x"}`) },
		"500":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			within := timeout
			if title == "stall" {
				within = shortTimeout
			}
			l := newLabWithin(t, within, mux, "a.test")
			mux.HandleFunc("/.well-known/matrix/server", handler)
			mux.Handle("/", homeserver("@anna:a.test", ""))
			if user, err := l.verify(t, "a.test"); err != nil || user != "@anna:a.test" {
				t.Errorf("got %q, %v", user, err)
			}
		})
	}
}

func TestRefusedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	l := newLab(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }), "a.test")
	for _, server := range badNames {
		_, err := l.verify(t, server)
		wantReason(t, err, InvalidServerName)
		if server != "" && server != " " && err != nil && strings.Contains(err.Error(), server) && len(server) > 9 {
			t.Errorf("a hostile name is repeated: %v", err)
		}
	}
	for _, token := range []string{"", "a b", "a\nb", "ä", strings.Repeat("x", maxTokenBytes+1)} {
		_, err := l.verifier.Verify(t.Context(), "a.test", token)
		wantReason(t, err, InvalidToken)
	}
	l.verifier.options.Allowed = func(server string) bool { return server == "friend.test" }
	_, err := l.verify(t, "a.test")
	wantReason(t, err, NotAllowed)
	if reached.Load() != 0 || l.dns.Asked("a.test") != 0 {
		t.Errorf("reached %d, asked DNS %d times", reached.Load(), l.dns.Asked("a.test"))
	}
}

func TestCallerGivesUp(t *testing.T) {
	t.Parallel()
	l := newLab(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), "a.test")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := l.verifier.Verify(ctx, "a.test", secret)
	wantReason(t, err, Unreachable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOwnServer(t *testing.T) {
	t.Parallel()
	notFound := http.NotFoundHandler()
	tests := map[string]struct {
		own  http.Handler
		want id.UserID
		fail Reason
	}{
		"answers":                 {homeserver("@own:a.test", ""), "@own:a.test", ""},
		"has no openid there":     {notFound, "@federation:a.test", ""},
		"is broken there":         {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }), "@federation:a.test", ""},
		"refuses":                 {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }), "", RefusedToken},
		"speaks for someone else": {homeserver("@own:b.test", ""), "", WrongServer},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, homeserver("@federation:a.test", ""), "a.test")
			own := httptest.NewServer(test.own)
			t.Cleanup(own.Close)
			trusted, err := outbound.New(outbound.Options{Trusted: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(trusted.Close)
			l.verifier.options.OwnServer, l.verifier.options.OwnURL, l.verifier.options.OwnClient = "a.test", own.URL, trusted
			user, err := l.verify(t, "a.test")
			if test.fail != "" {
				wantReason(t, err, test.fail)
			} else if err != nil || user != test.want {
				t.Errorf("got %q, %v", user, err)
			}
			// Nobody else is asked at the own server's address.
			_, err = l.verify(t, "other.test")
			wantReason(t, err, Unreachable)
		})
	}
	if _, err := New(Options{Client: nil}); err == nil {
		t.Error("made without a client")
	}
}
