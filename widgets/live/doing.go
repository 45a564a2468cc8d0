package live

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
	"werkraum/workspace/surfaces"
)

// What a page asks to be done, and what it is answered.

var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

var (
	tooFast = workspace.Text{
		De: "Das waren sehr viele Änderungen auf einmal. Bitte warten Sie einen Augenblick und versuchen Sie es dann noch einmal.",
		En: "Those were a great many changes at once. Please wait a moment and try again.",
	}
	roomTooFast = workspace.Text{
		De: "In diesem Raum kommen gerade zu viele Änderungen auf einmal. Bitte warten Sie einen Augenblick und versuchen Sie es dann noch einmal.",
		En: "Too many changes are coming in at once in this room. Please wait a moment and try again.",
	}
)

// Pace refuses a change of somebody who makes too many, on however many pages and by
// the API, or where all in the room together do.
func (h *Hub) Pace(room id.RoomID, user id.UserID) error {
	now := time.Now()
	if h.people.Take(string(room)+" "+string(user), now) != pace.Allowed {
		return workspace.Refuse(workspace.RateLimited, tooFast)
	}
	if h.crowd.Take(string(room), now) != pace.Allowed {
		return workspace.Refuse(workspace.RateLimited, roomTooFast)
	}
	return nil
}

func (p *page) do(m fromPage) {
	if !clientID.MatchString(m.ID) {
		p.reply(m.ID, 0, workspace.Refuse(workspace.Invalid, badMessage))
		return
	}
	if err := p.hub.Pace(p.room, p.user); err != nil { // before anything is made of it: it may be nonsense, too
		p.reply(m.ID, 0, err)
		return
	}
	// The server's own IDs hold a dot, so a page cannot take one of them.
	change := workspace.ChangeID(m.ID)
	reply := func(seq int64, err error) { p.reply(m.ID, seq, err) }
	if m.Act == "undo" {
		var args struct {
			Change workspace.ChangeID `json:"change"`
		}
		if len(m.Args) > 0 && json.Unmarshal(m.Args, &args) != nil {
			p.reply(m.ID, 0, workspace.Refuse(workspace.Invalid, badMessage))
			return
		}
		p.hub.rooms.Undo(p.room, p.user, change, args.Change, reply)
		return
	}
	if said, is, err := board.DecodeSaying(m.Act, m.Args); is {
		if err != nil {
			p.reply(m.ID, 0, err)
			return
		}
		p.hub.rooms.Say(p.room, p.user, change, said, reply)
		return
	}
	act, err := surfaces.Decode(m.Act, m.Args)
	if err != nil {
		p.reply(m.ID, 0, err)
		return
	}
	p.hub.rooms.Do(p.room, p.user, change, act, reply)
}

// answered makes room for another change of the page.
func (p *page) answered() {
	select {
	case <-p.unanswered:
	default:
	}
}

type refusal struct {
	Kind    workspace.ErrorKind `json:"kind"`
	Message string              `json:"message"`
}

func (p *page) reply(clientID string, seq int64, err error) {
	if err == nil {
		p.enqueue(queued{frame: message(map[string]any{"t": "ack", "id": clientID, "seq": seq}), answer: true})
		return
	}
	if errors.Is(err, context.Canceled) {
		p.answered()
		return // the program stops; the page sends it again to the next one
	}
	e := workspace.AsError(err)
	if e.Kind == workspace.Internal || e.Cause != nil {
		p.hub.log.Warn().Err(e).Stringer("room_id", p.room).Stringer("user_id", p.user).Msg("Refused a change")
	}
	p.enqueue(queued{frame: message(map[string]any{"t": "no", "id": clientID, "error": refusal{e.Kind, e.Say.In(p.lang)}}), answer: true})
}
