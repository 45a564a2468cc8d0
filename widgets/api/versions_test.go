package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

// OpenVersion hands out an empty whiteboard.
func (h *house) OpenVersion(_ context.Context, room id.RoomID, user id.UserID, on, version workspace.ItemID) ([]byte, error) {
	if room != project || user != mia || on != "sketch" || version != "stand" {
		return nil, workspace.Refuse(workspace.NotFound, whiteboard.NoSuchVersion)
	}
	return whiteboard.Pack(nil)
}

// What a version holds comes as it is stored, or unpacked to who cannot unpack it, and to nobody
// without a session.
func TestVersionOfAWhiteboard(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	good := f.signIn(t)
	const path, want = "/api/v1/whiteboards/sketch/versions/stand", `{"elements":[]}`
	for accepted, packed := range map[string]bool{"": false, "gzip, deflate, br": true, "br;q=1.0, GZIP ; q=0.5": true, "gzip;q=0": false, "gzip; q=0.00": false, "identity": false} {
		got := f.ask(http.MethodGet, path, "", "Authorization", good, "Accept-Encoding", accepted)
		var body io.Reader = bytes.NewReader(got.Body.Bytes())
		if is := got.Header().Get("Content-Encoding") == "gzip"; is != packed {
			t.Errorf("%q is answered packed: %t", accepted, is)
		} else if is {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		text, err := io.ReadAll(body)
		if got.Code != http.StatusOK || err != nil || string(text) != want || !strings.HasPrefix(got.Header().Get("Content-Type"), "application/json") || got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q is answered with %d, %s, %v, %v", accepted, got.Code, text, got.Header(), err)
		}
	}
	if got := f.ask(http.MethodGet, path, ""); got.Code != http.StatusUnauthorized {
		t.Errorf("without a session: %d", got.Code)
	}
	if got := f.ask(http.MethodGet, "/api/v1/whiteboards/sketch/versions/nie", "", "Authorization", good); got.Code != http.StatusNotFound {
		t.Errorf("one that is not there: %d", got.Code)
	}
}
