package board

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// URL is the part of a card's link that holds the address.
const URL = "url"

// CardLink is a link of a card to a place in the net or to a message.
type CardLink struct {
	ID, URL, Title string // Title may be ""
}

// Links returns the links of a card in the order of their IDs.
func Links(card *workspace.Item) []CardLink {
	ids := entries(card, Link, URL)
	list := make([]CardLink, len(ids))
	for i, entry := range ids {
		list[i] = CardLink{ID: entry, URL: card.Text(Link + "/" + entry + "/" + URL), Title: card.Text(Link + "/" + entry + "/" + Title)}
	}
	return list
}

var noSuchLink = workspace.Text{
	De: "Diesen Verweis hat die Karte nicht (mehr).",
	En: "The card does not have this link (any more).",
}

// LinkCard makes a link of a card, changes it, or takes it away; nil leaves a part as
// it is.
type LinkCard struct {
	Card  workspace.ItemID `json:"card"`
	Link  string           `json:"link"` // chosen by the caller
	URL   *string          `json:"url"`  // "" takes the link away
	Title *string          `json:"title"`
}

// Ops implements Act.
func (a LinkCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	field := Link + "/" + a.Link + "/"
	set := map[string]workspace.Value{}
	isNew := card.Text(field+URL) == ""
	switch {
	case isNew && (a.URL == nil || *a.URL == ""):
		return nil, workspace.Refuse(workspace.NotFound, noSuchLink)
	case a.URL != nil && *a.URL == "":
		change(set, card, field+URL, workspace.Value{})
		change(set, card, field+Title, workspace.Value{})
		return onCard(a.Card, set)
	case a.URL != nil:
		change(set, card, field+URL, workspace.String(*a.URL))
	}
	if a.Title != nil {
		change(set, card, field+Title, textOrNull(Clean(*a.Title)))
	}
	return onCard(a.Card, set)
}
