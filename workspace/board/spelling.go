package board

import (
	"maps"
	"slices"
	"strings"

	"werkraum/workspace"
)

// spellings counts the cards that carry a label, by the label in lower case and
// by how it is written.
type spellings map[string]map[string]int

// Spelling is label as cards of the board write it already, if only the case
// differs: of several ways the first in order.
func (b *Board) Spelling(label string) string {
	ways := b.ways(label)
	if _, ok := ways[label]; ok || len(ways) == 0 {
		return label
	}
	return slices.Min(slices.Collect(maps.Keys(ways)))
}

// HasLabel reports whether a card of the board carries label in any spelling.
func (b *Board) HasLabel(label string) bool { return len(b.ways(label)) > 0 }

func (b *Board) ways(label string) map[string]int {
	if b.spelled == nil { // nobody has asked yet; from now on Merged keeps it
		b.spelled = spellings{}
		b.room.Items(func(it *workspace.Item) bool {
			b.spelled.count(it, +1)
			return true
		})
	}
	return b.spelled[strings.ToLower(label)]
}

// count adds the labels of a card that is not deleted, or takes them away.
func (s spellings) count(card *workspace.Item, by int) {
	if s == nil || card == nil || card.Kind != KindCard || card.Deleted() {
		return
	}
	for _, label := range Labels(card) {
		folded := strings.ToLower(label)
		if s[folded] == nil {
			s[folded] = map[string]int{}
		}
		if s[folded][label] += by; s[folded][label] == 0 {
			delete(s[folded], label)
		}
		if len(s[folded]) == 0 {
			delete(s, folded)
		}
	}
}
