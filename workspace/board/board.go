// Package board is the Kanban surface: columns and cards, what may be done to
// them, and the order in which people see them.
package board

import (
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// The kinds of item that the board owns.
const (
	KindColumn workspace.Kind = "column"
	KindCard   workspace.Kind = "card"
	KindLabel  workspace.Kind = "label"
	KindBoard  workspace.Kind = "board"
)

// The fields of columns, cards and labels. docs/events/de.werkraum.change.md lists
// their values.
const (
	Title       = "title"
	Rank        = "rank"
	Done        = "done"
	Description = "description"
	Column      = "column"
	Start       = "start"
	Due         = "due"
	Priority    = "priority"
	Archived    = "archived"
	Number      = "number"
	Message     = "message"
	Source      = "source"
	Created     = "created"
	CreatedBy   = "created_by"
	Assignee    = "assignee" // a set: assignee/@user:server
	Label       = "label"    // a set: label/name
	Blocks      = "blocks"   // a set: blocks/card
	Relates     = "relates"  // a set: relates/card, on one of both
	Parent      = "parent"
	Drawn       = "drawn" // a set: drawn/element, where whiteboards show the card
	Check       = "check" // check/entry/title, check/entry/rank, check/entry/done
	Link        = "link"  // link/entry/url, link/entry/title
	File        = "file"  // file/entry/name, …: see CardFile
	Cover       = "cover"
	Color       = "color"
)

// Board keeps the order of a room's columns and cards. It belongs to the
// room's goroutine and is told of every merge.
type Board struct {
	room     *workspace.Room
	boards   []place                      // those that are seen
	columns  map[workspace.ItemID][]place // by board, also of boards that are not seen
	cards    map[workspace.ItemID][]place // by column, also of columns that do not exist
	byNumber map[string]workspace.ItemID
	views    []place
	number   int       // the greatest short number given
	spelled  spellings // nil until Spelling needs it
	dues     dues
	files    map[id.EventID]workspace.ItemID // which card has the file of a message
}

// place is an item's position in an order.
type place struct {
	rank string
	id   workspace.ItemID
}

func (p place) compare(o place) int {
	if c := strings.Compare(p.rank, o.rank); c != 0 {
		return c
	}
	return strings.Compare(string(p.id), string(o.id))
}

// New returns the board of room and has the room keep it up to date.
func New(room *workspace.Room) *Board {
	b := &Board{
		room: room, boards: []place{{id: Main}}, columns: map[workspace.ItemID][]place{},
		cards: map[workspace.ItemID][]place{}, byNumber: map[string]workspace.ItemID{}, files: map[id.EventID]workspace.ItemID{},
	}
	room.AddSurface(b)
	return b
}

// Kinds implements workspace.Surface.
func (b *Board) Kinds() []workspace.Kind {
	return []workspace.Kind{KindColumn, KindCard, KindLabel, KindView, KindBoard}
}

// Merged implements workspace.Surface.
func (b *Board) Merged(before, after *workspace.Item) {
	switch after.Kind {
	case KindLabel:
		return
	case KindView:
		b.mergedView(before, after)
		return
	case KindBoard:
		b.mergedBoard(before, after)
		return
	case KindColumn:
		b.mergedColumn(before, after)
		return
	}
	b.noteFiles(before, after)
	b.spelled.count(before, -1)
	b.spelled.count(after, +1)
	if before != nil && stands(before) {
		c := workspace.ItemID(before.Text(Column))
		b.cards[c] = remove(b.cards[c], placeOf(before))
		b.dues.take(before)
	}
	if stands(after) {
		b.dues.put(after)
		c := workspace.ItemID(after.Text(Column))
		b.cards[c] = insert(b.cards[c], placeOf(after))
	}
	if n := after.Text(Number); n != "" {
		b.byNumber[n] = after.ID
		b.number = max(b.number, plainNumber(n))
	}
}

// stands reports whether a card has a place in its column: it is neither deleted nor
// in the archive.
func stands(card *workspace.Item) bool { return !card.Deleted() && !card.True(Archived) }

func placeOf(it *workspace.Item) place { return place{rank: it.Text(Rank), id: it.ID} }

func insert(list []place, p place) []place {
	i, found := slices.BinarySearchFunc(list, p, place.compare)
	if found {
		return list
	}
	return slices.Insert(list, i, p)
}

func remove(list []place, p place) []place {
	i, found := slices.BinarySearchFunc(list, p, place.compare)
	if !found {
		return list
	}
	return slices.Delete(list, i, i+1)
}

// Cards returns the cards of a column from top to bottom, at most limit of
// them; a negative limit means all.
func (b *Board) Cards(column workspace.ItemID, limit int) []*workspace.Item {
	places := b.cards[column]
	if limit >= 0 && len(places) > limit {
		places = places[:limit]
	}
	items := make([]*workspace.Item, len(places))
	for i, p := range places {
		items[i] = b.card(p.id)
	}
	return items
}

// Len is the number of cards in a column.
func (b *Board) Len(column workspace.ItemID) int { return len(b.cards[column]) }

// Shows reports whether a card is in a column that people see.
func (b *Board) Shows(card *workspace.Item) bool {
	return stands(card) && b.needColumn(workspace.ItemID(card.Text(Column))) == nil
}

// Archive returns the cards in the archive, in no order.
func (b *Board) Archive() []*workspace.Item {
	var cards []*workspace.Item
	b.room.Items(func(it *workspace.Item) bool {
		if it.Kind == KindCard && it.True(Archived) && !it.Deleted() {
			cards = append(cards, it)
		}
		return true
	})
	return cards
}

// Card returns the card of that item ID, deleted or not, or nil.
func (b *Board) Card(card workspace.ItemID) *workspace.Item { return b.card(card) }

// ByNumber returns the card with that short number, deleted or not, or nil.
func (b *Board) ByNumber(number string) *workspace.Item {
	if card, ok := b.byNumber[strings.ToUpper(number)]; ok {
		return b.card(card)
	}
	return nil
}

// IsDone reports whether card lies in a column of finished cards, or did when it went
// into the archive.
func (b *Board) IsDone(card *workspace.Item) bool {
	return b.isDone(workspace.ItemID(card.Text(Column)))
}

func (b *Board) isDone(column workspace.ItemID) bool {
	c := b.column(column)
	return c != nil && !c.Deleted() && c.True(Done)
}

func (b *Board) card(card workspace.ItemID) *workspace.Item {
	return b.room.Item(workspace.Key{Kind: KindCard, ID: card})
}

func (b *Board) column(column workspace.ItemID) *workspace.Item {
	return b.room.Item(workspace.Key{Kind: KindColumn, ID: column})
}

// Assignees returns the people that a card is assigned to, sorted.
func Assignees(card *workspace.Item) []id.UserID {
	set := card.Set(Assignee)
	users := make([]id.UserID, len(set))
	for i, u := range set {
		users[i] = id.UserID(u)
	}
	return users
}

// Labels returns the labels of a card, sorted.
func Labels(card *workspace.Item) []string { return card.Set(Label) }

func plainNumber(n string) int {
	value := 0
	for _, c := range []byte(n) {
		if c < '0' || c > '9' || value > 1<<40 {
			return 0 // a card of another server: letter and number
		}
		value = value*10 + int(c-'0')
	}
	return value
}
