package appservice

import (
	"slices"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/watch"
)

// comment notes what was said in a card's thread, or said anew.
func (w *worker) comment(st *step, c *bots.Comment) {
	if c.At.IsZero() { // an edit
		old, ok := w.commentBy(st, c.Event)
		if !ok || old.By != c.By {
			return
		}
		old.Body = c.Body
		w.putComment(st, old)
		return
	}
	w.comments[c.Card]++
	w.putComment(st, store.Comment{Event: c.Event, Card: c.Card, By: c.By, Body: c.Body, At: c.At})
}

// putComment stores a comment, new or altered, and has those who look on told.
func (w *worker) putComment(st *step, c store.Comment) {
	st.Comments = append(st.Comments, c)
	st.comments[c.Card] = w.comments[c.Card]
	st.talk = append(st.talk, watch.Talk{Card: c.Card, Event: c.Event, By: c.By, Body: c.Body, At: c.At, Posted: c.Posted})
}

// commentBy returns the comment that a message is. It may have come in this very
// step.
func (w *worker) commentBy(st *step, event id.EventID) (store.Comment, bool) {
	if slices.Contains(st.Forget, event) {
		return store.Comment{}, false
	}
	for _, c := range slices.Backward(st.Comments) {
		if c.Event == event {
			return c, true
		}
	}
	c, err := w.store.CommentBy(st.ctx, w.id, event)
	return c, err == nil
}

// dropComment removes the comment of a message that was taken away. Homeservers
// pass on the redactions of people who may not make them, and leave it to their
// readers to see that (room versions 3 and later, "Handling redactions").
func (w *worker) dropComment(st *step, by id.UserID, event id.EventID) {
	old, ok := w.commentBy(st, event)
	if !ok || w.room.May(by, workspace.DropDeed(by, old.By)) != nil {
		return
	}
	w.forgetComment(st, old)
}

func (w *worker) forgetComment(st *step, old store.Comment) {
	st.Forget = append(st.Forget, old.Event)
	w.comments[old.Card] = max(w.comments[old.Card]-1, 0)
	st.comments[old.Card] = w.comments[old.Card]
	st.talk = append(st.talk, watch.Talk{Card: old.Card, Event: old.Event, Gone: true})
}
