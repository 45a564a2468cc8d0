package picture

import (
	"image/color"
	"strings"
	"unicode"

	"github.com/go-fonts/dejavu/dejavusans"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// frameName is the size of a frame's name.
const frameName = 16

// smallestText is the size, in pixels, below which a line of text is drawn as a bar.
const smallestText = 2.5

// typesetter draws letters. Excalidraw's own typefaces come as compressed web fonts; instead
// of them it has the Go fonts, which know Latin, Greek and Cyrillic, and DejaVu Sans for signs
// and for further letters.
type typesetter struct {
	sans, mono *typeface
	glyphs     int // drawn so far
}

// typeface is a font, and what was read of it.
type typeface struct {
	font            *sfnt.Font
	buffer          sfnt.Buffer
	em              float64
	ascent, descent float64 // as parts of the size
	glyphs          map[rune]*glyph
	others          *typeface // has what this one lacks; nil if nothing does
}

// glyph is a letter of size 1.
type glyph struct {
	advance  float64
	outlines [][]point
}

func newTypesetter() typesetter {
	others := newTypeface(dejavusans.TTF)
	t := typesetter{sans: newTypeface(goregular.TTF), mono: newTypeface(gomono.TTF)}
	t.sans.others, t.mono.others = others, others
	return t
}

func newTypeface(ttf []byte) *typeface {
	f := &typeface{em: 2048, ascent: 0.95, descent: 0.21, glyphs: map[rune]*glyph{}}
	parsed, err := sfnt.Parse(ttf)
	if err != nil { // what is built in can be read, as every test of it shows
		return f
	}
	f.font, f.em = parsed, float64(parsed.UnitsPerEm())
	if m, err := parsed.Metrics(&f.buffer, f.ppem(), font.HintingNone); err == nil {
		f.ascent, f.descent = float64(m.Ascent)/64/f.em, float64(m.Descent)/64/f.em
	}
	return f
}

func (f *typeface) ppem() fixed.Int26_6 { return fixed.I(int(f.em)) }

func (f *typeface) has(r rune) bool {
	if f == nil || f.font == nil {
		return false
	}
	index, err := f.font.GlyphIndex(&f.buffer, r)
	return err == nil && index > 0
}

// glyph is a letter; nothing for what has no form, such as the joiners in emoji.
func (f *typeface) glyph(r rune) *glyph {
	if g, ok := f.glyphs[r]; ok {
		return g
	}
	g := &glyph{}
	if len(f.glyphs) < 5000 {
		f.glyphs[r] = g
	}
	if f.font == nil || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Variation_Selector) {
		return g
	}
	index, err := f.font.GlyphIndex(&f.buffer, r)
	if err != nil {
		return g
	}
	if index == 0 {
		if plain, ok := plainForms[r]; ok {
			*g = *f.glyph(plain)
			return g
		}
		if f.others.has(r) && !isShaped(r) {
			*g = *f.others.glyph(r)
			return g
		}
	}
	if advance, err := f.font.GlyphAdvance(&f.buffer, index, f.ppem(), font.HintingNone); err == nil {
		g.advance = float64(advance) / 64 / f.em
	}
	if segments, err := f.font.LoadGlyph(&f.buffer, index, f.ppem(), nil); err == nil {
		g.outlines = outlines(segments, f.em)
	}
	return g
}

// isShaped reports whether letters of a script are joined, stacked or written from the right:
// one beside the other they would be read as something else, so they stay boxes.
func isShaped(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Lao, unicode.Nko, unicode.Syriac, unicode.Thaana)
}

// plainForms are signs that mean the same as emoji that no font here has.
var plainForms = map[rune]rune{
	'✅': '✔', '❌': '✘', '❎': '✘', '⭐': '★', '🌟': '★', '❗': '!', '❕': '!', '❓': '?', '❔': '?', '➕': '+', '➖': '−', '🙂': '☺', '🙁': '☹', '➡': '→', '⬅': '←',
}

// outlines are a letter's, its curves in a few steps each.
func outlines(segments sfnt.Segments, em float64) (all [][]point) {
	at := func(p fixed.Point26_6) point { return point{float64(p.X) / 64 / em, float64(p.Y) / 64 / em} }
	const steps = 4
	for _, s := range segments {
		if s.Op == sfnt.SegmentOpMoveTo {
			all = append(all, []point{at(s.Args[0])})
			continue
		}
		if len(all) == 0 {
			continue
		}
		last := &all[len(all)-1]
		from := (*last)[len(*last)-1]
		switch s.Op {
		case sfnt.SegmentOpLineTo:
			*last = append(*last, at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			c, to := at(s.Args[0]), at(s.Args[1])
			for i := 1; i <= steps; i++ {
				t := float64(i) / steps
				*last = append(*last, between(between(from, c, t), between(c, to, t), t))
			}
		case sfnt.SegmentOpCubeTo:
			for i := 1; i <= steps; i++ {
				*last = append(*last, cubic(from, at(s.Args[0]), at(s.Args[1]), at(s.Args[2]), float64(i)/steps))
			}
		}
	}
	return all
}

// width is that of a line of size 1.
func (f *typeface) width(line string) float64 {
	w := 0.0
	for _, r := range line {
		w += f.glyph(r).advance
	}
	return w
}

// text draws a text element. Its lines are where Excalidraw has broken them; where ours are
// wider than its, letters get smaller.
func (d *drawing) text(e *Element) {
	ink := paint(e.StrokeColor, e.Opacity)
	lines := strings.Split(strings.ReplaceAll(e.Text, "\r\n", "\n"), "\n")
	f := d.letters.sans
	if e.FontFamily == 3 || e.FontFamily == 8 { // Cascadia and Comic Shanns
		f = d.letters.mono
	}
	b := e.straight()
	pitch := e.FontSize * e.LineHeight
	size := e.FontSize
	if e.FontSize*d.scale >= smallestText && d.letters.glyphs < mostGlyphs {
		widest := 0.0
		for _, line := range lines {
			widest = max(widest, f.width(line))
		}
		if room := max(b.width(), e.FontSize); widest*size > room {
			size = max(room/widest, size*0.6)
		}
	}
	baseline := b.y0 + (pitch-(f.ascent+f.descent)*size)/2 + f.ascent*size
	m := b.middle()
	for i, line := range lines {
		w := f.width(line) * size
		x := b.x0
		switch e.TextAlign {
		case "center":
			x = m.x - w/2
		case "right":
			x = b.x1 - w
		}
		d.set(e, f, line, point{x, baseline + float64(i)*pitch}, size, w, ink)
	}
}

// write writes a line that belongs to no element, cut off where its room ends.
func (d *drawing) write(line string, at point, size, room float64, ink color.NRGBA) {
	f := d.letters.sans
	if f.width(line)*size > room {
		cut := []rune(line)
		for len(cut) > 0 && f.width(string(cut)+"…")*size > room {
			cut = cut[:len(cut)-1]
		}
		line = string(cut) + "…"
	}
	d.set(&Element{}, f, line, at, size, f.width(line)*size, ink)
}

// set draws a line of text at its baseline, turned as an element is.
func (d *drawing) set(e *Element, f *typeface, line string, at point, size, width float64, ink color.NRGBA) {
	if ink.A == 0 || width <= 0 {
		return
	}
	ends := d.placed(e, []point{{at.x, at.y - f.ascent*size}, {at.x + width, at.y - f.ascent*size}, {at.x, at.y + f.descent*size}, {at.x + width, at.y + f.descent*size}})
	c := d.r.clip
	if !boxOf(ends).meets(box{float64(c.Min.X), float64(c.Min.Y), float64(c.Max.X), float64(c.Max.Y)}) {
		return
	}
	if size*d.scale < smallestText || d.letters.glyphs > mostGlyphs {
		ink.A = uint8(int(ink.A) * 2 / 5) //nolint:gosec // less than it was
		d.r.stroke(d.placed(e, []point{{at.x, at.y - size*0.3}, {at.x + width, at.y - size*0.3}}), size*d.scale*0.4)
		d.r.paint(ink)
		return
	}
	x := at.x
	for _, r := range line {
		g := f.glyph(r)
		for _, outline := range g.outlines {
			moved := make([]point, len(outline))
			for i, p := range outline {
				moved[i] = point{x + p.x*size, at.y + p.y*size}
			}
			d.r.polygon(d.placed(e, moved))
		}
		x += g.advance * size
		if d.letters.glyphs++; d.letters.glyphs > mostGlyphs {
			break
		}
	}
	d.r.paint(ink)
}

// oneLine is a text without line breaks, cut off after so many letters.
func oneLine(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if letters := []rune(s); len(letters) > most {
		return strings.TrimSpace(string(letters[:most-1])) + "…"
	}
	return s
}

// wrap breaks a text into lines that are no wider than room, for letters of size 1; what
// does not fit into the last line stays on it.
func (f *typeface) wrap(text string, room float64, most int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && f.width(longer) > room && len(lines)+1 < most {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	return append(lines, line)
}
