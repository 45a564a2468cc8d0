package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"werkraum/config"
	"werkraum/store"
)

// A start notes what is different from the last one, and never a value: neither a token nor the
// database's password.
func TestStartNotesWhatIsDifferent(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "werkraum.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	settings, registration := config.Default(), config.NewRegistration("amt.example", "http://127.0.0.1:8080")
	settings.Database.URL = "postgres://werkraum:geheim1@db.example/werkraum"
	start := func() {
		t.Helper()
		if err := noteStart(t.Context(), db, &settings, registration); err != nil {
			t.Fatal(err)
		}
	}
	start()
	start()
	settings.Federation.InviteServers = []string{"partner.example"}
	settings.Database.URL = "postgres://werkraum:geheim2@db.example/werkraum" // another password alone is no other setting
	start()
	registration = config.NewRegistration("amt.example", "http://127.0.0.1:8080")
	start()
	var acts []string
	err = db.Audit(t.Context(), time.UnixMilli(0), "", func(e store.AuditEntry) error {
		acts = append(acts, strings.TrimSpace(string(e.Act)+" "+strings.ReplaceAll(e.Detail, version(), "")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "program_started, program_started, program_started, settings_changed federation.invite_servers, program_started, tokens_changed"
	if got := strings.Join(acts, ", "); got != want {
		t.Errorf("the audit log says\n%s, want\n%s", got, want)
	}
}
