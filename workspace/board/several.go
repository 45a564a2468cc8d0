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
		if _, err := b.needStanding(card); err != nil {
			return nil, err
		}
	}
	here := b.cards[a.Column]
	moving := make(map[workspace.ItemID]bool, len(a.Cards))
	for _, card := range a.Cards {
		moving[card] = true
	}
	at := slices.IndexFunc(here, func(p place) bool { return p.id == a.Before })
	if at < 0 {
		at = len(here)
	}
	g := gap{KindCard, here, at, func(id workspace.ItemID) bool { return moving[id] }}
	if a.inOrder(here, g.others(0, at)) {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	ranks, ops, below, err := g.ranks(len(a.Cards))
	if err != nil {
		return nil, err
	}
	for i, card := range a.Cards {
		set := map[string]workspace.Value{Rank: workspace.String(ranks[i])}
		change(set, b.card(card), Column, workspace.String(string(a.Column)))
		ops = append(ops, workspace.Op{Item: card, Kind: KindCard, Set: set})
	}
	return b.limited(append(ops, below...), nil)
}

// inOrder reports whether the cards stand in the column already, directly below
// so many others.
func (a MoveCards) inOrder(here []place, above int) bool {
	if len(here) < above+len(a.Cards) {
		return false
	}
	for i, card := range a.Cards {
		if here[above+i].id != card {
			return false
		}
	}
	return true
}
