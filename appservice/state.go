package appservice

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
)

// stateKey names one piece of room state.
type stateKey struct{ Type, Key string }

// readRequest is what must be read from the homeserver before the room's next
// event is handled. The last state event that was heard is not always the
// state that the servers agreed on, so state that matters is read back.
type readRequest struct {
	full    bool
	keys    []stateKey
	message id.EventID
	file    *importRequest // what message carries is wanted
	of      *incoming      // the event that needs message
	because []*incoming    // the state events it is read for; they are handled when it was
}

// maxKeys is how many pieces of state are read one by one before reading all
// is cheaper.
const maxKeys = 8

func (st *step) reread(key stateKey) {
	if st.read == nil {
		st.read = &readRequest{}
	}
	if !slices.Contains(st.read.keys, key) {
		st.read.keys = append(st.read.keys, key)
	}
	st.read.full = st.read.full || len(st.read.keys) > maxKeys
}

// handleState reacts to a state event: what takes rights away counts at once,
// everything is read back. What comes again, by the homeserver's other way of telling or from
// the room's past, takes nothing away again: who was invited or removed then may be in the
// room by now.
func (w *worker) handleState(st *step, in *incoming) error {
	key := stateKey{in.Type, *in.StateKey}
	if in.Type == typeMember {
		var c struct {
			Membership workspace.Membership `json:"membership"`
			Direct     bool                 `json:"is_direct"`
		}
		if json.Unmarshal(in.Content, &c) != nil {
			return nil //nolint:nilerr // such an event means nothing
		}
		if id.UserID(*in.StateKey) == w.bot {
			w.ownMembership(st, in, c.Membership, c.Direct)
			return nil
		}
	}
	if !w.row.Joined {
		return nil
	}
	in.turned = true
	if in.takesAway() {
		if err := w.takeAwayOnce(st, in); err != nil {
			return err
		}
	}
	w.row.Info.Read, st.touched = 0, true // a stop before the answer must not lose it
	st.reread(key)
	return nil
}

// stateForm is what a Werkraum of this version reads of a room's state. A room of
// which less was read, or something heard of was not, is read anew. It grows when
// more is read.
const stateForm = 2

// maxHeardACLs bounds the access lists that wait to be read back. Of more the first
// count: each can only shut out.
const maxHeardACLs = 8

// takeAwayOnce does what an event takes away, unless it was heard and read back before.
func (w *worker) takeAwayOnce(st *step, in *incoming) error {
	if w.handled[in.ID] || slices.Contains(st.Handled, in.ID) {
		return nil
	}
	repeated, err := w.store.WasHandled(st.ctx, in.ID)
	if err == nil && !repeated {
		w.takeAway(st, in)
	}
	return err
}

// takeAway does at once what an event takes away; doing it twice is the same.
// Encryption cannot be switched off again, and a membership is read back.
func (w *worker) takeAway(st *step, in *incoming) {
	switch {
	case in.Type == typeEncryption && !w.row.Info.Encrypted:
		st.note(store.AuditEntry{Act: store.EncryptionOn, Actor: in.Sender})
		w.becameEncrypted()
		st.touched = true
		if w.lacksEncryption() {
			w.sitStill(st)
		}
	case in.Type == typePower:
		info := &w.row.Info
		info.Power = info.Power.Tightened(parsePower(in.Content, info.Power.Creators))
		w.applyInfo()
		st.touched, st.rights = true, true
	case in.Type == typeACL:
		st.note(store.AuditEntry{Act: store.ACLChanged, Actor: in.Sender})
		if info := &w.row.Info; len(info.ACLs) < maxHeardACLs {
			w.useACLs(st, append(slices.Clone(info.ACLs), parseACL(in.Content)))
		}
	case in.Type == typeMember && *in.StateKey != string(w.bot):
		m := workspace.Membership(gjson.GetBytes(in.Content, "membership").Str)
		w.setMember(st, id.UserID(*in.StateKey), workspace.Member{Membership: m})
	}
}

// ownMembership follows the bot's own way into and out of the room.
func (w *worker) ownMembership(st *step, in *incoming, m workspace.Membership, direct bool) {
	switch m {
	case workspace.Invited:
		w.invited(st, in, direct)
	case workspace.Joined:
		if !w.row.Joined {
			w.joined(st)
		}
	case workspace.Left, workspace.Banned:
		if w.row.Joined {
			w.leave(st)
		}
	}
}

// joined notes that the bot is in the room; its state is read next.
func (w *worker) joined(st *step) {
	w.row.Joined = true
	st.note(store.AuditEntry{Act: store.BotJoined})
	// What another stay was refused may be allowed now.
	w.row.Info.Withheld, w.row.Info.Refused = false, nil
	st.touched = true
	if st.read == nil {
		st.read = &readRequest{}
	}
	st.read.full = true
}

// leave ends everything in the room. Its work stays, for when the bot is
// invited again.
func (w *worker) leave(st *step) {
	w.row.Joined = false
	w.row.Info.Greeted, w.row.Info.Asked, w.row.Info.Widget, w.row.Info.Layout = false, "", false, false
	st.touched, st.gone = true, true
	st.note(store.AuditEntry{Act: store.BotLeft})
	w.log.Info().Stringer("room_id", w.id).Msg("The bot is not in the room any more")
	for user, m := range w.room.Members {
		if m.Membership.InRoom() {
			w.setMember(st, user, workspace.Member{Membership: workspace.Left})
		}
	}
	w.stale = map[workspace.ItemID]staleness{}
	w.unpublished, w.publishAt = nil, time.Time{} // the log has it
}

// shortName is what is kept of a person's or a room's name.
func shortName(name string) string {
	const most = 255                                            // bytes
	return strings.ToValidUTF8(name[:min(len(name), most)], "") // the cut may go through a character
}

// setMember notes a person's membership and ends their sessions if they may
// not look on any more.
func (w *worker) setMember(st *step, user id.UserID, m workspace.Member) {
	stored := workspace.Member{Membership: m.Membership, Name: shortName(m.Name)}
	m = w.admit(w.Federation, user, stored)
	old, known := w.room.Members[user]
	if old == m || (!known && !m.Membership.InRoom()) {
		return
	}
	w.room.Members[user] = m
	st.Members[user] = stored
	st.rotate = st.rotate || old.Membership != m.Membership
	if old.Membership == workspace.Joined && m.Membership != workspace.Joined {
		st.removed = append(st.removed, user)
		st.EndSessions = append(st.EndSessions, user)
	}
}

// admit excludes a member who may not take part although the homeserver lets them.
func (m *roomMemory) admit(f workspace.Federation, user id.UserID, member workspace.Member) workspace.Member {
	if member.Membership != workspace.Joined {
		return member
	}
	server := user.Homeserver()
	if _, known := m.admitted[server]; !known {
		if m.admitted == nil {
			m.admitted = map[string]bool{}
		}
		m.admitted[server] = f.AdmitsServer(server, m.row.Info.ACLs)
	}
	if !m.admitted[server] || !f.MayParticipate(user) {
		member.Membership = workspace.Excluded
	}
	return member
}

// readBack runs beside the worker until the homeserver has answered.
func (w *worker) readBack(ctx context.Context, r *readRequest) {
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, time.Minute) {
		state, message, err := w.read(ctx, r)
		if err == nil || isOut(err) {
			var file *bots.Carried
			if r.file != nil && err == nil {
				file = w.carried(ctx, r.file, message, r.message)
			}
			if ctx.Err() == nil { // else the next run does it anew
				w.submitRead(r, state, message, file, err != nil)
			}
			return
		}
		w.metrics.retries.WithLabelValues("homeserver").Inc()
		w.log.Warn().Err(withoutContent(err)).Stringer("room_id", w.id).Msg("Could not read the room's state, trying again")
		if !sleep(ctx, wait) {
			return // events stay in the inbox
		}
	}
}

// read asks the homeserver. Of a message that cannot be read there is none;
// that is no reason to stop.
func (w *worker) read(ctx context.Context, r *readRequest) (state []envelope, message *envelope, err error) {
	if r.full {
		if state, err = w.hs.state(ctx, w.id); err != nil {
			return nil, nil, err
		}
	} else {
		for _, k := range r.keys {
			content, err := w.hs.stateEvent(ctx, w.id, k.Type, k.Key)
			if err != nil {
				return nil, nil, err
			}
			e := envelope{Type: k.Type, StateKey: &k.Key, Content: content}
			if content == nil {
				e.Content, e.Absent = json.RawMessage("{}"), true
			}
			state = append(state, e)
		}
	}
	if r.message != "" {
		e, err := w.hs.event(ctx, w.id, r.message)
		if _, final := refused(err); err != nil && !final && !errors.Is(err, errEnvelope) {
			return nil, nil, err
		}
		if err == nil {
			w.decryptFetched(ctx, &e)
			message = &e
		}
	}
	return state, message, nil
}

func (w *worker) submitRead(r *readRequest, state []envelope, message *envelope, file *bots.Carried, out bool) {
	w.mu.Lock()
	// In front of all others, and past any limit: the room waits for it.
	w.jobs = append([]*job{{
		run: func(w *worker, st *step) error {
			w.reading = false
			for _, in := range r.because {
				st.Handled = append(st.Handled, in.ID)
			}
			if out {
				// The bot may not read the room's state: it is not in it.
				if w.row.Joined {
					w.leave(st)
				}
				return nil
			}
			if r.of != nil {
				r.of.fetched, r.of.gone = true, message == nil || message.redacted()
				r.of.bot.Carried = file
				if message != nil {
					r.of.bot.Fetched = fetchedMessage(*message)
				}
			}
			if r.full || len(state) > 0 {
				w.applyState(st, state, r.full)
			}
			return nil
		},
		done: func(err error) {
			if !errors.Is(err, context.Canceled) { // the next run reads it
				for _, in := range r.because {
					in.delivery.finish()
				}
			}
		},
	}}, w.jobs...)
	w.mu.Unlock()
	w.nudge()
}

// applyState makes the room what the homeserver says. full means that state is
// all there is.
func (w *worker) applyState(st *step, state []envelope, full bool) {
	if !w.row.Joined {
		return
	}
	info := &w.row.Info
	// If less was read before, or something heard of was not, this is the reading that
	// makes up for it: the first one of a run is of everything then.
	info.Read, st.touched = stateForm, true
	before := rawJSON(*info)
	if lists, known := aclsOf(state, full); known { // before the people whom it concerns
		w.useACLs(st, lists)
	}
	seen := map[id.UserID]bool{}
	var creators []id.UserID
	var powers json.RawMessage
	found := foundState{lifetime: info.Lifetime}
	if full {
		found.lifetime = 0 // what holds without the event
	}
	for _, e := range state {
		if !e.isRoomState() && e.Type != typeWidget && e.Type != typeLayout {
			continue
		}
		switch e.Type {
		case typeMember:
			var c struct {
				Membership workspace.Membership `json:"membership"`
				Name       any                  `json:"displayname"`
			}
			if json.Unmarshal(e.Content, &c) != nil {
				continue
			}
			name, _ := c.Name.(string)
			user := id.UserID(*e.StateKey)
			if !isUser(string(user)) {
				continue // no homeserver lets such a person in; nothing of it is worth keeping
			}
			seen[user] = true
			if user == w.bot {
				if c.Membership != workspace.Joined {
					w.leave(st)
					return
				}
				continue
			}
			w.setMember(st, user, workspace.Member{Membership: c.Membership, Name: name})
		case typePower:
			powers = e.Content
		case typeCreate:
			creators = creatorsOf(e)
			found.create(e)
		case typeName:
			var c struct {
				Name string `json:"name"`
			}
			if json.Unmarshal(e.Content, &c) == nil {
				info.Name = shortName(c.Name)
			}
		case typeEncryption:
			if len(e.Content) > 2 {
				if !info.Encrypted {
					st.note(store.AuditEntry{Act: store.EncryptionOn, Actor: e.Sender})
				}
				w.becameEncrypted() // it cannot be switched off again
			}
		case typeTombstone:
			if successor := replacement(e.Content); successor != "" && successor != info.Successor {
				info.Successor, found.tombstoneBy = successor, e.Sender
				st.note(store.AuditEntry{Act: store.RoomMoved, Actor: e.Sender, Detail: string(successor)})
			}
		case typeRetention:
			found.lifetime = lifetimeOf(e.Content)
		case typeWidget:
			found.widget = found.widget || (e.StateKey != nil && *e.StateKey == widgetID && len(e.Content) > 2)
		case typeLayout:
			if e.StateKey != nil && *e.StateKey == "" {
				found.layout = e.Content
			}
		}
	}
	if full {
		for user, m := range w.room.Members {
			if m.Membership.InRoom() && !seen[user] {
				w.setMember(st, user, workspace.Member{Membership: workspace.Left})
			}
		}
		if powers == nil {
			powers = json.RawMessage(`{"state_default":0}`) // what holds without the event
		}
		info.Power.Creators = creators
	}
	if powers != nil {
		old := rawJSON(info.Power)
		info.Power = parsePower(powers, info.Power.Creators)
		if string(old) != string(rawJSON(info.Power)) {
			w.powerChanged()
			st.note(store.AuditEntry{Act: store.PowerChanged, Detail: levelsOf(info.Power)})
		}
	}
	if found.lifetime != info.Lifetime {
		info.Lifetime = found.lifetime
		st.note(store.AuditEntry{Act: store.RetentionSet, Detail: strconv.FormatInt(info.Lifetime, 10)})
		st.after = append(st.after, func() { w.note((*worker).endLifetimes) })
	}
	if string(before) != string(rawJSON(*info)) {
		st.touched, st.rights = true, true
	}
	w.applyInfo()
	w.settle(st, found, full)
	w.catchUp(st)
}

// foundState is what of a room's state matters only while the bot settles in.
type foundState struct {
	widget      bool
	layout      json.RawMessage
	direct      id.UserID
	predecessor id.RoomID
	tombstoneBy id.UserID
	lifetime    int64
}

func (f *foundState) create(e envelope) {
	var c struct {
		Direct      id.UserID `json:"de.werkraum.direct"`
		Predecessor struct {
			Room id.RoomID `json:"room_id"`
		} `json:"predecessor"`
	}
	if json.Unmarshal(e.Content, &c) == nil {
		f.direct, f.predecessor = c.Direct, c.Predecessor.Room
	}
}
