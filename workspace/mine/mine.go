// Package mine is a person's own work: what is theirs in all of their rooms, as they
// may see it now, and when it is due.
package mine

import (
	"cmp"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// Card is an open card, with what must be known of where it stands.
type Card struct {
	Item   *workspace.Item
	Room   id.RoomID
	Place  string // the room's name
	Column string // the title of its column
	// Own is set for a personal to-do, which is a card of the person's direct chat.
	Own bool
}

// Work is what a person has to do.
type Work struct {
	// Cards are assigned to the person, or are their to-dos: first what is due first,
	// then what has no day.
	Cards []Card
	// Soon are cards of their rooms that are nobody's and due soon.
	Soon []Card
	// More is set if there is more than was gathered.
	More bool
	// Secret is set if a part of it is from an encrypted room.
	Secret bool
}

// Limits of what is gathered: more than that nobody works through, and reading it must
// not cost what they have in ever so many rooms.
const (
	MaxCards = 500 // in all rooms
	MaxEach  = 200 // in one room
	MaxSoon  = 20
	// SoonDays is how many days ahead something is due soon.
	SoonDays = 7
)

// Sort brings the work into its order.
func (w *Work) Sort() {
	order := func(a, b Card) int {
		x, y := a.Item.Text(board.Due), b.Item.Text(board.Due)
		switch {
		case x == y:
			return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Room, b.Room), cmp.Compare(a.Item.Text(board.Created), b.Item.Text(board.Created)), cmp.Compare(a.Item.ID, b.Item.ID))
		case x == "":
			return 1
		case y == "":
			return -1
		}
		return cmp.Compare(x, y)
	}
	slices.SortFunc(w.Cards, order)
	slices.SortFunc(w.Soon, order)
}

// When says how soon something is due.
type When int

// The groups in which work is shown, in their order.
const (
	Overdue When = iota
	Today
	ThisWeek // until Sunday
	Later
	Undated
)

// Whens is how many groups there are.
const Whens = 5

// WhenOf tells when a day (YYYY-MM-DD, or "" for none) is, seen from today.
func WhenOf(day string, today time.Time) When {
	now := today.Format(time.DateOnly)
	sunday := today.AddDate(0, 0, (7-int(today.Weekday()))%7).Format(time.DateOnly)
	switch {
	case day == "":
		return Undated
	case day < now:
		return Overdue
	case day == now:
		return Today
	case day <= sunday:
		return ThisWeek
	}
	return Later
}
