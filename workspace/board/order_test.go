package board

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/workspace"
)

const anna = id.UserID("@anna:x.y")

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// table is a room with a board that anna works on.
type table struct {
	t     fataler
	room  *workspace.Room
	board *Board
	count int
}

func newTable(t fataler) *table {
	t.Helper()
	room := workspace.NewRoom("!r:x.y", "@werkraum:x.y", 0)
	room.Members[anna] = workspace.Member{Membership: workspace.Joined, Name: "Anna"}
	tb := &table{t: t, room: room, board: New(room)}
	tb.apply(tb.board.Furnish(workspace.German))
	return tb
}

func (tb *table) apply(ops []workspace.Op) {
	tb.t.Helper()
	tb.count++
	if _, err := tb.room.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(tb.count)), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon); err != nil {
		tb.t.Fatalf("apply: %v", err)
	}
}

func (tb *table) try(a Act) error {
	tb.t.Helper()
	ops, err := a.Ops(tb.board, anna, noon)
	if err == nil {
		tb.apply(ops)
	}
	return err
}

func (tb *table) do(a Act) {
	tb.t.Helper()
	if err := tb.try(a); err != nil {
		tb.t.Fatalf("%T: %v", a, err)
	}
}

// cards are the item IDs of a column in order.
func (tb *table) cards(column workspace.ItemID) []workspace.ItemID {
	var ids []workspace.ItemID
	for _, c := range tb.board.Cards(column, -1) {
		ids = append(ids, c.ID)
	}
	return ids
}

// sorted is the order that the items themselves say, computed anew.
func (tb *table) sorted(kind workspace.Kind, column workspace.ItemID) []workspace.ItemID {
	var items []*workspace.Item
	for it := range tb.room.Items {
		if it.Kind == kind && stands(it) && (kind == KindColumn || it.Text(Column) == string(column)) {
			items = append(items, it)
		}
	}
	slices.SortFunc(items, func(a, b *workspace.Item) int {
		if c := strings.Compare(a.Text(Rank), b.Text(Rank)); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	var ids []workspace.ItemID
	for _, it := range items {
		ids = append(ids, it.ID)
	}
	return ids
}

func (tb *table) columns() []workspace.ItemID {
	var ids []workspace.ItemID
	for _, c := range tb.board.Columns() {
		ids = append(ids, c.ID)
	}
	return ids
}

func (tb *table) check() {
	tb.t.Helper()
	if got, want := tb.columns(), tb.sorted(KindColumn, ""); !slices.Equal(got, want) {
		tb.t.Fatalf("columns are kept as %v, their ranks say %v", got, want)
	}
	for _, c := range tb.columns() {
		if got, want := tb.cards(c), tb.sorted(KindCard, c); !slices.Equal(got, want) {
			tb.t.Fatalf("cards of %s are kept as %v, their ranks say %v", c, got, want)
		}
	}
}

// placed is list as people expect it after putting card before another one.
func placed(list []workspace.ItemID, card workspace.ItemID, before *workspace.ItemID) []workspace.ItemID {
	list = slices.DeleteFunc(slices.Clone(list), func(c workspace.ItemID) bool { return c == card })
	at := len(list)
	if before != nil {
		if i := slices.Index(list, *before); i >= 0 {
			at = i
		}
	}
	return slices.Insert(list, at, card)
}

// severalPlaced is list after cards were put before another one.
func severalPlaced(list, cards []workspace.ItemID, before workspace.ItemID) []workspace.ItemID {
	at := slices.Index(list, before)
	if at < 0 {
		at = len(list)
	}
	moved := func(c workspace.ItemID) bool { return slices.Contains(cards, c) }
	above, below := slices.DeleteFunc(slices.Clone(list[:at]), moved), slices.DeleteFunc(slices.Clone(list[at:]), moved)
	return slices.Concat(above, cards, below)
}

// Whatever people do, the board keeps the order that the ranks say, and a card
// lands where it was put. Ranks of other servers may be equal.
func TestOrderAfterRandomActs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		for n := range rapid.IntRange(1, 60).Draw(t, "acts") {
			columns := tb.columns()
			column := rapid.SampledFrom(columns).Draw(t, "column")
			there := tb.cards(column)
			var before *workspace.ItemID
			if len(there) > 0 && rapid.Bool().Draw(t, "before something") {
				c := rapid.SampledFrom(there).Draw(t, "before")
				before = &c
			}
			var all []workspace.ItemID
			for _, c := range columns {
				all = append(all, tb.cards(c)...)
			}
			card := workspace.ItemID(fmt.Sprintf("k%d", n))
			choice := rapid.IntRange(0, 10).Draw(t, "act")
			if len(all) > 0 && choice > 2 {
				card = rapid.SampledFrom(all).Draw(t, "card")
			}
			switch {
			case len(all) == 0 || choice <= 2:
				tb.do(AddCard{Card: card, Title: "x", Column: column, Before: before})
				if got, want := tb.cards(column), placed(there, card, before); !slices.Equal(got, want) {
					t.Fatalf("added before %v: %v, want %v", before, got, want)
				}
			case choice <= 5:
				if before != nil && *before == card {
					continue
				}
				if err := tb.try(MoveCard{Card: card, Column: column, Before: before}); err != nil && workspace.AsError(err).Kind != workspace.Conflict {
					t.Fatalf("move: %v", err)
				}
				if got, want := tb.cards(column), placed(there, card, before); !slices.Equal(got, want) {
					t.Fatalf("%s moved before %v: %v, want %v", card, before, got, want)
				}
			case choice == 10: // several at once
				cards := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID[workspace.ItemID]).Draw(t, "cards")
				act := MoveCards{Cards: cards, Column: column}
				if before != nil {
					act.Before = *before
				}
				want := severalPlaced(there, cards, act.Before)
				if err := tb.try(act); err != nil && workspace.AsError(err).Kind != workspace.Conflict {
					t.Fatalf("move several: %v", err)
				} else if err != nil && !slices.Equal(there, want) {
					t.Fatalf("%v should not be idle: %v, want %v", act, there, want)
				}
				if got := tb.cards(column); !slices.Equal(got, want) {
					t.Fatalf("%v moved before %q: %v, want %v", cards, act.Before, got, want)
				}
			case choice == 6: // another server puts two cards into the same place
				other := rapid.SampledFrom(all).Draw(t, "twin")
				twin := tb.board.Card(other)
				tb.apply([]workspace.Op{{Item: card, Kind: KindCard, Set: map[string]workspace.Value{
					Rank: workspace.String(twin.Text(Rank)), Column: workspace.String(twin.Text(Column)),
				}}})
			case choice == 7:
				if rapid.Bool().Draw(t, "archive") {
					tb.do(ArchiveCard{Card: card, On: true})
					if rapid.Bool().Draw(t, "bring back") {
						tb.do(ArchiveCard{Card: card})
					}
					break
				}
				tb.do(DeleteCard{Card: card})
				if rapid.Bool().Draw(t, "restore") {
					tb.do(RestoreCard{Card: card})
				}
			case choice == 8 && len(columns) < 6:
				tb.do(AddColumn{Column: workspace.ItemID(fmt.Sprintf("c%d", n)), Title: "c", Before: &column})
			default:
				var at *workspace.ItemID
				if rapid.Bool().Draw(t, "before a column") {
					c := rapid.SampledFrom(columns).Draw(t, "column before")
					at = &c
				}
				if at == nil || *at != column {
					want := placed(columns, column, at)
					tb.do(MoveColumn{Column: column, Before: at})
					if got := tb.columns(); !slices.Equal(got, want) {
						t.Fatalf("column %s before %v: %v, want %v", column, at, got, want)
					}
				}
			}
			tb.check()
		}
	})
}

// Two servers gave neighbours the same rank: moving between them lands
// between them, and nothing else changes its place.
func TestMoveBetweenEqualRanks(t *testing.T) {
	t.Parallel()
	for _, twins := range []int{2, 3, 5} {
		for at := range twins + 1 {
			tb := newTable(t)
			var list []workspace.ItemID
			for i := range twins {
				c := workspace.ItemID(fmt.Sprintf("t%d", i))
				tb.do(AddCard{Card: c, Title: "x"})
				tb.apply([]workspace.Op{{Item: c, Kind: KindCard, Set: map[string]workspace.Value{Rank: workspace.String("a0")}}})
				list = append(list, c)
			}
			tb.do(AddCard{Card: "mover", Title: "x", Column: "doing"})
			var before *workspace.ItemID
			if at < twins {
				before = &list[at]
			}
			tb.do(MoveCard{Card: "mover", Column: "open", Before: before})
			if got, want := tb.cards("open"), slices.Insert(slices.Clone(list), at, "mover"); !slices.Equal(got, want) {
				t.Errorf("among %d twins before place %d: %v, want %v", twins, at, got, want)
			}
		}
	}
}

// Removing a column keeps every card, in order, below those of the other.
func TestRemoveColumnKeepsAllCards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tb := newTable(t)
		for i := range rapid.IntRange(0, 12).Draw(t, "cards") {
			column := rapid.SampledFrom([]workspace.ItemID{"open", "doing"}).Draw(t, "column")
			there := tb.cards(column)
			var before *workspace.ItemID
			if len(there) > 0 {
				before = &there[0]
			}
			tb.do(AddCard{Card: workspace.ItemID(fmt.Sprintf("k%d", i)), Title: "x", Column: column, Before: before})
		}
		from, into := tb.cards("open"), tb.cards("doing")
		if len(from) > 0 {
			if err := tb.try(RemoveColumn{Column: "open"}); workspace.AsError(err).Kind != workspace.Invalid {
				t.Fatalf("without a column for the cards: %v, want a refusal", err)
			}
			if err := tb.try(RemoveColumn{Column: "open", Into: "open"}); workspace.AsError(err).Kind != workspace.Invalid {
				t.Fatalf("into itself: %v, want a refusal", err)
			}
		}
		tb.do(RemoveColumn{Column: "open", Into: "doing"})
		if got, want := tb.cards("doing"), append(into, from...); !slices.Equal(got, want) {
			t.Fatalf("cards are %v, want %v", got, want)
		}
		if got := tb.columns(); !slices.Equal(got, []workspace.ItemID{"doing", "done"}) {
			t.Fatalf("columns are %v", got)
		}
		tb.check()
	})
}
