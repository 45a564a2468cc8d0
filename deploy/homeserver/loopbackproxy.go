package homeserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// LoopbackProxy is an HTTP proxy (CONNECT) for the names below "localhost". They mean this
// machine (RFC 6761, 6.3), but neither Go's resolver nor Dendrite knows that by itself, and
// many systems do not either. With it, servers can have names that tell them apart, such as
// amt.localhost:8448. It leads nowhere else.
type LoopbackProxy struct {
	server   *http.Server
	listener net.Listener
}

// StartLoopbackProxy starts a proxy on a free port of the loopback interface.
func StartLoopbackProxy() (*LoopbackProxy, error) {
	listener, err := net.Listen("tcp", loopback(0))
	if err != nil {
		return nil, fmt.Errorf("start proxy: %w", err)
	}
	p := &LoopbackProxy{
		server:   &http.Server{Handler: http.HandlerFunc(connect), ReadHeaderTimeout: 10 * time.Second},
		listener: listener,
	}
	go func() { _ = p.server.Serve(listener) }() // ends with Stop, and only then
	return p, nil
}

// URL is what [Options.Proxy] takes.
func (p *LoopbackProxy) URL() string { return "http://" + p.listener.Addr().String() }

// Stop ends the proxy. Connections through it end with their servers.
func (p *LoopbackProxy) Stop() error {
	if err := p.server.Close(); err != nil {
		return fmt.Errorf("stop proxy: %w", err)
	}
	return nil
}

func connect(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	if r.Method != http.MethodConnect || err != nil || !strings.HasSuffix(host, ".localhost") {
		http.Error(w, "only CONNECT to names below localhost", http.StatusForbidden)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readinessTimeout)
	defer cancel()
	target, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, errors.Join(err, target.Close()).Error(), http.StatusInternalServerError)
		return
	}
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_, _ = target.Close(), client.Close()
		return
	}
	// Each direction ends the other: a half-open connection serves nobody here.
	go relay(target, buffered, client)
	relay(client, target, target)
}

// relay copies until its source ends, then closes the destination and other.
func relay(destination net.Conn, source io.Reader, other net.Conn) {
	_, _ = io.Copy(destination, source) // however it ends, both are closed
	_, _ = destination.Close(), other.Close()
}
