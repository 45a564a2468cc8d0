package whiteboard

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// Restore makes a whiteboard what it was in an earlier version, as a change like any other:
// who may not alter something that is locked cannot bring it back either, and it can be taken
// back. Locks and pictures are as they are now.
type Restore struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
	Version    workspace.ItemID `json:"version"`

	held   []json.RawMessage
	stored bool
}

// With is the act with what the version holds (Packed), which the store has.
func (a Restore) With(elements []json.RawMessage) Restore {
	a.held, a.stored = elements, true
	return a
}

// Deeds implements workspace.Act.
func (Restore) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.restore"} }

// Ops implements workspace.Act.
func (a Restore) Ops(r *workspace.Room, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	w := In(r)
	if _, err := w.Version(a.Whiteboard, a.Version); err != nil {
		return nil, err
	}
	if !a.stored {
		return nil, workspace.Refuse(workspace.NotFound, NoSuchVersion)
	}
	var ops []workspace.Op
	shown := showing{}
	then := make(map[string]bool, len(a.held))
	put := func(e Element, old *workspace.Item) error {
		e.revision = revisionOf(old).next()
		op := w.drawn(a.Whiteboard, e, old)
		ops = append(ops, *op)
		e.Type = "" // a card that has gone does not hinder the rest
		return shown.note(board.In(r), old, e, op.Item)
	}
	same := map[string]*workspace.Item{} // by what Pack writes of them, without their versions
	for _, it := range w.Items(a.Whiteboard) {
		if it.Kind == KindElement {
			same[it.Text(Data)] = it
		}
	}
	for _, raw := range a.held {
		if it := same[dataOf(raw)]; it != nil { // most of them, usually
			_, name, _ := Split(it.ID)
			then[name] = true
			continue
		}
		e, err := ParseElement(raw)
		if err != nil {
			return nil, err
		}
		then[e.ID] = true
		if old := w.element(a.Whiteboard, e.ID); !e.is(old) {
			if err := put(e, old); err != nil {
				return nil, err
			}
		}
	}
	for _, it := range w.Items(a.Whiteboard) {
		_, name, _ := Split(it.ID)
		if it.Kind != KindElement || then[name] {
			continue
		}
		if err := put(Element{ID: name, Deleted: true}, it); err != nil {
			return nil, err
		}
	}
	if len(ops) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	slices.SortFunc(ops, func(a, b workspace.Op) int { return strings.Compare(string(a.Item), string(b.Item)) })
	return append(ops, shown.ops()...), nil
}

// dataOf is an element's data again, of what appendElement has made of it.
func dataOf(raw json.RawMessage) string {
	end := bytes.LastIndex(raw, []byte(`,"version":`))
	if end < 0 {
		return ""
	}
	return string(raw[:end]) + "}"
}

// is reports whether an item shows that very element.
func (e Element) is(it *workspace.Item) bool {
	return it != nil && !it.Deleted() && it.Text(Data) == e.Data && it.Text(Frame) == e.Frame && it.Text(Card) == string(e.Card)
}
