package whiteboard

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"werkraum/workspace"
)

// kept saves a version and returns what the store would hold of it.
func (s *stage) kept(version workspace.ItemID) []byte {
	s.t.Helper()
	s.must(anna, Save{Whiteboard: wb, Version: version, Title: "Stand " + string(version)})
	packed, err := Pack(s.Items(wb))
	if err != nil {
		s.t.Fatal(err)
	}
	return packed
}

func (s *stage) restore(version workspace.ItemID, packed []byte) Restore {
	s.t.Helper()
	elements, err := Packed(packed)
	if err != nil {
		s.t.Fatal(err)
	}
	return Restore{Whiteboard: wb, Version: version}.With(elements)
}

// shown is what is seen on the whiteboard, by element, without the versions of elements.
func (s *stage) shown() map[workspace.ItemID]string {
	all := map[workspace.ItemID]string{}
	for _, it := range s.Items(wb) {
		all[it.ID] = it.Text(Data) + it.Text(Frame) + it.Text(Card)
	}
	return all
}

// Whatever happens after a version was saved, restoring brings all of it back and nothing
// else, each element as a newer version than anybody has seen; taking that back brings back
// what was there before.
func TestRestoringBringsBackAllOfIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := setStage(t)
		seen := map[string]int{}
		deed := rapid.Custom(func(rt *rapid.T) []json.RawMessage {
			id := fmt.Sprint("e", rapid.IntRange(0, 5).Draw(rt, "element"))
			seen[id] += rapid.IntRange(1, 3).Draw(rt, "ahead")
			more := map[string]any{"x": rapid.IntRange(0, 3).Draw(rt, "x"), "isDeleted": rapid.Bool().Draw(rt, "gone"), "frameId": nil}
			if rapid.Bool().Draw(rt, "framed") {
				more["frameId"] = "f"
			}
			return []json.RawMessage{element(id, seen[id], more)}
		})
		happens := func(what string) {
			for _, e := range rapid.SliceOfN(deed, 0, 12).Draw(rt, what) {
				s.draw(anna, e...)
			}
		}
		happens("before")
		packed := s.kept("stand")
		then := s.shown()
		happens("after")
		now, was := s.shown(), map[string]revision{}
		for _, id := range []string{"e0", "e1", "e2", "e3", "e4", "e5"} {
			was[id] = revisionOf(s.element(wb, id))
		}
		commit, err := s.do(anna, s.restore("stand", packed))
		if maps.Equal(then, now) {
			if !refusedAs(err, workspace.Conflict) {
				rt.Fatalf("there is nothing to restore: %v", err)
			}
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		if got := s.shown(); !maps.Equal(got, then) {
			rt.Fatalf("it shows %v, want %v", got, then)
		}
		for _, op := range commit.Won {
			_, id, _ := Split(op.Item)
			if !revisionOf(s.element(wb, id)).newerThan(was[id]) {
				rt.Fatalf("%s is no newer than it was", id)
			}
		}
		ops, err := s.room.Undo(commit)
		if err != nil {
			rt.Fatal(err)
		}
		if _, err := s.room.Apply(workspace.Proposal{ID: "zurück", By: anna, Deeds: []workspace.Deed{workspace.UndoOwn}, Via: workspace.ViaWidget, Ops: ops}, noon); err != nil {
			rt.Fatal(err)
		}
		if got := s.shown(); !maps.Equal(got, now) {
			rt.Fatalf("taken back it shows %v, want %v", got, now)
		}
	})
}

// What is locked stays as it is, by this way too.
func TestRestoringRespectsLocks(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, element("fest", 1, nil), element("lose", 1, nil))
	packed := s.kept("stand")
	s.draw(anna, element("fest", 2, map[string]any{"x": 500}), element("neu", 1, nil))
	s.must(moderator, Lock{Whiteboard: wb, Elements: []string{"fest"}, On: true})
	if _, err := s.do(anna, s.restore("stand", packed)); !refusedAs(err, workspace.Forbidden) {
		t.Errorf("restoring over something locked: %v", err)
	}
	if s.element(wb, "neu").Deleted() {
		t.Error("a part of it was done")
	}
	s.must(moderator, s.restore("stand", packed))
	if s.element(wb, "fest").Text(Data) != s.shown()[ItemID(wb, "fest")] || !s.element(wb, "neu").Deleted() || !s.element(wb, "fest").True(Locked) {
		t.Error("it was not restored, or the lock is gone")
	}
	s.must(moderator, Lock{Whiteboard: wb, On: true})
	if _, err := s.do(anna, Forget{Whiteboard: wb, Version: "stand"}); !refusedAs(err, workspace.Forbidden) {
		t.Errorf("deleting a version of a locked whiteboard: %v", err)
	}
}

func TestVersionsThatAreNotThere(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, element("e", 1, nil))
	packed := s.kept("stand")
	const other workspace.ItemID = "oooooooooo0123456789"
	s.must(anna, Add{Whiteboard: other, Title: "Anderes"})
	for name, a := range map[string]workspace.Act{
		"one of another whiteboard": Restore{Whiteboard: other, Version: "stand"}.With(nil), "none": Restore{Whiteboard: wb, Version: "nie"}.With(nil),
		"one that nothing is stored of": Restore{Whiteboard: wb, Version: "stand"}, "no whiteboard": Save{Whiteboard: "x", Version: "y", Title: "z"},
		"forgetting one of another": Forget{Whiteboard: other, Version: "stand"},
	} {
		if _, err := s.do(anna, a); !refusedAs(err, workspace.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.do(anna, Save{Whiteboard: wb, Version: "stand", Title: "Noch einmal"}); !refusedAs(err, workspace.Conflict) {
		t.Errorf("the same ID again: %v", err)
	}
	if _, err := s.do(anna, Save{Whiteboard: wb, Version: "ohne", Title: " \u202e "}); !refusedAs(err, workspace.Invalid) {
		t.Errorf("without a name: %v", err)
	}
	if _, err := s.do(anna, Save{Whiteboard: wb, Version: "../x", Title: "Form"}); !refusedAs(err, workspace.Invalid) {
		t.Errorf("an ID of another form: %v", err)
	}
	forgotten := s.must(anna, Forget{Whiteboard: wb, Version: "stand"})
	if _, err := s.do(anna, s.restore("stand", packed)); !refusedAs(err, workspace.NotFound) {
		t.Errorf("one that was deleted: %v", err)
	}
	ops, err := s.room.Undo(forgotten)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.room.Apply(workspace.Proposal{ID: "zurück", By: anna, Deeds: []workspace.Deed{workspace.UndoOwn}, Via: workspace.ViaWidget, Ops: ops}, noon); err != nil {
		t.Fatal(err)
	}
	if len(s.Versions(wb)) != 1 {
		t.Error("it did not come back")
	}
}

// at does something at another time than noon.
func (s *stage) at(now time.Time, ops ...workspace.Op) {
	s.t.Helper()
	s.changes++
	if _, err := s.room.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(s.changes)), Via: workspace.ViaBot, Ops: ops}, now); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) drawAt(now time.Time, version int) (due bool) {
	s.t.Helper()
	ops, err := Draw{Whiteboard: wb, Elements: []json.RawMessage{element("e", version, nil)}}.Ops(s.room, anna, now)
	if err != nil {
		s.t.Fatal(err)
	}
	list := s.Due(ops, now)
	if len(list) > 0 {
		op, ok := s.Keep(wb, workspace.ItemID(fmt.Sprint("auto", s.changes)), now)
		if !ok {
			s.t.Fatal("there is no room for it")
		}
		s.at(now, op)
	}
	s.at(now, ops...)
	return len(list) > 0
}

// A state is kept before somebody begins again, and not while they go on, nor if nothing has
// changed since.
func TestStatesAreKeptBeforeNewWork(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	for i, step := range []struct {
		after time.Duration
		due   bool
	}{
		{0, false}, {9 * time.Minute, false}, // it was made a moment ago
		{10 * time.Minute, true}, {11 * time.Minute, false}, {19 * time.Minute, false}, {20 * time.Minute, true},
		{48 * time.Hour, true}, {48*time.Hour + time.Second, false},
		{time.Hour, true}, // the clock was set back
	} {
		if due := s.drawAt(noon.Add(step.after), i+1); due != step.due {
			t.Errorf("%d: after %s it is kept: %t, want %t", i, step.after, due, step.due)
		}
	}
	s = setStage(t)
	s.drawAt(noon, 1)
	s.at(noon.Add(time.Hour), versionOp("stand", map[string]workspace.Value{
		Of: workspace.String(string(wb)), Title: workspace.String("Fertig"), Created: workspace.String(noon.Add(time.Hour).Format(time.RFC3339)),
	}))
	if s.drawAt(noon.Add(24*time.Hour), 2) {
		t.Error("what somebody has saved is kept once more")
	}
}

// Of automatic versions all of a day stay, then one of each day for a month; what has gone
// leaves its place to the next, so that their number stays bounded.
func TestAutomaticVersionsThinOut(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	berlin := time.FixedZone("Berlin", 3600)
	names := map[workspace.ItemID]bool{}
	s.draw(anna, element("e", 1, nil))
	s.kept("benannt")
	now := noon
	for version := 2; now.Before(noon.AddDate(0, 0, 60)); version++ {
		now = now.Add(90 * time.Minute)
		s.drawAt(now, version)
		if at := s.NextWorn(berlin); !at.IsZero() && !now.Before(at) {
			s.at(now, s.Worn(now, berlin)...)
		}
		for _, it := range s.versions[wb] {
			names[it.ID] = true
		}
	}
	perDay, older := map[string]int{}, 0
	for _, it := range s.Versions(wb) {
		if !isAuto(it) {
			continue
		}
		age := now.Sub(createdAt(it))
		if age > 49*time.Hour { // midnight has come for those
			perDay[createdAt(it).In(berlin).Format(time.DateOnly)]++
		}
		if age > 31*24*time.Hour {
			older++
		}
	}
	if len(perDay) < 27 || older > 0 {
		t.Errorf("%d days are left, %d are older than a month", len(perDay), older)
	}
	for day, n := range perDay {
		if n != 1 {
			t.Errorf("of %s there are %d", day, n)
		}
	}
	if len(names) > 120 {
		t.Errorf("it took %d items", len(names))
	}
	if _, err := s.Version(wb, "benannt"); err != nil {
		t.Errorf("what somebody has saved: %v", err)
	}
	if s.NextWorn(berlin).Before(now) || s.NextWorn(time.UTC).Before(now) {
		t.Error("there would be something to do at once")
	}
}

// There are at most MaxVersions; automatic ones make room for those that people save.
func TestVersionsAreLimited(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, element("e", 1, nil))
	for i := range 3 {
		op, _ := s.Keep(wb, workspace.ItemID(fmt.Sprint("auto", i)), noon.Add(time.Duration(i)*time.Hour))
		s.at(noon, op)
	}
	for i := range MaxVersions {
		s.kept(workspace.ItemID(fmt.Sprint("stand", i)))
	}
	if n := len(s.Versions(wb)); n != MaxVersions {
		t.Errorf("there are %d", n)
	}
	if _, err := s.do(anna, Save{Whiteboard: wb, Version: "einer-noch", Title: "Noch einer"}); !refusedAs(err, workspace.Invalid) {
		t.Errorf("one more: %v", err)
	}
	if _, ok := s.Keep(wb, "auto9", noon); ok {
		t.Error("an automatic one finds a place")
	}
	// Deleting and saving in turn does not pile up without end either.
	for i := range 2 * MaxVersions {
		s.must(anna, Forget{Whiteboard: wb, Version: s.Versions(wb)[0].ID})
		s.kept(workspace.ItemID(fmt.Sprint("weiterer", i)))
	}
	held := 0
	for _, it := range s.versions[wb] {
		if s.Holds(it.ID) {
			held++
		}
	}
	if held > 2*MaxVersions {
		t.Errorf("%d are stored", held)
	}
	// What people have deleted is gone after a month, and cannot be brought back then.
	gone := s.must(anna, Forget{Whiteboard: wb, Version: s.Versions(wb)[0].ID})
	later := noon.AddDate(0, 0, 32)
	s.at(later, s.Worn(later, time.UTC)...)
	if s.Holds(gone.Won[0].Item) {
		t.Error("it is stored for ever")
	}
	if _, err := s.room.Undo(gone); !refusedAs(err, workspace.Conflict) {
		t.Errorf("bringing it back: %v", err)
	}
}

// What somebody has wiped away is gone after a month, with the words that stood on it; but nobody's
// old copy of it comes back, and a version brings it back.
func TestWipedElementsFade(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, element("bleibt", 1, nil), element("weg", 1, nil), element("danach", 1, nil))
	packed := s.kept("stand")
	wiped := s.must(anna, Draw{Whiteboard: wb, Elements: []json.RawMessage{element("weg", 5, map[string]any{"isDeleted": true})}})
	late := noon.AddDate(0, 0, 20)
	s.at(late, *s.drawn(wb, Element{ID: "danach", Deleted: true, revision: revision{2, 1}}, s.element(wb, "danach")))
	data := func(element string) string { return s.element(wb, element).Text(Data) }
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	if ops := s.Worn(day(29), time.UTC); len(ops) > 0 {
		t.Errorf("before its time %+v is taken away", ops)
	}
	if at := s.NextWorn(time.UTC); !at.Equal(day(31).Truncate(24 * time.Hour)) {
		t.Errorf("it is looked for at %v", at)
	}
	s.at(day(31), s.Worn(day(31), time.UTC)...)
	if data("weg") != "" || data("danach") == "" || data("bleibt") == "" {
		t.Errorf("there are %q, %q and %q", data("weg"), data("danach"), data("bleibt"))
	}
	if at := s.NextWorn(time.UTC); !at.Equal(day(51).Truncate(24 * time.Hour)) {
		t.Errorf("after that it is looked for at %v", at)
	}
	if _, err := s.room.Undo(wiped); !refusedAs(err, workspace.Conflict) {
		t.Errorf("taking back that it was wiped away: %v", err)
	}
	s.draw(anna, element("weg", 4, nil)) // an old copy
	if !s.element(wb, "weg").Deleted() {
		t.Error("an old copy brings it back")
	}
	s.must(anna, s.restore("stand", packed))
	if data("weg") == "" || s.element(wb, "weg").Deleted() {
		t.Error("restoring does not bring it back")
	}
}

// What is stored is what Excalidraw reads.
func TestPackedElements(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	packed, err := Pack(s.Items(wb))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := Unpack(packed); err != nil || string(plain) != `{"elements":[]}` {
		t.Errorf("nothing is %s, %v", plain, err)
	}
	s.draw(anna, element("b", 3, map[string]any{"x": 7}), element("a", 1, nil), element("weg", 1, nil))
	s.draw(anna, element("weg", 2, map[string]any{"isDeleted": true}))
	if packed, err = Pack(s.Items(wb)); err != nil {
		t.Fatal(err)
	}
	elements, err := Packed(packed)
	if err != nil || len(elements) != 2 {
		t.Fatalf("%d elements, %v", len(elements), err)
	}
	var b struct {
		ID        string
		X         float64
		Version   int
		Nonce     int `json:"versionNonce"`
		IsDeleted *bool
	}
	if err := json.Unmarshal(elements[1], &b); err != nil || b.ID != "b" || b.X != 7 || b.Version != 3 || b.Nonce != 1003 || b.IsDeleted == nil || *b.IsDeleted {
		t.Errorf("%s, %v", elements[1], err)
	}
	again, altered, err := Repack(packed, func(text string) string { return strings.ReplaceAll(text, `"x":7`, `"x":8`) })
	if err != nil || !altered {
		t.Fatal(altered, err)
	}
	if elements, err = Packed(again); err != nil || !strings.Contains(string(elements[1]), `"x":8`) {
		t.Errorf("%s, %v", elements[1], err)
	}
	if _, altered, _ = Repack(packed, func(text string) string { return text }); altered {
		t.Error("nothing was altered")
	}
	if _, err := Packed([]byte("kaputt")); err == nil {
		t.Error("anything is taken")
	}
}
