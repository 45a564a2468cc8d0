package appservice

import (
	"context"
	"errors"
	"time"

	"werkraum/store"
)

// maxWaiting bounds the events that a room keeps in memory. One that cannot go
// on, because its state cannot be read or because it is flooded, leaves the rest
// in the inbox and holds up no other room.
const maxWaiting = 2_000

// parking is where events of a room wait in the inbox: in a delivery, from a
// place on.
type parking struct {
	delivery *openDelivery
	from     int
}

// deliver queues an event. What takes rights away does not wait behind state that
// is being read, or behind others: it counts at once, and again in its turn.
func (w *worker) deliver(in *incoming) {
	w.mu.Lock()
	retired := w.retired
	switch {
	case retired:
	case len(w.parked) > 0 || len(w.events) >= maxWaiting || !w.rooms.takeSlot():
		w.park(in)
	default:
		in.slot = true
		w.events = append(w.events, in)
	}
	w.mu.Unlock()
	if retired {
		w.rooms.worker(w.id).deliver(in)
		return
	}
	if in.takesAway() {
		w.note(func(w *worker, st *step) error {
			if !w.row.Joined || in.turned { // it may have been read back already
				return nil
			}
			return w.takeAwayOnce(st, in)
		})
	}
	w.nudge()
}

// park remembers where the event is; w.mu is held.
func (w *worker) park(in *incoming) {
	if n := len(w.parked); n > 0 && w.parked[n-1].delivery == in.delivery {
		in.delivery.finish() // the delivery waits for this room already
		return
	}
	w.parked = append(w.parked, parking{in.delivery, in.place})
}

// unpark reads the next parked events once those before them are handled, and
// reports whether to go on to those after them. Some may be queued as well, by a
// dispatcher that is still at their delivery; the record of handled events knows
// them.
func (w *worker) unpark(ctx context.Context) (more bool) {
	w.mu.Lock()
	waits := w.reading || len(w.events) > 0 || len(w.parked) == 0
	var next parking
	if !waits {
		next = w.parked[0]
	}
	w.mu.Unlock()
	if waits {
		return false
	}
	delivery, err := w.store.DeliveryOf(ctx, next.delivery.id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		w.metrics.retries.WithLabelValues("store").Inc()
		time.AfterFunc(time.Second, w.nudge)
		return false
	}
	events, _, _ := w.unpack(delivery, next.delivery) // the others were counted and set aside before
	w.mu.Lock()
	for _, in := range events {
		if in.Room == w.id && in.place >= next.from {
			in.delivery.open.Add(1)
			w.events = append(w.events, in)
		}
	}
	w.parked = w.parked[1:]
	more = len(w.events) == 0
	w.mu.Unlock()
	next.delivery.finish()
	return more
}
