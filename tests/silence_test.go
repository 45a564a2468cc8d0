package tests

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"
	"github.com/jackc/pgx/v5"
	"werkraum/deploy/homeserver"
	"werkraum/tests/page"
)

// canaries are texts that people wrote and secrets, by what they are. None of them may be found
// where operators look.
type canaries map[string]string

// text makes a text of its own for each thing that somebody can write. What is watched is its
// beginning, for a log may cut what it quotes.
func (c canaries) text(what string) string {
	c[what] = "K" + strings.ToLower(rand.Text()[:12])
	return c.whole(what)
}

// whole is a text as it was written.
func (c canaries) whole(what string) string { return c[what] + strings.Repeat("y", 8) }

// secret watches for something that is made elsewhere.
func (c canaries) secret(what, secret string) string {
	c[what] = secret
	return secret
}

// found lists the canaries that a text holds, also as they look in URLs and JSON.
func (c canaries) found(text string) (list []string) {
	for what, canary := range c {
		for _, form := range []string{canary, url.QueryEscape(canary), strings.Trim(strconv.Quote(canary), `"`)} {
			if canary != "" && strings.Contains(text, form) {
				list = append(list, what)
				break
			}
		}
	}
	return list
}

// Nothing that people write and no secret reaches the log, the metrics, the commands' output or
// the last words of a crash, at the most talkative level, whatever goes wrong.
func TestLogsAndMetricsHoldNothingOfPeople(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds(t) {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w, c := ownWorld(t, kind), canaries{}
			h := w.houses[usual]
			database := h.withSecretPassword(t, c.text("database password"))
			s := newScene(t, w.house(t, usual))
			s.watchTokens(c)
			var printed strings.Builder
			run := func(args ...string) {
				out, err := s.Command(t.Context(), args...)
				fmt.Fprintln(&printed, out, err)
			}
			s.talk(c)
			s.provoke(c)
			run("check")

			// The homeserver dies while there is something to tell it.
			board := s.page(s.anna)
			if err := w.amt.Kill(); err != nil {
				t.Fatal(err)
			}
			board.do("card.add", object{"card": newItem(), "title": c.text("title while the homeserver is away"), "description": c.text("its description")})
			until(t, "the failure to be counted", func() error {
				if !strings.Contains(s.metrics(), `werkraum_retries_total{what="homeserver"}`) {
					return fmt.Errorf("metrics:\n%s", s.metrics())
				}
				return nil
			})
			run("check")
			if err := w.amt.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
			// The database refuses in the middle of work.
			allow := database.refuse(t)
			go func() {
				_ = page.Post(context.WithoutCancel(t.Context()), s.URL+"/api/v1/links", object{"user_id": s.mia.UserID, "room_id": s.room}, nil)
			}()
			status, _ := s.push(t, newItem(), s.HSToken, s.transaction(s.command(s.anna.UserID, "$"+newItem(), "!karte neu "+c.text("title while the database refuses"))))
			if status < 500 {
				t.Errorf("a transaction that cannot be stored is answered with %d", status)
			}
			run("check")
			run("audit", "--room", "!"+newItem())
			allow()
			s.anna.insist(s.room, "!karte liste")
			s.anna.hears(s.room, "an answer after all that", func(m message) bool {
				return m.Sender == s.Bot && strings.Contains(m.Body, c["title while the homeserver is away"])
			})
			run("audit")
			run("audit", "--json")
			run("user", "erase", s.mia.UserID.String())
			run("version")
			metrics := s.scrape()

			// The runtime's own last words.
			if err := syscall.Kill(s.PID(), syscall.SIGQUIT); err != nil {
				t.Fatal(err)
			}
			until(t, "the last words", func() error {
				if log := s.wholeLog(); !strings.Contains(log, "goroutine ") {
					return fmt.Errorf("there are none")
				}
				return nil
			})
			if err := s.Kill(); err != nil {
				t.Fatal(err)
			}
			log := s.wholeLog()
			found := 0
			for where, text := range map[string]string{"log": log, "metrics": metrics, "output of commands": printed.String()} {
				for _, what := range c.found(text) {
					found++
					t.Errorf("the %s holds: %s (%q)", where, what, c[what])
				}
			}
			// It was no silence that was listened to.
			for _, part := range []string{"Set events aside", "goroutine ", `"level":"debug"`, `"level":"warn"`} {
				if !strings.Contains(log, part) {
					t.Errorf("the log lacks %s", part)
				}
			}
			if !strings.Contains(metrics, "werkraum_events_total") {
				t.Errorf("the metrics lack those of events: %.200s", metrics)
			}
			t.Logf("%d texts and secrets, %d found in %d bytes of log, %d of metrics, %d of output", len(c), found, len(log), len(metrics), printed.Len())
		})
	}
}

// watchTokens has the secrets of the installation watched.
func (s *scene) watchTokens(c canaries) {
	text, err := os.ReadFile(s.Registration)
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		for _, name := range []string{"as_token", "hs_token"} {
			if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
				c.secret(name, strings.Trim(strings.TrimSpace(value), `"`))
			}
		}
	}
	if len(c["as_token"]) < 20 || len(c["hs_token"]) < 20 {
		s.t.Fatalf("found no tokens in %s", s.Registration)
	}
}

// talk writes something of its own wherever a person can write something.
func (s *scene) talk(c canaries) {
	t, anna, mia := s.t, s.anna, s.mia
	for _, p := range []*person{anna, mia} {
		if err := p.Client.SetDisplayName(t.Context(), c.text("display name of "+p.DisplayName)); err != nil {
			t.Fatal(err)
		}
	}
	anna.setState(s.room, "m.room.name", "", object{"name": c.text("room name")})
	anna.setState(s.room, "m.room.topic", "", object{"topic": c.text("topic")})
	anna.say(s.room, c.text("talk"))
	anna.say(s.room, "!"+c.text("command"))
	made := anna.ask(s.room, "!karte neu "+c.text("title")+" #"+c.text("label")+"\n"+c.text("description"))
	mia.await(s.room, "the card's message", byID(made.ID))
	mia.sayIn(s.room, made.ID, c.text("comment"))
	for _, command := range []string{
		"!karte fällig 1 " + c.text("due text"), "!karte liste " + c.text("search"), "!karte zeige " + c.text("number"), "!karte " + c.text("verb"),
		"!karte zuweisen 1 " + c.text("name of nobody"), "!karte verschieben 1 " + c.text("column"), "!sprache " + c.text("language"),
		"!spalte neu " + c.text("title of a column"), "!karte ändern 1 " + c.text("new title"),
	} {
		anna.ask(s.room, command)
	}
	source := mia.say(s.room, c.text("message that becomes a card")+"\n"+c.text("its second line"))
	anna.await(s.room, "the message", byID(source))
	anna.react(s.room, source, "📌")
	anna.react(s.room, source, c.text("key of a reaction"))
	anna.setState(s.room, "m.room.retention", "", object{"max_lifetime": 365 * 24 * 3600 * 1000, "x": c.text("lifetime")})
	board := s.page(anna)
	board.card(c.whole("message that becomes a card"))
	mia.redact(s.room, source)
	board.card("(Die Nachricht wurde entfernt)")
	token := c.secret("private link", s.linkFor(anna, func() { anna.answer(s.room, anna.say(s.room, "!link")) }))
	session, err := page.SignInLink(t.Context(), s.URL, token)
	if err != nil {
		t.Fatal(err)
	}
	c.secret("session of a link", session.Token)
	openID := mia.openID()
	c.secret("OpenID token", openID.AccessToken)
	if session, err = page.SignInOpenID(t.Context(), s.URL, s.room, openID); err != nil {
		t.Fatal(err)
	}
	c.secret("session of an OpenID token", session.Token)
	mias := openTab(t, s.house, session)
	mias.do("card.edit", object{"card": newestCard(mias), "description": c.text("description on the page")})
}

func newestCard(p *tab) (card string) {
	p.Look(func(st *page.State) {
		for _, it := range st.Cards() {
			card = it.ID
		}
	})
	return card
}

// provoke does all that goes wrong.
func (s *scene) provoke(c canaries) {
	t, ctx := s.t, s.t.Context()
	board := s.page(s.anna)
	for act, args := range map[string]object{
		"card.add":                 {"card": newItem(), "title": strings.Repeat(c.text("title that is too long"), 20)},
		"card.edit":                {"card": c.text("card that does not exist")},
		"card.label":               {"card": newestCard(board), "label": strings.Repeat(c.text("label that is too long"), 5), "on": true},
		"card.assign":              {"card": newestCard(board), "user": "@" + c.text("stranger") + ":x", "on": true},
		"card.move":                {c.text("field that does not exist"): 1},
		c.text("act that is none"): {},
		"card.delete":              {"card": object{c.text("nested"): 1}},
	} {
		if board.try(act, args) == nil {
			t.Errorf("%s is done with %v", act, args)
		}
	}
	good := s.anna.openID()
	for _, token := range []page.OpenID{
		{AccessToken: c.text("OpenID token that is none"), ServerName: good.ServerName},
		{AccessToken: good.AccessToken, ServerName: c.text("server that is none")},
		{AccessToken: c.secret("OpenID token of another server", good.AccessToken), ServerName: s.w.partner.ServerName},
	} {
		if _, err := page.SignInOpenID(ctx, s.URL, s.room, token); err == nil {
			t.Error("a wrong token signs in")
		}
	}
	if _, err := page.SignInLink(ctx, s.URL, c.text("link that is none")); err == nil {
		t.Error("a wrong link signs in")
	}
	_ = page.Post(ctx, s.URL+"/api/v1/links", object{"user_id": c.text("user that is none")}, nil)
	// A page that greets with nonsense, and one that goes on with it.
	greeting := `{"t":"hello","session":"` + c.secret("session of a page", s.anna.signIn(s.house, s.room).Token) + `"}`
	for _, hello := range []string{`{"t":"hello","session":"` + c.text("session that is none") + `"}`, c.text("hello that is none"), greeting} {
		conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.URL, "http")+"/api/v1/live", &websocket.DialOptions{Subprotocols: []string{"werkraum.v1"}})
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Write(ctx, websocket.MessageText, []byte(hello))
		_, _, _ = conn.Read(ctx)
		if hello == greeting {
			_ = conn.Write(ctx, websocket.MessageText, []byte(`{"t":"`+c.text("message of a page that is none")+`"}`))
			until(t, "the message to be noted", func() error {
				if !strings.Contains(s.wholeLog(), "A page sent an unknown message") {
					return errors.New("it is not")
				}
				return nil
			})
		}
		_ = conn.CloseNow()
	}
	// Requests of strangers, with something of theirs in each part.
	for _, r := range []struct{ method, path, body string }{
		{http.MethodGet, "/" + c.text("path"), ""},
		{http.MethodGet, "/?q=" + c.text("query") + ";x", ""},
		{http.MethodGet, "/%" + c.text("path that cannot be decoded"), ""},
		{http.MethodPost, "/api/v1/sessions/link", `{"token":` + c.text("body that is no JSON")},
		{http.MethodPost, "/api/v1/sessions/openid", `{"` + c.text("field of a body") + `":1}`},
		{http.MethodDelete, "/api/v1/sessions/" + c.text("session in a path"), ""},
		{http.MethodPut, "/_matrix/app/v1/transactions/" + c.text("transaction"), `{"events":[]}`},
		{http.MethodGet, "/_matrix/app/v1/users/" + c.text("user in a path") + "?access_token=" + c.text("token in a query"), ""},
	} {
		req := &http.Request{Method: r.method, URL: &url.URL{Scheme: "http", Host: strings.TrimPrefix(s.URL, "http://"), Opaque: strings.TrimPrefix(s.URL, "http:") + r.path},
			Header: http.Header{"User-Agent": {c.text("user agent")}, "Authorization": {"Bearer " + c.text("bearer")}, "Origin": {"https://" + c.text("origin")}, "Cookie": {"a=" + c.text("cookie")}},
			Body:   io.NopCloser(bytes.NewReader([]byte(r.body))), ContentLength: int64(len(r.body))}
		resp, err := http.DefaultClient.Do(req.WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	// What a hostile homeserver could push.
	broken := s.command(s.mia.UserID, "$"+newItem(), "")
	broken["content"] = object{"msgtype": "m.text", "body": object{c.text("body that is no text"): 1}}
	shapeless := s.command(s.mia.UserID, "$"+newItem(), c.text("body of an event without a shape"))
	shapeless["content"] = []any{c.text("content that is a list")}
	relation := s.command(s.mia.UserID, "$"+newItem(), "!karte neu "+c.text("title of a broken event"))
	relation["content"] = object{"msgtype": "m.text", "body": c.text("body beside a broken relation"), "m.relates_to": c.text("relation that is none")}
	member := s.command(s.mia.UserID, "$"+newItem(), "")
	member["type"], member["state_key"], member["content"] = "m.room.member", s.mia.UserID, object{"membership": "leave", "reason": c.text("reason"), "displayname": c.text("name on leaving")}
	nowhere := s.command(s.mia.UserID, "$"+newItem(), "!karte neu "+c.text("title in a room that is none"))
	nowhere["room_id"] = "!" + newItem() + ":" + s.w.amt.ServerName
	if status, answer := s.push(t, newItem(), s.HSToken, s.transaction(broken, shapeless, relation, member, nowhere)); status != http.StatusOK {
		t.Errorf("broken events are answered with %d %s", status, answer)
	}
	for _, body := range []string{`{"events":[` + c.text("transaction that is no JSON"), `["` + c.text("transaction that is a list") + `"]`} {
		s.push(t, newItem(), s.HSToken, []byte(body))
	}
	s.push(t, newItem(), c.text("hs_token that is wrong"), []byte(`{"events":[]}`))
}

func (s *scene) transaction(events ...object) []byte {
	s.t.Helper()
	body, err := json.Marshal(object{"events": events})
	if err != nil {
		s.t.Fatal(err)
	}
	return body
}

// scrape is what Prometheus is told.
func (h *house) scrape() string {
	resp, err := http.Get(h.OperationsURL + "/metrics")
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return string(text)
}

func (h *house) wholeLog() string {
	text, err := os.ReadFile(h.Log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// refusing is a database that can be closed: a server that lets nobody in, or a file on a full
// disk.
type refusing struct{ server, file string }

// withSecretPassword gives an installation that was not started yet a database of its own, which
// has a password where there are any.
func (h *house) withSecretPassword(t *testing.T, password string) refusing {
	t.Helper()
	dir := filepath.Dir(h.Log)
	if h.w.kind != homeserver.Synapse {
		return refusing{file: filepath.Join(dir, "werkraum.db")}
	}
	address, err := shared.database(t.Context(), "silence")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), password)
	file := filepath.Join(dir, "werkraum.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	settings := object{}
	if err := json.Unmarshal(text, &settings); err != nil {
		t.Fatal(err)
	}
	settings["database"] = object{"url": u.String()}
	if text, err = json.Marshal(settings); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	h.start = func() error { return h.Start(context.WithoutCancel(t.Context())) }
	return refusing{server: address}
}

// refuse has the database take nothing more, until allow.
func (r refusing) refuse(t *testing.T) (allow func()) {
	t.Helper()
	if r.file != "" {
		do := func(script string) {
			db, err := sql.Open("sqlite", "file:"+r.file+"?_pragma=busy_timeout(10000)")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), script); err != nil {
				t.Fatal(err)
			}
		}
		do(`CREATE TRIGGER full1 BEFORE INSERT ON inbox BEGIN SELECT RAISE(FAIL, 'disk is full'); END;
			CREATE TRIGGER full2 BEFORE INSERT ON meta BEGIN SELECT RAISE(FAIL, 'disk is full'); END;`)
		return func() { do(`DROP TRIGGER full1; DROP TRIGGER full2;`) }
	}
	u, err := url.Parse(r.server)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	do := func(query string) {
		conn, err := pgx.Connect(t.Context(), u.String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.WithoutCancel(t.Context()))
		if _, err := conn.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	do(`ALTER DATABASE ` + pgx.Identifier{name}.Sanitize() + ` ALLOW_CONNECTIONS false`)
	do(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`)
	return func() { do(`ALTER DATABASE ` + pgx.Identifier{name}.Sanitize() + ` ALLOW_CONNECTIONS true`) }
}
