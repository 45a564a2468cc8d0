package bots

import (
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

var (
	unknownPerson = workspace.Text{
		De: "Ich finde in diesem Raum niemanden namens „%s“. Am sichersten ist die vollständige Matrix-ID, zum Beispiel `@anna:example.org`.",
		En: "I find nobody called “%s” in this room. The full Matrix ID always works, for example `@anna:example.org`.",
	}
	ambiguousPerson = workspace.Text{
		De: "„%s“ kann mehrere Personen meinen: %s. Bitte nehmen Sie die vollständige Matrix-ID.",
		En: "“%s” can mean several people: %s. Please use the full Matrix ID.",
	}
)

const (
	maxNameWords  = 5
	maxCandidates = 8
)

// people finds members of a room by what a person calls them.
type people struct {
	room      *workspace.Room
	bot       id.UserID
	sender    id.UserID
	mentioned []id.UserID
	index     map[string][]id.UserID // by lower-case name; made when first needed
}

// build notes each joined member by display name, its first and last word, and
// localpart.
func (p *people) build() {
	p.index = make(map[string][]id.UserID, 2*len(p.room.Members))
	for user, m := range p.room.Members {
		if m.Membership != workspace.Joined || user == p.bot {
			continue
		}
		name := strings.ToLower(clean(m.Name))
		last := name[strings.LastIndexByte(name, ' ')+1:]
		keys := []string{strings.ToLower(user.Localpart()), name, firstName(name), last}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) {
			if k != "" {
				p.index[k] = append(p.index[k], user)
			}
		}
	}
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return strings.Trim(first, ",")
}

// find returns the person that the words at the beginning name, and how many
// words that took. The first word may begin with @.
func (p *people) find(words []word) (id.UserID, int, error) {
	if p.index == nil {
		p.build()
	}
	first := strings.TrimRight(words[0].text, ",;:!?.")
	if user := id.UserID(first); strings.HasPrefix(first, "@") && strings.Contains(first, ":") {
		// Whether they are a member is the board's rule.
		if _, _, err := user.Parse(); err != nil || user == p.bot {
			return "", 0, wrong(unknownPerson, short(first, maxNameShown))
		}
		return user, 1, nil
	}
	for n := min(maxNameWords, len(words)); n > 0; n-- {
		if n > 1 && slices.ContainsFunc(words[1:n], func(w word) bool { return w.quoted || strings.HasPrefix(w.text, "@") }) {
			continue
		}
		name := strings.TrimPrefix(strings.ToLower(clean(strings.TrimRight(joined(words[:n]), ",;:!?."))), "@")
		switch found := p.index[name]; {
		case len(found) == 1:
			return found[0], n, nil
		case len(found) > 1:
			user, err := p.choose(name, found)
			if err == nil {
				p.index[name] = []id.UserID{user} // a line may repeat it a thousand times
			}
			return user, n, err
		case n == 1 && slices.Contains([]string{"ich", "mich", "mir", "me", "myself", "i"}, name):
			return p.sender, 1, nil
		}
	}
	return "", 0, wrong(unknownPerson, short(first, maxNameShown))
}

// choose decides between several people of one name: the one that the message
// mentions, or else nobody.
func (p *people) choose(name string, found []id.UserID) (id.UserID, error) {
	if len(found) == 1 {
		return found[0], nil
	}
	// Someone's own user name counts more than a first name alike, and that more
	// than a last name.
	for _, exact := range []func(id.UserID) bool{
		func(u id.UserID) bool { return slices.Contains(p.mentioned, u) },
		func(u id.UserID) bool { return strings.EqualFold(clean(p.room.Members[u].Name), name) },
		func(u id.UserID) bool { return strings.EqualFold(u.Localpart(), name) },
		func(u id.UserID) bool { return strings.EqualFold(firstName(clean(p.room.Members[u].Name)), name) },
	} {
		var only []id.UserID
		for _, u := range found {
			if exact(u) {
				only = append(only, u)
			}
		}
		if len(only) == 1 {
			return only[0], nil
		}
	}
	list := make([]string, 0, len(found))
	for _, u := range found {
		list = append(list, string(u))
	}
	slices.Sort(list)
	if len(list) > maxCandidates {
		list = append(list[:maxCandidates], "…")
	}
	return "", wrong(ambiguousPerson, short(name, maxNameShown), names{list: list, bare: true, or: true})
}
