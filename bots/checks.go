package bots

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var checkExample = workspace.Text{De: "!karte punkt 12 Angebot prüfen", En: "!card check 12 Look at the offer"}

var noSuchEntry = workspace.Text{
	De: "Einen Punkt %s gibt es in der Checkliste von #%s nicht. %s",
	En: "There is no entry %s in the checklist of #%s. %s",
}

// checkWords say what is to happen to entries that are named by their place.
var checkWords = map[string]string{
	"erledigt": "done", "fertig": "done", "done": "done", "ab": "done", "abhaken": "done", "tick": "done",
	"offen": "open", "open": "open", "untick": "open",
	"weg": "remove", "entfernen": "remove", "löschen": "remove", "loeschen": "remove", "remove": "remove", "delete": "remove",
}

// check adds an entry to a card's checklist, or ticks or removes entries: “punkt 12
// Angebot prüfen”, “punkt 12 erledigt 1 3”. Further lines are further entries.
func (c *command) check() error {
	card, err := c.takeCard(checkExample)
	if err != nil {
		return err
	}
	if err := standing(card); err != nil {
		return err
	}
	if len(c.words) > 1 && !c.words[0].quoted {
		if what, is := checkWords[c.words[0].plain()]; is {
			if places, all := placesIn(c.words[1:]); all {
				return c.tick(card, what, places)
			}
		}
	}
	titles := []string{clean(c.asTyped(joined(c.words)))}
	for line := range strings.Lines(c.more) {
		titles = append(titles, clean(strings.TrimLeft(line, " -*•☐[]")))
	}
	titles = slices.DeleteFunc(titles, func(t string) bool { return t == "" })
	if len(titles) == 0 {
		if len(board.Checklist(card)) == 0 {
			return wrong(workspace.Text{
				De: "Was soll auf die Checkliste? Zum Beispiel `%s`; jede weitere Zeile wird ein weiterer Punkt.",
				En: "What is to go on the checklist? For example `%s`; each further line becomes a further entry.",
			}, checkExample)
		}
		m := c.checklist(card)
		c.t.Answer = &m
		return nil
	}
	act, err := c.newEntries(card, titles)
	if err != nil {
		return err
	}
	if err := c.do(act); err != nil {
		return err
	}
	m := c.checklist(c.t.Board.Card(card.ID))
	c.t.Answer = &m
	return nil
}

// newEntries is the act that puts entries below those there are.
func (c *command) newEntries(card *workspace.Item, titles []string) (board.Act, error) {
	if n := len(board.Checklist(card)) + len(titles); n > board.MaxChecks {
		return nil, wrong(workspace.Text{
			De: "Das wären %d Punkte; eine Checkliste hat höchstens %d.",
			En: "That would be %d entries; a checklist has at most %d.",
		}, n, board.MaxChecks)
	}
	entries := make([]board.NewCheck, len(titles))
	for i, title := range titles {
		if utf8.RuneCountInString(title) > board.MaxTitle {
			return nil, wrong(workspace.Text{
				De: "Ein Punkt hat höchstens %d Zeichen. Ausführliches passt in die Beschreibung der Karte.",
				En: "An entry has at most %d characters. Details fit into the card's description.",
			}, board.MaxTitle)
		}
		entries[i] = board.NewCheck{Entry: string(ItemOf(c.t.Event.ID)) + "-" + strconv.Itoa(i), Title: title}
	}
	return board.AddChecks{Card: card.ID, Entries: entries}, nil
}

// placesIn reads “1 3 und 4”.
func placesIn(words []word) (places []int, all bool) {
	for _, w := range words {
		text := strings.TrimRight(w.plain(), ",;.")
		if slices.Contains(joiners, text) {
			continue
		}
		n, err := strconv.Atoi(strings.TrimPrefix(text, "#"))
		if err != nil || n < 0 || n > 100_000 {
			return nil, false
		}
		places = append(places, n)
	}
	return places, len(places) > 0
}

func (c *command) tick(card *workspace.Item, what string, places []int) error {
	list := board.Checklist(card)
	var acts []board.Act
	yes, no, none := true, false, ""
	for _, n := range places {
		if n < 1 || n > len(list) {
			return wrong(noSuchEntry, strconv.Itoa(n), card.Text(board.Number), phrase{text: workspace.Text{De: "`!karte punkt %s` zeigt sie.", En: "`!card check %s` shows it."}, args: []any{card.Text(board.Number)}})
		}
		act := board.CheckCard{Card: card.ID, Entry: list[n-1].ID}
		switch what {
		case "done":
			act.Done = &yes
		case "open":
			act.Done = &no
		default:
			act.Title = &none
		}
		acts = append(acts, act)
	}
	if err := c.do(acts...); err != nil && !isIdle(err) {
		return err
	}
	m := c.checklist(c.t.Board.Card(card.ID))
	c.t.Answer = &m
	return nil
}

// checklist shows a card's checklist, with the numbers by which commands name entries.
func (c *command) checklist(card *workspace.Item) Message {
	list := board.Checklist(card)
	if len(list) == 0 {
		return say(c.lang, workspace.Text{De: "%s: keine Checkliste.", En: "%s: no checklist."}, headline(card))
	}
	m := say(c.lang, workspace.Text{De: "%s: Checkliste, %s erledigt", En: "%s: checklist, %s done"}, headline(card), progress(list))
	for i, e := range list {
		box := "☐"
		if e.Done {
			box = "☑"
		}
		m = m.add(literal(strconv.Itoa(i+1) + ". " + box + " " + e.Title))
	}
	return m
}

// progress is “2/5”.
func progress(list []board.CheckEntry) string {
	done := 0
	for _, e := range list {
		if e.Done {
			done++
		}
	}
	return strconv.Itoa(done) + "/" + strconv.Itoa(len(list))
}
