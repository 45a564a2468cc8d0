package board

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// KindView is a view that a room has saved: which cards, and how they are shown.
const KindView workspace.Kind = "view"

// The fields of a view, beside title and rank, the sets assignee/ and label/ and
// the set priority/ of the priorities that it shows.
const (
	Layout      = "layout"
	ViewText    = "text"
	Sort        = "sort"
	ViewColumns = "columns"
	InBoard     = "board"
)

const (
	// MaxViews is how many views a room can save.
	MaxViews = 50
	// MaxViewText is how long the text of a view's filter can be, in characters.
	MaxViewText = 200
	// Nobody stands in the set of a view's people for cards that are assigned to nobody.
	Nobody = "nobody"
	// Normal stands in the set of a view's priorities for cards that have none.
	Normal = "normal"
)

var (
	layouts     = []string{"board", "table", "calendar", "timeline"}
	viewDues    = []string{"overdue", "today", "week", "month", "none"}
	viewSorts   = []string{"place", "number", "title", "column", "assignees", "labels", "priority", "start", "due", "created"}
	viewColumns = []string{"number", "column", "assignees", "labels", "priority", "start", "due", "created"}
)

var (
	noSuchView = workspace.Text{
		De: "Diese Ansicht gibt es in diesem Raum nicht (mehr).",
		En: "This view does not exist in this room (any more).",
	}
	tooManyViews = workspace.Text{
		De: "Ein Raum kann höchstens %d Ansichten speichern. Bitte löschen Sie zuerst eine.",
		En: "A room can save at most %d views. Please delete one first.",
	}
	tooManyInView = workspace.Text{
		De: "Eine Ansicht kann höchstens %d Personen und %d Schlagwörter auswählen.",
		En: "A view can choose at most %d people and %d labels.",
	}
	viewTextTooLong = workspace.Text{
		De: "Der Suchtext einer gespeicherten Ansicht hat höchstens %d Zeichen.",
		En: "The search text of a saved view has at most %d characters.",
	}
)

// SaveView saves a view: a new one, or what it holds instead of what it held.
type SaveView struct {
	View       workspace.ItemID `json:"view"` // chosen by the caller
	Title      string           `json:"title"`
	Board      workspace.ItemID `json:"board"` // "" = the main board
	Layout     string           `json:"layout"`
	Text       string           `json:"text"`
	Assignees  []string         `json:"assignees"` // user IDs and Nobody
	Labels     []string         `json:"labels"`
	Priorities []string         `json:"priorities"`
	Due        string           `json:"due"`
	Sort       string           `json:"sort"` // "" = as on the board; "-due" = downwards
	Columns    []string         `json:"columns"`
}

// Ops implements Act.
func (a SaveView) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if len(a.Assignees) > MaxAssignees || len(a.Labels) > MaxLabels {
		return nil, workspace.Refuse(workspace.Invalid, tooManyInView.With(MaxAssignees, MaxLabels))
	}
	set := map[string]workspace.Value{}
	var ops []workspace.Op
	it := b.view(a.View)
	if it == nil || it.Deleted() {
		if len(b.views) >= MaxViews {
			return nil, workspace.Refuse(workspace.Invalid, tooManyViews.With(MaxViews))
		}
		rank, moved, err := b.spot(KindView, b.views, nil, "")
		if err != nil {
			return nil, err
		}
		ops = moved
		set[Rank] = workspace.String(rank)
	}
	if it == nil {
		it = &workspace.Item{}
	}
	if it.Deleted() {
		set[workspace.Deleted] = workspace.Value{}
	}
	for name, text := range map[string]string{
		Title: Clean(a.Title), InBoard: string(a.Board), Layout: a.Layout, ViewText: Clean(a.Text),
		Due: a.Due, Sort: a.Sort, ViewColumns: strings.Join(a.Columns, ","),
	} {
		change(set, it, name, textOrNull(text))
	}
	for name, members := range map[string][]string{Assignee: a.Assignees, Label: a.Labels, Priority: a.Priorities} {
		for _, member := range members {
			change(set, it, name+"/"+member, workspace.Bool(true))
		}
		for _, member := range it.Set(name) {
			if !slices.Contains(members, member) {
				set[name+"/"+member] = workspace.Value{}
			}
		}
	}
	// A field that never held anything needs no emptying.
	for name, v := range set {
		if _, known := it.Field(name); v.IsNull() && !known && name != Title {
			delete(set, name)
		}
	}
	if len(set) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	if Clean(a.Title) == "" {
		return nil, workspace.Refuse(workspace.Invalid, titleMissing)
	}
	return append(ops, workspace.Op{Item: a.View, Kind: KindView, Set: set}), nil
}

// RemoveView hides a view. The cards stay as they are.
type RemoveView struct {
	View workspace.ItemID `json:"view"`
}

// Ops implements Act.
func (a RemoveView) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if it := b.view(a.View); it == nil || it.Deleted() {
		return nil, workspace.Refuse(workspace.NotFound, noSuchView)
	}
	return []workspace.Op{{Item: a.View, Kind: KindView, Set: map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)}}}, nil
}

// Views returns the saved views in order.
func (b *Board) Views() []*workspace.Item {
	items := make([]*workspace.Item, len(b.views))
	for i, p := range b.views {
		items[i] = b.view(p.id)
	}
	return items
}

func (b *Board) view(view workspace.ItemID) *workspace.Item {
	return b.room.Item(workspace.Key{Kind: KindView, ID: view})
}

// mergedView keeps the order of the views.
func (b *Board) mergedView(before, after *workspace.Item) {
	if before != nil && !before.Deleted() {
		b.views = remove(b.views, placeOf(before))
	}
	if !after.Deleted() {
		b.views = insert(b.views, placeOf(after))
	}
}

func checkViewField(name string, v workspace.Value) error {
	text, isText := v.Text()
	switch name {
	case InBoard:
		return must(isText && workspace.ItemID(text).Valid(), name)
	case Layout:
		return must(isText && slices.Contains(layouts, text), name)
	case ViewText:
		if isText && utf8.RuneCountInString(text) > MaxViewText {
			return workspace.Refuse(workspace.TooLarge, viewTextTooLong.With(MaxViewText))
		}
		return must(isText && Clean(text) == text, name)
	case Due:
		return must(isText && slices.Contains(viewDues, text), name)
	case Sort:
		return must(isText && slices.Contains(viewSorts, strings.TrimPrefix(text, "-")), name)
	case ViewColumns:
		for column := range strings.SplitSeq(text, ",") {
			if !isText || !slices.Contains(viewColumns, column) {
				return must(false, name)
			}
		}
		return nil
	}
	set, member, _ := strings.Cut(name, "/")
	switch set {
	case Assignee:
		return must(v.IsBool() && (member == Nobody || validUser(member)), name)
	case Label:
		if err := checkLabel(member); err != nil {
			return err
		}
		return must(v.IsBool(), name)
	case Priority:
		return must(v.IsBool() && (member == Normal || slices.Contains(Priorities, member)), name)
	}
	return must(false, name)
}
