// Package surfaces is the list of them: what a room's work consists of. A surface that is
// added is added here.
package surfaces

import (
	"encoding/json"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/whiteboard"
)

// Furnish gives a room all surfaces, before its items are restored.
func Furnish(r *workspace.Room) {
	board.New(r)
	whiteboard.New(r)
}

// Decode reads an act of the live protocol (docs/live-protocol.md).
func Decode(name string, args json.RawMessage) (workspace.Act, error) {
	if whiteboard.Decodes(name) {
		return whiteboard.Decode(name, args)
	}
	act, err := board.Decode(name, args)
	if err != nil {
		return nil, err
	}
	return board.On(act), nil
}

// On tells on which whiteboard an item lies, of which only those are told who look at it;
// "" for what everybody in the room is told of.
func On(kind workspace.Kind, item workspace.ItemID) workspace.ItemID {
	return whiteboard.On(kind, item)
}
