package picture

import "math"

// thinnest is how thin a line gets in a small picture, in pixels.
const thinnest = 0.7

// stroke adds the outline of a line of that width along points, which are the picture's. Its
// ends and corners are round.
func (r *raster) stroke(points []point, width float64) {
	half := max(width, thinnest) / 2
	for i, p := range points {
		if i > 0 {
			r.limb(points[i-1], p, half, half) //nolint:gosec // i is not 0
		}
		r.disc(p, half)
	}
}

// limb adds the part of a line between two of its points, half as wide as it says at each.
func (r *raster) limb(a, b point, ra, rb float64) {
	d, ok := b.sub(a).unit()
	if !ok {
		return
	}
	n := point{-d.y, d.x}
	quad := [4]point{a.add(n.times(ra)), b.add(n.times(rb)), b.sub(n.times(rb)), a.sub(n.times(ra))}
	r.polygon(quad[:])
}

// disc adds the round end of a line. It turns the way that limb does.
func (r *raster) disc(c point, radius float64) {
	if radius < 0.75 || !r.near(c, radius) { // what is so thin needs no ends
		return
	}
	n := int(within(math.Sqrt(radius)*6, 6, 200))
	last := point{c.x + radius, c.y}
	for i := 1; i <= n; i++ {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i) / float64(n))
		next := point{c.x + radius*cos, c.y + radius*sin}
		r.edge(last, next)
		last = next
	}
}

// near reports whether what lies about c can be seen.
func (r *raster) near(c point, radius float64) bool {
	return c.x+radius > float64(r.clip.Min.X) && c.x-radius < float64(r.clip.Max.X) &&
		c.y+radius > float64(r.clip.Min.Y) && c.y-radius < float64(r.clip.Max.Y)
}

// dash is a line's pattern: so long on, so long off.
type dash struct{ on, off float64 }

// dashes are the parts of a line that a pattern leaves. Of what lies outside of the picture
// none is made, however long the line is.
func (r *raster) dashes(points []point, d dash, width float64) [][]point {
	period := d.on + d.off
	seen := box{float64(r.clip.Min.X), float64(r.clip.Min.Y), float64(r.clip.Max.X), float64(r.clip.Max.Y)}.grow(width + period)
	var parts [][]point
	var open []point // the part that goes on
	walked := 0.0
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := b.sub(a).length()
		from, to, ok := cut(a, b, seen)
		if !ok || length == 0 {
			parts, open = ended(parts, open), nil
			walked += length
			continue
		}
		end := to * length
		for at := from * length; at < end; {
			phase := math.Mod(walked+at, period)
			next := at + d.on - phase
			if on := phase < d.on; !on {
				next = at + period - phase
			}
			next = min(max(next, at+1e-3*period), end)
			if phase < d.on {
				if open == nil {
					open = append(open, between(a, b, at/length))
				}
				open = append(open, between(a, b, next/length))
			} else {
				parts, open = ended(parts, open), nil
			}
			at = next
		}
		if to < 1 {
			parts, open = ended(parts, open), nil
		}
		walked += length
	}
	return ended(parts, open)
}

func ended(parts [][]point, open []point) [][]point {
	if len(open) > 1 {
		return append(parts, open)
	}
	return parts
}

// cut is the part of a line that lies in a box, from and to as parts of its length.
func cut(a, b point, in box) (from, to float64, ok bool) {
	from, to = 0, 1
	d := b.sub(a)
	for _, side := range [4][2]float64{{-d.x, a.x - in.x0}, {d.x, in.x1 - a.x}, {-d.y, a.y - in.y0}, {d.y, in.y1 - a.y}} {
		p, q := side[0], side[1]
		switch {
		case p == 0 && q < 0:
			return 0, 0, false
		case p < 0:
			from = max(from, q/p)
		case p > 0:
			to = min(to, q/p)
		}
	}
	return from, to, from < to
}
