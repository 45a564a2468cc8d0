package tests

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

var waiting = regexp.MustCompile(`werkraum_outbox_waiting (\d+)`)

// gallery is a room in which a whiteboard is shown.
type gallery struct {
	*scene
	session page.Session
	at      string
}

func hang(t *testing.T, s *scene) *gallery {
	t.Helper()
	g := &gallery{scene: s, session: s.anna.signIn(s.house, s.room), at: newWhiteboard()}
	board := openTab(t, s.house, g.session)
	board.do("whiteboard.add", object{"whiteboard": g.at, "title": "Skizze"})
	board.do("whiteboard.draw", object{"whiteboard": g.at, "elements": []object{shape("eins", 1)}})
	return g
}

// shows has the bot post a picture from the page.
func (g *gallery) shows(name string) {
	g.t.Helper()
	got, err := g.house.request(g.t.Context(), http.MethodPost, "/api/v1/whiteboards/"+g.at+"/post?id="+name, g.session, picture(g.t))
	if err != nil || got.status != http.StatusCreated {
		g.t.Fatalf("the picture %s: %v %d %s", name, err, got.status, got.body)
	}
}

// pictures counts those that the bot has posted: from the page, and for a command.
func (g *gallery) pictures(asked id.EventID) (fromPage, byCommand int) {
	g.t.Helper()
	for _, m := range g.anna.said(g.room, g.Bot) {
		switch {
		case m.MsgType != "m.image":
		case m.Relates.ReplyTo.Event == asked:
			byCommand++
		case strings.Contains(m.Body, "zeigt das Whiteboard „Skizze“"):
			fromPage++
		}
	}
	return fromPage, byCommand
}

// A picture of a whiteboard that is to be posted is in the chat once, however often the program
// is killed before it has sent it, and however often the page asks for it; in an encrypted room
// it is encrypted.
func TestPictureOfAWhiteboardOutlivesKills(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		h := w.house(t, posting)
		rooms := []*gallery{hang(t, newScene(t, h)), hang(t, newSealedScene(t, h))}
		again := func() {
			t.Helper()
			if err := errors.Join(h.Kill(), h.Start(t.Context())); err != nil {
				t.Fatal(err)
			}
		}
		for _, g := range rooms {
			g.shows("erstes")
		}
		again()
		// What a killed program has left is looked for before anything else is sent, so all of
		// this waits when the program is killed again.
		asked := map[*gallery]id.EventID{}
		for _, g := range rooms {
			g.shows("erstes")
			g.shows("zweites")
			asked[g] = g.anna.say(g.room, "!whiteboard senden Skizze")
		}
		until(t, "the pictures to wait", func() error {
			for _, g := range rooms {
				if _, sent := g.pictures(asked[g]); sent > 0 {
					return nil
				}
			}
			found := waiting.FindStringSubmatch(h.metrics())
			if found == nil || len(found[1]) == 1 && found[1] < "6" {
				return fmt.Errorf("there are %v", found)
			}
			return nil
		})
		again()
		for _, g := range rooms {
			until(t, "all pictures", func() error {
				if fromPage, byCommand := g.pictures(asked[g]); fromPage < 2 || byCommand < 1 {
					return fmt.Errorf("there are %d from the page and %d by command", fromPage, byCommand)
				}
				return nil
			})
			g.shows("erstes")
			g.shows("zweites")
			g.anna.ask(g.room, "!whiteboard liste") // whatever was to be said before has been said
			if fromPage, byCommand := g.pictures(asked[g]); fromPage != 2 || byCommand != 1 {
				t.Errorf("%d pictures from the page and %d by command, want 2 and 1", fromPage, byCommand)
			}
		}
		rooms[1].sealedThroughout(rooms[1].anna)
	})
}
