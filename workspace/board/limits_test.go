package board

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// A card has at most so many labels and people, by whatever way they come: one
// by one, all at once, several acts in one change, or by taking a change back.
// What was taken off makes room, and a set that is too big can shrink.
func TestSetsHaveALimit(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name string
		most int
	}{{Label, MaxLabels}, {Assignee, MaxAssignees}} {
		t.Run(set.name, func(t *testing.T) {
			t.Parallel()
			tb := newTable(t)
			member := func(n int) string {
				if set.name == Label {
					return fmt.Sprint("l", n)
				}
				user := id.UserID(fmt.Sprintf("@u%d:x.y", n))
				tb.room.Members[user] = workspace.Member{Membership: workspace.Joined}
				return string(user)
			}
			act := func(n int, on bool) Act {
				if set.name == Label {
					return LabelCard{Card: "a", Label: member(n), On: on}
				}
				return AssignCard{Card: "a", User: id.UserID(member(n)), On: on}
			}
			// several sets members from first on, with the others taken off.
			several := func(first, last int, off ...int) []workspace.Op {
				op := workspace.Op{Item: "a", Kind: KindCard, Set: map[string]workspace.Value{}}
				for n := first; n < last; n++ {
					op.Set[set.name+"/"+member(n)] = workspace.Bool(true)
				}
				for _, n := range off {
					op.Set[set.name+"/"+member(n)] = workspace.Value{}
				}
				return []workspace.Op{op}
			}
			try := func(ops []workspace.Op) (workspace.Commit, error) {
				tb.count++
				return tb.room.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(tb.count)), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon)
			}
			refused := func(what string, err error) {
				t.Helper()
				if err == nil || workspace.AsError(err).Kind != workspace.Invalid {
					t.Errorf("%s: got %v, want a refusal", what, err)
				}
				if n := len(tb.board.Card("a").Set(set.name)); n > set.most {
					t.Errorf("%s: the card has %d", what, n)
				}
			}
			tb.do(AddCard{Card: "a", Title: "x"})
			_, err := try(several(0, set.most+1))
			refused("all at once", err)
			tb.apply(several(0, set.most-1))
			_, err = try(several(set.most, set.most+2))
			refused("two where one fits", err)
			tb.apply(several(set.most, set.most+2, 0))
			ops, err := act(set.most+9, true).Ops(tb.board, anna, noon)
			if err == nil {
				_, err = try(ops)
			}
			refused("one more", err)
			ops, err = act(1, false).Ops(tb.board, anna, noon)
			if err != nil {
				t.Fatal(err)
			}
			took, err := try(ops)
			if err != nil {
				t.Fatal(err)
			}
			tb.do(act(set.most+9, true))
			ops, err = Undo{took}.Ops(tb.board, anna, noon)
			if err == nil {
				_, err = try(ops)
			}
			refused("by undo", err)

			// Another server's change was merged in meanwhile.
			big := *tb.board.Card("a")
			for _, n := range []int{500, 501, 502} {
				big.Fields = append(slices.Clip(big.Fields), workspace.Field{Name: set.name + "/" + member(n), Value: workspace.Bool(true)})
			}
			slices.SortFunc(big.Fields, func(a, b workspace.Field) int { return strings.Compare(a.Name, b.Name) })
			tb.room.Restore(&big)
			tb.do(act(500, false))
			if n := len(tb.board.Card("a").Set(set.name)); n != set.most+2 {
				t.Errorf("a set that is too big has %d after one was taken off, want %d", n, set.most+2)
			}
		})
	}
}
