package bots

import (
	"html"
	"slices"

	"werkraum/workspace"
)

// CalendarWish is what somebody wants of their private calendar.
type CalendarWish int

// The wishes; the zero one is none.
const (
	NoCalendar CalendarWish = iota
	MakeCalendar
	EndCalendar
)

// calendar sends the sender a private calendar: of the room, or in the direct chat of all
// that is theirs.
func (c *command) calendar() error {
	if !c.t.Direct {
		if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
			return err
		}
	}
	switch {
	case len(c.words) == 0 || len(c.words) == 1 && slices.Contains([]string{"neu", "new"}, c.words[0].plain()):
		c.t.Calendar = MakeCalendar
		if !c.t.Direct { // in a direct chat the link is the answer
			c.answer(workspace.Text{
				De: "Den Link zu Ihrem Kalender dieses Raums habe ich Ihnen in einer Direktnachricht geschickt. Einen Kalender mit allen Ihren Karten aus allen Räumen gibt es dort mit `!kalender`.",
				En: "I have sent you the link to your calendar of this room in a direct message. A calendar of all your cards in all rooms is to be had there with `!calendar`.",
			})
		}
	case len(c.words) == 1 && slices.Contains([]string{"aus", "off", "stop", "stopp", "löschen", "delete"}, c.words[0].plain()):
		c.t.Calendar = EndCalendar
		c.answer(workspace.Text{
			De: "Ihr Kalender ist beendet; der bisherige Link gilt nicht mehr.",
			En: "Your calendar has ended; its link is no longer valid.",
		})
	default:
		return wrong(workspace.Text{
			De: "„%s“ verstehe ich nicht. `!kalender` schickt Ihnen einen neuen Link, der frühere gilt dann nicht mehr; `!kalender aus` beendet ihn.",
			En: "I do not understand “%s”. `!calendar` sends you a new link, and the former is not valid any more; `!calendar off` ends it.",
		}, short(joined(c.words), maxNameShown))
	}
	return nil
}

// CalendarMessage is the direct message with the link to a private calendar; room is the
// name of its room, own is set for that of all the person's cards.
func CalendarMessage(lang workspace.Language, room string, own bool, url string) Message {
	m := say(lang, workspace.Text{
		De: "Ihr Kalender mit allem, was in „%s“ fällig ist.",
		En: "Your calendar of all that is due in “%s”.",
	}, roomTitle(lang, room))
	if own {
		m = say(lang, workspace.Text{
			De: "Ihr Kalender mit allen Karten, die Ihnen zugewiesen sind, aus allen Räumen.",
			En: "Your calendar of all cards that are assigned to you, of all rooms.",
		})
	}
	m = m.add(Message{Body: url, HTML: html.EscapeString(url)})
	return m.add(say(lang, workspace.Text{
		De: "Tragen Sie die Adresse in Ihrem Kalenderprogramm als Kalender aus dem Internet ein (Abonnement). Wer sie kennt, liest mit: Bitte geben Sie sie nicht weiter. `!kalender aus` beendet sie, `!kalender` ersetzt sie durch eine neue.",
		En: "Enter the address in your calendar program as a calendar from the internet (subscription). Whoever knows it can read it: please do not pass it on. `!calendar off` ends it, `!calendar` replaces it by a new one.",
	}))
}
