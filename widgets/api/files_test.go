package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/watch"
)

// errBroken is what reading a file ends with that is not the one meant.
var errBroken = errors.New("mismatching digest")

// OpenFile hands out what the file's ID says.
func (h *house) OpenFile(_ context.Context, room id.RoomID, user id.UserID, card workspace.ItemID, file string, _ bool) (*watch.File, error) {
	if room != project || user != mia || card != "card" {
		return nil, workspace.Refuse(workspace.NotFound, workspace.Text{De: "fehlt", En: "missing"})
	}
	f := &watch.File{Name: "Ünsinn\";\r\n.html", Size: 5, Body: io.NopCloser(strings.NewReader("12345"))}
	switch file {
	case "broken":
		f.Size, f.Body = 10, io.NopCloser(io.MultiReader(strings.NewReader("12345"), broken{}))
	case "endless":
		f.Size, f.Body = -1, io.NopCloser(io.MultiReader(strings.NewReader("12345"), broken{}))
	default:
		f.Image = strings.Replace(file, "-", "/", 1)
	}
	return f, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }

func (h *house) SendFile(_ context.Context, _ id.RoomID, _ id.UserID, u watch.Upload) error {
	body, err := io.ReadAll(u.Body)
	if err != nil || int64(len(body)) != u.Size {
		return workspace.Refuse(workspace.Invalid, workspace.Text{De: "kaputt", En: "broken"})
	}
	return nil
}

func (h *house) MaxUpload(context.Context) int64 { return 1000 }

// signIn opens a session and returns its header.
func (f fixture) signIn(t *testing.T) string {
	t.Helper()
	answer := f.ask(http.MethodPost, "/api/v1/sessions/link", `{"token":"token"}`)
	var got struct {
		Session string `json:"session"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || got.Session == "" {
		t.Fatal(answer.Code, err)
	}
	return "Bearer " + got.Session
}

func TestFilesNeedASession(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	good := f.signIn(t)
	for _, c := range []struct{ method, path string }{
		{http.MethodGet, "/api/v1/cards/card/files/x"}, {http.MethodPost, "/api/v1/cards/card/files?id=a&name=b"}, {http.MethodGet, "/api/v1/uploads"},
	} {
		for _, header := range []string{"", "Bearer made-up", strings.TrimPrefix(good, "Bearer ")[:20]} {
			if got := f.ask(c.method, c.path, "x", "Authorization", header); got.Code != http.StatusUnauthorized {
				t.Errorf("%s %s with %q: %d", c.method, c.path, header, got.Code)
			}
		}
		if got := f.ask(c.method, c.path, "x", "Authorization", good, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); got.Code < 400 {
			t.Errorf("%s %s from another site: %d", c.method, c.path, got.Code)
		}
		if got := f.ask(c.method, c.path, "x", "Authorization", good); got.Code >= 400 {
			t.Errorf("%s %s: %d %s", c.method, c.path, got.Code, got.Body)
		}
	}
	if _, err := f.sessions.Check(t.Context(), "", strings.TrimPrefix(good, "Bearer ")); err != nil {
		t.Error(err)
	}
}

func TestFileIsWhatItsBytesSay(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	good := f.signIn(t)
	for image, want := range map[string]string{
		"": "application/octet-stream", "text-html": "application/octet-stream", "image-svg+xml": "application/octet-stream",
		"image-png": "image/png", "image-webp": "image/webp",
	} {
		if image == "" {
			image = "none"
		}
		got := f.ask(http.MethodGet, "/api/v1/cards/card/files/"+image, "", "Authorization", good)
		h := got.Header()
		if got.Code != http.StatusOK || h.Get("Content-Type") != want {
			t.Errorf("%s: %d %s, want %s", image, got.Code, h.Get("Content-Type"), want)
		}
		if how := h.Get("Content-Disposition"); strings.HasPrefix(how, "inline") != (want != "application/octet-stream") || strings.ContainsAny(how, "\r\n") {
			t.Errorf("%s: %q", image, how)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox;") {
			t.Errorf("%s: %v", image, h)
		}
	}
}

// A file that turns out not to be the one meant ends in an error, never in a whole answer.
func TestBrokenFileIsCutOff(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	good := f.signIn(t)
	server := httptest.NewServer(f.Engine)
	t.Cleanup(server.Close)
	for _, file := range []string{"broken", "endless"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/cards/card/files/"+file, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", good)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			continue // cut before anything was said
		}
		read, err := io.ReadAll(resp.Body)
		if err == nil {
			t.Errorf("%s: %d bytes came as if they were all", file, len(read))
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestUploadSaysItsSize(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	good := f.signIn(t)
	if got := f.ask(http.MethodPost, "/api/v1/cards/card/files?id=a&name=b", "hallo", "Authorization", good); got.Code != http.StatusCreated {
		t.Errorf("an upload: %d %s", got.Code, got.Body)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/cards/card/files?id=a&name=b", io.MultiReader(bytes.NewReader([]byte("hallo"))))
	r.Header.Set("Authorization", good)
	r.ContentLength = -1
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest {
		t.Errorf("an upload of unknown size: %d", w.Code)
	}
}
