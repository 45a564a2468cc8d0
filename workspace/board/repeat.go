package board

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/recur"
)

// Repeat is the field that says when a card comes again: an RRULE (workspace/recur).
const Repeat = "repeat"

var badRule = workspace.Text{
	De: "Diese Regel für die Wiederholung verstehe ich nicht. Sie hat die Form von RFC 5545 und meint ganze Tage, zum Beispiel: FREQ=WEEKLY;BYDAY=MO",
	En: "I do not understand this rule for repeating. It has the form of RFC 5545 and means whole days, for example: FREQ=WEEKLY;BYDAY=MO",
}

// RepeatCard says when a card comes again once it is finished; "" means never.
type RepeatCard struct {
	Card workspace.ItemID `json:"card"`
	Rule string           `json:"rule"`
}

// Deeds implements Act.
func (RepeatCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.repeat"} }

// Ops implements Act.
func (a RepeatCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	value := workspace.Value{}
	if strings.TrimSpace(a.Rule) != "" {
		rule, err := recur.Parse(a.Rule)
		if err != nil {
			return nil, workspace.Refuse(workspace.Invalid, badRule).Because(err)
		}
		value = workspace.String(rule.String())
	}
	set := map[string]workspace.Value{}
	change(set, card, Repeat, value)
	return onCard(a.Card, set)
}

func checkRule(text string) error {
	rule, err := recur.Parse(text)
	if err == nil && rule.String() == text {
		return nil
	}
	return workspace.Refuse(workspace.Invalid, badRule).Because(err)
}

// NextOf is the item that follows on a card which repeats: the same whoever finishes
// it, and however often. With another due date it is another one.
func NextOf(card *workspace.Item) workspace.ItemID {
	sum := sha256.Sum256([]byte("next\x00" + string(card.ID) + "\x00" + card.Text(Due)))
	return workspace.ItemID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:20]))
}

// Again says what follows when a change has moved cards: for each card that was
// finished and repeats, the next one, and for each that is not finished any more, that
// its next one goes again if nobody has touched it. today is the day in the room's zone.
func (b *Board) Again(c workspace.Commit, bot id.UserID, today string, now time.Time) ([]workspace.Op, error) {
	var ops []workspace.Op
	var due []*workspace.Item
	for i, op := range c.Won {
		if _, moved := op.Set[Column]; !moved || op.Kind != KindCard {
			continue
		}
		card := b.card(op.Item)
		before, _ := c.Before[i].Set[Column].Text()
		was := b.isDone(workspace.ItemID(before))
		if before == "" || card.Deleted() || card.Text(Repeat) == "" || was == b.IsDone(card) {
			continue
		}
		switch next := b.card(NextOf(card)); {
		case next == nil && !was:
			due = append(due, card)
		case next != nil && next.Deleted() != was && untouched(next):
			value := workspace.Value{}
			if was {
				value = workspace.Bool(true)
			}
			ops = append(ops, workspace.Op{Item: next.ID, Kind: KindCard, Set: map[string]workspace.Value{workspace.Deleted: value}})
		}
	}
	made, err := b.made(due, bot, today, now)
	return append(ops, made...), err
}

// made are the cards that follow on others, at the end of the column for new work on
// the board of each.
func (b *Board) made(cards []*workspace.Item, bot id.UserID, today string, now time.Time) ([]workspace.Op, error) {
	var ops []workspace.Op
	var columns []workspace.ItemID
	into := map[workspace.ItemID][]int{} // by column: which of ops
	for _, card := range cards {
		column := b.columnForNew(b.Whose(card))
		if column == "" {
			continue
		}
		rule, err := recur.Parse(card.Text(Repeat))
		if err != nil {
			continue // written by a version that knew other rules
		}
		from := card.Text(Due)
		if from == "" {
			from = today
		}
		day, rest, ok := rule.Next(from, today)
		if !ok {
			continue
		}
		set := b.copied(card)
		set[Due], set[Repeat] = workspace.String(day), workspace.String(rest.String())
		if start := card.Text(Start); start != "" {
			set[Start] = workspace.String(shifted(start, from, day))
		}
		set[Number] = workspace.String(strconv.Itoa(b.number + 1 + len(ops)))
		set[Created], set[CreatedBy] = workspace.String(now.UTC().Format(time.RFC3339)), workspace.String(string(bot))
		if into[column] == nil {
			columns = append(columns, column)
		}
		into[column] = append(into[column], len(ops))
		ops = append(ops, workspace.Op{Item: NextOf(card), Kind: KindCard, Set: set})
	}
	for _, column := range columns {
		here := b.cards[column]
		ranks, above, below, err := gap{KindCard, here, len(here), func(workspace.ItemID) bool { return false }}.ranks(len(into[column]))
		if err != nil {
			return nil, err
		}
		for i, at := range into[column] {
			ops[at].Set[Column], ops[at].Set[Rank] = workspace.String(string(column)), workspace.String(ranks[i])
		}
		ops = slices.Concat(ops, above, below)
	}
	return ops, nil
}

// notCopied are fields that belong to one card alone. Of a set it is the set's name.
var notCopied = []string{workspace.Deleted, Archived, Column, Rank, Due, Start, Number, Message, Source, Created, CreatedBy, Blocks, Relates}

// copied are the fields that the next card has of one: all but its own, entries of its
// checklist unticked, people as far as they are in the room still.
func (b *Board) copied(card *workspace.Item) map[string]workspace.Value {
	set := map[string]workspace.Value{}
	for _, f := range card.Fields {
		name, member, _ := strings.Cut(f.Name, "/")
		switch {
		case f.Value.IsNull(), slices.Contains(notCopied, name), name == Check && strings.HasSuffix(f.Name, "/done"):
		case name == Assignee && b.needMember(id.UserID(member)) != nil:
		default:
			set[f.Name] = f.Value
		}
	}
	return set
}

// columnForNew is the first column of a board that is not for finished cards; of the
// first board if that one is not seen.
func (b *Board) columnForNew(on workspace.ItemID) workspace.ItemID {
	if !b.Seen(on) {
		on = b.First()
	}
	for _, p := range b.columns[on] {
		if !b.column(p.id).True(Done) {
			return p.id
		}
	}
	if columns := b.columns[on]; len(columns) > 0 {
		return columns[0].id
	}
	return ""
}

// shifted moves a day as far as another one was moved.
func shifted(day, from, to string) string {
	d, err1 := time.Parse(time.DateOnly, day)
	f, err2 := time.Parse(time.DateOnly, from)
	t, err3 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil || err3 != nil {
		return to
	}
	return d.Add(t.Sub(f)).Format(time.DateOnly)
}

// untouched reports whether only the bot has written on a card since it was made.
func untouched(card *workspace.Item) bool {
	made, _ := card.Field(Created)
	for _, f := range card.Fields {
		if f.At != made.At && f.Name != Message && f.Name != workspace.Deleted {
			return false
		}
	}
	return true
}
