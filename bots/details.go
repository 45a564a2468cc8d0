package bots

import (
	"slices"
	"strings"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	priorityExample = workspace.Text{De: "!karte priorität 12 hoch", En: "!card priority 12 high"}
	startExample    = workspace.Text{De: "!karte beginn 12 Montag", En: "!card start 12 Monday"}
	archiveExample  = workspace.Text{De: "!karte archivieren 12", En: "!card archive 12"}
)

// priorities are the words for a priority, as the field has it; "" is normal.
var priorities = map[string]string{
	"dringend": "urgent", "urgent": "urgent", "sofort": "urgent", "eilig": "urgent",
	"hoch": "high", "high": "high", "hohe": "high",
	"normal": "", "normale": "", "keine": "", "none": "",
	"niedrig": "low", "low": "low", "niedrige": "low", "gering": "low",
}

// priorityNames are what people read, by value.
var priorityNames = map[string]workspace.Text{
	"urgent": {De: "dringend", En: "urgent"},
	"high":   {De: "hohe Priorität", En: "high priority"},
	"":       {De: "normale Priorität", En: "normal priority"},
	"low":    {De: "niedrige Priorität", En: "low priority"},
}

func (c *command) priority() error {
	cards, err := c.takeCards(priorityExample)
	if err != nil {
		return err
	}
	if err := standing(cards...); err != nil {
		return err
	}
	value, known := "", false
	if len(c.words) == 1 {
		value, known = priorities[strings.TrimRight(c.words[0].plain(), ".!")]
	}
	if !known {
		return wrong(workspace.Text{
			De: "Welche Priorität soll es sein: dringend, hoch, normal oder niedrig? Zum Beispiel `%s`.",
			En: "Which priority is it to be: urgent, high, normal or low? For example `%s`.",
		}, priorityExample)
	}
	if err := c.toEach(cards, func(card workspace.ItemID) board.Act { return board.EditCard{Card: card, Priority: &value} }); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "%s: %s.", En: "%s: %s."}, headlines(cards), priorityNames[value])
	return nil
}

// priorityMark reads “Priorität hoch”, “prio 1” is text.
func priorityMark(d *draft, words []word) (used int) {
	if len(words) < 2 || words[0].quoted || words[1].quoted || !slices.Contains([]string{"priorität", "prioritaet", "prio", "priority"}, words[0].plain()) {
		return 0
	}
	value, known := priorities[strings.TrimRight(words[1].plain(), ".!,;")]
	if !known {
		return 0
	}
	d.priority = &value
	return 2
}

// startMark reads “ab Montag” and “from Monday”, which are ordinary words unless a
// date follows.
func (c *command) startMark(d *draft, words []word) (used int) {
	if len(words) < 2 || words[0].quoted || words[1].quoted || !slices.Contains([]string{"ab", "from", "starting"}, words[0].plain()) {
		return 0
	}
	found, err := dates.Parse(unquoted(words[1:]), c.now)
	if err != nil || found.Used == 0 {
		return 0
	}
	d.start = found.Day
	return 1 + found.Used
}

func (c *command) start() error {
	return c.day(startExample, workspace.Text{
		De: "Wann soll die Arbeit an der Karte beginnen? Zum Beispiel `!karte beginn 12 Montag`; mit `kein` statt des Tages entfällt das Datum.",
		En: "When does work on the card begin? For example `!card start 12 Monday`; `none` instead of the day takes the date away.",
	}, c.setStart)
}

func (c *command) setStart(day string) error {
	cards, err := c.toStanding(startExample, func(card workspace.ItemID) board.Act { return board.EditCard{Card: card, Start: &day} })
	if err != nil {
		return err
	}
	if day == "" {
		c.answer(workspace.Text{De: "%s: kein Beginn mehr festgelegt.", En: "%s: no start any more."}, headlines(cards))
		return nil
	}
	c.answer(workspace.Text{De: "%s: beginnt %s.", En: "%s: starts %s."}, headlines(cards), dates.Spell(day, c.lang))
	return nil
}

func (c *command) archive() error {
	cards, err := c.toStanding(archiveExample, func(card workspace.ItemID) board.Act { return board.ArchiveCard{Card: card, On: true} })
	if err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "🗄 %s: im Archiv. `!karte wiederherstellen %s` holt zurück, was dort liegt.",
		En: "🗄 %s: in the archive. `!card restore %s` brings it back.",
	}, headlines(cards), plainNumbers(cards))
	return nil
}
