package whiteboard

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"werkraum/workspace"
)

// What no browser of ours sends is refused with its kind, and the whiteboard stays as it was.
func TestBadElementsAreRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	points := make([][2]int, MaxPoints+1)
	text := func(more map[string]any) json.RawMessage {
		base := map[string]any{"type": "text", "text": "x", "originalText": "x", "fontSize": 20}
		maps.Copy(base, more)
		return element("bad", 1, base)
	}
	for name, c := range map[string]struct {
		raw  json.RawMessage
		want workspace.ErrorKind
	}{
		"no object":                    {json.RawMessage(`[]`), workspace.Invalid},
		"nothing":                      {json.RawMessage(`null`), workspace.Invalid},
		"an unknown type":              {element("bad", 1, map[string]any{"type": "script"}), workspace.Invalid},
		"a frame from elsewhere":       {element("bad", 1, map[string]any{"type": "iframe", "link": "https://example.org/"}), workspace.Invalid},
		"a foreign page":               {element("bad", 1, map[string]any{"type": "embeddable", "link": "https://example.org/"}), workspace.Invalid},
		"an ID with a path":            {element("../bad", 1, nil), workspace.Invalid},
		"a long ID":                    {element(strings.Repeat("b", 44), 1, nil), workspace.Invalid},
		"no version":                   {element("bad", 0, nil), workspace.Invalid},
		"a version that overflows":     {json.RawMessage(strings.Replace(string(element("bad", 1, nil)), `"version":1,`, `"version":9223372036854775808,`, 1)), workspace.Invalid},
		"a version far ahead":          {element("bad", maxLeap+2, nil), workspace.Invalid},
		"a fraction of a version":      {json.RawMessage(strings.Replace(string(element("bad", 1, nil)), `"version":1,`, `"version":1.5,`, 1)), workspace.Invalid},
		"a negative nonce":             {element("bad", 1, map[string]any{"versionNonce": -1}), workspace.Invalid},
		"a place beyond all":           {element("bad", 1, map[string]any{"x": 1e9}), workspace.Invalid},
		"a place without end":          {json.RawMessage(strings.Replace(string(element("bad", 1, nil)), `"x":10.123`, `"x":1e999`, 1)), workspace.Invalid},
		"a place that is a word":       {element("bad", 1, map[string]any{"x": "left"}), workspace.Invalid},
		"a size beyond all":            {element("bad", 1, map[string]any{"width": -2e6}), workspace.Invalid},
		"no size":                      {element("bad", 1, map[string]any{"width": nil}), workspace.Invalid},
		"a text of 1 MB":               {text(map[string]any{"text": long, "originalText": long}), workspace.TooLarge},
		"a text that is too long":      {text(map[string]any{"text": long[:MaxText+1]}), workspace.TooLarge},
		"a text that is none":          {text(map[string]any{"text": 7}), workspace.Invalid},
		"a giant font":                 {text(map[string]any{"fontSize": 1e5}), workspace.Invalid},
		"a link that runs":             {element("bad", 1, map[string]any{"link": "javascript:alert(1)"}), workspace.Invalid},
		"a link to data":               {element("bad", 1, map[string]any{"link": "data:text/html,x"}), workspace.Invalid},
		"a link that hides something":  {element("bad", 1, map[string]any{"link": "https://example.org\u202e/"}), workspace.Invalid},
		"a link to a card that is odd": {element("bad", 1, map[string]any{"link": "werkraum:card/../x"}), workspace.Invalid},
		"a colour that is a style":     {element("bad", 1, map[string]any{"strokeColor": "red;background:url(https://example.org)"}), workspace.Invalid},
		"very many points":             {element("bad", 1, map[string]any{"type": "freedraw", "points": points}), workspace.TooLarge},
		"a point with three numbers":   {element("bad", 1, map[string]any{"type": "line", "points": [][]int{{1, 2, 3}}}), workspace.Invalid},
		"a point far out":              {element("bad", 1, map[string]any{"type": "line", "points": [][]float64{{1, 2e6}}}), workspace.Invalid},
		"a binding to nothing":         {element("bad", 1, map[string]any{"type": "arrow", "points": [][]int{{0, 0}, {1, 1}}, "startBinding": map[string]any{"focus": 0}}), workspace.Invalid},
		"very many groups":             {element("bad", 1, map[string]any{"groupIds": make([]string, maxGroup+1)}), workspace.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setStage(t)
			before := s.room.Seq
			_, err := s.do(anna, Draw{Whiteboard: wb, Elements: []json.RawMessage{element("good", 1, nil), c.raw}})
			if !refusedAs(err, c.want) {
				t.Errorf("it is answered with %v, want %s", err, c.want)
			}
			if s.Len(wb) != 0 || s.room.Seq != before {
				t.Error("something has changed all the same")
			}
		})
	}
}

// Of an element only what is known is kept, whatever else it brings along.
func TestUnknownFieldsAreLeftOut(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, element("e", 1, map[string]any{"onclick": "alert(1)", "customData": map[string]any{"note": true, "html": "<script>"}, "x": 1.23456}))
	data := s.element(wb, "e").Text(Data)
	for _, wrong := range []string{"onclick", "script", "version", "updated", "isDeleted", "1.234"} {
		if strings.Contains(data, wrong) {
			t.Errorf("it keeps %s: %s", wrong, data)
		}
	}
	if !strings.Contains(data, `"customData":{"note":true}`) || !strings.Contains(data, `"x":1.23`) {
		t.Errorf("it lost something: %s", data)
	}
}

// Elements stay on their whiteboard: nothing is drawn on one that does not exist, or that
// was removed.
func TestDrawingTakesAWhiteboard(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, element("e", 1, nil))
	s.must(anna, Remove{Whiteboard: wb})
	for _, on := range []workspace.ItemID{wb, "aaaaaaaaaaaaaaaaaaaa", "", "short"} {
		if _, err := s.do(anna, Draw{Whiteboard: on, Elements: []json.RawMessage{element("f", 1, nil)}}); !refusedAs(err, workspace.NotFound) {
			t.Errorf("drawing on %q: %v", on, err)
		}
	}
	if _, err := s.do(anna, Add{Whiteboard: "Has-Another-Form-123", Title: "x"}); !refusedAs(err, workspace.Invalid) {
		t.Errorf("a whiteboard with an ID of another form: %v", err)
	}
}

// Whoever sends what, in which order and however often: at the end there is the newest
// version of each element, as Excalidraw reconciles.
func TestDrawingConverges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		type sent struct{ id, version, nonce int }
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sent {
			return sent{rapid.IntRange(0, 3).Draw(t, "id"), rapid.IntRange(1, 4).Draw(t, "version"), rapid.IntRange(1, 3).Draw(t, "nonce")}
		}), 1, 40).Draw(rt, "sent")
		raw := func(e sent) json.RawMessage {
			return element(fmt.Sprint("e", e.id), e.version, map[string]any{"versionNonce": e.nonce, "x": e.version*10 + e.nonce})
		}
		newest := map[int]sent{}
		for _, e := range all {
			if old, there := newest[e.id]; !there || e.version > old.version || e.version == old.version && e.nonce < old.nonce {
				newest[e.id] = e
			}
		}
		seed := rapid.Uint64().Draw(rt, "seed")
		rng := rand.New(rand.NewPCG(seed, 0))
		s := setStage(t)
		for range 2 {
			rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			for _, e := range all {
				s.draw(anna, raw(e))
			}
		}
		for _, e := range newest {
			it := s.element(wb, fmt.Sprint("e", e.id))
			if got := revisionOf(it); got != (revision{int64(e.version), int64(e.nonce)}) || !strings.Contains(it.Text(Data), fmt.Sprintf(`"x":%d,`, e.version*10+e.nonce)) {
				rt.Errorf("element %d is at %v, want %v", e.id, got, e)
			}
		}
	})
}

// What was taken back comes back as a newer version, so that browsers take it.
func TestTakingBackCountsOn(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, element("e", 1, map[string]any{"x": 1}))
	moved := s.draw(anna, element("e", 5, map[string]any{"x": 500}))
	gone := s.draw(anna, element("e", 6, map[string]any{"isDeleted": true}))
	if s.Len(wb) != 0 {
		t.Fatal("it is still there")
	}
	for _, c := range []workspace.Commit{gone, moved} {
		before := revisionOf(s.element(wb, "e"))
		ops, err := s.room.Undo(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.room.Apply(workspace.Proposal{ID: "undo" + c.Change.ID, By: anna, Deeds: []workspace.Deed{workspace.UndoOwn}, Via: workspace.ViaWidget, Ops: ops}, noon); err != nil {
			t.Fatal(err)
		}
		if after := revisionOf(s.element(wb, "e")); !after.newerThan(before) {
			t.Errorf("version %v follows %v", after, before)
		}
	}
	if it := s.element(wb, "e"); s.Len(wb) != 1 || !strings.Contains(it.Text(Data), `"x":1,`) {
		t.Errorf("it is not as it was: %s", it.Text(Data))
	}
}
