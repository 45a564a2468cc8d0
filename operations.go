package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/zerolog"
)

const (
	readyTimeout    = 2 * time.Second
	shutdownTimeout = 5 * time.Second
)

// operations is what the private listener serves.
type operations struct {
	// Gatherer has the metrics.
	Gatherer prometheus.Gatherer
	// Ready tells whether people can be served: started, and the database answers.
	// The homeserver is no part of it: when that is away, ending this process would
	// help nobody. Its state is the metric werkraum_homeserver_up.
	Ready func(context.Context) error
	// Operator is what `werkraum user erase` asks for; nil for nothing.
	Operator http.Handler
	Log      zerolog.Logger
}

// serveOperations serves /healthz, /readyz and /metrics on a listener, which it
// owns, until ctx ends. Call net.Listen first: a taken port must stop the start.
func serveOperations(ctx context.Context, listener net.Listener, o operations) error {
	server := &http.Server{
		Handler:           o.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		stopped <- server.Shutdown(deadline)
	})
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve operations: %w", err)
	}
	if err := <-stopped; err != nil {
		return fmt.Errorf("stop serving operations: %w", err)
	}
	return nil
}

func (o operations) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := o.Ready(ctx); err != nil {
			o.Log.Warn().Err(err).Msg("Not ready")
			answer(w, http.StatusServiceUnavailable, "not ready\n")
			return
		}
		answer(w, http.StatusOK, "ready\n")
	})
	if o.Operator != nil {
		mux.Handle("POST "+erasePath, o.Operator)
	}
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.Gatherer, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	return mux
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
