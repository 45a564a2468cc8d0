package whiteboard

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

const (
	anna      id.UserID        = "@anna:amt.example"  // may edit
	moderator id.UserID        = "@maria:amt.example" // may moderate
	wb        workspace.ItemID = "wwwwwwwwww0123456789"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// stage is a room with a whiteboard and a board.
type stage struct {
	t    *testing.T
	room *workspace.Room
	*Whiteboards
	changes int
}

func setStage(t *testing.T) *stage {
	t.Helper()
	r := workspace.NewRoom("!room:amt.example", "@werkraum:amt.example", 0)
	r.Power = workspace.Power{Users: map[id.UserID]int{anna: 10, moderator: 50}, Events: map[string]int{workspace.ChangeEvent: 10}, Redact: 50, StateDefault: 100}
	for _, user := range []id.UserID{anna, moderator, "@leser:amt.example"} {
		r.Members[user] = workspace.Member{Membership: workspace.Joined}
	}
	board.New(r)
	s := &stage{t: t, room: r, Whiteboards: New(r)}
	s.must(anna, board.On(board.AddColumn{Column: "open", Title: "Offen"}))
	s.must(anna, Add{Whiteboard: wb, Title: "Skizze"})
	return s
}

// do has somebody do an act.
func (s *stage) do(by id.UserID, a workspace.Act) (workspace.Commit, error) {
	if err := s.room.May(by, a.Deeds(by)...); err != nil {
		return workspace.Commit{}, err
	}
	ops, err := a.Ops(s.room, by, noon)
	if err != nil || len(ops) == 0 {
		return workspace.Commit{}, err
	}
	s.changes++
	return s.room.Apply(workspace.Proposal{ID: workspace.ChangeID(fmt.Sprint(s.changes)), By: by, Deeds: a.Deeds(by), Via: workspace.ViaWidget, Ops: ops}, noon)
}

func (s *stage) must(by id.UserID, a workspace.Act) workspace.Commit {
	s.t.Helper()
	c, err := s.do(by, a)
	if err != nil {
		s.t.Fatalf("%T: %v", a, err)
	}
	return c
}

func (s *stage) draw(by id.UserID, elements ...json.RawMessage) workspace.Commit {
	s.t.Helper()
	return s.must(by, Draw{Whiteboard: wb, Elements: elements})
}

// element is one as Excalidraw writes it; more adds fields or replaces them.
func element(id string, version int, more map[string]any) json.RawMessage {
	e := map[string]any{
		"id": id, "type": "rectangle", "x": 10.123, "y": -20, "width": 100, "height": 50.5, "angle": 0, "strokeColor": "#1e1e1e", "backgroundColor": "transparent",
		"fillStyle": "solid", "strokeWidth": 2, "strokeStyle": "solid", "roughness": 1, "opacity": 100, "groupIds": []string{}, "frameId": nil, "index": "a0",
		"roundness": map[string]any{"type": 3}, "seed": 1, "version": version, "versionNonce": 1000 + version, "isDeleted": false, "boundElements": []any{},
		"updated": 1, "link": nil, "locked": false,
	}
	maps.Copy(e, more)
	raw, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return raw
}

func note(id, text string) []json.RawMessage {
	return []json.RawMessage{
		element(id, 1, map[string]any{"boundElements": []any{map[string]any{"id": id + "-t", "type": "text"}}, "customData": map[string]any{"note": true}}),
		element(id+"-t", 1, map[string]any{"type": "text", "text": text, "originalText": text, "fontSize": 20, "fontFamily": 5, "containerId": id}),
	}
}

func refusedAs(err error, kind workspace.ErrorKind) bool {
	refusal, ok := errors.AsType[*workspace.Error](err)
	return ok && refusal.Kind == kind
}
