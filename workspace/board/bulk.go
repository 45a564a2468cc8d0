package board

import (
	"maps"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// MaxBulk is how many cards can be changed at once.
const MaxBulk = 500

var tooManyAtOnce = workspace.Text{
	De: "Auf einmal lassen sich höchstens %d Karten ändern. Bitte wählen Sie weniger aus.",
	En: "At most %d cards can be changed at once. Please choose fewer.",
}

// ChangeCards makes the same change on several cards, as one change.
type ChangeCards struct {
	Cards  []workspace.ItemID `json:"cards"`
	Change CardChange         `json:"change"`
}

// CardChange is what is to be changed; what is nil or empty stays as it is.
type CardChange struct {
	Column   workspace.ItemID `json:"column"` // to its end, in the order of Cards
	Assign   []id.UserID      `json:"assign"`
	Unassign []id.UserID      `json:"unassign"`
	Label    []string         `json:"label"`
	Unlabel  []string         `json:"unlabel"`
	Start    *string          `json:"start"`
	Due      *string          `json:"due"`
	Priority *string          `json:"priority"`
	Archive  *bool            `json:"archive"`
	Delete   bool             `json:"delete"`
}

// Ops implements Act. Cards on which nothing would change are left out, as long as
// there is one that changes.
func (a ChangeCards) Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	if len(a.Cards) > MaxBulk {
		return nil, workspace.Refuse(workspace.TooLarge, tooManyAtOnce.With(MaxBulk))
	}
	var ops []workspace.Op
	at := map[workspace.ItemID]int{}
	add := func(op workspace.Op) {
		if i, ok := at[op.Item]; ok && op.Kind == KindCard {
			maps.Copy(ops[i].Set, op.Set)
			return
		}
		at[op.Item] = len(ops)
		ops = append(ops, op)
	}
	if a.Change.Column != "" {
		moving, err := a.moves(b)
		if err != nil {
			return nil, err
		}
		moved, err := MoveCards{Cards: moving, Column: a.Change.Column}.Ops(b, by, now)
		if err != nil && workspace.AsError(err).Kind != workspace.Conflict {
			return nil, err
		}
		for _, op := range moved {
			add(op)
		}
	}
	for _, card := range a.Cards {
		acts := a.Change.acts(card)
		if len(acts) == 0 {
			if _, err := b.needCard(card); err != nil {
				return nil, err
			}
		}
		for _, act := range acts {
			more, err := act.Ops(b, by, now)
			if err != nil && workspace.AsError(err).Kind == workspace.Conflict {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, op := range more {
				add(op)
			}
		}
	}
	if len(ops) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return ops, nil
}

// moves are the cards that are not in the column yet.
func (a ChangeCards) moves(b *Board) (moving []workspace.ItemID, err error) {
	for _, card := range a.Cards {
		it, err := b.needStanding(card)
		if err != nil {
			return nil, err
		}
		if it.Text(Column) != string(a.Change.Column) && !slices.Contains(moving, card) {
			moving = append(moving, card)
		}
	}
	return moving, nil
}

// acts are what the change is for one card, apart from its place.
func (c CardChange) acts(card workspace.ItemID) (acts []Act) {
	for _, user := range c.Assign {
		acts = append(acts, AssignCard{Card: card, User: user, On: true})
	}
	for _, user := range c.Unassign {
		acts = append(acts, AssignCard{Card: card, User: user})
	}
	for _, label := range c.Label {
		acts = append(acts, LabelCard{Card: card, Label: label, On: true})
	}
	for _, label := range c.Unlabel {
		acts = append(acts, LabelCard{Card: card, Label: label})
	}
	if c.Start != nil || c.Due != nil || c.Priority != nil {
		acts = append(acts, EditCard{Card: card, Start: c.Start, Due: c.Due, Priority: c.Priority})
	}
	if c.Archive != nil {
		acts = append(acts, ArchiveCard{Card: card, On: *c.Archive})
	}
	if c.Delete {
		acts = append(acts, DeleteCard{Card: card})
	}
	return acts
}
