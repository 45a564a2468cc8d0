package appservice

import (
	"fmt"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

// Of more missing keys than one step asks for, the others have their turn soon, though
// nothing else happens in the room.
func TestKeysBeyondTheFirstAreAskedForToo(t *testing.T) {
	t.Parallel()
	now := time.Now()
	w := &worker{Service: &Service{}, roomMemory: &roomMemory{}, asked: map[id.SessionID]asking{}, askedAt: now}
	w.cipher.able.Store(encryptionWorks)
	for n := range keysAtOnce + 5 {
		session := id.SessionID(fmt.Sprintf("sitzung-%d", n))
		w.locked = append(w.locked, store.Locked{Session: session})
		if n < keysAtOnce {
			w.asked[session] = asking{now, askFirst}
		}
	}
	if got := w.nextAsk().Sub(now); got != askPause {
		t.Errorf("the next keys are asked for after %v, want %v", got, askPause)
	}
	for _, l := range w.locked {
		w.asked[l.Session] = asking{now, askFirst}
	}
	if got := w.nextAsk().Sub(now); got != askFirst {
		t.Errorf("when all have been asked for it is done again after %v, want %v", got, askFirst)
	}
}
