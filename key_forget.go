package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"werkraum/config"
	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
)

// forgetKeys is `werkraum key forget`: the way back when a key is lost for good. It gives
// up what only that key opens, as long as that is nothing but the keys of encrypted rooms.
func (c *command) forgetKeys(ctx context.Context, settings *config.Config, out io.Writer) error {
	p := printer{out, c.speaks(settings)}
	db, err := store.Open(ctx, settings.Database.URL, store.Options{Exclusive: true}, newLog(settings.Log))
	if err != nil {
		return err
	}
	defer db.Close()
	needed, err := db.Keys(ctx)
	if err != nil {
		return fmt.Errorf("read the IDs of the keys: %w", err)
	}
	var have []string
	key, err := vault.Open(settings.KeyFile)
	switch {
	case err == nil:
		have = key.KeyIDs()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if !slices.ContainsFunc(needed, func(id string) bool { return !slices.Contains(have, id) }) {
		p.line(workspace.Text{
			De: "Es fehlt kein Schlüssel; es gibt nichts aufzugeben.",
			En: "No key is missing; there is nothing to give up."})
		return nil
	}
	lost, err := db.SealedWords(ctx, have)
	if err != nil {
		return fmt.Errorf("read the IDs of the keys: %w", err)
	}
	if lost {
		return errors.New(wordsAreLost.In(p.language))
	}
	if err := db.ForgetEncryption(ctx); err != nil {
		return fmt.Errorf("empty the key store: %w", err)
	}
	p.line(encryptionForgotten)
	return nil
}

var (
	wordsAreLost = workspace.Text{
		De: "Auch die Arbeit der Räume ist mit dem fehlenden Schlüssel versiegelt (database.seal) und ohne ihn nicht mehr lesbar. Suchen Sie Ihre Kopie der Schlüsseldatei. Gibt es keine, beginnen Sie mit einer leeren Datenbank; der Verlauf der Räume enthält weiterhin alle Änderungen.",
		En: "The work of the rooms is sealed with the missing key too (database.seal), and cannot be read without it. Look for your copy of the key file. If there is none, begin with an empty database; the rooms' timelines still hold all changes.",
	}
	encryptionForgotten = workspace.Text{
		De: "Die Schlüssel für verschlüsselte Räume sind aufgegeben. Beim nächsten Start bekommt der Bot ein neues Gerät; was bis dahin verschlüsselt gesagt wurde, kann er nicht mehr lesen. Die Arbeit der Räume ist geblieben.",
		En: "The keys of encrypted rooms have been given up. With the next start the bot gets a new device; what was said encrypted until then it can no longer read. The work of the rooms has stayed.",
	}
)
