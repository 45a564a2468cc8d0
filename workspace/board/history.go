package board

import (
	"slices"
	"strings"

	"werkraum/workspace"
)

// untold are the fields that say where a card stands and where it comes from: their
// changes tell nobody anything.
var untold = []string{Rank, Number, Message, Source, Created, CreatedBy}

// Telling reports whether people want to read of a field of a card in its history.
func Telling(field string) bool {
	return !slices.Contains(untold, field) && !strings.HasSuffix(field, "/"+Rank)
}

// Tells reports whether an operation belongs in the history of its card.
func Tells(op workspace.Op) bool {
	if op.Kind != KindCard {
		return false
	}
	for field := range op.Set {
		if Telling(field) {
			return true
		}
	}
	return false
}

// Entry is what one change did to one card.
type Entry struct {
	workspace.Commit
	Card workspace.ItemID
	// Set are the fields that the change altered and people want to read of; Before
	// are the values that they had.
	Set, Before map[string]workspace.Value
	// Fresh is set when the change made the card.
	Fresh bool
}

// EntryOf reads in a commit what it did to a card.
func EntryOf(c workspace.Commit, card workspace.ItemID) Entry {
	key := workspace.Key{Kind: KindCard, ID: card}
	return Entry{Commit: c, Card: card, Fresh: slices.Contains(c.Fresh, key), Set: telling(c.Won, key), Before: telling(c.Before, key)}
}

func telling(ops []workspace.Op, key workspace.Key) map[string]workspace.Value {
	found := map[string]workspace.Value{}
	for _, op := range ops {
		if op.Key() != key {
			continue
		}
		for field, value := range op.Set {
			if Telling(field) {
				found[field] = value
			}
		}
	}
	return found
}

// Undoable reports whether taking the change back would alter the card: a person made
// it, it did not make the card (which is deleted instead), and the card still holds
// something that it wrote.
func (e Entry) Undoable(card *workspace.Item) bool {
	if card == nil || e.Fresh || !e.Change.Via.ByPerson() {
		return false
	}
	for field := range e.Set {
		if f, ok := card.Field(field); ok && f.At == e.Change.At {
			return true
		}
	}
	return false
}
