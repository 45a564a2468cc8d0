package appservice

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// fileTxn names the message by which the bot posts a file.
func (w *worker) fileTxn(card workspace.ItemID, file string) string {
	return causedID("file", string(w.id), string(card), file)
}

// bindFile notes the message that carries an attachment. If that was taken off the card
// meanwhile, the message goes too.
func (w *worker) bindFile(st *step, item store.Outgoing, event id.EventID) {
	card := w.board.Card(item.Card)
	if card == nil {
		return
	}
	file, there := board.FileOf(card, item.File)
	if !there {
		w.redactUpload(st, event)
		return
	}
	if file.Event == event {
		return
	}
	w.noteFile(st, card.ID, changeID("file", string(w.id), string(event)), map[string]workspace.Value{
		board.File + "/" + item.File + "/" + board.Event: workspace.String(string(event)),
	})
}

// noteFile makes a change of an attachment that is the bot's bookkeeping.
func (w *worker) noteFile(st *step, card workspace.ItemID, change workspace.ChangeID, set map[string]workspace.Value) {
	_, err := w.propose(st, workspace.Proposal{
		ID: change, By: w.bot, Via: workspace.ViaBot, Ops: []workspace.Op{{Item: card, Kind: board.KindCard, Set: set}},
	})
	if err != nil {
		w.log.Debug().Err(err).Stringer("room_id", w.id).Msg("An attachment belongs to a room that is closed")
	}
}

// takeFileOff takes an attachment off its card because there is nothing behind it any more.
func (w *worker) takeFileOff(st *step, card workspace.ItemID, file, why string) {
	it := w.board.Card(card)
	if it == nil {
		return
	}
	if set := board.WithoutFile(it, file); len(set) > 0 {
		w.noteFile(st, card, changeID(why, string(w.id), string(card), file), set)
	}
}

// withdrawFile takes the attachment away that a message carried.
func (w *worker) withdrawFile(st *step, message id.EventID) {
	if card, f, ok := w.board.FileBy(message); ok {
		w.takeFileOff(st, card.ID, f.ID, "withdrawn")
	}
}

// endFiles takes attachments off whose message's lifetime is over.
func (w *worker) endFiles(st *step, before time.Time) (n int) {
	for it := range w.room.Items {
		if it.Kind != board.KindCard {
			continue
		}
		for _, f := range board.Files(it) {
			if n == expireAtOnce {
				return n
			}
			if f.Since().Before(before) {
				n++
				w.takeFileOff(st, it.ID, f.ID, "lifetime")
			}
		}
	}
	return n
}

// dropUploads deletes the messages of files that the bot has posted and that a commit has
// taken off their cards, whoever made it and by whatever means: what somebody removes is
// gone.
func (w *worker) dropUploads(st *step, c workspace.Commit) {
	for i, op := range c.Won {
		if op.Kind != board.KindCard {
			continue
		}
		card, before := w.board.Card(op.Item), c.Before[i]
		for name, now := range op.Set {
			entry, is := board.FileEntry(name)
			if !is || !now.IsNull() || before.Set[name].IsNull() {
				continue
			}
			field := board.File + "/" + entry + "/"
			if !before.Set[field+board.Upload].True() && !card.True(field+board.Upload) {
				continue
			}
			if txn := w.fileTxn(op.Item, entry); w.outbox.drop(w.id, txn) {
				st.Sent = append(st.Sent, txn)
			}
			event, _ := before.Set[field+board.Event].Text()
			if event == "" {
				event = card.Text(field + board.Event)
			}
			if event != "" {
				w.redactUpload(st, id.EventID(event))
			}
		}
	}
}

func (w *worker) redactUpload(st *step, event id.EventID) {
	w.queue(st, store.Outgoing{TxnID: causedID("redact", string(event)), Task: store.TaskRedact, Event: event})
}
