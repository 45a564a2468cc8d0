package bots

import (
	"errors"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	assignExample   = workspace.Text{De: "!karte zuweisen 12 @anna", En: "!card assign 12 @anna"}
	unassignExample = workspace.Text{De: "!karte entziehen 12 @anna", En: "!card unassign 12 @anna"}
	labelExample    = workspace.Text{De: "!karte schlagwort 12 vergabe", En: "!card label 12 tender"}
)

func (c *command) assign() error {
	cards, err := c.takeCards(assignExample)
	if err != nil {
		return err
	}
	if err := standing(cards...); err != nil {
		return err
	}
	add, drop, err := c.persons()
	if err != nil {
		return err
	}
	if len(add)+len(drop) == 0 {
		return wrong(workspace.Text{
			De: "Wem soll die Karte zugewiesen werden? Zum Beispiel `%s`; `-@anna` nimmt die Zuweisung zurück.",
			En: "Whom is the card to be assigned to? For example `%s`; `-@anna` takes it away again.",
		}, assignExample)
	}
	return c.reassign(cards, add, drop)
}

func (c *command) unassign() error {
	cards, err := c.takeCards(unassignExample)
	if err != nil {
		return err
	}
	if err := standing(cards...); err != nil {
		return err
	}
	if len(c.words) == 1 && slices.Contains([]string{"alle", "allen", "all", "everybody", "everyone"}, c.words[0].plain()) {
		c.words = nil
	}
	add, drop, err := c.persons()
	if err != nil {
		return err
	}
	drop = append(drop, add...)
	if len(drop) == 0 { // nobody named: everybody
		for _, card := range cards {
			drop = append(drop, board.Assignees(card)...)
		}
		slices.Sort(drop)
		drop = slices.Compact(drop)
	}
	if len(drop) == 0 {
		c.answer(workspace.Text{De: "%s: niemandem zugewiesen.", En: "%s: not assigned to anybody."}, headlines(cards))
		return nil
	}
	return c.reassign(cards, nil, drop)
}

// persons reads the people that the rest of the line names, with - before
// those to be taken off.
func (c *command) persons() (add, drop []id.UserID, err error) {
	for len(c.words) > 0 {
		w := c.words[0]
		if text := w.plain(); slices.Contains(joiners, text) || text == "an" || text == "to" || text == "von" || text == "from" {
			c.words = c.words[1:]
			continue
		}
		list := &add
		words := slices.Clone(c.words)
		if !w.quoted && len(w.text) > 1 && (strings.HasPrefix(w.text, "-") || strings.HasPrefix(w.text, "–")) {
			list = &drop
			words[0].text = strings.TrimLeft(w.text, "-–")
		}
		user, used, err := c.people.find(words)
		if err != nil {
			return nil, nil, err
		}
		if *list, err = addPerson(*list, user); err != nil {
			return nil, nil, err
		}
		c.words = c.words[used:]
	}
	return add, drop, nil
}

func (c *command) reassign(cards []*workspace.Item, add, drop []id.UserID) error {
	var acts []board.Act
	var fresh []id.UserID
	for _, card := range cards {
		for _, u := range add {
			acts = append(acts, board.AssignCard{Card: card.ID, User: u, On: true})
		}
		for _, u := range drop {
			acts = append(acts, board.AssignCard{Card: card.ID, User: u})
		}
		fresh = append(fresh, c.unassigned(card, add)...)
	}
	// Who asks for what is so already sees that it is so.
	if err := c.do(acts...); err != nil && !errors.Is(err, errNothing) {
		return err
	}
	slices.Sort(fresh)
	fresh = slices.Compact(fresh)
	m := c.each(cards, func(now *workspace.Item) Message {
		if people := board.Assignees(now); len(people) > 0 {
			return say(c.lang, workspace.Text{De: "%s: zugewiesen an %s.", En: "%s: assigned to %s."}, headline(now), persons{c.t.Room, people, fresh})
		}
		return say(c.lang, workspace.Text{De: "%s: niemandem zugewiesen.", En: "%s: not assigned to anybody."}, headline(now))
	})
	m.Mentions = fresh
	c.t.Answer = &m
	return nil
}

// each says a line of each card as it now is, at most of as many as a person
// reads.
func (c *command) each(cards []*workspace.Item, line func(*workspace.Item) Message) Message {
	m := Message{}
	for _, card := range cards[:min(len(cards), maxCardsNamed)] {
		m = m.add(line(c.t.Board.Card(card.ID)))
	}
	if more := len(cards) - maxCardsNamed; more > 0 {
		m = m.add(say(c.lang, andMore, more))
	}
	return m
}

// others are the people other than the sender.
func (c *command) others(people []id.UserID) []id.UserID {
	return slices.DeleteFunc(slices.Clone(people), func(u id.UserID) bool { return u == c.t.Event.Sender })
}

// unassigned are those of people, other than the sender, to whom card is not
// assigned yet.
func (c *command) unassigned(card *workspace.Item, people []id.UserID) []id.UserID {
	has := board.Assignees(card)
	return slices.DeleteFunc(c.others(people), func(u id.UserID) bool { return slices.Contains(has, u) })
}

// mention lets the answer notify people to whom something was assigned.
func (c *command) mention(people []id.UserID) {
	if len(people) == 0 {
		return
	}
	m := say(c.lang, workspace.Text{De: "Neu zugewiesen: %s", En: "Newly assigned: %s"}, persons{c.t.Room, people, people})
	m.Mentions = people
	*c.t.Answer = c.t.Answer.add(m)
}

func (c *command) label() error {
	cards, err := c.takeCards(labelExample)
	if err != nil {
		return err
	}
	if err := standing(cards...); err != nil {
		return err
	}
	var add, drop []string
	for i, w := range c.words {
		if i > 0 && i < len(c.words)-1 && slices.Contains(joiners, w.plain()) {
			continue
		}
		text, list := w.text, &add
		if !w.quoted {
			if rest := strings.TrimLeft(text, "-–"); rest != text && rest != "" {
				text, list = rest, &drop
			}
			text = strings.TrimRight(strings.TrimPrefix(text, "#"), ",;")
		}
		if text = clean(text); text == "" {
			continue
		}
		if *list, err = c.addLabel(*list, text); err != nil {
			return err
		}
	}
	if len(add)+len(drop) == 0 {
		return wrong(workspace.Text{
			De: "Welches Schlagwort soll auf die Karte? Zum Beispiel `%s`; `-vergabe` nimmt es wieder weg.",
			En: "Which label is to go on the card? For example `%s`; `-tender` takes it off again.",
		}, labelExample)
	}
	var acts []board.Act
	for _, card := range cards {
		for _, l := range add {
			acts = append(acts, board.LabelCard{Card: card.ID, Label: l, On: true})
		}
		for _, l := range drop {
			acts = append(acts, board.LabelCard{Card: card.ID, Label: l})
		}
	}
	if err := c.do(acts...); err != nil && !errors.Is(err, errNothing) {
		return err
	}
	m := c.each(cards, func(now *workspace.Item) Message {
		if labels := board.Labels(now); len(labels) > 0 {
			return say(c.lang, workspace.Text{De: "%s: Schlagwörter %s.", En: "%s: labels %s."}, headline(now), "#"+strings.Join(labels, " #"))
		}
		return say(c.lang, workspace.Text{De: "%s: keine Schlagwörter.", En: "%s: no labels."}, headline(now))
	})
	c.t.Answer = &m
	return nil
}
