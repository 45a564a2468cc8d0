package bots

import (
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	filesExample = workspace.Text{De: "!karte dateien 12", En: "!card files 12"}
	coverExample = workspace.Text{De: "!karte titelbild 12 1", En: "!card cover 12 1"}

	noSuchFile = workspace.Text{
		De: "Einen Anhang %s hat %s nicht. `!karte dateien %s` zeigt sie.",
		En: "There is no attachment %s on %s. `!card files %s` shows them.",
	}
)

// files shows the attachments of a card, or takes some off: “dateien 12”, “dateien 12
// weg 1”.
func (c *command) files() error {
	card, err := c.takeCard(filesExample)
	if err != nil {
		return err
	}
	if len(c.words) > 0 {
		places, all := placesIn(c.words[1:])
		if checkWords[c.words[0].plain()] != "remove" || !all {
			return wrong(workspace.Text{
				De: "`%s` zeigt die Anhänge einer Karte, `%s weg 1` nimmt den ersten weg.",
				En: "`%s` shows the attachments of a card, `%s remove 1` takes the first one off.",
			}, filesExample, filesExample)
		}
		var acts []board.Act
		for _, n := range slices.Compact(slices.Sorted(slices.Values(places))) {
			f, err := c.fileAt(card, n)
			if err != nil {
				return err
			}
			acts = append(acts, board.RemoveFile{Card: card.ID, File: f.ID})
		}
		if err := c.do(acts...); err != nil {
			return err
		}
		card = c.t.Board.Card(card.ID)
	}
	m := c.fileList(card)
	c.t.Answer = &m
	return nil
}

// fileList shows a card's attachments, with the numbers by which commands name them.
func (c *command) fileList(card *workspace.Item) Message {
	list := board.Files(card)
	if len(list) == 0 {
		return say(c.lang, workspace.Text{
			De: "%s: keine Anhänge. Was Sie in den Thread der Karte schicken, wird einer.",
			En: "%s: no attachments. What you send into the card's thread becomes one.",
		}, headline(card))
	}
	cover, _ := board.CoverOf(card)
	m := say(c.lang, workspace.Text{De: "%s: Anhänge", En: "%s: attachments"}, headline(card))
	for i, f := range list {
		text := workspace.Text{De: "%s. %s (%s)", En: "%s. %s (%s)"}
		if f.ID == cover.ID {
			text = workspace.Text{De: "%s. %s (%s), Titelbild", En: "%s. %s (%s), cover"}
		}
		m = m.add(say(c.lang, text, strconv.Itoa(i+1), f.Name, nameOf(c.t.Room, f.By)))
	}
	return m
}

func (c *command) fileAt(card *workspace.Item, n int) (board.CardFile, error) {
	list := board.Files(card)
	if n < 1 || n > len(list) {
		return board.CardFile{}, wrong(noSuchFile, strconv.Itoa(n), headline(card), card.Text(board.Number))
	}
	return list[n-1], nil
}

// noCover are the words for taking the cover away.
var noCover = []string{"kein", "keins", "keines", "ohne", "weg", "none", "no", "off", "remove"}

// cover puts an attached picture on a card's face: “titelbild 12 1”, “titelbild 12 kein”.
func (c *command) cover() error {
	var which []word // the last one, which would be another card elsewhere
	if n := len(c.words); n > 1 || n == 1 && c.cardHere() != nil {
		c.words, which = c.words[:n-1], c.words[n-1:]
	}
	card, err := c.takeCard(coverExample)
	if err != nil {
		return err
	}
	if len(which) == 1 && len(c.words) == 0 && slices.Contains(noCover, strings.TrimRight(which[0].plain(), ".!")) {
		if err := c.do(board.SetCover{Card: card.ID}); err != nil && !isIdle(err) {
			return err
		}
		c.answer(workspace.Text{De: "%s: kein Titelbild.", En: "%s: no cover."}, headline(card))
		return nil
	}
	places, all := placesIn(which)
	if !all || len(places) != 1 || len(c.words) > 0 {
		return wrong(workspace.Text{
			De: "Welcher Anhang soll es sein? Zum Beispiel `%s`; `!karte dateien %s` zeigt sie, mit `kein` statt der Zahl entfällt das Titelbild.",
			En: "Which attachment is it to be? For example `%s`; `!card files %s` shows them, `none` instead of the number takes the cover away.",
		}, coverExample, card.Text(board.Number))
	}
	f, err := c.fileAt(card, places[0])
	if err != nil {
		return err
	}
	if err := c.do(board.SetCover{Card: card.ID, File: f.ID}); err != nil && !isIdle(err) {
		return err
	}
	c.answer(workspace.Text{De: "%s: Titelbild ist %s.", En: "%s: the cover is %s."}, headline(card), f.Name)
	return nil
}
