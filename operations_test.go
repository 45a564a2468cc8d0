package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

func TestOperations(t *testing.T) {
	t.Parallel()
	var listening net.ListenConfig
	listener, err := listening.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(prometheus.NewGauge(prometheus.GaugeOpts{Name: "werkraum_something", Help: "A test."}))
	var broken atomic.Bool
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- serveOperations(ctx, listener, operations{Gatherer: registry, Log: zerolog.Nop(), Ready: func(context.Context) error {
			if broken.Load() {
				return errors.New("database password hunter2 refused")
			}
			return nil
		}})
	}()
	get := func(path string, status int, want string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != status || !strings.Contains(string(body), want) || strings.Contains(string(body), "hunter2") {
			t.Errorf("%s: %d %q %v, want %d %q", path, response.StatusCode, body, err, status, want)
		}
	}
	get("/healthz", 200, "ok")
	get("/readyz", 200, "ready")
	get("/metrics", 200, "werkraum_something 0")
	get("/other", 404, "")
	broken.Store(true)
	get("/readyz", 503, "not ready")
	get("/healthz", 200, "ok")
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestOperationsWithoutListener(t *testing.T) {
	t.Parallel()
	var listening net.ListenConfig
	listener, err := listening.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	if err := serveOperations(t.Context(), listener, operations{}); err == nil {
		t.Error("no error")
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	if identityProof("a", "c") == identityProof("b", "c") || identityProof("a", "c") == identityProof("a", "d") {
		t.Error("proofs do not depend on token and challenge")
	}
}
