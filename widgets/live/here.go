package live

import (
	"encoding/json"
	"math"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

// Who looks at a whiteboard is shown where the others are: their pointer, what they have
// selected, what they are drawing at this moment, what they see. None of it is stored. It
// goes to all of them at once, the latest of each, and never so often that a page could not
// keep up.

const (
	hereEvery = 30 * time.Millisecond // between two messages to the same pages
	// Pages send when something moves; of what is beyond this only the latest is taken.
	herePerSecond = 40
	hereAtOnce    = 60
	maxHere       = 20 << 10 // bytes
	maxSelected   = 50
	maxDrafts     = 4
)

// here is where somebody is on a whiteboard; lengths are in units of the scene.
type here struct {
	X        *float64          `json:"x,omitempty"`
	Y        *float64          `json:"y,omitempty"`
	Tool     string            `json:"tool,omitempty"` // "pointer" or "laser"
	Down     bool              `json:"down,omitempty"`
	Selected []string          `json:"selected,omitempty"`
	View     *view             `json:"view,omitempty"`
	Drafts   []json.RawMessage `json:"drafts,omitempty"`
	// Presenting asks the others to follow; Frame is the one that is shown to them.
	Presenting bool   `json:"presenting,omitempty"`
	Frame      string `json:"frame,omitempty"`
}

type view struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// readHere reads what a page says of itself; false if it is not what a page of ours says.
// Who may not edit draws nothing.
func readHere(raw json.RawMessage, may can) (h here, ok bool) {
	if len(raw) > maxHere || json.Unmarshal(raw, &h) != nil || len(h.Selected) > maxSelected || len(h.Drafts) > maxDrafts {
		return here{}, false
	}
	numbers := []*float64{h.X, h.Y}
	if h.View != nil {
		numbers = append(numbers, &h.View.X, &h.View.Y, &h.View.Width, &h.View.Height)
	}
	for _, n := range numbers {
		if n == nil {
			continue
		}
		if math.Abs(*n) > 1e7 {
			return here{}, false
		}
		*n = math.Round(*n*10) / 10
	}
	if h.Tool != "" && h.Tool != "pointer" && h.Tool != "laser" {
		return here{}, false
	}
	for _, element := range append(h.Selected, h.Frame) {
		if element != "" && !workspace.ItemID(element).Valid() {
			return here{}, false
		}
	}
	if !may.Edit {
		h.Drafts, h.Presenting, h.Frame = nil, false, ""
	}
	for i, draft := range h.Drafts {
		e, err := whiteboard.ParseElement(draft)
		if err != nil {
			return here{}, false
		}
		h.Drafts[i] = e.JSON()
	}
	return h, true
}

// stage is who is on a whiteboard. It is guarded by the hub.
type stage struct {
	here      map[*page]json.RawMessage
	changed   map[*page]bool // of whom the others have not heard
	gone      []string
	presenter *page
	told      time.Time
	telling   bool // it is about to be told
}

// somebody is one person on a whiteboard, as the others are told of them.
type somebody struct {
	Page string          `json:"page"`
	User id.UserID       `json:"user_id"`
	Here json.RawMessage `json:"here"`
}

// hereFrame is a message about those who are on a whiteboard: of all that are named, in
// addition to what was said before.
func (s *stage) hereFrame(at workspace.ItemID, who map[*page]bool, gone []string) frame {
	people := make([]somebody, 0, len(who))
	for p := range who {
		people = append(people, somebody{p.name, p.user, s.here[p]})
	}
	m := map[string]any{"t": "here", "whiteboard": at, "people": people}
	if len(gone) > 0 {
		m["gone"] = gone
	}
	if s.presenter != nil {
		m["presenter"] = s.presenter.name
	}
	return message(m)
}

// here takes what a page says of itself on the whiteboard that it looks at. Of what comes too
// fast, as when a line was held up for a while, the latest waits for its turn: nothing may come
// after it for long.
func (p *page) here(raw json.RawMessage) {
	h := p.hub
	h.mu.Lock()
	if p.late != nil {
		p.late = raw
		h.mu.Unlock()
		return
	}
	if !p.moves.Allow() {
		p.late = raw
		time.AfterFunc(time.Second/herePerSecond, p.hereLate)
		h.mu.Unlock()
		return
	}
	may, at := p.can, p.at
	h.mu.Unlock()
	said, ok := readHere(raw, may)
	if !ok || at == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.open[p.room]
	if g == nil || !g.pages[p] || p.at != at {
		return
	}
	s := g.stages[at]
	s.present(p, said.Presenting)
	said.Presenting = s.presenter == p
	s.here[p], s.changed[p] = rawJSON(said), true
	h.tellHere(g, at, s)
}

// hereLate takes what has waited, or lets it wait on.
func (p *page) hereLate() {
	p.hub.mu.Lock()
	raw := p.late
	p.late = nil
	p.hub.mu.Unlock()
	if raw != nil {
		p.here(raw)
	}
}

// present has somebody begin to present, or stop. Whoever presents is left to it, unless a
// moderator takes over.
func (s *stage) present(p *page, wants bool) {
	began := wants && !p.presents
	p.presents = wants
	switch {
	case !wants && s.presenter == p:
		s.presenter = nil
	case began && (s.presenter == nil || p.can.Moderate):
		s.presenter = p
	}
}

// tellHere tells the pages at a whiteboard what has changed, now or soon; h.mu is held.
func (h *Hub) tellHere(g *gathering, at workspace.ItemID, s *stage) {
	if s.telling {
		return
	}
	if wait := hereEvery - time.Since(s.told); wait > 0 {
		s.telling = true
		time.AfterFunc(wait, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			s.telling = false
			if g.stages[at] == s { // else all have left meanwhile
				h.tellHere(g, at, s)
			}
		})
		return
	}
	if len(s.changed)+len(s.gone) == 0 {
		return
	}
	s.told = time.Now()
	f := s.hereFrame(at, s.changed, s.gone)
	clear(s.changed)
	s.gone = nil
	for p := range g.pages {
		switch {
		case p.at != at:
		case len(p.queue) > queueLength/4: // it does not keep up; of this it needs only the latest
			p.behind = true
		case p.behind:
			p.behind = false
			g.welcomeTo(at, p)
		default:
			p.send(f)
		}
	}
}

// welcomeTo tells a page of all who are on its whiteboard; the hub is locked.
func (g *gathering) welcomeTo(at workspace.ItemID, p *page) {
	s := g.stages[at]
	all := make(map[*page]bool, len(s.here))
	for other := range s.here {
		all[other] = true
	}
	m := s.hereFrame(at, all, nil)
	p.send(m)
}

// move notes which whiteboard a page looks at; the hub is locked.
func (g *gathering) move(p *page, at workspace.ItemID) {
	if p.at != at && p.at != "" {
		g.goFrom(p.at, p)
	}
	if p.at != at {
		p.late = nil
	}
	p.at = at
	if at != "" && g.stages[at] == nil {
		g.stages[at] = &stage{here: map[*page]json.RawMessage{}, changed: map[*page]bool{}}
	}
}

// goFrom takes a page from a whiteboard; the last one takes along what was kept for all.
func (g *gathering) goFrom(at workspace.ItemID, p *page) {
	p.at, p.presents = "", false
	if !g.anybodyAt(at) {
		delete(g.stages, at)
		delete(g.sheets, at)
		return
	}
	s := g.stages[at]
	_, was := s.here[p]
	delete(s.here, p)
	delete(s.changed, p)
	if s.presenter == p {
		s.presenter, was = nil, true
	}
	if was {
		s.gone = append(s.gone, p.name)
	}
	p.hub.tellHere(g, at, s)
}

func (g *gathering) anybodyAt(at workspace.ItemID) bool {
	for p := range g.pages {
		if p.at == at {
			return true
		}
	}
	return false
}
