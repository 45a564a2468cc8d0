package bots

import (
	"cmp"
	"html"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// SaidOnPage is the message with what a person has written about a card on the page. Of
// the people named it mentions those who are in the room and whose name stands in the
// text after an @.
func SaidOnPage(r *workspace.Room, by id.UserID, text string, named []id.UserID) Message {
	m := say(r.Language, workspace.Text{De: "**%s** schreibt auf dem Board:\n", En: "**%s** writes on the board:\n"}, nameOf(r, by))
	// A longer name comes before one that it begins with.
	named = slices.Compact(slices.SortedFunc(slices.Values(named), func(a, b id.UserID) int {
		return cmp.Or(cmp.Compare(len(r.Members[b].Name), len(r.Members[a].Name)), cmp.Compare(a, b))
	}))
	var pairs []string
	for _, user := range named {
		member := r.Members[user]
		name := cmp.Or(member.Name, user.Localpart())
		if member.Membership != workspace.Joined || !strings.Contains(text, "@"+name) {
			continue
		}
		m.Mentions = append(m.Mentions, user)
		pairs = append(pairs, html.EscapeString("@"+name), anchor("https://matrix.to/#/"+string(user), "@"+name))
	}
	m.Body += text
	m.HTML += strings.ReplaceAll(strings.NewReplacer(pairs...).Replace(html.EscapeString(text)), "\n", "<br>")
	return m.fitting(maxAnswer)
}
