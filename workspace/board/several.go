package board

import (
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// MoveCards puts several cards into a column, one below the other in the order
// given, before another card or at the end.
type MoveCards struct {
	Cards  []workspace.ItemID
	Column workspace.ItemID
	Before workspace.ItemID // "" = at the end; one of Cards = what follows it
}

// Ops implements Act. The operations are in the order of their ranks.
func (a MoveCards) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if err := b.needColumn(a.Column); err != nil {
		return nil, err
	}
	for _, card := range a.Cards {
		if _, err := b.needCard(card); err != nil {
			return nil, err
		}
	}
	here := b.cards[a.Column]
	var above, below []place
	list := &above
	for _, p := range here {
		if p.id == a.Before {
			list = &below
		}
		if !slices.Contains(a.Cards, p.id) {
			*list = append(*list, p)
		}
	}
	if a.inOrder(here, len(above), len(below)) {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	last := ""
	if len(above) > 0 {
		last = above[len(above)-1].rank
	}
	// Two servers may have given neighbours the same rank; then those below
	// must give way.
	ties := 0
	for ties < len(below) && below[ties].rank == last {
		ties++
	}
	limit := ""
	if ties < len(below) {
		limit = below[ties].rank
	}
	ops := make([]workspace.Op, 0, len(a.Cards)+ties)
	add := func(card workspace.ItemID, set map[string]workspace.Value) error {
		rank, err := workspace.RankBetween(last, limit)
		if err != nil {
			return workspace.Refuse(workspace.Internal, badField).Because(err)
		}
		last = rank
		set[Rank] = workspace.String(rank)
		ops = append(ops, workspace.Op{Item: card, Kind: KindCard, Set: set})
		return nil
	}
	for _, card := range a.Cards {
		set := map[string]workspace.Value{}
		change(set, b.card(card), Column, workspace.String(string(a.Column)))
		if err := add(card, set); err != nil {
			return nil, err
		}
	}
	for _, p := range below[:ties] {
		if err := add(p.id, map[string]workspace.Value{}); err != nil {
			return nil, err
		}
	}
	return ops, nil
}

// inOrder reports whether the cards stand in the column already, below so many
// others and above so many.
func (a MoveCards) inOrder(here []place, above, below int) bool {
	if len(here) != above+len(a.Cards)+below {
		return false
	}
	for i, card := range a.Cards {
		if here[above+i].id != card {
			return false
		}
	}
	return true
}
