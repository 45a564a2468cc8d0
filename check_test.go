package main

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"werkraum/bridges/outbound/outboundtest"
	"werkraum/config"
	"werkraum/deploy/homeserver/homeservertest"
	"werkraum/store"
	"werkraum/widgets/live"
)

// site is a homeserver, made of handlers, and the files of a Werkraum beside it.
type site struct {
	dir, listen, name string
	registration      *config.Registration
	// What the homeserver does; tests change it.
	versions, whoami, ping, userinfo, federation http.HandlerFunc
	settings                                     map[string]string
}

func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, status, body) }
}

const refusesToken = `{"errcode":"M_UNKNOWN_TOKEN","error":"no"}`

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{dir: t.TempDir(), listen: fmt.Sprintf("127.0.0.1:%d", homeservertest.Ports(t, 1)[0])}
	ca := outboundtest.NewCA(t)
	federation := http.NewServeMux()
	federation.HandleFunc("/_matrix/federation/v1/openid/userinfo", func(w http.ResponseWriter, r *http.Request) { s.federation(w, r) })
	s.name = ca.Serve(t, "127.0.0.1:0", federation, "127.0.0.1")
	s.registration = config.NewRegistration(s.name, "http://"+s.listen)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /_matrix/client/versions", func(w http.ResponseWriter, r *http.Request) { s.versions(w, r) })
	mux.HandleFunc("GET /_matrix/client/v3/account/whoami", func(w http.ResponseWriter, r *http.Request) { s.whoami(w, r) })
	mux.HandleFunc("POST /_matrix/client/v1/appservice/werkraum/ping", func(w http.ResponseWriter, r *http.Request) { s.ping(w, r) })
	mux.HandleFunc("GET /_matrix/federation/v1/openid/userinfo", func(w http.ResponseWriter, r *http.Request) { s.userinfo(w, r) })
	homeserver := httptest.NewServer(mux)
	t.Cleanup(homeserver.Close)

	s.versions = reply(200, `{"versions":["v1.11"]}`)
	s.whoami = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+s.registration.ASToken {
			answerJSON(w, 401, refusesToken)
			return
		}
		answerJSON(w, 200, fmt.Sprintf(`{"user_id":"@werkraum:%s"}`, s.name))
	}
	s.ping = s.callBack
	s.userinfo, s.federation = reply(401, refusesToken), reply(401, refusesToken)

	caFile := s.write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.DER()})))
	s.settings = map[string]string{
		"listen": s.listen, "public_url": "http://" + s.listen, "homeserver.url": homeserver.URL, "homeserver.server_name": s.name,
		"registration": filepath.Join(s.dir, "registration.yaml"), "database.url": "sqlite:" + filepath.Join(s.dir, "w.db"),
		"key_file":                filepath.Join(s.dir, "w.key"),
		"outbound.allow_networks": "127.0.0.0/8", "outbound.ca_file": caFile, "outbound.timeout": "30s",
	}
	return s
}

// callBack is a homeserver's ping: it calls Werkraum and tells how that went.
func (s *site) callBack(w http.ResponseWriter, r *http.Request) {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, s.registration.URL+"/_matrix/app/v1/ping", strings.NewReader(`{}`))
	if err != nil {
		answerJSON(w, 500, `{}`)
		return
	}
	request.Header.Set("Authorization", "Bearer "+s.registration.HSToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		answerJSON(w, 502, `{"errcode":"M_CONNECTION_FAILED"}`)
		return
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		answerJSON(w, 502, fmt.Sprintf(`{"errcode":"M_BAD_STATUS","status":%d}`, response.StatusCode))
		return
	}
	answerJSON(w, 200, `{"duration_ms":1}`)
}

func (s *site) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// check runs the command and makes sure that it tells no secret.
func (s *site) check(t *testing.T, args ...string) (string, error) {
	t.Helper()
	for key, value := range s.settings {
		args = append(args, "--"+key+"="+value)
	}
	var out strings.Builder
	err := runCheck(t.Context(), append(args, "--lang=en"), &out)
	if err != nil && !errors.Is(err, errCheckFailed) {
		t.Errorf("error %v", err)
	}
	for _, secret := range []string{s.registration.ASToken, s.registration.HSToken, badToken} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the output tells a token:\n%s", out.String())
		}
	}
	return out.String(), err
}

func (s *site) save(t *testing.T) {
	t.Helper()
	if err := s.registration.Save(s.settings["registration"]); err != nil {
		t.Fatal(err)
	}
}

func TestCheckWhereAllIsWell(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.save(t)
	out, err := s.check(t)
	if err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
	for _, line := range []string{
		"✓ Configuration read", "✓ Registration ", "✓ Database sqlite:", "will be made at the first start", "✓ Homeserver reachable: http://127.0.0.1:",
		"✓ The homeserver knows the bot: @werkraum:" + s.name, "✓ The homeserver reaches Werkraum: http://" + s.listen,
		"! public_url http://" + s.listen + " is not encrypted", "leads to this Werkraum", "passes open boards", "✓ Sign-in: ", "✓ Federation: " + s.name,
	} {
		if !strings.Contains(out, line) {
			t.Errorf("lacks %q:\n%s", line, out)
		}
	}
	if strings.Contains(out, "✗") {
		t.Errorf("something is bad:\n%s", out)
	}
}

func TestCheckSpeaksGerman(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.save(t)
	var out strings.Builder
	args := []string{}
	for key, value := range s.settings {
		args = append(args, "--"+key+"="+value)
	}
	if err := runCheck(t.Context(), args, &out); err != nil { // default_language is de
		t.Error(err)
	}
	if !strings.Contains(out.String(), "✓ Der Homeserver kennt den Bot: ") {
		t.Errorf("not German:\n%s", out.String())
	}
}

// A Werkraum that runs answers at listen itself.
func TestCheckBesideARunningWerkraum(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.save(t)
	mux := http.NewServeMux()
	mux.Handle(identityPath, identityHandler(s.registration.HSToken))
	mux.HandleFunc("POST /_matrix/app/v1/ping", reply(200, "{}"))
	mux.Handle(livePath, live.NewHub(s.listen, live.Limits{}, nil, nil, prometheus.NewRegistry(), zerolog.Nop()))
	s.serve(t, mux)
	database, err := store.Open(t.Context(), s.settings["database.url"], store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() })
	out, err := s.check(t)
	if err != nil || !strings.Contains(out, "answers, schema ") || !strings.Contains(out, "✓ The homeserver reaches Werkraum") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// serve lets a handler answer at listen.
func (s *site) serve(t *testing.T, handler http.Handler) {
	t.Helper()
	var listening net.ListenConfig
	listener, err := listening.Listen(context.Background(), "tcp", s.listen)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
}

func TestCheckFindings(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(t *testing.T, s *site)
		want   []string
		fine   bool // only something notable
	}{
		"no server name": {func(_ *testing.T, s *site) { s.settings["homeserver.server_name"] = "" },
			[]string{"✗ Configuration: homeserver.server_name", "is missing"}, false},
		"no CA file": {func(_ *testing.T, s *site) { s.settings["outbound.ca_file"] = "/nowhere/ca.pem" },
			[]string{"✗ outbound.ca_file", "PEM file"}, false},
		"no registration": {func(t *testing.T, s *site) { _ = os.Remove(s.settings["registration"]) },
			[]string{"does not exist", "run `werkraum registration`"}, false},
		"broken registration": {func(t *testing.T, s *site) { s.write(t, "registration.yaml", "- x") },
			[]string{"✗ Registration", "is not a registration file"}, false},
		"registration without token": {func(t *testing.T, s *site) { s.registration.ASToken = ""; s.save(t); s.registration.ASToken = "unused" },
			[]string{"✗ Registration", "as_token"}, false},
		"registration that all can read": {func(t *testing.T, s *site) { _ = os.Chmod(s.settings["registration"], 0o644) },
			[]string{"! Registration", "chmod o-r"}, true},
		"database in a folder that is a file": {func(t *testing.T, s *site) {
			s.settings["database.url"] = "sqlite:" + s.write(t, "file", "x") + "/w.db"
		},
			[]string{"✗ Database"}, false},
		"database server away": {func(_ *testing.T, s *site) { s.settings["database.url"] = "postgres://me:hunter2@127.0.0.1:1/w" },
			[]string{"✗ Database postgres://127.0.0.1:1/w", "cannot be opened", "check database.url"}, false},
		"homeserver away": {func(_ *testing.T, s *site) { s.settings["homeserver.url"] = "http://127.0.0.1:1" },
			[]string{"✗ Homeserver not reachable", "cannot connect", "check homeserver.url"}, false},
		"no homeserver there": {func(_ *testing.T, s *site) { s.versions = reply(200, "<html>") },
			[]string{"✗ No Matrix homeserver answers", "without /_matrix"}, false},
		"registration unknown to the homeserver": {func(_ *testing.T, s *site) { s.whoami = reply(401, refusesToken) },
			[]string{"✗ The homeserver does not know the registration (status 401 M_UNKNOWN_TOKEN)", "restart it"}, false},
		"other server name": {func(_ *testing.T, s *site) { s.whoami = reply(200, `{"user_id":"@werkraum:other.example"}`) },
			[]string{`✗ The homeserver takes the bot for "@werkraum:other.example"`, "homeserver.server_name"}, false},
		"no ping": {func(_ *testing.T, s *site) { s.ping = reply(404, `{"errcode":"M_UNRECOGNIZED"}`) },
			[]string{"! The homeserver has no ping (Dendrite): Werkraum will use its own /sync"}, true},
		"push URL leads nowhere": {func(_ *testing.T, s *site) { s.ping = reply(502, `{"errcode":"M_CONNECTION_FAILED"}`) },
			[]string{"✗ The homeserver does not reach Werkraum at http://", "--appservice-url"}, false},
		"push URL leads elsewhere": {func(_ *testing.T, s *site) { s.ping = reply(502, `{"errcode":"M_BAD_STATUS","status":418}`) },
			[]string{"something else than Werkraum answers there (status 418)"}, false},
		"other hs_token": {func(_ *testing.T, s *site) {
			copied := *s.registration
			copied.HSToken = "the-token-of-yesterday"
			s.registration = &copied
		}, []string{"M_BAD_STATUS", "different hs_tokens"}, false},
		"no url at the homeserver": {func(_ *testing.T, s *site) { s.ping = reply(400, `{"errcode":"M_URL_NOT_SET"}`) }, []string{"without url"}, false},
		"ping refused":             {func(_ *testing.T, s *site) { s.ping = reply(403, `{"errcode":"M_FORBIDDEN"}`) }, []string{"✗ The homeserver refuses the ping (status 403 M_FORBIDDEN)"}, false},
		"port taken": {func(t *testing.T, s *site) { s.serve(t, http.NotFoundHandler()) },
			[]string{"✗ listen 127.0.0.1:", "is not free"}, false},
		"another Werkraum runs": {func(t *testing.T, s *site) { s.serve(t, identityHandler("other token")) },
			[]string{"✗ listen 127.0.0.1:", "no Werkraum with this registration"}, false},
		"public URL leads elsewhere": {func(_ *testing.T, s *site) { s.settings["public_url"] = s.settings["homeserver.url"] },
			[]string{"✗ public_url", "something else than this Werkraum answers (status 404)", "reverse proxy"}, false},
		"proxy without WebSockets": {func(t *testing.T, s *site) {
			proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: s.listen})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Header.Del("Upgrade")
				proxy.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			s.settings["public_url"] = server.URL
		}, []string{"leads to this Werkraum", "✗ public_url", "does not pass WebSockets", "/api/v1/live"}, false},
		"public URL not encrypted": {func(_ *testing.T, s *site) { s.settings["public_url"] = "http://werkraum.invalid" },
			[]string{"✗ public_url http://werkraum.invalid is not encrypted"}, false},
		"public URL with a foreign certificate": {func(t *testing.T, s *site) {
			s.settings["public_url"] = "https://" + outboundtest.NewCA(t).Serve(t, "127.0.0.1:0", http.NotFoundHandler(), "127.0.0.1")
		}, []string{"✗ public_url", "no trusted TLS connection", "outbound.ca_file"}, false},
		"federation off at the name only": {func(_ *testing.T, s *site) { s.federation = reply(404, "{}") },
			[]string{"✓ Sign-in", "! Federation", "status 404", "`openid`"}, true},
		"federation off": {func(_ *testing.T, s *site) { s.federation, s.userinfo = reply(404, "{}"), reply(404, "{}") },
			[]string{"✗ Federation", "status 404", "`openid`"}, false},
		"own network not allowed": {func(_ *testing.T, s *site) { s.settings["outbound.allow_networks"] = "" },
			[]string{"! Federation", "127.0.0.1 is not a public address", "outbound.allow_networks"}, true},
		"homeserver accepts any token": {func(_ *testing.T, s *site) { s.federation = reply(200, fmt.Sprintf(`{"sub":"@a:%s"}`, s.name)) },
			[]string{"✗ Federation", "invented token"}, false},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.save(t)
			test.change(t, s)
			out, err := s.check(t)
			for _, part := range test.want {
				if !strings.Contains(out, part) {
					t.Errorf("lacks %q:\n%s", part, out)
				}
			}
			if (err == nil) != test.fine || strings.Contains(out, "✗") == test.fine {
				t.Errorf("error %v:\n%s", err, out)
			}
			if strings.Contains(out, "hunter2") {
				t.Errorf("tells the password:\n%s", out)
			}
		})
	}
}

func TestCheckArguments(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := runCheck(t.Context(), []string{"--help"}, &out); err != nil || !strings.Contains(out.String(), "--homeserver.url") {
		t.Errorf("%v: %s", err, out.String())
	}
	for _, args := range [][]string{{"extra"}, {"--lang=fr"}, {"--nonsense"}} {
		if err := runCheck(t.Context(), args, io.Discard); err == nil || errors.Is(err, errCheckFailed) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
