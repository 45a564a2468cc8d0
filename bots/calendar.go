package bots

import (
	"html"
	"slices"
	"strings"

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

var (
	newCalendar  = []string{"neu", "new"}
	calendarOver = []string{"aus", "off", "stop", "stopp", "löschen", "loeschen", "delete"}
)

// calendar sends the sender a private calendar: of the room or of one of its boards, or in
// the direct chat of all that is theirs.
func (c *command) calendar() error {
	if !c.t.Direct {
		if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
			return err
		}
	}
	c.t.Calendar = MakeCalendar
	// The wish stands before the board or after it; “neu” is the same as nothing.
	for _, at := range []int{0, len(c.words) - 1} {
		if len(c.words) == 0 || at >= len(c.words) {
			continue
		}
		over := slices.Contains(calendarOver, c.words[at].plain())
		if !over && !slices.Contains(newCalendar, c.words[at].plain()) {
			continue
		}
		c.words = slices.Delete(slices.Clone(c.words), at, at+1)
		if over {
			c.t.Calendar = EndCalendar
		}
		break
	}
	if len(c.words) > 0 {
		if err := c.calendarBoard(); err != nil {
			c.t.Calendar, c.t.CalendarBoard = NoCalendar, ""
			return err
		}
	}
	c.calendarAnswer()
	return nil
}

// calendarBoard takes the name of a board, which is all that is left of the line.
func (c *command) calendarBoard() error {
	unclear := wrong(workspace.Text{
		De: "„%s“ verstehe ich nicht. `!kalender` schickt Ihnen einen neuen Link, der frühere gilt dann nicht mehr; `!kalender aus` beendet ihn.",
		En: "I do not understand “%s”. `!calendar` sends you a new link, and the former is not valid any more; `!calendar off` ends it.",
	}, short(joined(c.words), maxNameShown))
	if c.t.Direct {
		return unclear
	}
	whole := c.boardsCalled(joined(c.words))
	for len(whole) == 0 && len(c.words) > 1 { // “!kalender für das Board Sitzung”
		word := c.words[0].plain()
		if word != "board" && !slices.Contains(ontoWords, word) && !slices.Contains(boardArticles, word) {
			break
		}
		c.words = c.words[1:]
	}
	on, used, err := c.boardAt(c.words)
	if err != nil && !c.severalBoards() {
		return unclear
	}
	if err != nil {
		return err
	}
	c.t.CalendarBoard, c.words = on, c.words[used:]
	return c.noMore()
}

// calendarAnswer says what happens to which calendar. In a direct chat a new link is the
// answer.
func (c *command) calendarAnswer() {
	on := c.calledBoard(c.t.CalendarBoard)
	switch one := c.t.CalendarBoard != ""; {
	case c.t.Calendar == EndCalendar && one:
		c.answer(workspace.Text{
			De: "Ihr Kalender des Boards %s ist beendet; sein Link gilt nicht mehr.",
			En: "Your calendar of board %s has ended; its link is no longer valid.",
		}, on)
	case c.t.Calendar == EndCalendar && c.t.Direct:
		c.answer(workspace.Text{
			De: "Ihr Kalender ist beendet; der bisherige Link gilt nicht mehr.",
			En: "Your calendar has ended; its link is no longer valid.",
		})
	case c.t.Calendar == EndCalendar:
		c.answer(workspace.Text{
			De: "Ihre Kalender dieses Raums sind beendet, auch die einzelner Boards; die bisherigen Links gelten nicht mehr.",
			En: "Your calendars of this room have ended, those of single boards too; their links are no longer valid.",
		})
	case one:
		c.answer(workspace.Text{
			De: "Den Link zu Ihrem Kalender des Boards %s habe ich Ihnen in einer Direktnachricht geschickt. `!kalender %s aus` beendet ihn.",
			En: "I have sent you the link to your calendar of board %s in a direct message. `!calendar %s off` ends it.",
		}, on, c.typedBoard(c.t.CalendarBoard))
	case !c.t.Direct && c.severalBoards():
		last := c.t.Board.Boards()[len(c.t.Board.Boards())-1]
		c.answer(workspace.Text{
			De: "Den Link zu Ihrem Kalender dieses Raums mit allen seinen Boards habe ich Ihnen in einer Direktnachricht geschickt. Einen Kalender nur eines Boards gibt es zum Beispiel mit `!kalender %s`, einen mit allen Ihren Karten aus allen Räumen im Direktchat mit `!kalender`.",
			En: "I have sent you the link to your calendar of this room with all of its boards in a direct message. A calendar of one board only is to be had with, for example, `!calendar %s`, one of all your cards in all rooms in the direct chat with `!calendar`.",
		}, c.typedBoard(last))
	case !c.t.Direct:
		c.answer(workspace.Text{
			De: "Den Link zu Ihrem Kalender dieses Raums habe ich Ihnen in einer Direktnachricht geschickt. Einen Kalender mit allen Ihren Karten aus allen Räumen gibt es dort mit `!kalender`.",
			En: "I have sent you the link to your calendar of this room in a direct message. A calendar of all your cards in all rooms is to be had there with `!calendar`.",
		})
	}
}

// typedBoard is a board's name as it is typed in a command: in quotation marks if it has
// several words or could be taken for something else.
func (c *command) typedBoard(on workspace.ItemID) string {
	return typedName(c.boardTitle(on), slices.Concat(calendarOver, newCalendar))
}

// typedName is a name as it is typed where words that are taken have another meaning.
func typedName(title string, taken []string) string {
	title = short(title, 100)
	word := strings.ToLower(title)
	if words := split(title); len(words) != 1 || words[0].plain() != word || slices.Contains(taken, word) {
		return quoted(title)
	}
	return title
}

// CalendarLink is what the direct message with a private calendar tells.
type CalendarLink struct {
	Room, Board string // names; without a board it is of the whole room
	Own         bool   // it is of all the person's cards, of no room
	// Events and Todos are its addresses.
	Events, Todos string
}

// CalendarMessage is the direct message with the links to a private calendar.
func CalendarMessage(lang workspace.Language, l CalendarLink) Message {
	var m Message
	switch {
	case l.Own:
		m = say(lang, workspace.Text{
			De: "Ihr Kalender mit allen Karten, die Ihnen zugewiesen sind, aus allen Räumen.",
			En: "Your calendar of all cards that are assigned to you, of all rooms.",
		})
	case l.Board != "":
		m = say(lang, workspace.Text{
			De: "Ihr Kalender des Boards „%s“ in „%s“.",
			En: "Your calendar of the board “%s” in “%s”.",
		}, short(l.Board, maxNameShown), roomTitle(lang, l.Room))
	default:
		m = say(lang, workspace.Text{
			De: "Ihr Kalender von „%s“.",
			En: "Your calendar of “%s”.",
		}, roomTitle(lang, l.Room))
	}
	m = m.add(say(lang, workspace.Text{
		De: "**Als Termine:** alles Fällige steht ganztägig im Kalender. Das kann jedes Kalenderprogramm.",
		En: "**As events:** all that is due stands in the calendar for the whole day. Every calendar program can do that.",
	})).add(Message{Body: l.Events, HTML: html.EscapeString(l.Events)})
	m = m.add(say(lang, workspace.Text{
		De: "**Als Aufgaben:** alle offenen Karten stehen in der Aufgabenliste, mit Priorität und Fortschritt. Nehmen Sie diese Adresse, wenn Ihr Programm Aufgaben aus dem Internet anzeigt, wie Thunderbird; viele andere zeigen dann nichts.",
		En: "**As to-dos:** all open cards stand in the list of to-dos, with priority and progress. Take this address if your program shows to-dos from the internet, as Thunderbird does; many others then show nothing.",
	})).add(Message{Body: l.Todos, HTML: html.EscapeString(l.Todos)})
	m = m.add(say(lang, workspace.Text{
		De: "Tragen Sie eine der beiden Adressen in Ihrem Programm als Kalender aus dem Internet ein (Abonnement). Wer sie kennt, liest mit: Bitte geben Sie sie nicht weiter.",
		En: "Enter one of the two addresses in your program as a calendar from the internet (subscription). Whoever knows it can read it: please do not pass it on.",
	}))
	if l.Board != "" {
		typed := typedName(l.Board, slices.Concat(calendarOver, newCalendar))
		return m.add(say(lang, workspace.Text{
			De: "Im Raum beendet `!kalender %s aus` beide Adressen, `!kalender %s` ersetzt sie durch neue.",
			En: "In the room, `!calendar %s off` ends both addresses, `!calendar %s` replaces them by new ones.",
		}, typed, typed))
	}
	if l.Own {
		return m.add(say(lang, workspace.Text{
			De: "`!kalender aus` hier im Direktchat beendet beide, `!kalender` ersetzt sie durch neue.",
			En: "`!calendar off` here in the direct chat ends both, `!calendar` replaces them by new ones.",
		}))
	}
	return m.add(say(lang, workspace.Text{
		De: "Im Raum beendet `!kalender aus` beide Adressen und die Kalender seiner einzelnen Boards, `!kalender` ersetzt sie durch neue.",
		En: "In the room, `!calendar off` ends both addresses and the calendars of its single boards, `!calendar` replaces them by new ones.",
	}))
}
