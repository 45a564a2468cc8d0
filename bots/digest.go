package bots

import (
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
)

// Summary is what a digest tells.
type Summary struct {
	Done, Overdue, Coming []*workspace.Item
}

// Empty reports whether there is nothing to tell.
func (s Summary) Empty() bool { return len(s.Done)+len(s.Overdue)+len(s.Coming) == 0 }

// maxDigest is how many cards of each part a digest names.
const maxDigest = 15

// DigestMessage sums up what was done, what is overdue and what comes up.
func DigestMessage(r *workspace.Room, s Summary, every agenda.Every, today string) Message {
	lang := r.Language
	m := say(lang, workspace.Text{De: "🗓 **Übersicht**", En: "🗓 **Digest**"})
	coming := workspace.Text{De: "**Heute und in den nächsten Tagen** (%d)", En: "**Today and in the next days** (%d)"}
	if every == agenda.Weekly {
		coming = workspace.Text{De: "**Diese Woche** (%d)", En: "**This week** (%d)"}
	}
	for _, part := range []struct {
		title workspace.Text
		cards []*workspace.Item
		dated bool
	}{
		{workspace.Text{De: "**Erledigt** (%d)", En: "**Done** (%d)"}, s.Done, false},
		{workspace.Text{De: "**Überfällig** (%d)", En: "**Overdue** (%d)"}, s.Overdue, true},
		{coming, s.Coming, true},
	} {
		if len(part.cards) == 0 {
			continue
		}
		m = m.add(say(lang, part.title, len(part.cards)))
		for i, card := range part.cards {
			if i == maxDigest {
				m = m.add(moreReminders(lang, len(part.cards)-maxDigest))
				break
			}
			line := say(lang, workspace.Text{De: "• %s", En: "• %s"}, headline(card))
			if part.dated {
				line = say(lang, workspace.Text{De: "• %s – %s", En: "• %s – %s"}, headline(card), dueInWords(card.Text(board.Due), today))
			}
			if people := board.Assignees(card); len(people) > 0 {
				who := say(lang, workspace.Text{De: " – %s", En: " – %s"}, persons{room: r, users: people})
				line.Body, line.HTML = line.Body+who.Body, line.HTML+who.HTML
			}
			m = m.add(line)
		}
	}
	return m.fitting(maxAnswer)
}

// Assigned tells people in a card's thread that it was assigned to them.
func Assigned(r *workspace.Room, card *workspace.Item, people []id.UserID) Message {
	m := say(r.Language, workspace.Text{De: "👤 %s: Ihnen ist %s zugewiesen.", En: "👤 %s: %s is assigned to you."},
		persons{room: r, users: people, mention: people}, headline(card))
	m.Mentions = people
	return m.fitting(maxAnswer)
}
