package bots

import (
	"strings"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"

	"maunium.net/go/mautrix/id"
)

// AskedAgain refuses to look through all rooms of somebody who has just asked for it
// again and again.
var AskedAgain = workspace.Text{
	De: "Ich habe Ihre Räume gerade schon sehr oft durchgesehen. Bitte versuchen Sie es in einer Minute noch einmal.",
	En: "I have just looked through your rooms a great many times. Please try again in a minute.",
}

// headings are those of the groups, by mine.When.
var headings = [mine.Whens]workspace.Text{
	{De: "**⚠ Überfällig** (%d)", En: "**⚠ Overdue** (%d)"},
	{De: "**Heute** (%d)", En: "**Today** (%d)"},
	{De: "**Diese Woche** (%d)", En: "**This week** (%d)"},
	{De: "**Später** (%d)", En: "**Later** (%d)"},
	{De: "**Ohne Termin** (%d)", En: "**Without a date** (%d)"},
}

const maxSoonLines = 10

// mine lists what is the person's own in all of their rooms. It is for them alone:
// whoever else is in the room may not be in the others.
func (c *command) mine() error {
	if err := c.noMore(); err != nil {
		return err
	}
	if !c.t.Direct {
		if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
			return err
		}
	}
	work, err := c.t.Work()
	if err != nil {
		return err
	}
	list := c.workList(work).fitting(maxAnswer)
	c.t.Whisper, c.t.Secret = &list, work.Secret
	if !c.t.Direct || c.t.Room.Owner != c.t.Event.Sender {
		c.answer(workspace.Text{
			De: "Ihre Aufgaben aus allen Räumen habe ich Ihnen in einer Direktnachricht geschickt.",
			En: "I have sent you your tasks of all rooms in a direct message.",
		})
	}
	return nil
}

func (c *command) workList(work mine.Work) Message {
	if len(work.Cards)+len(work.Soon) == 0 {
		return say(c.lang, workspace.Text{
			De: "**Ihre Aufgaben**\nEs ist nichts offen: Ihnen ist in Ihren Räumen keine Karte zugewiesen. Eine persönliche Aufgabe legen Sie hier im Direktchat an: `!todo neu Ausweis verlängern fällig Freitag`",
			En: "**Your tasks**\nNothing is open: no card in your rooms is assigned to you. You make a personal to-do here in the direct chat: `!todo add Renew the passport due Friday`",
		})
	}
	var groups [mine.Whens][]mine.Card
	for _, card := range work.Cards {
		when := mine.WhenOf(card.Item.Text(board.Due), c.now)
		groups[when] = append(groups[when], card)
	}
	m := say(c.lang, workspace.Text{De: "**Ihre Aufgaben**", En: "**Your tasks**"})
	if len(work.Cards) == 0 {
		m = m.add(say(c.lang, workspace.Text{De: "Ihnen ist keine Karte zugewiesen.", En: "No card is assigned to you."}))
	}
	shown := fairly(groups)
	for when, cards := range groups {
		if len(cards) == 0 {
			continue
		}
		m = m.add(say(c.lang, headings[when], len(cards)))
		for _, card := range cards[:shown[when]] {
			m = m.add(c.workLine(card))
		}
		if more := len(cards) - shown[when]; more > 0 {
			m = m.add(say(c.lang, andMore, more))
		}
	}
	if work.More {
		m = m.add(say(c.lang, workspace.Text{
			De: "Das sind nicht alle: Es sind mehr, als ich auf einmal durchsehe.",
			En: "These are not all: there are more than I look through at a time.",
		}))
	}
	if len(work.Soon) > 0 {
		m = m.add(say(c.lang, workspace.Text{De: "**Bald fällig und noch bei niemandem**", En: "**Due soon and nobody's yet**"}))
		for _, card := range work.Soon[:min(len(work.Soon), maxSoonLines)] {
			m = m.add(c.workLine(card))
		}
		if more := len(work.Soon) - maxSoonLines; more > 0 {
			m = m.add(say(c.lang, andMore, more))
		}
	}
	return m.add(say(c.lang, workspace.Text{
		De: "Als Seite, auf der Änderungen von selbst erscheinen: Schreiben Sie mir hier `!link`.",
		En: "As a page on which changes appear by themselves: write `!link` to me here.",
	}))
}

// fairly gives each group its part of the lines.
func fairly(groups [mine.Whens][]mine.Card) (shown [mine.Whens]int) {
	for left, progress := maxListLines, true; left > 0 && progress; {
		progress = false
		for i, cards := range groups {
			if shown[i] < len(cards) && left > 0 {
				shown[i]++
				left--
				progress = true
			}
		}
	}
	return shown
}

// workLine is a card in a list of several rooms: its title, which leads to its
// message, then where it is and when it is due.
func (c *command) workLine(card mine.Card) Message {
	title := short(card.Item.Text(board.Title), maxTitleInLists)
	m := say(c.lang, workspace.Text{De: "• %s", En: "• %s"}, title)
	if url := cardLink(card); !card.Own || card.Item.Text(board.Message) != "" {
		m = Message{Body: "• " + title + ": " + url, HTML: "• " + anchor(url, title)}
	}
	where := workspace.Text{De: "persönlich", En: "personal"}.In(c.lang)
	if !card.Own {
		where = roomTitle(c.lang, card.Place)
	}
	parts := []string{where + " #" + card.Item.Text(board.Number)}
	if day := card.Item.Text(board.Due); day != "" && mine.WhenOf(day, c.now) != mine.Today {
		parts = append(parts, workspace.Text{De: "fällig %s", En: "due %s"}.With(dates.Brief(day, c.now, c.lang)).In(c.lang))
	}
	rest := literal(" – " + strings.Join(parts, ", "))
	return Message{Body: m.Body + rest.Body, HTML: m.HTML + rest.HTML}
}

// cardLink leads to a card's message, or to its room if it has none.
func cardLink(card mine.Card) string {
	if event := card.Item.Text(board.Message); event != "" {
		return messageLink(card.Room, id.EventID(event))
	}
	return "https://matrix.to/#/" + string(card.Room)
}
