package board

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Reading is what was read of a file of another program.
type Reading struct {
	Format  string
	Drafts  []Draft
	Refused []NotTaken
	More    int // how many refusals there were beyond those
}

// NotTaken is something that was not taken over: where it stands, and why.
type NotTaken struct{ Where, Why workspace.Text }

// Reader reads files of other programs (bridges/importing): in the language in which
// something is written beside, and in the zone in which a moment is a day.
type Reader func(file []byte, lang workspace.Language, zone *time.Location) (Reading, error)

// MaxFile is how large such a file may be, in bytes.
const MaxFile = 16 << 20

// Strangers are the people of a file who are no members of the room, the first most of them.
func (r Reading) Strangers(members map[id.UserID]workspace.Member, most int) []string {
	list := []string{}
	seen := map[string]bool{}
	for _, d := range r.Drafts {
		for _, card := range d.Cards {
			for _, person := range card.People {
				if seen[person] {
					continue
				}
				seen[person] = true
				if _, known := Person(members, person); !known && len(list) < most {
					list = append(list, person)
				}
			}
		}
	}
	return list
}
