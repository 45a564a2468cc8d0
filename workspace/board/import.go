package board

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Import makes everything that drafts hold, as one change, which one undo takes back.
type Import struct {
	Drafts []Draft
	// Seed makes the IDs of what is made: the same change done again makes the same.
	Seed string
}

var (
	nothingToImport = workspace.Text{
		De: "In der Datei sind keine Karten und keine Spalten, die sich übernehmen lassen.",
		En: "There are no cards and no columns in the file that could be taken over.",
	}
	tooMuchToImport = workspace.Text{
		De: "Die Datei enthält %d Karten; auf einmal übernehmen lassen sich höchstens %d. Bitte teilen Sie sie auf.",
		En: "The file holds %d cards; at most %d can be taken over at once. Please split it.",
	}
	responsible = workspace.Text{De: "Zuständig: %s", En: "Responsible: %s"}
)

// Ops implements Act.
func (a Import) Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	cards, columns := 0, 0
	for _, d := range a.Drafts {
		cards, columns = cards+len(d.Cards), columns+len(d.Columns)
	}
	switch {
	case cards+columns == 0:
		return nil, workspace.Refuse(workspace.Invalid, nothingToImport)
	case cards > MaxDraftCards:
		return nil, workspace.Refuse(workspace.TooLarge, tooMuchToImport.With(cards, MaxDraftCards))
	case len(b.columns[b.First()])+columns > MaxColumns:
		return nil, workspace.Refuse(workspace.Invalid, tooManyColumns.With(MaxColumns))
	case columns == 0 && len(b.columns[b.First()]) == 0:
		return nil, workspace.Refuse(workspace.NotFound, noColumns)
	}
	im := importing{Board: b, seed: a.Seed, by: by, now: now, last: map[workspace.ItemID]string{}, number: b.number}
	if there := b.columns[b.First()]; len(there) > 0 { // what comes in comes to the first board
		im.lastColumn = there[len(there)-1].rank
	}
	colors := map[string]string{}
	for i, d := range a.Drafts {
		if err := im.draft(i, d); err != nil {
			return nil, err
		}
		for label, color := range d.Colors {
			if b.ColorOf(label) == "" { // what the room has chosen stays
				colors[label] = color
			}
		}
	}
	made := map[workspace.ItemID]bool{}
	for _, label := range slices.Sorted(maps.Keys(colors)) {
		if !made[LabelItem(label)] { // spellings of one label
			made[LabelItem(label)] = true
			im.ops = append(im.ops, b.colored(label, colors[label])...)
		}
	}
	return im.ops, nil
}

// importing is an Import while it is worked out.
type importing struct {
	*Board
	seed       string
	by         id.UserID
	now        time.Time
	lastColumn string                      // rank
	last       map[workspace.ItemID]string // the last rank of each column
	number     int
	ops        []workspace.Op
}

func (im *importing) id(parts ...string) workspace.ItemID {
	sum := sha256.Sum256([]byte(im.seed + "\x00" + strings.Join(parts, "\x00")))
	return workspace.ItemID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:20]))
}

// own is a copy that can be written into.
func own(set map[string]workspace.Value) map[string]workspace.Value {
	if set == nil {
		return map[string]workspace.Value{}
	}
	return maps.Clone(set)
}

func (im *importing) draft(n int, d Draft) error {
	nth := strconv.Itoa(n)
	columns := map[string]workspace.ItemID{}
	first, done := im.fallback()
	for i, c := range d.Columns {
		item := im.id(nth, "column", strconv.Itoa(i))
		rank, err := workspace.RankBetween(im.lastColumn, "")
		if err != nil {
			return workspace.Refuse(workspace.Internal, badField).Because(err)
		}
		im.lastColumn = rank
		set := own(c.Set)
		set[Rank] = workspace.String(rank)
		if on := im.First(); on != Main {
			set[InBoard] = workspace.String(string(on))
		}
		im.ops = append(im.ops, columnOp(item, set))
		columns[c.Key] = item
		if i == 0 {
			first, done = item, ""
		}
		if done == "" && set[Done].True() {
			done = item
		}
	}
	cards := map[string]workspace.ItemID{}
	parents := map[string]string{}
	for i, c := range d.Cards {
		if c.Key != "" {
			cards[c.Key] = im.id(nth, "card", strconv.Itoa(i))
		}
	}
	for i, c := range d.Cards {
		if leadsBack(parents, c.Key, c.Parent) {
			c.Parent = ""
		}
		parents[c.Key] = c.Parent
		column, known := columns[c.Column]
		if !known {
			if column = first; c.Done && done != "" {
				column = done
			}
		}
		if err := im.card(im.id(nth, "card", strconv.Itoa(i)), column, c, cards); err != nil {
			return err
		}
	}
	return nil
}

// leadsBack reports whether going up from a card's parent comes to the card, or nowhere out.
func leadsBack(parents map[string]string, key, above string) bool {
	for range maxDepth {
		if above == "" || key == "" {
			return false
		}
		if above == key {
			return true
		}
		above = parents[above]
	}
	return true
}

// maxDepth is how deep cards that are parts of cards may lie in a draft.
const maxDepth = 50

// fallback is where cards go whose draft has no columns.
func (im *importing) fallback() (first, done workspace.ItemID) {
	if there := im.columns[im.First()]; len(there) > 0 {
		first = there[0].id
	}
	if c := im.DoneColumn(im.First()); c != nil {
		done = c.ID
	}
	return first, done
}

func (im *importing) card(item, column workspace.ItemID, c DraftCard, cards map[string]workspace.ItemID) error {
	last, known := im.last[column]
	if there := im.cards[column]; !known && len(there) > 0 {
		last = there[len(there)-1].rank
	}
	rank, err := workspace.RankBetween(last, "")
	if err != nil {
		return workspace.Refuse(workspace.Internal, badField).Because(err)
	}
	im.last[column] = rank
	im.number++
	set := own(c.Set)
	set[Column], set[Rank] = workspace.String(string(column)), workspace.String(rank)
	set[Number] = workspace.String(strconv.Itoa(im.number))
	set[Created], set[CreatedBy] = workspace.String(im.now.UTC().Format(time.RFC3339)), workspace.String(string(im.by))
	im.assign(set, c.People)
	for name, keys := range map[string][]string{Blocks: c.Blocks, Relates: c.Relates} {
		for i, key := range keys {
			if other, ok := cards[key]; ok && other != item && i < MaxRelations {
				set[name+"/"+string(other)] = workspace.Bool(true)
			}
		}
	}
	if parent, ok := cards[c.Parent]; ok && parent != item {
		set[Parent] = workspace.String(string(parent))
	}
	if start, _ := set[Start].Text(); start != "" {
		if due, _ := set[Due].Text(); due != "" && start > due {
			delete(set, Start)
		}
	}
	im.ops = append(im.ops, workspace.Op{Item: item, Kind: KindCard, Set: set})
	return nil
}

// assign gives the card to the members whom the source means, and notes the others in
// the description, if they fit there.
func (im *importing) assign(set map[string]workspace.Value, people []string) {
	var others []string
	assigned := 0
	for _, name := range people {
		user, ok := Person(im.room.Members, name)
		switch {
		case ok && assigned < MaxAssignees:
			set[Assignee+"/"+string(user)] = workspace.Bool(true)
			assigned++
		case Clean(name) != "" && !slices.Contains(others, Clean(name)):
			others = append(others, Clean(name))
		}
	}
	if len(others) == 0 {
		return
	}
	before, _ := set[Description].Text()
	with := CleanLines(before + "\n\n" + fmt.Sprintf(responsible.In(im.room.Language), strings.Join(others, ", ")))
	if len(with) <= MaxDescription {
		set[Description] = workspace.String(with)
	}
}
