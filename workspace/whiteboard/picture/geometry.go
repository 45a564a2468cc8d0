package picture

import "math"

// point is a place, on the whiteboard or in the picture.
type point struct{ x, y float64 }

func (p point) add(q point) point         { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point         { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point     { return point{p.x * f, p.y * f} }
func (p point) length() float64           { return math.Hypot(p.x, p.y) }
func between(p, q point, t float64) point { return point{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t} }

// unit is p with length 1, and false if p has none.
func (p point) unit() (point, bool) {
	l := p.length()
	if l < 1e-9 {
		return point{}, false
	}
	return p.times(1 / l), true
}

// turn rotates p about c.
func (p point) turn(c point, sin, cos float64) point {
	d := p.sub(c)
	return point{c.x + d.x*cos - d.y*sin, c.y + d.x*sin + d.y*cos}
}

// box is a rectangle that lies straight.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }
func (b box) middle() point   { return point{(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2} }

func (b box) grow(by float64) box { return box{b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by} }

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

func (b box) with(o box) box {
	return box{min(b.x0, o.x0), min(b.y0, o.y0), max(b.x1, o.x1), max(b.y1, o.y1)}
}

// common is what lies in both.
func (b box) common(o box) box {
	c := box{max(b.x0, o.x0), max(b.y0, o.y0), min(b.x1, o.x1), min(b.y1, o.y1)}
	c.x1, c.y1 = max(c.x0, c.x1), max(c.y0, c.y1)
	return c
}

func boxOf(points []point) box {
	if len(points) == 0 {
		return box{}
	}
	b := box{points[0].x, points[0].y, points[0].x, points[0].y}
	for _, p := range points[1:] {
		b = b.with(box{p.x, p.y, p.x, p.y})
	}
	return b
}

// straight is where an element would lie without its angle.
func (e *Element) straight() box {
	if !e.linear() || len(e.Points) == 0 {
		return box{e.X, e.Y, e.X + e.Width, e.Y + e.Height}
	}
	b := box{e.Points[0][0], e.Points[0][1], e.Points[0][0], e.Points[0][1]}
	for _, p := range e.Points[1:] {
		b = b.with(box{p[0], p[1], p[0], p[1]})
	}
	return box{b.x0 + e.X, b.y0 + e.Y, b.x1 + e.X, b.y1 + e.Y}
}

// bounds is where an element lies, its lines and heads of arrows included.
func (e *Element) bounds() box {
	b := e.straight()
	if e.Angle != 0 {
		sin, cos := math.Sincos(e.Angle)
		m := b.middle()
		b = boxOf([]point{
			point{b.x0, b.y0}.turn(m, sin, cos), point{b.x1, b.y0}.turn(m, sin, cos),
			point{b.x1, b.y1}.turn(m, sin, cos), point{b.x0, b.y1}.turn(m, sin, cos),
		})
	}
	switch e.Type {
	case "text", "image", "embeddable":
		return b
	case "frame":
		b.y0 -= frameName * 1.6 // its name stands above
		return b
	case "arrow":
		return b.grow(e.StrokeWidth/2 + 8)
	case "freedraw":
		return b.grow(e.StrokeWidth * 3)
	}
	return b.grow(e.StrokeWidth / 2)
}

// ellipse is the outline of an ellipse, in enough steps for its size in the picture.
func ellipse(b box, scale float64) []point {
	m, rx, ry := b.middle(), b.width()/2, b.height()/2
	n := int(within(math.Sqrt(max(rx, ry)*scale)*6, 12, 400))
	points := make([]point, n)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		points[i] = point{m.x + rx*cos, m.y + ry*sin}
	}
	return points
}

// rounded is the outline of a polygon whose corners are rounded by r.
func rounded(corners []point, r, scale float64) []point {
	if r*scale < 0.5 {
		return corners
	}
	steps := int(within(math.Sqrt(r*scale)*2, 3, 60))
	var out []point
	for i, c := range corners {
		before, after := corners[(i+len(corners)-1)%len(corners)], corners[(i+1)%len(corners)]
		from, ok1 := before.sub(c).unit()
		to, ok2 := after.sub(c).unit()
		if !ok1 || !ok2 { // a side without length
			out = append(out, c)
			continue
		}
		a := c.add(from.times(min(r, before.sub(c).length()/2)))
		b := c.add(to.times(min(r, after.sub(c).length()/2)))
		for s := range steps + 1 {
			t := float64(s) / float64(steps)
			out = append(out, between(between(a, c, t), between(c, b, t), t))
		}
	}
	return out
}

// smooth is a curve through all points (Catmull and Rom), as rough.js draws it.
func smooth(points []point, scale float64) []point {
	if len(points) < 3 {
		return points
	}
	out := []point{points[0]}
	for i := range len(points) - 1 {
		p0, p1, p2, p3 := points[max(i-1, 0)], points[i], points[i+1], points[min(i+2, len(points)-1)]
		c1, c2 := p1.add(p2.sub(p0).times(1.0/6)), p2.sub(p3.sub(p1).times(1.0/6))
		steps := int(within(math.Sqrt(p2.sub(p1).length()*scale), 2, 24))
		for s := 1; s <= steps; s++ {
			out = append(out, cubic(p1, c1, c2, p2, float64(s)/float64(steps)))
		}
	}
	return out
}

func cubic(a, b, c, d point, t float64) point {
	ab, bc, cd := between(a, b, t), between(b, c, t), between(c, d, t)
	return between(between(ab, bc, t), between(bc, cd, t), t)
}

// bent is a line whose corners are rounded a little, as those of elbow arrows are.
func bent(points []point, scale float64) []point {
	if len(points) < 3 {
		return points
	}
	out := []point{points[0]}
	for i := 1; i < len(points)-1; i++ {
		c := points[i]
		from, ok1 := points[i-1].sub(c).unit()
		to, ok2 := points[i+1].sub(c).unit()
		if !ok1 || !ok2 {
			continue
		}
		r := min(16, points[i-1].sub(c).length()/2, points[i+1].sub(c).length()/2)
		a, b := c.add(from.times(r)), c.add(to.times(r))
		steps := int(within(math.Sqrt(r*scale)*2, 2, 20))
		for s := range steps + 1 {
			t := float64(s) / float64(steps)
			out = append(out, between(between(a, c, t), between(c, b, t), t))
		}
	}
	return append(out, points[len(points)-1])
}
