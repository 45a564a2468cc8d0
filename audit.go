package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/config"
	"werkraum/store"
	"werkraum/workspace"
)

// runAudit is `werkraum audit`: it prints the log of administrative acts. It reads beside a
// running program.
func runAudit(ctx context.Context, args []string, out io.Writer) error {
	c := newCommand("audit", "prints the log of administrative acts, oldest first", out)
	since := c.flags.String("since", "", "begin there: a duration such as 24h or 30d, or a day (UTC) such as 2026-11-25 (default: all)")
	room := c.flags.String("room", "", "of one room only, by its ID")
	asJSON := c.flags.Bool("json", false, "print one JSON object per line")
	if err := c.parse(args); err != nil {
		return helped(err)
	}
	settings, err := c.settings()
	if err != nil {
		return err
	}
	from, err := sinceTime(*since, time.Now())
	if err != nil {
		return errors.New(badSince.In(c.speaks(settings)))
	}
	db, err := store.Open(ctx, settings.Database.URL, store.Options{}, zerolog.Nop())
	if err != nil {
		return err
	}
	defer db.Close()
	w := bufio.NewWriter(out)
	show := func(e store.AuditEntry) error {
		_, err := fmt.Fprintf(w, "%s  %-16s  actor=%s subject=%s room=%s detail=%s\n",
			e.At.UTC().Format(time.RFC3339), e.Act, dash(string(e.Actor)), dash(string(e.Subject)), dash(string(e.Room)), dash(e.Detail))
		return err
	}
	if *asJSON {
		encoder := json.NewEncoder(w)
		show = func(e store.AuditEntry) error {
			return encoder.Encode(store.ExportedAct{At: e.At.UTC(), Act: e.Act, Actor: e.Actor, Subject: e.Subject, Room: e.Room, Detail: e.Detail})
		}
	}
	return errors.Join(db.Audit(ctx, from, id.RoomID(*room), show), w.Flush())
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

var badSince = workspace.Text{
	De: "--since ist eine Dauer wie 24h oder 30d, oder ein Tag wie 2026-11-25.",
	En: "--since is a duration such as 24h or 30d, or a day such as 2026-11-25.",
}

func sinceTime(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.UnixMilli(0), nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Parse(time.DateOnly, text)
}

// Names under which a start remembers what the last one was like.
const (
	rememberTokens   = "tokens"
	rememberSettings = "settings"
)

// noteStart puts the start into the audit log, and what is different from the last one.
func noteStart(ctx context.Context, db *store.Store, settings *config.Config, registration *config.Registration) error {
	entries := []store.AuditEntry{{Act: store.ProgramStarted, Detail: version()}}
	// The tokens are long and random: their hash tells nobody what they are.
	tokens := sha256.Sum256([]byte(registration.ASToken + "\x00" + registration.HSToken))
	changed, _, err := db.Changed(ctx, rememberTokens, hex.EncodeToString(tokens[:]))
	if err != nil {
		return fmt.Errorf("compare with the last start: %w", err)
	}
	if changed {
		entries = append(entries, store.AuditEntry{Act: store.TokensChanged, Actor: store.Operator})
	}
	now := settings.Values()
	text, err := json.Marshal(now)
	if err != nil {
		return fmt.Errorf("encode settings: %w", err)
	}
	changed, last, err := db.Changed(ctx, rememberSettings, string(text))
	if err != nil {
		return fmt.Errorf("compare with the last start: %w", err)
	}
	before := map[string]string{}
	if changed && json.Unmarshal([]byte(last), &before) == nil {
		var keys []string
		for _, key := range slices.Sorted(maps.Keys(now)) {
			if now[key] != before[key] {
				keys = append(keys, key)
			}
		}
		entries = append(entries, store.AuditEntry{Act: store.SettingsChanged, Actor: store.Operator, Detail: strings.Join(keys, " ")})
	}
	return db.Note(ctx, time.Now(), entries...)
}

// noteStop puts an end in good order into the audit log.
func noteStop(ctx context.Context, db *store.Store, log zerolog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := db.Note(ctx, time.Now(), store.AuditEntry{Act: store.ProgramStopped}); err != nil {
		log.Warn().Err(err).Msg("Could not note the end in the audit log")
	}
}
