package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
)

// startStandIn serves the few requests that Werkraum makes to its homeserver
// and returns its URL. It has the application service ping, so Werkraum does
// not sync.
func startStandIn(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	var sent atomic.Int64
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.Contains(r.URL.Path, "/send/"), strings.Contains(r.URL.Path, "/state/"):
			fmt.Fprintf(w, `{"event_id":"$sent%d"}`, sent.Add(1))
		case strings.HasSuffix(r.URL.Path, "/whoami"):
			fmt.Fprintf(w, `{"user_id":"@werkraum:%s"}`, serverName)
		case strings.HasSuffix(r.URL.Path, "/ping"):
			_, _ = io.WriteString(w, `{"duration_ms":1}`)
		default:
			_, _ = io.WriteString(w, `{}`)
		}
	})}
	go func() { _ = server.Serve(listener) }() // until the process ends
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}
