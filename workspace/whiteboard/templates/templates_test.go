package templates_test

import (
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard/picture"
	"werkraum/workspace/whiteboard/templates"
)

const whiteboard = "abcdefghij0123456789"

func drawn(t *testing.T, list []json.RawMessage) []picture.Element {
	t.Helper()
	var elements []picture.Element
	for _, raw := range list {
		e, ok := picture.Parse(string(raw))
		if !ok {
			t.Fatalf("%s is no element", raw)
		}
		elements = append(elements, e)
	}
	picture.Sort(elements)
	return elements
}

// TestTemplatesCanBeSeen: each has frames with something in them, nothing hangs out of its
// frame, and no two words of both languages got mixed up. With LOOK=folder the pictures are
// written there.
func TestTemplatesCanBeSeen(t *testing.T) {
	t.Parallel()
	for _, template := range templates.All() {
		for _, lang := range []workspace.Language{workspace.German, workspace.English} {
			name := template.Name + "-" + string(lang)
			elements := drawn(t, template.Elements(lang, whiteboard))
			parts := picture.Outline(elements, nil)
			for _, part := range parts {
				if part.Frame == "" || part.Title == "" || len(part.Lines) == 0 {
					t.Errorf("%s: a part without frame, title or text: %+v", name, part)
				}
			}
			frames := map[string]picture.Element{}
			for _, e := range elements {
				if e.Type == "frame" {
					frames[e.ID] = e
				}
			}
			for _, e := range elements {
				if f := frames[e.FrameID]; e.Type != "frame" && e.Angle == 0 && e.Type != "arrow" &&
					(e.X < f.X || e.Y < f.Y || e.X+e.Width > f.X+f.Width || e.Y+e.Height > f.Y+f.Height) {
					t.Errorf("%s: %s %q hangs out of its frame", name, e.Type, e.Text)
				}
			}
			img, ok := picture.Draw(elements, picture.Options{Scale: 1})
			if !ok {
				t.Errorf("%s cannot be drawn", name)
			}
			if folder := os.Getenv("LOOK"); folder != "" {
				f, err := os.Create(filepath.Join(folder, name+".png"))
				if err != nil {
					t.Fatal(err)
				}
				if err := png.Encode(f, img); err != nil {
					t.Fatal(err)
				}
				f.Close()
			}
		}
	}
}

func TestEqualSeedsGiveEqualElements(t *testing.T) {
	t.Parallel()
	for _, template := range templates.All() {
		once, again := template.Elements(workspace.German, whiteboard), template.Elements(workspace.German, whiteboard)
		if !slices.EqualFunc(once, again, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
			t.Errorf("%s is different each time", template.Name)
		}
		ids := map[string]bool{}
		for _, e := range append(drawn(t, once), drawn(t, template.Elements(workspace.German, strings.Repeat("z", 20)))...) {
			if ids[e.ID] {
				t.Errorf("%s: the ID %s comes twice", template.Name, e.ID)
			}
			ids[e.ID] = true
		}
	}
	if _, ok := templates.Find("nothing"); ok {
		t.Error("a template was found that does not exist")
	}
}

// TestWhatIsBoundKnowsOfEachOther: Excalidraw moves a text with its shape, and an arrow with
// the shapes at its ends, only if both name each other.
func TestWhatIsBoundKnowsOfEachOther(t *testing.T) {
	t.Parallel()
	for _, template := range templates.All() {
		type bound struct {
			ID            string `json:"id"`
			Type          string `json:"type"`
			ContainerID   string `json:"containerId"`
			BoundElements []struct {
				ID string `json:"id"`
			} `json:"boundElements"`
			StartBinding, EndBinding *struct {
				ElementID string `json:"elementId"`
			}
		}
		all, names := map[string]bound{}, map[string][]string{}
		for _, raw := range template.Elements(workspace.English, whiteboard) {
			var e bound
			if err := json.Unmarshal(raw, &e); err != nil {
				t.Fatal(err)
			}
			all[e.ID] = e
			for _, b := range e.BoundElements {
				names[e.ID] = append(names[e.ID], b.ID)
			}
		}
		arrows := 0
		for id, e := range all {
			if e.ContainerID != "" && !slices.Contains(names[e.ContainerID], id) {
				t.Errorf("%s: a text that its shape does not know of", template.Name)
			}
			for _, end := range []*struct {
				ElementID string `json:"elementId"`
			}{e.StartBinding, e.EndBinding} {
				if end != nil {
					arrows++
					if !slices.Contains(names[end.ElementID], id) {
						t.Errorf("%s: an arrow that its shape does not know of", template.Name)
					}
				}
			}
		}
		if want := template.Name == "process" || template.Name == "orgchart"; want != (arrows > 0) {
			t.Errorf("%s has %d bound ends of arrows", template.Name, arrows)
		}
	}
}
