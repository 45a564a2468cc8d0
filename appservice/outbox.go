package appservice

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

// outbox tells the homeserver what is to be told, in order within each room,
// and to each person in their direct chat: no room waits because somebody's
// homeserver is away. A message leaves the store only when the homeserver has
// taken or finally refused it; a repetition carries the same transaction ID.
type outbox struct {
	*Service
	slots, directSlots chan struct{} // bound requests under way
	// arriveWithin is how long somebody who was just invited is waited for.
	arriveWithin time.Duration

	mu     sync.Mutex
	queues map[string]*lane     // by room, or by person
	sealed map[id.RoomID]string // rooms that turned encryption on in this run, and the one message that may still go
	lately lately
	ctx    context.Context // of Run; nil before it
	group  *errgroup.Group
	// renamings are the people who were erased while something was under way.
	renamings []workspace.Renaming
	// started is when this run began to send.
	started time.Time
}

// lane is what waits behind each other.
type lane struct {
	waiting []queued
	running bool
	// before is what an earlier run had sent, as far as that is known; all of it, once
	// settled is set.
	before  map[string]id.EventID
	settled bool
	// asked is set once it was asked whether the room is encrypted by now.
	asked bool
}

// queued is something to be told. An earlier run may have told it already, and
// been killed before it could note that.
type queued struct {
	store.Outgoing
	room      id.RoomID // whose step it comes from
	inherited bool
	tried     time.Time // when this run last tried and heard no answer
}

// lane names what it waits behind.
func (q queued) lane() string {
	if q.Task == store.TaskDirect {
		return string(q.User)
	}
	return string(q.room)
}

// queuedAt is when it was queued, by our clock.
func (q queued) queuedAt() time.Time { return time.UnixMicro(q.N) }

// beforeDeclining is how long an invite is let lie before it is declined: a
// homeserver that is answered while it still hands the invite round (Dendrite,
// between servers) loses the answer.
const beforeDeclining = 2 * time.Second

const (
	requestsAtOnce = 16
	// directAtOnce are slots of their own: anybody can have a link sent, and
	// inviting a person of a homeserver that is away takes its time.
	directAtOnce = 4
)

// slot is a place among the requests under way.
type slot struct {
	of   chan struct{}
	held bool
}

// take waits for the place; false means that ctx ended.
func (s *slot) take(ctx context.Context) bool {
	select {
	case s.of <- struct{}{}:
		s.held = true
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *slot) give() {
	if s.held {
		<-s.of
		s.held = false
	}
}

func newOutbox(s *Service) *outbox {
	return &outbox{
		Service: s, slots: make(chan struct{}, requestsAtOnce), directSlots: make(chan struct{}, directAtOnce),
		arriveWithin: arriveWithin, queues: map[string]*lane{}, sealed: map[id.RoomID]string{},
	}
}

func (o *outbox) start(ctx context.Context, group *errgroup.Group) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ctx, o.group, o.started = ctx, group, o.now()
}

func (o *outbox) add(item queued) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queues[item.lane()]
	if q == nil {
		q = &lane{}
		o.queues[item.lane()] = q
	}
	q.waiting = append(q.waiting, item)
	o.metrics.outbox.Inc()
	if !q.running && o.group != nil {
		q.running = true
		ctx := o.ctx
		o.group.Go(func() error { o.drain(ctx, item.lane(), q); return nil })
	}
}

// next takes the first message of the queue; false ends the queue's goroutine.
func (o *outbox) next(name string, q *lane) (queued, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(q.waiting) == 0 {
		q.running = false
		delete(o.queues, name)
		if len(o.queues) == 0 {
			o.renamings = nil
		}
		return queued{}, false
	}
	item := q.waiting[0]
	q.waiting = q.waiting[1:]
	return item, true
}

func (o *outbox) drain(ctx context.Context, name string, q *lane) {
	for {
		item, ok := o.next(name, q)
		if !ok {
			return
		}
		if !o.deliver(ctx, q, item) {
			return // the program stops; the store has the rest
		}
		o.metrics.outbox.Dec()
	}
}

// deliver repeats until the homeserver has decided; false means that ctx ended.
func (o *outbox) deliver(ctx context.Context, q *lane, next queued) bool {
	item, room, uncertain := next.Outgoing, next.room, next.inherited
	waited := next.inherited && !q.asked // the room may have turned encryption on, unheard
	place := &slot{of: o.slots}
	if item.Task == store.TaskDirect {
		place.of = o.directSlots
	}
	if item.Task == store.TaskLeave && !sleep(ctx, beforeDeclining) {
		return false
	}
	for wait := 250 * time.Millisecond; ; wait = min(2*wait, time.Minute) {
		var event id.EventID
		var err error
		if uncertain { // before a slot is taken: looking may take long, and other rooms do not wait for it
			event, err = o.sentBefore(ctx, q, next)
		}
		if !place.take(ctx) {
			return false
		}
		if o.isSealed(room, item) {
			place.give()
			return true // the store has dropped it already
		}
		if err == nil && event == "" && waited && (item.Task == store.TaskSend || item.Task == store.TaskDirect) && !item.Plain {
			err = o.askEncryption(ctx, room)
			waited, q.asked = err != nil, q.asked || err == nil
		}
		if err == nil && event == "" {
			event, err = o.perform(ctx, place, room, item)
		}
		place.give()
		code, final := refused(err)
		if neverSent(err) && !isOut(err) {
			final = false // what was refused is something that encrypting takes, not the message
		}
		if err != nil && code == "" && !neverSent(err) { // no answer: it may have been taken all the same
			uncertain, next.inherited, next.tried = true, false, o.now()
		}
		waited = waited || err != nil && code == ""
		if final && item.Task == store.TaskJoin && wait < 30*time.Second {
			final = false // an invite from elsewhere may not have arrived everywhere yet
		}
		late := item.Task == store.TaskDirect && o.now().Sub(next.queuedAt()) > o.lifetime(item)
		switch {
		case err == nil:
			o.metrics.outboxLag.Observe(max(time.Duration(o.now().UnixMicro()-item.N)*time.Microsecond, 0).Seconds())
			o.remember(room, item, event)
			o.sent(room, item, event)
			return true
		case final, late:
			o.log.Warn().Err(withoutContent(err)).Stringer("room_id", room).Str("task", string(item.Task)).Str("event_type", item.EventType).
				Bool("gave_up", late).Msg("The homeserver refused what was to be sent")
			o.refused(room, item, code)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if _, ok := errors.AsType[notSentError](err); ok && !errors.Is(err, errNoEncryption) {
			o.log.Warn().Err(withoutContent(err)).Stringer("room_id", room).Msg("Could not prepare what is to be sent, trying again")
		}
		o.metrics.retries.WithLabelValues("homeserver").Inc()
		if !sleep(ctx, max(wait, retryAfter(err))) {
			return false
		}
	}
}

// lastingFor is how long a direct message is tried that holds no link.
const lastingFor = 3 * 24 * time.Hour

// lifetime is how long a direct message is of use.
func (o *outbox) lifetime(item store.Outgoing) time.Duration {
	if item.Lasting {
		return lastingFor
	}
	return o.LinkTTL
}

func (o *outbox) perform(ctx context.Context, place *slot, room id.RoomID, item store.Outgoing) (id.EventID, error) {
	item, wanted := o.renamed(item)
	if !wanted {
		return "", nil
	}
	switch item.Task {
	case store.TaskSend:
		return o.send(ctx, place, room, item)
	case store.TaskState:
		return o.hs.putState(ctx, room, item.EventType, item.StateKey, item.Content)
	case store.TaskJoin:
		_, err := o.hs.client.JoinRoom(ctx, string(room), &mautrix.ReqJoinRoom{Via: item.Via})
		return "", err
	case store.TaskLeave:
		_, err := o.hs.client.LeaveRoom(ctx, room, &mautrix.ReqLeave{Reason: item.Reason})
		return "", err
	case store.TaskRedact:
		return "", o.redact(ctx, room, item)
	case store.TaskDirect:
		secret, err := o.secretRoom(ctx, room)
		if err != nil {
			return "", err
		}
		item.Secret = item.Secret || secret // it may have become so while a link to it waited
		return o.direct(ctx, place, item)
	}
	return "", errors.New("unknown task")
}

// send sends a timeline event, encrypted where the room is.
func (o *outbox) send(ctx context.Context, place *slot, room id.RoomID, item store.Outgoing) (id.EventID, error) {
	if item.Bulk {
		return o.sendBulk(ctx, room, item)
	}
	if item.Said != "" {
		var err error
		if item, err = o.threaded(ctx, room, item); err != nil {
			return "", notSentError{err}
		}
	}
	if item.File != "" {
		var err error
		if item.Content, err = o.inThread(ctx, room, item); err != nil {
			return "", notSentError{err}
		}
	}
	if item.Drawn {
		content, err := o.drawnFor(ctx, place, room, item)
		if content == nil {
			return "", err
		}
		item.Content = content
	}
	eventType, content, err := o.sealedFor(ctx, room, item)
	if err != nil {
		return "", err
	}
	return o.hs.send(ctx, room, eventType, item.TxnID, content)
}

// unseal ends seal.
func (o *outbox) unseal(room id.RoomID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.sealed, room)
}

// seal drops what waits for a room, except one message. The store has dropped
// it already.
func (o *outbox) seal(room id.RoomID, except string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed[room] = except
	dropped := 0
	for _, q := range o.queues {
		before := len(q.waiting)
		q.waiting = slices.DeleteFunc(q.waiting, func(item queued) bool { return item.room == room && item.TxnID != except })
		dropped += before - len(q.waiting)
	}
	o.metrics.outbox.Sub(float64(dropped))
}

// isSealed reports whether the message must not be sent any more: it was taken
// out of the queue before the room was sealed, and waited for another attempt.
func (o *outbox) isSealed(room id.RoomID, item store.Outgoing) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	except, sealed := o.sealed[room]
	return sealed && (item.Task == store.TaskSend || item.Task == store.TaskDirect) && item.TxnID != except
}

// sent has the room's worker take the message out of the store, together with
// what follows from it.
func (o *outbox) sent(room id.RoomID, item store.Outgoing, event id.EventID) {
	o.rooms.worker(room).note(func(w *worker, st *step) error {
		st.Sent = append(st.Sent, item.TxnID)
		switch {
		case item.Task == store.TaskJoin && !w.row.Joined:
			w.joined(st)
		case item.Said != "":
			if event != "" {
				w.saidFor(st, item, event)
			}
		case item.File != "" && event != "":
			w.bindFile(st, item, event)
		case item.Card != "" && event != "":
			w.bindCard(st, item, event)
		}
		return nil
	})
}

func (o *outbox) refused(room id.RoomID, item store.Outgoing, code string) {
	o.rooms.worker(room).note(func(w *worker, st *step) error {
		st.Sent = append(st.Sent, item.TxnID)
		if item.Task == store.TaskState && code == "M_FORBIDDEN" && w.row.Joined {
			w.stateRefused(st, item)
		}
		if item.File != "" {
			w.takeFileOff(st, item.Card, item.File, "refused")
		}
		if item.From > 0 {
			w.withhold(st, item.From)
		}
		return nil
	})
}

// bindCard ties a card to the message that was sent for it. One message may be sent twice,
// if it was wanted again before its first sending was known: the homeserver has it once.
func (w *worker) bindCard(st *step, item store.Outgoing, event id.EventID) {
	if w.cardOwn[item.Card] == event {
		return
	}
	msg := store.CardMessage{Event: event, Card: item.Card, Shown: item.Shown}
	w.bind(msg)
	st.Messages = append(st.Messages, msg)
	if card := w.board.Card(item.Card); card != nil && card.Seq > item.Shown {
		w.stale[item.Card] = staleness{st.now, st.now} // it changed while the message was under way
	}
	_, err := w.propose(st, workspace.Proposal{
		ID: changeID("bind", string(w.id), string(event)), By: w.bot, Via: workspace.ViaBot,
		Ops: []workspace.Op{messageOp(item.Card, event)},
	})
	if err != nil {
		w.log.Debug().Err(err).Stringer("room_id", w.id).Msg("A card's message belongs to a room that is closed")
	}
}
