// Package bots is what people can do by typing and reacting in a room. It
// decides nothing about rights or merging (workspace does) and does no I/O: it
// is given one event and the room as it stands, and leaves what is to happen
// in the Turn.
package bots

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
)

// EventKind tells what a person did in the room.
type EventKind int

// What the bots listen to.
const (
	Said    EventKind = iota // m.room.message with m.text or m.emote, not an edit
	Edited                   // an edit of a message (m.replace); Target is what it replaces
	Reacted                  // m.reaction; Key on Target
	Took                     // m.room.redaction of Target
	Posted                   // m.image, m.file, m.video or m.audio in a thread; File is what it carries
)

// Event is an event of the room, decoded and checked.
type Event struct {
	ID     id.EventID
	Kind   EventKind
	Sender id.UserID
	// At is when the homeserver of this Werkraum handed it over; the sender's
	// own clock (origin_server_ts) is not trusted.
	At       time.Time
	Body     string      // plain text, without a reply fallback
	HTML     string      // formatted_body, or "": used only to find the people named by pills
	Mentions []id.UserID // m.mentions.user_ids
	Thread   id.EventID  // root of the thread that it is in, or ""
	ReplyTo  id.EventID  // the message that it answers outside threads, or ""
	Target   id.EventID  // for Edited, Reacted and Took
	Key      string      // for Reacted: the emoji
	File     *PostedFile // for Posted; the Body is then its caption, or ""
	// Fetched is the message that Needs asked for; nil if it cannot be read.
	Fetched *FetchedMessage
	// Carried is the file for which Turn.Fetch has asked; nil before that.
	Carried *Carried
}

// PostedFile is what a message says of the file that it carries; none of it is to be
// relied on.
type PostedFile struct {
	Name string
	Type string // one of board.FileTypes
	Size int64
}

// FetchedMessage is an earlier message of the room.
type FetchedMessage struct {
	ID     id.EventID
	Sender id.UserID
	Body   string // what it says, after edits if the homeserver tells them; "" if it has no text
}

// Message is what the bot says. It is sent as m.notice with intentional
// mentions only (client-server API, m.mentions).
type Message struct {
	Body     string      // plain text
	HTML     string      // the same as HTML, or "" for plain text only; everything that people wrote is escaped
	Mentions []id.UserID // people to be notified
}

// Cards finds cards by the messages that belong to them.
type Cards interface {
	// ByMessage returns the card whose card message or source message event is.
	ByMessage(event id.EventID) (card workspace.ItemID, ok bool)
}

// Turn is the handling of one event. The room's worker makes it, hands it to
// the bots, and then stores and sends all of it at once or nothing.
type Turn struct {
	Room  *workspace.Room
	Board *board.Board
	Cards Cards
	Event Event
	Now   time.Time
	// Bot is the bot's own user ID.
	Bot id.UserID
	// Direct is true in a direct chat between one person and the bot, whose cards are
	// the person's own to-dos (workspace.Room.Owner).
	Direct bool
	// Do makes a change in the name of the event's sender.
	Do func(via workspace.Via, act workspace.Act) (workspace.Commit, error)
	// Undo takes a change back in the name of the event's sender; "" means
	// their last one that was not taken back yet.
	Undo func(change workspace.ChangeID) (workspace.Commit, error)

	// Work gathers what is the sender's own in all of their rooms.
	Work func() (mine.Work, error)
	// History returns the last changes that tell something of a card, the newest first.
	History func(card workspace.ItemID, most int) ([]workspace.Commit, error)

	// Reminding tells how the sender wants to be reminded.
	Reminding func() (agenda.Choice, error)

	// Fetch asks for the file that a message carries. Then nothing else happens now: the
	// event is handled once more, with the file.
	Fetch id.EventID

	// What is to happen afterwards, in this order.

	// Language is the room's new language, or "".
	Language workspace.Language
	// TimeZone is the room's new time zone, or "".
	TimeZone string
	// Level is what the bot says in the room by itself from now on, "" leaves it.
	Level agenda.Level
	// Digest is when the room gets its digest from now on, nil leaves it.
	Digest *agenda.Digest
	// Remind is how the sender wants to be reminded from now on, nil if they said nothing.
	Remind *agenda.Choice
	// Comment is what the event says on a card, nil if it does not.
	Comment *Comment
	// DropComment removes the comment that came with this event, or "".
	DropComment id.EventID
	// PostCard asks for the card's message in the room. In the main timeline
	// it stands for the answer to the command that made the card. If the card
	// has one already nothing is sent.
	PostCard workspace.ItemID
	// Notify are the people whom the message of PostCard mentions: the command
	// that made the card assigned it to them. Later edits of it mention nobody.
	Notify []id.UserID
	// Answer is the one answer to the event, nil for none. It goes where the
	// event was: its thread, or a reply beside it.
	Answer *Message
	// Whisper is said to the sender in their direct chat with the bot, whatever room
	// the event was in; nil for nothing. Secret has it sent in an encrypted chat only.
	Whisper *Message
	Secret  bool
	// Calendar is what the sender wants of their private calendar of this room (in a
	// direct chat: of all that is theirs).
	Calendar CalendarWish
	// CalendarBoard is the board whose calendar is meant; "" for all of the room.
	CalendarBoard workspace.ItemID
	// SendLink sends the event's sender a private link to this room's board
	// (in a direct chat: to each of their rooms) by direct message.
	SendLink bool
	// Export makes of it a link that downloads the board in that format: “csv”, “json”, “ics”.
	Export string
	// Open is the whiteboard that the link opens, "" for the board.
	Open workspace.ItemID
	// Drawing is a whiteboard that is to be posted where the event was, nil for none.
	Drawing *Drawing
	// Token is what the event's sender wants done with the tokens of the REST API; the
	// outcome is told by direct message.
	Token *TokenWish
}

// Drawing is a whiteboard that is posted in the room: as a picture, or as a file.
type Drawing struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
	Frame      string           `json:"frame,omitempty"` // only this part of it
	File       bool             `json:"file,omitempty"`  // as Excalidraw's own file
	Name       string           `json:"name"`            // of the file
}

// Comment is a message in a card's thread.
type Comment struct {
	Card  workspace.ItemID // "" with an edit: the comment keeps its card
	Event id.EventID       // the message; with an edit, the message that was edited
	By    id.UserID
	Body  string
	At    time.Time // zero for an edit: the comment keeps its time
}

// Lang is the language that the room speaks.
func (t *Turn) Lang() workspace.Language { return t.Room.Language }
