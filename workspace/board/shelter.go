package board

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Shelter completes the operations of an undo so that no card is left in a
// column that is not there: taking back the making of a column in which others
// have put cards since, or a move out of a column that was removed since, would
// hide them. Such cards go to the end of the first column.
func (b *Board) Shelter(ops []workspace.Op) ([]workspace.Op, error) {
	at := make(map[workspace.Key]int, len(ops))
	for i, op := range ops {
		at[op.Key()] = i
	}
	// deleted reports whether an item will be hidden once ops are done.
	deleted := func(key workspace.Key) bool {
		if i, ok := at[key]; ok {
			if v, ok := ops[i].Set[workspace.Deleted]; ok {
				return v.True()
			}
		}
		it := b.room.Item(key)
		return it == nil || it.Deleted()
	}
	// archived reports it of the archive.
	archived := func(card workspace.Key) bool {
		if i, ok := at[card]; ok {
			if v, ok := ops[i].Set[Archived]; ok {
				return v.True()
			}
		}
		it := b.card(card.ID)
		return it != nil && it.True(Archived)
	}
	homeless := func(card workspace.Key) bool {
		if deleted(card) || archived(card) {
			return false
		}
		var column string
		if it := b.card(card.ID); it != nil {
			column = it.Text(Column)
		}
		if i, ok := at[card]; ok {
			if v, ok := ops[i].Set[Column]; ok {
				column, _ = v.Text()
			}
		}
		return deleted(workspace.Key{Kind: KindColumn, ID: workspace.ItemID(column)})
	}
	var cards []workspace.ItemID
	for _, op := range ops {
		switch key := op.Key(); {
		case key.Kind == KindCard && homeless(key):
			cards = append(cards, key.ID)
		case key.Kind == KindColumn && deleted(key):
			for _, p := range b.cards[key.ID] {
				card := workspace.Key{Kind: KindCard, ID: p.id}
				if _, also := at[card]; !also && homeless(card) {
					cards = append(cards, p.id)
				}
			}
		}
	}
	home := b.home(ops, deleted)
	if home == "" {
		return nil, workspace.Refuse(workspace.Conflict, lastColumn)
	}
	if len(cards) == 0 {
		return ops, nil
	}
	rank := ""
	if there := b.cards[home]; len(there) > 0 {
		rank = there[len(there)-1].rank
	}
	for _, card := range cards {
		var err error
		if rank, err = workspace.RankBetween(rank, ""); err != nil {
			return nil, workspace.Refuse(workspace.Internal, badField).Because(err)
		}
		key := workspace.Key{Kind: KindCard, ID: card}
		i, ok := at[key]
		if !ok {
			i = len(ops)
			at[key] = i
			ops = append(ops, workspace.Op{Item: card, Kind: KindCard, Set: map[string]workspace.Value{}})
		}
		ops[i].Set[Column] = workspace.String(string(home))
		ops[i].Set[Rank] = workspace.String(rank)
	}
	return ops, nil
}

// home is the first column that remains, or one that ops bring back.
func (b *Board) home(ops []workspace.Op, deleted func(workspace.Key) bool) workspace.ItemID {
	for _, p := range b.columns {
		if !deleted(workspace.Key{Kind: KindColumn, ID: p.id}) {
			return p.id
		}
	}
	for _, op := range ops {
		if op.Kind == KindColumn && !deleted(op.Key()) {
			return op.Item
		}
	}
	return ""
}

// Undo is the act of taking a commit back.
type Undo struct{ Commit workspace.Commit }

// Ops implements Act.
func (a Undo) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	ops, err := b.room.Undo(a.Commit)
	if err != nil {
		return nil, err
	}
	if ops = b.withoutGoneFiles(ops); len(ops) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, fileIsGone)
	}
	return b.Shelter(ops)
}
