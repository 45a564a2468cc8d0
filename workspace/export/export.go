// Package export writes a board for other programs, and for Werkraum itself: as a table
// (CSV), as a calendar (ICS), and with all that is in it (JSON). It is pure.
package export

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/ics"
	"werkraum/workspace/watch"
)

// Board is a room's work at a moment. It is taken during a visit and written afterwards, so
// that nobody waits for it.
type Board struct {
	Room    id.RoomID
	Name    string
	At      time.Time
	members map[id.UserID]string // display names
	columns []*workspace.Item
	cards   []*workspace.Item // as they stand, then those in the archive
	items   []*workspace.Item // all that is not deleted
}

// Of takes a room's work, or what of it lies on one board.
func Of(v watch.View, on workspace.ItemID, at time.Time) Board {
	b := Board{Room: v.Room.ID, Name: v.Room.Name, At: at.UTC(), members: map[id.UserID]string{}, columns: v.Board.Columns()}
	takes := func(*workspace.Item) bool { return true }
	if on != "" {
		b.columns = v.Board.ColumnsOn(on)
		b.Name = v.Board.TitleOf(on, v.Room.Language)
		takes = belonging(v.Room, v.Board, on)
	}
	for user, member := range v.Room.Members {
		if member.Membership == workspace.Joined {
			b.members[user] = member.Name
		}
	}
	for _, column := range b.columns {
		b.cards = append(b.cards, v.Board.Cards(column.ID, -1)...)
	}
	stands := make(map[workspace.ItemID]bool, len(b.cards))
	for _, card := range b.cards {
		stands[card.ID] = true
	}
	var hidden []*workspace.Item
	v.Room.Items(func(it *workspace.Item) bool {
		if !it.Deleted() && takes(it) {
			b.items = append(b.items, it)
			if it.Kind == board.KindCard && !stands[it.ID] {
				hidden = append(hidden, it)
			}
		}
		return true
	})
	order := func(x, y *workspace.Item) int {
		return cmp.Or(strings.Compare(string(x.Kind), string(y.Kind)), strings.Compare(x.Text(board.Rank), y.Text(board.Rank)), strings.Compare(string(x.ID), string(y.ID)))
	}
	slices.SortFunc(hidden, order)
	slices.SortFunc(b.items, order)
	b.cards = append(b.cards, hidden...)
	return b
}

// belonging tells what lies on a board: itself, its columns and cards, those in the archive
// too, the colours of its cards' labels, and the views of it.
func belonging(room *workspace.Room, b *board.Board, on workspace.ItemID) func(*workspace.Item) bool {
	labels := map[workspace.ItemID]bool{}
	room.Items(func(it *workspace.Item) bool {
		if it.Kind == board.KindCard && !it.Deleted() && b.Whose(it) == on {
			for _, label := range board.Labels(it) {
				labels[board.LabelItem(label)] = true
			}
		}
		return true
	})
	return func(it *workspace.Item) bool {
		switch it.Kind {
		case board.KindBoard:
			return it.ID == on
		case board.KindColumn:
			return board.Of(it) == on
		case board.KindCard:
			return b.Whose(it) == on
		case board.KindLabel:
			return labels[it.ID]
		case board.KindView:
			return it.Text(board.InBoard) == string(on)
		}
		return false
	}
}

// JSON is all of the work, in a form that Werkraum reads again (bridges/importing).
func (b Board) JSON() []byte {
	head := struct {
		Format  string    `json:"format"`
		Version int       `json:"version"`
		At      time.Time `json:"exported_at"`
		Room    struct {
			ID   id.RoomID `json:"id"`
			Name string    `json:"name"`
		} `json:"room"`
		People map[id.UserID]string `json:"people"`
	}{Format: "werkraum", Version: 1, At: b.At.Truncate(time.Second), People: map[id.UserID]string{}}
	head.Room.ID, head.Room.Name = b.Room, b.Name
	for _, it := range b.items {
		for _, user := range it.Set(board.Assignee) {
			if name := b.members[id.UserID(user)]; name != "" {
				head.People[id.UserID(user)] = name
			}
		}
	}
	text, err := json.Marshal(head)
	if err != nil { // it holds nothing that does not marshal
		panic(err)
	}
	text = append(text[:len(text)-1], ",\n\"items\":["...)
	for i, it := range b.items {
		if i > 0 {
			text = append(text, ',')
		}
		text = it.AppendJSON(append(text, '\n'))
	}
	return append(text, "\n]}\n"...)
}

// column returns the column of a card, nil if it stands in none.
func (b Board) column(card *workspace.Item) *workspace.Item {
	i := slices.IndexFunc(b.columns, func(c *workspace.Item) bool { return string(c.ID) == card.Text(board.Column) })
	if i < 0 {
		return nil
	}
	return b.columns[i]
}

// person names somebody so that an import finds them again: by display name, unless that
// is not theirs alone or would be cut.
func (b Board) person(user string) string {
	name := b.members[id.UserID(user)]
	if name == "" || strings.ContainsAny(name, ",;|\n") || board.Clean(name) != name {
		return user
	}
	for other := range maps.Keys(b.members) {
		if string(other) != user && (strings.EqualFold(b.members[other], name) || strings.EqualFold(other.Localpart(), name)) {
			return user
		}
	}
	return name
}

// ICS is the cards outside of the archive, as to-dos.
func (b Board) ICS() []byte {
	w := ics.New(b.Name)
	for _, card := range b.cards {
		if card.True(board.Archived) {
			continue
		}
		column := b.column(card)
		Todo{b.Room, card, card.Text(board.Title), column != nil && column.True(board.Done), b.At}.Begin(w)
		if rule := card.Text(board.Repeat); rule != "" {
			w.Raw("RRULE", rule)
		}
		for _, user := range board.Assignees(card) {
			w.Raw("ATTENDEE;CN="+ics.Param(cmp.Or(b.members[user], string(user))), "matrix:u/"+strings.TrimPrefix(string(user), "@"))
		}
		w.End()
	}
	return []byte(w.String())
}
