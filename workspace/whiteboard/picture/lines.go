package picture

import (
	"image/color"
	"math"
	"slices"
)

// crossings are where an outline crosses a level, from left to right.
func crossings(outline []point, y float64) []float64 {
	var at []float64
	for i, a := range outline {
		b := outline[(i+1)%len(outline)]
		if (a.y <= y) != (b.y <= y) {
			at = append(at, a.x+(b.x-a.x)*(y-a.y)/(b.y-a.y))
		}
	}
	slices.Sort(at)
	return at
}

// points are the points of a line on the whiteboard, not more than can be drawn.
func (d *drawing) points(e *Element) []point {
	points := make([]point, 0, len(e.Points)/d.step+2)
	for i := 0; i < len(e.Points); i += d.step {
		points = append(points, e.at(i))
	}
	if last := len(e.Points) - 1; last%d.step != 0 {
		points = append(points, e.at(last))
	}
	return points
}

// line draws a line or an arrow.
func (d *drawing) line(e *Element) {
	if len(e.Points) < 2 {
		return
	}
	points := d.points(e)
	corners := len(points)
	switch {
	case e.Elbowed:
		points = bent(points, d.scale)
	case e.Roundness != nil:
		points = smooth(points, d.scale)
	}
	if label := d.labels[e.ID]; label != nil && label.Text != "" {
		d.r.spare = d.rectangle(label.bounds().grow(4))
	}
	placed := d.placed(e, points)
	if e.closed() {
		d.fill(e, placed)
	}
	d.outline(e, placed)
	if e.Type != "arrow" {
		return
	}
	d.r.spare.Max = d.r.spare.Min
	last := len(placed) - 1
	reach := func(a, b [2]float64) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }
	if corners > 1 {
		n := len(e.Points)
		d.head(e, e.EndArrowhead, placed[last], back(placed, d.scale), reach(e.Points[n-1], e.Points[n-2]))
		slices.Reverse(placed)
		d.head(e, e.StartArrowhead, placed[last], back(placed, d.scale), reach(e.Points[0], e.Points[1]))
	}
}

// back is a point a little before the end of a line, from which its head looks.
func back(points []point, scale float64) point {
	end := points[len(points)-1]
	for i := len(points) - 2; i > 0; i-- {
		if points[i].sub(end).length() > 6*scale {
			return points[i]
		}
	}
	return points[0]
}

// head draws the head of an arrow whose last part is that long on the whiteboard.
func (d *drawing) head(e *Element, kind string, tip, from point, reach float64) {
	to, ok := tip.sub(from).unit()
	ink := paint(e.StrokeColor, e.Opacity)
	if kind == "" || !ok || ink.A == 0 {
		return
	}
	size := map[string]float64{"arrow": 25, "diamond": 12, "diamond_outline": 12, "crowfoot_many": 20, "crowfoot_one": 20, "crowfoot_one_or_many": 20}[kind]
	if size == 0 {
		size = 15
	}
	size = min(size, reach/2) * d.scale
	width := e.StrokeWidth * d.scale
	wing := func(degrees, length float64) point {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		return tip.sub(to.times(length).turn(point{}, sin, cos))
	}
	solid := func(outline []point, filled bool) {
		inside := ink
		if !filled {
			inside = color.NRGBA{0xff, 0xff, 0xff, 0xff}
		}
		d.r.polygon(outline)
		d.r.paint(inside)
		d.r.stroke(append(outline, outline[0]), width)
		d.r.paint(ink)
	}
	switch kind {
	case "triangle", "triangle_outline":
		solid([]point{tip, wing(25, size), wing(-25, size)}, kind == "triangle")
	case "dot", "circle", "circle_outline":
		r := size / 2
		solid(ellipse(box{tip.x - r, tip.y - r, tip.x + r, tip.y + r}, 1), kind != "circle_outline")
	case "diamond", "diamond_outline":
		solid([]point{tip, wing(25, size), wing(0, 2*size*math.Cos(25*math.Pi/180)), wing(-25, size)}, kind == "diamond")
	case "bar":
		d.r.stroke([]point{wing(90, size), wing(-90, size)}, width)
	case "crowfoot_one", "crowfoot_many", "crowfoot_one_or_many":
		if kind != "crowfoot_many" {
			middle := wing(0, size*1.2)
			d.r.stroke([]point{middle.add(wing(90, size/2).sub(tip)), middle.add(wing(-90, size/2).sub(tip))}, width)
		}
		if kind != "crowfoot_one" {
			root := wing(0, size)
			d.r.stroke([]point{root, tip.add(wing(90, size/2).sub(tip))}, width)
			d.r.stroke([]point{root, tip.add(wing(-90, size/2).sub(tip))}, width)
		}
	default:
		d.r.stroke([]point{wing(20, size), tip, wing(-20, size)}, width)
	}
	d.r.paint(ink)
}

// freehand draws what was drawn with the pen: the harder, or without a pen's pressure the
// slower, the wider (as perfect-freehand does it).
func (d *drawing) freehand(e *Element) {
	if len(e.Points) == 0 {
		return
	}
	points := d.points(e)
	if e.closed() {
		d.fill(e, d.placed(e, points))
	}
	size := e.StrokeWidth * 4.25
	radii := make([]float64, len(points), len(points)+1) //nolint:makezero // filled below
	pressure := 0.25
	for i := range points {
		if i > 0 {
			points[i] = between(points[i-1], points[i], 0.575)
		}
		switch {
		case !e.Simulate && i*d.step < len(e.Pressures):
			pressure = within(e.Pressures[i*d.step], 0, 1)
		case !e.Simulate:
			pressure = 0.5
		case i > 0 && size > 0:
			speed := min(points[i].sub(points[i-1]).length()/size, 1)
			pressure = min(1, pressure+(1-speed-pressure)*speed*0.275)
		}
		radii[i] = size * math.Sin((0.5-0.6*(0.5-pressure))*math.Pi/2)
	}
	radii[0] = radii[min(1, len(radii)-1)]
	if len(points) > 1 { // the last step of smoothing would leave the end out
		points = append(points, e.at(len(e.Points)-1))
		radii = append(radii, radii[len(radii)-1])
	}
	for i, p := range d.placed(e, points) {
		points[i] = p
		radii[i] = max(radii[i]*d.scale, thinnest/2)
		if i > 0 {
			d.r.limb(points[i-1], p, radii[i-1], radii[i])
		}
		d.r.disc(p, radii[i])
	}
	d.r.paint(paint(e.StrokeColor, e.Opacity))
}
