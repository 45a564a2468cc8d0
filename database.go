package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"werkraum/store"
	"werkraum/workspace"
)

var errDatabaseUsage = errors.New("unknown command; the commands are database seal and database unseal")

// runDatabase is `werkraum database seal` and `unseal`: it rewrites what was written before
// the setting database.seal was changed, or before the key was. It needs the database for
// itself. Interrupted, it goes on where it was when it is called again.
func runDatabase(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "seal" && args[0] != "unseal" {
		return errDatabaseUsage
	}
	seal := args[0] == "seal"
	c := newCommand("database "+args[0], "rewrites what people wrote, sealed or plain, while the server is stopped", out)
	if err := c.parse(args[1:]); err != nil {
		if errors.Is(err, errHelp) {
			return nil
		}
		return err
	}
	settings, err := c.settings()
	if err != nil {
		return err
	}
	log := newLog(settings.Log)
	db, err := store.Open(ctx, settings.Database.URL, store.Options{Exclusive: true}, log)
	if err != nil {
		return err
	}
	defer db.Close()
	key, err := c.openKey(ctx, settings, db)
	if err != nil {
		return err
	}
	if err := db.UseKey(ctx, key, seal); err != nil {
		return err
	}
	counts := map[string][2]int{}
	var tables []string
	if err := db.Reseal(ctx, func(table string, seen, rewritten int) {
		if _, known := counts[table]; !known {
			tables = append(tables, table)
		}
		counts[table] = [2]int{seen, rewritten}
		log.Debug().Str("table", table).Int("rows", seen).Int("rewritten", rewritten).Msg("Rewriting")
	}); err != nil {
		return err
	}
	p := printer{out, c.speaks(settings)}
	for _, table := range tables {
		_, _ = fmt.Fprintf(out, "%-10s %d / %d\n", table, counts[table][1], counts[table][0])
	}
	if seal {
		p.line(databaseSealed.With(key.KeyID()))
	} else {
		p.line(databasePlain)
	}
	switch {
	case seal && !settings.Database.Seal:
		p.line(workspace.Text{
			De: "Setzen Sie noch database.seal: true, sonst wird Neues lesbar geschrieben.",
			En: "Set database.seal: true as well, or what is new is written readable."})
	case !seal && settings.Database.Seal:
		p.line(workspace.Text{
			De: "Setzen Sie noch database.seal: false, sonst wird Neues versiegelt.",
			En: "Set database.seal: false as well, or what is new is sealed."})
	}
	return nil
}

var (
	databaseSealed = workspace.Text{
		De: "Alles ist unter dem Schlüssel %s versiegelt. Frühere Sicherungen und archivierte Transaktionsprotokolle sind es nicht.",
		En: "Everything is sealed under the key %s. Earlier backups and archived write-ahead logs are not.",
	}
	databasePlain = workspace.Text{De: "Alles ist lesbar gespeichert.", En: "Everything is stored readable."}
)
