// Command werkraum makes project spaces of Matrix rooms: invite its bot into a
// room, and a board stands beside the conversation.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"werkraum/config"
)

const usage = `Werkraum: project spaces in Matrix rooms.

Usage:
  werkraum run           runs the server
  werkraum registration  writes the registration file for the homeserver
  werkraum user export   prints all that is stored about a person
  werkraum user erase    removes a person from all that is stored
  werkraum audit         prints the log of administrative acts
  werkraum check         examines the configuration and everything it names
  werkraum key           names the keys that seal what is kept secret; key rotate makes a new one, key forget gives up a lost one
  werkraum database seal  seals what is in the database already; unseal does the reverse
  werkraum config example  prints the documented example configuration
  werkraum version       prints the version

Each command explains itself with --help.
`

var errUsage = errors.New("unknown command; the commands are run, registration, user export, user erase, audit, check, key, database, config example and version")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := dispatch(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string, out io.Writer) error {
	name := "help"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "run":
		return run(ctx, args, out)
	case "registration":
		return runRegistration(ctx, args, out)
	case "check":
		return runCheck(ctx, args, out)
	case "key":
		return runKey(ctx, args, out)
	case "database":
		return runDatabase(ctx, args, out)
	case "user":
		if len(args) > 0 && args[0] == "export" {
			return runExport(ctx, args[1:], out)
		}
		if len(args) > 0 && args[0] == "erase" {
			return runErase(ctx, args[1:], out)
		}
	case "audit":
		return runAudit(ctx, args, out)
	case "config":
		if len(args) == 1 && args[0] == "example" {
			_, err := out.Write(config.Example)
			return err
		}
	case "version":
		_, err := fmt.Fprintln(out, version())
		return err
	case "help", "--help", "-h":
		_, err := io.WriteString(out, usage)
		return err
	}
	return errUsage
}

// version is what the build noted: a tag, a commit, or that there is none.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "werkraum (unknown version)"
	}
	revision := "without version control"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	return fmt.Sprintf("werkraum %s (%s, %s)", info.Main.Version, revision, info.GoVersion)
}
