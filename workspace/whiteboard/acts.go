package whiteboard

import (
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/whiteboard/templates"
)

var (
	noSuchWhiteboard = workspace.Text{
		De: "Dieses Whiteboard gibt es in diesem Raum nicht (mehr).",
		En: "This whiteboard does not exist in this room (any more).",
	}
	alreadyThere = workspace.Text{
		De: "Das gibt es schon; es wurde nicht noch einmal angelegt.",
		En: "This exists already; it was not made again.",
	}
	tooManyWhiteboards = workspace.Text{
		De: "Ein Raum hat höchstens %d Whiteboards. Bitte entfernen Sie zuerst eines.",
		En: "A room has at most %d whiteboards. Please remove one first.",
	}
	noSuchTemplate = workspace.Text{
		De: "Diese Vorlage gibt es nicht.",
		En: "There is no such template.",
	}
	nothingToDo = workspace.Text{
		De: "Das ist schon so; es war nichts zu tun.",
		En: "It is like that already; there was nothing to do.",
	}
)

// Add makes a whiteboard, empty or after a template, in the room's language.
type Add struct {
	Whiteboard workspace.ItemID `json:"whiteboard"` // chosen by the caller
	Title      string           `json:"title"`
	Template   string           `json:"template"` // one of templates.All, or ""
}

// Deeds implements workspace.Act.
func (Add) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.add"} }

// Ops implements workspace.Act.
func (a Add) Ops(r *workspace.Room, by id.UserID, now time.Time) ([]workspace.Op, error) {
	w := In(r)
	if w.whiteboard(a.Whiteboard) != nil {
		return nil, workspace.Refuse(workspace.Conflict, alreadyThere)
	}
	if len(w.places) >= MaxWhiteboards {
		return nil, workspace.Refuse(workspace.Invalid, tooManyWhiteboards.With(MaxWhiteboards))
	}
	last := ""
	if n := len(w.places); n > 0 {
		last = w.places[n-1].rank
	}
	rank, err := workspace.RankBetween(last, "")
	if err != nil {
		return nil, err
	}
	ops := []workspace.Op{whiteboardOp(a.Whiteboard, map[string]workspace.Value{
		Title: workspace.String(board.Clean(a.Title)), Rank: workspace.String(rank),
		Created: workspace.String(now.UTC().Format(time.RFC3339)), CreatedBy: workspace.String(string(by)),
	})}
	if a.Template == "" {
		return ops, nil
	}
	template, ok := templates.Find(a.Template)
	if !ok {
		return nil, workspace.Refuse(workspace.Invalid, noSuchTemplate)
	}
	for _, raw := range template.Elements(r.Language, string(a.Whiteboard)) {
		e, err := ParseElement(raw)
		if err != nil {
			return nil, err
		}
		ops = append(ops, *w.drawn(a.Whiteboard, e, nil)) // what is new takes an operation
	}
	return ops, nil
}

// Edit renames a whiteboard.
type Edit struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
	Title      string           `json:"title"`
}

// Deeds implements workspace.Act.
func (Edit) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.edit"} }

// Ops implements workspace.Act.
func (a Edit) Ops(r *workspace.Room, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	it, err := In(r).need(a.Whiteboard)
	if err != nil {
		return nil, err
	}
	title := board.Clean(a.Title)
	if title == it.Text(Title) {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return []workspace.Op{whiteboardOp(a.Whiteboard, map[string]workspace.Value{Title: workspace.String(title)})}, nil
}

// Remove hides a whiteboard with what is on it; taking it back shows it again.
type Remove struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
}

// Deeds implements workspace.Act.
func (Remove) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.remove"} }

// Ops implements workspace.Act.
func (a Remove) Ops(r *workspace.Room, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if _, err := In(r).need(a.Whiteboard); err != nil {
		return nil, err
	}
	return []workspace.Op{whiteboardOp(a.Whiteboard, map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)})}, nil
}

// Lock locks elements, or the whole whiteboard if none is named, or unlocks them.
type Lock struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
	Elements   []string         `json:"elements"`
	On         bool             `json:"on"`
}

// Deeds implements workspace.Act.
func (Lock) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{LockDeed} }

// Ops implements workspace.Act. Elements that are gone, or locked like that already, are
// passed over.
func (a Lock) Ops(r *workspace.Room, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	w := In(r)
	it, err := w.need(a.Whiteboard)
	if err != nil {
		return nil, err
	}
	value := workspace.Value{}
	if a.On {
		value = workspace.Bool(true)
	}
	var ops []workspace.Op
	if len(a.Elements) == 0 && it.True(Locked) != a.On {
		ops = append(ops, whiteboardOp(a.Whiteboard, map[string]workspace.Value{Locked: value}))
	}
	slices.Sort(a.Elements)
	for _, element := range slices.Compact(a.Elements) {
		if it := w.element(a.Whiteboard, element); it != nil && !it.Deleted() && it.True(Locked) != a.On {
			ops = append(ops, workspace.Op{Item: it.ID, Kind: KindElement, Set: map[string]workspace.Value{Locked: value}})
		}
	}
	if len(ops) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return ops, nil
}

func (w *Whiteboards) need(whiteboard workspace.ItemID) (*workspace.Item, error) {
	if it := w.Whiteboard(whiteboard); it != nil {
		return it, nil
	}
	return nil, workspace.Refuse(workspace.NotFound, noSuchWhiteboard)
}

func whiteboardOp(whiteboard workspace.ItemID, set map[string]workspace.Value) workspace.Op {
	return workspace.Op{Item: whiteboard, Kind: KindWhiteboard, Set: set}
}
