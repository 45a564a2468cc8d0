package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/widgets/api"
	"werkraum/widgets/session"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

const (
	project = id.RoomID("!projekt:amt.example")
	mia     = id.UserID("@mia:partner.example")
)

// errPrivate is a fault whose cause nobody outside may read.
var errPrivate = errors.New("dial tcp 10.1.2.3: geheim")

// house is what stands behind the API: one room with a real board, one homeserver.
type house struct {
	mu      sync.Mutex
	store   *store.Store
	view    watch.View
	verdict error // of the homeserver
}

// DoVia has an act done as the room's worker does: once, and stored.
func (h *house) DoVia(via workspace.Via, _ id.RoomID, by id.UserID, change workspace.ChangeID, a workspace.Act, reply func(int64, error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ctx := context.Background()
	if known, err := h.store.CommitOf(ctx, project, change); err == nil {
		reply(known.Seq, nil)
		return
	}
	if err := h.view.Room.May(by, a.Deeds(by)...); err != nil {
		reply(0, err)
		return
	}
	ops, err := a.Ops(h.view.Room, by, time.Now())
	if err != nil {
		reply(0, err)
		return
	}
	commit, err := h.view.Room.Apply(workspace.Proposal{ID: change, By: by, Deeds: a.Deeds(by), Via: via, Ops: ops}, time.Now())
	if err == nil {
		err = h.store.Commit(ctx, &store.Batch{Room: store.Room{ID: project, Joined: true, Seq: commit.Seq}, Commits: []workspace.Commit{commit}})
	}
	reply(commit.Seq, err)
}

// UndoVia takes a change back.
func (h *house) UndoVia(via workspace.Via, room id.RoomID, by id.UserID, change, target workspace.ChangeID, reply func(int64, error)) {
	c, err := h.store.CommitOf(context.Background(), room, target)
	if err != nil {
		reply(0, workspace.Refuse(workspace.NotFound, workspace.Text{De: "nichts", En: "nothing"}))
		return
	}
	h.DoVia(via, room, by, change, board.On(board.Undo{Commit: c}), reply)
}

func (h *house) Visit(_ context.Context, _ id.RoomID, f func(watch.View)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	f(h.view)
	return nil
}

func (h *house) RequestLinks(context.Context, id.UserID, id.RoomID) error { return nil }

func (h *house) Verify(context.Context, string, string) (id.UserID, error) { return mia, h.verdict }

// sockets is the live side: it cannot be opened, and notes who signed out.
type sockets struct {
	signedOut []store.Session
	tooFast   error
}

func (*sockets) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }

func (s *sockets) Pace(id.RoomID, id.UserID) error { return s.tooFast }

func (s *sockets) SignedOut(ended store.Session) { s.signedOut = append(s.signedOut, ended) }

type fixture struct {
	*gin.Engine
	*house
	live     *sockets
	sessions *session.Sessions
	store    *store.Store
	log      *strings.Builder
}

func setUp(t testing.TB) fixture {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "w.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r := workspace.NewRoom(project, "@bot:amt.example", 0)
	r.Members[mia] = workspace.Member{Membership: workspace.Joined}
	b := board.New(r)
	if _, err := r.Apply(workspace.Proposal{ID: "first", Via: workspace.ViaBot, Ops: b.Furnish(workspace.German)}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), &store.Batch{Room: store.Room{ID: project, Joined: true}, Links: []store.Link{
		{Hash: hash("token"), User: mia, Room: project, Expires: time.Now().Add(time.Minute)}}}); err != nil {
		t.Fatal(err)
	}
	f := fixture{Engine: gin.New(), house: &house{store: s, view: watch.View{Room: r, Board: b, Open: true}}, live: &sockets{}, store: s, log: &strings.Builder{}}
	f.sessions = session.New(s, f.house, "https://board.amt.example", time.Hour, pace.Limit{})
	f.sessions.Serve(f.house)
	(&api.API{
		Sessions: f.sessions, Page: page(t, "*"), Language: workspace.German, PublicURL: "https://board.amt.example", Log: zerolog.New(f.log),
		Live: f.live, Files: f.house, Versions: f.house, Rooms: f.house, History: s, Reader: readFile,
	}).Mount(f.Engine)
	return f
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (f fixture) ask(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// refusal is the body of every error.
type refusal struct {
	Error struct{ Kind, Message string }
}

func wantRefusal(t *testing.T, w *httptest.ResponseRecorder, status int, kind workspace.ErrorKind) string {
	t.Helper()
	var r refusal
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("status %d, body %q: %v", w.Code, w.Body, err)
	}
	if w.Code != status || r.Error.Kind != string(kind) || r.Error.Message == "" {
		t.Errorf("status %d, %+v; want %d, %s", w.Code, r.Error, status, kind)
	}
	wantHeader(t, w, "Content-Type", "application/json; charset=utf-8")
	return r.Error.Message
}

const openID = `{"room_id":"!projekt:amt.example","openid":{"access_token":"geheim","matrix_server_name":"partner.example"}}`

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	for path, body := range map[string]string{"/api/v1/sessions/openid": openID, "/api/v1/sessions/link": `{"token":"token"}`} {
		w := f.ask(http.MethodPost, path, body)
		var got struct {
			Session string
			Expires int       `json:"expires_in"`
			Room    id.RoomID `json:"room_id"`
			User    id.UserID `json:"user_id"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: status %d, %s, error %v", path, w.Code, w.Body, err)
		}
		if got.Session == "" || got.Room != project || got.User != mia || got.Expires < 3590 || got.Expires > 3600 {
			t.Errorf("%s: %+v", path, got)
		}
		wantHeader(t, w, "Cache-Control", "no-store")
		w = f.ask(http.MethodDelete, "/api/v1/session", "", "Authorization", "Bearer "+got.Session)
		if w.Code != http.StatusNoContent || w.Body.Len() != 0 {
			t.Errorf("sign out: status %d, %s", w.Code, w.Body)
		}
		if _, err := f.sessions.Check(t.Context(), "", got.Session); workspace.AsError(err).Kind != workspace.Unauthenticated {
			t.Errorf("after signing out: error %v", err)
		}
		if told := f.live.signedOut[len(f.live.signedOut)-1]; told.Hash != session.Key("https://board.amt.example", got.Session) || told.User != mia || told.Room != project {
			t.Errorf("open pages are told of %+v", told)
		}
	}
	wantRefusal(t, f.ask(http.MethodPost, "/api/v1/sessions/link", `{"token":"token"}`), http.StatusUnauthorized, workspace.Unauthenticated)
	if w := f.ask(http.MethodDelete, "/api/v1/session", ""); w.Code != http.StatusNoContent {
		t.Errorf("sign out without a session: status %d", w.Code)
	}
	if w := f.ask(http.MethodGet, "/api/v1/live", ""); w.Code != http.StatusTeapot {
		t.Errorf("the live socket is not reached: status %d", w.Code)
	}
}

// Each kind of refusal has its status; nothing of its cause is told outside.
func TestErrors(t *testing.T) {
	t.Parallel()
	say := workspace.Text{De: "Nein.", En: "No."}
	for kind, status := range map[workspace.ErrorKind]int{
		workspace.Invalid: 400, workspace.Unauthenticated: 401, workspace.Forbidden: 403, workspace.NotFound: 404, workspace.Conflict: 409,
		workspace.TooLarge: 413, workspace.RateLimited: 429, workspace.Unavailable: 503, workspace.Internal: 500,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			f := setUp(t)
			f.verdict = workspace.Refuse(kind, say).Because(errPrivate)
			w := f.ask(http.MethodPost, "/api/v1/sessions/openid", openID)
			if got := wantRefusal(t, w, status, kind); got != "Nein." {
				t.Errorf("it says %q", got)
			}
			wantHeader(t, w, "Cache-Control", "no-store")
			if strings.Contains(w.Body.String(), "10.1.2.3") {
				t.Error("the cause is told")
			}
			if !strings.Contains(f.log.String(), "10.1.2.3") {
				t.Error("the cause is not in the log")
			}
			if strings.Contains(f.log.String(), "geheim\"") && strings.Contains(f.log.String(), "access_token") {
				t.Error("the token is in the log")
			}
		})
	}
	t.Run("any other error", func(t *testing.T) {
		t.Parallel()
		f := setUp(t)
		f.verdict = errPrivate
		w := f.ask(http.MethodPost, "/api/v1/sessions/openid", openID)
		wantRefusal(t, w, http.StatusInternalServerError, workspace.Internal)
		if strings.Contains(w.Body.String(), "10.1.2.3") {
			t.Error("the cause is told")
		}
	})
}

func TestLanguageOfErrors(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	for header, want := range map[string]string{
		"": "Diese Adresse gibt es nicht.", "fr, *": "Diese Adresse gibt es nicht.", "de-AT,de;q=0.9,en;q=0.8": "Diese Adresse gibt es nicht.",
		"en-GB,en;q=0.9,de;q=0.1": "There is no such address.", "fr-FR, en;q=0.5": "There is no such address.", "entwurf": "Diese Adresse gibt es nicht.",
	} {
		w := f.ask(http.MethodGet, "/api/v1/gibtesnicht", "", "Accept-Language", header)
		if got := wantRefusal(t, w, http.StatusNotFound, workspace.NotFound); got != want {
			t.Errorf("Accept-Language %q: %q, want %q", header, got, want)
		}
	}
}

func TestUnknownPlaces(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	for _, what := range []string{"GET /api/", "GET /api/v2/live", "POST /api/v1/nichts", "GET /api/v1/links", "PUT /api/v1/session"} {
		method, path, _ := strings.Cut(what, " ")
		wantRefusal(t, f.ask(method, path, ""), http.StatusNotFound, workspace.NotFound)
	}
	if w := f.ask(http.MethodGet, "/apix", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "root") {
		t.Errorf("a path that only begins alike: status %d", w.Code)
	}
	if w := f.ask(http.MethodHead, "/", ""); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD of the page through the router: status %d, %q", w.Code, w.Body)
	}
	if w := f.ask(http.MethodGet, "/assets/alt.js", ""); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "root") {
		t.Errorf("unknown asset through the router: status %d, %q", w.Code, w.Body)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	const limit = 64 << 10
	padded := func(n int) string {
		const around = `{"token":""}`
		return `{"token":"` + strings.Repeat("x", n-len(around)) + `"}`
	}
	for _, path := range []string{"/api/v1/sessions/openid", "/api/v1/sessions/link", "/api/v1/links"} {
		wantRefusal(t, f.ask(http.MethodPost, path, padded(limit+1)), http.StatusRequestEntityTooLarge, workspace.TooLarge)
		for _, body := range []string{"", "[", "[]", `"x"`, `{"token":1,"room_id":1}`, `{"token":"x"}{"token":"y"}`, "\xff"} {
			wantRefusal(t, f.ask(http.MethodPost, path, body), http.StatusBadRequest, workspace.Invalid)
		}
	}
	// The limit itself is still read: the token in it is merely unknown.
	wantRefusal(t, f.ask(http.MethodPost, "/api/v1/sessions/link", padded(limit)), http.StatusUnauthorized, workspace.Unauthenticated)
}

// Who asks for links learns nothing of who exists.
func TestRequestLinksAlwaysAnswersAlike(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	for _, body := range []string{`{"user_id":"@mia:partner.example"}`, `{"user_id":"@niemand:nirgends.example","room_id":"!x:y"}`} {
		if w := f.ask(http.MethodPost, "/api/v1/links", body); w.Code != http.StatusAccepted || w.Body.String() != "{}" {
			t.Errorf("%s: status %d, %s", body, w.Code, w.Body)
		}
	}
	wantRefusal(t, f.ask(http.MethodPost, "/api/v1/links", `{"user_id":"mia"}`), http.StatusBadRequest, workspace.Invalid)
	for range 2 {
		f.ask(http.MethodPost, "/api/v1/links", `{"user_id":"@mia:partner.example"}`)
	}
	wantRefusal(t, f.ask(http.MethodPost, "/api/v1/links", `{"user_id":"@mia:partner.example"}`), http.StatusTooManyRequests, workspace.RateLimited)
}

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	m.Run()
}

// A page of another site gets nothing done, whatever it sends, and reads nothing.
func TestRequestsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	for _, c := range []struct {
		header []string
		good   bool
	}{
		{[]string{"Origin", "https://boese.example"}, false},
		{[]string{"Origin", "null"}, false},
		{[]string{"Sec-Fetch-Site", "cross-site"}, false},
		{[]string{"Sec-Fetch-Site", "same-site"}, false},
		{[]string{"Origin", "http://board.amt.example"}, false},
		{[]string{"Origin", "https://board.amt.example", "Sec-Fetch-Site", "cross-site"}, true}, // a proxy has another name for us than browsers have
		{[]string{"Origin", "https://board.amt.example"}, true},
		{[]string{"Sec-Fetch-Site", "same-origin", "Origin", "https://alias.amt.example"}, true},
		{nil, true}, // no browser
	} {
		for method, paths := range map[string][]string{
			http.MethodPost: {"/api/v1/sessions/openid", "/api/v1/sessions/link", "/api/v1/links"}, http.MethodDelete: {"/api/v1/session"},
		} {
			for _, path := range paths {
				w := f.ask(method, path, `{"user_id":"x"}`, c.header...)
				if refused := strings.Contains(w.Body.String(), "anderen Website"); refused == c.good {
					t.Errorf("%s %s with %q: status %d, %s", method, path, c.header, w.Code, w.Body)
				}
				if !c.good {
					wantRefusal(t, w, http.StatusForbidden, workspace.Forbidden)
				}
				for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Set-Cookie"} {
					wantHeader(t, w, name, "")
				}
				wantHeader(t, w, "Cross-Origin-Resource-Policy", "same-origin")
				wantHeader(t, w, "X-Content-Type-Options", "nosniff")
				wantHeader(t, w, "Cache-Control", "no-store")
				if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, "frame-ancestors 'none'") {
					t.Errorf("policy = %s", policy)
				}
			}
		}
	}
}

// The built-in templates are shown in the language that is asked for, to whoever asks.
func TestTemplates(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	for lang, title := range map[string]string{"de": "Jour fixe", "en": "Weekly meeting", "": "Jour fixe"} {
		w := f.ask("GET", "/api/v1/templates?lang="+lang, "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"title":"`+title+`"`) || !strings.Contains(w.Body.String(), `"limit":7`) {
			t.Errorf("%s: %d %.200s", lang, w.Code, w.Body)
		}
	}
}
