package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"werkraum/tests/page"
	"werkraum/workspace"
)

// newWhiteboard is the ID of a whiteboard as a browser would choose one.
func newWhiteboard() string { return fmt.Sprintf("%020d", items.Add(1)) }

// shape is an element as Excalidraw sends it.
func shape(id string, version int) object {
	return object{
		"id": strings.ReplaceAll(id, "@", ""), "type": "rectangle", "x": 10 * version, "y": 0, "width": 100, "height": 50, "version": version, "versionNonce": 1, "isDeleted": false,
	}
}

// titled begins the title of each whiteboard that Anna makes; its ID ends it.
const titled = "Whiteboard "

// whiteboard has Anna make one and returns its ID. A room can have 50; those of earlier
// trials go.
func (j *judge) whiteboard() string {
	var there []string
	j.board.Look(func(st pageState) {
		for _, it := range st.Items {
			if it.Kind == "whiteboard" && it.Fields["deleted"] != true && strings.HasPrefix(it.Text("title"), titled) {
				there = append(there, it.ID)
			}
		}
	})
	if slices.Sort(there); len(there) > 20 {
		for _, old := range there[:10] {
			j.board.do("whiteboard.remove", object{"whiteboard": old})
		}
	}
	name := newWhiteboard()
	j.board.do("whiteboard.add", object{"whiteboard": name, "title": titled + name})
	return name
}

// sent has somebody send a picture; a refusal must be the right one.
func (j *judge) sent(c *contestant, path string, data []byte) bool {
	got, err := j.house.request(j.t.Context(), http.MethodPost, path, c.signIn(j.house, j.room), data)
	if err != nil {
		j.t.Fatal(err)
	}
	if got.status != http.StatusCreated && got.status != http.StatusForbidden {
		j.t.Errorf("%s sends a picture: %d %s", c.DisplayName, got.status, got.body)
	}
	return got.status == http.StatusCreated
}

// whiteboard waits for a whiteboard and opens it.
func (p *tab) whiteboard(name string) {
	p.t.Helper()
	p.await("the whiteboard", func(st pageState) bool { _, there := st.Items["whiteboard/"+name]; return there })
	if err := p.OpenWhiteboard(p.t.Context(), name); err != nil {
		p.t.Fatal(err)
	}
	p.await("what lies on the whiteboard", func(st pageState) bool { return st.Opened == name })
}

// People of two administrations draw on one whiteboard, each beside their own homeserver;
// what they draw is in the room's log, and what a moderator locks stays.
func TestWhiteboard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		anna, mia := s.page(s.anna), s.page(s.mia)
		at := newWhiteboard()
		anna.do("whiteboard.add", object{"whiteboard": at, "title": "Skizze", "template": "retro"})
		anna.whiteboard(at)
		mia.whiteboard(at)
		begun := 0
		anna.Look(func(st pageState) { begun = len(st.Elements(at)) })
		if begun == 0 {
			t.Error("the template is empty")
		}
		anna.do("whiteboard.draw", object{"whiteboard": at, "elements": []object{shape("von-anna", 1)}})
		mia.do("whiteboard.draw", object{"whiteboard": at, "elements": []object{shape("von-mia", 1), shape("von-anna", 2)}})
		anna.await("what Mia has drawn", func(st pageState) bool {
			there := st.Elements(at)
			return there["von-mia"].ID != "" && there["von-anna"].Fields["version"] == 2.0 && len(there) == begun+2
		})
		// An older version changes nothing, and nobody is bothered.
		anna.do("whiteboard.draw", object{"whiteboard": at, "elements": []object{shape("von-anna", 1)}})
		for name, bad := range map[string]object{
			"a script":   {"id": "bad", "type": "rectangle", "x": 0, "y": 0, "width": 1, "height": 1, "version": 1, "versionNonce": 1, "link": "javascript:alert(1)"},
			"far out":    {"id": "bad", "type": "rectangle", "x": 1e12, "y": 0, "width": 1, "height": 1, "version": 1, "versionNonce": 1},
			"no element": {"id": "bad"},
		} {
			if refusal := mia.try("whiteboard.draw", object{"whiteboard": at, "elements": []object{bad}}); refusal == nil || refusal.Kind != "invalid" {
				t.Errorf("%s: %v", name, refusal)
			}
		}
		anna.do("whiteboard.lock", object{"whiteboard": at, "elements": []string{"von-mia"}, "on": true})
		if refusal := mia.try("whiteboard.draw", object{"whiteboard": at, "elements": []object{shape("von-mia", 9)}}); refusal == nil || refusal.Kind != "forbidden" {
			t.Errorf("what is locked is moved: %v", refusal)
		}
		same := func(st pageState) string { return fmt.Sprint(st.Elements(at)) }
		var want string
		anna.Look(func(st pageState) { want = same(st) })
		mia.await("the same", func(st pageState) bool { return same(st) == want })
		s.reproduced(anna, s.anna)
	})
}

// A picture is shown to everybody who is in the room, once it was sent; what is no picture
// by its bytes is none. It is posted into the chat when somebody wants that.
func TestPicturesOnAWhiteboard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		anna, mia := s.anna.signIn(s.house, s.room), s.mia.signIn(s.house, s.room)
		board := openTab(t, s.house, anna)
		at, shown := newWhiteboard(), picture(t)
		board.do("whiteboard.add", object{"whiteboard": at, "title": "Lageplan"})
		board.whiteboard(at)
		ask := func(session page.Session, method, what string, data []byte) fetched {
			t.Helper()
			got, err := s.house.request(t.Context(), method, "/api/v1/whiteboards/"+at+what, session, data)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		for range 2 { // an answer may get lost
			if got := ask(anna, http.MethodPost, "/pictures?id=bild", shown); got.status != http.StatusCreated {
				t.Fatalf("the picture: %d %s", got.status, got.body)
			}
		}
		board.await("the picture", func(st pageState) bool { return st.Items["picture/"+at+"-bild"].Text("type") == "image/png" })
		ask(mia, http.MethodGet, "/pictures/bild", nil).is(t, "the picture", "image/png", shown)
		ask(anna, http.MethodPost, "/pictures?id=seite", []byte("<svg onload=alert(1)>")).refused(t, "a script that calls itself a picture", http.StatusBadRequest)
		ask(anna, http.MethodPost, "/pictures?id=../x", shown).refused(t, "an ID that is none", http.StatusBadRequest)
		s.announce(t, "/api/v1/whiteboards/"+at+"/pictures?id=gross", anna, 30<<20).refused(t, "30 MB", http.StatusRequestEntityTooLarge)
		ask(anna, http.MethodGet, "/pictures/none", nil).refused(t, "a picture that does not exist", http.StatusNotFound)
		ask(page.Session{}, http.MethodGet, "/pictures/bild", nil).refused(t, "who has no session", http.StatusUnauthorized)
		if got := ask(mia, http.MethodPost, "/post?id=post", shown); got.status != http.StatusCreated {
			t.Fatalf("posting: %d %s", got.status, got.body)
		}
		posted := s.anna.hears(s.room, "the picture in the chat", func(m message) bool { return m.MsgType == "m.image" && m.Sender == s.Bot })
		has(t, posted.Body, "Mia", "Lageplan")
	})
}

// Of an encrypted room's whiteboard nothing can be read on the wire, its pictures included.
func TestWhiteboardOfAnEncryptedRoom(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.listen(t))
		session := s.anna.signIn(s.house, s.room)
		board := openTab(t, s.house, session)
		at := newWhiteboard()
		board.do("whiteboard.add", object{"whiteboard": at, "title": bird + "tafel"})
		board.whiteboard(at)
		text := shape("text", 1)
		text["type"], text["text"], text["fontSize"] = "text", bird+"text", 20
		board.do("whiteboard.draw", object{"whiteboard": at, "elements": []object{text}})
		secret := append(picture(t), []byte(bird+"inhalt")...)
		for _, what := range []string{"/pictures?id=bild", "/post?id=post"} {
			got, err := s.house.request(t.Context(), http.MethodPost, "/api/v1/whiteboards/"+at+what, session, secret)
			if err != nil || got.status != http.StatusCreated {
				t.Fatalf("%s: %v, %d %s", what, err, got.status, got.body)
			}
		}
		got, err := s.house.request(t.Context(), http.MethodGet, "/api/v1/whiteboards/"+at+"/pictures/bild", session, nil)
		if err != nil {
			t.Fatal(err)
		}
		got.is(t, "the picture", "image/png", secret)
		s.anna.hears(s.room, "the picture in the chat", func(m message) bool { return m.MsgType == "m.image" && m.Sender == s.Bot })
		s.reproduced(board, s.anna)
		s.sealedThroughout(s.anna)
		for _, m := range w.tap.all() {
			if m.fromProgram {
				s.untold("on the wire, in "+m.method+" "+m.uri, m.uri+" "+m.body)
			}
		}
	})
}

// strokes draws much at once, as somebody does who puts a plan on a whiteboard.
func strokes(board *tab, at string, n int) {
	board.t.Helper()
	var list []object
	for i := range n {
		stroke, points := shape(fmt.Sprintf("stroke%d", i), 1), make([][2]int, 500)
		for j := range points {
			points[j] = [2]int{i * j, 1000*i - j}
		}
		stroke["type"], stroke["points"] = "freedraw", points
		list = append(list, stroke)
		if len(list) == 4 || i == n-1 {
			board.do("whiteboard.draw", object{"whiteboard": at, "elements": list})
			list = nil
		}
	}
}

// However much is drawn, the room's timeline gets few events, which hold all of it, in
// encrypted rooms too.
func TestMuchDrawingTakesFewEvents(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		for name, s := range map[string]*scene{"plain": newScene(t, w.house(t, usual)), "encrypted": newSealedScene(t, w.house(t, usual))} {
			board := s.page(s.anna)
			at := newWhiteboard()
			board.do("whiteboard.add", object{"whiteboard": at, "title": "Plan"})
			board.whiteboard(at)
			began := time.Now()
			strokes(board, at, 80)
			// What is drawn is published every ten seconds.
			most := 12 + int(time.Since(began)/(10*time.Second))
			s.reproduced(board, s.anna)
			bulk, all := 0, 0
			for _, e := range s.anna.timeline(s.room) {
				if e.Type.Type == workspace.ChangeEvent && e.Sender == s.Bot {
					all++
					if strings.Contains(string(e.Content.VeryRaw), `"bulk"`) {
						bulk++
					}
				}
			}
			if bulk == 0 || all > most { // 80 strokes are some 600 kB
				t.Errorf("%s: %d events, %d of them name a file", name, all, bulk)
			}
		}
	})
}
