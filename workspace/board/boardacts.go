package board

import (
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// How many boards a room has at most, archived and removed ones not counted, and how
// many templates of its own.
const (
	MaxBoards    = 50
	MaxTemplates = 50
)

var (
	noSuchBoard = workspace.Text{
		De: "Dieses Board gibt es in diesem Raum nicht (mehr).",
		En: "This board does not exist in this room (any more).",
	}
	tooManyBoards = workspace.Text{
		De: "Ein Raum hat höchstens %d Boards. Bitte archivieren Sie zuerst eines.",
		En: "A room has at most %d boards. Please archive one first.",
	}
	tooManyTemplates = workspace.Text{
		De: "Ein Raum hat höchstens %d eigene Vorlagen. Bitte entfernen Sie zuerst eine.",
		En: "A room has at most %d templates of its own. Please remove one first.",
	}
	lastBoard = workspace.Text{
		De: "Das letzte Board muss bleiben. Bitte legen Sie zuerst ein anderes an.",
		En: "The last board must stay. Please add another one first.",
	}
	notAway = workspace.Text{
		De: "Dieses Board ist weder im Archiv noch entfernt.",
		En: "This board is neither in the archive nor removed.",
	}
)

// AddBoard makes a board, after a template if one is named.
type AddBoard struct {
	Board    workspace.ItemID `json:"board"` // chosen by the caller
	Title    string           `json:"title"`
	Template string           `json:"template"` // a built-in one's name, or the ID of one of the room's
}

// Ops implements Act.
func (a AddBoard) Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	if a.Board == Main || b.board(a.Board) != nil {
		return nil, workspace.Refuse(workspace.Conflict, alreadyThere)
	}
	if len(b.boards) >= MaxBoards {
		return nil, workspace.Refuse(workspace.Invalid, tooManyBoards.With(MaxBoards))
	}
	plan, err := b.plan(a.Template)
	if err != nil {
		return nil, err
	}
	rank, ops, err := b.spot(KindBoard, b.boards, nil, "")
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{Title: workspace.String(Clean(a.Title)), Rank: workspace.String(rank)}
	if plan.lanes != "" {
		set[Lanes] = workspace.String(plan.lanes)
	}
	ops = append(ops, boardOp(a.Board, set))
	return append(ops, b.build(a.Board, plan, &author{by: by, now: now, number: b.number})...), nil
}

// EditBoard renames a board or says what its lanes are; nil leaves a field as it is.
type EditBoard struct {
	Board workspace.ItemID `json:"board"`
	Title *string          `json:"title"`
	Lanes *string          `json:"lanes"` // "" = none
}

// Ops implements Act.
func (a EditBoard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	it, err := b.needBoard(a.Board)
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{}
	if a.Title != nil {
		change(set, it, Title, workspace.String(Clean(*a.Title)))
	}
	if a.Lanes != nil {
		change(set, it, Lanes, textOrNull(*a.Lanes))
	}
	return onBoard(a.Board, set)
}

// MoveBoard puts a board before another one, or last.
type MoveBoard struct {
	Board  workspace.ItemID  `json:"board"`
	Before *workspace.ItemID `json:"before"`
}

// Ops implements Act.
func (a MoveBoard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if !b.Seen(a.Board) {
		return nil, workspace.Refuse(workspace.NotFound, noSuchBoard)
	}
	rank, ops, err := b.spot(KindBoard, b.boards, a.Before, a.Board)
	if err != nil {
		return nil, err
	}
	return append(ops, boardOp(a.Board, map[string]workspace.Value{Rank: workspace.String(rank)})), nil
}

// ArchiveBoard puts a board with all its cards into the archive, or brings one back
// from there; so it does with one that was removed.
type ArchiveBoard struct {
	Board workspace.ItemID `json:"board"`
	On    bool             `json:"on"`
}

// Ops implements Act.
func (a ArchiveBoard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if a.On {
		if err := b.needSpare(a.Board); err != nil {
			return nil, err
		}
		return onBoard(a.Board, map[string]workspace.Value{Archived: workspace.Bool(true)})
	}
	it := b.board(a.Board)
	switch {
	case it == nil && a.Board != Main:
		return nil, workspace.Refuse(workspace.NotFound, noSuchBoard)
	case it == nil || !slices.Contains(b.Away(), it):
		return nil, workspace.Refuse(workspace.Conflict, notAway)
	case len(b.boards) >= MaxBoards:
		return nil, workspace.Refuse(workspace.Invalid, tooManyBoards.With(MaxBoards))
	}
	set := map[string]workspace.Value{}
	change(set, it, Archived, workspace.Value{})
	change(set, it, workspace.Deleted, workspace.Value{})
	return onBoard(a.Board, set)
}

// RemoveBoard hides a board with all its cards, or a template.
type RemoveBoard struct {
	Board workspace.ItemID `json:"board"`
}

// Ops implements Act.
func (a RemoveBoard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if _, err := b.needBoard(a.Board); err != nil {
		return nil, err
	}
	if b.Seen(a.Board) {
		if err := b.needSpare(a.Board); err != nil {
			return nil, err
		}
	}
	return onBoard(a.Board, map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)})
}

// SaveBoard makes a template of a board: of its columns, and of its cards if Cards is
// set. People, dates and comments stay behind.
type SaveBoard struct {
	Board    workspace.ItemID `json:"board"`
	Template workspace.ItemID `json:"template"` // chosen by the caller
	Title    string           `json:"title"`
	Cards    bool             `json:"cards"`
}

// Ops implements Act.
func (a SaveBoard) Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	if !b.Seen(a.Board) {
		return nil, workspace.Refuse(workspace.NotFound, noSuchBoard)
	}
	if a.Template == Main || b.board(a.Template) != nil {
		return nil, workspace.Refuse(workspace.Conflict, alreadyThere)
	}
	if len(b.Templates()) >= MaxTemplates {
		return nil, workspace.Refuse(workspace.Invalid, tooManyTemplates.With(MaxTemplates))
	}
	plan := b.planOf(a.Board, a.Cards)
	set := map[string]workspace.Value{Title: workspace.String(Clean(a.Title)), Template: workspace.Bool(true)}
	if plan.lanes != "" {
		set[Lanes] = workspace.String(plan.lanes)
	}
	ops := []workspace.Op{boardOp(a.Template, set)}
	return append(ops, b.build(a.Template, plan, nil)...), nil
}

// needBoard is a board that was not removed; the main board may not exist as an item,
// and is an empty one then.
func (b *Board) needBoard(on workspace.ItemID) (*workspace.Item, error) {
	it := b.board(on)
	if it == nil && on == Main {
		return &workspace.Item{Key: workspace.Key{Kind: KindBoard, ID: Main}}, nil
	}
	if it == nil || it.Deleted() {
		return nil, workspace.Refuse(workspace.NotFound, noSuchBoard)
	}
	return it, nil
}

// needSpare refuses to hide a board that is not seen, or the last one.
func (b *Board) needSpare(on workspace.ItemID) error {
	if !b.Seen(on) {
		return workspace.Refuse(workspace.NotFound, noSuchBoard)
	}
	if len(b.boards) == 1 {
		return workspace.Refuse(workspace.Conflict, lastBoard)
	}
	return nil
}

func boardOp(on workspace.ItemID, set map[string]workspace.Value) workspace.Op {
	return workspace.Op{Item: on, Kind: KindBoard, Set: set}
}

func onBoard(on workspace.ItemID, set map[string]workspace.Value) ([]workspace.Op, error) {
	if len(set) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return []workspace.Op{boardOp(on, set)}, nil
}

// checkBoardField is checkField for boards, but for what all kinds have.
func checkBoardField(name string, v workspace.Value) error {
	switch name {
	case Archived, Template:
		return must(v.IsBool(), name)
	case Lanes:
		text, _ := v.Text()
		return must(text == ByAssignee || text == ByLabel || text == ByPriority, name)
	}
	return must(false, name)
}

// checkColumnField is checkField for columns, but for what all kinds have.
func checkColumnField(name string, v workspace.Value) error {
	switch name {
	case Done, Strict:
		return must(v.IsBool(), name)
	case InBoard:
		text, _ := v.Text()
		return must(workspace.ItemID(text).Valid(), name)
	case Limit:
		if n, ok := v.Integer(); ok && (n < 1 || n > MaxLimit) {
			return workspace.Refuse(workspace.Invalid, badLimit.With(MaxLimit))
		}
		_, ok := v.Integer()
		return must(ok, name)
	}
	return must(false, name)
}
