package bots

import (
	"slices"
	"strconv"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
)

// remind says or changes how the sender is reminded, in all of their rooms.
func (c *command) remind() error {
	if !c.t.Direct {
		if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
			return err
		}
	}
	choice, err := c.t.Reminding()
	if err != nil {
		return err
	}
	if len(c.words) > 0 {
		if choice, err = c.reminderChoice(choice); err != nil {
			return err
		}
		c.t.Remind = &choice
	}
	c.answer(workspace.Text{
		De: "%s Das gilt für Sie in allen Räumen. `!erinnern direkt`, `!erinnern thread`, `!erinnern aus` oder `!erinnern 2 Tage vorher` ändert es.",
		En: "%s That holds for you in all rooms. `!remind direct`, `!remind thread`, `!remind off` or `!remind 2 days before` changes it.",
	}, choiceInWords(choice))
	return nil
}

func choiceInWords(choice agenda.Choice) phrase {
	if choice.Way == agenda.NotAtAll {
		return phrase{text: workspace.Text{De: "Ich erinnere Sie an keine Karten.", En: "I do not remind you of cards."}}
	}
	way := workspace.Text{De: "im Thread der Karte", En: "in the card's thread"}
	if choice.Way == agenda.Directly {
		way = workspace.Text{De: "per Direktnachricht", En: "by direct message"}
	}
	switch choice.Days {
	case 0:
		return phrase{workspace.Text{
			De: "An Karten, die Ihnen zugewiesen sind, erinnere ich Sie %s, am Tag der Fälligkeit um %d Uhr.",
			En: "I remind you of cards that are assigned to you %s, on the day they are due at %d:00.",
		}, []any{way, agenda.Hour}}
	case 1:
		return phrase{workspace.Text{
			De: "An Karten, die Ihnen zugewiesen sind, erinnere ich Sie %s, am Tag vor der Fälligkeit und am Tag selbst um %d Uhr.",
			En: "I remind you of cards that are assigned to you %s, the day before they are due and on the day itself at %d:00.",
		}, []any{way, agenda.Hour}}
	}
	return phrase{workspace.Text{
		De: "An Karten, die Ihnen zugewiesen sind, erinnere ich Sie %s, %d Tage vor der Fälligkeit und am Tag selbst um %d Uhr.",
		En: "I remind you of cards that are assigned to you %s, %d days before they are due and on the day itself at %d:00.",
	}, []any{way, choice.Days, agenda.Hour}}
}

// reminderChoice reads “direkt 2 Tage vorher”.
func (c *command) reminderChoice(choice agenda.Choice) (agenda.Choice, error) {
	if choice.Way == agenda.NotAtAll {
		choice.Way = agenda.Usual().Way // who says how many days wants to be reminded
	}
	for _, w := range c.words {
		text := strings.TrimRight(strings.ToLower(w.text), ".,;!")
		number, err := strconv.Atoi(text)
		switch {
		case slices.Contains([]string{"thread", "im", "karte", "raum", "room"}, text):
			choice.Way = agenda.InThread
		case slices.Contains([]string{"direkt", "direct", "direktnachricht", "dm", "privat", "private"}, text):
			choice.Way = agenda.Directly
		case slices.Contains([]string{"aus", "off", "nie", "never", "nicht", "stop", "stopp"}, text):
			choice.Way = agenda.NotAtAll
		case slices.Contains([]string{"an", "ein", "on"}, text):
		case err == nil && number >= 0 && number <= agenda.MaxDays:
			choice.Days = number
		case err == nil:
			return choice, wrong(workspace.Text{
				De: "Erinnern kann ich Sie 0 bis %d Tage vorher, zum Beispiel: `!erinnern 2 Tage vorher`",
				En: "I can remind you 0 to %d days before, for example: `!remind 2 days before`",
			}, agenda.MaxDays)
		case spelledCounts[text] > 0 && spelledCounts[text] <= agenda.MaxDays:
			choice.Days = spelledCounts[text]
		case slices.Contains([]string{"tag", "tage", "tagen", "vorher", "zuvor", "davor", "day", "days", "before", "ahead", "in", "der", "the", "by", "per", "und", "and", "message", "thread,"}, text):
		default:
			return choice, wrong(workspace.Text{
				De: "„%s“ verstehe ich nicht. Möglich sind `!erinnern thread`, `!erinnern direkt`, `!erinnern aus` und, wie viele Tage vorher: `!erinnern 2 Tage vorher`",
				En: "I do not understand “%s”. You can choose `!remind thread`, `!remind direct`, `!remind off` and how many days before: `!remind 2 days before`",
			}, short(w.text, maxNameShown))
		}
	}
	return choice, nil
}

// Reminder is a card of which people are reminded.
type Reminder struct {
	Card   *workspace.Item
	People []id.UserID
}

// maxReminders is how many cards one message names.
const maxReminders = 30

// ReminderInThread reminds people of one card, in its thread.
func ReminderInThread(r *workspace.Room, reminder Reminder, today string) Message {
	m := say(r.Language, workspace.Text{De: "⏰ %s: %s – %s", En: "⏰ %s: %s – %s"},
		persons{room: r, users: reminder.People, mention: reminder.People}, headline(reminder.Card), dueInWords(reminder.Card.Text(board.Due), today))
	m.Mentions = reminder.People
	return m.fitting(maxAnswer)
}

// RemindersInRoom reminds people of several cards in one message.
func RemindersInRoom(r *workspace.Room, list []Reminder, today string) Message {
	m := say(r.Language, workspace.Text{De: "⏰ **Erinnerung**", En: "⏰ **Reminder**"})
	var mentions []id.UserID
	for i, reminder := range list {
		for _, user := range reminder.People {
			if !slices.Contains(mentions, user) {
				mentions = append(mentions, user)
			}
		}
		if i < maxReminders {
			m = m.add(say(r.Language, workspace.Text{De: "• %s – %s – %s", En: "• %s – %s – %s"},
				headline(reminder.Card), dueInWords(reminder.Card.Text(board.Due), today), persons{room: r, users: reminder.People, mention: reminder.People}))
		}
	}
	m = m.add(moreReminders(r.Language, len(list)-maxReminders)).fitting(maxAnswer)
	m.Mentions = mentions
	return m
}

// RemindersDirect reminds one person of their cards in a room, by direct message.
func RemindersDirect(r *workspace.Room, cards []*workspace.Item, today string) Message {
	m := say(r.Language, workspace.Text{De: "⏰ **Erinnerung** – %s", En: "⏰ **Reminder** – %s"}, roomTitle(r.Language, r.Name))
	for i, card := range cards {
		if i < maxReminders {
			m = m.add(say(r.Language, workspace.Text{De: "• %s – %s", En: "• %s – %s"}, headline(card), dueInWords(card.Text(board.Due), today)))
		}
	}
	m = m.add(moreReminders(r.Language, len(cards)-maxReminders))
	url := "https://matrix.to/#/" + string(r.ID)
	label := workspace.Text{De: "Zum Raum", En: "Go to the room"}.In(r.Language)
	m = m.add(Message{Body: label + ": " + url, HTML: anchor(url, label)})
	return m.fitting(maxAnswer)
}

func moreReminders(lang workspace.Language, n int) Message {
	if n <= 0 {
		return Message{}
	}
	return say(lang, workspace.Text{De: "… und %d weitere.", En: "… and %d more."}, n)
}

// dueInWords says how a due date stands to today.
func dueInWords(due, today string) workspace.Text {
	de, en := dates.Spell(due, workspace.German), dates.Spell(due, workspace.English)
	switch n := agenda.DaysBetween(today, due); {
	case n == 0:
		return workspace.Text{De: "heute fällig", En: "due today"}
	case n == 1:
		return workspace.Text{De: "morgen fällig (" + de + ")", En: "due tomorrow (" + en + ")"}
	case n > 1:
		return workspace.Text{De: "in " + strconv.Itoa(n) + " Tagen fällig (" + de + ")", En: "due in " + strconv.Itoa(n) + " days (" + en + ")"}
	case n == -1:
		return workspace.Text{De: "war gestern fällig (" + de + ")", En: "was due yesterday (" + en + ")"}
	}
	return workspace.Text{De: "war fällig am " + de, En: "was due on " + en}
}
