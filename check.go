package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"werkraum/bridges/outbound"
	"werkraum/config"
	"werkraum/store"
	"werkraum/workspace"
)

// checkTimeout bounds one question of the examination.
const checkTimeout = 15 * time.Second

// errCheckFailed is what a failure of the examination is. All has been printed.
var errCheckFailed = errors.New("something must be mended")

// checkFailure is errCheckFailed in the language of the output.
type checkFailure struct{ language workspace.Language }

var checkFailed = workspace.Text{
	De: "werkraum check: Was mit ✗ bezeichnet ist, muss behoben werden.",
	En: "werkraum check: what is marked with ✗ must be mended.",
}

// Error implements error.
func (f checkFailure) Error() string { return checkFailed.In(f.language) }

// Unwrap gives errCheckFailed.
func (f checkFailure) Unwrap() error { return errCheckFailed }

// mark is how one thing was found.
type mark string

const (
	good    mark = "✓"
	notable mark = "!"
	bad     mark = "✗"
)

// examination is one run of `werkraum check`.
type examination struct {
	printer
	settings     *config.Config
	registration *config.Registration
	// trusted asks the operator's own URLs, guarded everything else.
	trusted, guarded *outbound.Client
	failed           bool
}

// runCheck is `werkraum check`: it examines everything that Werkraum needs, prints a
// line for each and says what to do. It changes nothing. The error wraps
// errCheckFailed if something must be mended.
func runCheck(ctx context.Context, args []string, out io.Writer) error {
	c := newCommand("check", "examines configuration, database, homeserver, public URL and federation", out)
	if err := c.parse(args); err != nil {
		if errors.Is(err, errHelp) {
			return nil
		}
		return err
	}
	x := &examination{printer: printer{out, c.speaks(nil)}}
	settings, err := config.Load(c.flags, nil)
	if err != nil {
		x.problems(workspace.Text{De: "Konfiguration", En: "Configuration"}, err)
		return checkFailure{x.language}
	}
	x.language, x.settings = c.speaks(settings), settings
	x.report(good, workspace.Text{De: "Konfiguration gelesen", En: "Configuration read"}, workspace.Text{})
	if err := x.clients(); err != nil {
		x.report(bad, workspace.Text{De: "outbound.ca_file: " + err.Error(), En: "outbound.ca_file: " + err.Error()},
			workspace.Text{De: "geben Sie eine lesbare PEM-Datei an, oder lassen Sie die Einstellung leer", En: "name a readable PEM file, or leave the setting empty"})
		return checkFailure{x.language}
	}
	defer x.trusted.Close()
	defer x.guarded.Close()
	x.checkRegistration()
	x.checkKey(x.checkDatabase(ctx))
	x.checkHomeserver(ctx)
	if x.registration != nil {
		x.checkOwnListener(ctx)
	}
	x.checkFederation(ctx)
	if x.failed {
		return checkFailure{x.language}
	}
	return nil
}

// report prints one finding, and below it what to do about it, if there is something.
func (x *examination) report(how mark, what, todo workspace.Text) {
	if how == bad {
		x.failed = true
	}
	_, _ = fmt.Fprintf(x.out, "%s %s\n", how, what.In(x.language))
	if advice := todo.In(x.language); advice != "" {
		_, _ = fmt.Fprintf(x.out, "    → %s\n", advice)
	}
}

// problems reports an error of package config.
func (x *examination) problems(what workspace.Text, err error) {
	var list config.Problems
	if !errors.As(err, &list) {
		list = config.Problems{{En: err.Error(), De: err.Error()}}
	}
	for _, problem := range list {
		x.report(bad, workspace.Text{De: what.De + ": " + problem.In("de"), En: what.En + ": " + problem.In("en")}, workspace.Text{})
	}
}

func (x *examination) clients() error {
	roots, err := outbound.LoadCAs(x.settings.Outbound.CAFile)
	if err != nil {
		return err
	}
	if x.trusted, err = outbound.New(outbound.Options{Trusted: true, RootCAs: roots, Timeout: checkTimeout}); err != nil {
		return err
	}
	x.guarded, err = outbound.New(outbound.Options{
		AllowNetworks: x.settings.Outbound.Networks(), RootCAs: roots, Timeout: x.settings.Outbound.Timeout,
	})
	return err
}

func (x *examination) checkRegistration() {
	path := x.settings.Registration
	what := workspace.Text{De: "Registrierung " + path, En: "Registration " + path}
	registration, err := config.LoadRegistration(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.report(bad, workspace.Text{De: what.De + " gibt es nicht", En: what.En + " does not exist"},
			workspace.Text{De: "führen Sie `werkraum registration` aus", En: "run `werkraum registration`"})
		return
	case err != nil:
		x.report(bad, workspace.Text{De: what.De + ": " + err.Error(), En: what.En + ": " + err.Error()}, workspace.Text{})
		return
	}
	if problems := registration.Validate(x.settings.Homeserver.ServerName); len(problems) > 0 {
		x.problems(what, problems)
		return
	}
	x.registration = registration
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o004 != 0 {
		x.report(notable, workspace.Text{De: what.De + " kann jeder auf diesem Rechner lesen", En: what.En + " can be read by everybody on this machine"},
			workspace.Text{De: "sie enthält geheime Tokens: chmod o-r " + path, En: "it holds secret tokens: chmod o-r " + path})
		return
	}
	x.report(good, what, workspace.Text{})
}

// checkDatabase returns the IDs of the keys that the database needs.
func (x *examination) checkDatabase(ctx context.Context) (keys []string) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	url := x.settings.Database.URL
	what := "Database " + x.settings.Database.Redacted()
	was := "Datenbank " + x.settings.Database.Redacted()
	line := func(de, en string) workspace.Text { return workspace.Text{De: was + " " + de, En: what + " " + en} }
	opened, err := store.Open(ctx, url, store.Options{}, zerolog.Nop())
	switch {
	case err == nil:
		defer func() { _ = opened.Close() }()
		version, err := opened.Version(ctx)
		if err == nil {
			keys, err = opened.Keys(ctx)
		}
		if err != nil {
			x.report(bad, line("antwortet nicht: "+err.Error(), "does not answer: "+err.Error()), workspace.Text{})
			return nil
		}
		x.report(good, line(fmt.Sprintf("antwortet, Schema %d", version), fmt.Sprintf("answers, schema %d", version)), workspace.Text{})
	case errors.Is(err, store.ErrOlder):
		x.report(good, line("ist erreichbar; `werkraum run` bringt ihr Schema beim Start auf den Stand",
			"is reachable; `werkraum run` brings its schema up to date at start"), workspace.Text{})
	case errors.Is(err, store.ErrNewer):
		x.report(bad, line("wurde von einem neueren Werkraum geschrieben", "was written by a newer Werkraum"),
			workspace.Text{De: "installieren Sie jene Version, oder spielen Sie die Sicherung von vor dem Upgrade ein",
				En: "install that version, or restore the backup made before the upgrade"})
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(url, "sqlite:"):
		x.checkFolder(strings.TrimPrefix(url, "sqlite:"), line)
	default:
		x.report(bad, line("kann nicht geöffnet werden: "+err.Error(), "cannot be opened: "+err.Error()),
			workspace.Text{De: "prüfen Sie database.url, und ob der Datenbankserver läuft und diese Anmeldung annimmt",
				En: "check database.url, and whether the database server runs and accepts this login"})
	}
	return keys
}

// checkFolder looks where a SQLite database will be made.
func (x *examination) checkFolder(path string, line func(de, en string) workspace.Text) {
	folder := filepath.Dir(path)
	for { // run makes folders that are not there
		info, err := os.Stat(folder)
		if err == nil && !info.IsDir() {
			x.report(bad, line("kann nicht angelegt werden: "+folder+" ist kein Ordner", "cannot be made: "+folder+" is not a folder"), workspace.Text{})
			return
		}
		if err == nil || folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	if err := unix.Access(folder, unix.W_OK|unix.X_OK); err != nil {
		x.report(bad, line("kann nicht angelegt werden: in "+folder+" darf hier nicht geschrieben werden", "cannot be made: "+folder+" may not be written to"),
			workspace.Text{De: "geben Sie den Ordner dem Konto, unter dem Werkraum läuft, und führen Sie `werkraum check` unter diesem Konto aus",
				En: "give the folder to the account that Werkraum runs as, and run `werkraum check` as that account"})
		return
	}
	x.report(good, line("wird beim ersten Start angelegt", "will be made at the first start"), workspace.Text{})
}
