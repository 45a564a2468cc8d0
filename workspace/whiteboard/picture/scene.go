package picture

import (
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/whiteboard"
)

// Scene is a whiteboard as it stands, taken out of its room: its items never change, so it
// may be kept and drawn later, beside the room's goroutine. Reading a large one takes a while;
// that is done once, when it is first asked for. It belongs to one goroutine at a time.
type Scene struct {
	Title    string
	items    []*workspace.Item
	elements []Element
	cards    map[string]Card
	pictures map[string]whiteboard.Picture
}

// Take takes a whiteboard out of its room; nil if the room has none of that ID.
func Take(r *workspace.Room, on workspace.ItemID) *Scene {
	w := whiteboard.In(r)
	it := w.Whiteboard(on)
	if it == nil {
		return nil
	}
	s := &Scene{Title: it.Text(whiteboard.Title), cards: map[string]Card{}, pictures: map[string]whiteboard.Picture{}}
	for _, it := range w.Items(on) {
		_, name, _ := whiteboard.Split(it.ID)
		if it.Kind == whiteboard.KindPicture {
			if p, ok := w.Picture(on, name); ok {
				s.pictures[name] = p
			}
			continue
		}
		s.items = append(s.items, it)
		if card := it.Text(whiteboard.Card); card != "" {
			if shown, ok := cardOf(r, workspace.ItemID(card)); ok {
				s.cards[card] = shown
			}
		}
	}
	return s
}

// cardOf is what is shown of a card that somebody can see.
func cardOf(r *workspace.Room, name workspace.ItemID) (Card, bool) {
	card := board.In(r).Card(name)
	if card == nil || card.Deleted() {
		return Card{}, false
	}
	shown := Card{Title: card.Text(board.Title), Line: "#" + card.Text(board.Number)}
	column := r.Item(workspace.Key{Kind: board.KindColumn, ID: workspace.ItemID(card.Text(board.Column))})
	if column != nil && !column.Deleted() {
		shown.Line += " · " + column.Text(board.Title)
	}
	return shown, true
}

// Elements are what lies on the whiteboard, the lowest first.
func (s *Scene) Elements() []Element {
	if s.elements != nil {
		return s.elements
	}
	s.elements = make([]Element, 0, len(s.items))
	for _, it := range s.items {
		if e, ok := Parse(it.Text(whiteboard.Data)); ok {
			s.elements = append(s.elements, e)
		}
	}
	Sort(s.elements)
	return s.elements
}

// Empty reports whether nothing lies on the whiteboard.
func (s *Scene) Empty() bool { return len(s.items) == 0 }

// Card is what is shown of a card that lies on the whiteboard.
func (s *Scene) Card(card string) (Card, bool) {
	c, ok := s.cards[card]
	return c, ok
}

// Picture is where an image's bytes are.
func (s *Scene) Picture(file string) (whiteboard.Picture, bool) {
	p, ok := s.pictures[file]
	return p, ok
}

// Outline is the whiteboard in words.
func (s *Scene) Outline() []Part { return Outline(s.Elements(), s.Card) }
