package bots

import (
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	unknownInView = workspace.Text{
		De: "„%s“ verstehe ich hier nicht. Möglich sind `meine`, `@anna`, `niemand`, `#vergabe`, `dringend`, `Priorität hoch`, `überfällig`, `heute`, `diese Woche`, `dieser Monat`, `ohne Frist` und ein Suchtext in Anführungszeichen. Besteht der Name der Ansicht aus mehreren Wörtern, gehört er auch in Anführungszeichen: `!ansicht speichern \"Dringend bei uns\" dringend`",
		En: "I do not understand “%s” here. There are `mine`, `@anna`, `nobody`, `#tender`, `urgent`, `priority high`, `overdue`, `today`, `this week`, `this month`, `without date` and a text to search for in quotation marks. If the view's name has several words, it goes into quotation marks too: `!view save \"Urgent with us\" urgent`",
	}
	oneDueOnly = workspace.Text{
		De: "Eine Ansicht kann nur nach einem Zeitraum auswählen: überfällig, heute, diese Woche, dieser Monat oder ohne Frist.",
		En: "A view can choose by one span of time only: overdue, today, this week, this month, or without a date.",
	}
)

// viewDues are the words for when cards are due, as the field has it.
var viewDues = map[string]string{
	"überfällig": "overdue", "ueberfaellig": "overdue", "überfällige": "overdue", "overdue": "overdue",
	"heute": "today", "today": "today", "woche": "week", "week": "week", "monat": "month", "month": "month",
	"undatiert": "none", "undated": "none",
}

var (
	// beforeDues may stand before them: “fällig diese Woche”.
	beforeDues = []string{"fällig", "faellig", "due", "in", "dieser", "diese", "diesen", "this"}
	withoutDue = []string{"frist", "fälligkeit", "faelligkeit", "datum", "date", "due"}
	beforeView = []string{"mit", "von", "vom", "für", "fuer", "und", "nur", "with", "of", "by", "for", "and", "only"}
)

// viewFilter reads which cards a view is to show, to the end of the line. A view cannot
// choose by column.
func (c *command) viewFilter() (f board.Filter, err error) {
	var people []id.UserID
	for len(c.words) > 0 {
		used := 1
		switch w := c.words[0]; {
		case w.quoted:
			f.Text = clean(f.Text + " " + w.text)
		case slices.Contains([]string{"meine", "mine", "my", "mich", "ich", "me"}, w.plain()):
			people, err = addPerson(people, c.t.Event.Sender)
		case slices.Contains([]string{"niemand", "niemandem", "nobody", "unassigned"}, w.plain()):
			people, err = addPerson(people, board.Nobody)
		default:
			if used, err = c.viewDue(&f); used > 0 || err != nil {
				break
			}
			if used = c.viewPriority(&f); used > 0 {
				break
			}
			if used, err = c.viewWord(&people, &f); used == 0 && err == nil {
				err = wrong(unknownInView, short(w.text, maxNameShown))
			}
		}
		if err != nil {
			return f, err
		}
		c.words = c.words[used:]
	}
	for _, user := range people {
		f.People = append(f.People, string(user))
	}
	return f, nil
}

// viewDue reads when the cards are due.
func (c *command) viewDue(f *board.Filter) (used int, err error) {
	var due string
	at := 0
	if len(c.words) > 1 && slices.Contains([]string{"ohne", "without", "no"}, c.words[0].plain()) && slices.Contains(withoutDue, c.words[1].plain()) {
		due, at = "none", 1
		if len(c.words) > 2 && c.words[1].plain() == "due" && c.words[2].plain() == "date" {
			at = 2
		}
	} else {
		for at < len(c.words)-1 && slices.Contains(beforeDues, c.words[at].plain()) {
			at++
		}
		due = viewDues[c.words[at].plain()]
	}
	if due == "" {
		return 0, nil
	}
	if f.Due != "" && f.Due != due {
		return 0, wrong(oneDueOnly)
	}
	f.Due = due
	return at + 1, nil
}

func (c *command) viewPriority(f *board.Filter) (used int) {
	var d draft
	if used = priorityMark(&d, c.words); used == 0 {
		p, known := priorities[c.words[0].plain()]
		if !known || p != "urgent" {
			return 0
		}
		d.priority, used = &p, 1
	}
	p := *d.priority
	if p == "" {
		p = board.Normal
	}
	if !slices.Contains(f.Priorities, p) {
		f.Priorities = append(f.Priorities, p)
	}
	return used
}

// viewWord reads a person or a label, with their mark or without, or a word that says
// nothing.
func (c *command) viewWord(people *[]id.UserID, f *board.Filter) (used int, err error) {
	w := c.words[0]
	if label, marked := strings.CutPrefix(w.text, "#"); marked && label != "" {
		f.Labels, err = c.addLabel(f.Labels, clean(strings.TrimRight(label, ",;:!?.")))
		return 1, err
	}
	user, used, err := c.people.find(c.words)
	switch {
	case err == nil:
		*people, err = addPerson(*people, user)
		return used, err
	case strings.HasPrefix(w.text, "@"):
		return 0, err
	}
	if label := clean(strings.TrimRight(w.text, ",;:!?.")); c.t.Board.HasLabel(label) {
		f.Labels, err = c.addLabel(f.Labels, label)
		return 1, err
	}
	if len(c.words) > 1 && slices.Contains(beforeView, w.plain()) {
		return 1, nil
	}
	return 0, nil
}
