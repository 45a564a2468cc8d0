package board

import (
	"errors"
	"slices"

	"werkraum/workspace"
)

// A rank that is longer comes of hundreds of insertions at one place.
const longRank = 64

// gap is a place in an order where items are put.
type gap struct {
	kind workspace.Kind
	list []place
	at   int                            // the index before which they come
	move func(id workspace.ItemID) bool // what is put there, wherever it stands now
}

// ranks finds n ranks for what is put into the gap. Nobody else moves, save in
// two rare cases: two servers gave neighbours the same rank, so that there is
// nothing between them; or so much was put at one place that ranks have grown
// to their limit. Then the operations above and below move the neighbours
// apart; all of it is in the order of the ranks.
func (g gap) ranks(n int) (ranks []string, above, below []workspace.Op, err error) {
	from := g.at
	after := g.rank(g.up(from, func(place) bool { return false }) - 1)
	to := g.down(g.at, func(p place) bool { return p.rank <= after })
	spread, err := workspace.RanksBetween(after, g.rank(to), n+g.others(g.at, to))
	if errors.Is(err, workspace.ErrCrowded) {
		long := func(p place) bool { return len(p.rank) > longRank }
		from = g.up(from, long)
		after = g.rank(from - 1)
		to = g.down(to, func(p place) bool { return long(p) || p.rank <= after })
		spread, err = workspace.RanksBetween(after, g.rank(to), g.others(from, g.at)+n+g.others(g.at, to))
	}
	if err != nil {
		return nil, nil, nil, workspace.Refuse(workspace.Internal, badField).Because(err)
	}
	first := g.others(from, g.at)
	return spread[first : first+n], g.ops(from, g.at, spread), g.ops(g.at, to, spread[first+n:]), nil
}

// up is the index to which those directly above i give way.
func (g gap) up(i int, gives func(place) bool) int {
	for i > 0 && (g.move(g.list[i-1].id) || gives(g.list[i-1])) {
		i--
	}
	return i
}

// down is the same below.
func (g gap) down(i int, gives func(place) bool) int {
	for i < len(g.list) && (g.move(g.list[i].id) || gives(g.list[i])) {
		i++
	}
	return i
}

// rank is that of item i, "" beyond the ends.
func (g gap) rank(i int) string {
	if i < 0 || i >= len(g.list) {
		return ""
	}
	return g.list[i].rank
}

// others counts those in a part of the list that are not put into the gap.
func (g gap) others(from, to int) int {
	n := 0
	for _, p := range g.list[from:to] {
		if !g.move(p.id) {
			n++
		}
	}
	return n
}

// ops give those of others their new ranks.
func (g gap) ops(from, to int, ranks []string) (ops []workspace.Op) {
	for _, p := range g.list[from:to] {
		if !g.move(p.id) {
			ops = append(ops, workspace.Op{Item: p.id, Kind: g.kind, Set: map[string]workspace.Value{Rank: workspace.String(ranks[len(ops)])}})
		}
	}
	return ops
}

// spot finds the rank for a place in list before the item `before` (nil: at
// the end), as if moving were not in it, and what that asks of its neighbours.
func (b *Board) spot(kind workspace.Kind, list []place, before *workspace.ItemID, moving workspace.ItemID) (string, []workspace.Op, error) {
	at := len(list)
	if before != nil && *before != "" {
		// If it went away meanwhile the end is the nearest wish.
		if i := slices.IndexFunc(list, func(p place) bool { return p.id == *before }); i >= 0 {
			at = i
		} else if *before == moving {
			at = 0
		}
	}
	g := gap{kind, list, at, func(id workspace.ItemID) bool { return id == moving }}
	ranks, above, below, err := g.ranks(1)
	if err != nil {
		return "", nil, err
	}
	return ranks[0], append(above, below...), nil
}
