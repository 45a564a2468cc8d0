package picture

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// paint is a colour as Excalidraw writes it, with an opacity in per cent. What is no colour
// is not seen.
func paint(name string, opacity float64) color.NRGBA {
	opacity = within(opacity, 0, 100) / 100
	digits, ok := strings.CutPrefix(name, "#")
	if !ok { // CSS's names, which only people who write files by hand use
		c, known := colornames.Map[name]
		if !known {
			return color.NRGBA{}
		}
		return color.NRGBA{c.R, c.G, c.B, uint8(math.Round(float64(c.A) * opacity))}
	}
	if len(digits) == 3 || len(digits) == 4 {
		var long strings.Builder
		for _, d := range digits {
			long.WriteRune(d)
			long.WriteRune(d)
		}
		digits = long.String()
	}
	if len(digits) == 6 {
		digits += "ff"
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 8 {
		return color.NRGBA{}
	}
	c := color.NRGBA{uint8(n >> 24), uint8(n >> 16), uint8(n >> 8), uint8(n)} //nolint:gosec // byte by byte
	c.A = uint8(math.Round(float64(c.A) * opacity))
	return c
}

// hatched reports whether an element's inside is drawn with lines.
func (e *Element) hatched() bool {
	return e.FillStyle != "solid" && paint(e.BackgroundColor, 100).A > 0 && (!e.linear() || e.closed())
}

// fill fills an outline as an element says.
func (d *drawing) fill(e *Element, outline []point) {
	c := paint(e.BackgroundColor, e.Opacity)
	if c.A == 0 || len(outline) < 3 {
		return
	}
	if !e.hatched() {
		d.r.polygon(outline)
		d.r.paint(c)
		return
	}
	width, gap := max(e.StrokeWidth, 0.5)/2*d.scale, 4*max(e.StrokeWidth, 0.5)*d.scale
	if gap < 4 { // lines so close to each other are a tint
		c.A /= 4
		d.r.polygon(outline)
		d.r.paint(c)
		return
	}
	d.hatch(outline, hatchAngle, gap, width)
	if e.FillStyle == "cross-hatch" {
		d.hatch(outline, hatchAngle+math.Pi/2, gap, width)
	}
	d.r.paint(c)
}

const hatchAngle = -41 * math.Pi / 180

// hatch adds parallel lines inside an outline: those of the levels that it crosses, in a
// world turned so that the lines are level.
func (d *drawing) hatch(outline []point, angle, gap, width float64) {
	sin, cos := math.Sincos(-angle)
	turned := make([]point, len(outline))
	for i, p := range outline {
		turned[i] = p.turn(point{}, sin, cos)
	}
	clip := d.r.clip
	seen := make([]point, 0, 4)
	for _, p := range []point{{float64(clip.Min.X), float64(clip.Min.Y)}, {float64(clip.Max.X), float64(clip.Min.Y)}, {float64(clip.Max.X), float64(clip.Max.Y)}, {float64(clip.Min.X), float64(clip.Max.Y)}} {
		seen = append(seen, p.turn(point{}, sin, cos))
	}
	b := boxOf(turned).common(boxOf(seen))
	for y := (math.Floor(b.y0/gap) + 0.5) * gap; y < b.y1; y += gap {
		at := crossings(turned, y)
		for i := 0; i+1 < len(at); i += 2 {
			x0, x1 := max(at[i], b.x0), min(at[i+1], b.x1)
			if x0 < x1 {
				d.r.stroke([]point{point{x0, y}.turn(point{}, -sin, cos), point{x1, y}.turn(point{}, -sin, cos)}, width)
			}
		}
	}
}
