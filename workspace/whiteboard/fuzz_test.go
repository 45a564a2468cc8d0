package whiteboard

import (
	"encoding/json"
	"testing"
)

type rawMessage = json.RawMessage

// Whatever is taken is small, is JSON, holds only known fields, and is taken again as it is.
func FuzzParseElement(f *testing.F) {
	f.Add([]byte(element("e", 1, nil)))
	for _, raw := range note("n", "Text\u202e") {
		f.Add([]byte(raw))
	}
	f.Add([]byte(element("s", 2, map[string]any{"type": "freedraw", "points": [][]float64{{0, 0}, {1.5, 2}}, "pressures": []float64{0.5}})))
	f.Add([]byte(element("a", 2, map[string]any{"type": "arrow", "points": [][]float64{{0, 0}, {1.5, 2}}, "startBinding": map[string]any{"elementId": "e", "focus": 0.1, "gap": 1}, "endArrowhead": "arrow"})))
	f.Add([]byte(element("i", 2, map[string]any{"type": "image", "fileId": "f", "scale": []int{1, 1}})))
	f.Add([]byte(element("c", 2, map[string]any{"type": "embeddable", "link": "werkraum:card/c", "customData": map[string]any{"card": "c"}})))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := ParseElement(raw)
		if err != nil {
			return
		}
		if len(e.Data) > MaxData || !json.Valid([]byte(e.Data)) || !json.Valid(e.JSON()) {
			t.Fatalf("it wrote %q", e.Data)
		}
		if err := checkData(ItemID(wb, e.ID), e.Data); err != nil {
			t.Fatalf("what it wrote is refused: %v: %s", err, e.Data)
		}
		again, err := ParseElement(e.JSON())
		if err != nil || again.Data != e.Data || again.revision != e.revision {
			t.Fatalf("what it wrote is read as something else: %v: %s, %s", err, e.Data, again.Data)
		}
	})
}
