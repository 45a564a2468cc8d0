package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"

	"werkraum/bridges/openid"
	"werkraum/bridges/outbound"
	"werkraum/workspace"
)

// badToken is no token of anybody: a homeserver that can verify tokens refuses it.
const badToken = "werkraum-check-is-not-a-token"

// standIn makes sure that something answers at the setting listen: the Werkraum that
// runs, or else a listener until stop is called. It refuses the homeserver's
// transactions, so that they come again.
func (x *examination) standIn(ctx context.Context) (stop func(), ok bool) {
	nothing := func() {}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", x.settings.Listen)
	if err != nil {
		if x.isThis(ctx, "http://"+reachable(x.settings.Listen)) == nil {
			return nothing, true
		}
		x.report(bad, workspace.Text{De: "listen " + x.settings.Listen + " ist nicht frei, und dort antwortet kein Werkraum mit dieser Registrierung: " + err.Error(),
			En: "listen " + x.settings.Listen + " is not free, and no Werkraum with this registration answers there: " + err.Error()},
			workspace.Text{De: "beenden Sie das andere Programm, starten Sie das laufende Werkraum neu, oder wählen Sie einen anderen Port",
				En: "stop the other program, restart the Werkraum that runs, or choose another port"})
		return nothing, false
	}
	mux := http.NewServeMux()
	mux.Handle(identityPath, identityHandler(x.registration.HSToken))
	mux.HandleFunc("POST /_matrix/app/v1/ping", func(w http.ResponseWriter, r *http.Request) {
		given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(x.registration.HSToken)) != 1 {
			answerJSON(w, http.StatusForbidden, `{"errcode":"M_FORBIDDEN","error":"wrong hs_token"}`)
			return
		}
		answerJSON(w, http.StatusOK, "{}")
	})
	mux.HandleFunc("GET "+livePath, func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // nothing is said on it
		if err == nil {
			_ = conn.CloseNow()
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusServiceUnavailable, `{"errcode":"M_UNKNOWN","error":"werkraum check is running"}`)
	})
	server := &http.Server{Handler: mux, ReadTimeout: checkTimeout, WriteTimeout: checkTimeout, MaxHeaderBytes: 16 << 10}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends with stop
	}()
	return func() { _ = server.Close(); <-done }, true
}

func answerJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// reachable is an address to connect to for one to listen on.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

var errOther = errors.New("something else than this Werkraum answers")

// isThis asks whether the Werkraum of this registration answers at a URL.
func (x *examination) isThis(ctx context.Context, base string) error {
	challenge := rand.Text()
	response, err := x.trusted.Do(ctx, outbound.Request{URL: base + identityPath + "?challenge=" + challenge})
	if err != nil {
		return err
	}
	var answer struct {
		Proof string `json:"proof"`
	}
	want := identityProof(x.registration.HSToken, challenge)
	if err := json.Unmarshal(response.Body, &answer); err != nil || response.Status != http.StatusOK || answer.Proof != want {
		return fmt.Errorf("%w (status %d)", errOther, response.Status)
	}
	return nil
}

// checkOwnListener examines the public URL as browsers see it.
func (x *examination) checkOwnListener(ctx context.Context) {
	public := x.settings.PublicURL
	u, err := url.Parse(public)
	if err != nil {
		return // config has checked it
	}
	if u.Scheme == "http" {
		how, what := bad, workspace.Text{De: "public_url " + public + " ist nicht verschlüsselt", En: "public_url " + public + " is not encrypted"}
		if isLocal(u.Hostname()) {
			how = notable
		}
		x.report(how, what, workspace.Text{
			De: "gut zum Ausprobieren auf diesem Rechner; ein Element unter https zeigt das Board nur unter https: setzen Sie einen Reverse-Proxy davor",
			En: "good for trying on this machine; an Element under https shows the board only under https: put a reverse proxy in front"})
	}
	stop, ok := x.standIn(ctx)
	if !ok {
		return
	}
	defer stop()
	what := workspace.Text{De: "public_url " + public + ": ", En: "public_url " + public + ": "}
	err = x.isThis(ctx, public)
	switch {
	case err == nil:
		x.report(good, workspace.Text{De: what.De + "führt zu diesem Werkraum", En: what.En + "leads to this Werkraum"}, workspace.Text{})
		x.checkSocket(ctx, u, what)
	case errors.Is(err, errOther):
		x.report(bad, workspace.Text{De: what.De + "dort antwortet etwas anderes als dieses Werkraum", En: what.En + err.Error()},
			workspace.Text{De: "lassen Sie den Reverse-Proxy alle Pfade an `listen` weitergeben, und starten Sie ein laufendes Werkraum neu, wenn die Registrierung neu ist",
				En: "make the reverse proxy pass all paths to `listen`, and restart a running Werkraum if the registration is new"})
	case isConnect(err) && !isLocal(u.Hostname()):
		x.report(notable, workspace.Text{De: what.De + "von hier aus nicht erreichbar: " + err.Error(), En: what.En + "not reachable from here: " + err.Error()},
			workspace.Text{De: "öffnen Sie die Adresse im Browser eines Arbeitsplatzes; manche Netze erreichen nur von hier aus ihre eigene öffentliche Adresse nicht",
				En: "open the address in the browser of a desk; some networks just do not reach their own public address from inside"})
	default:
		x.report(bad, workspace.Text{De: what.De + err.Error(), En: what.En + err.Error()},
			workspace.Text{De: "prüfen Sie Namen, Reverse-Proxy und Zertifikat (eigene Zertifizierungsstelle: outbound.ca_file)",
				En: "check the name, the reverse proxy and the certificate (a CA of your own: outbound.ca_file)"})
	}
}

// livePath is where open boards have their socket.
const livePath = "/api/v1/live"

// checkSocket opens a board's socket as a browser does, with the origin that the
// page has there.
func (x *examination) checkSocket(ctx context.Context, public *url.URL, what workspace.Text) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	roots, err := outbound.LoadCAs(x.settings.Outbound.CAFile)
	if err != nil {
		return // clients has told
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	defer client.CloseIdleConnections()
	conn, _, err := websocket.Dial(ctx, public.String()+livePath, &websocket.DialOptions{ //nolint:bodyclose // Dial sees to it
		HTTPClient: client, HTTPHeader: http.Header{"Origin": {public.Scheme + "://" + public.Host}},
	})
	if err != nil {
		x.report(bad, workspace.Text{De: what.De + "lässt keine WebSockets durch: " + err.Error(), En: what.En + "does not pass WebSockets: " + err.Error()},
			workspace.Text{De: "lassen Sie den Reverse-Proxy auch " + livePath + " weitergeben, mit den Kopfzeilen Upgrade und Connection (nginx: siehe Betriebshandbuch)",
				En: "make the reverse proxy pass " + livePath + " too, with the headers Upgrade and Connection (nginx: see the operator's page)"})
		return
	}
	_ = conn.CloseNow()
	x.report(good, workspace.Text{De: what.De + "lässt offene Boards durch (WebSockets)", En: what.En + "passes open boards (WebSockets)"}, workspace.Text{})
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// checkFederation examines whether homeservers say who their users are: the own one
// at its URL, and at its name, the way that others take to it.
func (x *examination) checkFederation(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*checkTimeout)
	defer cancel()
	name := x.settings.Homeserver.ServerName
	atURL := false
	response, err := x.trusted.Do(ctx, outbound.Request{
		URL: x.settings.Homeserver.URL + "/_matrix/federation/v1/openid/userinfo?access_token=" + badToken,
	})
	if err == nil && response.Status == http.StatusUnauthorized {
		atURL = true
		x.report(good, workspace.Text{De: "Anmeldung: der Homeserver prüft Anmeldungen unter homeserver.url", En: "Sign-in: the homeserver verifies sign-ins at homeserver.url"}, workspace.Text{})
	}
	verifier, err := openid.New(openid.Options{Client: x.guarded})
	if err != nil {
		x.report(bad, workspace.Text{De: "Föderation: " + err.Error(), En: "Federation: " + err.Error()}, workspace.Text{})
		return
	}
	_, err = verifier.Verify(ctx, name, badToken)
	x.reportFederation(name, err, atURL)
}

func (x *examination) reportFederation(name string, err error, atURL bool) {
	var found *openid.Error
	if !errors.As(err, &found) {
		x.report(bad, workspace.Text{De: "Föderation: " + name + " nimmt ein erfundenes Token an", En: "Federation: " + name + " accepts an invented token"},
			workspace.Text{De: "prüfen Sie den Homeserver", En: "examine the homeserver"})
		return
	}
	// Without the way by URL nobody can sign in inside Element; with it, only the
	// Werkraum servers of others cannot verify the users of this server.
	how := bad
	if atURL {
		how = notable
	}
	var refused *outbound.Error
	isRefused := errors.As(err, &refused) && refused.Result == outbound.RefusedAddress
	cause := ""
	if found.Cause != nil {
		cause = ": " + found.Cause.Error()
	}
	switch {
	case found.Reason == openid.RefusedToken:
		x.report(good, workspace.Text{De: "Föderation: " + name + " ist unter seinem Namen zu erreichen", En: "Federation: " + name + " can be reached by its name"}, workspace.Text{})
	case found.Status == http.StatusNotFound:
		x.report(how, workspace.Text{De: "Föderation: " + name + " kann Anmeldungen nicht prüfen (Status 404)", En: "Federation: " + name + " cannot verify sign-ins (status 404)"},
			workspace.Text{De: "Föderation ist aus, oder der Listener hat weder `federation` noch `openid` (Synapse, listeners: resources)",
				En: "federation is off, or the listener has neither `federation` nor `openid` (Synapse, listeners: resources)"})
	case isRefused:
		x.report(how, workspace.Text{De: "Föderation: " + name + " führt von hier aus zu einer Adresse, die nicht öffentlich ist" + cause, En: "Federation: " + name + " leads from here to an address that is not public" + cause},
			workspace.Text{De: "wenn das so sein soll, nehmen Sie ihr Netz in outbound.allow_networks auf",
				En: "if that is meant to be, add its network to outbound.allow_networks"})
	default:
		status := ""
		if found.Status != 0 {
			status = fmt.Sprintf(" (status %d)", found.Status)
		}
		x.report(how, workspace.Text{De: "Föderation: " + name + " ist unter seinem Namen nicht zu erreichen" + status + cause, En: "Federation: " + name + " cannot be reached by its name" + status + cause},
			workspace.Text{De: "prüfen Sie /.well-known/matrix/server, SRV-Einträge, Port 8448 und das Zertifikat; Partner können ihre Räume sonst nicht mit Ihnen teilen",
				En: "check /.well-known/matrix/server, SRV records, port 8448 and the certificate; otherwise partners cannot share rooms with you"})
	}
}
