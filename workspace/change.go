package workspace

import (
	"maps"
	"slices"

	"maunium.net/go/mautrix/id"
)

// ChangeID names a change, the same in every Werkraum server of the room.
type ChangeID string

// Via tells by what means a person made a change.
type Via string

// The means there are; the strings are part of de.werkraum.change.
const (
	ViaWidget   Via = "widget"
	ViaCommand  Via = "command"
	ViaReaction Via = "reaction"
	ViaAPI      Via = "api"
	ViaBot      Via = "bot"
)

// ByPerson reports whether a person made a change; they may also take it back.
func (v Via) ByPerson() bool {
	return v == ViaWidget || v == ViaCommand || v == ViaReaction || v == ViaAPI
}

// Op sets fields of one item. A null value empties the field.
type Op struct {
	Item ItemID           `json:"item"`
	Kind Kind             `json:"kind"`
	Set  map[string]Value `json:"set"`
}

// Key identifies the item that op alters.
func (op Op) Key() Key { return Key{Kind: op.Kind, ID: op.Item} }

// names are the fields of op in a fixed order, so that equal input gives equal
// output, byte by byte.
func (op Op) names() []string { return slices.Sorted(maps.Keys(op.Set)) }

func (op *Op) put(name string, v Value) {
	if op.Set == nil {
		op.Set = make(map[string]Value)
	}
	op.Set[name] = v
}

// Split returns two operations, each with half of the fields of op, which has at least
// two.
func (op Op) Split() (one, other Op) {
	one, other = Op{Item: op.Item, Kind: op.Kind}, Op{Item: op.Item, Kind: op.Kind}
	names := op.names()
	for i, name := range names {
		if i < len(names)/2 {
			one.put(name, op.Set[name])
		} else {
			other.put(name, op.Set[name])
		}
	}
	return one, other
}

// Change is a stamped set of operations that one person made in one act. It is
// what a de.werkraum.change event carries (docs/events/de.werkraum.change.md).
type Change struct {
	ID     ChangeID  `json:"id"`
	By     id.UserID `json:"by"`
	Via    Via       `json:"via"`
	At     Stamp     `json:"at"`
	Undoes ChangeID  `json:"undoes,omitempty"`
	Ops    []Op      `json:"ops"`
}

// Commit is a change that has been merged: its place in the room's log, the
// fields that it really altered, and what they held before.
type Commit struct {
	Seq    int64
	Change Change
	Won    []Op // what became visible; a subset of Change.Ops
	Before []Op // the same fields with the values they had
	// Fresh holds the keys of items that did not exist before.
	Fresh []Key
}

// MarshalText implements encoding.TextMarshaler.
func (s Stamp) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Stamp) UnmarshalText(b []byte) (err error) {
	*s, err = ParseStamp(string(b))
	return err
}
