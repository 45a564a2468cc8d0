// Package picture shows a whiteboard outside of the browser: as a picture for the chat, and
// as text for those who do not see it. It draws what Excalidraw's elements say, cleanly and
// not as if by hand. What it is given may be anything: it takes bounded time and memory.
package picture

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
)

// Element is an element of a whiteboard, as much of it as is drawn. The names are
// Excalidraw's.
type Element struct {
	ID              string       `json:"id"`
	Type            string       `json:"type"`
	X               float64      `json:"x"`
	Y               float64      `json:"y"`
	Width           float64      `json:"width"`
	Height          float64      `json:"height"`
	Angle           float64      `json:"angle"`
	StrokeColor     string       `json:"strokeColor"`
	BackgroundColor string       `json:"backgroundColor"`
	FillStyle       string       `json:"fillStyle"`
	StrokeWidth     float64      `json:"strokeWidth"`
	StrokeStyle     string       `json:"strokeStyle"`
	Opacity         float64      `json:"opacity"`
	FrameID         string       `json:"frameId"`
	Index           string       `json:"index"`
	Roundness       *Roundness   `json:"roundness"`
	Text            string       `json:"text"`
	FontSize        float64      `json:"fontSize"`
	FontFamily      int          `json:"fontFamily"`
	TextAlign       string       `json:"textAlign"`
	ContainerID     string       `json:"containerId"`
	LineHeight      float64      `json:"lineHeight"`
	Points          [][2]float64 `json:"points"`
	Pressures       []float64    `json:"pressures"`
	Simulate        bool         `json:"simulatePressure"`
	StartBinding    Binding      `json:"startBinding"`
	EndBinding      Binding      `json:"endBinding"`
	StartArrowhead  string       `json:"startArrowhead"`
	EndArrowhead    string       `json:"endArrowhead"`
	Elbowed         bool         `json:"elbowed"`
	FileID          string       `json:"fileId"`
	Scale           [2]float64   `json:"scale"`
	Crop            *Crop        `json:"crop"`
	Name            string       `json:"name"`
	Custom          Custom       `json:"customData"`
}

// Roundness says how corners are rounded.
type Roundness struct {
	Type  int     `json:"type"`
	Value float64 `json:"value"`
}

// Binding ties the end of an arrow to an element.
type Binding struct {
	ElementID string `json:"elementId"`
}

// Crop is the part of a picture that is shown, in pixels of the picture.
type Crop struct {
	X             float64 `json:"x"`
	Y             float64 `json:"y"`
	Width         float64 `json:"width"`
	Height        float64 `json:"height"`
	NaturalWidth  float64 `json:"naturalWidth"`
	NaturalHeight float64 `json:"naturalHeight"`
}

// Custom is what Werkraum notes on elements.
type Custom struct {
	Card string `json:"card"` // the card that it shows or has become
	Note bool   `json:"note"` // a sticky note
	// Slide is a frame's place among those that are shown one after the other, if it was
	// given one.
	Slide *float64 `json:"slide"`
}

// farthest is how far from the middle something is drawn; whatever lies beyond is drawn
// there. Excalidraw's own canvas ends long before.
const farthest = 1e7

// Parse reads an element. Fields of another form than Excalidraw's count as missing; false
// is for what is no element at all.
func Parse(data string) (Element, bool) {
	e := Element{Opacity: 100, StrokeWidth: 2, StrokeColor: "#1e1e1e"}
	var field *json.UnmarshalTypeError // the other fields have been read
	if err := json.Unmarshal([]byte(data), &e); err != nil && !errors.As(err, &field) {
		return Element{}, false
	}
	if e.ID == "" || e.Type == "" {
		return Element{}, false
	}
	for _, n := range []*float64{&e.X, &e.Y} {
		*n = within(*n, -farthest, farthest)
	}
	for _, n := range []*float64{&e.Width, &e.Height} {
		*n = within(*n, -2*farthest, 2*farthest)
	}
	for i, p := range e.Points {
		e.Points[i] = [2]float64{within(p[0], -2*farthest, 2*farthest), within(p[1], -2*farthest, 2*farthest)}
	}
	e.Angle = math.Mod(within(e.Angle, -1e6, 1e6), 2*math.Pi)
	e.Opacity = within(e.Opacity, 0, 100)
	e.StrokeWidth = within(e.StrokeWidth, 0, 1000)
	if e.FontSize == 0 {
		e.FontSize = 20
	}
	e.FontSize = within(e.FontSize, 1, 10_000)
	if e.LineHeight < 0.5 || e.LineHeight > 5 {
		e.LineHeight = 1.25
	}
	if e.Width < 0 { // as while it is drawn from right to left
		e.X, e.Width = e.X+e.Width, -e.Width
	}
	if e.Height < 0 {
		e.Y, e.Height = e.Y+e.Height, -e.Height
	}
	return e, true
}

// within is the number nearest to n between low and high.
func within(n, low, high float64) float64 {
	if math.IsNaN(n) {
		return low
	}
	return min(max(n, low), high)
}

// Sort brings elements into the order in which they lie upon each other.
func Sort(elements []Element) {
	slices.SortStableFunc(elements, func(a, b Element) int {
		return cmp.Or(strings.Compare(a.Index, b.Index), strings.Compare(a.ID, b.ID))
	})
}

// linear reports whether its points say where an element is.
func (e *Element) linear() bool {
	return e.Type == "line" || e.Type == "arrow" || e.Type == "freedraw"
}

// closed reports whether a line ends where it began, so that it has an inside.
func (e *Element) closed() bool {
	if len(e.Points) < 4 {
		return false
	}
	a, b := e.Points[0], e.Points[len(e.Points)-1]
	return math.Hypot(a[0]-b[0], a[1]-b[1]) <= 8 // Excalidraw's LINE_CONFIRM_THRESHOLD
}
