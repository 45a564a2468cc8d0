package appservice

import (
	"context"
	"errors"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
	"werkraum/workspace/surfaces"
)

// roomMemory is what the worker keeps of its room between steps. It is exactly
// what is stored.
type roomMemory struct {
	stored   bool // the room has a row
	room     *workspace.Room
	board    *board.Board
	row      store.Room
	messages map[id.EventID]store.CardMessage
	cardOwn  map[workspace.ItemID]id.EventID // a card's own message
	comments map[workspace.ItemID]int
	handled  map[id.EventID]bool // of this run; the rest is in the store

	unpublished []workspace.Commit
	publishAt   time.Time       // zero: nothing to publish
	published   time.Time       // when it was last done
	admitted    map[string]bool // by server: whether the access lists let it in; nil when they have changed
	stale       map[workspace.ItemID]staleness
	locked      []store.Locked         // in the order in which they came
	alarm       time.Time              // when the store has the room woken; zero: never
	mentions    map[assigned]time.Time // who is to be told of a card, and when
	posted      []time.Time            // when card messages for widget changes were posted
	// keeping are the whiteboards whose state is being packed.
	keeping map[workspace.ItemID]bool
}

// staleness says since when a card's message shows too little.
type staleness struct{ first, last time.Time }

func (w *worker) load(ctx context.Context) (*roomMemory, error) {
	l, err := w.store.Load(ctx, w.id)
	stored := err == nil
	if errors.Is(err, store.ErrNotFound) {
		l = &store.Loaded{
			Room:     store.Room{ID: w.id, Info: store.RoomInfo{Language: w.Language, Noted: true}},
			Members:  map[id.UserID]workspace.Member{},
			Comments: map[workspace.ItemID]int{},
		}
	} else if err != nil {
		return nil, err
	}
	m := &roomMemory{
		stored: stored, room: workspace.NewRoom(w.id, string(w.bot), l.Clock), row: l.Room, comments: l.Comments,
		messages: map[id.EventID]store.CardMessage{}, cardOwn: map[workspace.ItemID]id.EventID{},
		handled: map[id.EventID]bool{}, stale: map[workspace.ItemID]staleness{}, locked: l.Locked, alarm: l.Alarm, mentions: map[assigned]time.Time{},
		keeping: map[workspace.ItemID]bool{},
	}
	surfaces.Furnish(m.room)
	m.board = board.In(m.room)
	if l.Info.Read < stateForm {
		l.Info.Power.Redact = max(l.Info.Power.Redact, 50) // what is not known yet is not 0
	}
	if !l.Info.Noted { // an earlier version has written the log
		if err := w.store.NoteHistory(ctx, w.id, board.Tells); err != nil {
			return nil, err
		}
		l.Info.Noted = true
	}
	m.row = l.Room
	for user, member := range l.Members {
		l.Members[user] = m.admit(w.Federation, user, member)
	}
	m.room.Members, m.room.Seq = l.Members, l.Seq
	m.applyInfo()
	m.room.Zone = w.zoneOf(m.row.Info)
	for _, it := range l.Items {
		m.room.Restore(it)
	}
	for _, mention := range l.Mentions {
		m.mentions[assigned{mention.Card, mention.User}] = mention.At
	}
	now := w.now()
	for _, msg := range l.Messages {
		m.bind(msg)
		if msg.Shown != store.SourceMessage {
			if card := m.board.Card(msg.Card); card != nil && card.Seq > msg.Shown {
				m.stale[msg.Card] = staleness{now, now}
			}
		}
	}
	if l.Published < l.Seq && w.works(m.row) && !l.Info.Withheld {
		if m.unpublished, err = w.store.CommitsAfter(ctx, w.id, l.Published, 1<<20); err != nil {
			return nil, err
		}
		m.publishAt = now
	}
	return m, nil
}

// applyInfo copies what the row says into the room.
func (m *roomMemory) applyInfo() {
	i := m.row.Info
	m.room.Name, m.room.Language, m.room.Power, m.room.Encrypted, m.room.Successor = i.Name, i.Language, i.Power, i.Encrypted, i.Successor
	m.room.LogFrom, m.room.DrawnFrom, m.room.Edition, m.room.Owner = i.LogFrom, i.DrawnFrom, i.Edition, i.Direct
	m.room.Level, m.room.Digest = i.Level, agenda.Digest{}
	if m.room.Level == "" {
		m.room.Level = agenda.All
	}
	if i.Digest != nil {
		m.room.Digest = *i.Digest
	}
}

// unbind forgets that a message belongs to a card.
func (m *roomMemory) unbind(event id.EventID) {
	msg := m.messages[event]
	delete(m.messages, event)
	if m.cardOwn[msg.Card] == event {
		delete(m.cardOwn, msg.Card)
	}
}

func (m *roomMemory) bind(msg store.CardMessage) {
	m.messages[msg.Event] = msg
	if msg.Shown != store.SourceMessage {
		m.cardOwn[msg.Card] = msg.Event
	}
}

// ByMessage implements bots.Cards.
func (m *roomMemory) ByMessage(event id.EventID) (workspace.ItemID, bool) {
	msg, ok := m.messages[event]
	return msg.Card, ok
}
