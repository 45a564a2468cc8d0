package workspace

import (
	"time"

	"maunium.net/go/mautrix/id"
)

// Act is something that a person wants done with a room's work. Ops says which
// operations that takes as the room stands; it changes nothing and judges no rights
// (Room.May and Room.Apply do).
type Act interface {
	// Deeds is what the act is when by does it; they must have the right to each.
	Deeds(by id.UserID) []Deed
	// Ops returns none if what is wanted is so already and nobody needs to be told.
	Ops(r *Room, by id.UserID, now time.Time) ([]Op, error)
}
