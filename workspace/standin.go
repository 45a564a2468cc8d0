package workspace

import (
	"strings"

	"maunium.net/go/mautrix/id"
)

// standInServer can be nobody's homeserver: .invalid is reserved (RFC 2606).
const standInServer = ":werkraum.invalid"

// NewStandIn returns the user ID that is written where an erased person's stood.
// unique is what tells it from others; it must say nothing about the person.
func NewStandIn(unique string) id.UserID {
	return id.UserID("@erased-" + strings.ToLower(unique) + standInServer)
}

// IsStandIn reports whether user stands in for somebody who was erased.
func IsStandIn(user id.UserID) bool { return strings.HasSuffix(string(user), standInServer) }

// ErasedPerson is what people read where the name of somebody who was erased stood.
var ErasedPerson = Text{De: "Gelöschte Person", En: "Erased person"}
