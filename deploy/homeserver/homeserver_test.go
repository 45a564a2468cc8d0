package homeserver_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/deploy/homeserver/homeservertest"
)

// patience bounds every wait; it is long because other tests share the machine.
const patience = 5 * time.Minute

var kinds = []homeserver.Kind{homeserver.Dendrite, homeserver.Synapse}

func TestFederation(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			a, b := homeservertest.Pair(t, kind)
			talk(t, a, b)
		})
	}
}

// Servers with names below localhost reach each other through the proxy.
func TestFederationOfNamedServers(t *testing.T) {
	t.Parallel()
	proxy, err := homeserver.StartLoopbackProxy()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := proxy.Stop(); err != nil {
			t.Error(err)
		}
	}()
	ca := homeservertest.CA(t)
	a := homeservertest.Start(t, homeserver.Options{CA: ca, Host: "amt.localhost", Proxy: proxy.URL()})
	b := homeservertest.Start(t, homeserver.Options{CA: ca, Host: "partner.localhost", Proxy: proxy.URL()})
	talk(t, a, b)
}

// talk has a person of each server say something to the other in one room.
func talk(t *testing.T, a, b *homeserver.Server) {
	t.Helper()
	ctx := deadline(t)
	anna, mia := homeservertest.User(t, a, "anna"), homeservertest.User(t, b, "mia")
	heardByAnna, heardByMia := listen(t, anna), listen(t, mia)

	room := createRoom(t, anna, mia.UserID)
	if _, err := heardByMia.AwaitInvite(ctx, func(r id.RoomID) bool { return r == room }); err != nil {
		t.Fatal(err)
	}
	join(t, mia, room, a.ServerName)
	await(t, heardByAnna, room, func(e *event.Event) bool {
		return e.Type == event.StateMember && e.GetStateKey() == mia.UserID.String() &&
			e.Content.AsMember().Membership == event.MembershipJoin
	})
	send(t, anna, room, "Guten Morgen")
	await(t, heardByMia, room, text(anna, "Guten Morgen"))
	send(t, mia, room, "Guten Morgen, Anna")
	await(t, heardByAnna, room, text(mia, "Guten Morgen, Anna"))
}

// The federation listener's certificate is the CA's, and a user's OpenID token can be
// verified there: what Werkraum does when a person of another server opens the board.
func TestFederationListenerVerifiesOpenID(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := homeservertest.Start(t, homeserver.Options{Kind: kind})
			ctx := deadline(t)
			anna := homeservertest.User(t, s, "anna")
			token, err := anna.Client.RequestOpenIDToken(ctx)
			if err != nil {
				t.Fatal(err)
			}
			pem, err := os.ReadFile(s.CA.CertFile())
			if err != nil {
				t.Fatal(err)
			}
			pool := x509.NewCertPool()
			if !pool.AppendCertsFromPEM(pem) {
				t.Fatal("the CA's file holds no certificate")
			}
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
			defer client.CloseIdleConnections()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet,
				s.FederationURL+"/_matrix/federation/v1/openid/userinfo?access_token="+token.AccessToken, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(body), anna.UserID.String()) {
				t.Errorf("userinfo = %s %s, want it to name %s", resp.Status, body, anna.UserID)
			}
			if token.MatrixServerName != s.ServerName {
				t.Errorf("token is of %q, want %q", token.MatrixServerName, s.ServerName)
			}
		})
	}
}

func TestKillAndRestartKeepsData(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := homeservertest.Start(t, homeserver.Options{Kind: kind})
			anna := homeservertest.User(t, s, "anna")
			room := createRoom(t, anna)
			sent := send(t, anna, room, "bleibt")
			if err := s.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := homeserver.CheckPort(port(t, s.URL)); err != nil {
				t.Errorf("after Kill: %v", err)
			}
			if err := s.Restart(t.Context()); err != nil { // which has its own limit
				t.Fatal(err)
			}
			if _, err := anna.Client.GetEvent(deadline(t), room, sent); err != nil {
				t.Errorf("the message is gone after the restart: %v", err)
			}
			again := homeservertest.User(t, s, "anna") // exists: signs in
			if again.UserID != anna.UserID || again.AccessToken == anna.AccessToken {
				t.Errorf("second CreateUser gave %s with the same token: %t", again.UserID, again.AccessToken == anna.AccessToken)
			}
		})
	}
}

func TestDendriteOnPostgres(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	cluster := homeservertest.Postgres(t, homeserver.PostgresOptions{})
	url, err := cluster.CreateDatabase(ctx, "amt")
	if err != nil {
		t.Fatal(err)
	}
	s := homeservertest.Start(t, homeserver.Options{Postgres: url})
	anna := homeservertest.User(t, s, "anna")
	send(t, anna, createRoom(t, anna), "in PostgreSQL")
}

func TestPostgresIsRemovedByStop(t *testing.T) {
	t.Parallel()
	ctx := deadline(t)
	cluster, err := homeserver.StartPostgres(ctx, homeserver.PostgresOptions{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, cluster.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	var dir string
	if err := conn.QueryRow(ctx, "SELECT current_setting('data_directory')").Scan(&dir); err != nil {
		t.Error(err)
	}
	// The session stays open: Stop does not wait for it.
	if err := cluster.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if err := conn.Ping(ctx); err == nil {
		t.Error("the server answers after Stop")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after Stop %s is there (%v)", dir, err)
	}
}

func TestTakenPortIsNamed(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := listener.Addr().(*net.TCPAddr).Port
	_, err = homeserver.Start(t.Context(), homeserver.Options{Dir: homeservertest.Dir(t), Port: taken})
	if !errors.Is(err, homeserver.ErrPortTaken) || !strings.Contains(err.Error(), strconv.Itoa(taken)) {
		t.Errorf("error = %v, want ErrPortTaken with port %d", err, taken)
	}
}

// A registration that Dendrite cannot read ends it at once: the error must say what its log says.
func TestBrokenRegistrationIsExplained(t *testing.T) {
	t.Parallel()
	homeservertest.BuildDendrite(t)
	dir := homeservertest.Dir(t)
	registration := filepath.Join(dir, "registration.yaml")
	if err := os.WriteFile(registration, []byte("id: [broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := homeserver.Start(deadline(t), homeserver.Options{Dir: dir, Registrations: []string{registration}})
	if err == nil || !strings.Contains(err.Error(), "yaml") {
		t.Errorf("error = %v, want one that quotes the log", err)
	}
}

func TestFreePortsAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for range 5 {
		for _, p := range homeservertest.Ports(t, 4) {
			if seen[p] {
				t.Errorf("port %d was handed out twice", p)
			}
			seen[p] = true
		}
	}
}

// orphanDir tells the test binary, started a second time, to start a server and die.
const orphanDir = "WERKRAUM_TEST_ORPHAN_DIR"

// A server must not outlive the process that started it, however that one ends.
func TestServerDiesWithItsParent(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(orphanDir); dir != "" {
		s, err := homeserver.Start(deadline(t), homeserver.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(os.Stderr, "started "+s.URL+"\n")
		select {} // until killed
	}
	homeservertest.BuildDendrite(t)
	ctx := deadline(t)
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestServerDiesWithItsParent$")
	child.Env = append(os.Environ(), orphanDir+"="+homeservertest.Dir(t))
	stderr, err := child.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 200)
	n, err := io.ReadAtLeast(stderr, buffer, len("started http://127.0.0.1:20000\n"))
	if err != nil {
		t.Fatal(err)
	}
	url, found := strings.CutPrefix(strings.TrimSpace(string(buffer[:n])), "started ")
	if !found {
		t.Fatalf("the child says %q", buffer[:n])
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed: always an error
	for homeserver.CheckPort(port(t, url)) != nil {
		select {
		case <-ctx.Done():
			t.Fatal("the server runs on after its parent was killed")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func listen(t *testing.T, account *homeserver.Account) *homeserver.Listener {
	t.Helper()
	l, err := account.Listen(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func await(t *testing.T, l *homeserver.Listener, room id.RoomID, match func(*event.Event) bool) {
	t.Helper()
	if _, err := l.Await(deadline(t), room, match); err != nil {
		t.Fatal(err)
	}
}

func text(sender *homeserver.Account, body string) func(*event.Event) bool {
	return func(e *event.Event) bool {
		return e.Sender == sender.UserID && e.Type == event.EventMessage && e.Content.AsMessage().Body == body
	}
}

func createRoom(t *testing.T, account *homeserver.Account, invite ...id.UserID) id.RoomID {
	t.Helper()
	resp, err := account.Client.CreateRoom(deadline(t), &mautrix.ReqCreateRoom{Preset: "private_chat", Invite: invite})
	if err != nil {
		t.Fatal(err)
	}
	return resp.RoomID
}

// join accepts an invite. A homeserver may refuse that for a moment after it came.
func join(t *testing.T, account *homeserver.Account, room id.RoomID, via string) {
	t.Helper()
	ctx := deadline(t)
	retry := time.NewTicker(250 * time.Millisecond)
	defer retry.Stop()
	for {
		_, err := account.Client.JoinRoom(ctx, room.String(), &mautrix.ReqJoinRoom{Via: []string{via}})
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatal(err)
		case <-retry.C:
		}
	}
}

func send(t *testing.T, account *homeserver.Account, room id.RoomID, body string) id.EventID {
	t.Helper()
	resp, err := account.Client.SendText(deadline(t), room, body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.EventID
}

func port(t *testing.T, url string) int {
	t.Helper()
	p, err := strconv.Atoi(url[strings.LastIndexByte(url, ':')+1:])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// portsOf tells the test binary, started a second time, to print so many free ports and wait.
const portsOf = "WERKRAUM_TEST_PORTS"

// Ports are reserved among processes from the moment they are handed out.
func TestFreePortsOfOtherProcessesAreNotHandedOut(t *testing.T) {
	t.Parallel()
	if os.Getenv(portsOf) != "" {
		for _, p := range homeservertest.Ports(t, 50) {
			_, _ = io.WriteString(os.Stderr, strconv.Itoa(p)+"\n")
		}
		_, _ = io.ReadAll(os.Stdin) // until the parent has seen enough
		return
	}
	seen := map[string]int{}
	for range 8 {
		child := exec.CommandContext(deadline(t), os.Args[0], "-test.run=^TestFreePortsOfOtherProcessesAreNotHandedOut$")
		child.Env = append(os.Environ(), portsOf+"=50")
		stdin, err := child.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		stderr, err := child.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := errors.Join(stdin.Close(), child.Wait()); err != nil {
				t.Error(err)
			}
		}()
		lines := bufio.NewScanner(stderr)
		for range 50 {
			if !lines.Scan() {
				t.Fatalf("the child printed too few ports: %v", lines.Err())
			}
			if seen[lines.Text()]++; seen[lines.Text()] > 1 {
				t.Errorf("port %s was handed out to two processes", lines.Text())
			}
		}
	}
}
