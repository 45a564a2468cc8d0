package appservice

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

const sheet workspace.ItemID = "sheet000000000000000"

func drawn(name string, version int) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"id":%q,"type":"rectangle","x":%d,"y":0,"width":10,"height":10,"version":%d,"versionNonce":1,"isDeleted":false}`, name, version, version))
}

// try has somebody do something on the page.
func (s *stage) try(by id.UserID, change string, a workspace.Act) error {
	s.t.Helper()
	done := make(chan error, 1)
	s.Do(room, by, workspace.ChangeID(change), a, func(_ int64, err error) { done <- err })
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		s.t.Fatalf("%T is not answered", a)
		return nil
	}
}

func (s *stage) must(change string, a workspace.Act) {
	s.t.Helper()
	if err := s.try(anna, change, a); err != nil {
		s.t.Fatalf("%T: %v", a, err)
	}
}

func (s *stage) draw(name string, version int) {
	s.t.Helper()
	s.must(fmt.Sprint("draw-", name, "-", version), whiteboard.Draw{Whiteboard: sheet, Elements: []json.RawMessage{drawn(name, version)}})
}

// versions are those of the whiteboard that are seen.
func (s *stage) versions() (list []*workspace.Item) {
	s.t.Helper()
	s.view(func(v watch.View) { list = whiteboard.In(v.Room).Versions(sheet) })
	return list
}

// holding is what a version holds, as somebody gets it.
func (s *stage) holding(version workspace.ItemID) string {
	s.t.Helper()
	packed, err := s.OpenVersion(s.t.Context(), room, mia, sheet, version)
	if err != nil {
		s.t.Fatal(err)
	}
	plain, err := whiteboard.Unpack(packed)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(plain)
}

// onSheet is where elements are on the whiteboard.
func (s *stage) onSheet() string {
	s.t.Helper()
	var list []string
	s.view(func(v watch.View) {
		for _, it := range whiteboard.In(v.Room).Items(sheet) {
			_, name, _ := whiteboard.Split(it.ID)
			_, x, _ := strings.Cut(it.Text(whiteboard.Data), `"x":`)
			x, _, _ = strings.Cut(x, ",")
			list = append(list, name+"="+x)
		}
	})
	if len(list) > 1 && list[0] > list[1] {
		list[0], list[1] = list[1], list[0]
	}
	return strings.Join(list, " ")
}

func refusedAs(err error, kind workspace.ErrorKind) bool {
	refusal, ok := errors.AsType[*workspace.Error](err)
	return ok && refusal.Kind == kind
}

// Somebody saves a state, it is altered, and brought back; a restart changes nothing of that.
// Sent again, the same is done once.
func TestSavedStateIsBroughtBack(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	end := s.life()
	s.must("add", whiteboard.Add{Whiteboard: sheet, Title: "Skizze"})
	s.draw("a", 1)
	for range 2 {
		s.must("save", whiteboard.Save{Whiteboard: sheet, Version: "stand", Title: "Erster Stand"})
	}
	s.draw("a", 5)
	s.draw("b", 1)
	if list := s.versions(); len(list) != 1 || list[0].Text(whiteboard.Title) != "Erster Stand" || list[0].Text(whiteboard.CreatedBy) != string(anna) {
		t.Fatalf("the versions are %v", list)
	}
	if got := s.holding("stand"); !strings.Contains(got, `"x":1,`) || !strings.Contains(got, `"version":1,"versionNonce":1,"isDeleted":false`) || strings.Contains(got, `"b"`) {
		t.Errorf("it holds %s", got)
	}
	s.again(end)
	s.start()
	s.must("restore", whiteboard.Restore{Whiteboard: sheet, Version: "stand"})
	if got := s.onSheet(); got != "a=1" {
		t.Errorf("there is %s", got)
	}
	await(t, "what was there before to be kept", func() bool { return len(s.versions()) == 2 })
	done := make(chan error, 1)
	s.Undo(room, anna, "undo", "restore", func(_ int64, err error) { done <- err })
	if err := <-done; err != nil || s.onSheet() != "a=5 b=1" {
		t.Errorf("taken back there is %s, %v", s.onSheet(), err)
	}
	for name, c := range map[string]struct {
		user     id.UserID
		on, what workspace.ItemID
		want     workspace.ErrorKind
	}{
		"a stranger": {"@fremd:c.example", sheet, "stand", workspace.Forbidden}, "none": {mia, sheet, "nie", workspace.NotFound}, "another whiteboard": {mia, "other000000000000000", "stand", workspace.NotFound},
	} {
		if _, err := s.OpenVersion(t.Context(), room, c.user, c.on, c.what); !refusedAs(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.try("@fremd:c.example", "foreign", whiteboard.Save{Whiteboard: sheet, Version: "fremd", Title: "x"}); !refusedAs(err, workspace.Forbidden) {
		t.Errorf("a stranger saves: %v", err)
	}
}

// Before new work begins the state is kept; when its time is over it goes, with what it held.
func TestStateIsKeptByItself(t *testing.T) {
	t.Parallel()
	s, set := atTime(t, "2026-11-26T10:00:00Z")
	end := s.life()
	s.must("add", whiteboard.Add{Whiteboard: sheet, Title: "Skizze"})
	s.draw("a", 1)
	set("2026-11-26T10:20:00Z")
	s.draw("a", 2)
	await(t, "the state to be kept", func() bool { return len(s.versions()) == 1 })
	first := s.versions()[0]
	if got := s.holding(first.ID); !strings.Contains(got, `"x":1,`) || !first.True(whiteboard.Auto) {
		t.Errorf("it holds %s", got)
	}
	set("2026-11-26T10:25:00Z")
	s.draw("a", 3)
	set("2026-11-26T10:40:00Z")
	s.draw("a", 4)
	await(t, "another one", func() bool { return len(s.versions()) == 2 })
	if got := s.holding(s.versions()[1].ID); !strings.Contains(got, `"x":3,`) {
		t.Errorf("the second one holds %s", got)
	}
	// The room is not in memory when their time comes.
	s.again(end)
	set("2026-11-28T00:00:10+01:00")
	if rooms, err := s.store.Alarms(t.Context(), s.now(), 10); err != nil || len(rooms) != 1 {
		t.Fatalf("rooms to be woken: %v, %v", rooms, err)
	}
	s.start()
	await(t, "the first of the day to go", func() bool { return len(s.versions()) == 1 })
	if _, err := s.store.VersionOf(t.Context(), room, first.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what it held is still stored: %v", err)
	}
	set("2026-12-28T00:00:10+01:00")
	await(t, "the last one to go", func() bool { s.look(); return len(s.versions()) == 0 })
}

// A version and what it holds are stored together or not at all.
func TestVersionIsStoredAsAWhole(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	end := s.life()
	s.must("add", whiteboard.Add{Whiteboard: sheet, Title: "Skizze"})
	s.draw("a", 1)
	s.script(`CREATE TRIGGER broken BEFORE INSERT ON versions BEGIN SELECT RAISE(ABORT, 'no'); END`)
	if err := s.try(anna, "save", whiteboard.Save{Whiteboard: sheet, Version: "stand", Title: "Stand"}); err == nil {
		t.Error("it is acknowledged, and cannot be stored")
	}
	s.again(end)
	s.start()
	if list := s.versions(); len(list) != 0 {
		t.Errorf("there is %v, which holds nothing", list)
	}
	s.script(`DROP TRIGGER broken`)
	s.must("save", whiteboard.Save{Whiteboard: sheet, Version: "stand", Title: "Stand"})
	if got := s.holding("stand"); !strings.Contains(got, `"x":1,`) {
		t.Errorf("it holds %s", got)
	}
}

// A command that saves does without the page's way.
func TestSavingWithoutThePage(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.must("add", whiteboard.Add{Whiteboard: sheet, Title: "Skizze"})
	s.draw("a", 1)
	err := s.rooms.worker(room).await(t.Context(), job{run: func(w *worker, st *step) error {
		if _, err := w.act(st, anna, workspace.ViaCommand, "save", whiteboard.Save{Whiteboard: sheet, Version: "stand", Title: "Stand"}); err != nil {
			return err
		}
		_, err := w.act(st, anna, workspace.ViaCommand, "draw", whiteboard.Draw{Whiteboard: sheet, Elements: []json.RawMessage{drawn("a", 7)}})
		if err == nil { // in the very same step
			_, err = w.act(st, anna, workspace.ViaCommand, "restore", whiteboard.Restore{Whiteboard: sheet, Version: "stand"})
		}
		return err
	}})
	if err != nil || s.onSheet() != "a=1" || !strings.Contains(s.holding("stand"), `"x":1,`) {
		t.Errorf("%v: there is %s", err, s.onSheet())
	}
}
