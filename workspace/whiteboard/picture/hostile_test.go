package picture_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"werkraum/workspace/whiteboard/picture"
)

// FuzzDraw: whatever elements say, there is a picture of a size that was allowed, or none,
// and a bounded outline.
func FuzzDraw(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","type":"rectangle","x":1e308,"y":-1e308,"width":1e308,"height":1e308,"fillStyle":"hachure","backgroundColor":"#f00","strokeStyle":"dotted"}`,
		`{"id":"b","type":"arrow","points":[[0,0],[1e300,1],[0,0]],"endArrowhead":"triangle","strokeWidth":1e9,"roundness":{"type":2}}`,
		`{"id":"b","type":"arrow","points":[[5],[]],"elbowed":true,"startArrowhead":"bar","endArrowhead":"dot"}`,
		`{"id":"c","type":"freedraw","points":[],"pressures":[1e9]}`,
		`{"id":"c","type":"freedraw","points":[[0,0]],"pressures":[-1],"opacity":1e400}`,
		`{"id":"d","type":"text","text":"\u0000a\u200db\n\n👍ä","fontSize":-5,"lineHeight":1e9,"angle":1e300,"textAlign":"right"}`,
		`{"id":"e","type":"image","fileId":"there","width":-50,"height":20,"scale":[-1,1],"crop":{"x":-1,"y":1e9,"width":5,"height":5,"naturalWidth":1,"naturalHeight":1}}`,
		`{"id":"f","type":"frame","width":0,"height":-7,"name":"n"}` + "\n" + `{"id":"g","type":"ellipse","frameId":"f","width":10,"height":10}`,
		`{"id":"h","type":"embeddable","customData":{"card":"c1"},"width":1,"height":1}`,
		`{"id":"i","type":"diamond","roundness":{"type":3,"value":-1},"width":1e-300,"height":5,"fillStyle":"cross-hatch","backgroundColor":"#12345678"}`,
		`{"id":"j","type":7}`, `[]`, `{`,
	} {
		f.Add(seed, "f")
	}
	f.Fuzz(func(t *testing.T, lines, frame string) {
		var elements []picture.Element
		for line := range strings.SplitSeq(lines, "\n") {
			if e, ok := picture.Parse(line); ok {
				elements = append(elements, e)
			}
		}
		picture.Sort(elements)
		for _, o := range []picture.Options{{Frame: frame}, {}} {
			o.MaxSide, o.MaxPixels, o.Image, o.Card = 200, 20_000, files, cards
			if img, ok := picture.Draw(elements, o); ok && (img.Rect.Dx() > 200 || img.Rect.Dy() > 200 || img.Rect.Empty()) {
				t.Errorf("the picture is %v", img.Rect)
			}
		}
		for _, part := range picture.Outline(elements, cards) {
			for _, line := range part.Lines {
				if len(line) > 10_000 || strings.Contains(line, "\n") {
					t.Errorf("a line of the outline: %.100q", line)
				}
			}
		}
	})
}

// TestMuchToPaintIsPaintedInTime: whiteboards that are made to take long get smaller, not slower.
func TestMuchToPaintIsPaintedInTime(t *testing.T) {
	t.Parallel()
	scribble := func() string {
		var b strings.Builder
		for i := range 2000 {
			fmt.Fprintf(&b, ",[%d,%d]", (i%2)*3000, (i*7919)%3000)
		}
		return "[" + b.String()[1:] + "]"
	}()
	for name, one := range map[string]string{
		"areas":    `"type":"rectangle","width":4000,"height":4000,"backgroundColor":"#ff000010","fillStyle":"solid"`,
		"hatching": `"type":"ellipse","width":4000,"height":4000,"backgroundColor":"#ff0000","fillStyle":"cross-hatch","strokeWidth":0.5`,
		"dots":     `"type":"diamond","width":4000,"height":4000,"strokeStyle":"dotted"`,
		"scribble": `"type":"freedraw","points":` + scribble,
		"texts":    `"type":"text","width":4000,"height":4000,"fontSize":60,"text":"` + strings.Repeat("Viel Text. ", 200) + `"`,
		"pictures": `"type":"image","width":4000,"height":4000,"fileId":"there"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var elements []picture.Element
			for i := range 1000 {
				e, ok := picture.Parse(fmt.Sprintf(`{"id":"e%d","index":"a%05d",%s}`, i, i, one))
				if !ok {
					t.Fatal("no element")
				}
				elements = append(elements, e)
			}
			began := time.Now()
			if _, ok := picture.Draw(elements, picture.Options{Image: files}); !ok {
				t.Error("nothing was drawn")
			}
			t.Log(time.Since(began))
			if took := time.Since(began); took > 2*time.Minute { // seconds, unless a busy machine looks for races
				t.Errorf("it took %v", took)
			}
		})
	}
}

// typical is a whiteboard of n elements as people make them.
func typical(b testing.TB, n int) []picture.Element {
	b.Helper()
	chance := rand.New(rand.NewPCG(1, 2))
	var list []el
	for i := 0; len(list) < n; i++ {
		x, y := float64(i%150)*220, float64(i/150)*220
		id := fmt.Sprintf("n%d", i)
		list = append(list,
			el{"id": id, "type": "rectangle", "x": x, "y": y, "width": 160, "height": 160, "backgroundColor": "#ffec99", "roundness": el{"type": 3}},
			el{"type": "text", "containerId": id, "x": x + 10, "y": y + 50, "width": 140, "height": 50, "text": "Möbel bestellen\nbis Freitag", "fontSize": 20, "textAlign": "center"},
			el{"type": "arrow", "x": x + 160, "y": y + 80, "points": [][]float64{{0, 0}, {30, chance.Float64() * 40}, {60, 0}}, "roundness": el{"type": 2}, "endArrowhead": "arrow"},
		)
		points := [][]float64{}
		for j := range 60 {
			points = append(points, []float64{float64(j) * 2, chance.Float64() * 20})
		}
		list = append(list, el{"type": "freedraw", "x": x, "y": y + 170, "points": points, "simulatePressure": true})
	}
	return scene(b, list[:n]...)
}

func BenchmarkDraw(b *testing.B) {
	for _, n := range []int{1000, 20_000} {
		elements := typical(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := picture.Draw(elements, picture.Options{MaxSide: 3000, MaxPixels: 6 << 20}); !ok {
					b.Fatal("nothing was drawn")
				}
			}
		})
	}
}
