package bots

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// ItemOf is the item that an event makes. It is a function of the event, so
// that an event that comes twice, or to two servers, makes one card.
func ItemOf(event id.EventID) workspace.ItemID {
	sum := sha256.Sum256([]byte(event))
	return workspace.ItemID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:20]))
}

var titleNeeded = workspace.Text{
	De: "Wie soll die Karte heißen? Zum Beispiel: `!karte neu Angebot einholen @anna fällig Freitag #vergabe`",
	En: "What is the card's title? For example: `!card add Get an offer @anna due Friday #tender`",
}

func (c *command) add() error {
	d, err := c.draft()
	if err != nil {
		return err
	}
	description := c.more
	if d.title == "" && description != "" { // the title stands on the next line
		d.title, description, _ = strings.Cut(description, "\n")
		d.title = clean(d.title)
	}
	if d.title == "" && c.t.Direct {
		return wrong(todoNeeded, todoVerbs()[0].example)
	}
	if d.title == "" {
		return wrong(titleNeeded)
	}
	item := ItemOf(c.t.Event.ID)
	if c.t.Board.Card(item) == nil {
		act := board.AddCard{Card: item, Title: d.title, Description: description, Start: d.start, Due: d.due, Assignees: d.people, Labels: d.labels}
		if d.priority != nil {
			act.Priority = *d.priority
		}
		if d.column == nil && c.sheet().ID != c.t.Board.First() {
			d.column = c.firstColumn()
		}
		if d.column != nil {
			act.Column = d.column.ID
		}
		if err := c.do(act); err != nil {
			return err
		}
	}
	c.t.PostCard = item
	c.t.Notify = c.others(d.people)
	if c.t.Event.Thread != "" {
		c.answer(workspace.Text{
			De: "Karte %s ist angelegt.",
			En: "Card %s has been added.",
		}, headline(c.t.Board.Card(item)))
	}
	return nil
}

var editExample = workspace.Text{De: "!karte ändern 12 Neuer Titel", En: "!card edit 12 New title"}

func (c *command) edit() error {
	card, err := c.takeCard(editExample)
	if err != nil {
		return err
	}
	if err := standing(card); err != nil {
		return err
	}
	elsewhere := c.on != "" && c.on != c.t.Board.Whose(card)
	c.on = c.sheetOf(card).ID
	for _, w := range c.words { // it would become the title
		if mark := strings.TrimLeft(w.text, "-–"); !w.quoted && mark != w.text && len(mark) > 1 && strings.ContainsAny(mark[:1], "@#") {
			return wrong(workspace.Text{
				De: "Wegnehmen können Sie Personen mit `!karte entziehen %s @anna` und Schlagwörter mit `!karte schlagwort %s -vergabe`.",
				En: "You can take people off with `!card unassign %s @anna` and labels with `!card label %s -tender`.",
			}, card.Text(board.Number), card.Text(board.Number))
		}
	}
	d, err := c.draft()
	if err != nil {
		return err
	}
	if d.column == nil && elsewhere {
		d.column = c.firstColumn()
	}
	var acts []board.Act
	change := board.EditCard{Card: card.ID}
	if d.title != "" {
		change.Title = &d.title
	}
	if c.more != "" {
		change.Description = &c.more
	}
	if d.due != "" {
		change.Due = &d.due
	}
	if d.start != "" {
		change.Start = &d.start
	}
	change.Priority = d.priority
	if change != (board.EditCard{Card: card.ID}) {
		acts = append(acts, change)
	}
	for _, u := range d.people {
		acts = append(acts, board.AssignCard{Card: card.ID, User: u, On: true})
	}
	for _, l := range d.labels {
		acts = append(acts, board.LabelCard{Card: card.ID, Label: l, On: true})
	}
	if d.column != nil && workspace.ItemID(card.Text(board.Column)) != d.column.ID {
		acts = append(acts, board.MoveCard{Card: card.ID, Column: d.column.ID})
	}
	if len(acts) == 0 && d.column == nil {
		return wrong(workspace.Text{
			De: "Was soll sich an Karte #%s ändern? Zum Beispiel der Titel: `!karte ändern %s Neuer Titel` – weitere Zeilen darunter werden die Beschreibung.",
			En: "What is to change on card #%s? The title, for example: `!card edit %s New title`. Further lines below it become the description.",
		}, card.Text(board.Number), card.Text(board.Number))
	}
	if len(acts) > 0 {
		fresh := c.unassigned(card, d.people)
		if err := c.do(acts...); err != nil {
			return err
		}
		c.state(card.ID)
		c.mention(fresh)
		return nil
	}
	c.state(card.ID)
	return nil
}
