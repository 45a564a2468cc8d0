package bots

import (
	"time"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

const maxComment = 10 * 1024 // bytes

// comment notes what is said in a card's thread.
func comment(t *Turn) {
	body := board.CleanLines(t.Event.Body)
	if t.Event.Thread == "" || body == "" || isCommandWord(body) || t.Room.Owner != "" && t.Room.Owner != t.Event.Sender {
		return
	}
	card := threadCard(t)
	if card == nil {
		return
	}
	t.Comment = &Comment{Card: card.ID, Event: t.Event.ID, By: t.Event.Sender, Body: cut(body, maxComment), At: t.Event.At}
}

// corrected notes the edit of a message that may be a comment. An edit does
// not tell its thread, so Card is empty: the comment keeps its card.
func corrected(t *Turn) {
	body := board.CleanLines(t.Event.Body)
	if body == "" || t.Event.Target == "" {
		return
	}
	edit := Comment{Event: t.Event.Target, By: t.Event.Sender, Body: cut(body, maxComment), At: time.Time{}}
	if id, known := t.Cards.ByMessage(t.Event.Thread); known && t.Event.Thread != "" {
		edit.Card = id
	}
	t.Comment = &edit
}

// threadCard is the card in whose thread the event is, or nil.
func threadCard(t *Turn) *workspace.Item {
	id, known := t.Cards.ByMessage(t.Event.Thread)
	if !known || t.Event.Thread == "" {
		return nil
	}
	card := t.Board.Card(id)
	// A thread below the message that a card was made of is the talk there.
	if card == nil || card.Text(board.Message) != string(t.Event.Thread) {
		return nil
	}
	return card
}
