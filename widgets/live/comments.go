package live

import (
	"context"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/watch"
)

// talk is the card whose comments a page is kept up to date with.
type talk struct {
	card workspace.ItemID // "" for none
	// held is what was said while the comments were being read; nil once they were sent.
	held *[]frame
}

// comment is a comment as a page is shown it.
type comment struct {
	Event id.EventID `json:"event_id"`
	By    id.UserID  `json:"by"`
	Name  string     `json:"name"`
	Body  string     `json:"body"`
	At    int64      `json:"at"` // Unix milliseconds
	// Posted is set when the bot has posted it for them.
	Posted bool `json:"posted,omitempty"`
}

// comments shows a card's comments, and from then on what becomes of them, until
// another card or none is asked for.
func (p *page) comments(ctx context.Context, card string) {
	if card == "" {
		p.hub.follow(p, "")
		return
	}
	item := workspace.ItemID(card)
	if !p.lookup.Allow() || !item.Valid() {
		return
	}
	p.hub.follow(p, item) // before they are read, so that none is missed
	list, err := p.hub.rooms.Comments(ctx, p.room, item)
	if err != nil {
		p.hub.log.Warn().Err(err).Stringer("room_id", p.room).Msg("Could not read comments")
		p.hub.follow(p, "")
		return
	}
	shown := make([]comment, len(list))
	may := false
	err = p.hub.rooms.Visit(ctx, p.room, func(v watch.View) {
		may = v.Room.May(p.user, workspace.Look) == nil
		for i, c := range list {
			shown[i] = comment{c.Event, c.By, nameOf(c.By, v.Room.Members[c.By]), c.Body, c.At.UnixMilli(), c.Posted}
		}
	})
	if err != nil || !may { // who is being put out hears no more
		p.hub.follow(p, "")
		return
	}
	p.hub.followed(p, message(map[string]any{"t": "comments", "card": card, "comments": shown}))
}

// follow has a page hear what becomes of a card's comments, of no others. Until followed is
// called that is held back.
func (h *Hub) follow(p *page, card workspace.ItemID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.talk = talk{card: card, held: &[]frame{}}
}

// followed shows a page the comments of the card that it follows, and what was said
// meanwhile: part of it may be among them already, which does no harm.
func (h *Hub) followed(p *page, comments frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.send(comments)
	for _, f := range *p.talk.held {
		p.send(f)
	}
	p.talk.held = nil
}

// hear tells a page what was said on the card that it follows; h.mu is held.
func (p *page) hear(said map[workspace.ItemID][]frame) {
	for _, f := range said[p.talk.card] {
		switch held := p.talk.held; {
		case held == nil:
			p.send(f)
		case len(*held) == queueLength:
			p.hub.metrics.dropped.Inc()
			p.bye("slow", slowText, "")
		default:
			*held = append(*held, f)
		}
	}
}

// talkFrames are the messages about comments, by card.
func talkFrames(n watch.Happening) map[workspace.ItemID][]frame {
	frames := make(map[workspace.ItemID][]frame, len(n.Talk))
	for _, t := range n.Talk {
		m := map[string]any{"t": "comment", "card": t.Card}
		if t.Gone {
			m["gone"] = t.Event
		} else {
			m["comment"] = comment{t.Event, t.By, nameOf(t.By, n.Room.Members[t.By]), t.Body, t.At.UnixMilli(), t.Posted}
		}
		frames[t.Card] = append(frames[t.Card], message(m))
	}
	return frames
}
