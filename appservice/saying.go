package appservice

import (
	"context"
	"encoding/json"
	"slices"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	botIsMute = workspace.Text{
		De: "In diesem Raum darf Werkraum nichts schreiben, auch nicht für Sie. Bitte schreiben Sie Ihren Kommentar im Chat, oder wenden Sie sich an die Moderation des Raums.",
		En: "Werkraum may not write in this room, not for you either. Please write your comment in the chat, or ask one of the room's moderators.",
	}
	cardGone = workspace.Text{
		De: "Diese Karte gibt es nicht (mehr).",
		En: "This card does not exist (any more).",
	}
	commentGone = workspace.Text{
		De: "Diesen Kommentar gibt es nicht (mehr).",
		En: "This comment does not exist (any more).",
	}
	notEditable = workspace.Text{
		De: "Ändern können Sie hier nur, was Werkraum für Sie geschrieben hat. Was im Chat geschrieben wurde, lässt sich dort ändern.",
		En: "Here you can edit only what Werkraum has written for you. What was written in the chat can be edited there.",
	}
	notPosted = workspace.Text{
		De: "Dieser Kommentar wurde im Chat geschrieben und lässt sich nur dort löschen.",
		En: "This comment was written in the chat and can only be deleted there.",
	}
)

// Say has said what a person says about a card on the page: the bot posts it into the
// card's thread, with their name. reply is called, from the room's goroutine, when that
// is durable, or with why it is not done. The same thing said again is done once.
func (s *Service) Say(room id.RoomID, by id.UserID, change workspace.ChangeID, said board.Saying, reply func(seq int64, err error)) {
	var seq int64
	// What has had its effect is remembered as events are, by an ID of its own.
	once := id.EventID(causedID("said", string(room), string(by), string(change)))
	s.rooms.worker(room).submit(&job{
		run: func(w *worker, st *step) error {
			if !w.open() {
				return workspace.Refuse(workspace.Forbidden, roomClosed)
			}
			seq = w.room.Seq
			if w.handled[once] || slices.Contains(st.Handled, once) {
				return nil
			}
			if known, err := w.store.WasHandled(st.ctx, once); err != nil || known {
				return err
			}
			var err error
			switch {
			case said.Taken != "":
				err = w.takeSaid(st, by, said.Taken)
			case said.Edited != "":
				err = w.editSaid(st, by, said, string(once))
			default:
				err = w.postSaid(st, by, said, string(once))
			}
			if err == nil {
				st.Handled = append(st.Handled, once)
			}
			return err
		},
		done: func(err error) { reply(seq, err) },
	})
}

// postSaid queues the message with what a person said about a card.
func (w *worker) postSaid(st *step, by id.UserID, said board.Saying, txn string) error {
	if err := w.room.May(by, workspace.AddComment); err != nil {
		return err
	}
	card := w.board.Card(said.Card)
	if card == nil || card.Deleted() {
		return workspace.Refuse(workspace.NotFound, cardGone)
	}
	if !w.room.Power.Speaks(w.bot) {
		return workspace.Refuse(workspace.Forbidden, botIsMute)
	}
	w.needMessage(st, card.ID)
	n := newNotice(bots.SaidOnPage(w.room, by, said.Text, said.Named))
	n.MsgType = "m.text" // a person's words, of which others are notified as of any
	w.queue(st, store.Outgoing{
		TxnID: txn, Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(n),
		Card: card.ID, User: by, Said: said.Text,
	})
	return nil
}

// editSaid has a comment that the bot has posted for a person say something else.
func (w *worker) editSaid(st *step, by id.UserID, said board.Saying, txn string) error {
	if err := w.room.May(by, workspace.EditComment); err != nil {
		return err
	}
	old, ok := w.commentBy(st, said.Edited)
	switch {
	case !ok:
		return workspace.Refuse(workspace.NotFound, commentGone)
	case !old.Posted || old.By != by:
		return workspace.Refuse(workspace.Forbidden, notEditable)
	case !w.room.Power.Speaks(w.bot):
		return workspace.Refuse(workspace.Forbidden, botIsMute)
	case old.Body == said.Text:
		return nil
	}
	n := newNotice(bots.SaidOnPage(w.room, by, said.Text, said.Named))
	n.MsgType = "m.text"
	edit := n.replacing(said.Edited)
	// Who was named before was told then.
	edit.Mentions.Users = slices.DeleteFunc(slices.Clone(n.Mentions.Users), func(user id.UserID) bool {
		return slices.Contains(bots.SaidOnPage(w.room, by, old.Body, said.Named).Mentions, user)
	})
	w.queue(st, store.Outgoing{
		TxnID: txn, Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(edit),
		User: by, // whose words are not sent any more once they are erased
	})
	old.Body = said.Text
	w.putComment(st, old)
	return nil
}

// needMessage has the message of a card posted in whose thread something is to be said.
func (w *worker) needMessage(st *step, card workspace.ItemID) {
	own := causedID("card", string(w.id), string(card))
	if w.cardOwn[card] == "" && !w.outbox.waits(w.id, own) && !slices.ContainsFunc(st.Queue, func(o store.Outgoing) bool { return o.TxnID == own }) {
		w.postCard(st, card, own, nil, nil)
	}
}

// takeSaid takes a comment away that the bot has posted.
func (w *worker) takeSaid(st *step, by id.UserID, event id.EventID) error {
	old, ok := w.commentBy(st, event)
	if !ok {
		return workspace.Refuse(workspace.NotFound, commentGone)
	}
	if err := w.room.May(by, workspace.DropDeed(by, old.By)); err != nil {
		return err
	}
	if !old.Posted {
		return workspace.Refuse(workspace.Forbidden, notPosted)
	}
	w.queue(st, takePosted(event))
	w.forgetComment(st, old)
	return nil
}

// saidFor notes the comment that a message of the bot's is, once the room has it.
func (w *worker) saidFor(st *step, item store.Outgoing, event id.EventID) {
	if _, known := w.commentBy(st, event); known {
		return
	}
	st.Handled = append(st.Handled, event) // so that taking it away counts, see counts
	w.comments[item.Card]++
	w.putComment(st, store.Comment{Event: event, Card: item.Card, By: item.User, Body: item.Said, At: st.now, Posted: true})
}

// threaded is what is said on the page with its place in the room: the thread of the
// card's message, which is looked up only now, for it may have been sent just before.
func (o *outbox) threaded(ctx context.Context, room id.RoomID, item store.Outgoing) (store.Outgoing, error) {
	var root id.EventID
	err := o.rooms.worker(room).await(ctx, job{must: true, run: func(w *worker, _ *step) error {
		root = w.cardOwn[item.Card]
		return nil
	}})
	if err != nil || root == "" { // without a message of the card's it stands by itself
		return item, err
	}
	var n notice
	if err := json.Unmarshal(item.Content, &n); err != nil {
		return item, err
	}
	n.Relates = &relation{Type: "m.thread", Event: root, Falling: true, InReplyTo: &replyTo{root}}
	item.Content = rawJSON(n)
	return item, nil
}

// waits reports whether a message waits to be sent in a room.
func (o *outbox) waits(room id.RoomID, txn string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queues[string(room)]
	return q != nil && slices.ContainsFunc(q.waiting, func(item queued) bool { return item.TxnID == txn })
}
