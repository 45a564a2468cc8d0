package api

import (
	"context"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/watch"
)

// Pictures fetches and takes what is shown on whiteboards (appservice.Service). It judges
// who may.
type Pictures interface {
	OpenPicture(ctx context.Context, room id.RoomID, user id.UserID, whiteboard workspace.ItemID, picture string) (*watch.File, error)
	SendPicture(ctx context.Context, room id.RoomID, user id.UserID, p watch.Picture) error
	PostPicture(ctx context.Context, room id.RoomID, user id.UserID, p watch.Picture) error
}

var badPicture = workspace.Text{
	De: "Dieses Bild ließ sich nicht übernehmen. Bitte laden Sie die Seite neu.",
	En: "This picture could not be taken. Please reload the page.",
}

// sendPicture takes a picture for a whiteboard.
func (a *API) sendPicture(c *gin.Context) (int, any, error) {
	return a.takePicture(c, a.Pictures.SendPicture)
}

// postPicture takes a picture of a whiteboard, which the bot posts into the room.
func (a *API) postPicture(c *gin.Context) (int, any, error) {
	return a.takePicture(c, a.Pictures.PostPicture)
}

func (a *API) takePicture(c *gin.Context, take func(context.Context, id.RoomID, id.UserID, watch.Picture) error) (int, any, error) {
	by, err := a.session(c)
	if err != nil {
		return 0, nil, err
	}
	picture := watch.Picture{Whiteboard: workspace.ItemID(c.Param("whiteboard")), ID: c.Query("id")}
	if !workspace.ItemID(picture.ID).Valid() {
		return 0, nil, workspace.Refuse(workspace.Invalid, badPicture)
	}
	err = a.takeIn(c, func(ctx context.Context, size int64, body io.Reader) error {
		picture.Size, picture.Body = size, body
		return take(ctx, by.Room, by.User, picture)
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusCreated, gin.H{"picture": picture.ID}, nil
}

// openPicture answers with a picture.
func (a *API) openPicture(c *gin.Context) {
	by, err := a.session(c)
	if err != nil {
		a.fail(c, err)
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), fileTime)
	defer cancel()
	f, err := a.Pictures.OpenPicture(ctx, by.Room, by.User, workspace.ItemID(c.Param("whiteboard")), c.Param("picture"))
	if err != nil {
		a.fail(c, err)
		return
	}
	a.handOut(c, f)
}
