package board

import (
	"strings"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Draft is a board that comes from elsewhere, as an importer has read it (bridges/importing).
// What refers to something else in it does so by keys, which mean nothing outside.
type Draft struct {
	Title string // "" if the source does not say
	Lanes string // how a new board is divided, or ""
	// Archived says that it lay in the archive as a whole, and goes there again. Those drafts
	// are the last.
	Archived bool
	Columns  []DraftColumn
	Cards    []DraftCard       // of each column from top to bottom
	Colors   map[string]string // of labels, by name
}

// DraftColumn is a column that is to be made.
type DraftColumn struct {
	Key string
	Set map[string]workspace.Value // without what Import decides: rank, board
}

// DraftCard is a card that is to be made.
type DraftCard struct {
	Key    string
	Column string // the key of its column; "" = the first there is, of finished cards if Done
	Done   bool
	Set    map[string]workspace.Value // without what Import decides: column, rank, number, created, relations
	// People are those whom it is assigned to, as the source names them: by user ID,
	// display name or otherwise.
	People          []string
	Parent          string // a key, like those that follow
	Blocks, Relates []string
}

// MaxDraftCards is how many cards one import makes; so many a board is meant to hold.
const MaxDraftCards = 10_000

// MaxDraftFields bounds what an importer writes on one card, so that a change may carry it.
const MaxDraftFields = 180

// CheckField reports whether a field may hold a value, with the sentence that says why not.
func CheckField(kind workspace.Kind, name string, v workspace.Value) error {
	return checkField(kind, name, v)
}

// Person finds the member whom a source outside of Matrix means: by user ID, by display
// name, or by the first part of the user ID, if that is one member's alone.
func Person(members map[id.UserID]workspace.Member, name string) (id.UserID, bool) {
	name = strings.TrimSpace(name)
	if members[id.UserID(name)].Membership == workspace.Joined {
		return id.UserID(name), true
	}
	name = strings.TrimPrefix(name, "@")
	if name == "" || !utf8.ValidString(name) {
		return "", false
	}
	for _, called := range []func(id.UserID, workspace.Member) string{
		func(_ id.UserID, m workspace.Member) string { return m.Name },
		func(user id.UserID, _ workspace.Member) string { return user.Localpart() },
	} {
		var found id.UserID
		n := 0
		for user, member := range members {
			if member.Membership == workspace.Joined && strings.EqualFold(called(user, member), name) {
				found = user
				n++
			}
		}
		if n > 0 {
			return found, n == 1
		}
	}
	return "", false
}
