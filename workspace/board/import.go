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

// Import makes everything that drafts hold, as one change, which one undo takes back. It
// comes to a board that is there, or each draft becomes a board of its own. What was an
// archived board becomes one again, or archived cards of the board that is there.
type Import struct {
	Drafts []Draft
	// Into is the one that it comes to; "" is the first.
	Into workspace.ItemID
	// New makes boards instead. Title is what it is called if there is one only; "" is
	// what the draft says.
	New   bool
	Title string
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
	// importedBoard is what a new board is called whose file and importer give it no name.
	importedBoard = workspace.Text{De: "Übernommenes Board", En: "Imported board"}
)

// Ops implements Act.
func (a Import) Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	if err := a.check(b); err != nil {
		return nil, err
	}
	im := importing{
		Board: b, act: a, by: by, now: now, number: b.number,
		last: map[workspace.ItemID]string{}, cards: map[string]workspace.ItemID{}, parents: map[workspace.ItemID]workspace.ItemID{},
	}
	if !a.New {
		im.on = a.target(b)
		if there := b.columns[im.on]; len(there) > 0 {
			im.lastColumn = there[len(there)-1].rank
		}
	}
	if len(b.boards) > 0 {
		im.lastBoard = b.boards[len(b.boards)-1].rank
	}
	for n, d := range a.Drafts { // what one board's cards refer to may lie on another
		for i, c := range d.Cards {
			if _, there := im.cards[c.Key]; c.Key != "" && !there {
				im.cards[c.Key] = a.nth(n, KindCard, i)
			}
		}
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

// target is the board that is there and to which it comes.
func (a Import) target(b *Board) workspace.ItemID {
	if a.Into != "" {
		return a.Into
	}
	return b.First()
}

// Boards are the boards that it makes, in the order of the drafts.
func (a Import) Boards() []workspace.ItemID {
	var list []workspace.ItemID
	for n := range a.Drafts {
		if a.New {
			list = append(list, a.nth(n, KindBoard, 0))
		}
	}
	return list
}

// check refuses what is nothing, too much, or goes nowhere.
func (a Import) check(b *Board) error {
	cards, columns, most, seen := 0, 0, 0, 0
	for _, d := range a.Drafts {
		cards += len(d.Cards)
		if d.Archived && !a.New {
			continue // its columns are not made
		}
		columns, most = columns+len(d.Columns), max(most, len(d.Columns))
		if !d.Archived {
			seen++
		}
	}
	on := a.target(b)
	if !a.New {
		most = len(b.columns[on]) + columns
	}
	switch {
	case cards+columns == 0:
		return workspace.Refuse(workspace.Invalid, nothingToImport)
	case cards > MaxDraftCards:
		return workspace.Refuse(workspace.TooLarge, tooMuchToImport.With(cards, MaxDraftCards))
	case !a.New && a.Into != "" && !b.Seen(on):
		return workspace.Refuse(workspace.NotFound, noSuchBoard)
	case a.New && len(b.boards)+seen > MaxBoards:
		return workspace.Refuse(workspace.Invalid, tooManyBoards.With(MaxBoards))
	case most > MaxColumns:
		return workspace.Refuse(workspace.Invalid, tooManyColumns.With(MaxColumns))
	case !a.New && columns == 0 && len(b.columns[on]) == 0:
		return workspace.Refuse(workspace.NotFound, noColumns)
	}
	return nil
}

// importing is an Import while it is worked out.
type importing struct {
	*Board
	act        Import
	by         id.UserID
	now        time.Time
	on         workspace.ItemID                      // the board at hand
	made       workspace.ItemID                      // the first column that it makes
	lastBoard  string                                // rank
	lastColumn string                                // rank
	last       map[workspace.ItemID]string           // the last rank of each column
	cards      map[string]workspace.ItemID           // of all drafts, by key; those of the first that has one
	parents    map[workspace.ItemID]workspace.ItemID // of cards that were made
	number     int
	ops        []workspace.Op
}

// nth is the ID of the part i of the draft n.
func (a Import) nth(n int, kind workspace.Kind, i int) workspace.ItemID {
	sum := sha256.Sum256([]byte(a.Seed + "\x00" + strconv.Itoa(n) + "\x00" + string(kind) + "\x00" + strconv.Itoa(i)))
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
	if im.act.New {
		var err error
		if d, err = im.newBoard(n, d); err != nil {
			return err
		}
	} else if d.Archived {
		d = cardsAlone(d)
	}
	columns := map[string]workspace.ItemID{}
	first, done := im.fallback()
	if first == "" {
		first = im.made
	}
	for i, c := range d.Columns {
		item := im.act.nth(n, KindColumn, i)
		rank, err := workspace.RankBetween(im.lastColumn, "")
		if err != nil {
			return workspace.Refuse(workspace.Internal, badField).Because(err)
		}
		im.lastColumn = rank
		set := own(c.Set)
		set[Rank] = workspace.String(rank)
		if im.on != Main {
			set[InBoard] = workspace.String(string(im.on))
		}
		im.ops = append(im.ops, columnOp(item, set))
		columns[c.Key] = item
		if im.made == "" {
			im.made = item
		}
		if i == 0 {
			first, done = item, ""
		}
		if done == "" && set[Done].True() {
			done = item
		}
	}
	keys := map[string]workspace.ItemID{} // of this draft's cards
	for i, c := range d.Cards {
		if c.Key != "" {
			keys[c.Key] = im.act.nth(n, KindCard, i)
		}
	}
	for i, c := range d.Cards {
		column, known := columns[c.Column]
		if !known {
			if column = first; c.Done && done != "" {
				column = done
			}
		}
		if err := im.card(im.act.nth(n, KindCard, i), column, c, keys); err != nil {
			return err
		}
	}
	return nil
}

// cardsAlone are the cards of an archived board as they come to another, each in the archive.
func cardsAlone(d Draft) Draft {
	d.Columns, d.Cards = nil, slices.Clone(d.Cards)
	for i := range d.Cards {
		d.Cards[i].Set = own(d.Cards[i].Set)
		d.Cards[i].Set[Archived] = workspace.Bool(true)
	}
	return d
}

// newBoard makes a board for a draft. One without columns gets those that boards begin with.
func (im *importing) newBoard(n int, d Draft) (Draft, error) {
	rank, err := workspace.RankBetween(im.lastBoard, "")
	if err != nil {
		return d, workspace.Refuse(workspace.Internal, badField).Because(err)
	}
	title := Clean(d.Title)
	if chosen := Clean(im.act.Title); chosen != "" && len(im.act.Drafts) == 1 {
		title = chosen
	}
	if title == "" {
		title = importedBoard.In(im.room.Language)
	}
	im.on, im.lastBoard, im.lastColumn = im.act.nth(n, KindBoard, 0), rank, ""
	set := map[string]workspace.Value{Title: workspace.String(title), Rank: workspace.String(rank)}
	if d.Lanes != "" {
		set[Lanes] = workspace.String(d.Lanes)
	}
	if d.Archived {
		set[Archived] = workspace.Bool(true)
	}
	im.ops = append(im.ops, boardOp(im.on, set))
	if len(d.Columns) == 0 {
		for _, c := range builtin[0].plan(im.room.Language).columns {
			d.Columns = append(d.Columns, DraftColumn{Set: c.fields})
		}
		for i := range d.Columns { // cards name them by no key
			d.Columns[i].Key = "\x00" + strconv.Itoa(i)
		}
	}
	return d, nil
}

// leadsBack reports whether going up from a card's parent comes to the card, or nowhere out.
func (im *importing) leadsBack(card, above workspace.ItemID) bool {
	for range maxDepth {
		if above == "" {
			return false
		}
		if above == card {
			return true
		}
		above = im.parents[above]
	}
	return true
}

// maxDepth is how deep cards that are parts of cards may lie in a draft.
const maxDepth = 50

// fallback is where cards go whose draft has no columns.
func (im *importing) fallback() (first, done workspace.ItemID) {
	if there := im.columns[im.on]; len(there) > 0 {
		first = there[0].id
	}
	if c := im.DoneColumn(im.on); c != nil {
		done = c.ID
	}
	return first, done
}

// card makes a card. What it refers to are cards of its own draft first.
func (im *importing) card(item, column workspace.ItemID, c DraftCard, keys map[string]workspace.ItemID) error {
	find := func(key string) (workspace.ItemID, bool) {
		other, known := keys[key]
		if !known {
			other, known = im.cards[key]
		}
		return other, known && key != "" && other != item
	}
	last, known := im.last[column]
	if there := im.Board.cards[column]; !known && len(there) > 0 {
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
	for name, others := range map[string][]string{Blocks: c.Blocks, Relates: c.Relates} {
		for i, key := range others {
			if other, ok := find(key); ok && i < MaxRelations {
				set[name+"/"+string(other)] = workspace.Bool(true)
			}
		}
	}
	if parent, ok := find(c.Parent); ok && !im.leadsBack(item, parent) {
		set[Parent], im.parents[item] = workspace.String(string(parent)), parent
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
