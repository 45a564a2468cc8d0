package picture

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Part is what stands in a frame of a whiteboard, or beside all frames.
type Part struct {
	Frame string   // the frame's ID; "" for what is in none
	Title string   // the frame's name, which may be empty
	Lines []string // the texts, in the order in which they are read; “A → B” for an arrow
}

const (
	mostLetters = 500 // of a text in the outline
	rowHeight   = 40  // what lies no lower than this below another begins the same row
)

// spot is a text at its place.
type spot struct {
	at   box
	id   string
	text string
}

// Outline is a whiteboard in words, for those who do not see it: the frames in their order, or
// without one row by row, from left to right, and in them the texts likewise; what is in no
// frame comes last.
func Outline(elements []Element, card func(card string) (Card, bool)) []Part {
	bound := map[string]string{} // texts by what they stand in
	for i := range elements {
		if e := &elements[i]; e.Type == "text" && e.ContainerID != "" {
			bound[e.ContainerID] = oneLine(e.Text, mostLetters)
		}
	}
	byID := map[string]*Element{}
	var frames []spot
	for i := range elements {
		byID[elements[i].ID] = &elements[i]
		if e := &elements[i]; e.Type == "frame" {
			frames = append(frames, spot{e.straight(), e.ID, oneLine(e.Name, mostLetters)})
		}
	}
	called := func(id string) string {
		if e := byID[id]; e != nil {
			return cmp.Or(bound[id], words(e, card))
		}
		return ""
	}
	texts, arrows := map[string][]spot{}, map[string][]spot{}
	for i := range elements {
		e := &elements[i]
		in := e.FrameID
		if f := byID[in]; f == nil || f.Type != "frame" {
			in = ""
		}
		if from, to := called(e.StartBinding.ElementID), called(e.EndBinding.ElementID); e.Type == "arrow" && from != "" && to != "" {
			line := from + " → " + to
			if label := bound[e.ID]; label != "" {
				line += " (" + label + ")"
			}
			arrows[in] = append(arrows[in], spot{e.straight(), e.ID, line})
			continue
		}
		if e.ContainerID != "" && byID[e.ContainerID] != nil {
			continue
		}
		if text := cmp.Or(bound[e.ID], words(e, card)); text != "" && e.Type != "frame" {
			texts[in] = append(texts[in], spot{e.straight(), e.ID, text})
		}
	}
	var parts []Part
	frames = reading(frames)
	slices.SortStableFunc(frames, func(a, b spot) int { return cmp.Compare(slide(byID[a.id]), slide(byID[b.id])) })
	for _, f := range append(frames, spot{}) {
		p := Part{Frame: f.id, Title: f.text}
		for _, t := range append(reading(texts[f.id]), reading(arrows[f.id])...) {
			if t.text != f.text { // many frames begin with their own name
				p.Lines = append(p.Lines, t.text)
			}
		}
		if f.id != "" || len(p.Lines) > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

// slide is a frame's place; those without one come after the others.
func slide(frame *Element) float64 {
	if frame.Custom.Slide == nil {
		return math.Inf(1)
	}
	return *frame.Custom.Slide
}

// words are those of an element itself.
func words(e *Element, card func(card string) (Card, bool)) string {
	switch e.Type {
	case "text":
		return oneLine(e.Text, mostLetters)
	case "embeddable":
		if card != nil {
			if c, ok := card(e.Custom.Card); ok {
				return oneLine(strings.TrimSpace(c.Title+" "+brackets(c.Line)), mostLetters)
			}
		}
	}
	return ""
}

func brackets(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// reading brings spots into the order in which they are read: row by row.
func reading(spots []spot) []spot {
	slices.SortFunc(spots, func(a, b spot) int {
		return cmp.Or(cmp.Compare(a.at.y0, b.at.y0), cmp.Compare(a.at.x0, b.at.x0), strings.Compare(a.id, b.id))
	})
	for from := 0; from < len(spots); {
		to, limit := from, spots[from].at.y0+math.Max(rowHeight, spots[from].at.height()/2)
		for to < len(spots) && spots[to].at.y0 < limit {
			to++
		}
		to = max(to, from+1)
		slices.SortStableFunc(spots[from:to], func(a, b spot) int { return cmp.Compare(a.at.x0, b.at.x0) })
		from = to
	}
	return spots
}
