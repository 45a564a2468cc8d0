package bots

import (
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// SentFrom is what stands below a file that somebody has attached on the page, which the
// bot posts for them.
func SentFrom(r *workspace.Room, by id.UserID, name string) string {
	return say(r.Language, workspace.Text{
		De: "%s hat auf dem Board eine Datei angehängt: %s", En: "%s has attached a file on the board: %s",
	}, nameOf(r, by), name).Body
}

// NotDrawn says why a whiteboard that somebody wanted to be posted was not.
func NotDrawn(lang workspace.Language, err error) Message { return *refusal(lang, err) }

// SentFromWhiteboard is what stands below a picture of a whiteboard, which the bot posts
// for somebody.
func SentFromWhiteboard(r *workspace.Room, by id.UserID, title string) string {
	return say(r.Language, workspace.Text{
		De: "%s zeigt das Whiteboard „%s“.", En: "%s shows the whiteboard “%s”.",
	}, nameOf(r, by), title).Body
}
