package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/appservice"
	"werkraum/config"
	"werkraum/store"
	"werkraum/workspace"
)

// onUser reads the one user ID that the commands about a person take, and the settings.
func (c *command) onUser(args []string) (id.UserID, *config.Config, error) {
	words, err := c.parseWith(args, 1)
	if err != nil {
		return "", nil, err
	}
	settings, err := c.settings()
	if err != nil {
		return "", nil, err
	}
	if len(words) != 1 || !isUserID(id.UserID(words[0])) {
		return "", nil, errors.New(workspace.Text{
			De: "Bitte geben Sie eine Matrix-ID an, zum Beispiel: @anna:stadt.example",
			En: "Please name a Matrix ID, for example: @anna:city.example",
		}.In(c.speaks(settings)))
	}
	return id.UserID(words[0]), settings, nil
}

// runExport is `werkraum user export`: it prints, as JSON, all that is stored about a person.
// It reads beside a running program.
func runExport(ctx context.Context, args []string, out io.Writer) error {
	c := newCommand("user export @USER:SERVER", "prints all that is stored about a person, as JSON", out)
	path := c.flags.String("output", "", "file to write (default: standard output)")
	user, settings, err := c.onUser(args)
	if err != nil {
		return helped(err)
	}
	db, err := c.openToRead(ctx, settings)
	if err != nil {
		return err
	}
	defer db.Close()
	export, err := db.Export(ctx, user, time.Now())
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(export, "", "  ")
	if err != nil {
		return fmt.Errorf("encode export: %w", err)
	}
	noted := store.AuditEntry{Act: store.UserExported, Actor: store.Operator, Subject: user}
	if export.StandIn != "" { // looking whether an erasure was complete must not undo it
		noted.Subject = export.StandIn
	}
	if err := db.Note(ctx, time.Now(), noted); err != nil {
		return err
	}
	text = append(text, '\n')
	if *path != "" {
		return os.WriteFile(*path, text, 0o600)
	}
	_, err = out.Write(text)
	return err
}

// helped makes no error of --help.
func helped(err error) error {
	if errors.Is(err, errHelp) {
		return nil
	}
	return err
}

var (
	wouldErase = workspace.Text{
		De: `Würde entfernt oder umgeschrieben (es ist nichts geschehen; --yes führt es aus):`,
		En: `Would be removed or rewritten (nothing was done; --yes does it):`,
	}
	hasErased = workspace.Text{
		De: `Entfernt oder umgeschrieben; an der Stelle der Person steht jetzt %s:`,
		En: `Removed or rewritten; in the person's place stands %s now:`,
	}
	erasedList = workspace.Text{
		De: `  Mitgliedschaften                          %d
  Karten und Spalten, die die Person nennen %d
  Änderungen, die die Person nennen         %d
  Kommentare der Person                     %d
  Kommentare anderer, die sie nennen        %d
  frühere Stände, die die Person nennen     %d
  Sitzungen, private Links und Kalender     %d
  Direktchats, die der Bot verlässt         %d
  wartende Nachrichten                      %d
  Geräte, deren Schlüssel aufbewahrt werden %d
  Räume, deren Einstellungen sie nennen     %d
  Erinnerungen an sie, und wie sie kommen   %d
  Einträge im Protokoll                     %d`,
		En: `  memberships                               %d
  cards and columns that name the person    %d
  changes that name the person              %d
  comments of the person                    %d
  comments of others that name them         %d
  earlier versions of whiteboards that do   %d
  sessions, private links and calendars     %d
  direct chats that the bot leaves          %d
  messages that wait                        %d
  devices whose keys are kept               %d
  rooms whose settings name the person      %d
  reminders to them, and how they come      %d
  entries of the audit log                  %d`,
	}
	eraseRest = workspace.Text{
		De: `Das Gespräch selbst liegt bei den Homeservern: Nachrichten der Person, und was Werkraum bisher in die Räume
geschrieben hat (de.werkraum.change, Nachrichten zu Karten). Deaktivieren Sie das Konto dort mit „erase“; siehe
docs/operator/privacy.de.md.`,
		En: `The conversation itself is with the homeservers: the person's messages, and what Werkraum has written into the
rooms so far (de.werkraum.change, messages of cards). Deactivate the account there with “erase”; see
docs/operator/privacy.md.`,
	}
	stillMember = workspace.Text{
		De: `Die Person ist noch Mitglied in %d Räumen; solange sie das ist, wird gespeichert, was sie dort tut, und nichts gelöscht.
Deaktivieren Sie zuerst ihr Konto, oder lassen Sie sie aus diesen Räumen entfernen:
  %s`,
		En: `The person is still a member of %d rooms; as long as they are, what they do there is stored, and nothing is erased.
First deactivate their account, or have them removed from these rooms:
  %s`,
	}
	runsUnreachable = workspace.Text{
		De: "Werkraum läuft und benutzt diese Datenbank, ist aber unter operations.listen nicht zu erreichen. Beenden Sie ihn für diesen Befehl, oder setzen Sie operations.listen.",
		En: "Werkraum runs and uses this database, but cannot be reached at operations.listen. Stop it for this command, or set operations.listen.",
	}
)

// runErase is `werkraum user erase`: it removes a person from all that is stored, by way of
// the running program if there is one. Without --yes it says what that would be.
func runErase(ctx context.Context, args []string, out io.Writer) error {
	c := newCommand("user erase @USER:SERVER", "removes a person from all that is stored", out)
	yes := c.flags.Bool("yes", false, "do it; otherwise only say what would be done")
	user, settings, err := c.onUser(args)
	if err != nil {
		return helped(err)
	}
	done, err := erase(ctx, c, settings, user, !*yes)
	if err != nil {
		return err
	}
	p := printer{out, c.speaks(settings)}
	if len(done.Member) > 0 {
		rooms := make([]string, len(done.Member))
		for i, room := range done.Member {
			rooms[i] = string(room)
		}
		text := stillMember.With(len(rooms), strings.Join(rooms, "\n  "))
		if !done.Dry {
			return errors.New(text.In(p.language))
		}
		p.line(text)
	}
	if done.Dry {
		p.line(wouldErase)
	} else {
		p.line(hasErased.With(done.StandIn))
	}
	d := done.Done
	p.line(erasedList.With(d.Rooms, d.Cards, d.Changes, d.Comments, d.Mentions, d.Versions, d.Sessions, d.DirectChats, d.Waiting, d.Devices, d.Named, d.Reminders, d.Audit))
	p.line(eraseRest)
	return nil
}

// openToRead opens the database beside a program that may work with it, and what is sealed in it
// with the operator's key.
func (c *command) openToRead(ctx context.Context, settings *config.Config) (*store.Store, error) {
	db, err := store.Open(ctx, settings.Database.URL, store.Options{}, zerolog.Nop())
	if err != nil {
		return nil, err
	}
	needed, err := db.Keys(ctx)
	if err == nil && len(needed) > 0 {
		err = c.useKey(ctx, settings, db, false)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openToWrite opens the database as `run` does.
func (c *command) openToWrite(ctx context.Context, settings *config.Config) (*store.Store, error) {
	db, err := store.Open(ctx, settings.Database.URL, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		return nil, err
	}
	if err := c.useKey(ctx, settings, db, settings.Database.Seal); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (c *command) useKey(ctx context.Context, settings *config.Config, db *store.Store, seal bool) error {
	key, err := c.openKey(ctx, settings, db)
	if err != nil {
		return err
	}
	return db.UseKey(ctx, key, seal)
}

func erase(ctx context.Context, c *command, settings *config.Config, user id.UserID, dry bool) (done appservice.Erasure, err error) {
	if !dry {
		registration, err := c.loadRegistration(settings)
		if err != nil {
			return done, err
		}
		done, err = askRunning(ctx, settings.Operations.Listen, registration.ASToken, user)
		if !errors.Is(err, errNotRunning) {
			return done, err
		}
	}
	db, err := c.openToRead(ctx, settings)
	if err == nil && !dry { // only now, for it would make a database where there is none
		_ = db.Close()
		db, err = c.openToWrite(ctx, settings)
	}
	if errors.Is(err, store.ErrInUse) {
		return done, errors.New(runsUnreachable.In(c.speaks(settings)))
	}
	if err != nil {
		return done, err
	}
	defer db.Close()
	return appservice.EraseStored(ctx, db, user, dry, time.Now(), nil)
}
