package picture

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// image draws a picture, or in its place a grey box if it cannot be had.
func (d *drawing) image(e *Element) {
	b := e.straight()
	var img image.Image
	if d.images < mostImages && d.o.Image != nil && e.FileID != "" && b.width() > 0 && b.height() > 0 {
		img = d.o.Image(e.FileID)
		d.images++
	}
	if img == nil || img.Bounds().Empty() {
		d.missing(e)
		return
	}
	part := cropped(img.Bounds(), e.Crop)
	corners := d.placed(e, []point{{b.x0, b.y0}, {b.x1, b.y0}, {b.x0, b.y1}})
	across, down := corners[1].sub(corners[0]), corners[2].sub(corners[0])
	pixels := shrunk(img, part, across.length(), down.length())
	size := pixels.Bounds().Size()
	det := across.x*down.y - across.y*down.x
	if math.Abs(det) < 1e-9 {
		return
	}
	outline := rounded([]point{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}}, e.radius(min(b.width(), b.height())), d.scale)
	d.r.polygon(d.placed(e, outline))
	mask := d.r.mask()
	for y := mask.Rect.Min.Y; y < mask.Rect.Max.Y; y++ {
		row := mask.Pix[mask.PixOffset(mask.Rect.Min.X, y):]
		for x := mask.Rect.Min.X; x < mask.Rect.Max.X; x++ {
			covered := row[x-mask.Rect.Min.X]
			if covered == 0 {
				continue
			}
			p := point{float64(x) + 0.5, float64(y) + 0.5}.sub(corners[0])
			u, v := (p.x*down.y-p.y*down.x)/det, (across.x*p.y-across.y*p.x)/det
			if e.Scale[0] < 0 {
				u = 1 - u
			}
			if e.Scale[1] < 0 {
				v = 1 - v
			}
			c := sample(pixels, u*float64(size.X)-0.5, v*float64(size.Y)-0.5)
			d.r.dot(x, y, c, float64(covered)/255*e.Opacity/100)
		}
	}
}

// cropped is the part of a picture that is shown.
func cropped(whole image.Rectangle, c *Crop) image.Rectangle {
	if c == nil || c.NaturalWidth <= 0 || c.NaturalHeight <= 0 {
		return whole
	}
	fx, fy := float64(whole.Dx())/c.NaturalWidth, float64(whole.Dy())/c.NaturalHeight
	at := func(n, f float64, most int) int { return int(math.Round(within(n*f, 0, float64(most)))) }
	part := image.Rect(at(c.X, fx, whole.Dx()), at(c.Y, fy, whole.Dy()), at(c.X+c.Width, fx, whole.Dx()), at(c.Y+c.Height, fy, whole.Dy()))
	if part = part.Add(whole.Min); part.Empty() {
		return whole
	}
	return part
}

// shrunk is part of a picture, in no more pixels than are needed.
func shrunk(img image.Image, part image.Rectangle, w, h float64) *image.RGBA {
	size := image.Rect(0, 0, max(1, min(part.Dx(), int(math.Ceil(min(w, 1e5))))), max(1, min(part.Dy(), int(math.Ceil(min(h, 1e5))))))
	out := image.NewRGBA(size)
	if size.Size() == part.Size() {
		draw.Draw(out, size, img, part.Min, draw.Src)
	} else {
		draw.BiLinear.Scale(out, size, img, part, draw.Src, nil)
	}
	return out
}

// sample is the colour between the pixels about a place, with premultiplied alpha.
func sample(img *image.RGBA, x, y float64) [4]float64 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	x, y = within(x, 0, float64(w-1)), within(y, 0, float64(h-1))
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, w-1), min(y0+1, h-1)
	fx, fy := x-float64(x0), y-float64(y0)
	a, b, c, d := img.Pix[img.PixOffset(x0, y0):], img.Pix[img.PixOffset(x1, y0):], img.Pix[img.PixOffset(x0, y1):], img.Pix[img.PixOffset(x1, y1):]
	var out [4]float64
	for i := range out {
		out[i] = (float64(a[i])*(1-fx)+float64(b[i])*fx)*(1-fy) + (float64(c[i])*(1-fx)+float64(d[i])*fx)*fy
	}
	return out
}

// dot paints one pixel with a premultiplied colour.
func (r *raster) dot(x, y int, c [4]float64, opacity float64) {
	pix := r.img.Pix[r.img.PixOffset(x, y):]
	for i := range 3 {
		pix[i] = uint8(within(c[i]*opacity+float64(pix[i])*(1-c[3]/255*opacity)+0.5, 0, 255))
	}
}

// mask is what was added, as how much of each pixel is covered; the raster begins anew.
func (r *raster) mask() *image.Alpha {
	left, right := r.clip.Max.X, r.clip.Min.X
	for row := r.low; row < r.high; row++ {
		for _, c := range r.rows[row] {
			left, right = min(left, int(c.x)), max(right, int(c.x)+1)
		}
	}
	m := image.NewAlpha(image.Rect(left, r.low, right, r.high).Intersect(r.clip))
	onto := &raster{img: image.NewRGBA(m.Rect), clip: m.Rect}
	for row := r.low; row < r.high; row++ {
		onto.paintRow(row, together(r.rows[row]), color.NRGBA{0xff, 0xff, 0xff, 0xff})
		r.rows[row] = r.rows[row][:0]
	}
	for i := range m.Pix {
		m.Pix[i] = onto.img.Pix[4*i]
	}
	r.low, r.high, r.count, r.most = len(r.rows), 0, 0, manyCells
	return m
}

// missing stands in the place of a picture.
func (d *drawing) missing(e *Element) {
	b := e.straight()
	grey := color.NRGBA{0x86, 0x8e, 0x96, 0xff}
	outline := d.placed(e, []point{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}})
	d.r.polygon(outline)
	d.r.paint(color.NRGBA{0xf1, 0xf3, 0xf5, 0xff})
	d.r.stroke(append(outline, outline[0]), d.scale)
	u := min(b.width(), b.height()) / 4
	m := b.middle()
	d.r.stroke(d.placed(e, []point{{m.x - u, m.y + u}, {m.x - u/3, m.y - u/3}, {m.x + u/3, m.y + u/2}, {m.x + u*2/3, m.y}, {m.x + u, m.y + u}, {m.x - u, m.y + u}}), 1.5*d.scale)
	d.r.paint(grey)
}

// card draws a card of the board.
func (d *drawing) card(e *Element) {
	b := e.straight()
	outline := d.placed(&Element{}, outlineOf(b, min(12, b.width()/4, b.height()/4), d.scale))
	d.r.polygon(outline)
	d.r.paint(color.NRGBA{0xff, 0xff, 0xff, 0xff})
	d.r.stroke(append(outline, outline[0]), 1.5*d.scale)
	d.r.paint(color.NRGBA{0x86, 0x8e, 0x96, 0xff})
	c := Card{}
	if d.o.Card != nil && e.Custom.Card != "" {
		c, _ = d.o.Card(e.Custom.Card)
	}
	pad := min(16, b.width()/10)
	room := b.width() - 2*pad
	y := b.y0 + pad + 18
	lines := d.letters.sans.wrap(oneLine(c.Title, 300), room/18, max(1, int((b.height()-2*pad-16)/24)))
	for _, line := range lines {
		d.write(line, point{b.x0 + pad, y}, 18, room, color.NRGBA{0x1e, 0x1e, 0x1e, 0xff})
		y += 24
	}
	if c.Line != "" && y <= b.y1-4 {
		d.write(oneLine(c.Line, 200), point{b.x0 + pad, y}, 14, room, color.NRGBA{0x60, 0x66, 0x6c, 0xff})
	}
}
