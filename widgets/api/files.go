package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/widgets/session"
	"werkraum/workspace"
	"werkraum/workspace/watch"
)

// Files fetches and takes the attachments of cards (appservice.Service). It judges who
// may.
type Files interface {
	OpenFile(ctx context.Context, room id.RoomID, user id.UserID, card workspace.ItemID, file string, small bool) (*watch.File, error)
	SendFile(ctx context.Context, room id.RoomID, user id.UserID, u watch.Upload) error
	MaxUpload(ctx context.Context) int64
}

const (
	// fileTime bounds one file on its way, fileStall how long nothing of it may come.
	fileTime  = 10 * time.Minute
	fileStall = time.Minute
)

var lengthMissing = workspace.Text{
	De: "Die Größe der Datei fehlt. Bitte laden Sie die Seite neu.",
	En: "The size of the file is missing. Please reload the page.",
}

// bearer is the token that a request shows.
func bearer(c *gin.Context) string {
	token, _ := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	return token
}

func (a *API) session(c *gin.Context) (store.Session, error) {
	return a.Sessions.Check(c.Request.Context(), session.OriginOf(c.Request), bearer(c))
}

func (a *API) uploads(c *gin.Context) (int, any, error) {
	if _, err := a.session(c); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, gin.H{"max_bytes": a.Files.MaxUpload(c.Request.Context())}, nil
}

// sendFile takes a file as it comes; whose it is and whether they may is settled before
// its bytes are read.
func (a *API) sendFile(c *gin.Context) (int, any, error) {
	by, err := a.session(c)
	if err != nil {
		return 0, nil, err
	}
	err = a.takeIn(c, func(ctx context.Context, size int64, body io.Reader) error {
		return a.Files.SendFile(ctx, by.Room, by.User, watch.Upload{
			Card: workspace.ItemID(c.Param("card")), File: c.Query("id"), Name: c.Query("name"), Size: size, Body: body,
		})
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusCreated, gin.H{"file": c.Query("id")}, nil
}

// takeIn has a file taken as it comes.
func (a *API) takeIn(c *gin.Context, take func(ctx context.Context, size int64, body io.Reader) error) error {
	size := c.Request.ContentLength
	if size < 0 {
		return workspace.Refuse(workspace.Invalid, lengthMissing)
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), fileTime)
	defer cancel()
	on := patient(c)
	defer on.goOn() // for the answer
	return take(ctx, size, &patientReader{http.MaxBytesReader(c.Writer, c.Request.Body, size), on})
}

// openFile answers with a file. Nothing of it can run: only what is a harmless picture by
// its bytes is called one, everything else is to be saved.
func (a *API) openFile(c *gin.Context) {
	by, err := a.session(c)
	if err != nil {
		a.fail(c, err)
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), fileTime)
	defer cancel()
	f, err := a.Files.OpenFile(ctx, by.Room, by.User, workspace.ItemID(c.Param("card")), c.Param("file"), c.Query("size") == "small")
	if err != nil {
		a.fail(c, err)
		return
	}
	a.handOut(c, f)
}

// handOut passes a file on as it comes, and closes it.
func (a *API) handOut(c *gin.Context, f *watch.File) {
	defer f.Body.Close()
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	disposition := "attachment"
	switch f.Image {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		h.Set("Content-Type", f.Image)
		disposition = "inline"
	default:
		h.Set("Content-Type", "application/octet-stream")
	}
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	if f.Size >= 0 {
		h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	}
	on := patient(c)
	c.Status(http.StatusOK)
	if _, err := io.Copy(patientWriter{c.Writer, on}, f.Body); err != nil {
		// What was sent is not the file, or not all of it: the connection ends, so that
		// nobody takes it for that.
		a.Log.Debug().Err(err).Msg("A file did not get through")
		on.cut()
	}
}

// patience lets a request take as long as something of it comes.
type patience struct{ http *http.ResponseController }

func patient(c *gin.Context) patience {
	p := patience{http.NewResponseController(c.Writer)}
	p.goOn()
	return p
}

// goOn gives the connection time for the next piece. Where it cannot be told so, the
// server's own limits hold.
func (p patience) goOn() {
	next := time.Now().Add(fileStall)
	_ = p.http.SetReadDeadline(next)
	_ = p.http.SetWriteDeadline(next)
}

// cut ends the connection.
func (p patience) cut() {
	past := time.Now().Add(-time.Second)
	_ = p.http.SetReadDeadline(past)
	_ = p.http.SetWriteDeadline(past)
}

type patientReader struct {
	io.Reader
	on patience
}

// Read implements io.Reader.
func (r *patientReader) Read(p []byte) (int, error) {
	r.on.goOn()
	return r.Reader.Read(p)
}

type patientWriter struct {
	io.Writer
	on patience
}

// Write implements io.Writer.
func (w patientWriter) Write(p []byte) (int, error) {
	w.on.goOn()
	return w.Writer.Write(p)
}
