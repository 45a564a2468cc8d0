package picture_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"werkraum/workspace/whiteboard/picture"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew; look at them")

// el is an element's JSON.
type el map[string]any

func scene(t testing.TB, list ...el) []picture.Element {
	t.Helper()
	var elements []picture.Element
	for i, one := range list {
		full := el{"id": fmt.Sprintf("e%03d", i), "index": fmt.Sprintf("a%03d", i), "x": 0, "y": 0, "width": 100, "height": 60, "angle": 0,
			"strokeColor": "#1e1e1e", "backgroundColor": "transparent", "fillStyle": "solid", "strokeWidth": 2, "strokeStyle": "solid", "opacity": 100}
		maps.Copy(full, one)
		data, err := json.Marshal(full)
		if err != nil {
			t.Fatal(err)
		}
		e, ok := picture.Parse(string(data))
		if !ok {
			t.Fatalf("%s is no element", data)
		}
		elements = append(elements, e)
	}
	picture.Sort(elements)
	return elements
}

func draw(t testing.TB, elements []picture.Element, o picture.Options) *image.RGBA {
	t.Helper()
	img, ok := picture.Draw(elements, o)
	if !ok {
		t.Fatal("nothing was drawn")
	}
	return img
}

// golden compares with a picture that somebody has looked at.
func golden(t *testing.T, name string, got *image.RGBA) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("%s: it is %v now, was %v", name, got.Bounds(), want.Bounds())
	}
	other := 0 // processors round differently, so a few soft pixels may be others
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if distance(want.At(x, y), got.At(x, y)) > 24 {
				other++
			}
		}
	}
	if most := len(got.Pix) / 4 / 500; other > most {
		t.Errorf("%s: %d pixels look different (go test -update, then look at it)", name, other)
	}
}

func distance(a, b color.Color) int {
	r, g, bl, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	d := func(x, y uint32) int { return int(math.Abs(float64(x>>8) - float64(y>>8))) }
	return max(d(r, r2), d(g, g2), d(bl, b2))
}

func TestShapes(t *testing.T) {
	t.Parallel()
	golden(t, "shapes", draw(t, scene(t,
		el{"type": "rectangle", "backgroundColor": "#ffec99", "roundness": el{"type": 3}},
		el{"type": "rectangle", "x": 130, "backgroundColor": "#a5d8ff", "fillStyle": "hachure", "strokeStyle": "dashed"},
		el{"type": "ellipse", "x": 260, "backgroundColor": "#b2f2bb", "fillStyle": "cross-hatch", "strokeColor": "#2f9e44"},
		el{"type": "diamond", "x": 0, "y": 90, "backgroundColor": "#ffc9c9", "roundness": el{"type": 2}, "strokeWidth": 4},
		el{"type": "rectangle", "x": 130, "y": 90, "angle": 0.5, "strokeStyle": "dotted", "backgroundColor": "#d0bfff", "opacity": 50},
		el{"type": "ellipse", "x": 180, "y": 90, "backgroundColor": "#ff8787", "opacity": 40},
		el{"type": "line", "x": 300, "y": 90, "points": [][]float64{{0, 0}, {60, 10}, {40, 60}, {0, 0}}, "backgroundColor": "#99e9f2"},
		el{"type": "line", "x": 0, "y": 180, "points": [][]float64{{0, 0}, {50, 40}, {100, 0}, {150, 40}}, "roundness": el{"type": 2}, "strokeColor": "#e03131"},
		el{"type": "freedraw", "x": 190, "y": 180, "points": [][]float64{{0, 0}, {5, 12}, {14, 26}, {28, 34}, {45, 30}, {60, 14}, {70, 4}, {84, 2}, {100, 12}, {120, 34}, {150, 40}}, "simulatePressure": true, "pressures": []float64{}},
	), picture.Options{Scale: 1}))
}

func TestArrows(t *testing.T) {
	t.Parallel()
	var list []el
	for i, head := range []string{"arrow", "triangle", "triangle_outline", "dot", "circle_outline", "bar", "diamond", "diamond_outline", "crowfoot_many", "crowfoot_one_or_many"} {
		list = append(list, el{"type": "arrow", "x": float64(i%2) * 180, "y": float64(i/2) * 45, "points": [][]float64{{0, 0}, {120, 20}}, "endArrowhead": head, "startArrowhead": nil})
	}
	list = append(list,
		el{"type": "arrow", "x": 0, "y": 240, "points": [][]float64{{0, 0}, {60, 0}, {60, 50}, {140, 50}}, "elbowed": true, "endArrowhead": "triangle", "startArrowhead": "dot"},
		el{"type": "arrow", "id": "labelled", "x": 180, "y": 240, "points": [][]float64{{0, 0}, {60, 40}, {150, 30}}, "roundness": el{"type": 2}, "endArrowhead": "arrow", "strokeColor": "#1971c2"},
		el{"type": "text", "containerId": "labelled", "x": 228, "y": 268, "width": 32, "height": 20, "text": "prüft", "fontSize": 16, "textAlign": "center"},
	)
	golden(t, "arrows", draw(t, scene(t, list...), picture.Options{Scale: 1}))
}

func TestTexts(t *testing.T) {
	t.Parallel()
	golden(t, "texts", draw(t, scene(t,
		el{"type": "rectangle", "id": "note", "width": 150, "height": 110, "backgroundColor": "#ffec99", "strokeColor": "#ffec99"},
		el{"type": "text", "containerId": "note", "x": 10, "y": 15, "width": 130, "height": 75, "text": "Änderungen\nüber Größe\n„ß“ & €", "fontSize": 20, "textAlign": "center"},
		el{"type": "text", "x": 170, "y": 0, "width": 150, "height": 50, "text": "links\nright", "fontSize": 16, "textAlign": "right", "strokeColor": "#c92a2a"},
		el{"type": "text", "x": 170, "y": 60, "width": 150, "height": 24, "text": "func main() {}", "fontFamily": 8, "fontSize": 14},
		el{"type": "text", "x": 180, "y": 110, "width": 80, "height": 20, "angle": -0.4, "text": "schräg Ωж", "fontSize": 16},
		el{"type": "text", "x": 270, "y": 100, "width": 40, "height": 20, "text": "viel zu breit", "fontSize": 16},
	), picture.Options{Scale: 1}))
}

// Signs are drawn as such, and what no font has as a box. What looks the same is one.
func TestSignsAreNoBoxes(t *testing.T) {
	t.Parallel()
	drawn := func(text string) []byte {
		return draw(t, scene(t, el{"type": "text", "width": 60, "height": 30, "text": text, "fontSize": 24}), picture.Options{Scale: 1}).Pix
	}
	box := drawn("漢")
	for _, sign := range []string{"✓", "☐", "★", "⚠", "❤", "😀", "→", "▶", "①", "⚪", "ა", "Ա"} {
		if bytes.Equal(drawn(sign), box) {
			t.Errorf("%s is a box", sign)
		}
	}
	for emoji, plain := range map[string]string{"✅": "✔", "❌": "✘", "⭐": "★", "❗": "!", "➕": "+", "👍": "漢", "א": "漢", "ب": "漢"} {
		if !bytes.Equal(drawn(emoji), drawn(plain)) {
			t.Errorf("%s is not drawn as %s", emoji, plain)
		}
	}
}

// onFrames is a whiteboard with two frames, a picture and a card.
func onFrames(t testing.TB) []picture.Element {
	return scene(t,
		el{"type": "frame", "id": "f1", "width": 220, "height": 140, "name": "Ideen für März"},
		el{"type": "rectangle", "frameId": "f1", "x": 150, "y": 90, "width": 160, "height": 120, "backgroundColor": "#ffc9c9"},
		el{"type": "image", "frameId": "f1", "fileId": "there", "x": 20, "y": 20, "width": 80, "height": 60, "angle": 0.2, "scale": []int{1, 1}},
		el{"type": "image", "frameId": "f1", "fileId": "gone", "x": 120, "y": 20, "width": 60, "height": 50},
		el{"type": "frame", "id": "f2", "x": 260, "width": 220, "height": 140, "name": "Next"},
		el{"type": "embeddable", "frameId": "f2", "x": 275, "y": 15, "width": 190, "height": 100, "customData": el{"card": "c1"}},
	)
}

func files(file string) image.Image {
	if file != "there" {
		return nil
	}
	return stripes()
}

var stripes = sync.OnceValue(func() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for y := range 300 {
		for x := range 400 {
			img.Set(x, y, color.RGBA{uint8(x / 2), uint8(y / 2), 0xa0, 0xff})
		}
	}
	return img
})

func cards(card string) (picture.Card, bool) {
	return picture.Card{Title: "Angebot für die Möbel der neuen Räume einholen", Line: "#12 · In Arbeit"}, card == "c1"
}

func TestFrames(t *testing.T) {
	t.Parallel()
	elements := onFrames(t)
	golden(t, "frames", draw(t, elements, picture.Options{Scale: 1, Image: files, Card: cards}))
	one := draw(t, elements, picture.Options{Scale: 1, Frame: "f1", Image: files})
	if one.Rect.Dx() != 220 || one.Rect.Dy() != 140 {
		t.Errorf("a frame's picture is %v, not as large as the frame", one.Rect)
	}
	golden(t, "frame", one)
	if _, ok := picture.Draw(elements, picture.Options{Frame: "f3"}); ok {
		t.Error("a frame that is not there was drawn")
	}
	if _, ok := picture.Draw(nil, picture.Options{}); ok {
		t.Error("an empty whiteboard was drawn")
	}
}

func TestSizesAreKept(t *testing.T) {
	t.Parallel()
	wide := scene(t, el{"type": "rectangle", "width": 1e6, "height": 10, "backgroundColor": "#e03131"}, el{"type": "text", "text": "da", "x": 5e5, "width": 40})
	if img := draw(t, wide, picture.Options{}); img.Rect.Dx() > 4096 || img.Rect.Dx() < 4000 || img.Rect.Dy() < 16 {
		t.Errorf("a wide whiteboard became %v", img.Rect)
	}
	square := scene(t, el{"type": "rectangle", "width": 20000, "height": 20000})
	if img := draw(t, square, picture.Options{MaxPixels: 1 << 20, MaxSide: 3000}); img.Rect.Dx() > 1025 {
		t.Errorf("a large one became %v", img.Rect)
	}
}

func TestColours(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]color.RGBA{
		"#f00": {255, 0, 0, 255}, "#00FF00": {0, 255, 0, 255}, "#0000ff80": {127, 127, 255, 255}, "tomato": {255, 99, 71, 255},
		"transparent": {255, 255, 255, 255}, "#12345": {255, 255, 255, 255}, "url(x)": {255, 255, 255, 255},
	} {
		img := draw(t, scene(t, el{"type": "rectangle", "backgroundColor": name, "strokeColor": "transparent"}), picture.Options{Scale: 1})
		if got := img.RGBAAt(img.Rect.Dx()/2, img.Rect.Dy()/2); distance(got, want) > 1 {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func TestOutline(t *testing.T) {
	t.Parallel()
	elements := scene(t,
		el{"type": "text", "x": 10, "y": 500, "text": "beside\nall"},
		el{"type": "frame", "id": "second", "x": 500, "y": 10, "name": "Danach"},
		el{"type": "frame", "id": "opening", "x": 900, "y": 900, "name": "Vorab", "customData": el{"slide": 0}},
		el{"type": "frame", "id": "first", "x": 0, "y": 0, "name": "Zuerst"},
		el{"type": "rectangle", "id": "b", "frameId": "first", "x": 60, "y": 12},
		el{"type": "text", "containerId": "b", "text": "B"},
		el{"type": "rectangle", "id": "a", "frameId": "first", "x": 0, "y": 20},
		el{"type": "text", "containerId": "a", "text": "A"},
		el{"type": "arrow", "id": "ab", "frameId": "first", "points": [][]int{{0, 0}, {9, 0}}, "startBinding": el{"elementId": "a"}, "endBinding": el{"elementId": "b"}},
		el{"type": "text", "containerId": "ab", "text": "dann"},
		el{"type": "embeddable", "frameId": "second", "customData": el{"card": "c1"}},
	)
	var got []string
	for _, p := range picture.Outline(elements, cards) {
		got = append(got, p.Frame+"/"+p.Title+": "+strings.Join(p.Lines, " | "))
	}
	want := []string{
		"opening/Vorab: ",
		"first/Zuerst: A | B | A → B (dann)",
		"second/Danach: Angebot für die Möbel der neuen Räume einholen (#12 · In Arbeit)",
		"/: beside all",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
