package board

import (
	"slices"

	"werkraum/workspace"
)

// MaxLimit is the greatest number to which the cards of a column can be limited.
const MaxLimit = 999

var (
	columnFull = workspace.Text{
		De: "In der Spalte „%s“ sind höchstens %d Karten vorgesehen, und es wären dann %d. Bitte bringen Sie dort zuerst eine Karte weiter, oder ändern Sie die Grenze: im Menü der Spalte oder mit !spalte limit.",
		En: "The column “%s” is meant to hold at most %d cards, and there would be %d. Please move a card on there first, or change the limit: in the column's menu or with !column limit.",
	}
	badLimit = workspace.Text{
		De: "Die Grenze einer Spalte ist eine Zahl von 1 bis %d.",
		En: "A column's limit is a number from 1 to %d.",
	}
)

// LimitOf is the number of cards to which a column is limited, 0 for none.
func LimitOf(column *workspace.Item) int {
	f, _ := column.Field(Limit)
	n, _ := f.Value.Integer()
	return int(n)
}

// Within refuses operations that would fill a strict column beyond its limit. Acts keep
// to it; merging and taking back do not, and a column that is too full already may be
// emptied slowly.
func (b *Board) Within(ops []workspace.Op) error {
	incoming, leaving := map[workspace.ItemID]int{}, map[workspace.ItemID]int{}
	for _, op := range ops {
		if op.Kind != KindCard {
			continue
		}
		from, to := b.passage(op)
		if from != to {
			leaving[from]++
			incoming[to]++
		}
	}
	columns := make([]workspace.ItemID, 0, len(incoming))
	for id := range incoming {
		columns = append(columns, id)
	}
	slices.Sort(columns)
	for _, id := range columns {
		column := b.column(id)
		if column == nil || !column.True(Strict) || LimitOf(column) == 0 {
			continue
		}
		if n := b.Len(id) + incoming[id] - leaving[id]; n > LimitOf(column) && incoming[id] > leaving[id] {
			return workspace.Refuse(workspace.Invalid, columnFull.With(column.Text(Title), LimitOf(column), n))
		}
	}
	return nil
}

// passage is the column in which a card stands before op and after it, "" for none.
func (b *Board) passage(op workspace.Op) (from, to workspace.ItemID) {
	card := b.card(op.Item)
	hidden := func(name string) bool {
		if v, ok := op.Set[name]; ok {
			return v.True()
		}
		return card != nil && card.True(name)
	}
	if card != nil {
		to = workspace.ItemID(card.Text(Column))
		if !card.Deleted() && !card.True(Archived) {
			from = to
		}
	}
	if v, ok := op.Set[Column]; ok {
		text, _ := v.Text()
		to = workspace.ItemID(text)
	}
	if hidden(workspace.Deleted) || hidden(Archived) {
		to = ""
	}
	return from, to
}

// limited is what an act returns: its operations, unless a limit forbids them.
func (b *Board) limited(ops []workspace.Op, err error) ([]workspace.Op, error) {
	if err == nil {
		err = b.Within(ops)
	}
	if err != nil {
		return nil, err
	}
	return ops, nil
}
