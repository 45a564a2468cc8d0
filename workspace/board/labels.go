package board

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// LabelItem is the item that holds what a room says of a label. It is a function of
// the label, however its letters are written, so that two servers mean the same one.
func LabelItem(label string) workspace.ItemID {
	sum := sha256.Sum256([]byte(strings.ToLower(label)))
	return workspace.ItemID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:20]))
}

// ColorOf is the colour of a label in this room, or "".
func (b *Board) ColorOf(label string) string {
	if it := b.room.Item(workspace.Key{Kind: KindLabel, ID: LabelItem(label)}); it != nil {
		return it.Text(Color)
	}
	return ""
}

// AllLabels returns the labels that cards of the board carry, and those that have a
// colour, sorted.
func (b *Board) AllLabels() []string {
	b.ways("") // has them counted
	found := map[string]string{}
	for folded := range b.spelled {
		found[folded] = b.Spelling(folded)
	}
	b.room.Items(func(it *workspace.Item) bool {
		if it.Kind == KindLabel && it.Text(Color) != "" {
			if folded := strings.ToLower(it.Text(Title)); found[folded] == "" {
				found[folded] = it.Text(Title)
			}
		}
		return true
	})
	labels := make([]string, 0, len(found))
	for _, label := range found {
		labels = append(labels, label)
	}
	slices.Sort(labels)
	return labels
}

var noSuchLabel = workspace.Text{
	De: "Dieses Schlagwort trägt in diesem Raum keine Karte.",
	En: "No card in this room carries this label.",
}

// carrying are the cards that carry a label in any spelling, deleted and archived ones
// too, and how they write it.
func (b *Board) carrying(label string) (cards []*workspace.Item, spelt [][]string) {
	b.room.Items(func(it *workspace.Item) bool {
		if it.Kind != KindCard {
			return true
		}
		var as []string
		for _, has := range Labels(it) {
			if strings.EqualFold(has, label) {
				as = append(as, has)
			}
		}
		if as != nil {
			cards, spelt = append(cards, it), append(spelt, as)
		}
		return true
	})
	return cards, spelt
}

// EditLabel gives a label a colour, or another name on all cards of the room; nil
// leaves it as it is.
type EditLabel struct {
	Label  string  `json:"label"`
	Color  *string `json:"color"` // "" takes the colour away
	Rename *string `json:"rename"`
}

// Ops implements Act.
func (a EditLabel) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	label := Clean(a.Label)
	if err := checkLabel(label); err != nil {
		return nil, err
	}
	color := b.ColorOf(label)
	if a.Color != nil {
		if color = *a.Color; color != "" && !slices.Contains(Colors, color) {
			return nil, workspace.Refuse(workspace.Invalid, badColor)
		}
	}
	name := label
	var ops []workspace.Op
	if a.Rename != nil {
		name = Clean(*a.Rename)
		if err := checkLabel(name); err != nil {
			return nil, err
		}
		if ops = b.relabel(label, name); len(ops) == 0 && color == "" {
			return nil, workspace.Refuse(workspace.NotFound, noSuchLabel)
		}
		if LabelItem(name) != LabelItem(label) {
			if a.Color == nil { // a name that has a colour keeps it
				if has := b.ColorOf(name); has != "" {
					color = has
				}
			}
			ops = append(ops, b.colored(label, "")...)
		}
	}
	ops = append(ops, b.colored(name, color)...)
	if len(ops) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return ops, nil
}

// relabel gives each card that carries a label another one instead; "" gives none.
func (b *Board) relabel(label, name string) (ops []workspace.Op) {
	cards, spelt := b.carrying(label)
	for i, card := range cards {
		set := map[string]workspace.Value{}
		for _, old := range spelt[i] {
			if old != name {
				set[Label+"/"+old] = workspace.Value{}
			}
		}
		if name != "" {
			change(set, card, Label+"/"+name, workspace.Bool(true))
		}
		if len(set) > 0 {
			ops = append(ops, workspace.Op{Item: card.ID, Kind: KindCard, Set: set})
		}
	}
	slices.SortFunc(ops, func(x, y workspace.Op) int { return strings.Compare(string(x.Item), string(y.Item)) })
	return ops
}

// colored is the operation that gives a label its colour, none if it has it.
func (b *Board) colored(label, color string) []workspace.Op {
	item := LabelItem(label)
	it := b.room.Item(workspace.Key{Kind: KindLabel, ID: item})
	if it == nil {
		if color == "" {
			return nil
		}
		it = &workspace.Item{}
	}
	set := map[string]workspace.Value{}
	change(set, it, Color, textOrNull(color))
	if color != "" {
		change(set, it, Title, workspace.String(label))
	}
	if len(set) == 0 {
		return nil
	}
	return []workspace.Op{{Item: item, Kind: KindLabel, Set: set}}
}

// RemoveLabel takes a label off all cards of the room.
type RemoveLabel struct {
	Label string `json:"label"`
}

// Ops implements Act.
func (a RemoveLabel) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	label := Clean(a.Label)
	if err := checkLabel(label); err != nil {
		return nil, err
	}
	ops := append(b.relabel(label, ""), b.colored(label, "")...)
	if len(ops) == 0 {
		return nil, workspace.Refuse(workspace.NotFound, noSuchLabel)
	}
	return ops, nil
}
