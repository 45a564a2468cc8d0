// Package outbound is the one way out: every request to anything but the own
// homeserver goes through its Client. Whom to ask is often said by strangers (a
// partner's server name, a webhook, a calendar's address), so the client checks the
// address of each connection after its name was resolved, follows no redirect
// unless told to, bounds time, size and number, and ignores proxies of the
// environment.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	connectTimeout   = 5 * time.Second
	handshakeTimeout = 5 * time.Second
	maxHeaderBytes   = 64 << 10
	maxURLBytes      = 8 << 10
)

// Options of a Client. The zero value of each field gives the default.
type Options struct {
	// AllowNetworks are networks that may be reached although they are not public.
	AllowNetworks []netip.Prefix
	// Trusted switches the address check off and allows http. Only for URLs that
	// the operator has written into the configuration.
	Trusted bool
	// RootCAs are the trusted certificates; nil means the system's. See LoadCAs.
	RootCAs *x509.CertPool
	// Timeout bounds a request from the wait for its turn to the last byte of the
	// answer, over all redirects. Default 10 s.
	Timeout time.Duration
	// MaxResponseBytes bounds the body of an answer. Default 1 MiB.
	MaxResponseBytes int64
	// UserAgent is sent with each request. Default "Werkraum".
	UserAgent string
	// PerHost and Total bound the requests in progress. Default 8 and 64.
	PerHost, Total int
	// Resolver resolves names; nil means the system's.
	Resolver *net.Resolver
	// Registerer takes the metrics; nil means none.
	Registerer prometheus.Registerer
}

// Client sends requests. It is safe for concurrent use.
type Client struct {
	options   Options
	dialer    net.Dialer
	transport *http.Transport
	limits    *limits
	metrics   *metrics
}

// New makes a client.
func New(options Options) (*Client, error) {
	if options.Timeout <= 0 {
		options.Timeout = 10 * time.Second
	}
	if options.MaxResponseBytes <= 0 {
		options.MaxResponseBytes = 1 << 20
	}
	if options.UserAgent == "" {
		options.UserAgent = "Werkraum"
	}
	if options.PerHost <= 0 {
		options.PerHost = 8
	}
	if options.Total <= 0 {
		options.Total = 64
	}
	metrics, err := newMetrics(options.Registerer)
	if err != nil {
		return nil, fmt.Errorf("register outbound metrics: %w", err)
	}
	c := &Client{
		options: options,
		dialer: net.Dialer{
			Timeout:        connectTimeout,
			Resolver:       options.Resolver,
			ControlContext: newGuard(options.AllowNetworks, options.Trusted).control,
		},
		limits:  newLimits(options.PerHost, options.Total),
		metrics: metrics,
	}
	c.transport = c.newTransport("")
	return c, nil
}

// LoadCAs reads a PEM file of certificates that are trusted besides the system's.
// An empty path gives nil, which means the system's alone.
func LoadCAs(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read CA certificates: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read CA certificates: %s holds no PEM certificate", path)
	}
	return pool, nil
}

// Request is what to send.
type Request struct {
	// Method is GET if empty.
	Method string
	// URL is absolute, https (http only for a Trusted client), without user name.
	// Its host is sent as Host header and is the name that the certificate must have.
	URL string
	// DialAddress is the host:port to connect to instead of the URL's host.
	DialAddress string
	// Header is sent; it may hold secrets. It is not passed on to another host.
	Header http.Header
	// Body is sent if not empty.
	Body []byte
	// MaxRedirects is how many redirects are followed, https only and GET only.
	MaxRedirects int
	// OtherHosts allows redirects to leave the URL's host.
	OtherHosts bool
	// MaxResponseBytes lowers the client's limit for this request, if positive.
	MaxResponseBytes int64
}

// Response is a complete answer.
type Response struct {
	// Status is the HTTP status.
	Status int
	// Header is the answer's header.
	Header http.Header
	// Body is the whole body.
	Body []byte
}

// Do sends a request and reads the whole answer. Every error is an *Error. A status
// such as 404 is no error.
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	response, err := c.follow(ctx, request)
	result := OK
	if err != nil {
		result = err.Result
	}
	c.metrics.done(result, time.Since(start))
	if err != nil {
		return nil, err
	}
	return response, nil
}

// follow sends the request and, where allowed, what its answer redirects to.
func (c *Client) follow(ctx context.Context, request Request) (*Response, *Error) {
	if request.Method == "" {
		request.Method = http.MethodGet
	}
	current, err := c.parse(request.URL)
	if err != nil {
		return nil, err
	}
	header, dialAddress, body := request.Header, request.DialAddress, request.Body
	for redirects := 0; ; redirects++ {
		response, err := c.one(ctx, request, current, dialAddress, header, body)
		if err != nil {
			return nil, err
		}
		if !isRedirect(response.Status) {
			return response, nil
		}
		next, reason := c.next(request, current, response, redirects)
		if reason != "" {
			return nil, &Error{Result: Redirected, Host: current.Host, detail: reason}
		}
		if !strings.EqualFold(next.Host, current.Host) {
			header = nil
		}
		current, dialAddress, body = next, "", nil
	}
}

// parse checks a URL before anything is done with it. Its text goes into no error.
func (c *Client) parse(text string) (*url.URL, *Error) {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURLBytes {
		return nil, &Error{Result: Invalid, detail: "not a URL"}
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !c.options.Trusted) {
		return nil, &Error{Result: Invalid, Host: u.Host, detail: "https is required"}
	}
	if u.Hostname() == "" || u.User != nil || u.Opaque != "" || u.Port() == "0" {
		return nil, &Error{Result: Invalid, Host: u.Host, detail: "the URL needs a host, a valid port and no user name"}
	}
	return u, nil
}

func isRedirect(status int) bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, status)
}

// next is where a redirect leads, or the reason why it is not followed.
func (c *Client) next(request Request, current *url.URL, response *Response, redirects int) (*url.URL, string) {
	switch {
	case request.MaxRedirects <= 0:
		return nil, "none was expected"
	case redirects >= request.MaxRedirects:
		return nil, "too many"
	case request.Method != http.MethodGet && request.Method != http.MethodHead:
		return nil, "the request is not repeatable"
	}
	target, err := current.Parse(response.Header.Get("Location"))
	if err != nil || response.Header.Get("Location") == "" {
		return nil, "it leads nowhere"
	}
	if target.Scheme != "https" {
		return nil, "it does not lead to https"
	}
	if !request.OtherHosts && !strings.EqualFold(target.Host, current.Host) {
		return nil, "it leads to another host"
	}
	if _, err := c.parse(target.String()); err != nil {
		return nil, "it leads to no proper URL"
	}
	return target, ""
}

// one sends one request and reads its answer, without following anything.
func (c *Client) one(ctx context.Context, request Request, u *url.URL, dialAddress string, header http.Header, body []byte) (*Response, *Error) {
	release, err := c.limits.take(ctx, limitKey(u, dialAddress))
	if err != nil {
		if errors.Is(err, errBusy) {
			return nil, &Error{Result: Busy, Host: u.Host}
		}
		return nil, classify(ctx, u.Host, err)
	}
	defer release()

	sent, err := http.NewRequestWithContext(ctx, request.Method, u.String(), bodyReader(body))
	if err != nil {
		return nil, &Error{Result: Invalid, Host: u.Host}
	}
	if header != nil {
		sent.Header = header.Clone()
	}
	sent.Header.Set("User-Agent", c.options.UserAgent)

	transport := c.transport
	if dialAddress != "" {
		// A connection that was made to another place than its URL says must never
		// serve another request, so it gets a transport of its own.
		transport = c.newTransport(dialAddress)
	}
	answer, err := transport.RoundTrip(sent)
	if err != nil {
		return nil, classify(ctx, u.Host, err)
	}
	defer func() { _ = answer.Body.Close() }()
	limit := c.options.MaxResponseBytes
	if request.MaxResponseBytes > 0 {
		limit = min(limit, request.MaxResponseBytes)
	}
	if answer.ContentLength > limit && request.Method != http.MethodHead {
		return nil, &Error{Result: TooLarge, Host: u.Host}
	}
	read, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	if int64(len(read)) > limit {
		return nil, &Error{Result: TooLarge, Host: u.Host}
	}
	if err == nil {
		// A server that sees us hang up may end its answer properly, and the piece
		// that was read would pass for the whole.
		err = ctx.Err()
	}
	if err != nil {
		return nil, classify(ctx, u.Host, err)
	}
	return &Response{Status: answer.StatusCode, Header: answer.Header, Body: read}, nil
}

func bodyReader(body []byte) io.Reader {
	if len(body) == 0 {
		return nil
	}
	return strings.NewReader(string(body))
}

func limitKey(u *url.URL, dialAddress string) string {
	if dialAddress != "" {
		return strings.ToLower(dialAddress)
	}
	return strings.ToLower(u.Host)
}

// newTransport makes a transport; with a dialAddress it connects there, whatever
// the URL says, and keeps no connection.
func (c *Client) newTransport(dialAddress string) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	dial := func(ctx context.Context, _, address string) (net.Conn, error) {
		if dialAddress != "" {
			address = dialAddress
		}
		conn, err := c.dialer.DialContext(ctx, "tcp", resolveLocalhost(address))
		if err != nil {
			return nil, dialFailure(err)
		}
		return conn, nil
	}
	return &http.Transport{
		Proxy:       nil, // none from the environment either: it would see the requests and choose the addresses
		DialContext: dial,
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return c.handshake(ctx, conn, address)
		},
		Protocols:              protocols,
		DisableKeepAlives:      dialAddress != "",
		DisableCompression:     true, // so that the size limit is one of bytes on the wire
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// handshake starts TLS for the name in the URL, not for the place dialled.
func (c *Client) handshake(ctx context.Context, conn net.Conn, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		_ = conn.Close()
		return nil, tlsFailure(err)
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	secured := tls.Client(conn, &tls.Config{
		ServerName: host,
		RootCAs:    c.options.RootCAs,
		MinVersion: tls.VersionTLS12,
	})
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, tlsFailure(err)
	}
	return secured, nil
}

// Close closes idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }
