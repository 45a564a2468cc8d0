package bots

import (
	"strings"

	"maunium.net/go/mautrix/id"
)

// Bot decides what becomes of what people type and react. It keeps no state
// between turns and may be used by many goroutines at once.
type Bot struct{}

// New returns a bot. Days are meant in the time zone of the room.
func New() *Bot { return &Bot{} }

// Needs returns the earlier message that must be fetched before Handle can
// judge e, or "".
func (b *Bot) Needs(e Event) id.EventID {
	if e.Kind == Reacted && isPin(e.Key) {
		return e.Target
	}
	return ""
}

// Asks reports whether e wants something done that may be asked for too often: a
// command or a reaction that is one. What people say in a card's thread is not.
func (b *Bot) Asks(e Event, direct bool) bool {
	switch e.Kind {
	case Said:
		return direct || isCommandWord(strings.TrimSpace(e.Body))
	case Reacted:
		return isPin(e.Key) || isCheck(e.Key)
	}
	return false
}

// Handle decides everything about one event and leaves it in t.
func (b *Bot) Handle(t *Turn) {
	if t.Event.Sender == t.Bot {
		return
	}
	switch t.Event.Kind {
	case Said:
		if b.command(t) {
			break
		}
		comment(t)
		if t.Direct && t.Comment == nil {
			greet(t)
		}
	case Edited: // a command is not done again when its message is edited
		corrected(t)
	case Reacted:
		switch {
		case isPin(t.Event.Key):
			pin(t)
		case isCheck(t.Event.Key):
			check(t)
		}
	case Posted:
		if !t.Direct {
			attach(t)
			comment(t)
		}
	case Took:
		t.DropComment = t.Event.Target
	}
	if t.Answer != nil {
		answer := t.Answer.fitting(maxAnswer)
		t.Answer = &answer
	}
}

// greet answers somebody who writes to the bot itself and knows no command.
func greet(t *Turn) {
	if strings.TrimSpace(t.Event.Body) == "" {
		return
	}
	answer := HelloDirect(t.Lang())
	t.Answer = &answer
}
