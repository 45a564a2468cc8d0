package bots

import (
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

var historyExample = workspace.Text{De: "!karte verlauf 12", En: "!card history 12"}

const (
	maxHistory      = 10 // changes that are shown
	maxPerChange    = 6  // parts of one change that are shown
	maxTextsInLists = 60 // characters of a former title
)

// means are those by which a change was made.
func means(c workspace.Change) workspace.Text {
	if c.Undoes != "" {
		return workspace.Text{De: "rückgängig gemacht", En: "undone"}
	}
	switch c.Via {
	case workspace.ViaCommand:
		return workspace.Text{De: "per Befehl", En: "by command"}
	case workspace.ViaReaction:
		return workspace.Text{De: "per Reaktion", En: "by reaction"}
	case workspace.ViaBot:
		return workspace.Text{De: "selbsttätig", En: "by itself"}
	}
	return workspace.Text{De: "auf dem Board", En: "on the board"}
}

// history says who last changed what on a card.
func (c *command) history() error {
	card, err := c.takeCard(historyExample)
	if err != nil {
		return err
	}
	if err := c.noMore(); err != nil {
		return err
	}
	commits, err := c.t.History(card.ID, maxHistory+1)
	if err != nil {
		return err
	}
	m := say(c.lang, workspace.Text{De: "**Verlauf von #%s %s**", En: "**History of #%s %s**"}, card.Text(board.Number), short(card.Text(board.Title), maxTitleInLists))
	if len(commits) == 0 {
		m = m.add(say(c.lang, workspace.Text{De: "Dazu ist nichts mehr aufgezeichnet.", En: "Nothing is on record any more."}))
	}
	for _, commit := range commits[:min(len(commits), maxHistory)] {
		entry := board.EntryOf(commit, card.ID)
		m = m.add(say(c.lang, workspace.Text{De: "• %s, %s (%s): %s", En: "• %s, %s (%s): %s"},
			c.moment(commit.Change.At.Wall()), nameOf(c.t.Room, commit.Change.By), means(commit.Change), c.told(entry)))
	}
	if len(commits) > maxHistory {
		m = m.add(say(c.lang, workspace.Text{De: "Älteres zeigt die Karte auf dem Board.", En: "The card on the board shows what is older."}))
	}
	c.t.Answer = &m
	return nil
}

// moment is a day and time of day where the room is.
func (c *command) moment(at time.Time) string {
	at = at.In(c.now.Location())
	return dates.Brief(at.Format(time.DateOnly), c.now, c.lang) + " " + at.Format("15:04")
}

// told are the words for what one change did to a card.
func (c *command) told(e board.Entry) phrases {
	if e.Fresh {
		return phrases{{workspace.Text{De: "angelegt", En: "added"}, nil}}
	}
	fields := make([]string, 0, len(e.Set))
	for field := range e.Set {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	var list phrases
	for _, field := range fields {
		list = append(list, c.toldOf(e, field))
	}
	if more := len(list) - maxPerChange; more > 0 {
		list = append(list[:maxPerChange], phrase{andMore, []any{more}})
	}
	return list
}

// toldOf is what became of one field of a card.
func (c *command) toldOf(e board.Entry, field string) phrase {
	before, after := e.Before[field], e.Set[field]
	name, member, _ := strings.Cut(field, "/")
	switch name {
	case workspace.Deleted:
		return either(after, workspace.Text{De: "gelöscht", En: "deleted"}, workspace.Text{De: "wiederhergestellt", En: "restored"})
	case board.Archived:
		return either(after, workspace.Text{De: "ins Archiv gelegt", En: "archived"}, workspace.Text{De: "aus dem Archiv geholt", En: "taken out of the archive"})
	case board.Column:
		return phrase{workspace.Text{De: "von „%s“ nach „%s“ verschoben", En: "moved from “%s” to “%s”"}, []any{c.columnTitle(before), c.columnTitle(after)}}
	case board.Title:
		return phrase{workspace.Text{De: "Titel von „%s“ in „%s“ geändert", En: "title changed from “%s” to “%s”"}, []any{shortText(before), shortText(after)}}
	case board.Description:
		return either(after, workspace.Text{De: "Beschreibung geändert", En: "description changed"}, workspace.Text{De: "Beschreibung entfernt", En: "description removed"})
	case board.Due:
		return either(after, workspace.Text{De: "fällig %s", En: "due %s"}, workspace.Text{De: "Fälligkeit entfernt (war %s)", En: "due date removed (was %s)"}, c.pastDay(before, after))
	case board.Start:
		return either(after, workspace.Text{De: "Beginn am %s", En: "starts %s"}, workspace.Text{De: "Beginn entfernt (war %s)", En: "start date removed (was %s)"}, c.pastDay(before, after))
	case board.Priority:
		return c.toldPriority(after)
	case board.Assignee:
		return either(after, workspace.Text{De: "%s zugewiesen", En: "assigned to %s"}, workspace.Text{De: "Zuweisung an %s entfernt", En: "no longer assigned to %s"}, nameOf(c.t.Room, id.UserID(member)))
	case board.Label:
		return either(after, workspace.Text{De: "Schlagwort „%s“ gesetzt", En: "label “%s” added"}, workspace.Text{De: "Schlagwort „%s“ entfernt", En: "label “%s” removed"}, member)
	case board.Blocks, board.Relates, board.Parent:
		return either(after, workspace.Text{De: "mit einer anderen Karte verknüpft", En: "connected with another card"}, workspace.Text{De: "Verknüpfung mit einer anderen Karte entfernt", En: "disconnected from another card"})
	case board.Link:
		return either(after, workspace.Text{De: "Link gesetzt", En: "link added"}, workspace.Text{De: "Link entfernt", En: "link removed"})
	case board.Check:
		return c.toldCheck(e, member)
	}
	return phrase{workspace.Text{De: "weitere Angaben geändert", En: "other details changed"}, nil}
}

// toldCheck is what became of an entry of the checklist; what is its ID and the part of it.
func (c *command) toldCheck(e board.Entry, what string) phrase {
	entry, part, _ := strings.Cut(what, "/")
	title := board.Check + "/" + entry + "/" + board.Title
	before, after := e.Before[title], e.Set[title]
	switch {
	case part == board.Done:
		shown := ""
		if card := c.t.Board.Card(e.Card); card != nil {
			shown = short(card.Text(title), maxTextsInLists)
		}
		return either(e.Set[board.Check+"/"+what], workspace.Text{De: "„%s“ abgehakt", En: "“%s” ticked"}, workspace.Text{De: "„%s“ wieder offen", En: "“%s” open again"}, shown)
	case before.IsNull():
		return phrase{workspace.Text{De: "„%s“ in die Checkliste aufgenommen", En: "“%s” added to the checklist"}, []any{shortText(after)}}
	case after.IsNull():
		return phrase{workspace.Text{De: "„%s“ aus der Checkliste entfernt", En: "“%s” removed from the checklist"}, []any{shortText(before)}}
	}
	return phrase{workspace.Text{De: "„%s“ in der Checkliste in „%s“ geändert", En: "“%s” in the checklist changed to “%s”"}, []any{shortText(before), shortText(after)}}
}

func (c *command) toldPriority(after workspace.Value) phrase {
	switch now, _ := after.Text(); now {
	case "urgent":
		return phrase{workspace.Text{De: "Priorität: dringend", En: "priority: urgent"}, nil}
	case "high":
		return phrase{workspace.Text{De: "Priorität: hoch", En: "priority: high"}, nil}
	case "low":
		return phrase{workspace.Text{De: "Priorität: niedrig", En: "priority: low"}, nil}
	}
	return phrase{workspace.Text{De: "Priorität: normal", En: "priority: normal"}, nil}
}

// either is one sentence if a field holds something now, and another if not.
func either(now workspace.Value, set, emptied workspace.Text, args ...any) phrase {
	if now.IsNull() {
		return phrase{emptied, args}
	}
	return phrase{set, args}
}

// pastDay is the day that a field holds, or the one that it held.
func (c *command) pastDay(before, after workspace.Value) string {
	day, ok := after.Text()
	if !ok {
		day, _ = before.Text()
	}
	return dates.Brief(day, c.now, c.lang)
}

func shortText(v workspace.Value) string {
	text, _ := v.Text()
	return short(text, maxTextsInLists)
}

// columnTitle is what the column of that ID is called now, also when it has gone.
func (c *command) columnTitle(column workspace.Value) string {
	name, _ := column.Text()
	if it := c.t.Room.Item(workspace.Key{Kind: board.KindColumn, ID: workspace.ItemID(name)}); it != nil {
		return short(it.Text(board.Title), maxTextsInLists)
	}
	return "?"
}
