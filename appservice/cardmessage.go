package appservice

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
)

const (
	// A card's message follows its card when that has been quiet for a while,
	// or at the latest after some time.
	refreshQuiet  = 2 * time.Second
	refreshAtMost = 10 * time.Second
	// Cards made on the page get their message at once, unless so many are
	// made that the room would drown in them; those get it when somebody asks.
	maxPosted    = 5
	postedWithin = time.Minute
)

func (s staleness) deadline() time.Time {
	quiet, most := s.last.Add(refreshQuiet), s.first.Add(refreshAtMost)
	if quiet.Before(most) {
		return quiet
	}
	return most
}

// markStale notes that a card's message must be edited. Its place within the
// column and its files are not part of the message.
func (w *worker) markStale(st *step, card workspace.ItemID, op workspace.Op) {
	event := w.cardOwn[card]
	if event == "" {
		return
	}
	s, already := w.stale[card]
	for name := range op.Set {
		if name != board.Rank && name != board.Message && name != board.Cover && !strings.HasPrefix(name, board.File+"/") {
			if !already {
				s.first = st.now
			}
			s.last = st.now
			w.stale[card] = s
			return
		}
	}
	if !already { // the message shows this state of the card as well
		w.showsNow(st, event, card)
	}
}

func (w *worker) showsNow(st *step, event id.EventID, card workspace.ItemID) {
	msg := w.messages[event]
	msg.Shown = w.board.Card(card).Seq
	w.messages[event] = msg
	st.Messages = append(st.Messages, msg)
}

// markColumnStale notes it for all cards of a column that got another name or
// meaning.
func (w *worker) markColumnStale(st *step, column workspace.ItemID, op workspace.Op) {
	_, title := op.Set[board.Title]
	_, done := op.Set[board.Done]
	if !title && !done {
		return
	}
	for _, card := range w.board.Cards(column, -1) {
		w.markStale(st, card.ID, op)
	}
}

// markBoardStale notes it for all cards of a board that got another name.
func (w *worker) markBoardStale(st *step, on workspace.ItemID, op workspace.Op) {
	if _, title := op.Set[board.Title]; !title {
		return
	}
	for _, column := range w.board.ColumnsOn(on) {
		w.markColumnStale(st, column.ID, op)
	}
}

// refreshMessages queues the edits that are due.
func (w *worker) refreshMessages(st *step) {
	for card, s := range w.stale {
		if st.now.Before(s.deadline()) {
			continue
		}
		delete(w.stale, card)
		event, it := w.cardOwn[card], w.board.Card(card)
		if event == "" || it == nil || !w.works(w.row) {
			continue
		}
		w.showsNow(st, event, card)
		text := newNotice(bots.CardMessage(w.room, w.board, it, w.boardURL()))
		text.Mentions = mentions{} // an edit calls nobody
		edit := text.replacing(event)
		w.queue(st, store.Outgoing{
			TxnID: causedID("edit", string(w.id), string(event), strconv.FormatInt(it.Seq, 10)+w.room.EditionMark()),
			Task:  store.TaskSend, EventType: typeMessage, Content: rawJSON(edit),
		})
	}
}

// postCard queues a card's own message, which mentions the people in notify.
func (w *worker) postCard(st *step, card workspace.ItemID, txn string, where *relation, notify []id.UserID) {
	it := w.board.Card(card)
	if it == nil {
		return
	}
	n := newNotice(bots.CardMessage(w.room, w.board, it, w.boardURL()))
	n.Relates, n.Mentions.Users = where, notify
	w.queue(st, store.Outgoing{
		TxnID: txn, Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(n), Card: card, Shown: it.Seq,
	})
}

// boardURL is where people open the board without Element. A to-do's message has no
// need of it.
func (w *worker) boardURL() string {
	if w.room.Owner != "" {
		return ""
	}
	return w.PublicURL
}

// announceFresh posts the messages of cards that were made on the page, or follow on
// others, as the room wants it; they mention people who have got the card from somebody
// else. The examples that a new board or a template brings along are nothing that anybody
// needs to hear of.
func (w *worker) announceFresh(st *step, c workspace.Commit) {
	for _, key := range c.Fresh {
		if key.Kind == board.KindBoard && key.ID != board.Main {
			return
		}
		if key.Kind != board.KindCard || !w.room.Level.Speaks() {
			continue
		}
		var notify []id.UserID
		if c.Change.Via.ByPerson() {
			notify = slices.DeleteFunc(w.concerned(w.board.Card(key.ID)), func(user id.UserID) bool { return user == c.Change.By })
		}
		if w.room.Level == agenda.Concerned && len(notify) == 0 {
			continue
		}
		for len(w.posted) > 0 && st.now.Sub(w.posted[0]) > postedWithin {
			w.posted = w.posted[1:]
		}
		if len(w.posted) >= maxPosted {
			return
		}
		w.posted = append(w.posted, st.now)
		w.postCard(st, key.ID, causedID("card", string(w.id), string(key.ID)), nil, notify)
		for _, user := range notify {
			st.Told = append(st.Told, store.Told{Card: key.ID, User: user, Day: w.room.Today(st.now), What: toldAssigned})
		}
	}
}

// bindSource remembers the message that a card was made of, so that gestures
// on it mean the card.
func (w *worker) bindSource(st *step, op workspace.Op) {
	source, ok := op.Set[board.Source].Text()
	if !ok {
		return
	}
	msg := store.CardMessage{Event: id.EventID(source), Card: op.Item, Shown: store.SourceMessage}
	w.bind(msg)
	st.Messages = append(st.Messages, msg)
}

func messageOp(card workspace.ItemID, event id.EventID) workspace.Op {
	return workspace.Op{Item: card, Kind: board.KindCard, Set: map[string]workspace.Value{board.Message: workspace.String(string(event))}}
}
