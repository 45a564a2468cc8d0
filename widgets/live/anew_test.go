package live

import (
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/watch"
)

// A room that was written anew, because somebody was erased, sends its pages away so that they
// come back, and none of them goes on from what it had.
func TestRoomThatWasWrittenAnewIsReadAnew(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.add(t, 3, "")
	annas, welcome := l.enter(t, anna, nil)
	mias, _ := l.enter(t, mia, nil)
	l.happen(func(r *workspace.Room) { r.Edition++ }, watch.Happening{Anew: true, Removed: []id.UserID{mia}})
	if m := annas.until("bye"); m.Reason != "restart" {
		t.Errorf("goodbye = %+v, want restart, on which a page comes back by itself", m)
	}
	if m := mias.until("bye"); m.Reason != "removed" {
		t.Errorf("who was erased is told %+v, want removed", m)
	}
	_, again := l.enter(t, anna, map[string]any{"since": welcome.Seq, "epoch": welcome.Epoch})
	if again.Resumed || again.Epoch == welcome.Epoch {
		t.Errorf("the page goes on from what it had: %+v", again)
	}
	if _, third := l.enter(t, anna, map[string]any{"since": again.Seq, "epoch": again.Epoch}); !third.Resumed {
		t.Error("a page of the new edition cannot go on")
	}
}

// Nobody goes on from a place that the log does not reach back to.
func TestNobodyGoesOnFromBeforeTheLog(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.add(t, 5, "")
	l.room.LogFrom = l.room.Seq - 2
	for behind, resumed := range map[int64]bool{2: true, 3: false} {
		_, welcome := l.enter(t, anna, map[string]any{"since": l.room.Seq - behind, "epoch": l.store.Epoch()})
		if welcome.Resumed != resumed {
			t.Errorf("%d behind: resumed is %t", behind, welcome.Resumed)
		}
	}
}
