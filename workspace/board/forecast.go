package board

import (
	"slices"

	"werkraum/workspace"
)

// forecast is the board as it will be once operations are done.
type forecast struct {
	b   *Board
	ops []workspace.Op
	at  map[workspace.Key]int
}

func newForecast(b *Board, ops []workspace.Op) *forecast {
	f := &forecast{b: b, ops: ops, at: make(map[workspace.Key]int, len(ops))}
	for i, op := range ops {
		f.at[op.Key()] = i
	}
	for _, op := range ops {
		if op.Kind != KindColumn || !f.deleted(op.Key()) {
			continue
		}
		// A board whose making is taken back goes as a whole, with what others added.
		on := workspace.Key{Kind: KindBoard, ID: f.boardOf(op.Item)}
		if _, also := f.at[on]; also && f.deleted(on) {
			for _, column := range f.columns(on.ID) {
				f.set(workspace.Key{Kind: KindColumn, ID: column}, workspace.Deleted, workspace.Bool(true))
			}
		}
	}
	return f
}

// value is what a field will hold.
func (f *forecast) value(key workspace.Key, name string) workspace.Value {
	if i, ok := f.at[key]; ok {
		if v, ok := f.ops[i].Set[name]; ok {
			return v
		}
	}
	it := f.b.room.Item(key)
	if it == nil {
		return workspace.Value{}
	}
	field, _ := it.Field(name)
	return field.Value
}

// exists reports whether there will be an item.
func (f *forecast) exists(key workspace.Key) bool {
	_, made := f.at[key]
	return made || f.b.room.Item(key) != nil
}

func (f *forecast) deleted(key workspace.Key) bool {
	return !f.exists(key) || f.value(key, workspace.Deleted).True()
}

func (f *forecast) boardOf(column workspace.ItemID) workspace.ItemID {
	if on, ok := f.value(workspace.Key{Kind: KindColumn, ID: column}, InBoard).Text(); ok {
		return workspace.ItemID(on)
	}
	return Main
}

// seen reports whether people will see a board.
func (f *forecast) seen(on workspace.ItemID) bool {
	key := workspace.Key{Kind: KindBoard, ID: on}
	if !f.exists(key) {
		return on == Main
	}
	return !f.deleted(key) && !f.value(key, Archived).True() && !f.value(key, Template).True()
}

// homeless reports whether a card would not be where people find it: its column is gone,
// or it comes to a board that is not seen.
func (f *forecast) homeless(card workspace.ItemID) bool {
	key := workspace.Key{Kind: KindCard, ID: card}
	if f.deleted(key) || f.value(key, Archived).True() {
		return false
	}
	name, _ := f.value(key, Column).Text()
	column := workspace.Key{Kind: KindColumn, ID: workspace.ItemID(name)}
	on := f.boardOf(column.ID)
	if f.deleted(column) {
		return true
	}
	_, together := f.at[workspace.Key{Kind: KindBoard, ID: on}] // a board comes back with its cards
	return f.comes(key) && !together && !f.seen(on)
}

// comes reports whether the operations move a card or bring it back.
func (f *forecast) comes(card workspace.Key) bool {
	i, ok := f.at[card]
	if !ok {
		return false
	}
	for _, name := range []string{Column, workspace.Deleted, Archived} {
		if _, ok := f.ops[i].Set[name]; ok {
			return true
		}
	}
	return false
}

// home is the column for a card that has none: the first of its own board, if it stays
// there and that is still there, else of the first board that has one.
func (f *forecast) home(card workspace.ItemID) workspace.ItemID {
	key := workspace.Key{Kind: KindCard, ID: card}
	name, _ := f.value(key, Column).Text()
	if f.exists(workspace.Key{Kind: KindColumn, ID: workspace.ItemID(name)}) {
		own := f.boardOf(workspace.ItemID(name))
		item := workspace.Key{Kind: KindBoard, ID: own}
		gone := f.exists(item) && f.deleted(item)
		if !gone && (f.seen(own) || !f.comes(key)) {
			if columns := f.columns(own); len(columns) > 0 {
				return columns[0]
			}
		}
	}
	for _, on := range f.boards() {
		if columns := f.columns(on); len(columns) > 0 {
			return columns[0]
		}
	}
	return ""
}

// boards are those that will be seen: in their order, then those that come back.
func (f *forecast) boards() (list []workspace.ItemID) {
	for _, p := range f.b.boards {
		if f.seen(p.id) {
			list = append(list, p.id)
		}
	}
	for _, op := range f.ops {
		if op.Kind == KindBoard && f.seen(op.Item) && !slices.Contains(list, op.Item) {
			list = append(list, op.Item)
		}
	}
	return list
}

// columns are those that a board will have.
func (f *forecast) columns(on workspace.ItemID) (list []workspace.ItemID) {
	for _, p := range f.b.columns[on] {
		if !f.deleted(workspace.Key{Kind: KindColumn, ID: p.id}) {
			list = append(list, p.id)
		}
	}
	for _, op := range f.ops {
		if op.Kind == KindColumn && !f.deleted(op.Key()) && f.boardOf(op.Item) == on && !slices.Contains(list, op.Item) {
			list = append(list, op.Item)
		}
	}
	return list
}

// check refuses to leave people without a board, or a board without a column.
func (f *forecast) check() error {
	boards := f.boards()
	if len(boards) == 0 {
		return workspace.Refuse(workspace.Conflict, lastBoard)
	}
	for _, op := range f.ops {
		on := op.Item
		if op.Kind == KindColumn {
			on = f.boardOf(op.Item)
		}
		if (op.Kind == KindBoard || op.Kind == KindColumn) && slices.Contains(boards, on) && len(f.columns(on)) == 0 {
			return workspace.Refuse(workspace.Conflict, lastColumn)
		}
	}
	return nil
}

// put has a card stand in a column.
func (f *forecast) put(card, column workspace.ItemID, rank string) {
	key := workspace.Key{Kind: KindCard, ID: card}
	f.set(key, Column, workspace.String(string(column)))
	f.set(key, Rank, workspace.String(rank))
}

// set completes the operations.
func (f *forecast) set(key workspace.Key, name string, v workspace.Value) {
	i, ok := f.at[key]
	if !ok {
		i = len(f.ops)
		f.at[key] = i
		f.ops = append(f.ops, workspace.Op{Item: key.ID, Kind: key.Kind, Set: map[string]workspace.Value{}})
	}
	f.ops[i].Set[name] = v
}
