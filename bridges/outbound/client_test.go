package outbound_test

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"werkraum/bridges/outbound"
	"werkraum/bridges/outbound/outboundtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "geheim-token-123"

// lab is a client that may reach 127.0.0.2 but no other loopback address.
type lab struct {
	*outboundtest.CA
	dns      *outboundtest.DNS
	client   *outbound.Client
	registry *prometheus.Registry
}

func newLab(t *testing.T, change ...func(*outbound.Options)) *lab {
	t.Helper()
	l := &lab{CA: outboundtest.NewCA(t), dns: outboundtest.NewDNS(t), registry: prometheus.NewRegistry()}
	options := outbound.Options{
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")},
		RootCAs:       l.Pool(), Resolver: l.dns.Resolver(), Registerer: l.registry, Timeout: 30 * time.Second,
	}
	for _, f := range change {
		f(&options)
	}
	client, err := outbound.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	l.client = client
	return l
}

// get sends the secret in the query and in a header, and makes sure that no error tells it.
func (l *lab) get(t *testing.T, url string, change ...func(*outbound.Request)) (*outbound.Response, error) {
	t.Helper()
	request := outbound.Request{
		URL: url + "?access_token=" + secret, Header: http.Header{"Authorization": {"Bearer " + secret}},
	}
	for _, f := range change {
		f(&request)
	}
	response, err := l.client.Do(t.Context(), request)
	if err != nil && strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
		t.Errorf("the error tells the secret: %v", err)
	}
	return response, err
}

func wantResult(t *testing.T, err error, want outbound.Result) {
	t.Helper()
	var known *outbound.Error
	if !errors.As(err, &known) || known.Result != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.dns.Host("a.test", "127.0.0.2")
	requests := make(chan *http.Request, 1)
	address := l.Serve(t, "127.0.0.2:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r.Clone(context.Background())
		w.Header().Set("X", "y")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "body")
	}), "a.test")
	host := "a.test:" + outboundtest.Port(t, address)
	response, err := l.get(t, "https://"+host+"/p")
	if err != nil {
		t.Fatal(err)
	}
	if response.Status != http.StatusTeapot || string(response.Body) != "body" || response.Header.Get("X") != "y" {
		t.Errorf("got %+v", response)
	}
	seen := <-requests
	if seen.Host != host || seen.UserAgent() != "Werkraum" || seen.Header.Get("Accept-Encoding") != "" ||
		seen.Header.Get("Authorization") != "Bearer "+secret || seen.FormValue("access_token") != secret {
		t.Errorf("sent %v %v", seen.Host, seen.Header)
	}
	if got := counted(t, l.registry, "ok"); got != 1 {
		t.Errorf("counted %v", got)
	}
}

// counted is the counter of a result in a registry, or -1.
func counted(t *testing.T, registry *prometheus.Registry, result string) float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if family.GetName() == "werkraum_outbound_requests_total" && label.GetValue() == result {
					return metric.GetCounter().GetValue()
				}
			}
		}
	}
	return -1
}

func TestDialAddressKeepsHostAndCertificateName(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.dns.Host("target.test", "127.0.0.2")
	var host atomic.Value
	address := l.Serve(t, "127.0.0.2:0", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { host.Store(r.Host) }), "name.test")
	there := func(r *outbound.Request) { r.DialAddress = "target.test:" + outboundtest.Port(t, address) }
	if _, err := l.get(t, "https://name.test/", there); err != nil {
		t.Fatal(err)
	}
	if host.Load() != "name.test" {
		t.Errorf("Host %v", host.Load())
	}
	// The certificate of the place dialled does not do for another name.
	_, err := l.get(t, "https://other.test/", there)
	wantResult(t, err, outbound.BadTLS)
	// The connection made elsewhere serves no request to the name itself.
	_, err = l.get(t, "https://name.test/")
	wantResult(t, err, outbound.NoSuchName)
}

func TestRefusedAddresses(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	trap := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	l := newLab(t)
	address := l.Serve(t, "127.0.0.1:0", trap, "127.0.0.1", "inner.test", "localhost")
	port := outboundtest.Port(t, address)
	l.dns.Host("inner.test", "127.0.0.1")
	l.dns.Host("metadata.test", "169.254.169.254")
	for _, host := range []string{
		"127.0.0.1", "inner.test", "localhost", "metadata.test", "10.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0.0.0.0",
		"[fe80::1%25lo]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "100.100.100.200",
	} {
		_, err := l.get(t, "https://"+host+":"+port+"/")
		wantResult(t, err, outbound.RefusedAddress)
		_, err = l.get(t, "https://public.test/", func(r *outbound.Request) {
			r.DialAddress = strings.Replace(host, "%25", "%", 1) + ":" + port
		})
		wantResult(t, err, outbound.RefusedAddress)
	}
	// Forms that only some resolvers take for addresses.
	for _, host := range []string{"2130706433", "0x7f000001", "0177.0.0.1", "127.1"} {
		if _, err := l.get(t, "https://"+host+":"+port+"/"); err == nil {
			t.Errorf("%s was reached", host)
		}
	}
	if reached.Load() != 0 {
		t.Errorf("the inner server was reached %d times", reached.Load())
	}
}

func TestRebindingGainsNothing(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	l := newLab(t)
	outer := l.Serve(t, "127.0.0.2:0", text("outer"), "rebind.test")
	port := outboundtest.Port(t, outer)
	l.Serve(t, "127.0.0.1:"+port, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }), "rebind.test")
	l.dns.Host("rebind.test", "127.0.0.2", "127.0.0.1")
	dialled := func(r *outbound.Request) { r.DialAddress = "rebind.test:" + port } // a connection each
	if _, err := l.get(t, "https://rebind.test/", dialled); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, err := l.get(t, "https://rebind.test/", dialled)
		wantResult(t, err, outbound.RefusedAddress)
	}
	if l.dns.Asked("rebind.test") < 2 || reached.Load() != 0 {
		t.Errorf("asked %d times, reached %d times", l.dns.Asked("rebind.test"), reached.Load())
	}
}

func TestOneGoodAddressAmongBad(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	address := l.Serve(t, "127.0.0.2:0", text("x"), "mixed.test")
	l.dns.Host("mixed.test", "127.0.0.1 127.0.0.2")
	if _, err := l.get(t, "https://mixed.test:"+outboundtest.Port(t, address)+"/"); err != nil {
		t.Error(err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	var leaked atomic.Bool
	l := newLab(t)
	inner := l.Serve(t, "127.0.0.1:0", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }), "127.0.0.1", "a.test")
	other := l.Serve(t, "127.0.0.2:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked.Store(r.Header.Get("Authorization") != "")
		_, _ = io.WriteString(w, "other")
	}), "127.0.0.2")
	address := l.Serve(t, "127.0.0.2:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{
			"/same": "/end", "/loop": "/loop", "/inner": "https://" + inner + "/", "/other": "https://" + other + "/",
			"/plain": "http://a.test/", "/user": "https://u:p@" + r.Host + "/end", "/scheme": "file:///etc/passwd", "/port0": "https://a.test:0/",
		}[r.URL.Path]
		switch r.URL.Path {
		case "/end":
			_, _ = io.WriteString(w, "end")
		case "/empty":
			w.WriteHeader(http.StatusFound)
		default:
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}), "a.test")
	l.dns.Host("a.test", "127.0.0.2")
	base := "https://a.test:" + outboundtest.Port(t, address)
	follow := func(r *outbound.Request) { r.MaxRedirects = 3 }
	anywhere := func(r *outbound.Request) { r.MaxRedirects, r.OtherHosts = 3, true }

	_, err := l.get(t, base+"/same")
	wantResult(t, err, outbound.Redirected)
	response, err := l.get(t, base+"/same", follow)
	if err != nil || string(response.Body) != "end" {
		t.Errorf("same host: %v", err)
	}
	response, err = l.get(t, base+"/other", anywhere)
	if err != nil || string(response.Body) != "other" || leaked.Load() {
		t.Errorf("other host: %v, header passed on: %v", err, leaked.Load())
	}
	for path, want := range map[string]outbound.Result{
		"/loop": outbound.Redirected, "/plain": outbound.Redirected, "/user": outbound.Redirected, "/scheme": outbound.Redirected,
		"/empty": outbound.Redirected, "/port0": outbound.Redirected, "/inner": outbound.RefusedAddress,
	} {
		_, err := l.get(t, base+path, anywhere)
		wantResult(t, err, want)
	}
	_, err = l.get(t, base+"/other", follow)
	wantResult(t, err, outbound.Redirected)
	_, err = l.get(t, base+"/same", follow, func(r *outbound.Request) { r.Method, r.Body = http.MethodPost, []byte("x") })
	wantResult(t, err, outbound.Redirected)
	if reached.Load() != 0 {
		t.Error("the inner server was reached")
	}
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	raw := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, answer)
				_ = conn.Close()
			}
		}
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		want    outbound.Result
	}{
		"exactly the limit": {text(strings.Repeat("x", 1000)), ""},
		"one byte more":     {text(strings.Repeat("x", 1001)), outbound.TooLarge},
		"announced 1 MB":    {text(strings.Repeat("x", 1<<20)), outbound.TooLarge},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 100)); err != nil {
					return
				}
			}
		}, outbound.TooLarge},
		"stalls": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, outbound.TimedOut},
		"stalls in the body": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "x")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, outbound.TimedOut},
		"drips": {func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					_, _ = io.WriteString(w, "x")
					_ = http.NewResponseController(w).Flush()
				case <-r.Context().Done():
					return
				}
			}
		}, outbound.TimedOut},
		"echoes the token as protocol": {func(w http.ResponseWriter, r *http.Request) { raw(r.RequestURI+"\r\n\r\n")(w, r) }, outbound.BadAnswer},
		"closes":                       {raw(""), outbound.BadAnswer},
		"breaks off":                   {raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), outbound.BadAnswer},
		"negative length":              {raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), outbound.BadAnswer},
		"large header":                 {raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 200<<10) + "\r\n\r\n"), outbound.BadAnswer},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, func(o *outbound.Options) {
				o.MaxResponseBytes = 1000
				if test.want == outbound.TimedOut {
					o.Timeout = 1500 * time.Millisecond
				}
			})
			address := l.Serve(t, "127.0.0.2:0", test.handler, "127.0.0.2")
			_, err := l.get(t, "https://"+address+"/")
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantResult(t, err, test.want)
		})
	}
}

func TestCannotConnect(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	address := l.Serve(t, "127.0.0.2:0", text("x"), "right.test")
	_, err := l.get(t, "https://"+address+"/")
	wantResult(t, err, outbound.BadTLS)
	_, err = l.get(t, "https://no.such.test/")
	wantResult(t, err, outbound.NoSuchName)
	_, err = l.get(t, "https://127.0.0.2:1/") // nobody listens there
	wantResult(t, err, outbound.NoConnection)
	stranger := outboundtest.NewCA(t).Serve(t, "127.0.0.2:0", text("x"), "127.0.0.2")
	_, err = l.get(t, "https://"+stranger+"/")
	wantResult(t, err, outbound.BadTLS)
}

func TestInvalidRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, url := range []string{
		"http://127.0.0.2/", "file:///etc/passwd", "//127.0.0.2/", "https://", "https://u:p@127.0.0.2/", "https://127.0.0.2:0/", "%zz", "",
		"https:127.0.0.2", "https://a.test/" + strings.Repeat("x", 10000), "gopher://127.0.0.2/", "https://127.0.0.2:99999999/",
	} {
		if _, err := l.get(t, url); err == nil {
			t.Errorf("%q was sent", url)
		}
	}
	_, err := l.get(t, "https://127.0.0.2/", func(r *outbound.Request) { r.Method = "BAD METHOD" })
	wantResult(t, err, outbound.Invalid)
}

func TestTrustedReachesLoopbackByPlainHTTP(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *outbound.Options) { o.Trusted = true })
	var listening net.ListenConfig
	listener, err := listening.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: text("x"), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	if _, err := l.get(t, "http://"+listener.Addr().String()+"/"); err != nil {
		t.Error(err)
	}
}

func TestCallerGivesUp(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	arrived := make(chan struct{})
	address := l.Serve(t, "127.0.0.2:0", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}), "127.0.0.2")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := l.client.Do(ctx, outbound.Request{URL: "https://" + address + "/"})
	wantResult(t, err, outbound.Canceled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("not context.Canceled: %v", err)
	}
}

func TestSlowHostHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *outbound.Options) { o.PerHost, o.Total = 2, 3 })
	arrived, let := make(chan struct{}, 10), make(chan struct{})
	var now, most atomic.Int32
	slow := l.Serve(t, "127.0.0.2:0", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		arrived <- struct{}{}
		<-let
	}), "127.0.0.2")
	quick := l.Serve(t, "127.0.0.2:0", text("x"), "127.0.0.2")
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if _, err := l.get(t, "https://"+slow+"/"); err != nil {
				t.Error(err)
			}
		})
	}
	<-arrived
	<-arrived
	if _, err := l.get(t, "https://"+quick+"/"); err != nil {
		t.Error(err)
	}
	close(let)
	group.Wait()
	if most.Load() > 2 {
		t.Errorf("%d at once", most.Load())
	}
}

func TestTooManyWaiters(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *outbound.Options) { o.PerHost = 1 })
	arrived, let := make(chan struct{}, 100), make(chan struct{})
	slow := l.Serve(t, "127.0.0.2:0", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-let
	}), "127.0.0.2")
	outcome := make(chan error, 100)
	const most = 33 // one in progress, 32 waiting
	for range most + 5 {
		go func() { _, err := l.get(t, "https://"+slow+"/"); outcome <- err }()
	}
	<-arrived
	for range 5 {
		wantResult(t, <-outcome, outbound.Busy)
	}
	close(let)
	for range most {
		if err := <-outcome; err != nil {
			t.Error(err)
		}
	}
}

func TestLoadCAs(t *testing.T) {
	t.Parallel()
	if pool, err := outbound.LoadCAs(""); pool != nil || err != nil {
		t.Errorf("empty path: %v, %v", pool, err)
	}
	dir := t.TempDir()
	if _, err := outbound.LoadCAs(filepath.Join(dir, "none")); err == nil {
		t.Error("a missing file was accepted")
	}
	ca := outboundtest.NewCA(t)
	path := filepath.Join(dir, "ca.pem")
	for content, good := range map[string]bool{"no certificate": false, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.DER()})): true} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		pool, err := outbound.LoadCAs(path)
		if (err == nil) != good || (pool != nil) != good {
			t.Errorf("%.20q: %v", content, err)
		}
	}
}
