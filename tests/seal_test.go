package tests

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"maunium.net/go/mautrix"
)

// canaryWord is in the names and texts of people in TestSealedDatabaseTellsNoWord.
const canaryWord = "Zwetschgenmus"

// Whoever steals the database without the key file, or gets a backup of it, reads no word
// that anybody wrote: not while it runs, not after it was killed, not when it has stopped.
func TestSealedDatabaseTellsNoWord(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		h := w.house(t, sealing)
		s := &scene{house: h, t: t, anna: newPerson(t, w.amt, "Anna")}
		if err := s.anna.Client.SetDisplayName(t.Context(), "Anna "+canaryWord); err != nil {
			t.Fatal(err)
		}
		s.room = s.anna.create(s, &mautrix.ReqCreateRoom{Name: "Projekt " + canaryWord})
		s.anna.invite(s.room, h.Bot)
		s.ready(s.anna)

		s.anna.ask(s.room, "!karte neu Bericht über "+canaryWord+" #"+canaryWord)
		s.anna.ask(s.room, "!spalte neu Prüfung "+canaryWord)
		made := s.anna.hears(s.room, "the card's message", func(m message) bool {
			return m.Sender == h.Bot && strings.HasPrefix(m.Body, "📋 #1 ")
		})
		comment := s.anna.sayIn(s.room, made.ID, "Noch mehr "+canaryWord)
		s.anna.say(s.room, "Und nebenbei: "+canaryWord)
		board := s.page(s.anna)
		board.card("Bericht über " + canaryWord)
		board.await("the comment to be counted", func(st pageState) bool { return len(st.Counts) > 0 })

		// What was encrypted on its way is not stored readable either.
		secret := newSealedScene(t, h)
		secret.anna.ask(secret.room, "!karte neu Vertraulich: "+canaryWord)
		secret.mia.say(secret.room, canaryWord)
		secret.page(secret.mia).card("Vertraulich: " + canaryWord)

		untold := func(when string) {
			t.Helper()
			stored := rawDatabase(t, h)
			for _, form := range []string{canaryWord, hex.EncodeToString([]byte(canaryWord))} {
				if i := strings.Index(stored, form); i >= 0 {
					t.Errorf("%s the database tells a word: %q", when, stored[max(i-200, 0):i+len(form)])
				}
			}
			for _, seen := range []string{s.room.String(), comment.String(), s.anna.UserID.String()} {
				if !strings.Contains(stored, seen) {
					t.Errorf("%s the test does not read the database: %s is not in it", when, seen)
				}
			}
		}
		untold("while it runs")
		if err := h.Kill(); err != nil {
			t.Fatal(err)
		}
		untold("when it was killed")
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		// What was sealed is all there.
		if list := s.anna.ask(s.room, "!karte liste"); !strings.Contains(list.Body, "Bericht über "+canaryWord) {
			t.Errorf("after a new start the list is: %s", list.Body)
		}
		if err := h.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		untold("when it has stopped")

		// Another key file is noticed before anything is done with it.
		file := filepath.Join(filepath.Dir(h.Log), "werkraum.key")
		if err := os.Rename(file, file+".copy"); err != nil {
			t.Fatal(err)
		}
		if err := h.Start(t.Context()); err == nil || !strings.Contains(h.LogTail(1), "fehlt, aber in der Datenbank liegt") {
			t.Errorf("without its key file it starts (%v) and says: %s", err, h.LogTail(1))
		}
		if err := os.Rename(file+".copy", file); err != nil {
			t.Fatal(err)
		}
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// rawDatabase is what a thief of the database gets: all files of SQLite, all rows of
// PostgreSQL.
func rawDatabase(t *testing.T, h *house) string {
	t.Helper()
	folder := filepath.Dir(h.Log)
	text, err := os.ReadFile(filepath.Join(folder, "werkraum.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var settings struct {
		Database struct {
			URL string `json:"url"`
		} `json:"database"`
	}
	if err := json.Unmarshal(text, &settings); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	if strings.HasPrefix(settings.Database.URL, "sqlite:") {
		files, err := filepath.Glob(filepath.Join(folder, "werkraum.db*"))
		if err != nil || len(files) < 2 {
			t.Fatalf("the database's files are %q, %v", files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
		return all.String()
	}
	conn, err := pgx.Connect(t.Context(), settings.Database.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	query := func(sql string) []string {
		t.Helper()
		found, err := conn.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		list, err := pgx.CollectRows(found, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	for _, table := range query(`SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'`) {
		all.WriteString(strings.Join(query(`SELECT t::text FROM `+pgx.Identifier{table}.Sanitize()+` t`), "\n"))
	}
	return all.String()
}
