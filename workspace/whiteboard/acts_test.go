package whiteboard

import (
	"strings"
	"testing"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard/templates"
)

// A whiteboard after a template holds all of it, in the room's language.
func TestWhiteboardAfterATemplate(t *testing.T) {
	t.Parallel()
	for _, lang := range []workspace.Language{workspace.German, workspace.English} {
		s := setStage(t)
		s.room.Language = lang
		for i, template := range templates.All() {
			on := workspace.ItemID(strings.Repeat(string(rune('a'+i)), idLength))
			s.must(anna, Add{Whiteboard: on, Title: template.Title.In(lang), Template: template.Name})
			if want := len(template.Elements(lang, string(on))); s.Len(on) != want {
				t.Errorf("%s has %d elements, want %d", template.Name, s.Len(on), want)
			}
			text := ""
			for _, it := range s.Items(on) {
				text += it.Text(Data)
			}
			if other := map[workspace.Language]string{workspace.German: "Next steps", workspace.English: "Nächste Schritte"}[lang]; strings.Contains(text, other) {
				t.Errorf("%s speaks both languages", template.Name)
			}
		}
	}
	s := setStage(t)
	if _, err := s.do(anna, Add{Whiteboard: "aaaaaaaaaaaaaaaaaaaa", Title: "Neu", Template: "gibt-es-nicht"}); !refusedAs(err, workspace.Invalid) {
		t.Errorf("a template that does not exist: %v", err)
	}
	if s.Whiteboard("aaaaaaaaaaaaaaaaaaaa") != nil {
		t.Error("the whiteboard was made all the same")
	}
}

// The place at which an arrow is tied to a shape is a part of its size, so it is kept exactly:
// Excalidraw takes 0.5001, never 0.5, for the middle.
func TestTiesKeepTheirPlace(t *testing.T) {
	t.Parallel()
	e, err := ParseElement(element("tied", 1, map[string]any{
		"type": "arrow", "points": [][]int{{0, 0}, {9, 9}}, "startBinding": map[string]any{"elementId": "a", "focus": 0, "gap": 4, "fixedPoint": []float64{0.5001, 1}},
	}))
	if err != nil || !strings.Contains(e.Data, `"fixedPoint":[0.5001,1]`) {
		t.Errorf("%v %s", err, e.Data)
	}
}
