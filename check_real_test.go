package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"werkraum/deploy/homeserver"
	"werkraum/deploy/homeserver/homeservertest"
)

// What the homeservers really answer, with the registration that the command writes:
// before they know it, and after.
func TestCheckAgainstRealHomeservers(t *testing.T) {
	t.Parallel()
	ping := map[homeserver.Kind]string{
		homeserver.Dendrite: "! The homeserver has no ping (Dendrite)",
		homeserver.Synapse:  "✓ The homeserver reaches Werkraum: http://127.0.0.1:",
	}
	keys := map[homeserver.Kind][2]string{ // before Werkraum runs, and while it does
		homeserver.Dendrite: {"✓ Encrypted rooms: Werkraum will fetch the keys by its own /sync", "✓ Encrypted rooms: the keys come by the own /sync"},
		homeserver.Synapse:  {"! Encrypted rooms: whether", "✓ Encrypted rooms: the homeserver sends the keys along"},
	}
	for _, kind := range []homeserver.Kind{homeserver.Dendrite, homeserver.Synapse} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			ports := homeservertest.Ports(t, 4)
			ca, dir := homeservertest.CA(t), t.TempDir()
			registration := filepath.Join(dir, "registration.yaml")
			args := []string{
				fmt.Sprintf("--listen=127.0.0.1:%d", ports[0]), fmt.Sprintf("--public_url=http://127.0.0.1:%d", ports[0]),
				fmt.Sprintf("--homeserver.url=http://127.0.0.1:%d", ports[1]), fmt.Sprintf("--homeserver.server_name=127.0.0.1:%d", ports[2]),
				"--registration=" + registration, "--key_file=" + filepath.Join(dir, "w.key"), "--database.url=sqlite:" + filepath.Join(dir, "w.db"),
				"--outbound.allow_networks=127.0.0.0/8", "--outbound.ca_file=" + ca.CertFile(), "--lang=en",
				fmt.Sprintf("--operations.listen=127.0.0.1:%d", ports[3]), "--log.level=error", "--outbound.timeout=1m",
			}
			if err := runRegistration(t.Context(), args, &strings.Builder{}); err != nil {
				t.Fatal(err)
			}
			homeservertest.Start(t, homeserver.Options{
				Kind: kind, CA: ca, Port: ports[1], FederationPort: ports[2], Registrations: []string{registration},
			})
			var out strings.Builder
			if err := runCheck(t.Context(), args, &out); err != nil {
				t.Errorf("%v:\n%s", err, out.String())
			}
			for _, line := range []string{"✓ The homeserver knows the bot", ping[kind], keys[kind][0], "✓ Sign-in: ", "✓ Federation: "} {
				if !strings.Contains(out.String(), line) {
					t.Errorf("lacks %q:\n%s", line, out.String())
				}
			}
			// The same beside the running program, which answers for itself.
			stop := start(t, args)
			for deadline := time.Now().Add(readyIn); ; { // a device is made after the start
				out.Reset()
				if err := runCheck(t.Context(), args, &out); err == nil && strings.Contains(out.String(), keys[kind][1]) || time.Now().After(deadline) {
					break
				}
			}
			if err := runCheck(t.Context(), args, &out); err != nil || !strings.Contains(out.String(), keys[kind][1]) || !strings.Contains(out.String(), "answers, schema ") ||
				!strings.Contains(out.String(), ping[kind]) || !strings.Contains(out.String(), "leads to this Werkraum") {
				t.Errorf("%v:\n%s", err, out.String())
			}
			stop()
			// Tokens that the homeserver has yet to read.
			if err := runRegistration(t.Context(), append(args, "--new-tokens"), &strings.Builder{}); err != nil {
				t.Fatal(err)
			}
			out.Reset()
			if err := runCheck(t.Context(), args, &out); !errors.Is(err, errCheckFailed) || !strings.Contains(out.String(), "✗ The homeserver does not know the registration (status 401 M_UNKNOWN_TOKEN)") {
				t.Errorf("%v:\n%s", err, out.String())
			}
		})
	}
}

// readyIn is how long the program may take to start on a busy machine.
const readyIn = 3 * time.Minute

// start runs the program until stop is called, and returns when it is ready.
func start(t *testing.T, args []string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	starting, ready := context.WithTimeout(ctx, readyIn)
	defer ready()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, args, io.Discard) }()
	var operations string
	for _, arg := range args {
		if address, found := strings.CutPrefix(arg, "--operations.listen="); found {
			operations = address
		}
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			t.Fatalf("the program ended: %v", err)
		case <-starting.Done():
			cancel()
			t.Fatalf("the program is not ready after %s; its end: %v", readyIn, <-ended)
		case <-tick.C:
		}
		request, err := http.NewRequestWithContext(starting, http.MethodGet, "http://"+operations+"/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return func() {
					cancel()
					if err := <-ended; err != nil {
						t.Errorf("stop: %v", err)
					}
				}
			}
		}
	}
}
