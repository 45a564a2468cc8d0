package appservice

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// madeOf returns the card that was made of a message by 📌, or "".
func (w *worker) madeOf(message id.EventID) workspace.ItemID {
	msg, known := w.messages[message]
	if !known {
		return ""
	}
	if card := w.board.Card(msg.Card); card != nil && card.Text(board.Source) == string(message) {
		return msg.Card
	}
	return ""
}

// withdraw takes back what Werkraum made of a message that was taken away, and
// says so where people look: a card made by 📌 loses the texts that it took from
// the message. A card that a command made stays, for the command was an act;
// its thread says how the card can go too; the file that it carried is no attachment any more
// (docs/adr/0017-retention-and-redaction.md).
func (w *worker) withdraw(st *step, message id.EventID) error {
	w.withdrawFile(st, message)
	answer := causedID("answer", string(message)) // it quotes what is gone
	if w.outbox.drop(w.id, answer) {
		st.Sent = append(st.Sent, answer)
	} else if at, err := w.store.HandledAt(st.ctx, message); err == nil {
		w.queue(st, store.Outgoing{
			TxnID: causedID("redact", answer), Task: store.TaskRedact, Txns: []string{answer}, Since: at.UnixMilli(),
		})
	}
	if card := w.board.Card(w.madeOf(message)); card != nil {
		return w.withdrawSource(st, card, message)
	}
	card := w.board.Card(bots.ItemOf(message))
	if card == nil || card.Deleted() || w.cardOwn[card.ID] == "" {
		return nil
	}
	root := w.cardOwn[card.ID]
	w.say(st, bots.CommandWithdrawn(w.room.Language, card), causedID("withdrawn", string(message)),
		&relation{Type: "m.thread", Event: root, Falling: true, InReplyTo: &replyTo{root}})
	return nil
}

// withdrawSource takes a message's texts out of the card that was made of it: as
// far as nobody has written others since, and out of the log.
func (w *worker) withdrawSource(st *step, card *workspace.Item, message id.EventID) error {
	q := &quotation{card: card.ID, source: string(message), title: workspace.String(bots.WithdrawnTitle.In(w.room.Language))}
	// First the log: if it cannot be written the event is handled again, from the start.
	if err := w.store.RewriteLog(st.ctx, w.id, 1, q.takeOut); err != nil {
		return err
	}
	for i := range w.unpublished {
		q.takeOut(&w.unpublished[i])
	}
	made, _ := card.Field(board.Source)
	set := map[string]workspace.Value{}
	if f, ok := card.Field(board.Title); ok && f.At == made.At {
		set[board.Title] = q.title
	}
	if f, ok := card.Field(board.Description); ok && f.At == made.At && !f.Value.IsNull() {
		set[board.Description] = workspace.Value{}
	}
	w.dropSource(st, card, "withdrawn", set)
	for i := range st.Commits {
		q.takeOut(&st.Commits[i])
	}
	w.postAnew(st, card.ID)
	st.note(store.AuditEntry{Act: store.SourceWithdrawn})
	return nil
}

// postAnew takes a card's own message away, with its edits, and posts another one:
// what the first one quoted could be read in its history.
func (w *worker) postAnew(st *step, card workspace.ItemID) {
	if txn := causedID("card", string(w.id), string(card)); w.outbox.drop(w.id, txn) {
		st.Sent = append(st.Sent, txn)
	}
	old := w.cardOwn[card]
	if old != "" {
		w.queue(st, store.Outgoing{TxnID: causedID("redact", string(old)), Task: store.TaskRedact, Event: old})
		w.unbind(old)
		st.Unbind = append(st.Unbind, old)
		delete(w.stale, card)
	}
	if it := w.board.Card(card); it != nil && !it.Deleted() {
		w.postCard(st, card, causedID("card", string(w.id), string(card), "withdrawn"), nil, nil)
	}
}

// redact takes events of the bot's own away. Doing it again changes nothing.
func (o *outbox) redact(ctx context.Context, room id.RoomID, item store.Outgoing) error {
	var list []id.EventID
	if item.Event != "" {
		var err error
		list, err = o.hs.edits(ctx, room, item.Event)
		if _, final := refused(err); err != nil && !final {
			return err
		}
		list = append(append(list, o.recent().edits(room, item.Event)...), item.Event)
	}
	if len(item.Txns) > 0 {
		found, err := o.ownEvents(ctx, room, time.UnixMilli(item.Since))
		if err != nil {
			return err
		}
		for _, txn := range item.Txns {
			if event := cmp.Or(found[txn], o.recent().event(room, txn)); event != "" {
				list = append(list, event)
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	for _, event := range list {
		if err := o.hs.redact(ctx, room, event, causedID("redact", string(event))); err != nil {
			return err
		}
	}
	return nil
}

// dropSource takes the reference to its source message off a card, and sets other
// fields with it.
func (w *worker) dropSource(st *step, card *workspace.Item, why string, set map[string]workspace.Value) {
	source := id.EventID(card.Text(board.Source))
	op := workspace.Op{Item: card.ID, Kind: board.KindCard, Set: map[string]workspace.Value{board.Source: {}}}
	maps.Copy(op.Set, set)
	_, err := w.propose(st, workspace.Proposal{
		ID: changeID(why, string(w.id), string(source)), By: w.bot, Via: workspace.ViaBot, Ops: []workspace.Op{op},
	})
	if err != nil {
		w.log.Debug().Err(err).Stringer("room_id", w.id).Msg("A card's source belongs to a room that is closed")
		return
	}
	w.unbind(source)
	st.Unbind = append(st.Unbind, source)
}

// quotation is what a card took from a message, found in the change that made the
// card and taken out of that and all later ones.
type quotation struct {
	card   workspace.ItemID
	source string
	title  workspace.Value // what stands there instead
	quoted map[string]workspace.Value
}

// takeOut replaces the quoted texts in a commit and reports whether there were any.
// Commits come in order.
func (q *quotation) takeOut(c *workspace.Commit) (altered bool) {
	for _, op := range c.Change.Ops {
		if source, ok := op.Set[board.Source].Text(); ok && op.Item == q.card && source == q.source && q.quoted == nil {
			q.quoted = map[string]workspace.Value{board.Title: op.Set[board.Title], board.Description: op.Set[board.Description]}
		}
	}
	for _, ops := range [][]workspace.Op{c.Change.Ops, c.Won, c.Before} {
		for _, op := range ops {
			if op.Item != q.card {
				continue
			}
			for name, quoted := range q.quoted {
				if v, set := op.Set[name]; !set || v.IsNull() || v != quoted {
					continue
				}
				altered = true
				op.Set[name] = workspace.Value{}
				if name == board.Title {
					op.Set[name] = q.title
				}
			}
		}
	}
	return altered
}
