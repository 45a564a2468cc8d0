package live

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"werkraum/workspace"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

// A whiteboard may hold as much as all the rest of a room. So a page is shown what lies on
// one when it opens that, hears of changes on no other, and of none before.

// toldTo is a commit, encoded for those who are told of it.
type toldTo struct {
	everybody *frame                     // nil if it concerns only whiteboards
	at        map[workspace.ItemID]frame // for those who look at a whiteboard that it concerns
}

// tell encodes a commit once for each group of pages.
func tell(c workspace.Commit) toldTo {
	t := toldTo{at: map[workspace.ItemID]frame{}}
	for _, op := range c.Won {
		on := surfaces.On(op.Kind, op.Item)
		if _, done := t.at[on]; on == "" || done {
			continue
		}
		t.at[on] = commitFrame(about(c, on))
	}
	if rest := about(c, ""); len(rest.Won) > 0 || len(t.at) == 0 {
		f := commitFrame(rest)
		t.everybody = &f
	}
	return t
}

// frameFor is what a page is told that looks at a whiteboard, or at none.
func (t toldTo) frameFor(at workspace.ItemID) (frame, bool) {
	if f, concerned := t.at[at]; concerned {
		return f, true
	}
	if t.everybody != nil {
		return *t.everybody, true
	}
	return frame{}, false
}

// about is a commit without what concerns other whiteboards than one.
func about(c workspace.Commit, at workspace.ItemID) workspace.Commit {
	others := func(op workspace.Op) bool {
		on := surfaces.On(op.Kind, op.Item)
		return on != "" && on != at
	}
	if slices.ContainsFunc(c.Won, others) {
		c.Won = slices.DeleteFunc(slices.Clone(c.Won), others)
	}
	return c
}

// returning reports whether an operation brings something back to a whiteboard. Who opened it
// while that was gone was not told of it.
func returning(op workspace.Op) bool {
	deleted, sets := op.Set[workspace.Deleted]
	return sets && !deleted.True() && surfaces.On(op.Kind, op.Item) != ""
}

// whole is a commit with all that those items hold which it brings back.
func whole(c workspace.Commit, item func(workspace.Key) *workspace.Item) workspace.Commit {
	if !slices.ContainsFunc(c.Won, returning) {
		return c
	}
	c.Won = slices.Clone(c.Won)
	for i, op := range c.Won {
		it := item(op.Key())
		if !returning(op) || it == nil {
			continue
		}
		set := maps.Clone(op.Set)
		for _, f := range it.Fields {
			if _, told := set[f.Name]; !told && !f.Value.IsNull() {
				set[f.Name] = f.Value
			}
		}
		c.Won[i].Set = set
	}
	return c
}

// wholeAll is whole of commits that lie back. What has become of the items since is told by the
// commits that follow.
func (p *page) wholeAll(ctx context.Context, commits []workspace.Commit) error {
	if !slices.ContainsFunc(commits, func(c workspace.Commit) bool { return slices.ContainsFunc(c.Won, returning) }) {
		return nil
	}
	return p.hub.rooms.Visit(ctx, p.room, func(v watch.View) {
		for i, c := range commits {
			commits[i] = whole(c, v.Room.Item)
		}
	})
}

// openWhiteboard shows a page what lies on a whiteboard, and from then on what becomes of
// it; "" ends that.
func (p *page) openWhiteboard(ctx context.Context, asked string) {
	at := workspace.ItemID(asked)
	if at == "" {
		p.hub.lookAt(p, "")
		return
	}
	if !p.lookup.Allow() || !whiteboard.ValidID(at) {
		return
	}
	err := p.hub.rooms.Visit(ctx, p.room, func(v watch.View) {
		if v.Room.May(p.user, workspace.Look) == nil {
			p.hub.showWhiteboard(p, at, v)
		}
	})
	if err != nil && ctx.Err() == nil {
		p.hub.log.Warn().Err(err).Stringer("room_id", p.room).Msg("Could not open a whiteboard")
	}
}

// showWhiteboard queues what lies on a whiteboard. It is called during a visit, so that the
// page misses no commit; encoding is left to who sends it first.
func (h *Hub) showWhiteboard(p *page, at workspace.ItemID, v watch.View) {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.open[p.room]
	if g == nil || !g.pages[p] {
		return
	}
	sheet := g.sheets[at]
	if sheet == nil {
		sheet = sheetFrames(at, whiteboard.In(v.Room).Items(at))
		g.sheets[at] = sheet
	}
	g.move(p, at)
	for _, f := range sheet {
		p.enqueue(queued{later: f})
	}
	g.welcomeTo(at, p)
}

// lookAt notes which whiteboard a page looks at from now on.
func (h *Hub) lookAt(p *page, at workspace.ItemID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if g := h.open[p.room]; g != nil && g.pages[p] {
		g.move(p, at)
		if at != "" {
			g.welcomeTo(at, p)
		}
	}
}

// sheetFrames are the messages that hold what lies on a whiteboard: first what is not a
// picture, in parts.
func sheetFrames(at workspace.ItemID, items []*workspace.Item) []func() frame {
	slices.SortFunc(items, func(a, b *workspace.Item) int {
		if c := strings.Compare(string(a.Kind), string(b.Kind)); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	chunks := slices.Collect(slices.Chunk(items, moreCards))
	if len(chunks) == 0 {
		chunks = [][]*workspace.Item{nil}
	}
	frames := make([]func() frame, len(chunks))
	for i, chunk := range chunks {
		frames[i] = sync.OnceValue(func() frame {
			b := append(make([]byte, 0, 64+600*len(chunk)), `{"t":"elements","whiteboard":"`...)
			b = append(b, at...)
			b = append(b, `",`...)
			return newFrame(appendItems(b, chunk, i < len(chunks)-1))
		})
	}
	return frames
}
