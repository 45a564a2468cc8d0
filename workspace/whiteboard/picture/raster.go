package picture

import (
	"image"
	"image/color"
	"math"
	"slices"
)

// raster fills outlines, with soft edges. It notes only the pixels that an edge crosses, so
// that a long thin line costs its length and not the rectangle around it.
//
// Each edge adds to the pixels that it crosses how much of them lies to its right, and to
// all pixels right of them its height. Outlines that overlap must turn the same way.
type raster struct {
	img  *image.RGBA // opaque everywhere
	clip image.Rectangle
	// spare is left out of what is painted: the place of an arrow's label.
	spare image.Rectangle

	rows      [][]cell // of the picture
	low, high int      // rows that hold anything: low ≤ row < high
	count     int      // cells in all rows
	most      int      // at so many cells, those of the same pixel are put together
}

// cell is what edges add to one pixel of a row, and to those right of it.
type cell struct {
	x          int32
	area, over float32
}

const manyCells = 1 << 21

func newRaster(img *image.RGBA) *raster {
	h := img.Rect.Dy()
	return &raster{img: img, clip: img.Rect, rows: make([][]cell, h), low: h, most: manyCells}
}

// polygon adds a closed outline.
func (r *raster) polygon(points []point) {
	for i, p := range points {
		r.edge(p, points[(i+1)%len(points)])
	}
}

// edge adds one edge of an outline.
func (r *raster) edge(a, b point) {
	top, bottom := float64(r.clip.Min.Y), float64(r.clip.Max.Y)
	turn := float32(1)
	if a.y > b.y {
		a, b, turn = b, a, -1
	}
	if !(a.y < b.y) || b.y <= top || a.y >= bottom { // level, outside, or no number
		return
	}
	slope := (b.x - a.x) / (b.y - a.y)
	if a.y < top {
		a = point{a.x + (top-a.y)*slope, top}
	}
	if b.y > bottom {
		b = point{a.x + (bottom-a.y)*slope, bottom}
	}
	r.sideways(a, b, turn)
}

// sideways cuts an edge at the left and the right end of what is painted: left of it it
// counts as if it stood there, right of it not at all.
func (r *raster) sideways(a, b point, turn float32) {
	left, right := float64(r.clip.Min.X), float64(r.clip.Max.X)
	for _, x := range [2]float64{left, right} {
		if (a.x < x) != (b.x < x) && a.x != x && b.x != x {
			at := point{x, a.y + (b.y-a.y)*(x-a.x)/(b.x-a.x)}
			if at.y > a.y && at.y < b.y {
				r.sideways(a, at, turn)
				r.sideways(at, b, turn)
				return
			}
		}
	}
	if m := (a.x + b.x) / 2; m >= right {
		return
	} else if m <= left {
		a.x, b.x = left, left
	}
	a.x, b.x = within(a.x, left, right), within(b.x, left, right)
	r.rowsOf(a, b, turn)
}

// rowsOf cuts an edge into rows.
func (r *raster) rowsOf(a, b point, turn float32) {
	slope := (b.x - a.x) / (b.y - a.y)
	for row := int(a.y); row < r.clip.Max.Y && float64(row) < b.y; row++ {
		y0, y1 := max(a.y, float64(row)), min(b.y, float64(row+1))
		if y1 > y0 {
			r.row(row, a.x+(y0-a.y)*slope, a.x+(y1-a.y)*slope, float32(y1-y0)*turn)
		}
	}
	if r.count > r.most {
		r.compact()
	}
}

// row adds the part of an edge that lies in one row.
func (r *raster) row(row int, x0, x1 float64, height float32) {
	left, right := float64(r.clip.Min.X), float64(r.clip.Max.X)
	x0, x1 = within(x0, left, right), within(x1, left, right)
	if x0 > x1 {
		x0, x1 = x1, x0
	}
	r.low, r.high = min(r.low, row), max(r.high, row+1)
	first, last := int32(x0), int32(math.Ceil(x1))-1
	cells := r.rows[row]
	before := len(cells)
	if last <= first {
		cells = append(cells, cell{first, height * (1 - float32((x0+x1)/2-float64(first))), height})
	} else {
		each := height / float32(x1-x0)
		for x := first; x <= last; x++ {
			from, to := max(x0, float64(x)), min(x1, float64(x+1))
			part := each * float32(to-from)
			cells = append(cells, cell{x, part * (1 - float32((from+to)/2-float64(x))), part})
		}
	}
	r.rows[row] = cells
	r.count += len(cells) - before
}

// compact puts cells of the same pixel together, so that there are never more than pixels.
func (r *raster) compact() {
	r.count = 0
	for row := r.low; row < r.high; row++ {
		r.rows[row] = together(r.rows[row])
		r.count += len(r.rows[row])
	}
	r.most = max(manyCells, 2*r.count)
}

// together sorts cells and adds up those of the same pixel.
func together(cells []cell) []cell {
	slices.SortFunc(cells, func(a, b cell) int { return int(a.x) - int(b.x) })
	n := 0
	for _, c := range cells {
		if n > 0 && cells[n-1].x == c.x {
			cells[n-1].area += c.area
			cells[n-1].over += c.over
			continue
		}
		cells[n] = c
		n++
	}
	return cells[:n]
}

// paint fills what was added with a colour, and begins anew.
func (r *raster) paint(c color.NRGBA) {
	for row := r.low; row < r.high; row++ {
		if c.A > 0 {
			r.paintRow(row, together(r.rows[row]), c)
		}
		if cap(r.rows[row]) > 4*r.img.Rect.Dx()+64 {
			r.rows[row] = nil
		} else {
			r.rows[row] = r.rows[row][:0]
		}
	}
	r.low, r.high, r.count, r.most = len(r.rows), 0, 0, manyCells
}

func (r *raster) paintRow(row int, cells []cell, c color.NRGBA) {
	if row < r.clip.Min.Y || row >= r.clip.Max.Y {
		return
	}
	sum := float32(0)
	for i, at := range cells {
		r.span(row, int(at.x), int(at.x)+1, sum+at.area, c)
		sum += at.over
		end := r.clip.Max.X
		if i+1 < len(cells) {
			end = int(cells[i+1].x)
		}
		r.span(row, int(at.x)+1, end, sum, c)
	}
}

// span paints a row's pixels from x0 to x1 that are covered that much.
func (r *raster) span(row, x0, x1 int, covered float32, c color.NRGBA) {
	if covered < 0 {
		covered = -covered
	}
	alpha := uint32(min(covered, 1)*float32(c.A) + 0.5)
	x0, x1 = max(x0, r.clip.Min.X), min(x1, r.clip.Max.X)
	if alpha == 0 || x0 >= x1 {
		return
	}
	if s := r.spare; row >= s.Min.Y && row < s.Max.Y && x0 < s.Max.X && x1 > s.Min.X {
		r.blend(row, x0, min(x1, s.Min.X), alpha, c)
		r.blend(row, max(x0, s.Max.X), x1, alpha, c)
		return
	}
	r.blend(row, x0, x1, alpha, c)
}

func (r *raster) blend(row, x0, x1 int, alpha uint32, c color.NRGBA) {
	if x0 >= x1 {
		return
	}
	pix := r.img.Pix[r.img.PixOffset(x0, row) : r.img.PixOffset(x1-1, row)+4]
	if alpha >= 255 {
		for i := 0; i < len(pix); i += 4 {
			pix[i], pix[i+1], pix[i+2] = c.R, c.G, c.B
		}
		return
	}
	for i := 0; i < len(pix); i += 4 {
		pix[i] = mix(pix[i], c.R, alpha)
		pix[i+1] = mix(pix[i+1], c.G, alpha)
		pix[i+2] = mix(pix[i+2], c.B, alpha)
	}
}

// mix is what is seen of a colour below one that covers alpha of 255.
func mix(below, above uint8, alpha uint32) uint8 {
	return uint8((uint32(below)*(255-alpha) + uint32(above)*alpha + 127) / 255) //nolint:gosec // a mean of two bytes
}
