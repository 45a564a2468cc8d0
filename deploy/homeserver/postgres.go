package homeserver

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"werkraum/deploy/child"
)

const (
	postgresReadyIn = 2 * time.Minute
	postgresRole    = "werkraum"
)

// PostgresOptions says what PostgreSQL cluster to start.
type PostgresOptions struct {
	// Durable makes commits wait for the disk, as in production. Tests need no such thing:
	// without it a cluster survives the end of any program, but no power failure.
	Durable bool
	// Dir is where the cluster's folder is made; the system's temporary folder if it is empty.
	// The user postgres must be able to enter it.
	Dir string
	// MaxWAL bounds the write-ahead log, in MiB; the server's default if it is 0. Segments have 16.
	MaxWAL int
}

// Postgres is a PostgreSQL cluster of its own, in a temporary folder, that runs as a child
// of this process and listens on 127.0.0.1 only.
type Postgres struct {
	dir     string
	port    int
	command child.Command
	process *child.Process
}

// StartPostgres makes a new cluster and starts it. Stop removes it.
//
// PostgreSQL refuses to run as root: then it runs as the user postgres or nobody.
func StartPostgres(ctx context.Context, o PostgresOptions) (_ *Postgres, err error) {
	initdb, server, err := postgresBinaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.Dir, "werkraum-postgres-")
	if err != nil {
		return nil, fmt.Errorf("make folder of PostgreSQL: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	credential, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initialize := exec.CommandContext(ctx, initdb, "--pgdata", data, "--username", postgresRole, "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")
	initialize.Dir = dir
	initialize.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	if out, err := initialize.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make PostgreSQL cluster: %w\n%s", err, out)
	}
	ports, err := FreePorts(1)
	if err != nil {
		return nil, err
	}
	args := []string{"-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(ports[0]), "-k", "", "-c", "max_connections=200"}
	if !o.Durable {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	if o.MaxWAL > 0 {
		size := strconv.Itoa(o.MaxWAL) + "MB"
		args = append(args, "-c", "min_wal_size="+size, "-c", "max_wal_size="+size)
	}
	p := &Postgres{dir: dir, port: ports[0], command: child.Command{
		Name: "PostgreSQL", Path: server, Args: args, Dir: dir, Env: []string{"LC_ALL=C"},
		Log: filepath.Join(dir, "postgres.log"), Credential: credential,
		// Fast shutdown: sessions are ended, not waited for. When we die the postmaster is
		// told to quit at once; SIGKILL would leave its children to find out by themselves.
		StopSignal: syscall.SIGINT, OnParentDeath: syscall.SIGQUIT,
	}}
	if err := p.Start(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// Start starts the server of a cluster that was killed, or has ended by itself, and returns
// when it answers.
func (p *Postgres) Start(ctx context.Context) (err error) {
	if p.process, err = child.Start(p.command); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, postgresReadyIn)
	defer cancel()
	if err := p.process.AwaitReady(ctx, p.answers); err != nil {
		return errors.Join(err, p.process.Kill())
	}
	return nil
}

// Kill ends the server at once (SIGKILL). Its children find out by themselves, and until the
// last one has, Start fails.
func (p *Postgres) Kill() error { return p.process.Kill() }

// Done is closed when the server has ended.
func (p *Postgres) Done() <-chan struct{} { return p.process.Done() }

// URL is the connection URL of a database of the cluster, as pgx and lib/pq take it.
func (p *Postgres) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(postgresRole), Host: loopback(p.port), Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// CreateDatabase makes an empty database and returns its URL.
func (p *Postgres) CreateDatabase(ctx context.Context, name string) (connectionURL string, err error) {
	conn, err := pgx.Connect(ctx, p.URL("postgres"))
	if err != nil {
		return "", fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	return p.URL(name), nil
}

// Stop ends the cluster and removes its folder.
func (p *Postgres) Stop(ctx context.Context) error {
	if err := errors.Join(p.process.Stop(ctx), os.RemoveAll(p.dir)); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	return nil
}

func (p *Postgres) answers(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.URL("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// postgresBinaries finds the newest PostgreSQL of the machine: Debian keeps the server's
// programs out of PATH, one folder for each version.
func postgresBinaries() (initdb, server string, err error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	slices.SortFunc(found, func(a, b string) int { return postgresVersion(b) - postgresVersion(a) })
	if onPath, err := exec.LookPath("initdb"); err == nil {
		found = append(found, onPath)
	}
	for _, initdb := range found {
		if server := filepath.Join(filepath.Dir(initdb), "postgres"); exists(server) {
			return initdb, server, nil
		}
	}
	return "", "", &ToolMissingError{Tool: "PostgreSQL", Hint: "install it (Debian: apt-get install postgresql)"}
}

// postgresVersion reads 15 from /usr/lib/postgresql/15/bin/initdb.
func postgresVersion(initdb string) int {
	version, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return version
}

// unprivileged gives dir to an unprivileged user when we are root, and returns whom
// children are to run as; nil means as ourselves.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil // no other user is needed, which is no error
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("look up user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("look up user %s: %w", name, err)
		}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			return nil, fmt.Errorf("give folder to %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("start PostgreSQL as root: there is neither a user postgres nor nobody to run it as")
}
