package board

import (
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Relation says how a card stands to another one.
type Relation string

// The relations there are; the strings are part of the live protocol.
const (
	RelationBlocks  Relation = "blocks"  // the other cannot go on before this one is done
	RelationRelates Relation = "relates" // the two have to do with each other
	RelationParent  Relation = "parent"  // the other is what this one is a part of
)

var (
	toItself = workspace.Text{
		De: "Eine Karte kann nicht mit sich selbst verknüpft sein.",
		En: "A card cannot be related to itself.",
	}
	inACircle = workspace.Text{
		De: "Das ergäbe einen Kreis: Die andere Karte gehört schon zu dieser.",
		En: "That would be a circle: the other card is a part of this one already.",
	}
	noSuchRelation = workspace.Text{
		De: "Diese Verknüpfung gibt es nicht. Möglich sind „blockiert“, „gehört zu“ und „hat zu tun mit“.",
		En: "There is no such relation. It can be “blocks”, “relates to” or “is part of”.",
	}
)

// RelateCard says that a card stands in a relation to another, or that it does not
// any more.
type RelateCard struct {
	Card     workspace.ItemID `json:"card"`
	Relation Relation         `json:"relation"`
	Other    workspace.ItemID `json:"other"`
	On       bool             `json:"on"`
}

// Ops implements Act.
func (a RelateCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	if a.On {
		if a.Card == a.Other {
			return nil, workspace.Refuse(workspace.Invalid, toItself)
		}
		if _, err := b.needCard(a.Other); err != nil {
			return nil, err
		}
	}
	switch a.Relation {
	case RelationParent:
		return b.beParent(card, a.Other, a.On)
	case RelationBlocks:
		return onCard(a.Card, member(card, Blocks, string(a.Other), a.On))
	case RelationRelates:
		return b.relate(card, a.Other, a.On)
	}
	return nil, workspace.Refuse(workspace.Invalid, noSuchRelation)
}

func (b *Board) beParent(card *workspace.Item, parent workspace.ItemID, on bool) ([]workspace.Op, error) {
	set := map[string]workspace.Value{}
	if !on {
		if card.Text(Parent) == string(parent) {
			set[Parent] = workspace.Value{}
		}
		return onCard(card.ID, set)
	}
	// Two servers can have closed a circle elsewhere, which is not walked for ever.
	for above, seen := parent, map[workspace.ItemID]bool{}; above != "" && !seen[above]; {
		if above == card.ID {
			return nil, workspace.Refuse(workspace.Invalid, inACircle)
		}
		seen[above] = true
		it := b.card(above)
		if it == nil {
			break
		}
		above = workspace.ItemID(it.Text(Parent))
	}
	change(set, card, Parent, workspace.String(string(parent)))
	return onCard(card.ID, set)
}

// relate keeps the relation on one of both cards; two servers may have noted it on
// each.
func (b *Board) relate(card *workspace.Item, other workspace.ItemID, on bool) ([]workspace.Op, error) {
	there := b.card(other)
	theirs := there != nil && there.True(Relates+"/"+string(card.ID))
	if on {
		if theirs {
			return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
		}
		return onCard(card.ID, member(card, Relates, string(other), true))
	}
	var ops []workspace.Op
	if theirs {
		ops = append(ops, workspace.Op{Item: other, Kind: KindCard, Set: member(there, Relates, string(card.ID), false)})
	}
	if mine := member(card, Relates, string(other), false); len(mine) > 0 {
		ops = append(ops, workspace.Op{Item: card.ID, Kind: KindCard, Set: mine})
	}
	if len(ops) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return ops, nil
}

// Relations are the cards that stand in a relation to one card, each list in the
// order of their IDs.
type Relations struct {
	Children, Blocks, BlockedBy, Relates []workspace.ItemID
}

// RelationsOf finds what stands in a relation to card; it walks all cards. Deleted ones
// are left out.
func (b *Board) RelationsOf(card *workspace.Item) Relations {
	var r Relations
	me := string(card.ID)
	b.room.Items(func(it *workspace.Item) bool {
		if it.Kind != KindCard || it.Deleted() {
			return true
		}
		if it.Text(Parent) == me {
			r.Children = append(r.Children, it.ID)
		}
		if card.True(Blocks + "/" + string(it.ID)) {
			r.Blocks = append(r.Blocks, it.ID)
		}
		if it.True(Blocks + "/" + me) {
			r.BlockedBy = append(r.BlockedBy, it.ID)
		}
		if it.True(Relates+"/"+me) || card.True(Relates+"/"+string(it.ID)) {
			r.Relates = append(r.Relates, it.ID)
		}
		return true
	})
	for _, list := range [][]workspace.ItemID{r.Children, r.Blocks, r.BlockedBy, r.Relates} {
		slices.Sort(list)
	}
	return r
}
