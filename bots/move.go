package bots

import (
	"errors"
	"slices"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var moveExample = workspace.Text{De: "!karte verschieben 12 In Arbeit", En: "!card move 12 In progress"}

// height is where in a column cards go.
type height int

const (
	anywhere  height = iota // below the others, unless they are in the column already
	atTop                   // above all others
	atBottom                // below all others
	justAbove               // directly above another card
	justBelow               // directly below another card
)

// destination is where cards are to go.
type destination struct {
	column *workspace.Item // nil: each card stays in its own
	height height
	other  *workspace.Item // for justAbove and justBelow
}

func (c *command) move() error {
	cards, err := c.takeCards(moveExample)
	if err != nil {
		return err
	}
	if err := onBoard(cards...); err != nil {
		return err
	}
	sheet := c.sheetOf(cards[0])
	columns := sheet.Columns()
	if len(columns) == 0 {
		return wrong(noColumnsAtAll)
	}
	if len(c.words) == 0 && c.on != "" {
		c.words = []word{{text: columns[0].Text(board.Title), quoted: true}}
	}
	c.on = sheet.ID
	if len(c.words) == 0 {
		return wrong(workspace.Text{
			De: "In welche Spalte soll die Karte? Vorhanden: %s. Beispiel: `!karte verschieben %s %s`",
			En: "Which column is the card to go to? There are: %s. Example: `!card move %s %s`",
		}, titles(columns), cards[0].Text(board.Number), columns[len(columns)-1].Text(board.Title))
	}
	to, err := c.destination()
	if err != nil {
		return err
	}
	if to.other != nil && slices.Contains(cards, to.other) {
		return wrong(workspace.Text{
			De: "Karte #%s kann nicht neben sich selbst liegen. Bitte nennen Sie eine andere, zum Beispiel `!karte verschieben 12 vor 7`.",
			En: "Card #%s cannot be put beside itself. Please name another one, for example `!card move 12 before 7`.",
		}, to.other.Text(board.Number))
	}
	err = c.do(c.moves(cards, to)...)
	if err != nil && !errors.Is(err, errNothing) {
		return err
	}
	c.moved(cards, to, err == nil)
	return nil
}

// destination reads what is left of the line: a column, “nach oben”,
// “In Arbeit oben”, “vor 7”.
func (c *command) destination() (destination, error) {
	if column := calledExactly(c.sheet(), c.words); column != nil { // it may be called “Oben”
		return destination{column: column}, nil
	}
	if to, ok, err := c.beside(); ok || err != nil {
		return to, err
	}
	to := destination{}
	words := c.words
	if h, ok := heights[words[len(words)-1].plain()]; ok { // “In Arbeit ganz oben”
		to.height = h
		words = words[:len(words)-1]
		for len(words) > 0 && calledExactly(c.sheet(), words) == nil && slices.Contains(aroundHeights, words[len(words)-1].plain()) {
			words = words[:len(words)-1]
		}
	} else { // “ganz oben in In Arbeit”
		n := 0
		for n < len(words) && slices.Contains(aroundHeights, words[n].plain()) {
			n++
		}
		if h, ok := heights[words[min(n, len(words)-1)].plain()]; ok {
			to.height = h
			words = words[n+1:]
		}
	}
	if len(words) == 0 {
		return to, nil
	}
	var err error
	to.column, err = targetColumn(c.sheet(), words)
	return to, err
}

// heights are words for the ends of a column.
var heights = map[string]height{
	"oben": atTop, "top": atTop, "anfang": atTop, "zuoberst": atTop,
	"unten": atBottom, "bottom": atBottom, "ende": atBottom, "end": atBottom, "zuunterst": atBottom,
}

// aroundHeights are words that may stand around them.
var aroundHeights = []string{"nach", "ganz", "an", "ans", "am", "den", "das", "zum", "to", "at", "the", "and", "und"}

// beside reads “vor 7”, “before card 7”, “hinter #7”.
func (c *command) beside() (to destination, ok bool, err error) {
	words := c.words
	switch words[0].plain() {
	case "vor", "before", "über", "ueber", "above":
		to.height = justAbove
	case "nach", "after", "hinter", "unter", "below", "behind":
		to.height = justBelow
	default:
		return to, false, nil
	}
	words = words[1:]
	for len(words) > 0 && slices.Contains([]string{"die", "der", "the", "karte", "card"}, words[0].plain()) {
		words = words[1:]
	}
	found, used := c.numbers(words)
	if len(found) != 1 || used != len(words) {
		return to, false, nil
	}
	others, err := c.cardsOf(found)
	if err != nil {
		return to, false, err
	}
	if err := onBoard(others...); err != nil {
		return to, false, err
	}
	to.other = others[0]
	to.column = columnOf(c.t.Room, to.other)
	if to.column == nil {
		return to, false, wrong(noColumnsAtAll)
	}
	return to, true, nil
}

// moves are the acts that bring cards to their destination.
func (c *command) moves(cards []*workspace.Item, to destination) []board.Act {
	var acts []board.Act
	at := map[workspace.ItemID]int{} // by column
	for _, card := range cards {
		own := workspace.ItemID(card.Text(board.Column))
		column := own
		if to.column != nil {
			column = to.column.ID
		}
		if to.height == anywhere && own == column {
			continue
		}
		i, ok := at[column]
		if !ok {
			i = len(acts)
			at[column] = i
			acts = append(acts, board.MoveCards{Column: column, Before: c.follower(column, to)})
		}
		move, _ := acts[i].(board.MoveCards)
		move.Cards = append(move.Cards, card.ID)
		acts[i] = move
	}
	return acts
}

// follower is the card of a column above which cards are to go, "" for none.
func (c *command) follower(column workspace.ItemID, to destination) workspace.ItemID {
	there := c.t.Board.Cards(column, -1)
	at := len(there)
	switch to.height {
	case atTop:
		at = 0
	case justAbove:
		at = slices.Index(there, to.other)
	case justBelow:
		at = slices.Index(there, to.other) + 1
	}
	if at < 0 || at >= len(there) {
		return ""
	}
	return there[at].ID
}

// moved says where cards are now, or were already.
func (c *command) moved(cards []*workspace.Item, to destination, changed bool) {
	var where phrase
	now := workspace.Text{De: "jetzt", En: "now"}
	if !changed {
		now = workspace.Text{De: "schon", En: "already"}
	}
	column := to.column
	if column == nil {
		column = columnOf(c.t.Room, c.t.Board.Card(cards[0].ID))
		for _, card := range cards {
			if column == nil || card.Text(board.Column) != string(column.ID) {
				column = nil
				break
			}
		}
	}
	name := phrase{text: workspace.Text{De: "ihrer Spalte", En: "their column"}}
	if column != nil {
		name = phrase{workspace.Text{De: "Spalte „%s“", En: "column “%s”"}, []any{column.Text(board.Title)}}
		if c.severalBoards() {
			name = phrase{workspace.Text{De: "%s auf Board %s", En: "%s of board %s"}, []any{name, c.calledBoard(board.Of(column))}}
		}
	}
	switch to.height {
	case anywhere:
		where = phrase{workspace.Text{De: "%s in %s", En: "%s in %s"}, []any{now, name}}
	case atTop:
		where = phrase{workspace.Text{De: "%s ganz oben in %s", En: "%s at the top of %s"}, []any{now, name}}
	case atBottom:
		where = phrase{workspace.Text{De: "%s ganz unten in %s", En: "%s at the bottom of %s"}, []any{now, name}}
	case justAbove:
		where = phrase{workspace.Text{De: "%s vor #%s in %s", En: "%s before #%s in %s"}, []any{now, to.other.Text(board.Number), name}}
	case justBelow:
		where = phrase{workspace.Text{De: "%s nach #%s in %s", En: "%s after #%s in %s"}, []any{now, to.other.Text(board.Number), name}}
	}
	c.answer(workspace.Text{De: "%s: %s.", En: "%s: %s."}, headlines(cards), where)
}
