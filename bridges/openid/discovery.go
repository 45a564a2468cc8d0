package openid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"werkraum/bridges/outbound"
)

const (
	maxWellKnownBytes = 64 << 10
	maxRedirects      = 5
	maxTargets        = 3
	srvTimeout        = 3 * time.Second

	// How long a route is kept: as long as the server says, within these bounds.
	shortestRoute = 5 * time.Minute
	longestRoute  = time.Hour
	// noWellKnownRoute is for servers that have no .well-known.
	noWellKnownRoute = 15 * time.Minute
	// failedRoute is for servers that could not be asked or did not answer.
	failedRoute = 30 * time.Second
)

// route says how to reach a server's federation API.
type route struct {
	host  string   // Host header, and the name (with port, perhaps) of the certificate
	dials []string // host:port to connect to, the best first
}

// discovery finds servers as the Matrix server-server API says ("Resolving server
// names"). All its HTTP goes through the guarded client.
type discovery struct {
	client   *outbound.Client
	resolver *net.Resolver
	// Tests cannot listen on the well-known ports.
	httpsPort, matrixPort string
}

// direct is the route of names that need no discovery: IP addresses and names with
// a port (steps 1 and 2).
func (d *discovery) direct(name ServerName) (route, bool) {
	if name.port == "" && !name.ip {
		return route{}, false
	}
	port := name.port
	if port == "" {
		port = d.matrixPort
	}
	return route{host: name.text, dials: []string{net.JoinHostPort(name.host, port)}}, true
}

// find discovers the route of a DNS name without port, and how long it holds.
func (d *discovery) find(ctx context.Context, name ServerName) (route, time.Duration) {
	delegated, lifetime, err := d.wellKnown(ctx, name.host)
	if err != nil { // step 4: go on as if there were none
		return d.services(ctx, name), lifetime
	}
	if found, ok := d.direct(delegated); ok { // 3.1, 3.2
		return found, lifetime
	}
	return d.services(ctx, delegated), lifetime // 3.3 to 3.5
}

// services asks for SRV records and falls back to the Matrix port (3.3 to 3.5, 4 to 6).
func (d *discovery) services(ctx context.Context, name ServerName) route {
	found := route{host: name.text}
	for _, service := range []string{"matrix-fed", "matrix"} {
		lookup, cancel := context.WithTimeout(ctx, srvTimeout)
		_, records, _ := d.resolver.LookupSRV(lookup, service, "tcp", name.host+".") // errors: some records may be good all the same
		cancel()
		for _, record := range records {
			target := strings.TrimSuffix(record.Target, ".")
			if target != "" && record.Port != 0 && len(found.dials) < maxTargets {
				found.dials = append(found.dials, net.JoinHostPort(target, strconv.Itoa(int(record.Port))))
			}
		}
		if len(found.dials) > 0 {
			return found
		}
	}
	found.dials = []string{net.JoinHostPort(name.host, d.matrixPort)}
	return found
}

// wellKnown asks a host whether another one serves its federation. Redirects may
// lead to other hosts, as the specification wants: each is checked like the first,
// and nothing secret is sent.
func (d *discovery) wellKnown(ctx context.Context, host string) (ServerName, time.Duration, error) {
	if d.httpsPort != "443" {
		host = net.JoinHostPort(host, d.httpsPort)
	}
	response, err := d.client.Do(ctx, outbound.Request{
		URL:              "https://" + host + "/.well-known/matrix/server",
		MaxRedirects:     maxRedirects,
		OtherHosts:       true,
		MaxResponseBytes: maxWellKnownBytes,
	})
	if err != nil {
		return ServerName{}, shortestRoute, fmt.Errorf("ask .well-known: %w", err)
	}
	if response.Status != http.StatusOK {
		return ServerName{}, noWellKnownRoute, fmt.Errorf("ask .well-known: status %d", response.Status)
	}
	name, err := parseWellKnown(response.Body)
	if err != nil {
		return ServerName{}, noWellKnownRoute, err
	}
	return name, lifetime(response.Header), nil
}

var errWellKnown = errors.New("not a .well-known of a Matrix server")

// parseWellKnown reads {"m.server": "name"}.
func parseWellKnown(body []byte) (ServerName, error) {
	var document map[string]json.RawMessage // exact keys: decoding into a structure ignores case
	if err := json.Unmarshal(body, &document); err != nil {
		return ServerName{}, errWellKnown
	}
	var text string
	if err := json.Unmarshal(document["m.server"], &text); err != nil {
		return ServerName{}, errWellKnown
	}
	return ParseServerName(text)
}

// lifetime is how long an answer may be kept by its Cache-Control header.
func lifetime(header http.Header) time.Duration {
	for directive := range strings.SplitSeq(strings.Join(header.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-store", "no-cache":
			return shortestRoute
		case "max-age":
			seconds, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 31)
			if err != nil {
				return shortestRoute
			}
			return min(max(time.Duration(seconds)*time.Second, shortestRoute), longestRoute)
		}
	}
	return longestRoute
}
