package workspace_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// plain is a surface that takes everything.
type plain struct{}

func (plain) Kinds() []workspace.Kind              { return []workspace.Kind{"note", "list"} }
func (plain) Check(workspace.Op) error             { return nil }
func (plain) Merged(before, after *workspace.Item) {}
func newPlainRoom(origin string) *workspace.Room {
	return withPeople(workspace.NewRoom("!r:x.y", origin, 0), plain{})
}
func newBoardRoom(origin string) (*workspace.Room, *board.Board) {
	r := withPeople(workspace.NewRoom("!r:x.y", origin, 0), nil)
	return r, board.New(r)
}

const (
	anna  = id.UserID("@anna:x.y")
	ben   = id.UserID("@ben:x.y")
	guest = id.UserID("@guest:x.y")
)

func withPeople(r *workspace.Room, s workspace.Surface) *workspace.Room {
	for _, u := range []id.UserID{anna, ben, guest} {
		r.Members[u] = workspace.Member{Membership: workspace.Joined}
	}
	r.Power.Users = map[id.UserID]int{anna: 50, guest: -1}
	r.Power.StateDefault = 50
	if s != nil {
		r.AddSurface(s)
	}
	return r
}

// state is all that merging decides: every field with its stamp.
func state(r *workspace.Room) string {
	var lines []string
	for it := range r.Items {
		for _, f := range it.Fields {
			lines = append(lines, fmt.Sprintf("%s/%s %s=%s at %s", it.Kind, it.ID, f.Name, f.Value.AppendJSON(nil), f.At))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// values is what people see: every field that is not empty.
func values(r *workspace.Room) map[string]string {
	all := map[string]string{}
	for it := range r.Items {
		for _, f := range it.Fields {
			if !f.Value.IsNull() {
				all[fmt.Sprintf("%s/%s %s", it.Kind, it.ID, f.Name)] = string(f.Value.AppendJSON(nil))
			}
		}
	}
	return all
}

func drawValue(t *rapid.T) workspace.Value {
	switch rapid.IntRange(0, 3).Draw(t, "value kind") {
	case 0:
		return workspace.Value{}
	case 1:
		return workspace.Bool(rapid.Bool().Draw(t, "bool"))
	case 2:
		return workspace.Int(rapid.Int64Range(-2, 2).Draw(t, "int"))
	}
	return workspace.String(rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "text"))
}

func drawOp(t *rapid.T) workspace.Op {
	op := workspace.Op{
		Item: rapid.SampledFrom([]workspace.ItemID{"1", "2", "3"}).Draw(t, "item"),
		Kind: rapid.SampledFrom([]workspace.Kind{"note", "list"}).Draw(t, "kind"),
		Set:  map[string]workspace.Value{},
	}
	for range rapid.IntRange(1, 4).Draw(t, "fields") {
		op.Set[rapid.SampledFrom([]string{"title", "set/a", "set/b", workspace.Deleted}).Draw(t, "field")] = drawValue(t)
	}
	return op
}

// Few times and origins, so that stamps often tie, even with different values
// under one stamp, as only a hostile server would send.
func drawChange(t *rapid.T) workspace.Change {
	c := workspace.Change{At: workspace.Stamp{
		Time:   rapid.Uint64Range(1, 5).Draw(t, "time"),
		Origin: rapid.SampledFrom([]string{"@a:x", "@b:y", "@c:z"}).Draw(t, "origin"),
	}}
	for range rapid.IntRange(1, 3).Draw(t, "ops") {
		c.Ops = append(c.Ops, drawOp(t))
	}
	return c
}

// Law 2: any order, any repetition, the same state.
func TestMergeIsCommutativeAssociativeIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		changes := rapid.SliceOfN(rapid.Custom(drawChange), 1, 12).Draw(t, "changes")
		deliver := func(list []workspace.Change) string {
			r := newPlainRoom("@me:x")
			for _, c := range list {
				r.Merge(c)
			}
			return state(r)
		}
		want := deliver(changes)
		again := rapid.Permutation(changes).Draw(t, "order")
		for range rapid.IntRange(0, 5).Draw(t, "repetitions") {
			again = append(again, rapid.SampledFrom(changes).Draw(t, "repeated"))
		}
		if got := deliver(again); got != want {
			t.Fatalf("in another order and repeated:\n%s\nwant\n%s", got, want)
		}
		// Grouping: one operation at a time is the same as the whole change.
		var single []workspace.Change
		for _, c := range changes {
			for _, op := range c.Ops {
				single = append(single, workspace.Change{At: c.At, Ops: []workspace.Op{op}})
			}
		}
		if got := deliver(rapid.Permutation(single).Draw(t, "single operations")); got != want {
			t.Fatalf("operation by operation:\n%s\nwant\n%s", got, want)
		}
	})
}

// What a commit says to have won is what changed, and Before is what was there.
func TestCommitTellsWhatChanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := newPlainRoom("@me:x")
		for range rapid.IntRange(1, 10).Draw(t, "changes") {
			before := map[string]string{}
			maps.Copy(before, values(r))
			change := drawChange(t)
			change.Ops = change.Ops[:1] // Apply refuses two operations on one item
			c := r.Merge(change)
			told := map[string]string{}
			maps.Copy(told, before)
			for i, op := range c.Won {
				for name, v := range op.Set {
					key := fmt.Sprintf("%s/%s %s", op.Kind, op.Item, name)
					old := c.Before[i].Set[name]
					if !old.IsNull() && before[key] == "" {
						t.Fatalf("%s is said to have held %s, held nothing", key, old.AppendJSON(nil))
					}
					delete(told, key)
					if !v.IsNull() {
						told[key] = string(v.AppendJSON(nil))
					}
				}
			}
			if now := values(r); !maps.Equal(now, told) {
				t.Fatalf("the commit tells %v, the room holds %v", told, now)
			}
		}
	})
}

// server is one of several Werkraum servers in a room.
type server struct {
	room  *workspace.Room
	board *board.Board
	made  []workspace.Change
}

// Three servers work on one board, sometimes cut off from each other, with
// clocks that are wrong and jump; when all has arrived they show the same.
func TestServersAgreeAfterPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		servers := make([]*server, 3)
		for i := range servers {
			s := &server{}
			s.room, s.board = newBoardRoom(fmt.Sprintf("@werkraum:%d", i))
			servers[i] = s
		}
		start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		furnish, err := servers[0].room.Apply(workspace.Proposal{ID: "f", By: anna, Via: workspace.ViaBot, Ops: servers[0].board.Furnish(workspace.German)}, start)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range servers[1:] {
			s.room.Merge(furnish.Change)
		}
		count := 0
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			s := servers[rapid.IntRange(0, 2).Draw(t, "server")]
			if rapid.IntRange(0, 4).Draw(t, "exchange") == 0 { // a part arrives, in any order
				from := servers[rapid.IntRange(0, 2).Draw(t, "from")]
				if len(from.made) > 0 {
					s.room.Merge(rapid.SampledFrom(from.made).Draw(t, "change"))
				}
				continue
			}
			count++
			wall := start.Add(time.Duration(rapid.IntRange(-120, 120).Draw(t, "wall")) * time.Second)
			ops, err := drawAct(t, s.board, count).Ops(s.board, anna, wall)
			if err != nil {
				continue
			}
			c, err := s.room.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(count)), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, wall)
			if err != nil {
				t.Fatalf("an act of the board made a bad change: %v", err)
			}
			s.made = append(s.made, c.Change)
		}
		var all []workspace.Change
		for _, s := range servers {
			all = append(all, s.made...)
		}
		for i, s := range servers {
			if len(all) > 0 {
				for _, c := range rapid.Permutation(all).Draw(t, fmt.Sprintf("arrival at %d", i)) {
					s.room.Merge(c)
				}
			}
			if got, want := state(s.room), state(servers[0].room); got != want {
				t.Fatalf("server %d holds\n%s\nwant\n%s", i, got, want)
			}
			if got, want := order(s.board), order(servers[0].board); got != want {
				t.Fatalf("server %d shows\n%s\nwant\n%s", i, got, want)
			}
		}
	})
}

// order is what people see from left to right and top to bottom.
func order(b *board.Board) string {
	var out strings.Builder
	for _, c := range b.Columns() {
		fmt.Fprintf(&out, "%s:", c.ID)
		for _, card := range b.Cards(c.ID, -1) {
			fmt.Fprintf(&out, " %s", card.ID)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// drawAct is anything that people do on a board; n is unique.
func drawAct(t *rapid.T, b *board.Board, n int) board.Act {
	var cards, columns []workspace.ItemID
	for _, c := range b.Columns() {
		columns = append(columns, c.ID)
		for _, card := range b.Cards(c.ID, -1) {
			cards = append(cards, card.ID)
		}
	}
	slices.Sort(cards)
	column := rapid.SampledFrom(append(columns, "gone")).Draw(t, "column")
	var before *workspace.ItemID
	if len(cards) > 0 && rapid.Bool().Draw(t, "before something") {
		at := rapid.SampledFrom(cards).Draw(t, "before")
		before = &at
	}
	if len(cards) == 0 || rapid.IntRange(0, 3).Draw(t, "add") == 0 {
		return board.AddCard{Card: workspace.ItemID(fmt.Sprintf("card%d", n)), Title: "x", Column: column, Before: before}
	}
	card := rapid.SampledFrom(cards).Draw(t, "card")
	switch rapid.IntRange(0, 8).Draw(t, "act") {
	case 0, 1, 2:
		return board.MoveCard{Card: card, Column: column, Before: before}
	case 3:
		return board.DeleteCard{Card: card}
	case 4:
		return board.FinishCard{Card: card}
	case 5:
		title := fmt.Sprintf("title %d", n)
		return board.EditCard{Card: card, Title: &title}
	case 6:
		return board.AddColumn{Column: workspace.ItemID(fmt.Sprintf("column%d", n)), Title: "c", Before: nil}
	case 7:
		return board.MoveColumn{Column: column, Before: &columns[0]}
	}
	return board.AssignCard{Card: card, User: rapid.SampledFrom([]id.UserID{anna, ben}).Draw(t, "person"), On: rapid.Bool().Draw(t, "on")}
}
