package bots

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	whichCard = workspace.Text{
		De: "Welche Karte meinen Sie? Bitte nennen Sie ihre Nummer, zum Beispiel `%s`, oder schreiben Sie den Befehl in den Thread der Karte.",
		En: "Which card do you mean? Please give its number, for example `%s`, or write the command in the card's thread.",
	}
	unknownNumber = workspace.Text{
		De: "Eine Karte #%s gibt es hier nicht. %s",
		En: "There is no card #%s here. %s",
	}
	existingCards = workspace.Text{
		De: "Vorhanden: %s.",
		En: "There are: %s.",
	}
	manyCards = workspace.Text{
		De: "Vorhanden sind %d Karten von #%s bis #%s; `!karte liste` zeigt sie.",
		En: "There are %d cards from #%s to #%s; `!card list` shows them.",
	}
	noCards = workspace.Text{
		De: "Noch gibt es keine Karten. Die erste legen Sie so an: `!karte neu Angebot einholen`",
		En: "There are no cards yet. Make the first one like this: `!card add Get an offer`",
	}
	cardDeleted = workspace.Text{
		De: "Karte #%s ist gelöscht. `!karte wiederherstellen %s` holt sie zurück.",
		En: "Card #%s is deleted. `!card restore %s` brings it back.",
	}
	cardArchived = workspace.Text{
		De: "Karte #%s liegt im Archiv. `!karte wiederherstellen %s` holt sie zurück.",
		En: "Card #%s is in the archive. `!card restore %s` brings it back.",
	}
	notDeleted = workspace.Text{
		De: "Karte #%s ist weder gelöscht noch im Archiv.",
		En: "Card #%s is neither deleted nor in the archive.",
	}
	oneCardOnly = workspace.Text{
		De: "Bitte nennen Sie hier nur eine Karte, zum Beispiel `%s`.",
		En: "Please name only one card here, for example `%s`.",
	}
	tooManyCards = workspace.Text{
		De: "Bitte nennen Sie höchstens %d Karten auf einmal.",
		En: "Please name at most %d cards at a time.",
	}
)

const (
	maxCardsAtOnce = 100
	maxCardsNamed  = 15
)

// A card's short number; cards of a room's second Werkraum server carry a
// letter.
var (
	shortNumber = regexp.MustCompile(`^#?([A-Za-z]?)([0-9]{1,12})$`)
	sentenceEnd = regexp.MustCompile(`^#?[0-9]{1,12}\.$`)
)

// numbers reads the card numbers at the beginning of words: “3 #4, 7 und 9”.
func (c *command) numbers(words []word) (found []string, used int) {
	for i, w := range words {
		if w.quoted {
			break
		}
		text := strings.ToLower(w.text)
		if (text == "und" || text == "and" || text == "&") && len(found) > 0 && i+1 < len(words) {
			if c.numbersIn(words[i+1], false) != nil {
				continue
			}
			break
		}
		here := c.numbersIn(w, len(found) == 0)
		if here == nil {
			break
		}
		found, used = append(found, here...), i+1
	}
	return found, used
}

// numbersIn are the card numbers that a word is, nil if it is none. With a
// letter it is one if there is such a card; where nothing but a number can
// stand, at first, it is one in any case: “12 Q4” is a card and a label.
func (c *command) numbersIn(w word, first bool) []string {
	var found []string
	for part := range strings.SplitSeq(strings.TrimRight(w.text, ",;:"), ",") {
		m := shortNumber.FindStringSubmatch(part)
		if w.quoted || m == nil {
			return nil
		}
		n := m[1] + m[2]
		if m[1] != "" && (!first || len(found) > 0) && c.t.Board.ByNumber(n) == nil {
			return nil
		}
		found = append(found, n)
	}
	return found
}

// takeCards takes the cards that the command is about from the beginning of
// its words. Without a number it is the card of the thread, or of the message
// that the command answers.
func (c *command) takeCards(example workspace.Text) ([]*workspace.Item, error) {
	c.skipCardWord()
	c.endSentence()
	found, used := c.numbers(c.words)
	if len(found) == 0 {
		card := c.cardHere()
		if card == nil {
			return nil, wrong(whichCard, example)
		}
		return []*workspace.Item{card}, nil
	}
	cards, err := c.cardsOf(found)
	c.words = c.words[used:]
	return cards, err
}

// toStanding does the same to all cards that the command is about, which is all that it
// says. That some of them are so already is no mistake.
func (c *command) toStanding(example workspace.Text, act func(workspace.ItemID) board.Act) ([]*workspace.Item, error) {
	cards, err := c.takeCards(example)
	if err != nil {
		return nil, err
	}
	if err := c.noMore(); err != nil {
		return nil, err
	}
	if err := standing(cards...); err != nil {
		return nil, err
	}
	return cards, c.toEach(cards, act)
}

// toEach does the same to each card.
func (c *command) toEach(cards []*workspace.Item, act func(workspace.ItemID) board.Act) error {
	acts := make([]board.Act, len(cards))
	for i, card := range cards {
		acts[i] = act(card.ID)
	}
	if err := c.do(acts...); !errors.Is(err, errNothing) {
		return err
	}
	return nil
}

// takeCard is takeCards for commands that are about one card.
func (c *command) takeCard(example workspace.Text) (*workspace.Item, error) {
	c.skipCardWord()
	if len(c.words) == 1 { // else it may be “2. Mahnung”
		c.endSentence()
	}
	if found, used := c.numbers(c.words[:min(1, len(c.words))]); len(found) > 1 || (len(found) == 1 && used < len(c.words) && c.onlyNumbers()) {
		return nil, wrong(oneCardOnly, example)
	} else if len(found) == 1 {
		cards, err := c.cardsOf(found)
		if err != nil {
			return nil, err
		}
		c.words = c.words[1:]
		return cards[0], nil
	}
	card := c.cardHere()
	if card == nil {
		return nil, wrong(whichCard, example)
	}
	return card, nil
}

// skipCardWord leaves out “Karte” before a number: “zeige Karte 12”, “Nr. 12”.
// Where the command has a card without it, the word may belong to a title.
func (c *command) skipCardWord() {
	if len(c.words) < 2 || c.cardHere() != nil ||
		!slices.Contains([]string{"karte", "karten", "card", "cards", "nr", "nummer", "no", "number"}, strings.TrimRight(c.words[0].plain(), ".")) {
		return
	}
	if found, _ := c.numbers(c.words[1:]); len(found) > 0 {
		c.words = c.words[1:]
	}
}

// endSentence takes the full stop from a number at the end, as of “3 und 4.”.
func (c *command) endSentence() {
	if n := len(c.words) - 1; n >= 0 && sentenceEnd.MatchString(c.words[n].raw) {
		c.words[n].text = strings.TrimRight(c.words[n].text, ".")
	}
}

func (c *command) onlyNumbers() bool {
	_, used := c.numbers(c.words)
	return used == len(c.words)
}

// cardHere is the card of the thread or of the message that was answered, or
// nil.
func (c *command) cardHere() *workspace.Item {
	for _, message := range []id.EventID{c.t.Event.Thread, c.t.Event.ReplyTo} {
		if message == "" {
			continue
		}
		if card, ok := c.t.Cards.ByMessage(message); ok {
			return c.t.Board.Card(card)
		}
	}
	return nil
}

func (c *command) cardsOf(found []string) ([]*workspace.Item, error) {
	if len(found) > maxCardsAtOnce {
		return nil, wrong(tooManyCards, maxCardsAtOnce)
	}
	var cards []*workspace.Item
	for _, n := range found {
		card := c.t.Board.ByNumber(strings.TrimLeft(n, "0"))
		if card == nil {
			return nil, wrong(unknownNumber, n, c.whatExists())
		}
		if !slices.Contains(cards, card) {
			cards = append(cards, card)
		}
	}
	return cards, nil
}

// whatExists says which numbers there are.
func (c *command) whatExists() phrase {
	var list []string
	for _, column := range c.t.Board.Columns() {
		for _, card := range c.t.Board.Cards(column.ID, -1) {
			list = append(list, card.Text(board.Number))
		}
	}
	slices.SortFunc(list, compareNumbers)
	switch {
	case len(list) == 0:
		if c.t.Direct {
			return phrase{text: noTodos}
		}
		return phrase{text: noCards}
	case len(list) > maxCardsNamed:
		return phrase{manyCards, []any{len(list), list[0], list[len(list)-1]}}
	}
	for i := range list {
		list[i] = "#" + list[i]
	}
	return phrase{existingCards, []any{names{list: list, bare: true}}}
}

func compareNumbers(a, b string) int {
	na, errA := strconv.Atoi(a)
	nb, errB := strconv.Atoi(b)
	if errA == nil && errB == nil {
		return na - nb
	}
	return strings.Compare(a, b)
}

// standing refuses cards that are deleted.
func standing(cards ...*workspace.Item) error {
	for _, card := range cards {
		if card.Deleted() {
			n := card.Text(board.Number)
			return wrong(cardDeleted, n, n)
		}
	}
	return nil
}

// onBoard refuses cards that are deleted or in the archive.
func onBoard(cards ...*workspace.Item) error {
	if err := standing(cards...); err != nil {
		return err
	}
	for _, card := range cards {
		if card.True(board.Archived) {
			n := card.Text(board.Number)
			return wrong(cardArchived, n, n)
		}
	}
	return nil
}
