package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"unicode"
)

// Result is how a request ended. The set is closed: it is a label of the metrics.
type Result string

// All results.
const (
	// OK is any complete answer, whatever its status.
	OK Result = "ok"
	// Invalid is a request that may not be sent as it stands, such as one to ftp:.
	Invalid Result = "invalid"
	// RefusedAddress is a name or address that leads where Werkraum must not go.
	RefusedAddress Result = "refused_address"
	// Redirected is a redirect that was not allowed.
	Redirected Result = "redirected"
	// TooLarge is an answer above the limit.
	TooLarge Result = "too_large"
	// TimedOut is a request that took too long as a whole.
	TimedOut Result = "timed_out"
	// Canceled is a request whose caller gave up.
	Canceled Result = "canceled"
	// Busy is a request for which there was no room.
	Busy Result = "busy"
	// NoSuchName is a name that DNS could not resolve.
	NoSuchName Result = "dns"
	// NoConnection is a connection that failed.
	NoConnection Result = "connect"
	// BadTLS is a certificate or handshake that failed.
	BadTLS Result = "tls"
	// BadAnswer is an answer that is no HTTP or broke off.
	BadAnswer Result = "bad_answer"
)

var results = []Result{OK, Invalid, RefusedAddress, Redirected, TooLarge, TimedOut, Canceled, Busy, NoSuchName, NoConnection, BadTLS, BadAnswer}

var phrases = map[Result]string{
	Invalid:        "the request is not allowed",
	RefusedAddress: "the address is refused",
	Redirected:     "the redirect is not followed",
	TooLarge:       "the answer is too large",
	TimedOut:       "no answer in time",
	Canceled:       "given up",
	Busy:           "too many requests at once",
	NoSuchName:     "the name cannot be resolved",
	NoConnection:   "cannot connect",
	BadTLS:         "no trusted TLS connection",
	BadAnswer:      "not a proper HTTP answer",
}

// Error is every error of this package. Its text names the host and the cause, but
// never the path, the query, a header or a piece of the answer, because those can
// hold tokens. It unwraps to context.Canceled or context.DeadlineExceeded where
// that was the cause, and to nothing else.
type Error struct {
	// Result says what went wrong.
	Result Result
	// Host is the host and port of the URL.
	Host string

	detail string
	cause  error
}

// Error implements error.
func (e *Error) Error() string {
	text := fmt.Sprintf("request to %q: %s", e.Host, phrases[e.Result])
	if e.detail != "" {
		text += ": " + e.detail
	}
	return text
}

// Unwrap gives the context's error, if that was the cause.
func (e *Error) Unwrap() error { return e.cause }

// connectError marks an error of the time before anything was sent: its text can
// hold nothing of the request.
type connectError struct {
	result Result
	err    error
}

func (c connectError) Error() string { return c.err.Error() }
func (c connectError) Unwrap() error { return c.err }

// classify turns the error of a transport into one of ours.
func classify(ctx context.Context, host string, err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	if cause := ctx.Err(); cause != nil {
		if errors.Is(cause, context.DeadlineExceeded) {
			return &Error{Result: TimedOut, Host: host, cause: cause}
		}
		return &Error{Result: Canceled, Host: host, cause: cause}
	}
	if connect, ok := errors.AsType[connectError](err); ok {
		return &Error{Result: connect.result, Host: host, detail: brief(connect.err)}
	}
	return &Error{Result: BadAnswer, Host: host}
}

func dialFailure(err error) error {
	var refused refusedAddress
	var dns *net.DNSError
	switch {
	case errors.As(err, &refused):
		return connectError{RefusedAddress, refused}
	case errors.As(err, &dns):
		return connectError{NoSuchName, errors.New(dns.Err)}
	}
	return connectError{NoConnection, err}
}

func tlsFailure(err error) error {
	var hostname x509.HostnameError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &hostname):
		// Its own text lists every name of the certificate.
		err = fmt.Errorf("the certificate is not valid for %s", hostname.Host)
	case errors.As(err, &verification):
		err = verification.Err
	}
	return connectError{BadTLS, err}
}

// brief makes a text of a stranger fit for one line of a log.
func brief(err error) string {
	const limit = 200
	text := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, err.Error())
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}
