package api

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/export"
	"werkraum/workspace/ics"
	"werkraum/workspace/watch"
)

const importsAtOnce = 2 // files are read into memory

var (
	importsBusy = workspace.Text{
		De: "Gerade werden schon andere Dateien eingelesen. Bitte versuchen Sie es in einem Augenblick noch einmal.",
		En: "Other files are being read at the moment. Please try again in a moment.",
	}
	noSuchFormat = workspace.Text{
		De: "Dieses Format gibt es nicht. Möglich sind csv, json und ics.",
		En: "There is no such format. There are csv, json and ics.",
	}
)

type refused struct {
	Where string `json:"where"`
	Why   string `json:"why"`
}

// importAnswer tells what an import makes, or has made.
type importAnswer struct {
	Change  workspace.ChangeID `json:"change,omitempty"` // by which it can be undone
	Seq     int64              `json:"seq,omitempty"`
	Format  string             `json:"format"`
	Boards  []string           `json:"boards"` // titles
	Into    []workspace.ItemID `json:"into"`   // boards to which it came; none in a preview
	Columns int                `json:"columns"`
	Cards   int                `json:"cards"`
	// Strangers are people of the file who are no members of the room.
	Strangers []string  `json:"strangers"`
	Refused   []refused `json:"refused"`
	More      int       `json:"more_refused"`
}

// maxStrangers bounds how many people an answer names.
const maxStrangers = 50

// imports takes a file over, as one change; with preview nothing is changed.
func (a *API) imports(c *gin.Context) (int, any, error) {
	who, err := a.caller(c, store.WriteScope)
	if err != nil {
		return 0, nil, err
	}
	if err := a.Live.Pace(who.room, who.user); err != nil {
		return 0, nil, err
	}
	name, err := key(c)
	if err != nil {
		return 0, nil, err
	}
	act, err := destination(c)
	if err != nil {
		return 0, nil, err
	}
	// Who may not import is not read at all.
	var members map[id.UserID]workspace.Member
	var lang workspace.Language
	var zone *time.Location
	var refusal error
	var first workspace.ItemID
	err = a.Rooms.Visit(c.Request.Context(), who.room, func(v watch.View) {
		first = v.Board.First()
		if refusal = mayLook(v, who.user); refusal == nil {
			refusal = v.Room.May(who.user, act.Deeds(who.user)...)
		}
		if refusal == nil {
			refusal = needBoard(v, act.Into)
		}
		lang, zone, members = v.Room.Language, v.Room.Zone, maps.Clone(v.Room.Members)
	})
	if err = errors.Join(err, refusal); err != nil {
		return 0, nil, err
	}
	select {
	case a.importing <- struct{}{}:
		defer func() { <-a.importing }()
	default:
		return 0, nil, workspace.Refuse(workspace.Unavailable, importsBusy)
	}
	file, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, board.MaxFile))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return 0, nil, workspace.Refuse(workspace.TooLarge, bodyTooLarge)
	}
	if err != nil {
		return 0, nil, workspace.Refuse(workspace.Invalid, badRequest)
	}
	read, err := a.Reader(file, lang, zone)
	if err != nil {
		return 0, nil, err
	}
	body := a.tell(c, read, members)
	act.Drafts, act.Seed = read.Drafts, string(who.changeOf(name))
	if c.Query("preview") == "true" {
		return http.StatusOK, body, nil
	}
	m, err := a.do(c.Request.Context(), who, name, board.On(act))
	if err != nil {
		return 0, nil, err
	}
	body.Change, body.Seq = m.Change, m.Seq
	if body.Into = act.Boards(); !act.New {
		body.Into = []workspace.ItemID{cmp.Or(act.Into, first)}
		for _, d := range act.Drafts {
			if d.Archived { // its columns were not made
				body.Columns -= len(d.Columns)
			}
		}
	}
	return http.StatusOK, body, nil
}

// destination is where an import goes: to a board, the first if none is named, or to new ones.
func destination(c *gin.Context) (board.Import, error) {
	fresh, err := readFlag(c, "new")
	act := board.Import{Into: workspace.ItemID(c.Query("board")), New: fresh, Title: board.Clean(c.Query("title"))}
	switch {
	case err != nil:
		return act, err
	case fresh && act.Into != "":
		return act, workspace.Refuse(workspace.Invalid, badQuery.With("board"))
	case act.Title != "" && !fresh:
		return act, workspace.Refuse(workspace.Invalid, badQuery.With("title"))
	case act.Title != "":
		return act, board.CheckField(board.KindBoard, board.Title, workspace.String(act.Title))
	}
	return act, nil
}

func (a *API) tell(c *gin.Context, read board.Reading, members map[id.UserID]workspace.Member) importAnswer {
	body := importAnswer{Format: read.Format, Boards: []string{}, Into: []workspace.ItemID{}, Strangers: read.Strangers(members, maxStrangers), Refused: []refused{}, More: read.More}
	lang := a.language(c)
	for _, n := range read.Refused {
		body.Refused = append(body.Refused, refused{n.Where.In(lang), n.Why.In(lang)})
	}
	for _, d := range read.Drafts {
		if d.Title != "" {
			body.Boards = append(body.Boards, d.Title)
		}
		body.Columns += len(d.Columns)
		body.Cards += len(d.Cards)
	}
	return body
}

// export answers with the work as a file.
func (a *API) export(c *gin.Context) {
	format := c.Query("format")
	if format != "csv" && format != "json" && format != "ics" {
		a.fail(c, workspace.Refuse(workspace.Invalid, noSuchFormat))
		return
	}
	var taken export.Board
	var lang workspace.Language
	var refusal error
	on := workspace.ItemID(c.Query("board"))
	err := a.visit(c, func(_ caller, v watch.View) {
		if refusal = needBoard(v, on); refusal == nil {
			taken, lang = export.Of(v, on, time.Now()), v.Room.Language
		}
	})
	if err = errors.Join(err, refusal); err != nil {
		a.fail(c, err)
		return
	}
	if asked, ok := workspace.ParseLanguage(c.Query("lang")); ok {
		lang = asked
	}
	file, mediaType := taken.JSON, "application/json; charset=utf-8"
	switch format {
	case "csv":
		file, mediaType = func() []byte { return taken.CSV(lang) }, "text/csv; charset=utf-8"
	case "ics":
		file, mediaType = taken.ICS, ics.Type
	}
	// The room's name is nobody's business in a header, and not all signs may stand there.
	c.Header("Content-Disposition", `attachment; filename="werkraum-`+strings.ReplaceAll(taken.At.Format(time.DateOnly), "-", "")+"."+format+`"`)
	c.Data(http.StatusOK, mediaType, file())
}
