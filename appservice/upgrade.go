package appservice

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

// followUpgrade goes from a room that was replaced into its successor
// (client-server API, room upgrades). Until the bot is there the work can be
// looked at by nobody; nothing of it is lost.
func (w *worker) followUpgrade(st *step, found foundState) {
	st.gone = true
	if w.row.Info.Asked == "moved" {
		return
	}
	w.row.Info.Asked = "moved"
	st.touched = true
	via := []string{w.ServerName}
	for user, m := range w.room.Members {
		if m.Membership == workspace.Joined && len(via) < 4 && user.Homeserver() != w.ServerName {
			via = append(via, user.Homeserver())
		}
	}
	if by := found.tombstoneBy.Homeserver(); by != "" {
		via = append([]string{by}, via...)
	}
	successor := w.row.Info.Successor
	w.log.Info().Stringer("room_id", w.id).Stringer("successor", successor).Msg("The room was replaced")
	txn := causedID("follow", string(w.id), string(successor))
	st.after = append(st.after, func() {
		// The join belongs to the new room; it is queued there.
		w.rooms.worker(successor).note(func(w *worker, st *step) error {
			if !w.row.Joined {
				w.row.Info.Followed = true
				st.touched = true
				w.queue(st, store.Outgoing{TxnID: txn, Task: store.TaskJoin, Via: via})
			}
			return nil
		})
	})
}

// takeOver moves the work of the room that this one replaces. A room may claim
// any predecessor, so the old room must name this one as its successor: that
// takes the power to send state there.
func (w *worker) takeOver(st *step, old id.RoomID) {
	st.after = append(st.after, func() {
		w.reading = true // events wait until the work is here
		go w.moveWork(st.ctx, old)
	})
}

func (w *worker) moveWork(ctx context.Context, old id.RoomID) {
	var moved bool
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, time.Minute) {
		var err error
		if moved, err = w.tryMove(ctx, old); err == nil {
			break
		}
		w.log.Warn().Err(withoutContent(err)).Stringer("room_id", w.id).Msg("Could not take over the old room's work, trying again")
		if !sleep(ctx, wait) {
			return
		}
	}
	w.note(func(w *worker, st *step) error {
		w.reading = false
		w.row.Info.Predecessor = old
		st.touched = true
		w.settle(st, foundState{}, false)
		return nil
	})
	if moved {
		w.log.Info().Stringer("room_id", w.id).Stringer("predecessor", old).Msg("Took over the old room's work")
	}
}

// replacement is the successor that a tombstone names, "" if it names none.
func replacement(tombstone json.RawMessage) id.RoomID {
	var c struct {
		Replacement id.RoomID `json:"replacement_room"`
	}
	if json.Unmarshal(tombstone, &c) != nil {
		return ""
	}
	return c.Replacement
}

// tryMove moves the work if the old room confirms the succession.
func (w *worker) tryMove(ctx context.Context, old id.RoomID) (moved bool, err error) {
	stored, err := w.store.Load(ctx, old)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if len(stored.Items) == 0 {
		return false, nil // nothing to take over, or it is here already
	}
	if stored.Info.Successor != w.id {
		content, err := w.hs.stateEvent(ctx, old, typeTombstone, "")
		if _, final := refused(err); err != nil && !final {
			return false, err
		}
		if replacement(content) != w.id {
			return false, nil
		}
	}
	// The old room stands still from here on: it has a successor.
	err = w.rooms.worker(old).await(ctx, job{must: true, run: func(ow *worker, st *step) error {
		ow.row.Info.Successor = w.id
		ow.applyInfo()
		st.touched, st.gone = true, true
		return nil
	}})
	if err != nil {
		return false, err
	}
	// The rows change hands in this room's own goroutine, so that no step of it
	// comes in between; what was moved is read at once.
	err = w.await(ctx, job{must: true, run: func(w *worker, st *step) error {
		if !st.empty() {
			return errAlone
		}
		if err := w.store.MoveRoom(st.ctx, old, w.id); err != nil {
			return err
		}
		fresh, err := w.load(st.ctx)
		if err != nil {
			return errReload // what is in memory is not what is stored
		}
		fresh.row.Info = w.row.Info
		fresh.row.Info.Language, fresh.row.Info.TimeZone = stored.Info.Language, stored.Info.TimeZone
		fresh.row.Info.Reminded, fresh.row.Info.Digested = stored.Info.Reminded, stored.Info.Digested
		fresh.row.Info.LogFrom, fresh.row.Info.DrawnFrom = stored.Info.LogFrom, stored.Info.DrawnFrom
		fresh.row.Info.Level, fresh.row.Info.Digest = stored.Info.Level, stored.Info.Digest
		fresh.room.Zone = w.zoneOf(fresh.row.Info)
		w.roomMemory = fresh
		w.applyInfo()
		st.touched = true
		return nil
	}})
	if err == nil {
		w.rooms.worker(old).note(func(_ *worker, st *step) error {
			st.reload = true // its work is elsewhere
			return nil
		})
	}
	return err == nil, err
}
