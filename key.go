package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/rs/zerolog"

	"werkraum/config"
	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
)

// openKey opens the operator's key for `run`. Where there is no key file one is made,
// unless the database holds something that is sealed: only the lost key opens that.
func (c *command) openKey(ctx context.Context, settings *config.Config, db *store.Store) (*vault.Vault, error) {
	needed, err := db.Keys(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the IDs of the keys: %w", err)
	}
	key, err := vault.Open(settings.KeyFile)
	if errors.Is(err, fs.ErrNotExist) && len(needed) == 0 {
		key, err = vault.Create(settings.KeyFile)
	}
	if text, wrong := keyTrouble(settings.KeyFile, key, err, needed); wrong {
		return nil, errors.New(text.In(c.speaks(settings)))
	}
	return key, nil
}

// keyTrouble says what is wrong with a key file, given the error of opening it and the
// IDs of the keys that the database needs.
func keyTrouble(path string, key *vault.Vault, err error, needed []string) (workspace.Text, bool) {
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(needed) > 0:
		return keyMissing.With(path, needed[0]), true
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return keyForbidden.With(path, err), true
	case err != nil:
		return workspace.Text{De: "key_file: %v", En: "key_file: %v"}.With(err), true
	}
	for _, id := range needed {
		if !slices.Contains(key.KeyIDs(), id) {
			return keyOther.With(path, strings.Join(key.KeyIDs(), ", "), id), true
		}
	}
	return workspace.Text{}, false
}

var (
	keyMissing = workspace.Text{
		De: "Die Schlüsseldatei %s fehlt, aber in der Datenbank liegt, was nur ihr Schlüssel %s öffnet. Legen Sie Ihre Kopie der Datei dorthin, oder nennen Sie ihren Ort in key_file. Ist sie endgültig verloren: werkraum key forget",
		En: "The key file %s is missing, but the database holds what only its key %s opens. Put your copy of the file there, or name its place in key_file. If it is lost for good: werkraum key forget",
	}
	keyOther = workspace.Text{
		De: "Die Schlüsseldatei %s enthält den Schlüssel %s, aber in der Datenbank liegt, was nur der Schlüssel %s öffnet. Legen Sie die richtige Datei dorthin, oder fügen Sie die Zeile des früheren Schlüssels unten an.",
		En: "The key file %s holds the key %s, but the database holds what only the key %s opens. Put the right file there, or add the earlier key's line at its end.",
	}
	keyForbidden = workspace.Text{
		De: "Die Schlüsseldatei %s kann nicht gelesen oder angelegt werden (%v). Geben Sie sie dem Konto, unter dem Werkraum läuft; fehlt sie, legt `werkraum registration` sie an.",
		En: "The key file %s cannot be read or made (%v). Give it to the account that Werkraum runs as; if it is missing, `werkraum registration` makes it.",
	}
)

// runKey is `werkraum key`, which names the keys, `werkraum key rotate`, which puts a new
// one above them, and `werkraum key forget`, which gives up a lost one.
func runKey(ctx context.Context, args []string, out io.Writer) error {
	act := ""
	if len(args) > 0 && (args[0] == "rotate" || args[0] == "forget") {
		act, args = args[0], args[1:]
	}
	c := newCommand("key [rotate | forget]", "names the keys of the key file and those that the database needs; rotate puts a new key above them, forget gives up the keys of encrypted rooms when the key is lost", out)
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
	p := printer{out, c.speaks(settings)}
	switch act {
	case "forget":
		return c.forgetKeys(ctx, settings, out)
	case "rotate":
		key, err := vault.Rotate(settings.KeyFile)
		if err != nil {
			return err
		}
		p.line(keyRotated.With(settings.KeyFile, key.KeyID()))
		return nil
	}
	needed, unread := neededKeys(ctx, settings)
	key, err := vault.Open(settings.KeyFile)
	if text, wrong := keyTrouble(settings.KeyFile, key, err, needed); wrong {
		return errors.New(text.In(p.language))
	}
	for i, id := range key.KeyIDs() {
		use := workspace.Text{De: "öffnet", En: "opens"}
		if i == 0 {
			use = workspace.Text{De: "versiegelt und öffnet", En: "seals and opens"}
		}
		switch {
		case unread != nil:
		case slices.Contains(needed, id):
			use = workspace.Text{De: use.De + "; die Datenbank braucht ihn", En: use.En + "; the database needs it"}
		default:
			use = workspace.Text{De: use.De + "; in der Datenbank ist nichts mit ihm versiegelt", En: use.En + "; nothing in the database is sealed with it"}
		}
		_, _ = fmt.Fprintf(out, "%s  %s\n", id, use.In(p.language))
	}
	if unread != nil {
		p.line(workspace.Text{De: "Die Datenbank war nicht zu lesen: %v", En: "The database could not be read: %v"}.With(unread))
	}
	return nil
}

// neededKeys asks the database which keys it needs; one that does not exist yet needs none.
func neededKeys(ctx context.Context, settings *config.Config) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	db, err := store.Open(ctx, settings.Database.URL, store.Options{}, zerolog.Nop())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return db.Keys(ctx)
}

var keyRotated = workspace.Text{
	De: "In %s steht jetzt der Schlüssel %s zuoberst. Starten Sie Werkraum neu, und erneuern Sie Ihre Kopie der Datei.",
	En: "In %s, the key %s now comes first. Restart Werkraum, and renew your copy of the file.",
}

// checkKey looks at the key file; needed are the IDs of the keys that the database needs.
func (x *examination) checkKey(needed []string) {
	path := x.settings.KeyFile
	key, err := vault.Open(path)
	if errors.Is(err, fs.ErrNotExist) && len(needed) == 0 {
		x.report(good, workspace.Text{
			De: "Schlüsseldatei %s wird beim ersten Start angelegt", En: "Key file %s will be made at the first start"}.With(path), workspace.Text{})
		return
	}
	if text, wrong := keyTrouble(path, key, err, needed); wrong {
		x.report(bad, text, workspace.Text{})
		return
	}
	x.report(good, workspace.Text{De: "Schlüsseldatei %s, Schlüssel %s", En: "Key file %s, key %s"}.With(path, strings.Join(key.KeyIDs(), ", ")), workspace.Text{})
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o007 != 0 {
		x.report(notable, workspace.Text{De: "Die Schlüsseldatei kann jeder auf diesem Rechner lesen", En: "The key file can be read by everybody on this machine"},
			workspace.Text{De: "chmod o-rwx %s", En: "chmod o-rwx %s"}.With(path))
	}
	if database, ok := strings.CutPrefix(x.settings.Database.URL, "sqlite:"); ok && sameFolder(path, database) {
		x.report(notable, workspace.Text{
			De: "Die Schlüsseldatei liegt im Ordner der Datenbank; wer den Ordner bekommt, etwa als Sicherung, kann alles lesen",
			En: "The key file lies in the database's folder; whoever gets the folder, a backup say, can read everything"},
			workspace.Text{
				De: "setzen Sie key_file auf einen anderen Ordner, und bewahren Sie eine Kopie getrennt von den Sicherungen der Datenbank auf",
				En: "set key_file to another folder, and keep a copy apart from backups of the database"})
	}
}

func sameFolder(one, other string) bool {
	one, err := filepath.Abs(one)
	other, failed := filepath.Abs(other)
	return err == nil && failed == nil && filepath.Dir(one) == filepath.Dir(other)
}
