package board

import (
	"cmp"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

var tooManyColumns = workspace.Text{
	De: "Ein Board hat höchstens %d Spalten. Bitte entfernen Sie zuerst eine.",
	En: "A board has at most %d columns. Please remove one first.",
}

// AddColumn makes a column.
type AddColumn struct {
	Column workspace.ItemID  `json:"column"` // chosen by the caller
	Title  string            `json:"title"`
	Before *workspace.ItemID `json:"before"` // nil = rightmost
	Board  workspace.ItemID  `json:"board"`  // "" = the main board
}

// Ops implements Act.
func (a AddColumn) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if b.column(a.Column) != nil {
		return nil, workspace.Refuse(workspace.Conflict, alreadyThere)
	}
	on := cmp.Or(a.Board, Main)
	if !b.Seen(on) {
		return nil, workspace.Refuse(workspace.NotFound, noSuchBoard)
	}
	if len(b.columns[on]) >= MaxColumns {
		return nil, workspace.Refuse(workspace.Invalid, tooManyColumns.With(MaxColumns))
	}
	rank, ops, err := b.spot(KindColumn, b.columns[on], a.Before, "")
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{Title: workspace.String(Clean(a.Title)), Rank: workspace.String(rank)}
	if on != Main {
		set[InBoard] = workspace.String(string(on))
	}
	return append(ops, columnOp(a.Column, set)), nil
}

// EditColumn renames a column, says whether its cards are finished, or how many
// there should be at most; nil leaves a field as it is.
type EditColumn struct {
	Column workspace.ItemID `json:"column"`
	Title  *string          `json:"title"`
	Done   *bool            `json:"done"`
	Limit  *int             `json:"limit"`  // 0 = none
	Strict *bool            `json:"strict"` // whether acts keep to the limit
}

// Ops implements Act.
func (a EditColumn) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if err := b.needColumn(a.Column); err != nil {
		return nil, err
	}
	column := b.column(a.Column)
	set := map[string]workspace.Value{}
	if a.Title != nil {
		change(set, column, Title, workspace.String(Clean(*a.Title)))
	}
	if a.Done != nil && column.True(Done) != *a.Done {
		set[Done] = workspace.Bool(*a.Done)
	}
	if a.Strict != nil && column.True(Strict) != *a.Strict {
		set[Strict] = workspace.Bool(*a.Strict)
	}
	if a.Limit != nil && *a.Limit == 0 {
		change(set, column, Limit, workspace.Value{})
	} else if a.Limit != nil {
		change(set, column, Limit, workspace.Int(int64(*a.Limit)))
	}
	if len(set) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return []workspace.Op{columnOp(a.Column, set)}, nil
}

// MoveColumn puts a column before another one of its board, or rightmost.
type MoveColumn struct {
	Column workspace.ItemID  `json:"column"`
	Before *workspace.ItemID `json:"before"`
}

// Ops implements Act.
func (a MoveColumn) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if err := b.needColumn(a.Column); err != nil {
		return nil, err
	}
	rank, ops, err := b.spot(KindColumn, b.columns[Of(b.column(a.Column))], a.Before, a.Column)
	if err != nil {
		return nil, err
	}
	return append(ops, columnOp(a.Column, map[string]workspace.Value{Rank: workspace.String(rank)})), nil
}

// RemoveColumn hides a column. Its cards go to the end of another one.
type RemoveColumn struct {
	Column workspace.ItemID `json:"column"`
	Into   workspace.ItemID `json:"into"` // needed unless the column is empty
}

// Ops implements Act.
func (a RemoveColumn) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if err := b.needColumn(a.Column); err != nil {
		return nil, err
	}
	if len(b.columns[Of(b.column(a.Column))]) == 1 {
		return nil, workspace.Refuse(workspace.Conflict, lastColumn)
	}
	ops := []workspace.Op{columnOp(a.Column, map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)})}
	cards := b.cards[a.Column]
	if len(cards) == 0 {
		return ops, nil
	}
	if a.Into == "" || a.Into == a.Column {
		return nil, workspace.Refuse(workspace.Invalid, needInto)
	}
	if err := b.needColumn(a.Into); err != nil {
		return nil, err
	}
	last := ""
	if there := b.cards[a.Into]; len(there) > 0 {
		last = there[len(there)-1].rank
	}
	for _, p := range cards {
		var err error
		if last, err = workspace.RankBetween(last, ""); err != nil {
			return nil, workspace.Refuse(workspace.Internal, badField).Because(err)
		}
		ops = append(ops, workspace.Op{Item: p.id, Kind: KindCard, Set: map[string]workspace.Value{
			Column: workspace.String(string(a.Into)), Rank: workspace.String(last),
		}})
	}
	return b.limited(ops, nil)
}

func columnOp(column workspace.ItemID, set map[string]workspace.Value) workspace.Op {
	return workspace.Op{Item: column, Kind: KindColumn, Set: set}
}

var firstColumns = []struct {
	id    workspace.ItemID
	title workspace.Text
	done  bool
}{
	{"open", workspace.Text{De: "Offen", En: "To do"}, false},
	{"doing", workspace.Text{De: "In Arbeit", En: "In progress"}, false},
	{"done", workspace.Text{De: "Erledigt", En: "Done"}, true},
}

// Furnish returns the operations that give an empty board its first columns.
// The items are named alike everywhere, so that two servers that furnish the
// same room make the same columns.
func (b *Board) Furnish(lang workspace.Language) []workspace.Op { return b.furnish(lang, false) }

// FurnishList is Furnish for a list of to-dos, which are open or done.
func (b *Board) FurnishList(lang workspace.Language) []workspace.Op { return b.furnish(lang, true) }

func (b *Board) furnish(lang workspace.Language, list bool) []workspace.Op {
	if b.room.Count() > 0 {
		return nil
	}
	ops := make([]workspace.Op, 0, len(firstColumns))
	rank := ""
	for _, c := range firstColumns {
		if list && c.id == "doing" {
			continue
		}
		next, err := workspace.RankBetween(rank, "")
		if err != nil { // there is always room at the end of three
			panic(err)
		}
		rank = next
		set := map[string]workspace.Value{Title: workspace.String(c.title.In(lang)), Rank: workspace.String(rank)}
		if c.done {
			set[Done] = workspace.Bool(true)
		}
		ops = append(ops, columnOp(c.id, set))
	}
	return ops
}
