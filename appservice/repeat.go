package appservice

import (
	"werkraum/workspace"
)

// repeat makes the cards that follow on those which a change has finished, in the same
// step: whatever becomes of it, both are stored or neither.
func (w *worker) repeat(st *step, c workspace.Commit) {
	ops, err := w.board.Again(c, w.bot, w.room.Today(st.now), st.now)
	if err == nil && len(ops) > 0 {
		var made workspace.Commit
		made, err = w.propose(st, workspace.Proposal{ID: changeID("repeat", string(w.id), string(c.Change.ID)), By: w.bot, Via: workspace.ViaBot, Ops: ops})
		if err == nil {
			w.announceFresh(st, made)
		}
	}
	if err != nil {
		w.log.Warn().Err(err).Stringer("room_id", w.id).Msg("Could not make the next card of a series")
	}
}
