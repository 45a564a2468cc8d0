package live

import (
	"bytes"
	"context"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/watch"
)

// The page of a direct chat shows its owner what is theirs in all of their rooms. Each
// room tells the hub what happens in it; if it may concern somebody who has such a page
// open, that page reads their work anew, from the store and judged as of then.

const (
	// workWithin is how far apart a page reads its person's work: where much happens at
	// once, once is enough.
	workWithin = 500 * time.Millisecond
	workRetry  = 5 * time.Second
)

// ownMessage is the message with a person's work.
type ownMessage struct {
	T     string    `json:"t"`
	Rooms []ownRoom `json:"rooms"`
	Cards []ownCard `json:"cards"`
	Soon  []ownCard `json:"soon"`
	More  bool      `json:"more"`
}

type ownRoom struct {
	ID   id.RoomID `json:"id"`
	Name string    `json:"name"`
	Own  bool      `json:"own"`
}

type ownCard struct {
	ID       workspace.ItemID `json:"id"`
	Room     id.RoomID        `json:"room"`
	Number   string           `json:"number"`
	Title    string           `json:"title"`
	Column   string           `json:"column"`
	Due      string           `json:"due,omitempty"`
	Priority string           `json:"priority,omitempty"`
	Message  string           `json:"message,omitempty"`
}

// ownFrame encodes a person's work without what is in the room of the page, whose items
// the page has.
func ownFrame(work mine.Work, here id.RoomID) frame {
	m := ownMessage{T: "mine", Rooms: []ownRoom{}, Cards: []ownCard{}, Soon: []ownCard{}, More: work.More}
	known := map[id.RoomID]bool{here: true}
	list := func(cards []mine.Card) []ownCard {
		shown := []ownCard{}
		for _, c := range cards {
			if c.Room == here {
				continue
			}
			if !known[c.Room] {
				known[c.Room] = true
				m.Rooms = append(m.Rooms, ownRoom{c.Room, c.Place, c.Own})
			}
			shown = append(shown, ownCard{
				ID: c.Item.ID, Room: c.Room, Number: c.Item.Text(board.Number), Title: c.Item.Text(board.Title), Column: c.Column,
				Due: c.Item.Text(board.Due), Priority: c.Item.Text(board.Priority), Message: c.Item.Text(board.Message),
			})
		}
		return shown
	}
	m.Cards, m.Soon = list(work.Cards), list(work.Soon)
	return message(m)
}

// follow sends the page its person's work, and again whenever it has become another.
func (p *page) follow(ctx context.Context) {
	var last []byte
	for {
		wait := workWithin
		work, err := p.hub.rooms.WorkOf(ctx, p.user)
		switch f := ownFrame(work, p.room); {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.hub.log.Warn().Err(err).Stringer("user_id", p.user).Msg("Could not read a person's work")
			wait = workRetry
			p.stir()
		case !bytes.Equal(f.data, last):
			last = f.data
			p.send(f)
		}
		if !pause(ctx, wait) {
			return
		}
		select {
		case <-p.stirred:
		case <-ctx.Done():
			return
		}
	}
}

// stir has the page read its person's work again.
func (p *page) stir() {
	select {
	case p.stirred <- struct{}{}:
	default: // it is about to
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// stirOwn tells the pages of people's own work that something of theirs may have
// changed; h.mu is held.
func (h *Hub) stirOwn(n watch.Happening) {
	for user, pages := range h.own {
		if !concerns(n, user) {
			continue
		}
		for p := range pages {
			p.stir()
		}
	}
}

// concerns reports whether what happened in a room can change what a person's work is.
// Too often is harmless.
func concerns(n watch.Happening, user id.UserID) bool {
	if _, moved := n.Members[user]; moved {
		return true
	}
	if _, known := n.Room.Members[user]; !known {
		return false
	}
	if n.Rights || n.Gone || n.Anew {
		return true
	}
	for _, c := range n.Commits {
		for _, op := range c.Won {
			if op.Kind != board.KindCard || cardConcerns(n.Room.Item(op.Key()), op, user) {
				return true
			}
		}
	}
	return false
}

// cardConcerns reports whether a change of a card can make it a person's or no longer
// theirs, or nobody's, or changes what is.
func cardConcerns(card *workspace.Item, op workspace.Op, user id.UserID) bool {
	for name := range op.Set {
		if name == board.Due || strings.HasPrefix(name, board.Assignee+"/") {
			return true
		}
	}
	return card == nil || card.True(board.Assignee+"/"+string(user)) || card.Text(board.Due) != "" && len(board.Assignees(card)) == 0
}
