package homeserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"werkraum/deploy/child"
)

// Kind is a homeserver implementation.
type Kind string

// The homeservers that can be started.
const (
	Dendrite Kind = "dendrite"
	Synapse  Kind = "synapse"
)

const (
	logFile        = "homeserver.log"
	secretFile     = "registration.secret"
	tlsCertFile    = "tls.crt"
	tlsKeyFile     = "tls.key"
	signingKeyFile = "signing.key"
	// readyIn is how long a start may take on a busy machine; the first one of Synapse
	// creates the database, in Python. What ends while it starts is not waited for.
	readyIn = 3 * time.Minute
	// readinessTimeout bounds one question whether the server is there, which may hang when it
	// is asked too early.
	readinessTimeout = 5 * time.Second
	// requestTimeout bounds other requests, such as a registration.
	requestTimeout = time.Minute
)

// Options says what homeserver to start.
type Options struct {
	// Kind is Dendrite when empty.
	Kind Kind
	// Dir is the folder of the server, made when absent; what is in it is taken up again.
	// A folder on tmpfs (see [FastDir]) makes Dendrite more than twice as fast.
	Dir string
	// Port is for the client-server API (plain HTTP), FederationPort for the other
	// homeservers (TLS), both on 127.0.0.1; 0 takes a free one. A folder that is to be
	// started again needs the same FederationPort: it is part of the server's name.
	Port, FederationPort int
	// FederationListen is the port that the server itself listens on for the other
	// homeservers, where FederationPort is that of a relay in front of it; 0: there is none.
	FederationListen int
	// Host is the host part of the server name: "127.0.0.1" when empty. Any other name
	// must resolve for all who federate with it (see [Loopback]).
	Host string
	// Registrations are paths of application service registration files.
	Registrations []string
	// CA issues the certificate for federation; servers of the same CA federate.
	// When nil the server gets an authority of its own, in Dir.
	CA *CA
	// Postgres, when set, is the URL of an empty database that Dendrite is to use instead
	// of SQLite.
	Postgres string
	// Proxy, when set, is the URL of an HTTP proxy for the server's outgoing requests to
	// hosts other than 127.0.0.1.
	Proxy string
	// Progress is told what takes long (building, installing); nil tells nobody.
	Progress io.Writer
}

// Server is a homeserver that runs as a child of this process.
type Server struct {
	// Kind says which implementation it is.
	Kind Kind
	// ServerName is the name in Matrix IDs: host and federation port.
	ServerName string
	// URL is the base URL of the client-server API, on loopback, without a slash at the end.
	URL string
	// FederationURL is the base URL of the TLS listener, certified by CA.
	FederationURL string
	// Dir holds all files of the server, homeserver.log among them.
	Dir string
	// CA is the authority that certifies FederationURL.
	CA *CA

	ports   []int  // what it listens on: for clients, for other homeservers
	secret  string // opens the registration by shared secret
	command child.Command
	http    *http.Client
	process *child.Process
}

// Prepare does what takes long before the first start of a homeserver: it builds or
// installs it, unless that is done. Lines of progress go to the given writer.
func Prepare(ctx context.Context, kind Kind, progress io.Writer) (err error) {
	switch kind {
	case Dendrite:
		_, err = BuildDendrite(ctx, progress)
	case Synapse:
		_, err = InstallSynapse(ctx, progress)
	default:
		err = fmt.Errorf("prepare homeserver: no such kind: %q", kind)
	}
	return err
}

// Start starts a homeserver and returns when it answers.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Kind == "" {
		o.Kind = Dendrite
	}
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if err := o.choosePorts(); err != nil {
		return nil, err
	}
	// Said before anything is built: whoever has to free a port wants to know at once.
	if o.FederationListen == 0 {
		o.FederationListen = o.FederationPort
	}
	if err := checkPorts(o.Kind, o.Port, o.FederationListen); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, fmt.Errorf("start %s: no folder given (%q)", o.Kind, o.Dir)
	}
	o.Dir = dir
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("make folder of %s: %w", o.Kind, err)
	}
	if o.CA == nil {
		if o.CA, err = OpenCA(o.Dir); err != nil {
			return nil, err
		}
	}
	if err := o.CA.issue(o.Host, o.file(tlsCertFile), o.file(tlsKeyFile)); err != nil {
		return nil, err
	}
	secret, err := keepSecret(o.file(secretFile))
	if err != nil {
		return nil, err
	}
	s := &Server{
		Kind:          o.Kind,
		ServerName:    o.serverName(),
		URL:           "http://" + loopback(o.Port),
		FederationURL: "https://" + loopback(o.FederationPort),
		Dir:           o.Dir,
		CA:            o.CA,
		ports:         []int{o.Port, o.FederationListen},
		secret:        secret,
		http:          &http.Client{Timeout: requestTimeout},
	}
	switch o.Kind {
	case Dendrite:
		s.command, err = dendriteCommand(ctx, o, secret)
	case Synapse:
		s.command, err = synapseCommand(ctx, o, secret)
	default:
		err = fmt.Errorf("start homeserver: no such kind: %q", o.Kind)
	}
	if err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Stop ends the server in its own time, but within a minute. Stopping a stopped server
// does nothing.
func (s *Server) Stop(ctx context.Context) error {
	if s.process == nil {
		return nil
	}
	err := s.process.Stop(ctx)
	s.process = nil
	return err
}

// Kill ends the server at once, as a power failure would (SIGKILL). Its folder stays.
func (s *Server) Kill() error {
	if s.process == nil {
		return nil
	}
	err := s.process.Kill()
	s.process = nil
	return err
}

// Restart stops the server if it runs, starts it again with the same folder and ports, and
// returns when it answers.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.Stop(ctx); err != nil {
		return err
	}
	return s.start(ctx)
}

// Log is the path of the file that the server's output goes to.
func (s *Server) Log() string { return s.command.Log }

// Done is closed when the server has ended, by itself or by Stop or Kill; it is nil, which
// blocks for ever, while the server is stopped.
func (s *Server) Done() <-chan struct{} {
	if s.process == nil {
		return nil
	}
	return s.process.Done()
}

// LogTail returns the last n lines of the server's log, for the explanation of a failure.
func (s *Server) LogTail(n int) string { return child.Tail(s.command.Log, n) }

func (s *Server) start(ctx context.Context) error {
	if err := checkPorts(s.Kind, s.ports...); err != nil {
		return err
	}
	p, err := child.Start(s.command)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, readyIn)
	defer cancel()
	if err := p.AwaitReady(ctx, s.answers); err != nil {
		return errors.Join(err, p.Kill())
	}
	s.process = p
	return nil
}

// answers returns nil when the client-server API and the listener for federation work.
func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readinessTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/_matrix/client/versions", nil)
	if err != nil {
		return err
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("/versions answers %s", resp.Status)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", loopback(s.ports[1]))
	if err != nil {
		return err
	}
	return conn.Close()
}

func checkPorts(kind Kind, ports ...int) error {
	for _, port := range ports {
		if err := CheckPort(port); err != nil {
			return fmt.Errorf("start %s: %w", kind, err)
		}
	}
	return nil
}

func (o *Options) choosePorts() error {
	for _, port := range []*int{&o.Port, &o.FederationPort} {
		if *port != 0 {
			continue
		}
		free, err := FreePorts(1)
		if err != nil {
			return err
		}
		*port = free[0]
	}
	return nil
}

func (o *Options) serverName() string { return fmt.Sprintf("%s:%d", o.Host, o.FederationPort) }

// file is the path of a file in the server's folder.
func (o *Options) file(name string) string { return filepath.Join(o.Dir, name) }

// keepSecret returns the secret kept in a file, which is made when absent.
func keepSecret(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err == nil {
		return string(content), nil
	}
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("make secret: %w", err)
	}
	secret := hex.EncodeToString(random)
	if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
		return "", fmt.Errorf("keep secret: %w", err)
	}
	return secret, nil
}

// FastDir makes a temporary folder in memory (/dev/shm) where there is such a thing, else
// in the system's temporary folder. The caller removes it.
func FastDir(pattern string) (string, error) {
	if dir, err := os.MkdirTemp("/dev/shm", pattern); err == nil {
		return dir, nil
	}
	dir, err := os.MkdirTemp("", pattern)
	if err != nil {
		return "", fmt.Errorf("make temporary folder: %w", err)
	}
	return dir, nil
}
