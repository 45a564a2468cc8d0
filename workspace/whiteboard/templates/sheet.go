package templates

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strings"
	"unicode"

	"werkraum/workspace"
)

// Colours are Excalidraw's own, light enough for black letters on them.
const (
	yellow = "#ffec99"
	green  = "#b2f2bb"
	blue   = "#a5d8ff"
	red    = "#ffc9c9"
	violet = "#d0bfff"
	orange = "#ffd8a8"
	grey   = "#f1f3f5"
	ink    = "#1e1e1e"
	pale   = "#5c636a"
	none   = "transparent"
)

const (
	nunito     = 6    // Excalidraw's number of the typeface
	lineHeight = 1.35 // of that typeface
	noteSide   = 150
)

// element is an element in the making. The order of its fields in JSON is that of their names.
type element map[string]any

// sheet is a template while it is drawn.
type sheet struct {
	seed  string
	lang  workspace.Language
	list  []element
	frame string // the frame that what is drawn now lies in
	x, y  float64
}

// elements gives what was drawn an order and a form.
func (s *sheet) elements() []json.RawMessage {
	out := make([]json.RawMessage, len(s.list))
	rank := ""
	for i, e := range s.list {
		next, err := workspace.RankBetween(rank, "")
		if err == nil { // there is always room at the end
			rank = next
		}
		e["index"] = rank
		out[i], _ = json.Marshal(e) //nolint:errchkjson // texts and numbers
	}
	return out
}

// random is the n-th number that follows from the seed.
func (s *sheet) random(what string, n int) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "template %s %s %d", s.seed, what, n))
}

func (s *sheet) nonce(what string) int {
	sum := s.random(what, len(s.list))
	return int(binary.BigEndian.Uint32(sum[:]) >> 1)
}

// put adds an element at its place in the current frame, and returns it.
func (s *sheet) put(kind string, x, y, w, h float64, more element) element {
	sum := s.random("id", len(s.list))
	e := element{
		"id": strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10])), "type": kind,
		"x": s.x + x, "y": s.y + y, "width": w, "height": h, "angle": 0,
		"strokeColor": ink, "backgroundColor": none, "fillStyle": "solid", "strokeWidth": 2, "strokeStyle": "solid",
		"roughness": 0, "opacity": 100, "groupIds": []string{}, "frameId": nil, "roundness": nil, "seed": s.nonce("seed"),
		"boundElements": nil, "link": nil, "locked": false,
		"version": 1, "versionNonce": s.nonce("nonce"), "updated": 1, "isDeleted": false,
	}
	if s.frame != "" {
		e["frameId"] = s.frame
	}
	maps.Copy(e, more)
	s.list = append(s.list, e)
	return e
}

// inFrame draws a frame and what lies in it, whose places are counted from its corner.
// Frames come after what they hold, as in Excalidraw.
func (s *sheet) inFrame(name workspace.Text, x, y, w, h float64, draw func()) {
	frame := s.put("frame", x, y, w, h, element{"name": name.In(s.lang), "strokeColor": "#bbbbbb"})
	at := len(s.list) - 1
	s.frame, s.x, s.y = frame["id"].(string), x, y //nolint:errcheck,forcetypeassert // put has set it
	draw()
	s.frame, s.x, s.y = "", 0, 0
	s.list = append(append(s.list[:at:at], s.list[at+1:]...), frame)
}

// bind has the elements know of each other.
func bind(to element, kind string, what element) {
	bound, _ := to["boundElements"].([]element)
	to["boundElements"] = append(bound, element{"id": what["id"], "type": kind})
}

// label is the text in the middle of a shape.
func (s *sheet) label(in element, text workspace.Text, size float64) {
	words := text.In(s.lang)
	if words == "" {
		return
	}
	room := number(in, "width") - 10 // as Excalidraw will break it again
	switch in["type"] {
	case "diamond":
		room = number(in, "width")/2 - 10
	case "ellipse":
		room = number(in, "width")/math.Sqrt2 - 10
	}
	lines := wrap(words, room/size)
	w, h := widest(lines)*size, float64(len(lines))*size*lineHeight
	x, y := number(in, "x")+number(in, "width")/2-w/2-s.x, number(in, "y")+number(in, "height")/2-h/2-s.y
	e := s.put("text", x, y, w, h, element{
		"text": strings.Join(lines, "\n"), "originalText": words, "fontSize": size, "fontFamily": nunito, "lineHeight": lineHeight,
		"textAlign": "center", "verticalAlign": "middle", "containerId": in["id"], "autoResize": true,
	})
	bind(in, "text", e)
}

// shape is a shape with a text in it.
func (s *sheet) shape(kind string, x, y, w, h float64, background string, text workspace.Text) element {
	more := element{"backgroundColor": background}
	if kind == "rectangle" {
		more["roundness"] = element{"type": 3}
	}
	e := s.put(kind, x, y, w, h, more)
	s.label(e, text, 18)
	return e
}

// note is a sticky note.
func (s *sheet) note(x, y float64, background string, text workspace.Text) {
	e := s.put("rectangle", x, y, noteSide, noteSide, element{
		"backgroundColor": background, "strokeColor": none, "strokeWidth": 1, "customData": element{"note": true},
	})
	s.label(e, text, 16)
}

// text is a text by itself, that begins at its place; width 0 breaks it nowhere.
func (s *sheet) text(x, y, width, size float64, color string, text workspace.Text) {
	words := text.In(s.lang)
	lines := strings.Split(words, "\n")
	if width > 0 {
		lines = wrap(words, width/size)
	}
	w := widest(lines) * size
	if width > 0 {
		w = width
	}
	s.put("text", x, y, w, float64(len(lines))*size*lineHeight, element{
		"text": strings.Join(lines, "\n"), "originalText": words, "fontSize": size, "fontFamily": nunito, "lineHeight": lineHeight,
		"textAlign": "left", "verticalAlign": "top", "containerId": nil, "autoResize": width == 0, "strokeColor": color,
	})
}

// side is where an arrow leaves a shape or meets it, as parts of its width and height.
type side [2]float64

var (
	top    = side{0.5, 0}
	bottom = side{0.5, 1}
	left   = side{0, 0.5}
	right  = side{1, 0.5}
)

// gap is how far the end of an arrow stays away from its shape.
const gap = 4

func (s *sheet) place(e element, at side) [2]float64 {
	return [2]float64{
		number(e, "x") - s.x + number(e, "width")*at[0] + gap*(2*at[0]-1)*math.Abs(2*at[0]-1),
		number(e, "y") - s.y + number(e, "height")*at[1] + gap*(2*at[1]-1)*math.Abs(2*at[1]-1),
	}
}

// arrow is an arrow with corners from one shape to another, which holds on to both.
func (s *sheet) arrow(from element, leave side, to element, meet side, head any, label workspace.Text) {
	a, b := s.place(from, leave), s.place(to, meet)
	dx, dy := b[0]-a[0], b[1]-a[1]
	points := [][2]float64{{0, 0}}
	switch {
	case math.Abs(dx) < 1 || math.Abs(dy) < 1:
	case leave[1] == 0.5 && meet[1] == 0.5: // sideways, over half of the way
		points = append(points, [2]float64{dx / 2, 0}, [2]float64{dx / 2, dy})
	case leave[0] == 0.5 && meet[0] == 0.5:
		points = append(points, [2]float64{0, dy / 2}, [2]float64{dx, dy / 2})
	case leave[1] == 0.5:
		points = append(points, [2]float64{dx, 0})
	default:
		points = append(points, [2]float64{0, dy})
	}
	points = append(points, [2]float64{dx, dy})
	bound := func(e element, at side) element {
		fixed := []float64{at[0], at[1]}
		for i := range fixed {
			if fixed[i] == 0.5 {
				fixed[i] = 0.5001 // as Excalidraw does, for which the middle has no side
			}
		}
		return element{"elementId": e["id"], "focus": 0, "gap": gap, "fixedPoint": fixed}
	}
	e := s.put("arrow", a[0], a[1], math.Abs(dx), math.Abs(dy), element{
		"points": points, "lastCommittedPoint": nil, "startBinding": bound(from, leave), "endBinding": bound(to, meet),
		"startArrowhead": nil, "endArrowhead": head, "elbowed": true, "fixedSegments": nil, "startIsSpecial": nil, "endIsSpecial": nil,
	})
	bind(from, "arrow", e)
	bind(to, "arrow", e)
	if words := label.In(s.lang); words != "" {
		middle := [2]float64{a[0] + dx/2, a[1] + dy/2}
		if len(points) == 3 { // at the corner, where Excalidraw will have it
			middle = [2]float64{a[0] + points[1][0], a[1] + points[1][1]}
		}
		w, h := widest([]string{words})*16, 16*lineHeight
		t := s.put("text", middle[0]-w/2, middle[1]-h/2, w, h, element{
			"text": words, "originalText": words, "fontSize": 16, "fontFamily": nunito, "lineHeight": lineHeight,
			"textAlign": "center", "verticalAlign": "middle", "containerId": e["id"], "autoResize": true,
		})
		bind(e, "text", t)
	}
}

func number(e element, name string) float64 {
	n, _ := e[name].(float64)
	return n
}

// wrap breaks a text into lines no wider than room, for letters of size 1.
func wrap(text string, room float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			longer := strings.TrimSpace(line + " " + word)
			if line != "" && widest([]string{longer}) > room {
				lines = append(lines, line)
				longer = word
			}
			line = longer
		}
		lines = append(lines, line)
	}
	return lines
}

// widest is about how wide the widest line is, in letters of size 1: the browser has the
// typeface and measures again when the text is altered.
func widest(lines []string) float64 {
	most := 0.0
	for _, line := range lines {
		w := 0.0
		for _, r := range line {
			switch {
			case strings.ContainsRune("iljtfrI.,:;!'|()- ", r):
				w += 0.34
			case strings.ContainsRune("mwMW@", r):
				w += 0.9
			case unicode.IsUpper(r):
				w += 0.7
			default:
				w += 0.58
			}
		}
		most = max(most, w)
	}
	return most
}
