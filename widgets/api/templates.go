package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// templates shows the built-in templates, which are no secret: a page offers them before
// a board is made after one.
func templates(c *gin.Context) (int, any, error) {
	lang, known := workspace.ParseLanguage(c.Query("lang"))
	if !known {
		lang = workspace.German
	}
	return http.StatusOK, map[string]any{"templates": board.Templates(lang)}, nil
}
