package board

import (
	"slices"

	"werkraum/workspace"
)

// Main is the board that every room has. It need not exist as an item: columns that
// name no board are its.
const Main workspace.ItemID = "main"

// The fields of boards, and those by which columns are limited; InBoard says which one
// a column belongs to.
const (
	Limit    = "limit"    // of a column: how many cards there should be at most
	Strict   = "strict"   // of a column: acts keep to the limit
	Template = "template" // of a board: others are made after it; it is not seen itself
	Lanes    = "lanes"    // of a board: what its cards are sorted by in rows
)

// The ways in which a board can be divided into lanes.
const (
	ByAssignee = "assignee"
	ByLabel    = "label"
	ByPriority = "priority"
)

// MainTitle is what the main board is called until somebody gives it another name.
var MainTitle = workspace.Text{De: "Board", En: "Board"}

// mergedBoard keeps the order of the boards that are seen.
func (b *Board) mergedBoard(before, after *workspace.Item) {
	if boardSeen(after.ID, before) {
		was := place{id: after.ID}
		if before != nil {
			was = placeOf(before)
		}
		b.boards = remove(b.boards, was)
	}
	if boardSeen(after.ID, after) {
		b.boards = insert(b.boards, placeOf(after))
	}
}

// mergedColumn keeps the order of each board's columns.
func (b *Board) mergedColumn(before, after *workspace.Item) {
	if before != nil && !before.Deleted() {
		on := Of(before)
		b.columns[on] = remove(b.columns[on], placeOf(before))
	}
	if !after.Deleted() {
		on := Of(after)
		b.columns[on] = insert(b.columns[on], placeOf(after))
	}
}

// boardSeen reports whether people see a board; it is nil for one that does not exist
// as an item.
func boardSeen(id workspace.ItemID, it *workspace.Item) bool {
	if it == nil {
		return id == Main
	}
	return !it.Deleted() && !it.True(Archived) && !it.True(Template)
}

// Of is the board that a column belongs to.
func Of(column *workspace.Item) workspace.ItemID {
	if on := column.Text(InBoard); on != "" {
		return workspace.ItemID(on)
	}
	return Main
}

// Boards returns the boards that are seen, in their order.
func (b *Board) Boards() []workspace.ItemID {
	ids := make([]workspace.ItemID, len(b.boards))
	for i, p := range b.boards {
		ids[i] = p.id
	}
	return ids
}

// First is the board that people see first; a room in which all are hidden has its main
// board for that.
func (b *Board) First() workspace.ItemID {
	if len(b.boards) == 0 {
		return Main
	}
	return b.boards[0].id
}

// Seen reports whether a board is there, neither in the archive nor removed nor a
// template.
func (b *Board) Seen(on workspace.ItemID) bool { return boardSeen(on, b.board(on)) }

// Has reports whether a board is there, in the archive or out of it: neither removed nor a
// template.
func (b *Board) Has(on workspace.ItemID) bool {
	it := b.board(on)
	return b.Seen(on) || it != nil && !it.Deleted() && it.True(Archived) && !it.True(Template)
}

// Archived returns the boards in the archive, by title.
func (b *Board) Archived() []*workspace.Item {
	return b.unseen(func(it *workspace.Item) bool { return b.Has(it.ID) })
}

// Away returns the boards that were put into the archive or removed and can be brought
// back, by title. A board whose making was taken back has no columns left; it cannot.
func (b *Board) Away() []*workspace.Item {
	return b.unseen(func(it *workspace.Item) bool { return !it.True(Template) && len(b.columns[it.ID]) > 0 })
}

// Templates returns the room's own templates, by title.
func (b *Board) Templates() []*workspace.Item {
	return b.unseen(func(it *workspace.Item) bool { return it.True(Template) && !it.Deleted() })
}

// unseen are the boards of which keep holds among those that are not seen, by title.
func (b *Board) unseen(keep func(*workspace.Item) bool) []*workspace.Item {
	var items []*workspace.Item
	b.room.Items(func(it *workspace.Item) bool {
		if it.Kind == KindBoard && !boardSeen(it.ID, it) && keep(it) {
			items = append(items, it)
		}
		return true
	})
	slices.SortFunc(items, func(x, y *workspace.Item) int {
		return place{x.Text(Title), x.ID}.compare(place{y.Text(Title), y.ID})
	})
	return items
}

// TitleOf is what a board is called.
func (b *Board) TitleOf(on workspace.ItemID, lang workspace.Language) string {
	if it := b.board(on); it != nil && it.Text(Title) != "" {
		return it.Text(Title)
	}
	return MainTitle.In(lang)
}

// Columns returns all columns that are seen: those of the first board from left to
// right, then those of the next.
func (b *Board) Columns() []*workspace.Item {
	var items []*workspace.Item
	for _, p := range b.boards {
		items = append(items, b.ColumnsOn(p.id)...)
	}
	return items
}

// ColumnsOn returns the columns of one board from left to right, whether it is seen or
// not.
func (b *Board) ColumnsOn(on workspace.ItemID) []*workspace.Item {
	places := b.columns[on]
	items := make([]*workspace.Item, len(places))
	for i, p := range places {
		items[i] = b.column(p.id)
	}
	return items
}

// Whose is the board that a card lies on, or lay on when its column was removed; one in
// a column that does not exist is on the first.
func (b *Board) Whose(card *workspace.Item) workspace.ItemID {
	if c := b.column(workspace.ItemID(card.Text(Column))); c != nil {
		return Of(c)
	}
	return b.First()
}

// DoneColumn returns the first column of a board whose cards are finished, or nil.
func (b *Board) DoneColumn(on workspace.ItemID) *workspace.Item {
	for _, c := range b.ColumnsOn(on) {
		if c.True(Done) {
			return c
		}
	}
	return nil
}

// firstColumn is where a card comes that has no column: on its board, or else on the
// first that has any.
func (b *Board) firstColumn(on workspace.ItemID) (workspace.ItemID, error) {
	boards := b.boards
	if b.Seen(on) {
		boards = slices.Insert(slices.Clone(boards), 0, place{id: on})
	}
	for _, p := range boards {
		if columns := b.columns[p.id]; len(columns) > 0 {
			return columns[0].id, nil
		}
	}
	return "", workspace.Refuse(workspace.NotFound, noColumns)
}

func (b *Board) board(on workspace.ItemID) *workspace.Item {
	return b.room.Item(workspace.Key{Kind: KindBoard, ID: on})
}

// Sheet is one board of the room by itself: its columns, and all cards of the room.
type Sheet struct {
	*Board
	ID workspace.ItemID
}

// On returns one board by itself.
func (b *Board) On(on workspace.ItemID) Sheet { return Sheet{b, on} }

// Columns returns the board's columns from left to right.
func (s Sheet) Columns() []*workspace.Item { return s.ColumnsOn(s.ID) }
