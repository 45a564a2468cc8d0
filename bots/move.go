package bots

import (
	"slices"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var moveExample = workspace.Text{De: "!karte verschieben 12 In Arbeit", En: "!card move 12 In progress"}

func (c *command) move() error {
	cards, err := c.takeCards(moveExample)
	if err != nil {
		return err
	}
	if err := standing(cards...); err != nil {
		return err
	}
	for len(c.words) > 1 && slices.Contains([]string{"nach", "in", "to", "into", "zu", "->", "→", "die", "the", "spalte", "column"}, c.words[0].plain()) {
		if _, err := findColumn(c.t.Board, joined(c.words)); err == nil { // the column “In Arbeit”
			break
		}
		c.words = c.words[1:]
	}
	columns := c.t.Board.Columns()
	if len(columns) == 0 {
		return wrong(noColumnsAtAll)
	}
	if len(c.words) == 0 {
		return wrong(workspace.Text{
			De: "In welche Spalte soll die Karte? Vorhanden: %s. Beispiel: `!karte verschieben %s %s`",
			En: "Which column is the card to go to? There are: %s. Example: `!card move %s %s`",
		}, titles(columns), cards[0].Text(board.Number), columns[len(columns)-1].Text(board.Title))
	}
	column, err := findColumn(c.t.Board, joined(c.words))
	if err != nil {
		return err
	}
	var acts []board.Act
	for _, card := range cards {
		if workspace.ItemID(card.Text(board.Column)) != column.ID {
			acts = append(acts, board.MoveCard{Card: card.ID, Column: column.ID})
		}
	}
	if len(acts) == 0 {
		c.answer(workspace.Text{De: "%s: schon in Spalte „%s“.", En: "%s: in column “%s” already."}, headlines(cards), column.Text(board.Title))
		return nil
	}
	if err := c.do(acts...); err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "%s: jetzt in Spalte „%s“.",
		En: "%s: now in column “%s”.",
	}, headlines(cards), column.Text(board.Title))
	return nil
}
