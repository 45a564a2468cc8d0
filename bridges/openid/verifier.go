// Package openid finds out who somebody is by asking their own homeserver. A
// client hands over a token that its homeserver made for the purpose; the homeserver
// says whose it is. Which server to ask is said by the client, so everything here
// treats the name, the way there and the answer as hostile.
package openid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/prometheus/client_golang/prometheus"
	"maunium.net/go/mautrix/id"

	"werkraum/bridges/outbound"
)

const (
	userInfoPath     = "/_matrix/federation/v1/openid/userinfo"
	maxUserInfoBytes = 64 << 10
	maxTokenBytes    = 4096
	routesKept       = 1024
	// patience bounds one verification with everything that it needs.
	patience = 25 * time.Second
)

// Options of a Verifier.
type Options struct {
	// Client sends everything that goes to other servers. Required.
	Client *outbound.Client
	// Allowed tells whether users of a server may sign in; nil means all.
	Allowed func(serverName string) bool
	// OwnServer and OwnURL make the own server be asked at its client-server URL
	// first, through OwnClient (a Trusted one). What it does not answer there with
	// yes or no is asked through federation. Without OwnURL it is a server like any.
	OwnServer, OwnURL string
	// OwnClient is required with OwnURL.
	OwnClient *outbound.Client
	// Resolver answers SRV questions; nil means the system's.
	Resolver *net.Resolver
	// Registerer takes the metrics; nil means none.
	Registerer prometheus.Registerer
}

// Verifier verifies OpenID tokens. It is safe for concurrent use.
type Verifier struct {
	options   Options
	discovery *discovery
	routes    *routes
	ended     *prometheus.CounterVec // nil without Registerer
}

// New makes a verifier.
func New(options Options) (*Verifier, error) {
	if options.Client == nil || options.OwnURL != "" && options.OwnClient == nil {
		return nil, errors.New("make verifier: a client is missing")
	}
	if options.Allowed == nil {
		options.Allowed = func(string) bool { return true }
	}
	resolver := options.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	v := &Verifier{
		options:   options,
		discovery: &discovery{client: options.Client, resolver: resolver, httpsPort: "443", matrixPort: "8448"},
	}
	v.routes = newRoutes(routesKept, time.Now, patience, v.discovery.find)
	if options.Registerer != nil {
		v.ended = prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "werkraum_openid_verifications_total",
			Help: "Identities verified at their own homeservers, by how that ended.",
		}, []string{"result"})
		v.ended.WithLabelValues("ok")
		for _, reason := range reasons {
			v.ended.WithLabelValues(string(reason))
		}
		if err := options.Registerer.Register(v.ended); err != nil {
			return nil, fmt.Errorf("register openid metrics: %w", err)
		}
	}
	return v, nil
}

// Verify asks a server whose a token is. The user is one of that server, by its own
// word; every error is an *Error.
func (v *Verifier) Verify(ctx context.Context, serverName, token string) (id.UserID, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	user, failure := v.verify(ctx, serverName, token)
	result := "ok"
	if failure != nil {
		result = string(failure.Reason)
	}
	if v.ended != nil {
		v.ended.WithLabelValues(result).Inc()
	}
	if failure != nil {
		return "", failure
	}
	return user, nil
}

func (v *Verifier) verify(ctx context.Context, serverName, token string) (id.UserID, *Error) {
	name, err := ParseServerName(serverName)
	if err != nil {
		return "", &Error{Reason: InvalidServerName}
	}
	if !isToken(token) {
		return "", &Error{Reason: InvalidToken, Server: name.text}
	}
	if !v.options.Allowed(name.text) {
		return "", &Error{Reason: NotAllowed, Server: name.text}
	}
	if v.options.OwnURL != "" && name.text == v.options.OwnServer {
		user, failure := v.askOwn(ctx, name, token)
		if failure == nil || failure.Reason == RefusedToken || failure.Reason == WrongServer {
			return user, failure
		}
	}
	return v.askFederation(ctx, name, token)
}

func isToken(token string) bool {
	return token != "" && len(token) <= maxTokenBytes &&
		!strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}

func query(token string) string {
	return userInfoPath + "?" + url.Values{"access_token": {token}}.Encode()
}

func (v *Verifier) askOwn(ctx context.Context, name ServerName, token string) (id.UserID, *Error) {
	response, err := v.options.OwnClient.Do(ctx, outbound.Request{
		URL: v.options.OwnURL + query(token), MaxResponseBytes: maxUserInfoBytes,
	})
	if err != nil {
		return "", failure(name, err)
	}
	return read(name, response)
}

func (v *Verifier) askFederation(ctx context.Context, name ServerName, token string) (id.UserID, *Error) {
	way, isDirect := v.discovery.direct(name)
	if !isDirect {
		var err error
		if way, err = v.routes.get(ctx, name); err != nil {
			return "", &Error{Reason: Unreachable, Server: name.text, Cause: err}
		}
	}
	var last *Error
	for _, address := range way.dials {
		response, err := v.options.Client.Do(ctx, outbound.Request{
			URL: "https://" + way.host + query(token), DialAddress: address, MaxResponseBytes: maxUserInfoBytes,
		})
		if err == nil {
			return read(name, response)
		}
		last = failure(name, err)
		if last.Reason != Unreachable {
			break
		}
	}
	v.routes.failed(name)
	return "", last
}

// failure sorts an error of the client: whether there was no answer, or a bad one.
func failure(name ServerName, err error) *Error {
	reason := Unreachable
	if known, ok := errors.AsType[*outbound.Error](err); ok {
		switch known.Result {
		case outbound.TooLarge, outbound.Redirected, outbound.BadAnswer:
			reason = BadAnswer
		}
	}
	return &Error{Reason: reason, Server: name.text, Cause: err}
}

// read makes sense of an answer, and checks that the server speaks for its own user.
func read(name ServerName, response *outbound.Response) (id.UserID, *Error) {
	switch response.Status {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden:
		return "", &Error{Reason: RefusedToken, Server: name.text, Status: response.Status}
	default:
		return "", &Error{Reason: BadAnswer, Server: name.text, Status: response.Status}
	}
	var answer struct {
		Sub id.UserID `json:"sub"`
	}
	if err := json.Unmarshal(response.Body, &answer); err != nil {
		return "", &Error{Reason: BadAnswer, Server: name.text, Cause: errors.New("not JSON with a sub")}
	}
	localpart, server, err := answer.Sub.ParseAndValidateRelaxed()
	if err != nil || !isLocalpart(localpart) {
		return "", &Error{Reason: BadAnswer, Server: name.text, Cause: errors.New("sub is not a user ID")}
	}
	if server != name.text {
		return "", &Error{Reason: WrongServer, Server: name.text}
	}
	return answer.Sub, nil
}

// isLocalpart allows the historical local parts that old accounts have, but nothing
// that is invisible or ends a line.
func isLocalpart(localpart string) bool {
	return localpart != "" && !strings.ContainsFunc(localpart, func(r rune) bool {
		return r == unicode.ReplacementChar || !unicode.IsPrint(r) || unicode.IsSpace(r)
	})
}
