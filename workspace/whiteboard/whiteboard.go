// Package whiteboard is the surface to draw on: whiteboards and the elements on them, as
// Excalidraw draws them. What each element may hold, and who wins where two people have
// altered the same one, is decided here and not in the browser.
package whiteboard

import (
	"slices"
	"strings"

	"werkraum/workspace"
)

// The kinds of item that the surface owns.
const (
	KindWhiteboard workspace.Kind = "whiteboard"
	KindElement    workspace.Kind = "element"
	KindPicture    workspace.Kind = "picture"
)

// The fields of whiteboards, elements and pictures. docs/events/de.werkraum.change.md
// lists their values.
const (
	Title     = "title"
	Rank      = "rank"
	Locked    = "locked" // of a whiteboard or an element: only moderators alter it
	Created   = "created"
	CreatedBy = "created_by"
	Data      = "data"    // of an element: what Excalidraw draws, as JSON text
	Version   = "version" // of an element: how often it was altered
	Nonce     = "nonce"   // of an element: decides between equal versions
	Frame     = "frame"   // of an element: the ID of the frame that it lies in
	Card      = "card"    // of an element: the card that it shows or has become
	Type      = "type"    // of a picture: its content type
	Size      = "size"    // of a picture: in bytes
	URL       = "url"     // of a picture: where its bytes are, as mxc://…
	Key       = "key"     // of a picture in an encrypted room: the key to its bytes,
	IV        = "iv"      // the start of its counter,
	Hash      = "hash"    // and the SHA-256 of what is stored (as in EncryptedFile)
)

// idLength is the length of a whiteboard's ID. That of everything on it begins with it, so
// that what lies on one whiteboard never gets to another.
const idLength = 20

// ValidID reports whether an item ID is one that a whiteboard can have.
func ValidID(whiteboard workspace.ItemID) bool {
	return len(whiteboard) == idLength && strings.IndexFunc(string(whiteboard), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) < 0
}

// ItemID is the ID of the item that an element or a picture of a whiteboard is.
func ItemID(whiteboard workspace.ItemID, element string) workspace.ItemID {
	return whiteboard + "-" + workspace.ItemID(element)
}

// Split tells what ItemID was made of; false if the ID has another form.
func Split(item workspace.ItemID) (whiteboard workspace.ItemID, element string, ok bool) {
	if len(item) < idLength+2 || item[idLength] != '-' || !ValidID(item[:idLength]) {
		return "", "", false
	}
	return item[:idLength], string(item[idLength+1:]), true
}

// On tells on which whiteboard an item lies; "" for what lies on none, such as a card or a
// whiteboard itself. Only those who look at that whiteboard are told of it.
func On(kind workspace.Kind, item workspace.ItemID) workspace.ItemID {
	if kind != KindElement && kind != KindPicture {
		return ""
	}
	whiteboard, _, _ := Split(item)
	return whiteboard
}

// Whiteboards keeps what lies on which of a room's whiteboards. It belongs to the room's
// goroutine and is told of every merge.
type Whiteboards struct {
	room   *workspace.Room
	places []place // of those that are seen
	on     map[workspace.ItemID]*surface
	// versions are the earlier states that were kept, by whiteboard.
	versions map[workspace.ItemID]versions
	wear     wear
}

// surface is what lies on one whiteboard.
type surface struct {
	items map[workspace.Key]*workspace.Item // deleted ones too
	shown int                               // elements that are not deleted
	// altered is the greatest stamp time of an element.
	altered uint64
}

// place is a whiteboard's position among the others.
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

// New returns the whiteboards of a room and has the room keep them up to date.
func New(room *workspace.Room) *Whiteboards {
	w := &Whiteboards{room: room, on: map[workspace.ItemID]*surface{}, versions: map[workspace.ItemID]versions{}}
	room.AddSurface(w)
	return w
}

// In are the whiteboards of a room; New has given it them.
func In(r *workspace.Room) *Whiteboards { return workspace.SurfaceIn[*Whiteboards](r, KindElement) }

// Kinds implements workspace.Surface.
func (w *Whiteboards) Kinds() []workspace.Kind {
	return []workspace.Kind{KindWhiteboard, KindElement, KindPicture, KindVersion}
}

// Merged implements workspace.Surface.
func (w *Whiteboards) Merged(before, after *workspace.Item) {
	switch after.Kind {
	case KindWhiteboard:
		w.mergedWhiteboard(before, after)
		return
	case KindVersion:
		w.mergedVersion(before, after)
		return
	}
	whiteboard := On(after.Kind, after.ID)
	s := w.on[whiteboard]
	if s == nil {
		s = &surface{items: map[workspace.Key]*workspace.Item{}}
		w.on[whiteboard] = s
	}
	s.items[after.Key] = after
	if after.Kind != KindElement {
		return
	}
	if before != nil && holdsInVain(before) { // its end has come, or it is back
		w.wear.known = false
	}
	for _, f := range after.Fields {
		s.altered = max(s.altered, f.At.Time)
	}
	if before != nil && !before.Deleted() {
		s.shown--
	}
	if !after.Deleted() {
		s.shown++
	}
}

func (w *Whiteboards) mergedWhiteboard(before, after *workspace.Item) {
	if before != nil && !before.Deleted() {
		was := place{before.Text(Rank), before.ID}
		w.places = slices.DeleteFunc(w.places, func(p place) bool { return p == was })
	}
	if !after.Deleted() {
		is := place{after.Text(Rank), after.ID}
		if i, found := slices.BinarySearchFunc(w.places, is, place.compare); !found {
			w.places = slices.Insert(w.places, i, is)
		}
	}
}

// All returns the whiteboards that are seen, in order.
func (w *Whiteboards) All() []*workspace.Item {
	items := make([]*workspace.Item, len(w.places))
	for i, p := range w.places {
		items[i] = w.whiteboard(p.id)
	}
	return items
}

// Whiteboard returns the whiteboard of that ID if it is seen, or nil.
func (w *Whiteboards) Whiteboard(whiteboard workspace.ItemID) *workspace.Item {
	if it := w.whiteboard(whiteboard); it != nil && !it.Deleted() {
		return it
	}
	return nil
}

// Items returns what is seen on a whiteboard, elements and pictures, in no order.
func (w *Whiteboards) Items(whiteboard workspace.ItemID) []*workspace.Item {
	s := w.on[whiteboard]
	if s == nil {
		return nil
	}
	items := make([]*workspace.Item, 0, len(s.items))
	for _, it := range s.items {
		if !it.Deleted() {
			items = append(items, it)
		}
	}
	return items
}

// Count is the number of all items that lie on whiteboards, deleted ones too.
func (w *Whiteboards) Count() (n int) {
	for _, s := range w.on {
		n += len(s.items)
	}
	return n
}

// Len is the number of elements that are seen on a whiteboard.
func (w *Whiteboards) Len(whiteboard workspace.ItemID) int {
	if s := w.on[whiteboard]; s != nil {
		return s.shown
	}
	return 0
}

func (w *Whiteboards) whiteboard(whiteboard workspace.ItemID) *workspace.Item {
	return w.room.Item(workspace.Key{Kind: KindWhiteboard, ID: whiteboard})
}

func (w *Whiteboards) element(whiteboard workspace.ItemID, element string) *workspace.Item {
	return w.room.Item(workspace.Key{Kind: KindElement, ID: ItemID(whiteboard, element)})
}
