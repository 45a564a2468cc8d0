package bots

import (
	"errors"
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	relateExample   = workspace.Text{De: "!karte verknüpfen 12 blockiert 7", En: "!card relate 12 blocks 7"}
	unrelateExample = workspace.Text{De: "!karte lösen 12 7", En: "!card unrelate 12 7"}
	linkExample     = workspace.Text{De: "!karte verweis 12 https://www.example.org Ausschreibung", En: "!card link 12 https://www.example.org The tender"}
)

// relationWord is a way to say how two cards stand to each other; turned is set where
// the second is the one that stands in the relation.
type relationWord struct {
	words    []string
	relation board.Relation
	turned   bool
}

var relationWords = []relationWord{
	{[]string{"blockiert von", "wird blockiert von", "blocked by", "is blocked by", "wartet auf", "waits for"}, board.RelationBlocks, true},
	{[]string{"blockiert", "blocks"}, board.RelationBlocks, false},
	{[]string{"gehört zu", "gehoert zu", "teil von", "ist teil von", "part of", "is part of", "belongs to"}, board.RelationParent, false},
	{[]string{"enthält", "enthaelt", "umfasst", "contains", "has"}, board.RelationParent, true},
	{[]string{"mit", "und", "hat zu tun mit", "siehe", "with", "and", "relates to", "see", ""}, board.RelationRelates, false},
}

func (c *command) relate() error {
	card, other, between, err := c.twoCards(relateExample)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(relationWords, func(r relationWord) bool { return slices.Contains(r.words, between) })
	if i < 0 {
		return wrong(workspace.Text{
			De: "Wie hängen die Karten zusammen? Möglich sind `blockiert`, `blockiert von`, `gehört zu`, `enthält` und `mit`. Zum Beispiel `%s`.",
			En: "How do the cards belong together? It can be `blocks`, `blocked by`, `part of`, `contains` and `with`. For example `%s`.",
		}, relateExample)
	}
	r := relationWords[i]
	from, to := card, other
	if r.turned {
		from, to = other, card
	}
	if err := c.do(board.RelateCard{Card: from.ID, Other: to.ID, Relation: r.relation, On: true}); err != nil && !isIdle(err) {
		return err
	}
	c.answer(map[board.Relation]workspace.Text{
		board.RelationBlocks:  {De: "%s blockiert %s.", En: "%s blocks %s."},
		board.RelationParent:  {De: "%s gehört zu %s.", En: "%s is part of %s."},
		board.RelationRelates: {De: "%s hat zu tun mit %s.", En: "%s relates to %s."},
	}[r.relation], headline(from), headline(to))
	return nil
}

func (c *command) unrelate() error {
	card, other, _, err := c.twoCards(unrelateExample)
	if err != nil {
		return err
	}
	var acts []board.Act
	for _, relation := range []board.Relation{board.RelationBlocks, board.RelationParent, board.RelationRelates} {
		acts = append(acts,
			board.RelateCard{Card: card.ID, Other: other.ID, Relation: relation},
			board.RelateCard{Card: other.ID, Other: card.ID, Relation: relation})
	}
	if err := c.do(acts...); isIdle(err) {
		c.answer(workspace.Text{De: "%s und %s sind nicht verknüpft.", En: "%s and %s are not related."}, headline(card), headline(other))
		return nil
	} else if err != nil {
		return err
	}
	c.answer(workspace.Text{De: "%s und %s sind nicht mehr verknüpft.", En: "%s and %s are not related any more."}, headline(card), headline(other))
	return nil
}

// twoCards reads “12 blockiert 7”; in a card's thread “blockiert 14”.
func (c *command) twoCards(example workspace.Text) (card, other *workspace.Item, between string, err error) {
	var found []*workspace.Item
	var middle []string
	for i, w := range c.words {
		numbers, used := c.numbers(c.words[i : i+1])
		if used == 0 {
			if !slices.Contains([]string{"karte", "card", "#"}, w.plain()) {
				middle = append(middle, w.plain())
			}
			continue
		}
		cards, err := c.cardsOf(numbers)
		if err != nil {
			return nil, nil, "", err
		}
		found = append(found, cards...)
	}
	if here := c.cardHere(); len(found) == 1 && here != nil {
		found = append([]*workspace.Item{here}, found...)
	}
	if len(found) != 2 {
		return nil, nil, "", wrong(workspace.Text{
			De: "Bitte nennen Sie zwei Karten, zum Beispiel `%s`.",
			En: "Please name two cards, for example `%s`.",
		}, example)
	}
	if err := standing(found...); err != nil {
		return nil, nil, "", err
	}
	return found[0], found[1], strings.Join(middle, " "), nil
}

// cardLink adds a link to a card, or takes it off: “verweis 12 https://… Titel”.
func (c *command) cardLink() error {
	card, err := c.takeCard(linkExample)
	if err != nil {
		return err
	}
	if err := standing(card); err != nil {
		return err
	}
	if len(c.words) == 0 {
		return wrong(workspace.Text{
			De: "Wohin soll der Verweis führen? Zum Beispiel `%s`; ein Minus vor der Adresse nimmt ihn wieder weg.",
			En: "Where is the link to lead? For example `%s`; a minus before the address takes it off again.",
		}, linkExample)
	}
	address, title := c.words[0].raw, clean(c.asTyped(joined(c.words[1:])))
	drop := strings.HasPrefix(address, "-")
	address = strings.Trim(strings.TrimPrefix(address, "-"), "<>")
	for _, l := range board.Links(card) {
		if l.URL != address {
			continue
		}
		none := ""
		act := board.LinkCard{Card: card.ID, Link: l.ID, Title: &title}
		if drop {
			act = board.LinkCard{Card: card.ID, Link: l.ID, URL: &none}
		}
		if err := c.do(act); err != nil && !isIdle(err) {
			return err
		}
		c.answerLinks(card)
		return nil
	}
	if drop {
		return wrong(workspace.Text{
			De: "Diesen Verweis hat Karte #%s nicht.",
			En: "Card #%s does not have this link.",
		}, card.Text(board.Number))
	}
	if err := c.do(board.LinkCard{Card: card.ID, Link: string(ItemOf(c.t.Event.ID)), URL: &address, Title: &title}); err != nil {
		return err
	}
	c.answerLinks(card)
	return nil
}

func (c *command) answerLinks(card *workspace.Item) {
	now := c.t.Board.Card(card.ID)
	links := board.Links(now)
	if len(links) == 0 {
		c.answer(workspace.Text{De: "%s: keine Verweise.", En: "%s: no links."}, headline(now))
		return
	}
	m := say(c.lang, workspace.Text{De: "%s: Verweise", En: "%s: links"}, headline(now)).add(linkList(links))
	c.t.Answer = &m
}

// linkList shows links, each on a line of its own.
func linkList(links []board.CardLink) (m Message) {
	for _, l := range links {
		line := literal("🔗 " + l.URL)
		if l.Title != "" {
			line = Message{Body: "🔗 " + l.Title + ": " + l.URL, HTML: "🔗 " + anchor(l.URL, l.Title)}
		}
		m = m.add(line)
	}
	return m
}

// relationList says how a card stands to others, each on a line of its own.
func (c *command) relationList(card *workspace.Item) (m Message) {
	line := func(text workspace.Text, other workspace.ItemID) {
		if it := c.t.Board.Card(other); it != nil && !it.Deleted() {
			m = m.add(say(c.lang, text, headline(it)))
		}
	}
	line(workspace.Text{De: "Gehört zu %s", En: "Part of %s"}, workspace.ItemID(card.Text(board.Parent)))
	r := c.t.Board.RelationsOf(card)
	for _, list := range []struct {
		text  workspace.Text
		cards []workspace.ItemID
	}{
		{workspace.Text{De: "Enthält %s", En: "Contains %s"}, r.Children},
		{workspace.Text{De: "Blockiert %s", En: "Blocks %s"}, r.Blocks},
		{workspace.Text{De: "Blockiert von %s", En: "Blocked by %s"}, r.BlockedBy},
		{workspace.Text{De: "Hat zu tun mit %s", En: "Relates to %s"}, r.Relates},
	} {
		for _, other := range list.cards[:min(len(list.cards), maxCardsNamed)] {
			line(list.text, other)
		}
		if more := len(list.cards) - maxCardsNamed; more > 0 {
			m = m.add(say(c.lang, andMore, more))
		}
	}
	return m
}

// isIdle reports that an act would have changed nothing.
func isIdle(err error) bool { return errors.Is(err, errNothing) }
