package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/deploy/child"
	"werkraum/deploy/homeserver"
)

const (
	// linkLifetime is longer than in production: the table stays on the screen for hours.
	linkLifetime = "12h"
	// outboundTimeout, too: where everything runs on one busy machine, the partner's homeserver
	// may take long to say whose a token is.
	outboundTimeout = "1m"
	readyIn         = 2 * time.Minute
	botLocalpart    = "werkraum"
)

// world is everything that runs.
type world struct {
	settings settings
	out      *printer

	proxy        *homeserver.LoopbackProxy
	amt, partner *homeserver.Server
	werkraum     *child.Process
}

// start starts the homeservers, then Werkraum.
func (w *world) start(ctx context.Context) error {
	s := w.settings
	if err := homeserver.Prepare(ctx, homeserver.Dendrite, os.Stdout); err != nil {
		return err
	}
	ca, err := homeserver.OpenCA(s.file("ca"))
	if err != nil {
		return err
	}
	if err := w.register(ctx, ca); err != nil {
		return err
	}
	if w.proxy, err = homeserver.StartLoopbackProxy(); err != nil {
		return err
	}
	done := w.out.step("two homeservers")
	var wait sync.WaitGroup
	var amtErr, partnerErr error
	wait.Go(func() {
		w.amt, amtErr = homeserver.Start(ctx, homeserver.Options{
			Dir: s.file("amt"), Host: "amt.localhost", Port: s.amtPort(), FederationPort: s.amtFederationPort(),
			Registrations: []string{s.file("registration.yaml")}, CA: ca, Proxy: w.proxy.URL(),
		})
	})
	wait.Go(func() {
		w.partner, partnerErr = homeserver.Start(ctx, homeserver.Options{
			Dir: s.file("partner"), Host: "partner.localhost", Port: s.partnerPort(), FederationPort: s.partnerFederationPort(),
			CA: ca, Proxy: w.proxy.URL(),
		})
	})
	wait.Wait()
	if err := errors.Join(amtErr, partnerErr); err != nil {
		return err
	}
	done()
	return w.startWerkraum(ctx)
}

// register writes Werkraum's configuration, and its registration for the homeserver unless
// an earlier start did.
func (w *world) register(ctx context.Context, ca *homeserver.CA) error {
	s := w.settings
	type section = map[string]any
	// YAML, of which JSON is a part.
	config, err := json.MarshalIndent(section{
		"listen":           fmt.Sprintf("127.0.0.1:%d", s.werkraumPort()),
		"public_url":       w.werkraumURL(),
		"default_language": "de",
		"homeserver":       section{"url": fmt.Sprintf("http://127.0.0.1:%d", s.amtPort()), "server_name": fmt.Sprintf("amt.localhost:%d", s.amtFederationPort())},
		"registration":     s.file("registration.yaml"),
		"key_file":         s.file("werkraum.key"),
		"database":         section{"url": "sqlite:" + s.file("werkraum.db")},
		"outbound":         section{"allow_networks": []string{"127.0.0.0/8"}, "ca_file": ca.CertFile(), "timeout": outboundTimeout},
		"web":              section{"link_ttl": linkLifetime},
		"operations":       section{"listen": fmt.Sprintf("127.0.0.1:%d", s.operationsPort())},
	}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode Werkraum's configuration: %w", err)
	}
	if err := os.WriteFile(s.file("werkraum.yaml"), config, 0o600); err != nil {
		return fmt.Errorf("write Werkraum's configuration: %w", err)
	}
	if _, err := os.Stat(s.file("registration.yaml")); err == nil {
		return nil
	}
	cmd := exec.CommandContext(ctx, s.binary, "registration", "--config", s.file("werkraum.yaml"),
		"--appservice-url", w.werkraumURL(), "--output", s.file("registration.yaml"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("write Werkraum's registration: %w\n%s", err, out)
	}
	return nil
}

func (w *world) startWerkraum(ctx context.Context) error {
	done := w.out.step("Werkraum")
	p, err := child.Start(child.Command{
		Name: "Werkraum", Path: w.settings.binary, Args: []string{"run", "--config", w.settings.file("werkraum.yaml")},
		Dir: w.settings.dir, Log: w.settings.file("werkraum.log"),
	})
	if err != nil {
		return err
	}
	w.werkraum = p
	ctx, cancel := context.WithTimeout(ctx, readyIn)
	defer cancel()
	url := fmt.Sprintf("http://127.0.0.1:%d/readyz", w.settings.operationsPort())
	if err := p.AwaitReady(ctx, func(ctx context.Context) error { return answersOK(ctx, url) }); err != nil {
		return err
	}
	done()
	return nil
}

func answersOK(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return nil
}

// wait returns when ctx ends, or with an error when a server ends by itself.
func (w *world) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-w.werkraum.Done():
		return fmt.Errorf("the server Werkraum ended by itself; the end of its log:\n%s", child.Tail(w.settings.file("werkraum.log"), 12))
	case <-w.amt.Done():
		return fmt.Errorf("the homeserver amt ended by itself; the end of its log:\n%s", w.amt.LogTail(12))
	case <-w.partner.Done():
		return fmt.Errorf("the homeserver partner ended by itself; the end of its log:\n%s", w.partner.LogTail(12))
	}
}

// stop stops what runs: Werkraum first, so that it can still tell its homeserver.
func (w *world) stop(ctx context.Context) error {
	var stopped []string
	var errs []error
	if w.werkraum != nil {
		errs = append(errs, w.werkraum.Stop(ctx))
		stopped = append(stopped, "Werkraum")
	}
	for _, server := range []*homeserver.Server{w.amt, w.partner} {
		if server != nil {
			errs = append(errs, server.Stop(ctx))
			stopped = append(stopped, server.ServerName)
		}
	}
	if w.proxy != nil {
		errs = append(errs, w.proxy.Stop())
	}
	if len(stopped) > 0 {
		w.out.line("\nstopped: " + strings.Join(stopped, ", "))
	}
	return errors.Join(errs...)
}

func (w *world) werkraumURL() string {
	return fmt.Sprintf("http://127.0.0.1:%d", w.settings.werkraumPort())
}

// bot is the Matrix ID of Werkraum's bot.
func (w *world) bot() id.UserID { return id.NewUserID(botLocalpart, w.amt.ServerName) }
