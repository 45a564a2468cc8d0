package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"
)

var tokenPattern = regexp.MustCompile(`wrt_[a-z0-9]+`)

// tokenFor has a moderator make a token and waits for it in their direct chat.
func (s *scene) tokenFor(p *person, command string) (token string) {
	s.t.Helper()
	s.directly(p, command, "a token", func(m message) bool {
		token = tokenPattern.FindString(m.Body)
		return token != ""
	})
	return token
}

// directly types a command in the room and waits for a new message in the direct chat.
func (s *scene) directly(p *person, command, what string, fits func(m message) bool) {
	s.t.Helper()
	if p.direct == "" { // what is said as somebody of another server comes in may be lost; a link is asked for again
		s.linkFor(p, func() { p.ask(s.room, "!link") })
	}
	known := map[id.EventID]bool{}
	for _, m := range p.said(p.direct, s.Bot) {
		known[m.ID] = true
	}
	p.ask(s.room, command)
	until(s.t, what, func() error {
		for _, m := range p.said(p.direct, s.Bot) {
			if !known[m.ID] && fits(m) {
				return nil
			}
		}
		return fmt.Errorf("nothing came of %s", command)
	})
}

// request asks the API and returns status and answer.
func (s *scene) request(method, path, token string, body []byte) (int, map[string]any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+"/api/v1/rooms/"+url.PathEscape(string(s.room))+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(raw, &answer); err != nil {
		answer = map[string]any{"text": string(raw)}
	}
	return resp.StatusCode, answer
}

// A moderator gives a program a token; it works in their name, everybody sees at once what it
// does, and it ends when it is revoked and when the moderator is put out.
func TestTokensOfTheAPI(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		s.anna.empower(s.room, s.mia.UserID, 50)
		board := s.page(s.anna)
		first, second := s.tokenFor(s.mia, "!token neu schreiben"), s.tokenFor(s.mia, "!token neu lesen")
		for _, m := range s.anna.said(s.room, s.Bot) {
			if tokenPattern.MatchString(m.Body) {
				t.Error("a token stands in the room")
			}
		}
		want := func(status int, method, path, token, body string) map[string]any {
			t.Helper()
			got, answer := s.request(method, path, token, []byte(body))
			if got != status {
				t.Errorf("%s %s: status %d, %v; want %d", method, path, got, answer, status)
			}
			return answer
		}
		want(201, "POST", "/cards", first, `{"title":"Aus dem Formular","due":"2026-12-24"}`)
		want(403, "POST", "/cards", second, `{"title":"x"}`)
		want(200, "GET", "/cards?text=formular", second, "")
		board.await("the card on open pages", func(st pageState) bool { _, ok := st.CardTitled("Aus dem Formular"); return ok })
		board.Look(func(st pageState) {
			if c := st.Commits[len(st.Commits)-1]; c.Via != "bot" && (c.By != s.mia.UserID || c.Via != "api") {
				t.Errorf("made by %s, via %s", c.By, c.Via)
			}
		})

		var listed string
		s.directly(s.anna, "!token liste", "the list", func(m message) bool { listed = m.Body; return strings.Contains(m.Body, "lesen und ändern") })
		revoked := regexp.MustCompile(`• ([a-z0-9]+): lesen, `).FindStringSubmatch(listed)
		if revoked == nil || strings.Contains(listed, "wrt_") {
			t.Fatalf("the list is %q", listed)
		}
		s.directly(s.anna, "!token entziehen "+revoked[1], "the end of the token", func(m message) bool { return strings.Contains(m.Body, "ungültig") })
		want(401, "GET", "/cards", second, "")

		// Whoever may only write loses nothing but moderating; who may not write cannot make cards.
		s.anna.empower(s.room, s.mia.UserID, -1)
		until(t, "the right to be gone", func() error {
			if status, answer := s.request("POST", "/cards", first, []byte(`{"title":"x"}`)); status != 403 {
				return fmt.Errorf("status %d, %v", status, answer)
			}
			return nil
		})
		want(200, "GET", "/cards", first, "")
		s.anna.kick(s.room, s.mia.UserID)
		until(t, "the token to be gone", func() error {
			if status, answer := s.request("GET", "/cards", first, nil); status != 401 {
				return fmt.Errorf("status %d, %v", status, answer)
			}
			return nil
		})
		audit, err := s.Command(t.Context(), "audit", "--room", s.room.String())
		if err != nil {
			t.Fatal(err)
		}
		for _, act := range []string{"token_made", "token_revoked"} {
			if !strings.Contains(audit, act) {
				t.Errorf("the audit log lacks %s:\n%s", act, audit)
			}
		}
		if strings.Contains(audit, "wrt_") {
			t.Error("the audit log holds a token")
		}
	})
}

// A board comes in from Trello on the page's way, in one change that one undo takes back, and
// goes out again complete.
func TestImportAndExportOfABoard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		session := s.anna.signIn(s.house, s.room).Token
		file, err := os.ReadFile(filepath.Join("..", "bridges", "importing", "testdata", "trello.json"))
		if err != nil {
			t.Fatal(err)
		}
		status, preview := s.request("POST", "/imports?preview=true", session, file)
		if status != 200 || preview["cards"] != 5.0 || preview["format"] != "trello" {
			t.Fatalf("status %d, %v", status, preview)
		}
		status, done := s.request("POST", "/imports", session, file)
		if status != 200 {
			t.Fatalf("status %d, %v", status, done)
		}
		board.await("the board", func(st pageState) bool {
			card, ok := st.CardTitled("Angebot für Möbel einholen")
			return ok && len(st.Columns()) == 5 && card.Text("start") == "2026-11-25"
		})
		_, exported := s.request("GET", "/export?format=json", session, nil)
		items, _ := exported["items"].([]any)
		// Five columns, five cards, two labels with a colour.
		if len(items) != 12 {
			t.Errorf("exported are %d items", len(items))
		}
		if status, csv := s.request("GET", "/export?format=csv", session, nil); status != 200 || !strings.Contains(fmt.Sprint(csv["text"]), "Angebot für Möbel einholen") {
			t.Errorf("status %d, %v", status, csv)
		}
		board.do("undo", object{"change": done["change"]})
		board.await("the board as it was", func(st pageState) bool { return len(st.Columns()) == 3 && len(st.Cards()) == 0 })
	})
}
