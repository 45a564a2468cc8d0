package export

import (
	"strconv"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/ics"
)

// Todo is a card as a to-do of a calendar (RFC 5545, VTODO): in a file that is exported,
// and in a private calendar.
type Todo struct {
	Room  id.RoomID
	Card  *workspace.Item
	Title string
	Done  bool
	At    time.Time // when it is written
}

// urgency is the priorities in numbers, of which 1 is the highest and 5 the middle.
var urgency = map[string]string{"urgent": "1", "high": "3", "low": "9"}

// Begin writes the to-do; more may be added to it before it is ended.
func (t Todo) Begin(w *ics.Writer) {
	card := t.Card
	w.Begin("VTODO")
	w.Text("UID", uid(t.Room, string(card.ID)))
	w.Time("DTSTAMP", t.At)
	if created, err := time.Parse(time.RFC3339, card.Text(board.Created)); err == nil {
		w.Time("CREATED", created)
	}
	if changed := Changed(card); !changed.IsZero() {
		w.Time("LAST-MODIFIED", changed)
	}
	w.Text("SUMMARY", t.Title)
	if description := card.Text(board.Description); description != "" {
		w.Text("DESCRIPTION", description)
	}
	start, due := card.Text(board.Start), card.Text(board.Due)
	if start != "" && (due == "" || start < due) { // one is before the other, or it is no start
		w.Date("DTSTART", start)
	}
	if due != "" {
		w.Date("DUE", due)
	}
	if n := urgency[card.Text(board.Priority)]; n != "" {
		w.Raw("PRIORITY", n)
	}
	if labels := board.Labels(card); len(labels) > 0 {
		escaped := make([]string, len(labels))
		for i, label := range labels {
			escaped[i] = ics.Escape(label)
		}
		w.Raw("CATEGORIES", strings.Join(escaped, ","))
	}
	for _, link := range board.Links(card) {
		w.Raw("ATTACH", link.URL)
	}
	if parent := card.Text(board.Parent); parent != "" {
		w.Text("RELATED-TO", uid(t.Room, parent))
	}
	// What blocks what is left out: programs that do not know of that would show it as
	// a part of the other.
	for _, other := range card.Set(board.Relates) {
		w.Text("RELATED-TO;RELTYPE=SIBLING", uid(t.Room, other))
	}
	t.state(w)
}

// state writes how far the work on the card is, by its column or else by its checklist.
func (t Todo) state(w *ics.Writer) {
	if t.Done {
		w.Raw("STATUS", "COMPLETED")
		w.Raw("PERCENT-COMPLETE", "100")
		if f, known := t.Card.Field(board.Column); known {
			w.Time("COMPLETED", f.At.Wall())
		}
		return
	}
	list, ticked := board.Checklist(t.Card), 0
	for _, entry := range list {
		if entry.Done {
			ticked++
		}
	}
	if ticked == 0 {
		w.Raw("STATUS", "NEEDS-ACTION")
		return
	}
	w.Raw("STATUS", "IN-PROCESS")
	// A card whose entries are all ticked is not done before somebody says so.
	w.Raw("PERCENT-COMPLETE", strconv.Itoa(min(100*ticked/len(list), 99)))
}

// uid names a card for ever and everywhere.
func uid(room id.RoomID, card string) string {
	return card + strings.Replace(string(room), "!", "@", 1)
}

// Changed is when a card was last changed.
func Changed(card *workspace.Item) (last time.Time) {
	for _, f := range card.Fields {
		if at := f.At.Wall(); at.After(last) {
			last = at
		}
	}
	return last
}
