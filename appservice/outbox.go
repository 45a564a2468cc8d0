package appservice

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

// outbox tells the homeserver what is to be told, in order within each room.
// A message leaves the store only when the homeserver has taken or finally
// refused it; a repetition carries the same transaction ID.
type outbox struct {
	*Service
	slots chan struct{} // bounds requests under way

	mu     sync.Mutex
	queues map[id.RoomID]*roomQueue
	sealed map[id.RoomID]string // rooms that turned encryption on in this run, and the one message that may still go
	ctx    context.Context      // of Run; nil before it
	group  *errgroup.Group
	// started is when this run began to send.
	started time.Time
}

type roomQueue struct {
	waiting []queued
	running bool
	// before is what an earlier run had sent, once that was asked for.
	before map[string]id.EventID
}

// queued is something to be told. An earlier run may have told it already, and
// been killed before it could note that.
type queued struct {
	store.Outgoing
	inherited bool
}

// queuedAt is when it was queued, by our clock.
func (q queued) queuedAt() time.Time { return time.UnixMicro(q.N) }

// beforeDeclining is how long an invite is let lie before it is declined: a
// homeserver that is answered while it still hands the invite round (Dendrite,
// between servers) loses the answer.
const beforeDeclining = 2 * time.Second

const requestsAtOnce = 16

func newOutbox(s *Service) *outbox {
	return &outbox{Service: s, slots: make(chan struct{}, requestsAtOnce), queues: map[id.RoomID]*roomQueue{}, sealed: map[id.RoomID]string{}}
}

func (o *outbox) start(ctx context.Context, group *errgroup.Group) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ctx, o.group, o.started = ctx, group, o.now()
}

func (o *outbox) add(room id.RoomID, item queued) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queues[room]
	if q == nil {
		q = &roomQueue{}
		o.queues[room] = q
	}
	q.waiting = append(q.waiting, item)
	o.metrics.outbox.Inc()
	if !q.running && o.group != nil {
		q.running = true
		ctx := o.ctx
		o.group.Go(func() error { o.drain(ctx, room, q); return nil })
	}
}

// next takes the first message of the queue; false ends the queue's goroutine.
func (o *outbox) next(room id.RoomID, q *roomQueue) (queued, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(q.waiting) == 0 {
		q.running = false
		delete(o.queues, room)
		return queued{}, false
	}
	item := q.waiting[0]
	q.waiting = q.waiting[1:]
	return item, true
}

func (o *outbox) drain(ctx context.Context, room id.RoomID, q *roomQueue) {
	for {
		item, ok := o.next(room, q)
		if !ok {
			return
		}
		if !o.deliver(ctx, room, q, item) {
			return // the program stops; the store has the rest
		}
		o.metrics.outbox.Dec()
	}
}

// deliver repeats until the homeserver has decided; false means that ctx ended.
func (o *outbox) deliver(ctx context.Context, room id.RoomID, q *roomQueue, next queued) bool {
	item, uncertain := next.Outgoing, next.inherited
	if item.Task == store.TaskLeave && !sleep(ctx, beforeDeclining) {
		return false
	}
	for wait := 250 * time.Millisecond; ; wait = min(2*wait, time.Minute) {
		var event id.EventID
		var err error
		if uncertain { // before a slot is taken: looking may take long, and other rooms do not wait for it
			event, err = o.sentBefore(ctx, room, q, next)
		}
		select {
		case o.slots <- struct{}{}:
		case <-ctx.Done():
			return false
		}
		if o.isSealed(room, item) {
			<-o.slots
			return true // the store has dropped it already
		}
		if err == nil && event == "" {
			event, err = o.perform(ctx, room, item)
		}
		<-o.slots
		code, final := refused(err)
		if err != nil && code == "" { // no answer: it may have been taken all the same
			uncertain, next.inherited = true, false
		}
		if final && item.Task == store.TaskJoin && wait < 30*time.Second {
			final = false // an invite from elsewhere may not have arrived everywhere yet
		}
		switch {
		case err == nil:
			o.metrics.outboxLag.Observe(max(time.Duration(o.now().UnixMicro()-item.N)*time.Microsecond, 0).Seconds())
			o.sent(room, item, event)
			return true
		case final:
			o.log.Warn().Err(withoutContent(err)).Stringer("room_id", room).Str("task", string(item.Task)).Str("event_type", item.EventType).
				Msg("The homeserver refused what was to be sent")
			o.refused(room, item, code)
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		o.metrics.retries.WithLabelValues("homeserver").Inc()
		if !sleep(ctx, max(wait, retryAfter(err))) {
			return false
		}
	}
}

func (o *outbox) perform(ctx context.Context, room id.RoomID, item store.Outgoing) (id.EventID, error) {
	switch item.Task {
	case store.TaskSend:
		return o.hs.send(ctx, room, item.EventType, item.TxnID, item.Content)
	case store.TaskState:
		return o.hs.putState(ctx, room, item.EventType, item.StateKey, item.Content)
	case store.TaskJoin:
		_, err := o.hs.client.JoinRoom(ctx, string(room), &mautrix.ReqJoinRoom{Via: item.Via})
		return "", err
	case store.TaskLeave:
		_, err := o.hs.client.LeaveRoom(ctx, room, &mautrix.ReqLeave{Reason: item.Reason})
		return "", err
	case store.TaskDirect:
		return o.direct(ctx, item)
	}
	return "", errors.New("unknown task")
}

// seal drops what waits for a room, except one message. The store has dropped
// it already.
func (o *outbox) seal(room id.RoomID, except string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed[room] = except
	q := o.queues[room]
	if q == nil {
		return
	}
	before := len(q.waiting)
	q.waiting = slices.DeleteFunc(q.waiting, func(item queued) bool { return item.TxnID != except })
	o.metrics.outbox.Sub(float64(before - len(q.waiting)))
}

// isSealed reports whether the message must not be sent any more: it was taken
// out of the queue before the room was sealed, and waited for another attempt.
func (o *outbox) isSealed(room id.RoomID, item store.Outgoing) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	except, sealed := o.sealed[room]
	return sealed && item.Task == store.TaskSend && item.TxnID != except
}

// sent has the room's worker take the message out of the store, together with
// what follows from it.
func (o *outbox) sent(room id.RoomID, item store.Outgoing, event id.EventID) {
	o.rooms.worker(room).note(func(w *worker, st *step) error {
		st.Sent = append(st.Sent, item.TxnID)
		switch {
		case item.Task == store.TaskJoin && !w.row.Joined:
			w.joined(st)
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
		if item.From > 0 {
			w.withhold(st, item.From)
		}
		return nil
	})
}

// bindCard ties a card to the message that was sent for it.
func (w *worker) bindCard(st *step, item store.Outgoing, event id.EventID) {
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

// direct sends content in the direct chat with a person.
func (o *outbox) direct(ctx context.Context, item store.Outgoing) (id.EventID, error) {
	room, err := o.directRoom(ctx, item.User)
	if err != nil {
		return "", err
	}
	return o.hs.send(ctx, room, typeMessage, item.TxnID, item.Content)
}

// directRoom returns the chat between the bot and a person in which both are,
// or the person is invited; it makes one if there is none. A new one is given
// an alias that is a function of the person, so that a crash half-way does not
// leave two.
func (o *outbox) directRoom(ctx context.Context, user id.UserID) (id.RoomID, error) {
	room, err := o.store.DirectRoomOf(ctx, user)
	if err == nil {
		ok, err := o.reaches(ctx, room, user)
		if err != nil || ok {
			return room, err
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	alias := o.Localpart + "_direct_" + causedID("direct", string(user), string(room))
	var made mautrix.RespCreateRoom
	create := func(more map[string]any) error {
		chat := map[string]any{
			"preset": "trusted_private_chat", "is_direct": true, "invite": []id.UserID{user},
			"creation_content": map[string]any{"de.werkraum.direct": user},
		}
		maps.Copy(chat, more)
		_, err := o.hs.client.MakeRequest(ctx, http.MethodPost, o.hs.client.BuildClientURL("v3", "createRoom"), chat, &made)
		return err
	}
	err = create(map[string]any{"room_alias_name": alias})
	if code, _ := refused(err); code == "M_EXCLUSIVE" {
		// The registration was written before it had a namespace for aliases. A
		// second chat after a crash is better than none.
		err = create(nil)
	} else if code == "M_ROOM_IN_USE" {
		var at struct {
			Room id.RoomID `json:"room_id"`
		}
		err = o.hs.get(ctx, &at, "directory", "room", "#"+alias+":"+o.ServerName)
		made.RoomID = at.Room
	}
	if err != nil {
		return "", err
	}
	done := make(chan error, 1)
	o.rooms.worker(made.RoomID).submit(&job{
		run: func(w *worker, st *step) error {
			w.row.Info.Direct = user
			st.Direct = &store.DirectRoom{User: user, Room: w.id}
			if !w.row.Joined {
				w.joined(st)
			}
			return nil
		},
		done: func(err error) { done <- err },
	})
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	return made.RoomID, err
}

// reaches reports whether a message in the room reaches user, after inviting
// them again if they had left. A chat that was encrypted meanwhile is of no
// use: the bot must not write in it.
func (o *outbox) reaches(ctx context.Context, room id.RoomID, user id.UserID) (bool, error) {
	encryption, err := o.hs.stateEvent(ctx, room, typeEncryption, "")
	if _, final := refused(err); final || encryption != nil {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	content, err := o.hs.stateEvent(ctx, room, typeMember, string(user))
	if _, final := refused(err); final {
		return false, nil // the bot itself is not there any more
	}
	if err != nil {
		return false, err
	}
	var c struct {
		Membership workspace.Membership `json:"membership"`
	}
	if json.Unmarshal(content, &c) == nil && (c.Membership == workspace.Joined || c.Membership == workspace.Invited) {
		return true, nil
	}
	_, err = o.hs.client.InviteUser(ctx, room, &mautrix.ReqInviteUser{UserID: user})
	if _, final := refused(err); final {
		return false, nil
	}
	return err == nil, err
}
