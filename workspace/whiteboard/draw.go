package whiteboard

import (
	"encoding/json"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// maxAtOnce bounds the elements of one act; who has more, as after opening a file, sends
// several.
const maxAtOnce = 500

var (
	tooMuchAtOnce = workspace.Text{
		De: "Das sind mehr als %d Dinge auf einmal. Bitte teilen Sie sie auf.",
		En: "These are more than %d things at once. Please divide them.",
	}
	whiteboardFull = workspace.Text{
		De: "Auf diesem Whiteboard ist kein Platz mehr; möglich sind höchstens %d Elemente. Bitte legen Sie ein weiteres an.",
		En: "There is no room left on this whiteboard; at most %d elements are possible. Please add another one.",
	}
)

// Draw puts elements on a whiteboard as they are in somebody's browser by now: new ones,
// altered ones, and ones that are gone. What the whiteboard has in a newer version already
// is passed over, as Excalidraw does in the browser.
type Draw struct {
	Whiteboard workspace.ItemID  `json:"whiteboard"`
	Elements   []json.RawMessage `json:"elements"`
}

// Deeds implements workspace.Act.
func (Draw) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.draw"} }

// Ops implements workspace.Act.
func (a Draw) Ops(r *workspace.Room, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	w := In(r)
	if _, err := w.need(a.Whiteboard); err != nil {
		return nil, err
	}
	if len(a.Elements) > maxAtOnce {
		return nil, workspace.Refuse(workspace.TooLarge, tooMuchAtOnce.With(maxAtOnce))
	}
	var ops []workspace.Op
	shown := showing{}
	at := map[string]bool{}
	more := 0
	for _, raw := range a.Elements {
		e, err := ParseElement(raw)
		if err != nil {
			return nil, err
		}
		if at[e.ID] {
			return nil, malformed("it comes twice")
		}
		at[e.ID] = true
		old := w.element(a.Whiteboard, e.ID)
		was := revisionOf(old)
		if !e.newerThan(was) {
			continue
		}
		if e.version-was.version > maxLeap {
			return nil, malformed("its version is far ahead")
		}
		op := w.drawn(a.Whiteboard, e, old)
		if op == nil {
			continue
		}
		if (old == nil || old.Deleted()) && !e.Deleted {
			more++
		}
		if err := shown.note(board.In(r), old, e, op.Item); err != nil {
			return nil, err
		}
		ops = append(ops, *op)
	}
	if more > 0 && w.Len(a.Whiteboard)+more > MaxElements {
		return nil, workspace.Refuse(workspace.Invalid, whiteboardFull.With(MaxElements))
	}
	return append(ops, shown.ops()...), nil // none if all of it is there already
}

// drawn is the operation that makes an element what it is to be; nil if that takes none.
// One that goes keeps what it was, for it may be brought back.
func (w *Whiteboards) drawn(whiteboard workspace.ItemID, e Element, old *workspace.Item) *workspace.Op {
	set := map[string]workspace.Value{}
	e.into(set)
	if e.Deleted {
		if old == nil || old.Deleted() {
			return nil
		}
		set[workspace.Deleted] = workspace.Bool(true)
		return &workspace.Op{Item: ItemID(whiteboard, e.ID), Kind: KindElement, Set: set}
	}
	alter(set, old, Data, workspace.String(e.Data))
	alter(set, old, Frame, textOrNull(e.Frame))
	alter(set, old, Card, textOrNull(string(e.Card)))
	if old != nil && old.Deleted() {
		set[workspace.Deleted] = workspace.Value{}
	}
	return &workspace.Op{Item: ItemID(whiteboard, e.ID), Kind: KindElement, Set: set}
}

// alter notes a field in set unless the item holds that value already.
func alter(set map[string]workspace.Value, it *workspace.Item, name string, v workspace.Value) {
	var held workspace.Value
	if it != nil {
		f, _ := it.Field(name)
		held = f.Value
	}
	if held != v {
		set[name] = v
	}
}

func textOrNull(text string) workspace.Value {
	if text == "" {
		return workspace.Value{}
	}
	return workspace.String(text)
}
