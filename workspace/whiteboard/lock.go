package whiteboard

import "werkraum/workspace"

// LockDeed is locking and unlocking, and altering what is locked.
const LockDeed workspace.Deed = "whiteboard.lock"

// Demands implements workspace.Guard: what is locked is altered by those who may lock, by
// whichever way; so is what lies in a frame that is locked, or on a whiteboard that is.
func (w *Whiteboards) Demands(op workspace.Op) []workspace.Deed {
	if _, locks := op.Set[Locked]; locks || w.isLocked(op) {
		return []workspace.Deed{LockDeed}
	}
	return nil
}

func (w *Whiteboards) isLocked(op workspace.Op) bool {
	switch op.Kind {
	case KindWhiteboard:
		it := w.whiteboard(op.Item)
		return it != nil && it.True(Locked)
	case KindVersion: // saving another one alters nothing
		it := w.room.Item(op.Key())
		if it == nil {
			return false
		}
		on := w.whiteboard(workspace.ItemID(it.Text(Of)))
		return on != nil && on.True(Locked)
	}
	whiteboard := On(op.Kind, op.Item)
	if it := w.whiteboard(whiteboard); it != nil && it.True(Locked) {
		return true
	}
	if op.Kind != KindElement {
		return false
	}
	if it := w.room.Item(op.Key()); it != nil && (it.True(Locked) || w.frameLocked(whiteboard, it.Text(Frame))) {
		return true
	}
	into, _ := op.Set[Frame].Text()
	return w.frameLocked(whiteboard, into)
}

func (w *Whiteboards) frameLocked(whiteboard workspace.ItemID, frame string) bool {
	if frame == "" {
		return false
	}
	it := w.element(whiteboard, frame)
	return it != nil && !it.Deleted() && it.True(Locked)
}
