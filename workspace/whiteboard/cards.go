package whiteboard

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	noSuchElement = workspace.Text{
		De: "Das gibt es auf dem Whiteboard nicht (mehr).",
		En: "This is not on the whiteboard (any more).",
	}
	noTextOnIt = workspace.Text{
		De: "Darauf steht nichts, was eine Karte werden könnte. Bitte schreiben Sie zuerst etwas hinein.",
		En: "There is nothing written on it that could become a card. Please write something first.",
	}
	cardGone = workspace.Text{
		De: "Die Karte, die gezeigt werden soll, gibt es nicht (mehr).",
		En: "The card that is to be shown does not exist (any more).",
	}
	isACard = workspace.Text{
		De: "Das ist schon eine Karte.",
		En: "This is a card already.",
	}
)

// showing gathers which cards elements show, and do not show any more, so that each card
// knows where it is drawn.
type showing map[workspace.ItemID]map[string]workspace.Value

// note takes up what an element becomes. A card that does not exist cannot be shown; other
// elements that were one elsewhere come without it.
func (s showing) note(b *board.Board, old *workspace.Item, e Element, item workspace.ItemID) error {
	was := workspace.ItemID("")
	if old != nil && !old.Deleted() {
		was = workspace.ItemID(old.Text(Card))
	}
	is := e.Card
	if e.Deleted {
		is = ""
	}
	if was == is {
		return nil
	}
	if was != "" && b.Card(was) != nil {
		s.set(was, item, workspace.Value{})
	}
	if is == "" {
		return nil
	}
	if card := b.Card(is); card == nil || card.Deleted() {
		if e.Type == "embeddable" {
			return workspace.Refuse(workspace.NotFound, cardGone)
		}
		return nil
	}
	s.set(is, item, workspace.Bool(true))
	return nil
}

func (s showing) set(card, item workspace.ItemID, v workspace.Value) {
	if s[card] == nil {
		s[card] = map[string]workspace.Value{}
	}
	s[card][board.Drawn+"/"+string(item)] = v
}

func (s showing) ops() []workspace.Op {
	ops := make([]workspace.Op, 0, len(s))
	for card, set := range s {
		ops = append(ops, workspace.Op{Item: card, Kind: board.KindCard, Set: set})
	}
	slices.SortFunc(ops, func(a, b workspace.Op) int { return strings.Compare(string(a.Item), string(b.Item)) })
	return ops
}

// ToCard makes a card of what is written on an element; each knows the other.
type ToCard struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
	Element    string           `json:"element"`
	Card       workspace.ItemID `json:"card"`   // chosen by the caller
	Column     workspace.ItemID `json:"column"` // "" = the first
}

// Deeds implements workspace.Act.
func (ToCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.card"} }

// Ops implements workspace.Act.
func (a ToCard) Ops(r *workspace.Room, by id.UserID, now time.Time) ([]workspace.Op, error) {
	w, b := In(r), board.In(r)
	if _, err := w.need(a.Whiteboard); err != nil {
		return nil, err
	}
	it := w.element(a.Whiteboard, a.Element)
	if it == nil || it.Deleted() {
		return nil, workspace.Refuse(workspace.NotFound, noSuchElement)
	}
	if card := b.Card(workspace.ItemID(it.Text(Card))); card != nil && !card.Deleted() {
		return nil, workspace.Refuse(workspace.Conflict, isACard)
	}
	text := w.TextOf(it)
	if text == "" {
		return nil, workspace.Refuse(workspace.Invalid, noTextOnIt)
	}
	title, description := titled(text)
	ops, err := board.AddCard{Card: a.Card, Title: title, Description: description, Column: a.Column}.Ops(b, by, now)
	if err != nil {
		return nil, err
	}
	for i := range ops {
		if ops[i].Item == a.Card && ops[i].Kind == board.KindCard {
			ops[i].Set[board.Drawn+"/"+string(it.ID)] = workspace.Bool(true)
		}
	}
	data, err := withCard(it.Text(Data), a.Card)
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{Data: workspace.String(data), Card: workspace.String(string(a.Card))}
	revisionOf(it).next().into(set)
	return append(ops, workspace.Op{Item: it.ID, Kind: KindElement, Set: set}), nil
}

// withCard is an element's data with the card that it has become.
func withCard(data string, card workspace.ItemID) (string, error) {
	var given map[string]json.RawMessage
	if err := json.Unmarshal([]byte(data), &given); err != nil {
		return "", err
	}
	var custom map[string]any
	_ = json.Unmarshal(given["customData"], &custom) // null and absent are empty
	if custom == nil {
		custom = map[string]any{}
	}
	custom["card"] = card
	raw, err := json.Marshal(custom)
	if err != nil {
		return "", err
	}
	given["customData"] = raw
	var kind string
	if err := json.Unmarshal(given["type"], &kind); err != nil {
		return "", err
	}
	again, err := canonical(given, fieldsOf[kind])
	return string(again), err
}

// drawing is what has to be known of an element to read it.
type drawing struct {
	Type  string `json:"type"`
	Text  string `json:"originalText"`
	Shown string `json:"text"`
	Name  string `json:"name"`
	Bound []struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	} `json:"boundElements"`
}

func read(it *workspace.Item) (d drawing) {
	_ = json.Unmarshal([]byte(it.Text(Data)), &d) // checked when it was stored
	if d.Text == "" {
		d.Text = d.Shown
	}
	return d
}

// TextOf is what is written on an element: its own text, that which is bound to it, or the
// name of a frame.
func (w *Whiteboards) TextOf(it *workspace.Item) string {
	d := read(it)
	switch d.Type {
	case "text":
		return strings.TrimSpace(d.Text)
	case "frame":
		return strings.TrimSpace(d.Name)
	}
	whiteboard := On(it.Kind, it.ID)
	for _, bound := range d.Bound {
		if text := w.element(whiteboard, bound.ID); bound.Type == "text" && text != nil && !text.Deleted() {
			return strings.TrimSpace(read(text).Text)
		}
	}
	return ""
}

// titled divides a text into a card's title and, if that does not hold all of it, its
// description.
func titled(text string) (title, description string) {
	first, _, more := strings.Cut(text, "\n")
	title = board.Clean(first)
	runes := []rune(title)
	if len(runes) > board.MaxTitle {
		title, more = strings.TrimSpace(string(runes[:board.MaxTitle-1]))+"…", true
	}
	if more {
		description = text
	}
	return title, description
}
