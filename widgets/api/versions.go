package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

// Versions has what lay on whiteboards in earlier versions of them (appservice.Service). It
// judges who may look.
type Versions interface {
	OpenVersion(ctx context.Context, room id.RoomID, user id.UserID, on, version workspace.ItemID) ([]byte, error)
}

// openVersion answers with {"elements": […]} as it is stored: packed, unless the client cannot
// take that.
func (a *API) openVersion(c *gin.Context) {
	by, err := a.session(c)
	if err != nil {
		a.fail(c, err)
		return
	}
	packed, err := a.Versions.OpenVersion(c.Request.Context(), by.Room, by.User, workspace.ItemID(c.Param("whiteboard")), workspace.ItemID(c.Param("version")))
	if err != nil {
		a.fail(c, err)
		return
	}
	on := patient(c)
	c.Header("Vary", "Accept-Encoding")
	if takesGzip(c.GetHeader("Accept-Encoding")) {
		c.Header("Content-Encoding", "gzip")
	} else if packed, err = whiteboard.Unpack(packed); err != nil {
		a.fail(c, err)
		return
	}
	c.Header("Content-Type", "application/json; charset=utf-8")
	c.Status(http.StatusOK)
	if _, err := (patientWriter{c.Writer, on}).Write(packed); err != nil {
		a.Log.Debug().Err(err).Msg("A version of a whiteboard did not get through")
	}
}

// takesGzip reads an Accept-Encoding: whether gzip is named, and not to be left out.
func takesGzip(accepted string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}
