// Package program builds and runs the real werkraum binary, for whole-program tests and
// measurements.
package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/config"
	"werkraum/deploy/child"
	"werkraum/deploy/homeserver"
)

// readyIn is how long the program may take to start on a busy machine.
const readyIn = 3 * time.Minute

// Build builds the program into dir and returns its path. The page must have been built
// before (`make web`): what is tested is what is shipped. Further flags are for `go build`.
func Build(ctx context.Context, dir string, flags ...string) (string, error) {
	root, err := homeserver.ProjectRoot()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(root, "widgets", "web", "dist", "index.html")); err != nil {
		make := exec.CommandContext(ctx, "make", "--no-print-directory", "web")
		make.Dir = root
		if out, err := make.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build the page: %w\n%s", err, out)
		}
	}
	binary := filepath.Join(dir, "werkraum")
	build := exec.CommandContext(ctx, "go", append(append([]string{"build", "-tags", "goolm", "-o", binary}, flags...), ".")...)
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build werkraum: %w\n%s", err, out)
	}
	return binary, nil
}

// Settings say how to run the program.
type Settings struct {
	// Binary is what Build returned.
	Binary string
	// Dir is the folder of this instance; it exists.
	Dir string
	// Localpart is the bot's.
	Localpart string
	// Port is the public listener's, OperationsPort the private one's, on 127.0.0.1.
	Port, OperationsPort int
	// HomeserverURL is the client-server API, ServerName the homeserver's name.
	HomeserverURL, ServerName string
	// PushURL is where the homeserver sends transactions; the public listener if it is empty.
	PushURL string
	// Env is added to the environment ("KEY=value").
	Env []string
	// Database is the database's URL; SQLite in Dir if it is empty.
	Database string
	// More is merged over the configuration: sections by name, and in them keys.
	More map[string]map[string]any
}

// Program is one instance of Werkraum; it is started and ended any number of times.
type Program struct {
	// URL is the public listener, OperationsURL the private one, without a slash at the end.
	URL, OperationsURL string
	// Bot is the bot's user ID.
	Bot id.UserID
	// Registration is the file for the homeserver.
	Registration string
	// HSToken is what the homeserver shows to the program.
	HSToken string
	// Log is the file of the program's output.
	Log string

	command child.Command
	process *child.Process
}

// New writes the files of an instance: its configuration and its registration.
func New(s Settings) (*Program, error) {
	p := &Program{
		URL:           fmt.Sprintf("http://127.0.0.1:%d", s.Port),
		OperationsURL: fmt.Sprintf("http://127.0.0.1:%d", s.OperationsPort),
		Bot:           id.NewUserID(s.Localpart, s.ServerName),
		Registration:  filepath.Join(s.Dir, "registration.yaml"),
		Log:           filepath.Join(s.Dir, "werkraum.log"),
	}
	if s.PushURL == "" {
		s.PushURL = p.URL
	}
	registration := config.NewRegistration(s.ServerName, s.PushURL)
	registration.ID, registration.SenderLocalpart = s.Localpart, s.Localpart
	registration.SetServer(s.ServerName)
	if err := registration.Save(p.Registration); err != nil {
		return nil, err
	}
	p.HSToken = registration.HSToken
	if err := p.Configure(s); err != nil {
		return nil, err
	}
	p.command = child.Command{
		Name: "Werkraum " + s.Localpart, Path: s.Binary, Args: []string{"run", "--config", configFile(s)}, Dir: s.Dir, Log: p.Log, Env: s.Env,
	}
	return p, nil
}

func configFile(s Settings) string { return filepath.Join(s.Dir, "werkraum.yaml") }

// Configure writes the configuration anew; the next start reads it.
func (p *Program) Configure(s Settings) error {
	if s.Database == "" {
		s.Database = "sqlite:" + filepath.Join(s.Dir, "werkraum.db")
	}
	settings := map[string]any{
		"listen": strings.TrimPrefix(p.URL, "http://"), "public_url": p.URL, "default_language": "de",
		"registration": p.Registration, "key_file": filepath.Join(s.Dir, "werkraum.key"),
	}
	sections := map[string]map[string]any{
		"homeserver": {"url": s.HomeserverURL, "server_name": s.ServerName},
		"database":   {"url": s.Database},
		"operations": {"listen": strings.TrimPrefix(p.OperationsURL, "http://")},
		"log":        {"level": "debug", "format": "json"},
	}
	for name, keys := range s.More {
		if sections[name] == nil {
			sections[name] = map[string]any{}
		}
		maps.Copy(sections[name], keys)
	}
	for name, keys := range sections {
		settings[name] = keys
	}
	text, err := json.MarshalIndent(settings, "", "  ") // JSON is a part of YAML
	if err != nil {
		return fmt.Errorf("encode configuration: %w", err)
	}
	if err := os.WriteFile(configFile(s), text, 0o600); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	return nil
}

// Start starts the program and returns when it says that it is ready.
func (p *Program) Start(ctx context.Context) error {
	if err := p.Launch(); err != nil {
		return err
	}
	if err := p.AwaitReady(ctx); err != nil {
		return errors.Join(err, p.Kill())
	}
	return nil
}

// Launch starts the program without waiting for it to be ready.
func (p *Program) Launch() (err error) {
	p.process, err = child.Start(p.command)
	return err
}

// AwaitReady returns when the program that was launched says that it is ready.
func (p *Program) AwaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyIn)
	defer cancel()
	return p.process.AwaitReady(ctx, p.ready)
}

// Running reports whether the program was started and not ended by Stop or Kill.
func (p *Program) Running() bool { return p.process != nil }

// Ended is closed when the program has ended, by itself or by others; nil, which blocks for
// ever, if it was not started.
func (p *Program) Ended() <-chan struct{} {
	if p.process == nil {
		return nil
	}
	return p.process.Done()
}

// PID is the process ID of the running program.
func (p *Program) PID() int { return p.process.PID() }

// Stop ends the program in its own time. Stopping a stopped program does nothing.
func (p *Program) Stop(ctx context.Context) error {
	if p.process == nil {
		return nil
	}
	err := p.process.Stop(ctx)
	p.process = nil
	return err
}

// Kill ends the program at once, as a power failure would (SIGKILL).
func (p *Program) Kill() error {
	if p.process == nil {
		return nil
	}
	err := p.process.Kill()
	p.process = nil
	return err
}

// Command runs another command of the program with this instance's settings and returns what
// it printed.
func (p *Program) Command(ctx context.Context, args ...string) (string, error) {
	run := exec.CommandContext(ctx, p.command.Path, append(args, p.command.Args[1:]...)...)
	run.Dir = p.command.Dir
	out, err := run.CombinedOutput()
	return string(out), err
}

// LogTail returns the last n lines of the program's output.
func (p *Program) LogTail(n int) string { return child.Tail(p.Log, n) }

func (p *Program) ready(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.OperationsURL+"/readyz", nil)
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
		return fmt.Errorf("/readyz answers %s", resp.Status)
	}
	return nil
}
