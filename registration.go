package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"werkraum/config"
	"werkraum/vault"
	"werkraum/workspace"
)

// runRegistration is `werkraum registration`: it writes the file that makes
// Werkraum known to the homeserver, and says what to do with it.
func runRegistration(_ context.Context, args []string, out io.Writer) error {
	c := newCommand("registration", "writes the registration file for the homeserver", out)
	pushURL := c.flags.String("appservice-url", "", "URL at which the homeserver reaches `listen` (default: as it was, else made from listen)")
	output := c.flags.String("output", "", "path of the file (default: the setting registration)")
	newTokens := c.flags.Bool("new-tokens", false, "replace the tokens of an existing file")
	if err := c.parse(args); err != nil {
		if errors.Is(err, errHelp) {
			return nil
		}
		return err
	}
	settings, err := c.settings()
	if err != nil {
		return err
	}
	path := *output
	if path == "" {
		path = settings.Registration
	}
	registration, created, err := config.EnsureRegistration(path, settings, *pushURL, *newTokens)
	if err != nil {
		if problems, ok := errors.AsType[config.Problems](err); ok {
			return errors.New(problems.In(string(c.speaks(settings))))
		}
		return err
	}
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	tokens := workspace.Text{De: "die Tokens sind geblieben", En: "its tokens were kept"}
	if created || *newTokens {
		tokens = workspace.Text{De: "mit neuen Tokens", En: "with new tokens"}
	}
	p := printer{out, c.speaks(settings)}
	p.line(workspace.Text{
		De: fmt.Sprintf("Geschrieben: %s (%s)", path, tokens.De),
		En: fmt.Sprintf("Written: %s (%s)", path, tokens.En),
	})
	switch _, err := vault.Create(settings.KeyFile); {
	case err == nil:
		p.line(keyWritten.With(settings.KeyFile))
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	p.line(registrationAdvice.With(registration.Bot(settings.Homeserver.ServerName), registration.URL, path, path))
	return nil
}

// loadRegistration reads and checks the registration for a command that cannot do
// without. An empty token, above all, would let everybody in.
func (c *command) loadRegistration(settings *config.Config) (*config.Registration, error) {
	registration, err := config.LoadRegistration(settings.Registration)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w; `werkraum registration`: %s", err, workspace.Text{
				De: "schreibt die Datei", En: "writes the file"}.In(c.speaks(settings)))
		}
		return nil, err
	}
	if problems := registration.Validate(settings.Homeserver.ServerName); len(problems) > 0 {
		return nil, errors.New(problems.In(string(c.speaks(settings))))
	}
	return registration, nil
}

var keyWritten = workspace.Text{
	De: "Geschrieben: %s (der Schlüssel für das, was versiegelt in der Datenbank liegt; nur Werkraum braucht ihn, bewahren Sie eine Kopie auf)",
	En: "Written: %s (the key for what is kept sealed in the database; only Werkraum needs it, keep a copy)",
}

// registrationAdvice takes the bot, the URL, and the path twice.
var registrationAdvice = workspace.Text{
	De: `Bot: %s
Der Homeserver erreicht Werkraum unter %s (ändern: --appservice-url URL)

Machen Sie die Datei dem Homeserver bekannt. Er muss sie lesen dürfen; sonst soll es niemand.

Synapse, homeserver.yaml (die letzten drei Zeilen für verschlüsselte Räume):
  app_service_config_files:
    - %s
  experimental_features:
    msc2409_to_device_messages_enabled: true
    msc3202_transaction_extensions: true

Dendrite, dendrite.yaml:
  app_service_api:
    config_files:
      - %s

Starten Sie danach den Homeserver neu, und prüfen Sie alles mit: werkraum check`,
	En: `Bot: %s
The homeserver reaches Werkraum at %s (change: --appservice-url URL)

Make the file known to the homeserver. It must be able to read it; nobody else should.

Synapse, homeserver.yaml (the last three lines for encrypted rooms):
  app_service_config_files:
    - %s
  experimental_features:
    msc2409_to_device_messages_enabled: true
    msc3202_transaction_extensions: true

Dendrite, dendrite.yaml:
  app_service_api:
    config_files:
      - %s

Then restart the homeserver, and examine everything with: werkraum check`,
}
