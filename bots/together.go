package bots

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// errNothing is within the error of acts that would all change nothing.
var errNothing = errors.New("nothing to do")

// together is several acts done as one change. Acts that change nothing (a
// person who is assigned already) are left out as long as one changes
// something.
type together []board.Act

// Deeds implements board.Act.
func (acts together) Deeds(by id.UserID) []workspace.Deed {
	var all []workspace.Deed
	for _, act := range acts {
		all = append(all, act.Deeds(by)...)
	}
	return all
}

// Ops implements board.Act.
func (acts together) Ops(b *board.Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	var ops []workspace.Op
	var idle error
	at := map[workspace.Key]int{}
	last := map[string]string{} // by column: the rank given at its end last
	for _, act := range acts {
		more, err := act.Ops(b, by, now)
		var refused *workspace.Error
		if errors.As(err, &refused) && refused.Kind == workspace.Conflict {
			idle = err
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, op := range more {
			if err := queue(b, op, last); err != nil {
				return nil, err
			}
			if i, ok := at[op.Key()]; ok {
				maps.Copy(ops[i].Set, op.Set)
				continue
			}
			at[op.Key()] = len(ops)
			ops = append(ops, op)
		}
	}
	if len(ops) == 0 {
		return nil, fmt.Errorf("%w: %w", errNothing, idle)
	}
	return ops, nil
}

// queue lets cards that move to the end of one column stand there in the order
// in which they were named. Each act saw the board as it was before.
func queue(b *board.Board, op workspace.Op, last map[string]string) error {
	rank, ranked := op.Set[board.Rank].Text()
	column, moved := op.Set[board.Column].Text()
	if op.Kind != board.KindCard || (!ranked && !moved) {
		return nil
	}
	// A field that keeps its value is not in the operation.
	if card := b.Card(op.Item); card != nil {
		if !ranked {
			rank = card.Text(board.Rank)
		}
		if !moved {
			column = card.Text(board.Column)
		}
	}
	if before := last[column]; before != "" && rank <= before {
		var err error
		if rank, err = workspace.RankBetween(before, ""); err != nil {
			return fmt.Errorf("queue cards: %w", err)
		}
		op.Set[board.Rank] = workspace.String(rank)
	}
	last[column] = rank
	return nil
}
