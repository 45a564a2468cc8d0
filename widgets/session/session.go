// Package session signs people in to a room's page: with an OpenID token of
// their own homeserver inside Element, with a one-time link everywhere else.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

// Verifier asks a homeserver who an OpenID token belongs to (bridges/openid).
type Verifier interface {
	Verify(ctx context.Context, serverName, token string) (id.UserID, error)
}

// Rooms knows who is in a room and can send links (appservice.Service).
type Rooms interface {
	Visit(ctx context.Context, room id.RoomID, f func(watch.View)) error
	RequestLinks(ctx context.Context, user id.UserID, room id.RoomID) error
}

// Sessions makes and checks sessions. A session is good for one person in one
// room, from one origin; it ends when it expires, when the person leaves the room,
// and when they sign out.
type Sessions struct {
	store    *store.Store
	verifier Verifier
	rooms    Rooms
	origin   string // of the page, for requests that do not say theirs
	ttl      time.Duration
	signIns  *pace.Limiter // of each person

	mu     sync.Mutex
	asked  map[id.UserID]*rate.Limiter // who was sent links lately
	asking *rate.Limiter               // of all together
}

// New returns sessions of the page at publicURL that last for ttl, of which a person
// gets as many as signIns allows.
func New(s *store.Store, v Verifier, publicURL string, ttl time.Duration, signIns pace.Limit) *Sessions {
	origin := ""
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" {
		origin = u.Scheme + "://" + u.Host
	}
	return &Sessions{store: s, verifier: v, origin: origin, ttl: ttl, signIns: pace.New(signIns), asked: map[id.UserID]*rate.Limiter{}, asking: rate.NewLimiter(5, 50)}
}

// Serve tells where the rooms are. It is called once, before the first use.
func (s *Sessions) Serve(rooms Rooms) { s.rooms = rooms }

var (
	notSignedIn = workspace.Text{
		De: "Ihre Sitzung ist abgelaufen. Bitte öffnen Sie das Board noch einmal aus dem Raum oder fordern Sie mit !link einen neuen Link an.",
		En: "Your session has ended. Please open the board again from the room, or ask for a new link with !link.",
	}
	linkUsed = workspace.Text{
		De: "Dieser Link wurde schon benutzt oder ist abgelaufen. Bitte fordern Sie im Raum mit !link einen neuen an.",
		En: "This link was already used or has expired. Please ask for a new one in the room with !link.",
	}
	noSuchRoom = workspace.Text{
		De: "In diesem Raum können Sie das Board nicht öffnen. Werkraum muss im Raum sein und Sie müssen Mitglied sein.",
		En: "You cannot open the board in this room. Werkraum must be in the room and you must be a member of it.",
	}
	signedInLately = workspace.Text{
		De: "Sie haben sich in der letzten Minute sehr oft angemeldet. Bitte warten Sie eine Minute und laden Sie die Seite dann neu.",
		En: "You have signed in a great many times in the last minute. Please wait a minute, then reload the page.",
	}
	badToken = workspace.Text{
		De: "Dieses Token gibt es nicht (mehr). Die Moderation des Raums kann mit !token neu ein anderes anlegen.",
		En: "This token does not exist (any more). The room's moderators can make another one with !token add.",
	}
	badUser = workspace.Text{
		De: "Das ist keine Matrix-ID. Sie sieht zum Beispiel so aus: @anna:stadt.example.",
		En: "This is not a Matrix ID. It looks like this, for example: @anna:city.example.",
	}
	askedLately = workspace.Text{
		De: "Es wurden gerade schon Links gesendet. Bitte sehen Sie in Ihren Direktnachrichten nach. Kommt dort nichts an, schreiben Sie im Raum !link oder versuchen Sie es in einigen Minuten noch einmal.",
		En: "Links have just been sent. Please look at your direct messages. If nothing arrives there, write !link in the room, or try again in a few minutes.",
	}
)

// Granted is a new session with its token, which is shown only here.
type Granted struct {
	Token   string
	Session store.Session
}

// ByOpenID signs in whoever the token belongs to, from origin. Only a server some of whose
// users are in the room is asked: nobody can have others asked by naming them.
func (s *Sessions) ByOpenID(ctx context.Context, origin string, room id.RoomID, server, token string) (Granted, error) {
	err := s.mayEnter(ctx, room, func(r *workspace.Room) bool {
		for user, m := range r.Members {
			if m.Membership == workspace.Joined && user.Homeserver() == server {
				return true
			}
		}
		return false
	})
	if err != nil {
		return Granted{}, err
	}
	user, err := s.verifier.Verify(ctx, server, token)
	if err != nil {
		return Granted{}, err
	}
	return s.grant(ctx, origin, room, user)
}

// ByLink signs in with a one-time link, from origin.
func (s *Sessions) ByLink(ctx context.Context, origin, token string) (Granted, error) {
	link, err := s.store.TakeLink(ctx, hash(token))
	if errors.Is(err, store.ErrNotFound) || (err == nil && time.Now().After(link.Expires)) {
		return Granted{}, workspace.Refuse(workspace.Unauthenticated, linkUsed)
	}
	if err != nil {
		return Granted{}, err
	}
	return s.grant(ctx, origin, link.Room, link.User)
}

// grant gives a session to a member of the room.
func (s *Sessions) grant(ctx context.Context, origin string, room id.RoomID, user id.UserID) (Granted, error) {
	err := s.mayEnter(ctx, room, func(r *workspace.Room) bool { return r.May(user, workspace.Look) == nil })
	if err != nil {
		return Granted{}, err
	}
	if s.signIns.Take(string(user), time.Now()) != pace.Allowed {
		return Granted{}, workspace.Refuse(workspace.RateLimited, signedInLately)
	}
	token := rand.Text() + rand.Text()
	n := store.Session{Hash: s.bound(token, origin), User: user, Room: room, Expires: time.Now().Add(s.ttl)}
	if err := s.store.PutSession(ctx, n); err != nil {
		return Granted{}, err
	}
	return Granted{Token: token, Session: n}, nil
}

// mayEnter refuses unless somebody can work in the room, in a direct chat its owner, and
// may finds there whom it looks for.
func (s *Sessions) mayEnter(ctx context.Context, room id.RoomID, may func(*workspace.Room) bool) error {
	if len(room) == 0 || len(room) > 255 || room[0] != '!' {
		return workspace.Refuse(workspace.NotFound, noSuchRoom)
	}
	known, err := s.store.Knows(ctx, room) // else anybody could have workers made for rooms that do not exist
	if err != nil {
		return err
	}
	if !known {
		return workspace.Refuse(workspace.Forbidden, noSuchRoom)
	}
	allowed := false
	err = s.rooms.Visit(ctx, room, func(v watch.View) {
		allowed = (v.Open || v.Own && v.Room.Owner != "") && may(v.Room)
	})
	if err == nil && !allowed {
		// The same answer for a room that does not exist, that others are in,
		// and that is closed: strangers learn nothing.
		return workspace.Refuse(workspace.Forbidden, noSuchRoom)
	}
	return err
}

// Check returns the session of a token that is shown from origin. A token that was
// given to a page elsewhere is as good as none.
func (s *Sessions) Check(ctx context.Context, origin, token string) (store.Session, error) {
	n, err := s.store.Session(ctx, s.bound(token, origin))
	if errors.Is(err, store.ErrNotFound) || (err == nil && time.Now().After(n.Expires)) {
		return store.Session{}, workspace.Refuse(workspace.Unauthenticated, notSignedIn)
	}
	return n, err
}

// Token returns the token of the REST API that is shown.
func (s *Sessions) Token(ctx context.Context, token string) (store.Token, error) {
	t, err := s.store.Token(ctx, hash(token))
	if errors.Is(err, store.ErrNotFound) {
		return store.Token{}, workspace.Refuse(workspace.Unauthenticated, badToken)
	}
	return t, err
}

// End signs out and returns the session that has ended. Ending what does not
// exist is no error, and ends nothing.
func (s *Sessions) End(ctx context.Context, origin, token string) (store.Session, error) {
	n, err := s.store.Session(ctx, s.bound(token, origin))
	if errors.Is(err, store.ErrNotFound) {
		return store.Session{}, nil
	}
	if err != nil {
		return store.Session{}, err
	}
	return n, s.store.DropSession(ctx, n.Hash)
}

// RequestLinks sends links to a person who entered their Matrix ID. It tells
// the caller nothing about whether that person or the room exists.
func (s *Sessions) RequestLinks(ctx context.Context, user id.UserID, room id.RoomID) error {
	if _, server, err := user.Parse(); err != nil || server == "" || len(user) > 255 {
		return workspace.Refuse(workspace.Invalid, badUser)
	}
	if !s.mayAsk(user) {
		return workspace.Refuse(workspace.RateLimited, askedLately)
	}
	return s.rooms.RequestLinks(ctx, user, room)
}

// maxAsked bounds the memory for who asked; forgetting early only allows a
// link too many.
const maxAsked = 10_000

func (s *Sessions) mayAsk(user id.UserID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked) >= maxAsked { // takes half an hour of asking as fast as is allowed
		clear(s.asked)
	}
	l := s.asked[user]
	if l == nil {
		l = rate.NewLimiter(rate.Every(10*time.Minute), 2)
	}
	// Only who is let through is remembered: names that others think of must not
	// push out those that count.
	if !s.asking.Allow() || !l.Allow() {
		return false
	}
	s.asked[user] = l
	return true
}

// OriginOf is the origin that a request comes from, "" if it does not say: browsers
// do with every POST and every socket.
func OriginOf(r *http.Request) string { return strings.ToLower(r.Header.Get("Origin")) }

func (s *Sessions) bound(token, origin string) string {
	if origin == "" {
		origin = s.origin
	}
	return Key(origin, token)
}

// Key is how the store knows the session of a token. The origin is part of it, so
// that from another one the session is not found.
func Key(origin, token string) string { return hash(origin + "\x00" + token) }

// hash is how tokens are looked up; the store never sees one.
func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
