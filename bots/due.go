package bots

import (
	"slices"
	"strings"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

var dueExample = workspace.Text{De: "!karte fällig 12 Freitag", En: "!card due 12 Friday"}

func (c *command) due() error {
	return c.day(dueExample, workspace.Text{
		De: "Wann soll die Karte fällig sein? Zum Beispiel `!karte fällig 12 Freitag`; mit `kein` statt des Tages entfällt das Datum.",
		En: "When is the card due? For example `!card due 12 Friday`; `none` instead of the day takes the date away.",
	}, c.setDue)
}

// day reads cards and a day, or the wish for none. “24 Dezember” in a card's thread is a
// day, not a card's number. missing is what to say where no day is named.
func (c *command) day(example, missing workspace.Text, set func(day string) error) error {
	c.skipCardWord()
	found, used := c.numbers(c.words)
	if len(found) > maxCardsAtOnce { // before every one of them is tried as a day
		return wrong(tooManyCards, maxCardsAtOnce)
	}
	for n := 0; n <= used; n++ {
		if n == 0 && c.cardHere() == nil {
			continue
		}
		if day, ok := c.wholeDate(c.words[n:]); ok {
			c.words = c.words[:n]
			return set(day)
		}
	}
	// Something is missing; say what.
	if _, err := c.takeCards(example); err != nil {
		return err
	}
	if len(c.words) == 0 {
		return wrong(missing)
	}
	_, err := dates.Parse(unquoted(c.words), c.now)
	return dateMistake(err, c.words)
}

func (c *command) setDue(day string) error {
	cards, err := c.toStanding(dueExample, func(card workspace.ItemID) board.Act { return board.EditCard{Card: card, Due: &day} })
	if err != nil {
		return err
	}
	if day == "" {
		c.answer(workspace.Text{De: "%s: kein Fälligkeitsdatum mehr.", En: "%s: no due date any more."}, headlines(cards))
		return nil
	}
	c.answer(workspace.Text{De: "%s: fällig %s.", En: "%s: due %s."}, headlines(cards), dates.Spell(day, c.lang))
	return nil
}

// wholeDate reads words that are a day and nothing else, or the wish for none.
func (c *command) wholeDate(words []word) (day string, ok bool) {
	for len(words) > 0 && slices.Contains([]string{"fällig", "faellig", "due", "auf", "to", "ab", "from", "beginn", "am", "on"}, words[0].plain()) {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", false
	}
	switch strings.TrimRight(strings.ToLower(joined(words)), ".!") {
	case "kein", "keine", "keins", "ohne", "nie", "none", "no", "never", "-", "–", "clear", "löschen", "entfernen", "kein datum", "no date":
		return "", true
	}
	found, err := dates.Parse(unquoted(words), c.now)
	if err != nil || found.Used != len(words) {
		return "", false
	}
	return found.Day, true
}
