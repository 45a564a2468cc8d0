package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/widgets/session"
	"werkraum/workspace"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

// Rooms is where the work is (appservice.Service).
type Rooms interface {
	Visit(ctx context.Context, room id.RoomID, f func(watch.View)) error
	DoVia(via workspace.Via, room id.RoomID, by id.UserID, change workspace.ChangeID, a workspace.Act, reply func(seq int64, err error))
	UndoVia(via workspace.Via, room id.RoomID, by id.UserID, change, target workspace.ChangeID, reply func(seq int64, err error))
}

// History is the log of rooms (store.Store).
type History interface {
	CommitsAfter(ctx context.Context, room id.RoomID, seq int64, limit int) ([]workspace.Commit, error)
	Epoch() string
}

// readsAtOnce bounds how much a person reads of a room.
var readsAtOnce = pace.Limit{Most: 600, Per: time.Minute}

// mountRooms adds what is done in a room. It is described in openapi.json, to which a test
// holds it, and in docs/api.md.
func (a *API) mountRooms(v1 *gin.RouterGroup) {
	a.reads, a.importing = pace.New(readsAtOnce), make(chan struct{}, importsAtOnce)
	v1.GET("/openapi.json", a.describe)
	room := v1.Group("/rooms/:room")
	room.GET("", a.handle(a.room))
	room.GET("/boards", a.handle(a.boards))
	room.GET("/columns", a.handle(a.columns))
	room.GET("/views", a.handle(a.views))
	room.GET("/labels", a.handle(a.labels))
	room.GET("/cards", a.handle(a.cards))
	room.GET("/cards/:card", a.handle(a.card))
	room.GET("/changes", a.handle(a.changes))
	room.GET("/export", a.export)
	room.POST("/cards", a.handle(a.addCard))
	room.PATCH("/cards/:card", a.handle(a.editCard))
	room.DELETE("/cards/:card", a.handle(a.deleteCard))
	room.POST("/cards/:card/move", a.handle(a.moveCard))
	room.POST("/cards/:card/archive", a.handle(a.archiveCard))
	room.POST("/acts", a.handle(a.act))
	room.POST("/imports", a.handle(a.imports))
}

// caller is who asks, in which room, and what they may at most.
type caller struct {
	user  id.UserID
	room  id.RoomID
	via   workspace.Via
	scope store.Scope
}

var (
	readOnlyToken = workspace.Text{
		De: "Mit diesem Token darf nur gelesen werden.",
		En: "This token may be used for reading only.",
	}
	anotherRoom = workspace.Text{
		De: "Diese Anmeldung gilt für einen anderen Raum.",
		En: "This sign-in is for another room.",
	}
	cannotWorkHere = workspace.Text{
		De: "In diesem Raum kann Werkraum gerade nicht arbeiten.",
		En: "Werkraum cannot work in this room at the moment.",
	}
	readsTooMuch = workspace.Text{
		De: "Das waren sehr viele Anfragen auf einmal. Bitte warten Sie einen Augenblick.",
		En: "Those were a great many requests at once. Please wait a moment.",
	}
	badKey = workspace.Text{
		De: "Der Idempotency-Key hat 8 bis 64 Zeichen: Buchstaben, Ziffern, _ und -.",
		En: "The Idempotency-Key has 8 to 64 characters: letters, digits, _ and -.",
	}
)

// caller finds out who asks: with a token of the API, or with the session of a page.
func (a *API) caller(c *gin.Context, scope store.Scope) (caller, error) {
	secret, _ := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	var who caller
	if strings.HasPrefix(secret, store.TokenPrefix) {
		t, err := a.Sessions.Token(c.Request.Context(), secret)
		if err != nil {
			return caller{}, err
		}
		who = caller{t.User, t.Room, workspace.ViaAPI, t.Scope}
	} else {
		s, err := a.Sessions.Check(c.Request.Context(), session.OriginOf(c.Request), secret)
		if err != nil {
			return caller{}, err
		}
		who = caller{s.User, s.Room, workspace.ViaWidget, store.WriteScope}
	}
	if string(who.room) != c.Param("room") {
		return caller{}, workspace.Refuse(workspace.Forbidden, anotherRoom)
	}
	if scope == store.WriteScope && who.scope != store.WriteScope {
		return caller{}, workspace.Refuse(workspace.Forbidden, readOnlyToken)
	}
	return who, nil
}

// visit looks into the room in the name of whoever asks, if they may.
func (a *API) visit(c *gin.Context, look func(who caller, v watch.View)) error {
	who, err := a.caller(c, store.ReadScope)
	if err != nil {
		return err
	}
	if a.reads.Take(string(who.room)+" "+string(who.user), time.Now()) != pace.Allowed {
		return workspace.Refuse(workspace.RateLimited, readsTooMuch)
	}
	var refusal error
	err = a.Rooms.Visit(c.Request.Context(), who.room, func(v watch.View) {
		if refusal = mayLook(v, who.user); refusal == nil {
			look(who, v)
		}
	})
	if err != nil {
		return err
	}
	return refusal
}

func mayLook(v watch.View, user id.UserID) error {
	if err := v.Room.May(user, workspace.Look); err != nil {
		return err
	}
	if !v.Open {
		return workspace.Refuse(workspace.Forbidden, cannotWorkHere)
	}
	return nil
}

var idempotencyKey = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// key names the change that a request makes; asked again with it, it is made once.
func key(c *gin.Context) (string, error) {
	k := c.GetHeader("Idempotency-Key")
	if k == "" {
		return rand.Text(), nil
	}
	if !idempotencyKey.MatchString(k) {
		return "", workspace.Refuse(workspace.Invalid, badKey)
	}
	return k, nil
}

// changeOf is how the room's log calls a change; nobody can use up another person's names.
func (who caller) changeOf(key string) workspace.ChangeID {
	return workspace.ChangeID(key + "~" + string(who.user))
}

// made is a change that was done and is durable.
type made struct {
	Change workspace.ChangeID `json:"change"`
	Seq    int64              `json:"seq"`
}

// do has an act done and waits until it is durable.
func (a *API) do(ctx context.Context, who caller, key string, act workspace.Act) (made, error) {
	return a.await(ctx, who, key, func(change workspace.ChangeID, reply func(int64, error)) {
		a.Rooms.DoVia(who.via, who.room, who.user, change, act, reply)
	})
}

func (a *API) await(ctx context.Context, who caller, key string, start func(workspace.ChangeID, func(int64, error))) (made, error) {
	type answer struct {
		seq int64
		err error
	}
	answered := make(chan answer, 1)
	change := who.changeOf(key)
	start(change, func(seq int64, err error) { answered <- answer{seq, err} })
	select {
	case got := <-answered:
		return made{change, got.seq}, got.err
	case <-ctx.Done(): // it may be done all the same; whoever asks again with the key learns it
		return made{}, workspace.Refuse(workspace.Unavailable, cannotWorkHere).Because(ctx.Err())
	}
}

// state is the room's state that an answer shows, as an ETag; false means that who asks
// has it already.
func (a *API) state(c *gin.Context, v watch.View) (string, bool) {
	tag := `"` + a.History.Epoch() + v.Room.EditionMark() + "." + strconv.FormatInt(v.Room.Seq, 10) + `"`
	for have := range strings.SplitSeq(c.GetHeader("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(have), "W/") == tag {
			return tag, false
		}
	}
	return tag, true
}

// answer writes what a visit has found, or that nothing has changed.
func answer(c *gin.Context, tag string, fresh bool, body any) (int, any, error) {
	c.Header("ETag", tag)
	c.Header("Cache-Control", "private, no-cache")
	if !fresh {
		return http.StatusNotModified, nil, nil
	}
	return http.StatusOK, body, nil
}
