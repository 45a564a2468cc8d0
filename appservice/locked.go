package appservice

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/appservice/encryption"
	"werkraum/bots"
	"werkraum/store"
)

// An encrypted event and its key come by different ways, and the key may come
// later, or never. A room waits for a key for a moment, so that what was said is
// done in the order in which it was said. Then its events go on without the one
// that is locked; it is kept, its sender is told, the key is asked for, and when
// it comes, what was locked with it is done, in its own order.

const (
	// keyGrace is how long a room waits for a key; who made it wait in vain does
	// not make it wait again before keyPatience is over.
	keyGrace    = 10 * time.Second
	keyPatience = 5 * time.Minute
	// maxVainWaits bounds for how many people a room waits in vain within keyPatience.
	maxVainWaits = 5
	// maxLocked bounds a room's locked events.
	maxLocked = 1_000
	holdAgain = time.Second
)

// errHold asks for the event to be looked at again later, and nothing after it before.
var errHold = errors.New("the room waits")

// unlock decrypts an event in place; false means that there is nothing more to
// do with it now.
func (w *worker) unlock(st *step, in *incoming) (bool, error) {
	device := w.cipher.device.Load()
	if device == nil || w.cipher.able.Load() != encryptionWorks {
		if w.lacksEncryption() {
			return false, nil
		}
		w.heldUntil = st.now.Add(holdAgain)
		return false, errHold
	}
	e := encryption.Encrypted{Event: in.ID, Room: w.id, Sender: in.Sender, Content: in.Content}
	kind, content, err := device.Decrypt(st.ctx, e)
	switch {
	case err == nil:
		w.metrics.decrypted.WithLabelValues("read").Inc()
		in.Type, in.Content, in.decrypted = kind, content, true
		w.unlocked(st, in.ID)
		delete(w.keyless, in.Sender)
		concerns, err := w.concerns(in)
		if err != nil || !concerns || in.Type == typeEncrypted || in.isRoomState() {
			st.Handled = append(st.Handled, in.ID)
			return false, nil //nolint:nilerr // what has the wrong shape is nobody's business
		}
		return true, nil
	case errors.Is(err, encryption.ErrBusy):
		return false, err
	case !errors.Is(err, encryption.ErrNoKey):
		w.metrics.decrypted.WithLabelValues("broken").Inc()
		w.unlocked(st, in.ID)
		st.Handled = append(st.Handled, in.ID)
		st.SetAside = append(st.SetAside, store.SetAside{Room: w.id, Event: in.ID, Reason: "could not be decrypted"})
		return false, nil
	case in.late:
		return false, nil // it was another key
	case !in.waited && w.waitsFor(in.Sender, st.now):
		in.waited = true
		w.heldUntil = st.now.Add(keyGrace)
		return false, errHold
	}
	w.metrics.decrypted.WithLabelValues("locked").Inc()
	w.lock(st, in, e)
	return false, nil
}

// waitsFor reports whether the room waits for a key of somebody.
func (w *worker) waitsFor(sender id.UserID, now time.Time) bool {
	vain := 0
	for _, at := range w.keyless {
		if now.Sub(at) <= keyPatience {
			vain++
		}
	}
	return vain < maxVainWaits && now.Sub(w.keyless[sender]) > keyPatience
}

// lock keeps an event for when its key comes, asks for the key, and tells the sender.
func (w *worker) lock(st *step, in *incoming, e encryption.Encrypted) {
	if len(w.keyless) > maxLocked {
		clear(w.keyless)
	}
	w.keyless[in.Sender] = st.now
	if slices.ContainsFunc(w.locked, func(l store.Locked) bool { return l.Event == in.ID }) {
		return
	}
	if len(w.locked) >= maxLocked {
		st.Handled = append(st.Handled, in.ID)
		st.SetAside = append(st.SetAside, store.SetAside{Room: w.id, Event: in.ID, Reason: "its key did not come"})
		return
	}
	told := slices.ContainsFunc(w.locked, func(l store.Locked) bool { return l.Sender == in.Sender })
	l := store.Locked{Event: in.ID, Sender: in.Sender, Session: e.Session(), Received: in.received, Content: in.Content}
	w.locked = append(w.locked, l)
	st.Locked = append(st.Locked, l)
	if !told {
		place := bots.Event{ID: in.ID}
		if c := in.relation(); c.Type == "m.thread" {
			place.Thread = c.Event
		}
		w.say(st, bots.CannotRead(w.room.Language), causedID("locked", string(in.ID)), answerTo(place))
	}
}

// unlocked takes an event out of those that wait for a key.
func (w *worker) unlocked(st *step, event id.EventID) {
	if i := slices.IndexFunc(w.locked, func(l store.Locked) bool { return l.Event == event }); i >= 0 {
		w.locked = slices.Delete(w.locked, i, i+1)
		st.Unlocked = append(st.Unlocked, event)
	}
}

// keyArrived has a room go on that has waited for a key. Anybody can send keys
// for any room; only rooms that the bot is in have something to go on with.
func (s *Service) keyArrived(ctx context.Context, room id.RoomID, session id.SessionID) {
	if known, err := s.store.Knows(ctx, room); err == nil && !known {
		return // where the store does not answer, a worker too many is better than an event that stays locked
	}
	s.rooms.worker(room).note(func(w *worker, st *step) error {
		w.heldUntil = time.Time{}
		w.retry(st, session)
		return nil
	})
}

// retry puts the events of a key in front of all others.
func (w *worker) retry(st *step, session id.SessionID) {
	var late []*incoming
	for _, l := range w.locked {
		if l.Session == session {
			late = append(late, &incoming{
				envelope: envelope{ID: l.Event, Type: typeEncrypted, Room: w.id, Sender: l.Sender, Content: l.Content},
				received: l.Received, delivery: &openDelivery{done: func(int64) {}}, late: true,
			})
		}
	}
	if len(late) == 0 {
		return
	}
	st.after = append(st.after, func() {
		w.mu.Lock()
		w.events = append(late, w.events...)
		w.mu.Unlock()
		w.nudge()
	})
}

// decryptFetched decrypts a message that was asked for, and the edit that is
// bundled with it. What cannot be read stays as it is.
func (w *worker) decryptFetched(ctx context.Context, e *envelope) {
	device := w.cipher.device.Load()
	if device == nil || e.Type != typeEncrypted {
		return
	}
	kind, content, err := device.Decrypt(ctx, encryption.Encrypted{Event: e.ID, Room: w.id, Sender: e.Sender, Content: e.Content})
	if err != nil {
		return
	}
	bundled := gjson.GetBytes(e.Unsigned, bundledEdit)
	edit, err := parseEnvelope(json.RawMessage(bundled.Raw))
	e.Type, e.Content, e.Unsigned = kind, content, nil
	if err != nil || edit.Type != typeEncrypted {
		return
	}
	kind, content, err = device.Decrypt(ctx, encryption.Encrypted{Event: edit.ID, Room: w.id, Sender: edit.Sender, Content: edit.Content})
	if err == nil {
		edited := map[string]any{"type": kind, "event_id": edit.ID, "room_id": w.id, "sender": edit.Sender, "content": content}
		e.Unsigned = rawJSON(map[string]any{"m.relations": map[string]any{"m.replace": edited}})
	}
}
