package live

import (
	"context"
	"math"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

// historyAtOnce is how many changes of a card are shown at a time; a description in
// each, old and new, has 32 KiB.
const historyAtOnce = 20

// pastChange is an entry of a card's history.
type pastChange struct {
	Seq    int64                      `json:"seq"`
	Change workspace.ChangeID         `json:"change"`
	By     id.UserID                  `json:"by"`
	Name   string                     `json:"name"`
	Via    workspace.Via              `json:"via"`
	At     int64                      `json:"at"` // Unix milliseconds
	Fresh  bool                       `json:"fresh"`
	Undoes bool                       `json:"undoes"`
	Undo   bool                       `json:"undo"`  // the person may take it back, and that would alter the card
	Items  int                        `json:"items"` // that the change altered
	Set    map[string]workspace.Value `json:"set"`
	Before map[string]workspace.Value `json:"before"`
}

// history shows what was done to a card before a place in the room's log.
func (p *page) history(ctx context.Context, card string, before *int64) {
	item := workspace.ItemID(card)
	if !p.lookup.Allow() || !item.Valid() {
		return
	}
	from := int64(math.MaxInt64)
	if before != nil {
		from = *before
	}
	commits, err := p.hub.rooms.History(ctx, p.room, item, from, historyAtOnce+1)
	if err != nil {
		p.hub.log.Warn().Err(err).Stringer("room_id", p.room).Msg("Could not read a card's history")
		return
	}
	more := len(commits) > historyAtOnce
	entries := make([]pastChange, 0, historyAtOnce)
	may := false
	err = p.hub.rooms.Visit(ctx, p.room, func(v watch.View) {
		may = v.Room.May(p.user, workspace.Look) == nil
		now := v.Board.Card(item)
		for _, c := range commits[:min(len(commits), historyAtOnce)] {
			e := board.EntryOf(c, item)
			name := nameOf(c.Change.By, v.Room.Members[c.Change.By])
			if workspace.IsStandIn(c.Change.By) {
				name = workspace.ErasedPerson.In(p.lang)
			}
			entries = append(entries, pastChange{
				Seq: c.Seq, Change: c.Change.ID, By: c.Change.By, Name: name,
				Via: c.Change.Via, At: c.Change.At.Wall().UnixMilli(), Fresh: e.Fresh, Undoes: c.Change.Undoes != "",
				Undo:  e.Undoable(now) && v.Room.May(p.user, board.Undo{Commit: c}.Deeds(p.user)...) == nil,
				Items: len(c.Won), Set: e.Set, Before: e.Before,
			})
		}
	})
	if err != nil || !may { // who is being put out hears no more
		return
	}
	p.send(message(struct {
		T       string       `json:"t"`
		Card    string       `json:"card"`
		Before  *int64       `json:"before,omitempty"`
		Entries []pastChange `json:"entries"`
		More    bool         `json:"more"`
	}{"history", card, before, entries, more}))
}
