package board

import (
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// CheckEntry is an entry of a card's checklist.
type CheckEntry struct {
	ID    string
	Title string
	Done  bool
	rank  string
}

// Checklist returns the entries of a card's checklist from top to bottom.
func Checklist(card *workspace.Item) []CheckEntry {
	ids := entries(card, Check, Title)
	list := make([]CheckEntry, len(ids))
	for i, entry := range ids {
		field := Check + "/" + entry + "/"
		list[i] = CheckEntry{ID: entry, Title: card.Text(field + Title), Done: card.True(field + Done), rank: card.Text(field + Rank)}
	}
	slices.SortFunc(list, func(x, y CheckEntry) int { return x.place().compare(y.place()) })
	return list
}

func (e CheckEntry) place() place { return place{rank: e.rank, id: workspace.ItemID(e.ID)} }

var noSuchCheck = workspace.Text{
	De: "Diesen Punkt gibt es in der Checkliste nicht (mehr).",
	En: "This entry is not in the checklist (any more).",
}

// CheckCard makes an entry of a card's checklist, changes it, or takes it away; nil
// leaves a part as it is.
type CheckCard struct {
	Card  workspace.ItemID `json:"card"`
	Entry string           `json:"entry"` // chosen by the caller
	Title *string          `json:"title"` // "" takes the entry away
	Done  *bool            `json:"done"`
	// Before is the entry above which it comes, "" the end; nil leaves it where it is,
	// and puts a new one at the end.
	Before *string `json:"before"`
}

// Ops implements Act.
func (a CheckCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	field := Check + "/" + a.Entry + "/"
	isNew := card.Text(field+Title) == ""
	if isNew && a.Title == nil {
		return nil, workspace.Refuse(workspace.NotFound, noSuchCheck)
	}
	set := map[string]workspace.Value{}
	switch {
	case a.Title != nil && Clean(*a.Title) == "" && isNew:
		return nil, workspace.Refuse(workspace.Invalid, titleMissing)
	case a.Title != nil && Clean(*a.Title) == "":
		for _, part := range []string{Title, Done, Rank} {
			change(set, card, field+part, workspace.Value{})
		}
		return onCard(a.Card, set)
	case a.Title != nil:
		change(set, card, field+Title, workspace.String(Clean(*a.Title)))
	}
	if a.Done != nil && *a.Done != card.True(field+Done) {
		set[field+Done] = workspace.Value{}
		if *a.Done {
			set[field+Done] = workspace.Bool(true)
		}
	}
	if isNew || a.Before != nil {
		if err := b.placeCheck(set, card, a.Entry, a.Before); err != nil {
			return nil, err
		}
	}
	return onCard(a.Card, set)
}

// placeCheck adds to set the rank of an entry, and what that asks of its neighbours.
func (b *Board) placeCheck(set map[string]workspace.Value, card *workspace.Item, entry string, before *string) error {
	list := Checklist(card)
	places := make([]place, len(list))
	for i, e := range list {
		places[i] = e.place()
	}
	rank, ops, err := b.spot(KindCard, places, (*workspace.ItemID)(before), workspace.ItemID(entry))
	if err != nil {
		return err
	}
	change(set, card, Check+"/"+entry+"/"+Rank, workspace.String(rank))
	for _, op := range ops { // entries are in the place of items there
		set[Check+"/"+string(op.Item)+"/"+Rank] = op.Set[Rank]
	}
	return nil
}

// NewCheck is an entry that is put on a checklist.
type NewCheck struct {
	Entry string `json:"entry"` // chosen by the caller
	Title string `json:"title"`
	Done  bool   `json:"done"`
}

// AddChecks puts several entries below those of a card's checklist.
type AddChecks struct {
	Card    workspace.ItemID
	Entries []NewCheck
}

// Ops implements Act. Entries that are there already are passed over.
func (a AddChecks) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{}
	last := ""
	if list := Checklist(card); len(list) > 0 {
		last = list[len(list)-1].rank
	}
	for _, e := range a.Entries {
		field := Check + "/" + e.Entry + "/"
		if card.Text(field+Title) != "" {
			continue
		}
		if last, err = workspace.RankBetween(last, ""); err != nil {
			return nil, workspace.Refuse(workspace.Internal, badField).Because(err)
		}
		set[field+Title] = workspace.String(Clean(e.Title))
		set[field+Rank] = workspace.String(last)
		if e.Done {
			set[field+Done] = workspace.Bool(true)
		}
	}
	return onCard(a.Card, set)
}
