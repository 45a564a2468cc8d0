// Package api is the HTTP side of the page: signing in, the live socket, and
// the page itself.
package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/widgets/session"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
)

// API serves /api/v1 and the page.
type API struct {
	Sessions  *session.Sessions
	Live      Live
	Page      *Page
	Calendars Calendars
	Files     Files
	Pictures  Pictures
	Versions  Versions
	Language  workspace.Language // of people whose browser asks for none that is spoken here
	// PublicURL is where browsers reach the page. Its origin is the only one whose
	// requests change anything.
	PublicURL string
	Log       zerolog.Logger
	Rooms     Rooms
	History   History
	Reader    board.Reader // of files that are imported

	reads     *pace.Limiter // of each person in a room
	importing chan struct{} // holds one for each file that is being read
}

// Live is where the pages' sockets end (live.Hub).
type Live interface {
	http.Handler
	SignedOut(ended store.Session)
	// Pace refuses a change of somebody who makes too many, by whatever way.
	Pace(room id.RoomID, user id.UserID) error
}

const maxBody = 64 << 10

// Mount adds the routes. They are documented in docs/live-protocol.md.
func (a *API) Mount(r *gin.Engine) {
	r.Use(func(c *gin.Context) { secure(c.Writer.Header()) })
	v1 := r.Group("/api/v1", noStore, a.sameOrigin())
	v1.POST("/sessions/openid", a.handle(a.openID))
	v1.POST("/sessions/link", a.handle(a.link))
	v1.POST("/links", a.handle(a.requestLinks))
	v1.DELETE("/session", a.handle(a.signOut))
	r.GET("/api/v1/calendar/:token", a.events)
	r.GET("/api/v1/calendar/:token/todos.ics", a.todos)
	v1.GET("/uploads", a.handle(a.uploads))
	v1.POST("/cards/:card/files", a.handle(a.sendFile))
	v1.GET("/cards/:card/files/:file", a.openFile)
	v1.POST("/whiteboards/:whiteboard/pictures", a.handle(a.sendPicture))
	v1.GET("/whiteboards/:whiteboard/pictures/:picture", a.openPicture)
	v1.POST("/whiteboards/:whiteboard/post", a.handle(a.postPicture))
	v1.GET("/whiteboards/:whiteboard/versions/:version", a.openVersion)
	v1.GET("/templates", a.handle(templates))
	v1.GET("/live", gin.WrapH(a.Live))
	a.mountRooms(v1)
	r.NoRoute(func(c *gin.Context) {
		if strings.HasPrefix(c.Request.URL.Path, "/api/") {
			a.fail(c, workspace.Refuse(workspace.NotFound, noSuchPlace))
			return
		}
		a.Page.ServeHTTP(c.Writer, c.Request)
	})
}

// secure sets what holds for every answer: it is what it says it is, no other site
// may use it, and nothing of it runs. The page says for itself what it needs.
func secure(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // addresses of rooms are nobody's business
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

// sameOrigin refuses what pages of other sites send. It is a second lock: there are
// no cookies that they could use.
func (a *API) sameOrigin() gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	if u, err := url.Parse(a.PublicURL); err == nil && u.Host != "" {
		_ = protection.AddTrustedOrigin(u.Scheme + "://" + u.Host) // which is a proper origin
	}
	return func(c *gin.Context) {
		if err := protection.Check(c.Request); err != nil {
			a.fail(c, workspace.Refuse(workspace.Forbidden, otherSite).Because(err))
			c.Abort()
		}
	}
}

func noStore(c *gin.Context) { c.Header("Cache-Control", "no-store") }

var (
	noSuchPlace = workspace.Text{
		De: "Diese Adresse gibt es nicht.",
		En: "There is no such address.",
	}
	badRequest = workspace.Text{
		De: "Die Anfrage ist fehlerhaft. Bitte laden Sie die Seite neu.",
		En: "The request is malformed. Please reload the page.",
	}
	otherSite = workspace.Text{
		De: "Diese Anfrage kommt von einer anderen Website und wurde nicht ausgeführt. Bitte öffnen Sie das Board aus Ihrem Raum.",
		En: "This request comes from another website and was not carried out. Please open the board from your room.",
	}
	bodyTooLarge = workspace.Text{
		De: "Die Anfrage ist zu groß.",
		En: "The request is too large.",
	}
)

// handle turns a handler that returns a status, an answer and an error into
// one of gin's. Errors are written here and nowhere else.
func (a *API) handle(f func(c *gin.Context) (int, any, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		status, body, err := f(c)
		switch {
		case err != nil:
			a.fail(c, err)
		case body == nil:
			c.Status(status)
		default:
			c.JSON(status, body)
		}
	}
}

var statusOf = map[workspace.ErrorKind]int{
	workspace.Invalid:         http.StatusBadRequest,
	workspace.Unauthenticated: http.StatusUnauthorized,
	workspace.Forbidden:       http.StatusForbidden,
	workspace.NotFound:        http.StatusNotFound,
	workspace.Conflict:        http.StatusConflict,
	workspace.TooLarge:        http.StatusRequestEntityTooLarge,
	workspace.RateLimited:     http.StatusTooManyRequests,
	workspace.Unavailable:     http.StatusServiceUnavailable,
	workspace.Internal:        http.StatusInternalServerError,
}

func (a *API) fail(c *gin.Context, err error) {
	e := workspace.AsError(err)
	if e.Cause != nil {
		a.Log.Warn().Err(e).Str("path", c.FullPath()).Msg("Refused a request")
	}
	c.JSON(statusOf[e.Kind], gin.H{"error": gin.H{"kind": e.Kind, "message": e.Say.In(a.language(c))}})
}

// language is the first language of Accept-Language that is spoken here.
func (a *API) language(c *gin.Context) workspace.Language {
	for part := range strings.SplitSeq(c.GetHeader("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if lang, ok := workspace.ParseLanguage(tag); ok {
			return lang
		}
	}
	return a.Language
}

func read(c *gin.Context, into any) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return workspace.Refuse(workspace.TooLarge, bodyTooLarge)
	}
	if err != nil || json.Unmarshal(body, into) != nil {
		return workspace.Refuse(workspace.Invalid, badRequest)
	}
	return nil
}

type granted struct {
	Session string    `json:"session"`
	Expires int       `json:"expires_in"` // seconds
	Room    id.RoomID `json:"room_id"`
	User    id.UserID `json:"user_id"`
}

func grantedBy(g session.Granted, err error) (int, any, error) {
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, granted{g.Token, int(time.Until(g.Session.Expires).Seconds()), g.Session.Room, g.Session.User}, nil
}

func (a *API) openID(c *gin.Context) (int, any, error) {
	var body struct {
		Room   id.RoomID `json:"room_id"`
		OpenID struct {
			Token  string `json:"access_token"`
			Server string `json:"matrix_server_name"`
		} `json:"openid"`
	}
	if err := read(c, &body); err != nil {
		return 0, nil, err
	}
	return grantedBy(a.Sessions.ByOpenID(c.Request.Context(), session.OriginOf(c.Request), body.Room, body.OpenID.Server, body.OpenID.Token))
}

func (a *API) link(c *gin.Context) (int, any, error) {
	var body struct {
		Token string `json:"token"`
	}
	if err := read(c, &body); err != nil {
		return 0, nil, err
	}
	return grantedBy(a.Sessions.ByLink(c.Request.Context(), session.OriginOf(c.Request), body.Token))
}

func (a *API) requestLinks(c *gin.Context) (int, any, error) {
	var body struct {
		User id.UserID `json:"user_id"`
		Room id.RoomID `json:"room_id"`
	}
	if err := read(c, &body); err != nil {
		return 0, nil, err
	}
	if err := a.Sessions.RequestLinks(c.Request.Context(), body.User, body.Room); err != nil {
		return 0, nil, err
	}
	return http.StatusAccepted, gin.H{}, nil
}

func (a *API) signOut(c *gin.Context) (int, any, error) {
	ended, err := a.Sessions.End(c.Request.Context(), session.OriginOf(c.Request), bearer(c))
	if err != nil {
		return 0, nil, err
	}
	a.Live.SignedOut(ended)
	return http.StatusNoContent, nil, nil
}
