package picture

import (
	"image"
	"image/color"
	"math"
)

// Card is what a picture shows of a card of the board.
type Card struct {
	Title string
	Line  string // below the title, such as its number and column
}

// Options say what of a whiteboard is drawn, and how large.
type Options struct {
	Frame     string  // the ID of the frame to draw; "" draws all there is
	Scale     float64 // pixels for each unit of the whiteboard, at most; 2 if it is 0
	MaxSide   int     // of the picture, in pixels; 4096 if it is 0
	MaxPixels int     // 16 million if it is 0
	// Image returns the picture of a file, nil if it cannot be had. It is called in the
	// order of the elements, again for each of them, and nothing keeps what it returns.
	Image func(fileID string) image.Image
	// Card returns what is shown of a card, false if there is none.
	Card func(card string) (Card, bool)
}

const (
	defaultScale   = 2
	defaultSide    = 4096
	defaultPixels  = 16 << 20
	margin         = 24 // around everything, in the whiteboard's units
	mostPoints     = 2_000_000
	mostGlyphs     = 200_000
	mostImages     = 200
	paintedPixels  = 1e9   // in one picture, those painted again included
	crossedPixels  = 1.5e7 // pixels that edges cross, likewise
	smallestPixels = 16    // a picture's shorter side
)

// drawing is a picture while it is made.
type drawing struct {
	o        Options
	r        *raster
	scale    float64
	view     box // what of the whiteboard is seen
	frames   map[string]box
	byID     map[string]*Element
	labels   map[string]*Element // the text of an arrow, by the arrow's ID
	letters  typesetter
	images   int // drawn so far
	step     int // of so many points of a line only one is drawn
	elements []Element
}

// Draw draws elements, which Sort has put in order; false if there is nothing to be seen or
// no such frame. The more there is to paint, the smaller the picture gets, so that no
// whiteboard takes longer than a few seconds.
func Draw(elements []Element, o Options) (*image.RGBA, bool) {
	if o.Scale <= 0 || math.IsNaN(o.Scale) || o.Scale > 100 {
		o.Scale = defaultScale
	}
	if o.MaxSide <= 0 {
		o.MaxSide = defaultSide
	}
	if o.MaxPixels <= 0 {
		o.MaxPixels = defaultPixels
	}
	d := &drawing{o: o, frames: map[string]box{}, byID: map[string]*Element{}, labels: map[string]*Element{}, step: 1}
	points := 0
	for i := range elements {
		e := &elements[i]
		d.byID[e.ID] = e
		if e.Type == "frame" {
			d.frames[e.ID] = e.straight()
		}
		if e.Type == "text" && e.ContainerID != "" {
			d.labels[e.ContainerID] = e
		}
		points += len(e.Points)
	}
	d.step = 1 + points/mostPoints
	if !d.look(elements) {
		return nil, false
	}
	d.fit()
	w, h := int(math.Ceil(d.view.width()*d.scale)), int(math.Ceil(d.view.height()*d.scale))
	img := image.NewRGBA(image.Rect(0, 0, min(max(w, smallestPixels), o.MaxSide), min(max(h, smallestPixels), o.MaxSide)))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	d.r, d.letters = newRaster(img), newTypesetter()
	for i := range d.elements {
		d.element(&d.elements[i])
	}
	return img, true
}

// look chooses what is seen, and from where to where.
func (d *drawing) look(elements []Element) bool {
	if d.o.Frame != "" {
		frame, ok := d.frames[d.o.Frame]
		if !ok || frame.width() < 1 || frame.height() < 1 {
			return false
		}
		d.view = frame
		for _, e := range elements {
			if e.Type != "frame" && (e.FrameID == d.o.Frame || e.FrameID == "" && e.bounds().meets(frame)) {
				d.elements = append(d.elements, e)
			}
		}
		return true
	}
	d.elements = elements
	for i, e := range elements {
		b := e.bounds()
		if frame, ok := d.frames[e.FrameID]; ok && e.Type != "frame" {
			b = b.common(frame)
		}
		if i == 0 {
			d.view = b
		}
		d.view = d.view.with(b)
	}
	d.view = d.view.grow(margin)
	return len(elements) > 0
}

// fit chooses the scale: as large as wanted, as large as may be, and no more than can be
// painted in time.
func (d *drawing) fit() {
	w, h := d.view.width(), d.view.height()
	side := float64(d.o.MaxSide)
	d.scale = min(d.o.Scale, side/w, side/h, math.Sqrt(float64(d.o.MaxPixels)/(w*h)))
	area, length := d.cost()
	if area*d.scale*d.scale > paintedPixels {
		d.scale = math.Sqrt(paintedPixels / area)
	}
	d.scale = min(d.scale, crossedPixels/(length+1))
}

// cost is how much there is to paint: areas, and the edges around them.
func (d *drawing) cost() (area, length float64) {
	for i := range d.elements {
		e := &d.elements[i]
		b := e.bounds().common(d.view)
		inside, around := b.width()*b.height(), 2*(b.width()+b.height())
		if inside == 0 {
			continue
		}
		area += inside * e.effort()
		switch {
		case e.Type == "text":
			length += float64(min(len(e.Text), mostGlyphs)) * e.FontSize * 4
		case e.linear():
			for j := d.step; j < len(e.Points); j += d.step {
				p, q := e.at(j-d.step), e.at(j)
				from, to, _ := cut(p, q, d.view)
				length += 2*max(to-from, 0)*q.sub(p).length() + 4*min(e.StrokeWidth, around)
			}
		default:
			length += 2 * around
		}
		if gap := 4 * max(e.StrokeWidth, 0.5); e.hatched() {
			length += 4 * inside / gap
		}
	}
	return area, length
}

// effort is how much longer painting an element takes than filling it with a colour.
func (e *Element) effort() float64 {
	switch {
	case e.Type == "image":
		return 250
	case e.Opacity < 100, len(e.BackgroundColor) > 7: // what is below shines through
		return 10
	}
	return 1
}

// at is the i-th point of a line on the whiteboard, without its angle.
func (e *Element) at(i int) point { return point{e.X + e.Points[i][0], e.Y + e.Points[i][1]} }

// to is where a place on the whiteboard is in the picture.
func (d *drawing) to(p point) point {
	return point{(p.x - d.view.x0) * d.scale, (p.y - d.view.y0) * d.scale}
}

// placed are points of an element in the picture, turned as the element is.
func (d *drawing) placed(e *Element, points []point) []point {
	m := e.straight().middle()
	sin, cos := math.Sincos(e.Angle)
	out := make([]point, len(points))
	for i, p := range points {
		if e.Angle != 0 {
			p = p.turn(m, sin, cos)
		}
		out[i] = d.to(p)
	}
	return out
}

// rectangle is a straight box in whole pixels of the picture.
func (d *drawing) rectangle(b box) image.Rectangle {
	a, z := d.to(point{b.x0, b.y0}), d.to(point{b.x1, b.y1})
	most := float64(d.o.MaxSide)
	whole := func(n float64) int { return int(math.Round(within(n, -1, most+1))) }
	return image.Rect(whole(a.x), whole(a.y), whole(z.x), whole(z.y))
}

func (d *drawing) element(e *Element) {
	if !e.bounds().meets(d.view) {
		return
	}
	d.r.clip, d.r.spare = d.r.img.Rect, image.Rectangle{}
	if frame, ok := d.frames[e.FrameID]; ok && e.Type != "frame" {
		d.r.clip = d.rectangle(frame).Intersect(d.r.img.Rect)
		if d.r.clip.Empty() {
			return
		}
	}
	switch e.Type {
	case "rectangle":
		b := e.straight()
		d.shape(e, rounded([]point{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}}, e.radius(min(b.width(), b.height())), d.scale))
	case "diamond":
		b := e.straight()
		m := b.middle()
		d.shape(e, rounded([]point{{m.x, b.y0}, {b.x1, m.y}, {m.x, b.y1}, {b.x0, m.y}}, e.radius(min(b.width(), b.height())), d.scale))
	case "ellipse":
		d.shape(e, ellipse(e.straight(), d.scale))
	case "line", "arrow":
		d.line(e)
	case "freedraw":
		d.freehand(e)
	case "text":
		d.text(e)
	case "image":
		d.image(e)
	case "frame":
		d.frame(e)
	case "embeddable":
		d.card(e)
	}
}

// radius is that of an element's corners, as Excalidraw rounds a side of that length.
func (e *Element) radius(side float64) float64 {
	if e.Roundness == nil {
		return 0
	}
	if e.Roundness.Type != 3 { // in proportion
		return side / 4
	}
	fixed := e.Roundness.Value
	if fixed <= 0 || math.IsNaN(fixed) {
		fixed = 32
	}
	return min(fixed, side/4)
}

// shape fills an outline and draws it.
func (d *drawing) shape(e *Element, outline []point) {
	points := d.placed(e, outline)
	d.fill(e, points)
	d.outline(e, append(points, points[0]))
}

// outline draws a line in an element's stroke.
func (d *drawing) outline(e *Element, points []point) {
	ink := paint(e.StrokeColor, e.Opacity)
	if ink.A == 0 || e.StrokeWidth == 0 {
		return
	}
	width := e.StrokeWidth * d.scale
	if e.StrokeStyle != "dashed" && e.StrokeStyle != "dotted" {
		d.r.stroke(points, width)
		d.r.paint(ink)
		return
	}
	pattern := dash{8 * d.scale, (8 + e.StrokeWidth) * d.scale}
	if e.StrokeStyle == "dotted" {
		pattern = dash{1.5 * d.scale, (6 + e.StrokeWidth) * d.scale}
	}
	if pattern.on+pattern.off < 3 { // too small to be told from a line
		ink.A /= 2
		d.r.stroke(points, width)
		d.r.paint(ink)
		return
	}
	for _, part := range d.r.dashes(points, pattern, width) {
		d.r.stroke(part, width)
	}
	d.r.paint(ink)
}

func (d *drawing) frame(e *Element) {
	b := e.straight()
	grey := color.NRGBA{0xbb, 0xbb, 0xbb, 0xff}
	r := outlineOf(b, 8, d.scale)
	points := d.placed(&Element{}, r)
	d.r.stroke(append(points, points[0]), 2*d.scale)
	d.r.paint(grey)
	if e.Name != "" {
		size := max(frameName, 11/d.scale)
		d.write(oneLine(e.Name, 200), point{b.x0, b.y0 - size*0.5}, size, b.width(), color.NRGBA{0x6f, 0x6f, 0x6f, 0xff})
	}
}

func outlineOf(b box, r, scale float64) []point {
	return rounded([]point{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}}, r, scale)
}
