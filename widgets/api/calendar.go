package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"werkraum/workspace"
	"werkraum/workspace/ics"
)

// Calendars gives private calendars (appservice.Service).
type Calendars interface {
	// Calendar is the calendar that a token opens, of to-dos or of events, and the mark of
	// its state; "" if the mark is the one that is known.
	Calendar(ctx context.Context, token string, todos bool, known string) (text, mark string, err error)
}

// maxToken is longer than any token of ours.
const maxToken = 64

// events serves GET /api/v1/calendar/TOKEN.ics.
func (a *API) events(c *gin.Context) {
	token, ok := strings.CutSuffix(c.Param("token"), ".ics")
	if !ok {
		a.fail(c, workspace.Refuse(workspace.NotFound, noSuchPlace))
		return
	}
	a.calendar(c, token, false)
}

// todos serves GET /api/v1/calendar/TOKEN/todos.ics.
func (a *API) todos(c *gin.Context) { a.calendar(c, c.Param("token"), true) }

// calendar answers with a private calendar. The token is in the path, for calendar
// programs can carry it nowhere else: so it opens nothing but this, and can be ended.
func (a *API) calendar(c *gin.Context, token string, todos bool) {
	if token == "" || len(token) > maxToken {
		a.fail(c, workspace.Refuse(workspace.NotFound, noSuchPlace))
		return
	}
	known := strings.Trim(strings.TrimPrefix(c.GetHeader("If-None-Match"), "W/"), `"`)
	text, mark, err := a.Calendars.Calendar(c.Request.Context(), token, todos, known)
	if err != nil {
		a.fail(c, err)
		return
	}
	c.Header("Cache-Control", "private, max-age=300")
	c.Header("ETag", `"`+mark+`"`)
	if text == "" {
		c.Status(http.StatusNotModified)
		return
	}
	c.Header("Content-Disposition", `inline; filename="werkraum.ics"`)
	c.Data(http.StatusOK, ics.Type, []byte(text))
}
