package workspace_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Undo gives back what was there, except what others wrote since.
func TestUndo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, b := newBoardRoom("@werkraum:x.y")
		apply := func(n int, ops []workspace.Op, undoes workspace.ChangeID) workspace.Commit {
			c, err := r.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(n)), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops, Undoes: undoes}, noon)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		apply(0, b.Furnish(workspace.German), "")
		count := 0
		act := func() (workspace.Commit, bool) {
			count++
			ops, err := drawAct(t, b, count).Ops(b, anna, noon)
			if err != nil {
				return workspace.Commit{}, false
			}
			return apply(count, ops, ""), true
		}
		for range rapid.IntRange(0, 10).Draw(t, "acts before") {
			act()
		}
		before := values(r)
		mine, ok := act()
		if !ok {
			return
		}
		between := values(r)
		wrote := map[string]bool{}
		for range rapid.IntRange(0, 3).Draw(t, "acts of others") {
			if c, ok := act(); ok {
				for _, op := range c.Won {
					for name := range op.Set {
						wrote[fmt.Sprintf("%s/%s %s", op.Kind, op.Item, name)] = true
					}
				}
			}
		}
		now := values(r)
		ops, err := r.Undo(mine)
		if err == nil {
			apply(1000, ops, mine.Change.ID)
		}
		after := values(r)
		fresh := map[string]bool{}
		for _, k := range mine.Fresh {
			fresh[fmt.Sprintf("%s/%s ", k.Kind, k.ID)] = true
			if it := r.Item(k); !it.Deleted() {
				t.Fatalf("%s was made by the change and is still there", k.ID)
			}
		}
		keys := map[string]bool{}
		for _, m := range []map[string]string{before, between, now, after} {
			for k := range m {
				keys[k] = true
			}
		}
		for k := range keys {
			item := k[:strings.IndexByte(k, ' ')+1]
			switch {
			case fresh[item]:
			case wrote[k] || before[k] == between[k]:
				if after[k] != now[k] {
					t.Fatalf("%s was not the change's any more, became %q, want %q", k, after[k], now[k])
				}
			case after[k] != before[k]:
				t.Fatalf("%s is %q after undo, want %q as before", k, after[k], before[k])
			}
		}
		if len(wrote) == 0 && len(mine.Fresh) == 0 && !maps.Equal(after, before) {
			t.Fatalf("undo of the last change gives %v, want %v", after, before)
		}
	})
}

// Whoever knows its ID cannot take back what the bot noted: the columns that it
// made, or which message belongs to a card.
func TestUndoLeavesTheBotsBookkeeping(t *testing.T) {
	t.Parallel()
	r, b := newBoardRoom("@werkraum:x.y")
	for via, want := range map[workspace.Via]bool{
		workspace.ViaBot: false, "": false, "webhook": false,
		workspace.ViaWidget: true, workspace.ViaCommand: true, workspace.ViaReaction: true,
	} {
		ops, err := board.AddColumn{Column: workspace.ItemID("c-" + via), Title: "x"}.Ops(b, anna, noon)
		if err != nil {
			t.Fatal(err)
		}
		c, err := r.Apply(workspace.Proposal{ID: workspace.ChangeID(via), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: via, Ops: ops}, noon)
		if err != nil {
			t.Fatal(err)
		}
		ops, err = r.Undo(c)
		if refused := err != nil && workspace.AsError(err).Kind == workspace.Forbidden && len(ops) == 0; refused == want {
			t.Errorf("a change via %q: got %v, want it undone: %v", via, err, want)
		}
	}
}

func TestUndoOfUndoIsRedo(t *testing.T) {
	t.Parallel()
	r := newPlainRoom("@me:x")
	set := func(id string, value string) workspace.Commit {
		c, err := r.Apply(workspace.Proposal{ID: workspace.ChangeID(id), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: []workspace.Op{
			{Item: "1", Kind: "note", Set: map[string]workspace.Value{"title": workspace.String(value)}},
		}}, noon)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	set("a", "one")
	second := set("b", "two")
	key := workspace.Key{Kind: "note", ID: "1"}
	for i, want := range []string{"one", "two", "one"} {
		ops, err := r.Undo(second)
		if err != nil {
			t.Fatal(err)
		}
		second, err = r.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(i)), By: anna, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Item(key).Text("title"); got != want {
			t.Errorf("after undo %d: %q, want %q", i+1, got, want)
		}
	}
	set("c", "three")
	if _, err := r.Undo(second); workspace.AsError(err).Kind != workspace.Conflict {
		t.Errorf("undo of what was written over: %v, want a conflict", err)
	}
}
