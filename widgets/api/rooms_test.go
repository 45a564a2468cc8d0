package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

const inRoom = "/api/v1/rooms/!projekt:amt.example"

// readFile reads a list of titles; the real formats are tested where they are read.
func readFile(file []byte, _ workspace.Language, _ *time.Location) (board.Reading, error) {
	if strings.HasPrefix(string(file), "kaputt") {
		return board.Reading{}, workspace.Refuse(workspace.Invalid, workspace.Text{De: "Kaputt.", En: "Broken."})
	}
	d := board.Draft{Title: "Liste"}
	for title := range strings.Lines(string(file)) {
		d.Cards = append(d.Cards, board.DraftCard{
			Set: map[string]workspace.Value{board.Title: workspace.String(strings.TrimSpace(title))}, People: []string{"Mia", "Fremde"},
		})
	}
	return board.Reading{Format: "csv", Drafts: []board.Draft{d}, Refused: []board.NotTaken{{
		Where: workspace.Text{De: "Zeile 1", En: "Line 1"}, Why: workspace.Text{De: "So nicht.", En: "Not like this."},
	}}}, nil
}

// token makes a token of Mia's.
func (f fixture) token(tb testing.TB, scope store.Scope) string {
	tb.Helper()
	secret := store.TokenPrefix + string(scope) + fmt.Sprint(time.Now().UnixNano())
	if err := f.store.Commit(tb.Context(), &store.Batch{Room: store.Room{ID: project, Joined: true}, Tokens: []store.Token{
		{Hash: hash(secret), ID: string(scope), User: mia, Room: project, Scope: scope, Created: time.Now()}}}); err != nil {
		tb.Fatal(err)
	}
	return secret
}

// call asks with a token and expects a status; what is answered must be as described.
func (f fixture) call(t *testing.T, token string, status int, method, path, body string, header ...string) tree {
	t.Helper()
	w := f.ask(method, inRoom+path, body, append(header, "Authorization", "Bearer "+token)...)
	if w.Code != status {
		t.Fatalf("%s %s: status %d, %s", method, path, w.Code, w.Body)
	}
	return described(t, w, method, path)
}

// described checks an answer against the description, and returns it.
func described(t *testing.T, w *httptest.ResponseRecorder, method, path string) tree {
	t.Helper()
	if w.Body.Len() == 0 {
		return nil
	}
	var answer tree
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	if len(parts) > 2 && parts[1] == "cards" {
		parts[2] = "{card}"
	}
	doc := document(t)
	responses, _ := at(doc, doc, "paths", "/rooms/{room}"+strings.Join(parts, "/"), strings.ToLower(method), "responses").(tree)
	response, known := responses[fmt.Sprint(w.Code)]
	if !known {
		response = responses["default"]
	}
	for _, wrong := range validate(doc, at(doc, response, "content", "application/json", "schema"), any(answer), method+" "+path) {
		t.Errorf("%s, in %s", wrong, w.Body)
	}
	return answer
}

func TestCardsByAPI(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	write := f.token(t, store.WriteScope)
	made := f.call(t, write, 201, "POST", "/cards", `{"title":"Angebot","due":"2026-12-24","labels":["Möbel"],"assignees":["@mia:partner.example"]}`, "Idempotency-Key", "mein-erster")
	again := f.call(t, write, 201, "POST", "/cards", `{"title":"Angebot","due":"2026-12-24"}`, "Idempotency-Key", "mein-erster")
	if made["seq"] != again["seq"] || made["change"] != "mein-erster~@mia:partner.example" {
		t.Errorf("asked twice: %v and %v", made, again)
	}
	card := fmt.Sprint(at(nil, made, "card", "id"))
	for i := range 4 {
		f.call(t, write, 201, "POST", "/cards", fmt.Sprintf(`{"title":"Karte %d","column":"doing"}`, i))
	}
	edited := f.call(t, write, 200, "PATCH", "/cards/"+card, `{"priority":"urgent","start":"2026-12-01"}`)
	if at(nil, edited, "card", "fields", "priority") != "urgent" {
		t.Errorf("edited: %v", edited)
	}
	f.call(t, write, 400, "PATCH", "/cards/"+card, `{"start":"2027-01-01"}`)
	f.call(t, write, 400, "PATCH", "/cards/"+card, `{"farbe":"rot"}`)
	f.call(t, write, 404, "PATCH", "/cards/gibtesnicht", `{"title":"x"}`)
	f.call(t, write, 200, "POST", "/cards/%231/move", `{"column":"done"}`)
	titles := func(query string) string {
		t.Helper()
		var list []string
		cards, _ := f.call(t, write, 200, "GET", "/cards"+query, "")["cards"].([]any)
		for _, c := range cards {
			list = append(list, fmt.Sprint(at(nil, c, "fields", "title")))
		}
		return strings.Join(list, ", ")
	}
	for query, want := range map[string]string{
		"":             "Karte 0, Karte 1, Karte 2, Karte 3, Angebot",
		"?column=done": "Angebot", "?label=" + url.QueryEscape("möbel"): "Angebot", "?priority=urgent": "Angebot", "?priority=normal&limit=1": "Karte 0",
		"?assignee=@mia:partner.example": "Angebot", "?assignee=nobody&text=KARTE+3": "Karte 3", "?due_before=2026-12-24": "Angebot", "?due_after=2026-12-25": "",
		"?due_before=2026-12-23": "", "?archived=true": "",
	} {
		if got := titles(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	var paged []string
	for after := ""; ; {
		p := f.call(t, write, 200, "GET", "/cards?limit=2&after="+after, "")
		cards, _ := p["cards"].([]any)
		for _, c := range cards {
			paged = append(paged, fmt.Sprint(at(nil, c, "fields", "title")))
		}
		if p["next"] == nil {
			break
		}
		after = fmt.Sprint(p["next"])
	}
	if got := strings.Join(paged, ", "); got != titles("") {
		t.Errorf("page by page: %s", got)
	}
	for _, query := range []string{"?limit=0", "?limit=501", "?limit=x", "?archived=ja", "?due_after=morgen"} {
		f.call(t, write, 400, "GET", "/cards"+query, "")
	}
	f.call(t, write, 404, "GET", "/cards?after=gibtesnicht", "")
	f.call(t, write, 200, "POST", "/cards/"+card+"/archive", "")
	if got := titles("?archived=true"); got != "Angebot" {
		t.Errorf("the archive holds %q", got)
	}
	f.call(t, write, 409, "POST", "/cards/"+card+"/archive", `{"on":true}`)
	f.call(t, write, 200, "POST", "/cards/"+card+"/archive", `{"on":false}`)
	gone := f.call(t, write, 200, "DELETE", "/cards/"+card, "")
	f.call(t, write, 404, "GET", "/cards/"+card, "")
	f.call(t, write, 200, "POST", "/acts", fmt.Sprintf(`{"act":"undo","args":{"change":%q}}`, gone["change"]))
	f.call(t, write, 200, "GET", "/cards/"+card, "")
	f.call(t, write, 200, "GET", "", "")
	f.call(t, write, 200, "GET", "/labels", "")
}

func TestActsByAPI(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	write := f.token(t, store.WriteScope)
	one := f.call(t, write, 200, "POST", "/acts", `{"id":"spalte-1","act":"column.add","args":{"column":"pruefung","title":"Prüfung"}}`)
	two := f.call(t, write, 200, "POST", "/acts", `{"id":"spalte-1","act":"column.add","args":{"column":"pruefung","title":"Prüfung"}}`)
	if one["seq"] != two["seq"] {
		t.Errorf("the same act twice: %v, %v", one, two)
	}
	for body, status := range map[string]int{
		`{"act":"column.explode","args":{}}`: 400, `{"act":"column.add"}`: 400, `{`: 400, `{"act":"column.edit","args":{"column":"weg","title":"x"}}`: 404,
		`{"id":"x","act":"undo"}`: 400, `{"act":"undo","args":{"change":"gibtesnicht"}}`: 404, `{"act":"undo","args":{"x":1}}`: 400,
		`{"act":"card.add","args":{"card":"a","title":"` + strings.Repeat("x", 70_000) + `"}}`: 413,
	} {
		f.call(t, write, status, "POST", "/acts", body)
	}
	if columns, _ := f.call(t, write, 200, "GET", "/columns", "")["columns"].([]any); len(columns) != 4 {
		t.Errorf("the columns are %v", columns)
	}
	f.live.tooFast = workspace.Refuse(workspace.RateLimited, workspace.Text{De: "Zu schnell.", En: "Too fast."})
	f.call(t, write, 429, "POST", "/acts", `{"act":"undo"}`)
	f.call(t, write, 429, "POST", "/imports", `x`)
}

func TestChangesSince(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	write := f.token(t, store.WriteScope)
	since := f.call(t, write, 200, "GET", "", "")
	for i := range 3 {
		f.call(t, write, 201, "POST", "/cards", fmt.Sprintf(`{"title":"Karte %d"}`, i))
	}
	got := f.call(t, write, 200, "GET", fmt.Sprintf("/changes?since=%v&epoch=%s&limit=2", since["seq"], since["epoch"]), "")
	changes, _ := got["changes"].([]any)
	if len(changes) != 2 || at(nil, changes[0], "via") != "api" || at(nil, changes[0], "by") != string(mia) {
		t.Errorf("got %v", got)
	}
	for query, status := range map[string]int{"": 400, "?since=-1": 400, "?since=x": 400, "?since=99": 409, "?since=1&epoch=anders": 409, "?since=1&limit=0": 400} {
		f.call(t, write, status, "GET", "/changes"+query, "")
	}
}

// Who has what is current is not sent it again.
func TestETag(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	write := f.token(t, store.WriteScope)
	f.call(t, write, 201, "POST", "/cards", `{"card":"karte","title":"Eins"}`)
	for _, path := range []string{"/cards", "/cards?label=x", "/cards/karte", "/columns", "/boards", "/views", "/labels"} {
		w := f.ask("GET", inRoom+path, "", "Authorization", "Bearer "+write)
		tag := w.Header().Get("ETag")
		if tag == "" {
			t.Fatalf("%s has no ETag", path)
		}
		f.call(t, write, 304, "GET", path, "", "If-None-Match", `"x", W/`+tag)
		f.call(t, write, 200, "GET", path, "", "If-None-Match", `"x"`)
	}
	w := f.ask("GET", inRoom+"/cards", "", "Authorization", "Bearer "+write)
	f.call(t, write, 200, "PATCH", "/cards/karte", `{"title":"Zwei"}`)
	f.call(t, write, 200, "GET", "/cards", "", "If-None-Match", w.Header().Get("ETag"))
}

// A token does what its scope and its person's rights allow, in its room, until it is gone.
func TestTokens(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	read, write := f.token(t, store.ReadScope), f.token(t, store.WriteScope)
	f.call(t, read, 200, "GET", "/cards", "")
	for path, method := range map[string]string{"/cards": "POST", "/cards/x": "PATCH", "/cards/x/move": "POST", "/cards/x/archive": "POST", "/acts": "POST", "/imports": "POST", "/imports?preview=true": "POST"} {
		f.call(t, read, 403, method, path, `{}`)
	}
	f.call(t, read, 403, "DELETE", "/cards/x", "")
	for _, wrong := range []string{"", store.TokenPrefix, store.TokenPrefix + "geraten", "wrt", hash(write)} {
		for _, path := range []string{"", "/cards", "/changes?since=0", "/columns", "/boards", "/views", "/labels"} {
			f.call(t, wrong, 401, "GET", path, "")
		}
		f.call(t, wrong, 401, "POST", "/cards", `{"title":"x"}`)
		f.call(t, wrong, 401, "POST", "/imports", `x`)
	}
	wantRefusal(t, f.ask("GET", "/api/v1/rooms/!anderer:amt.example/cards", "", "Authorization", "Bearer "+write), 403, workspace.Forbidden)
	wantRefusal(t, f.ask("GET", inRoom+"/export?format=csv", "", "Authorization", "Bearer "+store.TokenPrefix), 401, workspace.Unauthenticated)
	// The person loses the right to edit, then everything.
	f.view.Room.Power = workspace.Power{EventsDefault: 50}
	f.call(t, write, 403, "POST", "/cards", `{"title":"x"}`)
	f.call(t, write, 403, "POST", "/imports?preview=true", `x`)
	f.call(t, write, 200, "GET", "/cards", "")
	f.view.Room.Members[mia] = workspace.Member{Membership: workspace.Left}
	for _, path := range []string{"", "/cards", "/cards/x", "/changes?since=0", "/columns", "/boards", "/views", "/labels"} {
		f.call(t, write, 403, "GET", path, "")
	}
	wantRefusal(t, f.ask("GET", inRoom+"/export?format=json", "", "Authorization", "Bearer "+write), 403, workspace.Forbidden)
	// With the membership the tokens end for good.
	if err := f.store.Commit(t.Context(), &store.Batch{Room: store.Room{ID: project, Joined: true}, EndSessions: []id.UserID{mia}}); err != nil {
		t.Fatal(err)
	}
	f.view.Room.Members[mia] = workspace.Member{Membership: workspace.Joined}
	f.call(t, write, 401, "GET", "/cards", "")
}

func TestImportAndExport(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	write := f.token(t, store.WriteScope)
	f.view.Room.Members[mia] = workspace.Member{Membership: workspace.Joined, Name: "Mia"}
	before := f.view.Room.Seq
	preview := f.call(t, write, 200, "POST", "/imports?preview=true", "=Eins\nZwei", "Accept-Language", "en")
	if preview["cards"] != 2.0 || fmt.Sprint(preview["strangers"]) != "[Fremde]" || f.view.Room.Seq != before || !strings.Contains(fmt.Sprint(preview["refused"]), "Not like this.") {
		t.Errorf("the preview is %v", preview)
	}
	done := f.call(t, write, 200, "POST", "/imports", "=Eins\nZwei", "Idempotency-Key", "import-1")
	again := f.call(t, write, 200, "POST", "/imports", "=Eins\nZwei", "Idempotency-Key", "import-1")
	if f.view.Room.Seq != before+1 || done["seq"] != again["seq"] {
		t.Errorf("%v and %v, %d changes", done, again, f.view.Room.Seq-before)
	}
	f.call(t, write, 400, "POST", "/imports", "kaputt")
	f.call(t, write, 413, "POST", "/imports", strings.Repeat("x", 16<<20+1))
	w := f.ask("GET", inRoom+"/export?format=csv&lang=de", "", "Authorization", "Bearer "+write)
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\xef\xbb\xbf")))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || len(rows) != 3 || rows[1][1] != "'=Eins" || rows[1][6] != "Mia" {
		t.Errorf("error %v, the table is %q", err, rows)
	}
	wantHeader(t, w, "Content-Type", "text/csv; charset=utf-8")
	if !strings.HasPrefix(w.Header().Get("Content-Disposition"), `attachment; filename="werkraum-`) {
		t.Errorf("it is no download: %s", w.Header().Get("Content-Disposition"))
	}
	for format, want := range map[string]string{"json": `"format":"werkraum"`, "ics": "BEGIN:VTODO"} {
		if w := f.ask("GET", inRoom+"/export?format="+format, "", "Authorization", "Bearer "+write); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: status %d, %s", format, w.Code, w.Body)
		}
	}
	wantRefusal(t, f.ask("GET", inRoom+"/export?format=exe", "", "Authorization", "Bearer "+write), 400, workspace.Invalid)
	f.call(t, write, 200, "POST", "/acts", fmt.Sprintf(`{"act":"undo","args":{"change":%q}}`, done["change"]))
	if cards, _ := f.call(t, write, 200, "GET", "/cards", "")["cards"].([]any); len(cards) != 0 {
		t.Errorf("after undoing: %v", cards)
	}
}

// An import comes to the board that is asked for, or makes one; all that is read can be read
// of one board alone.
func TestBoardsByAPI(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	write := f.token(t, store.WriteScope)
	f.call(t, write, 200, "POST", "/acts", `{"act":"board.add","args":{"board":"sitzung","title":"Sitzung"}}`)
	f.call(t, write, 200, "POST", "/acts", `{"act":"board.edit","args":{"board":"sitzung","lanes":"priority"}}`)
	f.call(t, write, 200, "POST", "/acts", `{"act":"view.save","args":{"view":"eilig","title":"Eiliges","layout":"table","priorities":["urgent"]}}`)
	f.call(t, write, 201, "POST", "/cards", `{"title":"Auf dem ersten"}`)
	there := f.call(t, write, 200, "POST", "/imports?board=sitzung", "Eins\nZwei")
	made := f.call(t, write, 200, "POST", "/imports?new=true&title=Aus+der+Liste", "Drei")
	named := f.call(t, write, 200, "POST", "/imports?new=true", "Vier")
	if fmt.Sprint(there["into"]) != "[sitzung]" || fmt.Sprint(f.call(t, write, 200, "POST", "/imports?preview=true&new=true", "x")["into"]) != "[]" {
		t.Errorf("it came to %v", there["into"])
	}
	titles := func(answer tree, what string) string {
		t.Helper()
		all, _ := answer[what].([]any)
		var list []string
		for _, entry := range all {
			title := at(nil, entry, "title")
			if title == nil {
				title = at(nil, entry, "fields", "title")
			}
			list = append(list, fmt.Sprint(title))
		}
		return strings.Join(list, ", ")
	}
	boards := f.call(t, write, 200, "GET", "/boards", "")
	if got := titles(boards, "boards"); got != "Board, Sitzung, Aus der Liste, Liste" {
		t.Errorf("the boards are %s", got)
	}
	if second, _ := boards["boards"].([]any)[1].(tree); at(nil, second, "fields", "lanes") != "priority" || titles(second, "columns") != "Offen, In Arbeit, Erledigt" {
		t.Errorf("the second is %v", second)
	}
	third := "&board=" + fmt.Sprint(made["into"].([]any)[0])
	for path, want := range map[string]string{
		"/cards?board=main": "Auf dem ersten", "/cards?board=sitzung": "Eins, Zwei", "/cards?limit=5" + third: "Drei",
		"/cards": "Auf dem ersten, Eins, Zwei, Drei, Vier", "/cards?board=sitzung&archived=true": "", "/views": "Eiliges",
	} {
		if got := titles(f.call(t, write, 200, "GET", path, ""), strings.Trim(strings.Split(path, "?")[0], "/")); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if columns, _ := f.call(t, write, 200, "GET", "/columns?board=sitzung", "")["columns"].([]any); len(columns) != 3 {
		t.Errorf("its columns are %v", columns)
	}
	f.call(t, write, 200, "POST", "/cards/%232/archive", "")
	if got := titles(f.call(t, write, 200, "GET", "/cards?archived=true&board=sitzung", ""), "cards"); got != "Eins" {
		t.Errorf("of its cards in the archive are %q", got)
	}
	for format, without := range map[string]string{"csv": "Drei", "json": "Drei", "ics": "Drei"} {
		w := f.ask("GET", inRoom+"/export?board=sitzung&format="+format, "", "Authorization", "Bearer "+write)
		if w.Code != 200 || !strings.Contains(w.Body.String(), "Zwei") || strings.Contains(w.Body.String(), without) || strings.Contains(w.Body.String(), "Eiliges") {
			t.Errorf("%s: status %d, %s", format, w.Code, w.Body)
		}
	}
	f.call(t, write, 200, "POST", "/acts", `{"act":"board.archive","args":{"board":"sitzung","on":true}}`)
	if got := titles(f.call(t, write, 200, "GET", "/boards?archived=true", ""), "boards"); got != "Sitzung" {
		t.Errorf("in the archive is %s", got)
	}
	f.call(t, write, 200, "GET", "/cards?board=sitzung", "")
	for path, status := range map[string]int{
		"/boards?archived=ja": 400, "/cards?board=gibtesnicht": 404, "/columns?board=gibtesnicht": 404,
	} {
		f.call(t, write, status, "GET", path, "")
	}
	wantRefusal(t, f.ask("GET", inRoom+"/export?format=csv&board=gibtesnicht", "", "Authorization", "Bearer "+write), 404, workspace.NotFound)
	before := f.view.Room.Seq
	for path, status := range map[string]int{
		"?board=gibtesnicht": 404, "?board=gibtesnicht&preview=true": 404, "?board=sitzung": 404, "?new=ja": 400, "?new=true&board=main": 400, "?title=x": 400,
		"?new=true&title=" + strings.Repeat("x", 400): 413,
	} {
		f.call(t, write, status, "POST", "/imports"+path, "Fünf")
	}
	if f.view.Room.Seq != before {
		t.Error("what was refused has changed something")
	}
	f.call(t, write, 200, "POST", "/acts", fmt.Sprintf(`{"act":"undo","args":{"change":%q}}`, named["change"]))
	if got := titles(f.call(t, write, 200, "GET", "/boards", ""), "boards"); got != "Board, Aus der Liste" {
		t.Errorf("after undoing the boards are %s", got)
	}
}

// The session of a page opens its own room's API, and no other.
func TestPageUsesTheAPI(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	granted, err := f.sessions.ByLink(t.Context(), "", "token")
	if err != nil {
		t.Fatal(err)
	}
	if got := f.call(t, granted.Token, 200, "POST", "/imports", "Eins"); got["cards"] != 1.0 {
		t.Errorf("got %v", got)
	}
	wantRefusal(t, f.ask("GET", inRoom+"/cards", "", "Authorization", "Bearer "+granted.Token, "Origin", "https://anders.example"), 401, workspace.Unauthenticated)
	commits, err := f.store.CommitsAfter(t.Context(), project, 0, 10)
	if err != nil || commits[len(commits)-1].Change.Via != workspace.ViaWidget {
		t.Errorf("error %v, %+v", err, commits)
	}
}

// Whatever is sent with a token is answered with what it says it is, or a sentence.
func FuzzRooms(f *testing.F) {
	served := setUp(f)
	write := served.token(f, store.WriteScope)
	for i, path := range []string{"/cards", "/acts", "/cards/%231", "/cards/x/move", "/cards/x/archive", "/imports?preview=true", "/imports?new=true&title=x", "/boards?archived=true", "/views", "/cards?limit=1&after=x&board=main", "/changes?since=1", "/export?format=csv"} {
		f.Add(i, path, `{"title":"x","act":"card.add","args":{"card":"x","title":"y"},"column":"open"}`, "schluessel-1")
	}
	methods := []string{"POST", "GET", "PATCH", "DELETE"}
	f.Fuzz(func(t *testing.T, method int, path, body, name string) {
		r := httptest.NewRequest(methods[uint(method)%4], inRoom, strings.NewReader(body))
		where, query, _ := strings.Cut(path, "?")
		r.URL.Path, r.URL.RawQuery = inRoom+"/"+strings.TrimPrefix(where, "/"), query
		r.Header = http.Header{"Authorization": {"Bearer " + write}, "Idempotency-Key": {name}}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		if w.Code >= 400 {
			var got refusal
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Error.Message == "" {
				t.Errorf("status %d without a sentence: %s", w.Code, w.Body)
			}
		}
	})
}
