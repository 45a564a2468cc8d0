package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/deploy/homeserver/homeservertest"
)

// readyPatience is how long a whole demo may take to start on a busy machine.
const readyPatience = 5 * time.Minute

// The whole demo, twice in one folder: the second start must find what the first one left,
// seed nothing, and hand out another link that opens the board.
func TestDemoStartsAndGoesOn(t *testing.T) {
	t.Parallel()
	homeservertest.BuildDendrite(t)
	s := settings{dir: filepath.Join(t.TempDir(), "demo"), binary: buildWerkraum(t), offset: freeOffset(t)}

	first := start(t, s)
	if first.RoomID == "" || len(first.Homeservers) != 2 || len(first.Users) != 3 {
		t.Fatalf("demo.json = %+v, want a room, two homeservers and three users", first)
	}
	openBoard(t, first)
	openBoardInElement(t, first)
	messages := first.messages(t)
	first.stop()

	second := start(t, s)
	defer second.stop()
	if second.RoomID != first.RoomID {
		t.Errorf("room = %s, want the first start's %s", second.RoomID, first.RoomID)
	}
	if second.BoardLink == first.BoardLink {
		t.Error("the second start hands out the first one's link")
	}
	openBoard(t, second)
	if again := second.messages(t); again != messages || messages < len(story)/2 {
		t.Errorf("the room has %d messages after the second start, had %d: something was seeded twice, or nothing", again, messages)
	}
}

// freeOffset is one whose ports are free, and given to no other test.
func freeOffset(t *testing.T) int {
	t.Helper()
	for {
		ports := homeservertest.Ports(t, lastPort-firstPort+1)
		if ports[len(ports)-1]-ports[0] == lastPort-firstPort { // they are in a row
			return ports[0] - firstPort
		}
	}
}

// running is a demo that was started, with what its demo.json says.
type running struct {
	handout
	stop func()
}

// start runs a demo until it has written demo.json and says that it is ready.
func start(t *testing.T, s settings) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var printed bytes.Buffer
	ready, ended := make(chan struct{}), make(chan error, 1)
	out := &printer{w: &watchingWriter{buffer: &printed, text: "Ctrl-C stops everything", seen: ready}}
	go func() { ended <- run(ctx, s, out) }()
	select {
	case <-ready:
	case err := <-ended:
		cancel()
		t.Fatalf("the demo ended: %v\n%s", err, printed.String())
	case <-time.After(readyPatience):
		cancel()
		<-ended
		t.Fatalf("the demo does not get ready\n%s", printed.String())
	}
	r := &running{stop: func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stop the demo: %v", err)
		}
	}}
	content, err := os.ReadFile(s.file("demo.json"))
	if err == nil {
		err = json.Unmarshal(content, &r.handout)
	}
	if err != nil {
		r.stop()
		t.Fatal(err)
	}
	return r
}

// watchingWriter closes seen when text was written.
type watchingWriter struct {
	buffer *bytes.Buffer
	text   string
	seen   chan struct{}
}

func (w *watchingWriter) Write(p []byte) (int, error) {
	before := strings.Contains(w.buffer.String(), w.text)
	n, err := w.buffer.Write(p)
	if !before && strings.Contains(w.buffer.String(), w.text) {
		close(w.seen)
	}
	return n, err
}

// openBoard signs in with the board's link, as the page does.
func openBoard(t *testing.T, r *running) {
	t.Helper()
	_, query, _ := strings.Cut(r.BoardLink, "#/link?")
	token := ""
	for parameter := range strings.SplitSeq(query, "&") {
		if value, ok := strings.CutPrefix(parameter, "token="); ok {
			token = value
		}
	}
	body, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		t.Fatal(err)
	}
	var session struct {
		Session string    `json:"session"`
		RoomID  id.RoomID `json:"room_id"`
	}
	if err := postJSON(t.Context(), r.Werkraum+"/api/v1/sessions/link", body, &session); err != nil {
		t.Fatal(err)
	}
	if session.Session == "" || session.RoomID != r.RoomID {
		t.Errorf("the link %s opened room %q, want %s", r.BoardLink, session.RoomID, r.RoomID)
	}
}

// openBoardInElement signs the external partner in as Element does it: her homeserver gives
// her a token, and Werkraum asks that homeserver whose it is.
func openBoardInElement(t *testing.T, r *running) {
	t.Helper()
	token, err := r.partner(t).RequestOpenIDToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"room_id": r.RoomID, "openid": map[string]string{
		"access_token": token.AccessToken, "matrix_server_name": token.MatrixServerName,
	}})
	if err != nil {
		t.Fatal(err)
	}
	var session struct {
		UserID id.UserID `json:"user_id"`
	}
	if err := postJSON(t.Context(), r.Werkraum+"/api/v1/sessions/openid", body, &session); err != nil {
		t.Fatal(err)
	}
	if session.UserID != r.Users[2].MXID {
		t.Errorf("signed in as %q, want %q", session.UserID, r.Users[2].MXID)
	}
}

// partner signs in as the external partner, with what demo.json says and nothing else.
func (r *running) partner(t *testing.T) *mautrix.Client {
	t.Helper()
	user := r.Users[2]
	var url string
	for _, server := range r.Homeservers {
		if server.Name == user.Homeserver {
			url = server.URL
		}
	}
	client, err := mautrix.NewClient(url, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Login(t.Context(), &mautrix.ReqLogin{
		Type:       mautrix.AuthTypePassword,
		Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: user.MXID.String()},
		Password:   user.Password, StoreCredentials: true,
	}); err != nil {
		t.Fatal(err)
	}
	return client
}

// messages counts what the external partner sees people say in the room, once the last of it
// has come to her homeserver. The bot's messages do not count: it edits those of its cards in
// its own time.
func (r *running) messages(t *testing.T) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), readyPatience)
	defer cancel()
	client := r.partner(t)
	retry := time.NewTicker(250 * time.Millisecond)
	defer retry.Stop()
	for {
		said := r.said(ctx, t, client)
		last := 0
		for _, text := range said {
			if text == story[len(story)-1].text || text == "!link" { // as the first start ends
				last++
			}
		}
		if last >= 2 {
			return len(said)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the end of the story does not come; there are %d messages", len(said))
		case <-retry.C:
		}
	}
}

// said is what somebody reads of people in the room. Pages are as large as the room: Dendrite
// shows events twice that lie between two of them, and leaves others out.
func (r *running) said(ctx context.Context, t *testing.T, client *mautrix.Client) map[id.EventID]string {
	t.Helper()
	people := map[id.UserID]bool{}
	for _, user := range r.Users {
		people[user.MXID] = true
	}
	said := map[id.EventID]string{}
	for from := ""; ; {
		page, err := client.Messages(ctx, r.RoomID, from, "", mautrix.DirectionBackward, nil, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Chunk {
			if e.Type.Type == "m.room.message" && people[e.Sender] {
				said[e.ID], _ = e.Content.Raw["body"].(string)
			}
		}
		if page.End == "" || len(page.Chunk) == 0 {
			return said
		}
		from = page.End
	}
}

func buildWerkraum(t *testing.T) string {
	t.Helper()
	root, err := homeserver.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "werkraum")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "goolm", "-o", binary, ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build werkraum: %v\n%s", err, out)
	}
	return binary
}

func postJSON(ctx context.Context, url string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", url, resp.Status, answer)
	}
	return json.Unmarshal(answer, into)
}
