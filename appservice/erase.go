package appservice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
)

// Erasure is what erasing a person did, or with Dry would do.
type Erasure struct {
	User    id.UserID `json:"user_id"`
	StandIn id.UserID `json:"stand_in,omitempty"`
	Dry     bool      `json:"dry"`
	// Member lists the rooms in which the person is still a member, so that nothing
	// is erased: Matrix decides who that is, and what they do is stored.
	Member []id.RoomID  `json:"member,omitempty"`
	Done   store.Erased `json:"done"`
}

// Erase removes a person from everything that is stored
// (docs/adr/0016-erasing-a-person.md), while the rooms work on. The person must be a
// member of no room. Doing it again after a failure does the rest.
func (s *Service) Erase(ctx context.Context, user id.UserID) (Erasure, error) {
	return EraseStored(ctx, s.store, user, false, s.now(), func(room id.RoomID, r workspace.Renaming, leave store.Outgoing) (store.Erased, error) {
		return s.eraseIn(ctx, room, r, leave)
	})
}

// EraseStored is Erase on a database with which no process works, or with dry on any,
// of which it says what would be done; each then is nil. Otherwise each erases the
// person in one room.
func EraseStored(ctx context.Context, db *store.Store, user id.UserID, dry bool, now time.Time,
	each func(room id.RoomID, r workspace.Renaming, leave store.Outgoing) (store.Erased, error),
) (e Erasure, err error) {
	if each == nil {
		each = func(room id.RoomID, r workspace.Renaming, leave store.Outgoing) (store.Erased, error) {
			return db.EraseIn(ctx, room, r, leave, takePosted, dry)
		}
	}
	e = Erasure{User: user, Dry: dry}
	in, err := db.RoomsOf(ctx, user)
	if err != nil {
		return e, fmt.Errorf("list the person's rooms: %w", err)
	}
	for _, room := range in {
		if room.Info.Direct == "" {
			e.Member = append(e.Member, room.ID)
		}
	}
	if len(e.Member) > 0 && !dry {
		return e, nil
	}
	names, err := db.NamesOf(ctx, user)
	if err != nil {
		return e, fmt.Errorf("list the person's names: %w", err)
	}
	r := workspace.Renaming{From: user, To: workspace.NewStandIn("x"), Texts: bots.TitlesAfter(user, names)}
	if !dry {
		if e.StandIn, err = db.BeginErasure(ctx, user, now); err != nil {
			return e, err
		}
		r.To = e.StandIn
	}
	rooms, err := db.AllRooms(ctx)
	if err != nil {
		return e, fmt.Errorf("list rooms: %w", err)
	}
	for _, room := range rooms {
		leave := store.Outgoing{TxnID: causedID("erase", string(room)), N: now.UnixMicro(), Task: store.TaskLeave}
		done, err := each(room, r, leave)
		if err != nil {
			return e, err
		}
		e.Done.Add(done)
	}
	done, err := db.FinishErasure(ctx, r, dry, now)
	e.Done.Add(done)
	return e, err
}

// eraseIn erases the person in what is on its way to the homeserver, and in a room
// that works on: in its own goroutine, so that no step comes in between. Open pages
// read the room anew.
func (s *Service) eraseIn(ctx context.Context, room id.RoomID, r workspace.Renaming, leave store.Outgoing) (done store.Erased, err error) {
	s.outbox.rename(r)
	// Most rooms have nothing to do with the person, and are left alone.
	planned, err := s.store.EraseIn(ctx, room, r, leave, takePosted, true)
	if err != nil || planned == (store.Erased{}) {
		return planned, err
	}
	err = s.rooms.worker(room).await(ctx, job{must: true, run: func(w *worker, st *step) error {
		if !st.empty() {
			return errAlone
		}
		direct := w.row.Info.Direct == r.From
		joined := w.row.Joined
		posted, err := w.store.PostedFor(st.ctx, room, r.From)
		if err != nil {
			return err
		}
		done, err = w.store.EraseIn(st.ctx, room, r, leave, takePosted, false)
		if err != nil {
			return errors.Join(errReload, err) // part of it may be written
		}
		fresh, err := w.load(st.ctx)
		if err != nil {
			return errors.Join(errReload, err)
		}
		w.roomMemory = fresh
		for _, event := range posted {
			st.after = append(st.after, func() { w.outbox.add(queued{Outgoing: takePosted(event), room: room}) })
		}
		st.anew = true
		st.removed = append(st.removed, r.From)
		if direct {
			st.gone = true
			w.direct.Delete(room)
			if joined {
				st.after = append(st.after, func() { w.outbox.add(queued{Outgoing: leave, room: room}) })
			}
		}
		return nil
	}})
	return done, err
}

// takePosted has the bot take a message away that it has posted for somebody.
func takePosted(event id.EventID) store.Outgoing {
	return store.Outgoing{TxnID: causedID("redact", string(event)), Task: store.TaskRedact, Event: event}
}

// rename erases a person in what waits to be sent and in what is tried again and
// again just now, until all of that has ended.
func (o *outbox) rename(r workspace.Renaming) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queues) > 0 && !slices.ContainsFunc(o.renamings, func(known workspace.Renaming) bool { return known.From == r.From }) {
		o.renamings = append(o.renamings, r)
	}
}

// renamed is what is to be sent of a message that waited when somebody was erased;
// false means nothing.
func (o *outbox) renamed(item store.Outgoing) (store.Outgoing, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.renamings {
		var keep bool
		if item, keep, _ = item.Renamed(r); !keep {
			return item, false
		}
	}
	return item, true
}

// drop takes a message out that waits in a room, if it does.
func (o *outbox) drop(room id.RoomID, txn string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queues[string(room)]
	if q == nil {
		return false
	}
	before := len(q.waiting)
	q.waiting = slices.DeleteFunc(q.waiting, func(item queued) bool { return item.TxnID == txn })
	o.metrics.outbox.Sub(float64(before - len(q.waiting)))
	return len(q.waiting) < before
}
