package appservice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

// Earlier states of whiteboards. Packing what lies on one takes up to some tenths of a second,
// which a room does not wait for: what is to be packed is noted in a step, packed elsewhere,
// and stored by a later step, in one transaction with the change that tells of it
// (docs/adr/0027-earlier-versions-of-whiteboards.md).

// pack is whiteboard.Pack, one at a time: there is other work than this.
func (s *Service) pack(items []*workspace.Item) ([]byte, error) {
	s.packing.Lock()
	defer s.packing.Unlock()
	return whiteboard.Pack(items)
}

// keepBefore has the state of whiteboards kept as it is before the change at hand.
func (w *worker) keepBefore(st *step, list []workspace.ItemID) {
	for _, on := range list {
		if w.keeping[on] {
			continue
		}
		w.keeping[on] = true
		items, memory := whiteboard.In(w.room).Items(on), w.roomMemory
		st.after = append(st.after, func() {
			go func() {
				content, err := w.pack(items)
				w.note(func(w *worker, later *step) error {
					// Of a room that was read anew meanwhile it is not known what it was read
					// anew for, as for erasing somebody. The next change comes.
					if w.roomMemory == memory {
						w.keep(later, on, st.now, content, err)
					}
					return nil
				})
			}()
		})
	}
}

// keep makes an automatic version.
func (w *worker) keep(st *step, on workspace.ItemID, at time.Time, content []byte, err error) {
	delete(w.keeping, on)
	if err == nil {
		cause := []string{"version", string(w.id), string(on), at.Format(time.RFC3339Nano)}
		op, ok := whiteboard.In(w.room).Keep(on, workspace.ItemID(causedID(cause...)), at)
		if !ok {
			return
		}
		_, err = w.propose(st, workspace.Proposal{ID: changeID(cause...), By: w.bot, Via: workspace.ViaBot, Ops: []workspace.Op{op}})
		if err == nil {
			st.Versions = append(st.Versions, store.Version{ID: op.Item, Content: content})
		}
	}
	if err != nil {
		w.log.Info().Err(err).Stringer("room_id", w.id).Msg("Could not keep the state of a whiteboard")
	}
}

// saved is a state that somebody wants to be kept, packed.
type saved struct {
	whiteboard.Save
	content []byte
}

// save is DoVia for keeping a state by a name: what lies there when it is asked for.
func (s *Service) save(via workspace.Via, room id.RoomID, by id.UserID, change workspace.ChangeID, a whiteboard.Save, reply func(int64, error)) {
	var seq int64
	var items []*workspace.Item
	var memory *roomMemory
	s.rooms.worker(room).submit(&job{
		change: change,
		run: func(w *worker, st *step) error {
			if !w.works(w.row) {
				return workspace.Refuse(workspace.Forbidden, roomClosed)
			}
			if seq = w.knownChange(st, change); seq > 0 {
				return nil
			}
			if err := w.room.May(by, a.Deeds(by)...); err != nil {
				return err
			}
			if _, err := a.Ops(w.room, by, st.now); err != nil {
				return err
			}
			items, memory = whiteboard.In(w.room).Items(a.Whiteboard), w.roomMemory
			return nil
		},
		done: func(err error) {
			if err != nil || seq > 0 {
				reply(seq, err)
				return
			}
			go func() {
				content, err := s.pack(items)
				if err != nil {
					reply(0, err)
					return
				}
				s.propose(room, by, change, reply, func(w *worker, st *step) (workspace.Commit, error) {
					if w.roomMemory != memory { // see keepBefore
						return workspace.Commit{}, workspace.Refuse(workspace.Unavailable, overloaded)
					}
					return w.act(st, by, via, change, saved{a, content})
				})
			}()
		},
	})
}

// complement adds to an act of history what lies in the store, or is to.
func (w *worker) complement(st *step, a workspace.Act) (workspace.Act, error) {
	switch a := a.(type) {
	case whiteboard.Save: // which nobody has packed
		content, err := whiteboard.Pack(whiteboard.In(w.room).Items(a.Whiteboard))
		return saved{a, content}, err
	case whiteboard.Restore:
		content, err := w.contentOf(st, a.Version)
		if errors.Is(err, store.ErrNotFound) {
			return a, nil // which says so
		}
		if err != nil {
			return a, fmt.Errorf("read a version: %w", err)
		}
		elements, err := whiteboard.Packed(content)
		return a.With(elements), err
	}
	return a, nil
}

func (w *worker) contentOf(st *step, version workspace.ItemID) ([]byte, error) {
	for _, v := range slices.Backward(st.Versions) { // not stored yet
		if v.ID == version {
			return v.Content, nil
		}
	}
	return w.store.VersionOf(st.ctx, w.id, version)
}

// endVersions drops what versions hold that are over, in the step of the change that says so.
func (w *worker) endVersions(st *step, c workspace.Commit) {
	for _, op := range c.Won {
		if op.Kind != whiteboard.KindVersion || whiteboard.In(w.room).Holds(op.Item) {
			continue
		}
		st.EndVersions = append(st.EndVersions, op.Item)
		st.Versions = slices.DeleteFunc(st.Versions, func(v store.Version) bool { return v.ID == op.Item })
	}
}

// wearVersions takes away versions whose time is over.
func (w *worker) wearVersions(st *step) {
	if !w.readable() {
		return
	}
	all := whiteboard.In(w.room)
	if at := all.NextWorn(w.room.Zone); at.IsZero() || st.now.Before(at) {
		return
	}
	change := changeID("worn", string(w.id), fmt.Sprint(w.room.Seq))
	_, err := w.propose(st, workspace.Proposal{ID: change, By: w.bot, Via: workspace.ViaBot, Ops: all.Worn(st.now, w.room.Zone)})
	if err != nil {
		w.log.Warn().Err(err).Stringer("room_id", w.id).Msg("Could not take away versions of whiteboards")
	}
}

// OpenVersion is what lay on a whiteboard in a version of it (whiteboard.Pack), for somebody
// who may look into the room.
func (s *Service) OpenVersion(ctx context.Context, room id.RoomID, user id.UserID, on, version workspace.ItemID) ([]byte, error) {
	if s.fetching.Take(string(user), s.now()) != pace.Allowed {
		return nil, workspace.Refuse(workspace.RateLimited, versionsTooFast)
	}
	var refusal error
	err := s.Visit(ctx, room, func(v watch.View) {
		if refusal = v.Room.May(user, workspace.Look); refusal != nil {
			return
		}
		if !v.Open && (v.Room.Owner != user || !v.Own) {
			refusal = workspace.Refuse(workspace.Forbidden, roomClosed)
			return
		}
		_, refusal = whiteboard.In(v.Room).Version(on, version)
	})
	if err = errors.Join(err, refusal); err != nil {
		return nil, err
	}
	content, err := s.store.VersionOf(ctx, room, version)
	if errors.Is(err, store.ErrNotFound) { // it was taken away meanwhile
		return nil, workspace.Refuse(workspace.NotFound, whiteboard.NoSuchVersion)
	}
	return content, err
}

var versionsTooFast = workspace.Text{
	De: "Das waren sehr viele Anfragen auf einmal. Bitte warten Sie einen Augenblick.",
	En: "These were a great many requests at once. Please wait a moment.",
}
