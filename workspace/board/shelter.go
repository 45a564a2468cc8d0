package board

import (
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Shelter completes the operations of an undo so that no card is lost from view: taking
// back the making of a column or of a board in which others have put cards since, or a
// move out of a column that was removed since, or off a board that has gone into the
// archive, would hide them. Such cards go to the end of the first column: of their own
// board if that stays, else of the first board.
func (b *Board) Shelter(ops []workspace.Op) ([]workspace.Op, error) {
	f := newForecast(b, ops)
	var cards []workspace.ItemID
	noted := map[workspace.ItemID]bool{}
	look := func(card workspace.ItemID) {
		if !noted[card] && f.homeless(card) {
			noted[card] = true
			cards = append(cards, card)
		}
	}
	for _, op := range f.ops {
		switch {
		case op.Kind == KindCard:
			look(op.Item)
		case op.Kind == KindColumn && f.deleted(op.Key()):
			for _, p := range b.cards[op.Item] {
				look(p.id)
			}
		}
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	last := map[workspace.ItemID]string{}
	for _, card := range cards {
		home := f.home(card)
		if home == "" {
			return nil, workspace.Refuse(workspace.Conflict, lastColumn)
		}
		rank, begun := last[home]
		if there := b.cards[home]; !begun && len(there) > 0 {
			rank = there[len(there)-1].rank
		}
		var err error
		if rank, err = workspace.RankBetween(rank, ""); err != nil {
			return nil, workspace.Refuse(workspace.Internal, badField).Because(err)
		}
		last[home] = rank
		f.put(card, home, rank)
	}
	return f.ops, nil
}

// Undo is the act of taking a commit back.
type Undo struct{ Commit workspace.Commit }

// Ops implements Act.
func (a Undo) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	// The main board was there before it became an item, and does not go.
	commit := a.Commit
	commit.Fresh = slices.DeleteFunc(slices.Clone(commit.Fresh), func(k workspace.Key) bool {
		return k == workspace.Key{Kind: KindBoard, ID: Main}
	})
	ops, err := b.room.Undo(commit)
	if err != nil {
		return nil, err
	}
	if ops = b.withoutGoneFiles(ops); len(ops) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, fileIsGone)
	}
	return b.Shelter(ops)
}
