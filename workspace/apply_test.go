package workspace_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// Law 9: bad input gets a clear error and nothing else changes.
func TestApplyRefusesAndChangesNothing(t *testing.T) {
	t.Parallel()
	set := func(item workspace.ItemID, kind workspace.Kind, name string, v workspace.Value) []workspace.Op {
		return []workspace.Op{{Item: item, Kind: kind, Set: map[string]workspace.Value{name: v}}}
	}
	text := workspace.String
	card := func(name string, v workspace.Value) []workspace.Op { return set("c", board.KindCard, name, v) }
	many := make([]workspace.Op, 20_001)
	for i := range many {
		many[i] = card("title", text("x"))[0]
	}
	wide := map[string]workspace.Value{}
	for i := range 201 {
		wide[fmt.Sprintf("label/%d", i)] = workspace.Bool(true)
	}
	for name, c := range map[string]struct {
		by   id.UserID
		ops  []workspace.Op
		want workspace.ErrorKind
	}{
		"a stranger":             {"@stranger:x.y", card("title", text("x")), workspace.Forbidden},
		"somebody without power": {guest, card("title", text("x")), workspace.Forbidden},
		"nothing":                {anna, nil, workspace.Invalid},
		"too much":               {anna, many, workspace.Invalid},
		"no fields":              {anna, []workspace.Op{{Item: "c", Kind: board.KindCard}}, workspace.Invalid},
		"too many fields":        {anna, []workspace.Op{{Item: "c", Kind: board.KindCard, Set: wide}}, workspace.Invalid},
		"a field without name":   {anna, card("", text("x")), workspace.Invalid},
		"a long field name":      {anna, card("label/"+strings.Repeat("x", 400), workspace.Bool(true)), workspace.Invalid},
		"an unknown kind":        {anna, set("c", "spaceship", "title", text("x")), workspace.Invalid},
		"an unknown field":       {anna, card("colour", text("x")), workspace.Invalid},
		"a bad item":             {anna, set("../c", board.KindCard, "title", text("x")), workspace.Invalid},
		"an empty item":          {anna, set("", board.KindCard, "title", text("x")), workspace.Invalid},
		"an empty title":         {anna, card("title", text("")), workspace.Invalid},
		"a title of 100 kB":      {anna, card("title", text(strings.Repeat("x", 100_000))), workspace.TooLarge},
		"a title of two lines":   {anna, card("title", text("a\nb")), workspace.Invalid},
		"a title turned around":  {anna, card("title", text("a\u202eb")), workspace.Invalid},
		"a title that is true":   {anna, card("title", workspace.Bool(true)), workspace.Invalid},
		"a long description":     {anna, card("description", text(strings.Repeat("x", 17*1024))), workspace.TooLarge},
		"a bad rank":             {anna, card("rank", text("!")), workspace.Invalid},
		"a bad day":              {anna, card("due", text("2026-02-30")), workspace.Invalid},
		"a bad person":           {anna, card("assignee/anna", workspace.Bool(true)), workspace.Invalid},
		"a bad label":            {anna, card("label/ x", workspace.Bool(true)), workspace.Invalid},
		"a bad event":            {anna, card("message", text("x")), workspace.Invalid},
		"a card done":            {anna, card("done", workspace.Bool(true)), workspace.Invalid},
		"one item twice":         {anna, append(card("title", text("a")), card("title", text("b"))...), workspace.Invalid},
		"good and bad":           {anna, append(card("title", text("good")), set("d", board.KindCard, "due", text("soon"))...), workspace.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, b := newBoardRoom("@werkraum:x.y")
			if _, err := r.Apply(workspace.Proposal{ID: "f", By: anna, Via: workspace.ViaBot, Ops: b.Furnish(workspace.German)}, noon); err != nil {
				t.Fatal(err)
			}
			before, seq := state(r), r.Seq
			_, err := r.Apply(workspace.Proposal{ID: "p", By: c.by, Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: c.ops}, noon)
			var refused *workspace.Error
			if !errors.As(err, &refused) || refused.Kind != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			} else if refused.Say.De == "" || refused.Say.En == "" || strings.Contains(refused.Say.De+refused.Say.En, "%!") {
				t.Errorf("the person reads %+v", refused.Say)
			}
			if state(r) != before || r.Seq != seq {
				t.Error("something changed")
			}
		})
	}
}

func TestReplacedRoomIsReadOnly(t *testing.T) {
	t.Parallel()
	r := newPlainRoom("@me:x")
	r.Successor = "!new:x.y"
	ops := []workspace.Op{{Item: "1", Kind: "note", Set: map[string]workspace.Value{"title": workspace.String("x")}}}
	if _, err := r.Apply(workspace.Proposal{By: anna, Via: workspace.ViaBot, Ops: ops}, noon); workspace.AsError(err).Kind != workspace.Conflict || r.Count() != 0 {
		t.Errorf("got %v and %d items, want a conflict and none", err, r.Count())
	}
}

// Stamps of one room only grow, whatever the wall clock does and whatever
// arrives from elsewhere.
func TestClockOnlyGrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := workspace.NewClock("@me:x", rapid.Uint64Range(0, 1<<60).Draw(t, "stored"))
		last := workspace.Stamp{Time: clock.Last()}
		for range rapid.IntRange(1, 50).Draw(t, "readings") {
			if rapid.IntRange(0, 4).Draw(t, "seen") == 0 {
				seen := workspace.Stamp{Time: rapid.Uint64Range(0, 1<<61).Draw(t, "foreign"), Origin: "@z:z"}
				clock.Observe(seen)
				last.Time = max(last.Time, seen.Time)
			}
			wall := time.UnixMilli(rapid.Int64Range(-1000, 4_000_000_000_000).Draw(t, "wall"))
			now := clock.Now(wall)
			if now.Time <= last.Time {
				t.Fatalf("%s is not after %s", now, last)
			}
			last = now
		}
	})
}

func TestStampText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func() workspace.Stamp {
			return workspace.Stamp{
				Time:   rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3)).Draw(t, "time"),
				Origin: rapid.SampledFrom([]string{"@a:x", "@b:x", "@a:y"}).Draw(t, "origin"),
			}
		}
		a, b := draw(), draw()
		if got, err := workspace.ParseStamp(a.String()); err != nil || got != a {
			t.Fatalf("%s is read as %s, %v", a, got, err)
		}
		if got, want := strings.Compare(a.String(), b.String()), a.Compare(b); got != want {
			t.Fatalf("texts of %s and %s compare %d, stamps %d", a, b, got, want)
		}
	})
	for _, bad := range []string{"", "x", "0000000000000001", "0000000000000001-", "000000000000000A-@a:x", "+000000000000001-@a:x", "00000000000000001-@a:x", "000000000000_001-@a:x"} {
		if got, err := workspace.ParseStamp(bad); err == nil {
			t.Errorf("%q is read as %v, want a refusal", bad, got)
		}
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	r := newPlainRoom("@me:x")
	r.Members["@left:x.y"] = workspace.Member{Membership: workspace.Left}
	r.Members["@owner:x.y"] = workspace.Member{Membership: workspace.Joined}
	r.Power.Creators = []id.UserID{"@owner:x.y"}
	r.Power.Users["@left:x.y"] = 100
	for _, c := range []struct {
		user                 id.UserID
		see, edit, configure bool
	}{
		{anna, true, true, true}, {ben, true, true, false}, {guest, true, false, false},
		{"@left:x.y", false, false, false}, {"@never:x.y", false, false, false}, {"@owner:x.y", true, true, true},
	} {
		for action, want := range map[workspace.Action]bool{workspace.See: c.see, workspace.Edit: c.edit, workspace.Configure: c.configure} {
			if got := r.Can(c.user, action) == nil; got != want {
				t.Errorf("%s, action %d: %v, want %v", c.user, action, got, want)
			}
		}
	}
	r.Power.Events = map[string]int{workspace.ChangeEvent: 50}
	if r.Can(ben, workspace.Edit) == nil || r.Can(anna, workspace.Edit) != nil {
		t.Error("the level for de.werkraum.change does not decide who may edit")
	}
}
