package session_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/widgets/session"
	"werkraum/workspace"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

const (
	project = id.RoomID("!projekt:amt.example")
	secret  = id.RoomID("!geheim:amt.example") // Mia is not in it
	closed  = id.RoomID("!zu:amt.example")
	left    = id.RoomID("!verlassen:amt.example") // known, but the bot is not in it any more
	anna    = id.UserID("@anna:amt.example")
	mia     = id.UserID("@mia:partner.example")
)

// house is what stands behind the sessions: rooms as the application service
// shows them, and a homeserver that knows one token.
type house struct {
	rooms map[id.RoomID]watch.View

	mu       sync.Mutex
	asked    []string
	verified []string // servers that were asked
}

func (h *house) Visit(_ context.Context, room id.RoomID, f func(watch.View)) error {
	v, ok := h.rooms[room]
	if !ok {
		return fmt.Errorf("a worker was made for %s", room)
	}
	f(v)
	return nil
}

func (h *house) RequestLinks(_ context.Context, user id.UserID, room id.RoomID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, string(user)+" "+string(room))
	return nil
}

func (h *house) Verify(_ context.Context, server, token string) (id.UserID, error) {
	h.mu.Lock()
	h.verified = append(h.verified, server)
	h.mu.Unlock()
	if server == "partner.example" && token == "echt" {
		return mia, nil
	}
	return "", workspace.Refuse(workspace.Unauthenticated, workspace.Text{De: "falsch", En: "wrong"})
}

type fixture struct {
	*session.Sessions
	*house
	store *store.Store
}

func setUp(t *testing.T, ttl time.Duration) fixture {
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
	h := &house{rooms: map[id.RoomID]watch.View{}}
	for room, members := range map[id.RoomID][]id.UserID{project: {anna, mia}, secret: {anna}, closed: {anna, mia}, left: {anna, mia}} {
		r := workspace.NewRoom(room, "@bot:amt.example", 0)
		for _, user := range members {
			r.Members[user] = workspace.Member{Membership: workspace.Joined}
		}
		h.rooms[room] = watch.View{Room: r, Open: room != closed}
		if err := s.Commit(t.Context(), &store.Batch{Room: store.Room{ID: room, Joined: room != left}}); err != nil {
			t.Fatal(err)
		}
	}
	f := fixture{session.New(s, h, "https://board.amt.example", ttl, pace.Limit{}), h, s}
	f.Serve(h)
	return f
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (f fixture) link(t *testing.T, token string, user id.UserID, room id.RoomID, expires time.Time) {
	t.Helper()
	err := f.store.Commit(t.Context(), &store.Batch{Room: store.Room{ID: room, Joined: room != left}, Links: []store.Link{{Hash: hash(token), User: user, Room: room, Expires: expires}}})
	if err != nil {
		t.Fatal(err)
	}
}

// refused asserts that err is a refusal and returns the German sentence.
func refused(t *testing.T, err error, want workspace.ErrorKind) string {
	t.Helper()
	var e *workspace.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("got error %v, want kind %s", err, want)
	}
	if e.Say.De == "" || e.Say.En == "" || e.Say.De == e.Say.En {
		t.Errorf("the refusal says %+v", e.Say)
	}
	return e.Say.De
}

// A session is good where it was made, and nowhere else: not in another room, not from
// another origin, not at another time.
func TestSessionIsBoundToItsOrigin(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	const own, other = "https://board.amt.example", "https://board.andere.example"
	for made, good := range map[string][]string{own: {own, ""}, "": {own, ""}, other: {other}} {
		g, err := f.ByOpenID(t.Context(), made, project, "partner.example", "echt")
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range []string{own, other, "", "null", "http://board.amt.example", "https://board.amt.example:8443"} {
			n, err := f.Check(t.Context(), from, g.Token)
			if want := slices.Contains(good, from); (err == nil) != want {
				t.Errorf("made at %q, shown from %q: %v", made, from, err)
			} else if want && (n.Room != project || n.User != mia) {
				t.Errorf("it is for %s in %s", n.User, n.Room)
			}
			if !slices.Contains(good, from) { // nor can it be ended from there
				if ended, err := f.End(t.Context(), from, g.Token); err != nil || ended != (store.Session{}) {
					t.Errorf("from %q it was ended: %+v, %v", from, ended, err)
				}
			}
		}
	}
}

// Who signs in again and again is slowed; others are not.
func TestSignInsOfOnePersonAreLimited(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	limited := session.New(f.store, f.house, "", time.Hour, pace.Limit{Most: 3, Per: time.Hour})
	limited.Serve(f.house)
	for n := range 5 {
		_, err := limited.ByOpenID(t.Context(), "", project, "partner.example", "echt")
		if n < 3 && err != nil {
			t.Errorf("sign-in %d: %v", n, err)
		} else if n >= 3 {
			refused(t, err, workspace.RateLimited)
		}
	}
	f.link(t, "annas", anna, project, time.Now().Add(time.Minute))
	if _, err := limited.ByLink(t.Context(), "", "annas"); err != nil {
		t.Errorf("Anna: %v", err)
	}
}

func TestLinkOpensOneSession(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	f.link(t, "token", mia, project, time.Now().Add(time.Minute))
	var granted atomic.Pointer[session.Granted]
	var winners atomic.Int64
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if g, err := f.ByLink(t.Context(), "", "token"); err == nil {
				winners.Add(1)
				granted.Store(&g)
			}
		})
	}
	group.Wait()
	if winners.Load() != 1 {
		t.Fatalf("the link opened %d sessions, want 1", winners.Load())
	}
	g := granted.Load()
	if g.Session.User != mia || g.Session.Room != project || len(g.Token) < 40 {
		t.Errorf("granted %+v with a token of %d characters", g.Session, len(g.Token))
	}
	if d := time.Until(g.Session.Expires); d > time.Hour || d < 59*time.Minute {
		t.Errorf("it lasts %v, want an hour", d)
	}
	got, err := f.Check(t.Context(), "", g.Token)
	if err != nil || got.User != mia || got.Room != project {
		t.Errorf("check: %+v, error %v", got, err)
	}
	// The token itself is nowhere in the store.
	if _, err := f.store.Session(t.Context(), g.Token); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the store finds a session by its token: error %v", err)
	}
	_, err = f.ByLink(t.Context(), "", "token")
	refused(t, err, workspace.Unauthenticated)
}

func TestExpiredAndUnknownLinksAreRefusedAlike(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	f.link(t, "alt", mia, project, time.Now().Add(-time.Second))
	_, err := f.ByLink(t.Context(), "", "alt")
	expired := refused(t, err, workspace.Unauthenticated)
	for _, token := range []string{"unbekannt", "", strings.Repeat("x", 1<<16), hash("alt")} {
		_, err := f.ByLink(t.Context(), "", token)
		if got := refused(t, err, workspace.Unauthenticated); got != expired {
			t.Errorf("unknown: %q, expired: %q", got, expired)
		}
	}
}

func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	_, err := f.ByOpenID(t.Context(), "", "!gibtesnicht:amt.example", "partner.example", "echt")
	unknown := refused(t, err, workspace.Forbidden)
	for _, room := range []id.RoomID{secret, closed, left} {
		_, err := f.ByOpenID(t.Context(), "", room, "partner.example", "echt")
		if got := refused(t, err, workspace.Forbidden); got != unknown {
			t.Errorf("%s: %q, an unknown room: %q", room, got, unknown)
		}
	}
	for _, room := range []id.RoomID{"", "#projekt:amt.example", "!" + id.RoomID(strings.Repeat("x", 255))} {
		_, err := f.ByOpenID(t.Context(), "", room, "partner.example", "echt")
		if got := refused(t, err, workspace.NotFound); got != unknown {
			t.Errorf("%.20s: %q, an unknown room: %q", room, got, unknown)
		}
	}
	// Who left the room after the link was made does not get in with it.
	f.link(t, "token", mia, secret, time.Now().Add(time.Minute))
	_, err = f.ByLink(t.Context(), "", "token")
	if got := refused(t, err, workspace.Forbidden); got != unknown {
		t.Errorf("link: %q, an unknown room: %q", got, unknown)
	}
}

func TestOpenID(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	g, err := f.ByOpenID(t.Context(), "", project, "partner.example", "echt")
	if err != nil || g.Session.User != mia || g.Session.Room != project {
		t.Fatalf("granted %+v, error %v", g.Session, err)
	}
	_, err = f.ByOpenID(t.Context(), "", project, "partner.example", "gefälscht")
	refused(t, err, workspace.Unauthenticated)
	_, err = f.ByOpenID(t.Context(), "", project, "amt.example", "echt")
	refused(t, err, workspace.Unauthenticated)
}

// Only a server some of whose users are in the room is asked who somebody is: strangers
// cannot have Werkraum ask whomever they like, or keep it waiting for servers that stall.
func TestStrangersServersAreNotAsked(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	for room, server := range map[id.RoomID]string{project: "fremd.example", secret: "partner.example", closed: "partner.example", "!gibtesnicht:amt.example": "partner.example"} {
		_, err := f.ByOpenID(t.Context(), "", room, server, "echt")
		refused(t, err, workspace.Forbidden)
	}
	if len(f.verified) > 0 {
		t.Errorf("asked %q", f.verified)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	open := func() session.Granted {
		t.Helper()
		g, err := f.ByOpenID(t.Context(), "", project, "partner.example", "echt")
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	one, two := open(), open()
	if one.Token == two.Token {
		t.Fatal("two sessions have the same token")
	}
	n, err := f.End(t.Context(), "", one.Token)
	if err != nil || n.User != mia || n.Room != project || n.Hash != session.Key("https://board.amt.example", one.Token) {
		t.Fatalf("ended %+v, error %v", n, err)
	}
	_, err = f.Check(t.Context(), "", one.Token)
	ended := refused(t, err, workspace.Unauthenticated)
	if _, err := f.Check(t.Context(), "", two.Token); err != nil {
		t.Errorf("the other session has ended too: %v", err)
	}
	for _, token := range []string{one.Token, "unbekannt"} {
		if n, err := f.End(t.Context(), "", token); err != nil || n != (store.Session{}) {
			t.Errorf("end what does not exist: %+v, error %v", n, err)
		}
	}
	// Kicked: the worker's batch ends the sessions.
	if err := f.store.Commit(t.Context(), &store.Batch{Room: store.Room{ID: project, Joined: true}, EndSessions: []id.UserID{mia}}); err != nil {
		t.Fatal(err)
	}
	_, err = f.Check(t.Context(), "", two.Token)
	if got := refused(t, err, workspace.Unauthenticated); got != ended {
		t.Errorf("kicked: %q, signed out: %q", got, ended)
	}

	brief := setUp(t, -time.Second)
	g, err := brief.ByOpenID(t.Context(), "", project, "partner.example", "echt")
	if err != nil {
		t.Fatal(err)
	}
	_, err = brief.Check(t.Context(), "", g.Token)
	if got := refused(t, err, workspace.Unauthenticated); got != ended {
		t.Errorf("expired: %q, signed out: %q", got, ended)
	}
}

// A session is for one room; it says which, whatever a page asks for.
func TestSessionIsForOneRoom(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	f.link(t, "a", anna, secret, time.Now().Add(time.Minute))
	f.link(t, "b", anna, project, time.Now().Add(time.Minute))
	for token, want := range map[string]id.RoomID{"a": secret, "b": project} {
		g, err := f.ByLink(t.Context(), "", token)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Check(t.Context(), "", g.Token)
		if err != nil || got.Room != want {
			t.Errorf("link %s opens %s, error %v; want %s", token, got.Room, err, want)
		}
	}
}

func TestLinkRequestsAreLimited(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	for range 2 {
		if err := f.Sessions.RequestLinks(t.Context(), mia, project); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, f.Sessions.RequestLinks(t.Context(), mia, ""), workspace.RateLimited)
	if err := f.Sessions.RequestLinks(t.Context(), anna, ""); err != nil {
		t.Errorf("another person: %v", err)
	}
	if want := string(mia) + " " + string(project) + "," + string(mia) + " " + string(project) + "," + string(anna) + " "; strings.Join(f.asked, ",") != want {
		t.Errorf("asked for %q, want %q", f.asked, want)
	}
	// All together are limited too, whatever names they think of.
	refusals := 0
	for n := range 100 {
		if err := f.Sessions.RequestLinks(t.Context(), id.UserID(fmt.Sprintf("@u%d:x.example", n)), ""); err != nil {
			refused(t, err, workspace.RateLimited)
			refusals++
		}
	}
	if refusals == 0 {
		t.Error("100 names in a moment were all taken")
	}
}

func TestLinkRequestsOfBadIDs(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	for _, user := range []id.UserID{"", "anna", "@anna", "@anna:", "anna:amt.example", "#anna:amt.example", "@" + id.UserID(strings.Repeat("x", 300)) + ":x.example"} {
		refused(t, f.Sessions.RequestLinks(t.Context(), user, ""), workspace.Invalid)
	}
	if len(f.asked) > 0 {
		t.Errorf("asked for %q", f.asked)
	}
}

// A direct chat is opened by its owner, whose to-dos are there, and by nobody else who is
// in it; and not while Werkraum cannot work there.
func TestDirectChatIsItsOwners(t *testing.T) {
	t.Parallel()
	f := setUp(t, time.Hour)
	later := time.Now().Add(time.Minute)
	own := f.rooms[closed]
	own.Room.Owner, own.Own = anna, true
	f.rooms[closed] = own
	f.link(t, "annas", anna, closed, later)
	f.link(t, "mias", mia, closed, later)
	if g, err := f.ByLink(t.Context(), "", "annas"); err != nil || g.Session.Room != closed || g.Session.User != anna {
		t.Errorf("Anna: %+v, %v", g.Session, err)
	}
	if _, err := f.ByLink(t.Context(), "", "mias"); workspace.AsError(err).Kind != workspace.Forbidden {
		t.Errorf("Mia gets into Anna's chat: %v", err)
	}
	if _, err := f.ByOpenID(t.Context(), "", closed, "partner.example", "echt"); workspace.AsError(err).Kind != workspace.Forbidden {
		t.Errorf("Mia gets in by OpenID: %v", err)
	}
	own.Own = false
	f.rooms[closed] = own
	f.link(t, "again", anna, closed, later)
	if _, err := f.ByLink(t.Context(), "", "again"); workspace.AsError(err).Kind != workspace.Forbidden {
		t.Errorf("a closed chat is opened: %v", err)
	}
}
