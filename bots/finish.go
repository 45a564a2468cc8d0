package bots

import (
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/whiteboard"
)

var (
	doneExample    = workspace.Text{De: "!karte fertig 12", En: "!card done 12"}
	deleteExample  = workspace.Text{De: "!karte löschen 12", En: "!card delete 12"}
	restoreExample = workspace.Text{De: "!karte wiederherstellen 12", En: "!card restore 12"}
)

func (c *command) done() error {
	cards, err := c.takeCards(doneExample)
	if err != nil {
		return err
	}
	if err := c.noMore(); err != nil {
		return err
	}
	if err := onBoard(cards...); err != nil {
		return err
	}
	var acts []board.Act
	for _, card := range cards {
		if !c.t.Board.IsDone(card) {
			acts = append(acts, board.FinishCard{Card: card.ID})
		}
	}
	for _, card := range cards {
		if own := c.t.Board.On(c.t.Board.Whose(card)); !c.t.Board.IsDone(card) && own.DoneColumn(own.ID) == nil {
			return noneDone(own)
		}
	}
	if len(acts) == 0 {
		c.answer(workspace.Text{De: "%s: schon erledigt.", En: "%s: done already."}, headlines(cards))
		return nil
	}
	if err := c.do(acts...); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "✅ %s: erledigt.", En: "✅ %s: done."}, headlines(cards))
	return nil
}

func (c *command) remove() error {
	cards, err := c.toStanding(deleteExample, func(card workspace.ItemID) board.Act { return board.DeleteCard{Card: card} })
	if err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "🗑 %s: gelöscht. `!karte wiederherstellen %s` macht das rückgängig.",
		En: "🗑 %s: deleted. `!card restore %s` brings back what was deleted.",
	}, headlines(cards), plainNumbers(cards))
	return nil
}

func (c *command) restore() error {
	cards, err := c.takeCards(restoreExample)
	if err != nil {
		return err
	}
	if err := c.noMore(); err != nil {
		return err
	}
	for _, card := range cards {
		if !card.Deleted() && !card.True(board.Archived) {
			return wrong(notDeleted, card.Text(board.Number))
		}
	}
	acts := make([]board.Act, len(cards))
	for i, card := range cards {
		acts[i] = board.RestoreCard{Card: card.ID}
		if !card.Deleted() {
			acts[i] = board.ArchiveCard{Card: card.ID}
		}
	}
	if err := c.do(acts...); err != nil {
		return err
	}
	c.answer(workspace.Text{De: "%s: wiederhergestellt.", En: "%s: restored."}, headlines(cards))
	return nil
}

func plainNumbers(cards []*workspace.Item) string {
	var s strings.Builder
	for i, card := range cards {
		if i > 0 {
			s.WriteString(" ")
		}
		s.WriteString(card.Text(board.Number))
	}
	return s.String()
}

// undo takes the person's last change back and says what that concerns.
func (c *command) undo() error {
	if err := c.noMore(); err != nil {
		return err
	}
	commit, err := c.t.Undo("")
	if err != nil {
		return err
	}
	var cards []*workspace.Item
	for _, op := range commit.Change.Ops {
		switch op.Kind {
		case board.KindBoard:
			m := say(c.lang, workspace.Text{De: "Zurückgenommen.", En: "Taken back."}).add(c.boards())
			c.t.Answer = &m
			return nil
		case whiteboard.KindWhiteboard:
			m := say(c.lang, workspace.Text{De: "Zurückgenommen.", En: "Taken back."}).add(c.whiteboards())
			c.t.Answer = &m
			return nil
		case board.KindColumn:
			c.onBoardOf(op.Item)
			m := say(c.lang, workspace.Text{De: "Zurückgenommen.", En: "Taken back."}).add(c.columns())
			c.t.Answer = &m
			return nil
		}
		if card := c.t.Board.Card(op.Item); card != nil && card.Text(board.Number) != "" && !slices.Contains(cards, card) {
			cards = append(cards, card)
		}
	}
	switch {
	case len(cards) == 0 || len(cards) > maxCardsNamed:
		c.answer(workspace.Text{De: "Ihre letzte Änderung ist zurückgenommen.", En: "Your last change has been taken back."})
	case len(cards) == 1 && cards[0].Deleted():
		c.answer(workspace.Text{De: "Zurückgenommen. %s ist damit wieder gelöscht.", En: "Taken back. %s is deleted again."}, headline(cards[0]))
	case len(cards) == 1:
		m := say(c.lang, workspace.Text{De: "Zurückgenommen. %s", En: "Taken back. %s"}, headline(cards[0])).add(literal(facts(c.t.Room, cards[0], c.lang)))
		c.t.Answer = &m
	default:
		c.answer(workspace.Text{De: "Zurückgenommen. Das betrifft: %s", En: "Taken back. This concerns: %s"}, headlines(cards))
	}
	return nil
}
