package appservice

import (
	"context"
	"time"

	"werkraum/appservice/encryption"
)

// A key that did not come is asked for of its owner's devices, and again: the
// question may be lost with this program, and the answer on its way, for what is
// sent to a device while a homeserver cannot push is thrown away by Synapse.

const (
	askFirst  = time.Minute // until it is asked again; twice as long each time
	askLast   = time.Hour   // after that it is asked when the room is next read
	askWithin = time.Minute
	// keysAtOnce bounds how many keys one step asks for; the next ones' turn comes askPause
	// later.
	keysAtOnce = 20
	askPause   = 5 * time.Second
)

// asking is when a key was last asked for, and how long it is until the next time.
type asking struct {
	last time.Time
	wait time.Duration
}

// due is when the key is to be asked for; zero means not any more.
func (a asking) due() time.Time {
	if a.wait > askLast {
		return time.Time{}
	}
	return a.last.Add(a.wait)
}

// askForKeys asks for those keys of locked events whose time has come.
func (w *worker) askForKeys(st *step) {
	device := w.cipher.device.Load()
	if len(w.locked) == 0 || device == nil || w.cipher.able.Load() != encryptionWorks {
		return
	}
	if len(w.asked) > maxLocked {
		clear(w.asked)
	}
	var questions []encryption.Encrypted
	for _, l := range w.locked {
		a, asked := w.asked[l.Session]
		if at := a.due(); len(questions) < keysAtOnce && (!asked || !at.IsZero() && !st.now.Before(at)) {
			w.asked[l.Session] = asking{st.now, max(askFirst, 2*a.wait)}
			questions = append(questions, encryption.Encrypted{Event: l.Event, Room: w.id, Sender: l.Sender, Content: l.Content})
		}
	}
	if len(questions) == 0 {
		return
	}
	w.askedAt = st.now
	ctx := st.ctx
	st.after = append(st.after, func() {
		go func() {
			ctx, cancel := context.WithTimeout(ctx, askWithin)
			defer cancel()
			for _, q := range questions {
				if err := device.Ask(ctx, q); err != nil {
					w.log.Warn().Err(withoutContent(err)).Stringer("room_id", w.id).Msg("Could not ask for a key")
				}
			}
		}()
	})
}

// nextAsk is when a key is to be asked for next; zero means never.
func (w *worker) nextAsk() (next time.Time) {
	if w.cipher.able.Load() != encryptionWorks {
		return next
	}
	for _, l := range w.locked {
		a, asked := w.asked[l.Session]
		at := a.due()
		if !asked { // it was beyond what one step asks for
			at = w.askedAt.Add(askPause)
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}
