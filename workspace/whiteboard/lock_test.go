package whiteboard

import (
	"encoding/json"
	"testing"

	"werkraum/workspace"
)

// What a moderator has locked stays as it is, whatever is sent by whom else and on which
// way, until it is unlocked.
func TestLockedStays(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]Lock{
		"an element": {Whiteboard: wb, Elements: []string{"inside"}, On: true},
		"its frame":  {Whiteboard: wb, Elements: []string{"frame"}, On: true},
		"everything": {Whiteboard: wb, On: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setStage(t)
			s.draw(anna, element("frame", 1, map[string]any{"type": "frame", "name": "Ziele"}), element("inside", 1, map[string]any{"frameId": "frame"}))
			drawn := s.draw(anna, element("inside", 2, map[string]any{"frameId": "frame", "x": 5}))
			if _, err := s.do(anna, lock); !refusedAs(err, workspace.Forbidden) {
				t.Fatalf("Anna locks it: %v", err)
			}
			s.must(moderator, lock)
			before := s.element(wb, "inside")
			undo, err := s.room.Undo(drawn)
			if err != nil {
				t.Fatal(err)
			}
			for what, try := range map[string]func() error{
				"moved":     func() error { return s.try(element("inside", 3, map[string]any{"frameId": "frame", "x": 9})) },
				"taken out": func() error { return s.try(element("inside", 3, nil)) },
				"deleted":   func() error { return s.try(element("inside", 3, map[string]any{"isDeleted": true})) },
				"unlocked": func() error {
					_, err := s.do(anna, Lock{Whiteboard: lock.Whiteboard, Elements: lock.Elements})
					return err
				},
				"taken back": func() error {
					_, err := s.room.Apply(workspace.Proposal{ID: "back", By: anna, Deeds: []workspace.Deed{workspace.UndoOwn}, Via: workspace.ViaWidget, Ops: undo}, noon)
					return err
				},
			} {
				if err := try(); !refusedAs(err, workspace.Forbidden) {
					t.Errorf("it is %s: %v", what, err)
				}
			}
			if s.element(wb, "inside") != before {
				t.Error("it has changed")
			}
			if lock.Elements == nil || lock.Elements[0] == "frame" {
				if err := s.try(element("new", 1, map[string]any{"frameId": "frame"})); !refusedAs(err, workspace.Forbidden) {
					t.Errorf("something is put in: %v", err)
				}
			}
			s.draw(moderator, element("inside", 3, map[string]any{"frameId": "frame", "x": 7}))
			lock.On = false
			s.must(moderator, lock)
			s.draw(anna, element("inside", 4, map[string]any{"frameId": "frame", "x": 8}))
		})
	}
}

func (s *stage) try(e json.RawMessage) error {
	_, err := s.do(anna, Draw{Whiteboard: wb, Elements: []json.RawMessage{e}})
	return err
}

// Who may not send changes in the room alters nothing.
func TestReadersDrawNothing(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	for _, a := range []workspace.Act{Add{Whiteboard: "a0000000000000000000", Title: "x"}, Edit{Whiteboard: wb, Title: "y"}, Remove{Whiteboard: wb}, Draw{Whiteboard: wb, Elements: []json.RawMessage{element("e", 1, nil)}}, ToCard{Whiteboard: wb}, Lock{Whiteboard: wb, On: true}} {
		if _, err := s.do("@leser:amt.example", a); !refusedAs(err, workspace.Forbidden) {
			t.Errorf("%T: %v", a, err)
		}
	}
}
