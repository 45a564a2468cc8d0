package tests

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

// Outside Element a person types !link: the bot sends a link by direct message, which opens
// the board once, and for nobody a second time.
func TestPrivateLinkOpensTheBoardOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		s.anna.ask(s.room, "!karte neu Unterwegs ansehen")
		for _, p := range []*person{s.anna, s.mia} {
			token := s.linkFor(p, func() { s.anna.answer(s.room, p.say(s.room, "!link")) })
			session, err := page.SignInLink(t.Context(), s.URL, token)
			if err != nil {
				t.Fatal(err)
			}
			if session.User != p.UserID || session.Room != s.room {
				t.Errorf("the link of %s opens the page as %s in %s", p.UserID, session.User, session.Room)
			}
			openTab(t, s.house, session).card("Unterwegs ansehen")
			refused(t, "unauthenticated", func() error {
				_, err := page.SignInLink(t.Context(), s.URL, token)
				return err
			})
		}
		for _, e := range s.anna.timeline(s.room) {
			if strings.Contains(string(e.Content.VeryRaw), "#/link?token=") {
				t.Error("a private link stands in the room")
			}
		}
	})
}

// Whoever enters their Matrix ID on the page is sent a link by direct message. The page tells
// nobody whether there is such a person.
func TestMatrixIDOnThePage(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		for _, user := range []id.UserID{"@niemand:example.org", s.Bot} {
			s.enter(user)()
		}
		refused(t, "invalid", func() error {
			return page.Post(t.Context(), s.URL+"/api/v1/links", object{"user_id": "Mia Müller"}, nil)
		})
		session, err := page.SignInLink(t.Context(), s.URL, s.linkFor(s.mia, s.enter(s.mia.UserID)))
		if err != nil || session.User != s.mia.UserID || session.Room != s.room {
			t.Errorf("the link opens %+v, %v", session, err)
		}
		// Who asks again and again is slowed down: it is somebody else's inbox.
		var last error
		for range 5 {
			last = page.Post(t.Context(), s.URL+"/api/v1/links", object{"user_id": s.mia.UserID}, nil)
		}
		refused(t, "rate_limited", func() error { return last })
	})
}

// enter enters a Matrix ID on the page, twice if asked to: more is refused for a while.
func (s *scene) enter(user id.UserID) (ask func()) {
	asked := 0
	return func() {
		s.t.Helper()
		if asked++; asked > 2 {
			return
		}
		var answer object
		if err := page.Post(s.t.Context(), s.URL+"/api/v1/links", object{"user_id": user, "room_id": s.room}, &answer); err != nil || len(answer) != 0 {
			s.t.Errorf("the answer for %s is %v, %v; want the same for everybody", user, answer, err)
		}
	}
}

// A token of one's own homeserver signs in, of either administration; anything else does not.
func TestOpenID(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		for _, p := range []*person{s.anna, s.mia} {
			session := p.signIn(s.house, s.room)
			if session.User != p.UserID || session.Room != s.room || session.Expires <= 0 {
				t.Errorf("session = %+v, want one of %s", session, p.UserID)
			}
		}
		hostile := newHostileServer(t, w)
		good := s.anna.openID()
		for _, c := range []struct {
			what  string
			token page.OpenID
			room  id.RoomID
			kinds []string
		}{
			{"a forged token", page.OpenID{AccessToken: "erfunden", ServerName: good.ServerName}, s.room, []string{"unauthenticated"}},
			{"the token of another server's user", page.OpenID{AccessToken: good.AccessToken, ServerName: w.partner.ServerName}, s.room, []string{"unauthenticated"}},
			// Nobody of these is in the room, so they are not even asked.
			{"a server that vouches for anybody", page.OpenID{AccessToken: "anna", ServerName: hostile.name}, s.room, []string{"forbidden"}},
			{"a name that is none", page.OpenID{AccessToken: "x", ServerName: "http://127.0.0.1/admin?"}, s.room, []string{"forbidden"}},
			{"a person who is not in the room", newPerson(t, w.amt, "Eva").openID(), s.room, []string{"forbidden"}},
			{"a room that does not exist", s.anna.openID(), "!gibtsnicht:" + id.RoomID(w.amt.ServerName), []string{"forbidden"}},
			{"something that is no room", s.anna.openID(), "projekt", []string{"not_found", "forbidden", "invalid"}},
		} {
			_, err := page.SignInOpenID(t.Context(), s.URL, c.room, c.token)
			refusal := asRefusal(err)
			if refusal == nil || !contains(c.kinds, refusal.Kind) || refusal.Message == "" {
				t.Errorf("%s: the answer is %v, want a refusal of the kinds %v", c.what, err, c.kinds)
			}
		}
		if n := hostile.reached.Load(); n != 0 {
			t.Errorf("a server that nobody in the room is of was asked %d times", n)
		}
	})
}

// Where the operator has not listed private networks, nobody can have the program reach into
// them by naming a server there, not even one whose people are in the room.
func TestPrivateAddressesAreOutOfReach(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, open))
		refused(t, "unavailable", func() error { // the partner's homeserver is at 127.0.0.1
			_, err := page.SignInOpenID(t.Context(), s.URL, s.room, s.mia.openID())
			return err
		})
		hostile := newHostileServer(t, w)
		_, port, _ := net.SplitHostPort(hostile.name)
		for _, name := range []string{hostile.name, "localhost:" + port, "[::1]:" + port, "169.254.169.254", "10.0.0.1"} {
			_, err := page.SignInOpenID(t.Context(), s.URL, s.room, page.OpenID{AccessToken: "anna", ServerName: name})
			if asRefusal(err) == nil {
				t.Errorf("%s: the answer is %v, want a refusal", name, err)
			}
		}
		if n := hostile.reached.Load(); n != 0 {
			t.Errorf("the private address was reached %d times", n)
		}
		s.anna.signIn(s.house, s.room) // the operator's own homeserver is reached all the same
	})
}

// Signing out ends the session.
func TestSigningOut(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		session := s.mia.signIn(s.house, s.room)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, s.URL+"/api/v1/session", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+session.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusNoContent {
			t.Errorf("signing out answers %s", resp.Status)
		}
		for _, token := range []string{session.Token, "", "erfunden"} {
			opened, err := page.Open(t.Context(), s.URL, page.Options{Session: token})
			if err != nil {
				t.Fatal(err)
			}
			opened.Look(func(st pageState) {
				if st.Bye == nil || st.Bye.Reason != "expired" || len(st.Items) > 0 {
					t.Errorf("a session that is none opens the page: %+v", st.Bye)
				}
			})
			_ = opened.Close()
		}
	})
}

var linkPattern = regexp.MustCompile(`/#/link\?token=([A-Za-z0-9_-]+)`)

// linkFor asks for a private link and waits for one that the person has not been sent before,
// accepting the direct chat. It reads what was said there before the person came in too, as
// clients do.
func (s *scene) linkFor(p *person, ask func()) (token string) {
	s.t.Helper()
	ask()
	s.acceptDirect(p)
	attempts := 0
	until(s.t, "a private link", func() error {
		for _, m := range p.said(p.direct, s.Bot) {
			if found := linkPattern.FindStringSubmatch(m.Body); found != nil && !slices.Contains(p.links, found[1]) {
				token = found[1]
				p.links = append(p.links, token)
				return nil
			}
		}
		// What is said at the very moment in which somebody of another server comes in can
		// be lost to Dendrite there. A person would ask again, and again.
		if attempts++; attempts%20 == 0 {
			ask()
		}
		return errors.New("there is none in the direct chat")
	})
	return token
}

// hostileServer vouches for anybody.
type hostileServer struct {
	name    string
	reached counter
}

func newHostileServer(t *testing.T, w *world) *hostileServer {
	t.Helper()
	h := &hostileServer{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		h.reached.Add(1)
		fmt.Fprintf(rw, `{"sub":"@anna:%s"}`, w.amt.ServerName)
	}))
	// The certificate is good: only the content is hostile.
	cert, err := tls.LoadX509KeyPair(filepath.Join(w.partner.Dir, "tls.crt"), filepath.Join(w.partner.Dir, "tls.key"))
	if err != nil {
		t.Fatal(err)
	}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	h.name = strings.TrimPrefix(server.URL, "https://")
	return h
}

// acceptDirect has somebody follow the bot into their direct chat, if they have not yet.
func (s *scene) acceptDirect(p *person) {
	s.t.Helper()
	if p.direct != "" {
		return
	}
	invite := p.await("", "the invite to a direct chat", func(e *event.Event) bool {
		return e.Sender == s.Bot && e.Type == event.StateMember && e.GetStateKey() == p.UserID.String() &&
			e.Content.AsMember().Membership == event.MembershipInvite && e.RoomID != s.room
	})
	p.direct = invite.RoomID
	// Asked for, and not waited for: of the moment in which somebody of another server comes
	// in, Dendrite may tell them nothing; and it may say that they are in and forget it.
	until(s.t, "the own arrival in the direct chat", func() error {
		if _, err := p.Client.JoinRoom(s.t.Context(), p.direct.String(), &mautrix.ReqJoinRoom{Via: []string{s.w.amt.ServerName}}); err != nil {
			return err
		}
		rooms, err := p.Client.JoinedRooms(s.t.Context())
		if err == nil && !slices.Contains(rooms.JoinedRooms, p.direct) {
			err = errors.New("it is not among the rooms")
		}
		return err
	})
}
