package tests

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"
)

// tap stands between an installation and its homeserver and records, in order, all that
// passes.
type tap struct {
	servers []*httptest.Server

	mu     sync.Mutex
	passed []passage
}

// passage is a request or an answer on its way. What the program sends is noted when it
// begins, what the program is told when it has been told.
type passage struct {
	fromProgram bool
	method, uri string // of the request, with its query
	body        string
	token       string // of a request of the program
}

func newTap() *tap { return &tap{} }

// listen returns the installation that is tapped.
func (w *world) listen(t *testing.T) *house {
	t.Helper()
	return w.house(t, tapped)
}

// between returns the addresses at which the program finds the homeserver, and the
// homeserver the program.
func (p *tap) between(homeserver, program string) (forProgram, forHomeserver string) {
	return p.relay(homeserver, true), p.relay(program, false)
}

func (p *tap) relay(target string, programAsks bool) string {
	to, err := url.Parse(target)
	if err != nil {
		panic(err) // it was made of a port
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	transport := &http.Transport{MaxIdleConnsPerHost: 32}
	proxy.Transport = transport
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(asked))
		if programAsks {
			p.note(passage{true, r.Method, r.URL.RequestURI(), string(asked), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")})
		}
		answered := &recorder{ResponseWriter: w}
		proxy.ServeHTTP(answered, r)
		if programAsks {
			p.note(passage{false, r.Method, r.URL.RequestURI(), answered.body.String(), ""})
		} else {
			p.note(passage{false, r.Method, r.URL.RequestURI(), string(asked), ""})
			p.note(passage{true, r.Method, r.URL.RequestURI(), answered.body.String(), ""})
		}
	}))
	p.servers = append(p.servers, server)
	return server.URL
}

func (p *tap) note(one passage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passed = append(p.passed, one)
}

// all returns what has passed so far.
func (p *tap) all() []passage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clip(p.passed)
}

func (p *tap) close() error {
	if p == nil {
		return nil
	}
	for _, server := range p.servers {
		server.CloseClientConnections()
		server.Close()
	}
	return nil
}

// sends reports whether it is an event that the program sends to a room, and of what type.
func (m passage) sends(room roomID) (kind string, ok bool) {
	if !m.fromProgram || m.method != http.MethodPut {
		return "", false
	}
	path, err := url.PathUnescape(m.uri)
	if err != nil {
		return "", false
	}
	_, rest, ok := strings.Cut(path, "/rooms/"+room.String()+"/send/")
	if !ok {
		return "", false
	}
	kind, _, _ = strings.Cut(rest, "/")
	return kind, true
}

// tellsOfEncryption reports whether it tells the program that a room is encrypted.
func (m passage) tellsOfEncryption(room roomID) bool {
	const on = `"type":"m.room.encryption"`
	uri, err := url.PathUnescape(m.uri)
	switch {
	case m.fromProgram || err != nil || !strings.Contains(m.body, on):
		return false
	case strings.Contains(uri, "/sync?"):
		return strings.Contains(gjson.Get(m.body, "rooms.join."+gjson.Escape(room.String())).Raw, on)
	case strings.Contains(uri, "/transactions/"):
		for _, e := range gjson.Get(m.body, "events").Array() {
			if e.Get("room_id").Str == room.String() && e.Get("type").Str == "m.room.encryption" {
				return true
			}
		}
		return false
	default:
		return strings.Contains(uri, "/rooms/"+room.String()+"/")
	}
}

// recorder keeps a copy of an answer.
type recorder struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
