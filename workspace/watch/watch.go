// Package watch is what those who look at a room are shown: the room as it
// stands when they open it, and then what happens in it.
package watch

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// View is a room as a visitor sees it. It may be read during the visit only,
// but the items in it never change and may be kept.
type View struct {
	Room     *workspace.Room
	Board    *board.Board
	Comments map[workspace.ItemID]int // how many comments a card has
	// Open is false when nobody can work in the room: the bot is not in it, it
	// is a direct chat, it was replaced, or it is encrypted.
	Open bool
	// Own is set where the room's owner can work in it, if it has one (Room.Owner).
	Own bool
}

// Happening is what those who look at a room must learn of one durable step.
type Happening struct {
	// Room may be read during the call only.
	Room    *workspace.Room
	Commits []workspace.Commit
	Members map[id.UserID]workspace.Member
	// Rights is set when power levels, the room's name or its language changed.
	Rights bool
	// Comments are the numbers of comments, by card, that may have changed. What was said
	// is in Talk, in order; it is for those who have the card open.
	Comments map[workspace.ItemID]int
	Talk     []Talk
	// Removed are people who may not look on any more.
	Removed []id.UserID
	// Gone is set when nobody may. Successor then names the room that replaced
	// this one, if one did.
	Gone      bool
	Successor id.RoomID
	// Anew is set when everybody must be shown the room as a whole: commits do not
	// tell what became of it.
	Anew bool
}

// Talk is a comment that is new or altered, or one that has gone.
type Talk struct {
	Card  workspace.ItemID
	Event id.EventID
	Gone  bool // nothing of what follows is set then
	By    id.UserID
	Body  string
	At    time.Time
	// Posted is set when the bot has posted it for By.
	Posted bool
}

// Audience is told of each durable step of a room, in order, from the room's
// own goroutine; it must not block.
type Audience interface {
	Happened(h Happening)
}
