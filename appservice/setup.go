package appservice

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
)

// widgetID is the state key of the one widget. It is the same in every room,
// because Element remembers what a person has allowed by it.
const widgetID = "de.werkraum"

// invited joins the room if the inviter may invite, and declines otherwise.
func (w *worker) invited(st *step, in *incoming, direct bool) {
	allowed := w.Federation.MayInvite(in.Sender)
	if !allowed {
		// A room that replaces one of ours may be entered whoever moved it.
		_, err := w.store.PredecessorOf(st.ctx, w.id)
		allowed = err == nil
	}
	if w.row.Joined {
		// Nobody can invite who is in already: that the bot was put out has not been
		// heard, or the invite is an old one, and then joining changes nothing.
		if allowed {
			w.queue(st, store.Outgoing{TxnID: causedID("join", string(in.ID)), Task: store.TaskJoin, Via: []string{in.Sender.Homeserver()}})
		}
		return
	}
	if !allowed {
		w.log.Info().Stringer("room_id", w.id).Str("server", in.Sender.Homeserver()).Msg("Declined an invite from a server whose users may not invite")
		st.note(store.AuditEntry{Act: store.InviteDeclined, Actor: in.Sender})
		w.queue(st, store.Outgoing{TxnID: causedID("decline", string(in.ID)), Task: store.TaskLeave, Reason: bots.InviteRefused(w.Language)})
		return
	}
	w.row.Info.Inviter = in.Sender
	st.note(store.AuditEntry{Act: store.BotInvited, Actor: in.Sender})
	if direct {
		w.row.Info.Direct = in.Sender
		st.Direct = &store.DirectRoom{User: in.Sender, Room: w.id}
	}
	st.touched = true
	w.queue(st, store.Outgoing{TxnID: causedID("join", string(in.ID)), Task: store.TaskJoin, Via: []string{in.Sender.Homeserver()}})
}

// settle does what a room needs once its state is known: it is called after
// every reading, and does each thing once.
func (w *worker) settle(st *step, found foundState, full bool) {
	info := &w.row.Info
	if full && found.direct != "" && info.Direct == "" {
		info.Direct = found.direct
		st.touched = true
	}
	if full && !w.belongs(st, found.predecessor) {
		w.log.Info().Stringer("room_id", w.id).Msg("Left a room that a moved room named, but that does not replace it")
		w.queue(st, store.Outgoing{TxnID: causedID("astray", string(w.id), w.epochOfStay()), Task: store.TaskLeave})
		return
	}
	if info.Successor != "" {
		w.followUpgrade(st, found)
		return
	}
	if info.Encrypted && w.cipher.able.Load() != encryptionWorks {
		if w.lacksEncryption() {
			w.sitStill(st)
		}
		return // it is gone on with when that is known
	}
	if full && found.predecessor != "" && info.Predecessor == "" && info.Direct == "" {
		w.takeOver(st, found.predecessor)
		return // what is left is done when the work is here
	}
	if info.Direct != "" {
		if !info.Greeted && info.Inviter != "" { // a chat that the bot opened begins with its message
			w.say(st, bots.HelloDirect(w.room.Language), causedID("hello", string(w.id)), nil)
		}
		w.greeted(st)
		return
	}
	w.furnish(st)
	if !info.Greeted {
		w.say(st, bots.Hello(w.room.Language), causedID("hello", string(w.id), w.epochOfStay()), nil)
		w.greeted(st)
	}
	if full {
		if found.widget && !info.Widget {
			info.Widget = true
			st.touched = true
		}
		if hasWidget(found.layout) && !info.Layout {
			info.Layout = true
			st.touched = true
		}
	}
	if full && found.layout == nil {
		found.layout = json.RawMessage("{}")
	}
	w.pin(st, found.layout)
}

// belongs reports whether the bot has a reason to be in the room: somebody who
// may invite it did, or the room replaces one of ours. A tombstone can name any
// room, and only the room itself can say that it is meant.
func (w *worker) belongs(st *step, predecessor id.RoomID) bool {
	info := &w.row.Info
	switch {
	case info.Direct != "", info.Predecessor != "", w.Federation.MayInvite(info.Inviter):
		return true
	case info.Inviter == "" && !info.Followed:
		return true // the homeserver's administrator has put the bot in
	}
	old, err := w.store.PredecessorOf(st.ctx, w.id)
	return err != nil && !errors.Is(err, store.ErrNotFound) || err == nil && old.ID == predecessor
}

func (w *worker) greeted(st *step) {
	if !w.row.Info.Greeted {
		w.row.Info.Greeted = true
		st.touched = true
	}
}

// epochOfStay tells one stay of the bot in a room from the next: a second
// invite is greeted again, a repeated event is not.
func (w *worker) epochOfStay() string {
	return string(w.row.Info.Inviter) + w.now().Format("20060102150405")
}

// askedEncrypted is RoomInfo.Asked while the bot sits still.
const askedEncrypted = "encrypted"

// sitStill is what happens in an encrypted room if the homeserver does not let
// the bot work there: it says so once, everybody's page is closed, and nothing
// about the room's work is sent any more.
func (w *worker) sitStill(st *step) {
	if w.row.Info.Asked != askedEncrypted {
		w.row.Info.Asked = askedEncrypted
		notice := causedID("encrypted", string(w.id))
		st.Seal = notice
		st.Queue = nil
		w.queue(st, store.Outgoing{TxnID: notice, Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(newNotice(bots.CannotEncrypted())), Plain: true})
		st.touched = true
		w.outbox.seal(w.id, notice) // at once, whatever becomes of this step
	}
	w.greeted(st)
	w.stale = map[workspace.ItemID]staleness{}
	w.unpublished = nil
	w.publishAt = time.Time{}
	st.gone = true
}

// furnish gives an empty board its first columns.
func (w *worker) furnish(st *step) {
	ops := w.board.Furnish(w.room.Language)
	if ops == nil {
		return
	}
	_, err := w.propose(st, workspace.Proposal{ID: changeID("furnish", string(w.id)), By: w.bot, Via: workspace.ViaBot, Ops: ops})
	if err != nil {
		w.log.Error().Err(err).Stringer("room_id", w.id).Msg("Could not set up the board")
	}
}

// widgetContent is the state event of the widget. It is written once and never
// edited: Element asks every member again whenever it changes.
func (s *Service) widgetContent() json.RawMessage {
	return rawJSON(map[string]any{
		"id": widgetID, "type": "m.custom", "name": "Werkraum", "creatorUserId": s.bot,
		"url":               s.PublicURL + "/#/?room=$matrix_room_id&theme=$org.matrix.msc2873.client_theme&lang=$org.matrix.msc2873.client_language",
		"waitForIframeLoad": true, "data": map[string]any{"title": ""},
	})
}

// layoutWith adds the widget to the room's layout and leaves all others where
// they are.
func layoutWith(current json.RawMessage) json.RawMessage {
	var layout struct {
		Widgets map[string]json.RawMessage `json:"widgets"`
	}
	_ = json.Unmarshal(current, &layout) // a broken layout is replaced
	if layout.Widgets == nil {
		layout.Widgets = map[string]json.RawMessage{}
	}
	layout.Widgets[widgetID] = json.RawMessage(`{"container":"top","index":0,"width":100,"height":60}`)
	return rawJSON(layout)
}

func hasWidget(layout json.RawMessage) bool {
	var l struct {
		Widgets map[string]json.RawMessage `json:"widgets"`
	}
	return json.Unmarshal(layout, &l) == nil && l.Widgets[widgetID] != nil
}

// pin puts the widget into the room and pins it, as far as the bot's power
// goes. What it may not do it asks for, once per missing right; it is called
// again whenever the power levels change. layout is nil if it was not read.
func (w *worker) pin(st *step, layout json.RawMessage) {
	info := &w.row.Info
	var missing []bots.Right
	for _, todo := range []struct {
		eventType, key string
		done           *bool
		content        func() json.RawMessage
	}{
		{typeWidget, widgetID, &info.Widget, w.widgetContent},
		{typeLayout, "", &info.Layout, func() json.RawMessage { return layoutWith(layout) }},
	} {
		refused := slices.Contains(info.Refused, todo.eventType)
		if *todo.done && !refused {
			continue
		}
		has, need := w.room.Power.Level(w.bot), w.room.Power.Required(todo.eventType, true)
		if has < need {
			missing = append(missing, bots.Right{EventType: todo.eventType, Level: need, Has: has})
			continue
		}
		if refused {
			continue
		}
		if todo.eventType == typeLayout && layout == nil {
			st.reread(stateKey{Type: typeLayout}) // others' widgets stay where they are
			continue
		}
		*todo.done = true
		st.touched = true
		w.queue(st, store.Outgoing{
			TxnID: causedID("state", string(w.id), todo.eventType, w.epochOfStay()), Task: store.TaskState,
			EventType: todo.eventType, StateKey: todo.key, Content: todo.content(),
		})
	}
	if has, need := w.room.Power.Level(w.bot), w.room.Power.Required(workspace.ChangeEvent, false); has < need {
		missing = append(missing, bots.Right{EventType: workspace.ChangeEvent, Level: need, Has: has})
	}
	if len(missing) == 0 {
		if info.Asked != "" {
			info.Asked = ""
			st.touched = true
			w.say(st, bots.WidgetReady(w.room.Language), causedID("ready", string(w.id), w.epochOfStay()), nil)
		}
		return
	}
	var names []string
	for _, m := range missing {
		names = append(names, m.EventType)
	}
	if asked := strings.Join(names, " "); info.Asked != asked {
		info.Asked = asked
		st.touched = true
		w.say(st, bots.NeedsPower(w.room.Language, missing, w.bot), causedID("power", string(w.id), asked, w.epochOfStay()), nil)
	}
}

// stateRefused is called when the homeserver did not take a state event: the
// power levels are not what they seemed. They are read again, and pin asks.
func (w *worker) stateRefused(st *step, o store.Outgoing) {
	if !slices.Contains(w.row.Info.Refused, o.EventType) {
		w.row.Info.Refused = append(w.row.Info.Refused, o.EventType)
	}
	st.touched = true
	st.reread(stateKey{Type: typePower})
}

// powerChanged gives refused state events another chance.
func (m *roomMemory) powerChanged() {
	info := &m.row.Info
	for _, t := range info.Refused {
		switch t {
		case typeWidget:
			info.Widget = false
		case typeLayout:
			info.Layout = false
		}
	}
	info.Refused, info.Withheld = nil, false
}
