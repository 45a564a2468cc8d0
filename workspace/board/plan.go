package board

import (
	"crypto/sha256"
	"encoding/base32"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// maxTemplateCards is how many cards of a board a template takes along, those that
// stand first in each column.
const maxTemplateCards = 200

// plan is what a board is made of: columns from left to right, and cards in them from
// top to bottom, as fields without their places.
type plan struct {
	lanes   string
	columns []planColumn
}

type planColumn struct {
	fields map[string]workspace.Value
	cards  []map[string]workspace.Value
}

// author is who makes a board's cards and when, and the last number that a card has.
type author struct {
	by     id.UserID
	now    time.Time
	number int
}

// plan is the one that a template's name means: none, a built-in one's, or the ID of
// one of the room's own.
func (b *Board) plan(template string) (plan, error) {
	for _, t := range builtin {
		if t.name == template {
			return t.plan(b.room.Language), nil
		}
	}
	it := b.board(workspace.ItemID(template))
	if !slices.Contains(b.Templates(), it) {
		return plan{}, workspace.Refuse(workspace.NotFound, noSuchTemplate)
	}
	return b.planOf(it.ID, true), nil
}

var noSuchTemplate = workspace.Text{
	De: "Diese Vorlage gibt es nicht (mehr).",
	En: "This template does not exist (any more).",
}

// planOf reads a plan off a board.
func (b *Board) planOf(on workspace.ItemID, cards bool) plan {
	var p plan
	if it := b.board(on); it != nil {
		p.lanes = it.Text(Lanes)
	}
	left := maxTemplateCards
	for _, column := range b.ColumnsOn(on) {
		c := planColumn{fields: copied(column, Title, Done, Limit, Strict)}
		for _, card := range b.Cards(column.ID, left) {
			if !cards {
				break
			}
			c.cards = append(c.cards, copied(card, Title, Description, Priority, Label, Check))
			left--
		}
		p.columns = append(p.columns, c)
	}
	return p
}

// copied are the fields of an item that have these names, and the members of these
// sets. What was ticked is not any more.
func copied(it *workspace.Item, names ...string) map[string]workspace.Value {
	fields := map[string]workspace.Value{}
	for _, f := range it.Fields {
		set, member, _ := strings.Cut(f.Name, "/")
		ticked := set == Check && strings.HasSuffix(member, "/"+Done)
		if !f.Value.IsNull() && !ticked && slices.Contains(names, set) {
			fields[f.Name] = f.Value
		}
	}
	return fields
}

// build makes the columns and cards of a plan on a board. Their IDs follow from the
// board's. Without an author, in a template, cards have no number.
func (b *Board) build(on workspace.ItemID, p plan, a *author) (ops []workspace.Op) {
	ranks := ranksFor(len(p.columns))
	for i, c := range p.columns {
		column := partOf(on, "column", i)
		set := maps.Clone(c.fields)
		set[Rank], set[InBoard] = ranks[i], workspace.String(string(on))
		ops = append(ops, columnOp(column, set))
		places := ranksFor(len(c.cards))
		for j, fields := range c.cards {
			set := maps.Clone(fields)
			set[Rank], set[Column] = places[j], workspace.String(string(column))
			if a != nil {
				a.number++
				set[Number] = workspace.String(strconv.Itoa(a.number))
				set[Created] = workspace.String(a.now.UTC().Format(time.RFC3339))
				set[CreatedBy] = workspace.String(string(a.by))
			}
			ops = append(ops, workspace.Op{Item: partOf(column, "card", j), Kind: KindCard, Set: set})
		}
	}
	return ops
}

func ranksFor(n int) []workspace.Value {
	values := make([]workspace.Value, n)
	if n == 0 {
		return values
	}
	ranks, err := workspace.RanksBetween("", "", n)
	if err != nil { // an empty list has room
		panic(err)
	}
	for i, rank := range ranks {
		values[i] = workspace.String(rank)
	}
	return values
}

// partOf is the ID of something that is made together with an item.
func partOf(whole workspace.ItemID, what string, n int) workspace.ItemID {
	sum := sha256.Sum256([]byte(string(whole) + "/" + what + "/" + strconv.Itoa(n)))
	return workspace.ItemID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:20]))
}
