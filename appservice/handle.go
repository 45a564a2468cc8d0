package appservice

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/pace"
)

// handle gives one event its effects. A returned error concerns the step, not
// the event.
func (w *worker) handle(st *step, in *incoming) error {
	// Other state that comes again is read back again: what was read the first time
	// may have been what held before it.
	own := in.Type == typeMember && in.StateKey != nil && *in.StateKey == string(w.bot)
	if (own || !in.isRoomState()) && (w.handled[in.ID] || slices.Contains(st.Handled, in.ID)) {
		w.metrics.events.WithLabelValues("repeated").Inc()
		return nil
	}
	if reason, bad := w.bad[in.ID]; bad {
		w.metrics.events.WithLabelValues("set_aside").Inc()
		w.log.Warn().Stringer("event_id", in.ID).Stringer("room_id", w.id).Str("reason", reason).Msg("Set an event aside")
		st.SetAside = append(st.SetAside, store.SetAside{Room: w.id, Event: in.ID, Reason: reason})
		return nil
	}
	if in.isRoomState() {
		if own {
			// Its own way in and out of the room: a kick that the other source
			// tells again after a return must not count again.
			if repeated, err := w.store.WasHandled(st.ctx, in.ID); err != nil || repeated {
				return err
			}
			st.Handled = append(st.Handled, in.ID)
		}
		if err := w.handleState(st, in); err != nil {
			return err
		}
		w.metrics.events.WithLabelValues("handled").Inc()
		return nil
	}
	if !w.row.Joined || in.bot == nil && in.Type != typeEncrypted || w.room.Encrypted && w.lacksEncryption() || w.room.Successor != "" {
		return nil
	}
	shutOut := w.room.Members[in.Sender].Membership == workspace.Excluded || !w.Federation.MayParticipate(in.Sender)
	if shutOut && (in.bot == nil || in.bot.Kind != bots.Took) { // what they have written they may still take away
		return nil
	}
	if in.Type == typeEncrypted {
		if repeated, err := w.repeated(st, in); err != nil || repeated {
			return err
		}
		if clear, err := w.unlock(st, in); !clear {
			return err
		}
	}
	tooFast := w.tooFast(in)
	if tooFast && in.judged.say == nil { // a flood costs as little as can be
		st.Handled = append(st.Handled, in.ID)
		return nil
	}
	if !in.decrypted {
		if repeated, err := w.repeated(st, in); err != nil || repeated {
			return err
		}
	}
	if tooFast {
		st.note(store.AuditEntry{Act: store.LimitHit, Actor: in.Sender})
		w.say(st, in.judged.say(w.room.Language), causedID("pace", string(in.ID)), answerTo(*in.bot))
		st.Handled = append(st.Handled, in.ID)
		return nil
	}
	if w.room.Encrypted && !in.decrypted && (in.bot.Kind == bots.Said || in.bot.Kind == bots.Edited || in.bot.Kind == bots.Posted) {
		w.unencrypted(st, in)
		return nil
	}
	if needed := w.handler.Needs(*in.bot); needed != "" && !in.fetched {
		st.fetch(in, needed)
		return nil
	}
	if in.bot.Kind == bots.Took {
		if counts, err := w.counts(st, in); err != nil || !counts {
			return err
		}
	}
	return w.turn(st, in)
}

// repeated reports whether the event was handled before.
func (w *worker) repeated(st *step, in *incoming) (bool, error) {
	repeated, err := w.store.WasHandled(st.ctx, in.ID)
	if repeated {
		w.metrics.events.WithLabelValues("repeated").Inc()
	}
	return repeated, err
}

// counts reports whether a redaction takes something away that Werkraum has made
// anything of. Only the homeserver knows whether the sender was allowed to: so the
// message is looked at first.
func (w *worker) counts(st *step, in *incoming) (bool, error) {
	target := in.bot.Target
	had, err := w.store.WasHandled(st.ctx, target)
	if err != nil {
		return false, err
	}
	if _, _, carries := w.board.FileBy(target); !had && !carries && w.madeOf(target) == "" && !slices.Contains(st.Handled, target) {
		return false, nil
	}
	if !in.fetched {
		st.fetch(in, target)
		return false, nil
	}
	if !in.gone {
		return false, nil
	}
	if len(st.Commits) > 0 {
		return false, errAlone // the log in the store lags behind this step
	}
	return true, nil
}

// turn hands the event to the bots and carries out what they decide.
func (w *worker) turn(st *step, in *incoming) error {
	e := *in.bot
	acts := 0
	var alone error
	change := func() workspace.ChangeID {
		acts++
		return changeID("change", string(e.ID), strconv.Itoa(acts))
	}
	t := &bots.Turn{
		Room: w.room, Board: w.board, Cards: w.roomMemory, Event: e, Now: st.now, Bot: w.bot,
		Direct:    w.row.Info.Direct != "",
		Reminding: func() (agenda.Choice, error) { return w.reminding(st, e.Sender) },
		Work:      func() (mine.Work, error) { return w.workFor(st, e.Sender) },
		Do: func(via workspace.Via, a workspace.Act) (workspace.Commit, error) {
			w.furnishList(st, e.Sender)
			return w.act(st, e.Sender, via, change(), a)
		},
		Undo: func(target workspace.ChangeID) (workspace.Commit, error) {
			commit, err := w.undo(st, e.Sender, workspace.ViaCommand, change(), target)
			if err == errAlone { //nolint:errorlint // it is this very value
				alone = err
			}
			return commit, err
		},
	}
	t.History = func(card workspace.ItemID, most int) ([]workspace.Commit, error) {
		if len(st.Commits) > 0 {
			alone = errAlone // the log in the store lags behind this step
			return nil, errAlone
		}
		return w.store.History(st.ctx, w.id, workspace.Key{Kind: board.KindCard, ID: card}, math.MaxInt64, most)
	}
	w.handler.Handle(t)
	if alone != nil {
		return alone // nothing was done: the refusal came first
	}
	if t.Fetch != "" && !in.fetched {
		w.fetchFile(st, in, t.Fetch)
		return nil
	}
	if err := w.conclude(st, t); err != nil {
		return err
	}
	st.Handled = append(st.Handled, e.ID) // also without an effect: it may come by the second source, and later
	w.metrics.events.WithLabelValues("handled").Inc()
	return nil
}

// conclude turns what the bots left in the turn into effects.
func (w *worker) conclude(st *step, t *bots.Turn) error {
	e := t.Event
	if t.Language != "" {
		w.row.Info.Language, w.room.Language = t.Language, t.Language
		st.touched, st.rights = true, true
		st.note(store.AuditEntry{Act: store.LanguageSet, Actor: e.Sender, Detail: string(t.Language)})
	}
	if t.TimeZone != "" {
		w.setZone(st, e.Sender, t.TimeZone)
	}
	if t.Level != "" {
		w.setLevel(st, e.Sender, t.Level)
	}
	if t.Digest != nil {
		w.setDigest(st, e.Sender, *t.Digest)
	}
	if t.Remind != nil {
		st.Reminding = append(st.Reminding, store.Reminding{User: e.Sender, Choice: *t.Remind})
	}
	if c := t.Comment; c != nil {
		w.comment(st, c)
	}
	if t.DropComment != "" {
		w.dropComment(st, e.Sender, t.DropComment)
		if err := w.withdraw(st, t.DropComment); err != nil {
			return err
		}
	}
	if t.Calendar == bots.MakeCalendar && w.links.Take(string(e.Sender), st.now) != pace.Allowed {
		lately := bots.LinksLately(w.room.Language)
		t.Answer, t.Calendar = &lately, bots.NoCalendar
	}
	if t.SendLink && w.links.Take(string(e.Sender), st.now) != pace.Allowed {
		lately := bots.LinksLately(w.room.Language)
		t.Answer, t.SendLink = &lately, false
	}
	place := answerTo(e)
	if t.PostCard != "" && w.cardOwn[t.PostCard] == "" {
		where := place
		if e.Thread != "" {
			where = nil // a thread's root cannot lie in a thread; the answer does
		}
		w.postCard(st, t.PostCard, causedID("card", string(w.id), string(t.PostCard)), where, t.Notify)
	}
	if t.Answer != nil {
		w.say(st, *t.Answer, causedID("answer", string(e.ID)), place)
	}
	if t.Whisper != nil {
		w.whisper(st, t)
	}
	if t.Calendar != bots.NoCalendar {
		if err := w.answerCalendar(st, t); err != nil {
			return err
		}
	}
	if t.SendLink {
		w.answerLink(st, e.Sender, string(e.ID), linkTo{format: t.Export, whiteboard: t.Open})
	}
	if t.Drawing != nil {
		w.postDrawing(st, e.Sender, *t.Drawing, causedID("drawing", string(e.ID)), place)
	}
	if t.Token != nil {
		return w.answerToken(st, e.Sender, *t.Token, string(e.ID))
	}
	return nil
}

// relation is m.relates_to of a message.
type relation struct {
	Type      string     `json:"rel_type,omitempty"`
	Event     id.EventID `json:"event_id,omitempty"`
	Falling   bool       `json:"is_falling_back,omitempty"`
	InReplyTo *replyTo   `json:"m.in_reply_to,omitempty"`
}

type replyTo struct {
	Event id.EventID `json:"event_id"`
}

// answerTo places an answer where the event was: in its thread, or as a reply.
func answerTo(e bots.Event) *relation {
	to := e.ID
	if e.Kind == bots.Reacted {
		to = e.Target // nobody can reply to a reaction
	}
	if e.Thread != "" {
		return &relation{Type: "m.thread", Event: e.Thread, Falling: true, InReplyTo: &replyTo{to}}
	}
	return &relation{InReplyTo: &replyTo{to}}
}

// notice is the content of what the bot says: an m.notice, so that other bots
// do not answer, with intentional mentions only (client-server API,
// m.mentions), so that no text can call the whole room.
type notice struct {
	MsgType  string    `json:"msgtype"`
	Body     string    `json:"body"`
	Format   string    `json:"format,omitempty"`
	HTML     string    `json:"formatted_body,omitempty"`
	Mentions mentions  `json:"m.mentions"`
	Relates  *relation `json:"m.relates_to,omitempty"`
	New      *notice   `json:"m.new_content,omitempty"`
}

type mentions struct {
	Users []id.UserID `json:"user_ids,omitempty"`
}

func newNotice(m bots.Message) notice {
	n := notice{MsgType: "m.notice", Body: m.Body, Mentions: mentions{Users: m.Mentions}}
	if m.HTML != "" {
		n.Format, n.HTML = "org.matrix.custom.html", m.HTML
	}
	return n
}

// replacing is the edit that makes an earlier message be this one.
func (n notice) replacing(event id.EventID) notice {
	edit := n
	edit.Body = "* " + n.Body
	if edit.HTML != "" {
		edit.HTML = "* " + n.HTML
	}
	edit.New = &n
	edit.Relates = &relation{Type: "m.replace", Event: event}
	return edit
}

// say queues a message of the bot.
func (w *worker) say(st *step, m bots.Message, txn string, where *relation) {
	n := newNotice(m)
	n.Relates = where
	w.queue(st, store.Outgoing{TxnID: txn, Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(n)})
}

// fetch asks for an earlier message before the event is handled.
func (st *step) fetch(in *incoming, needed id.EventID) {
	if st.read == nil {
		st.read = &readRequest{}
	}
	st.read.message, st.read.of = needed, in
	st.again = true
}

// fetchedMessage decodes a message that a reaction points to; nil if it is
// none that people could have written.
func fetchedMessage(e envelope) *bots.FetchedMessage {
	m := &bots.FetchedMessage{ID: e.ID, Sender: e.Sender}
	if e.Type != typeMessage && e.Type != "m.sticker" {
		return nil
	}
	var c messageContent
	if json.Unmarshal(e.Content, &c) != nil {
		return nil
	}
	msgType, body := c.MsgType, c.Body
	if edited := e.lastEdit(); edited != nil {
		msgType, body = edited.New.MsgType, edited.New.Body
	}
	switch msgType {
	case "m.text", "m.emote", "m.notice":
		if c.Relates.ReplyTo.Event != "" {
			body = withoutFallback(body)
		}
		m.Body = strings.TrimSpace(body)
	default: // of a picture or file the body is a file name
	}
	return m
}

// bundledEdit is where homeservers put it.
const bundledEdit = `m\.relations.m\.replace`

// lastEdit is the content of the edit that homeservers bundle with a message
// (client-server API, m.replace), nil if there is none of the same person's.
func (e envelope) lastEdit() *messageContent {
	edit, err := parseEnvelope(json.RawMessage(gjson.GetBytes(e.Unsigned, bundledEdit).Raw))
	var c messageContent
	if err != nil || edit.Sender != e.Sender || edit.Type != e.Type || edit.StateKey != nil || json.Unmarshal(edit.Content, &c) != nil ||
		c.New == nil || c.Relates.Type != "m.replace" || c.Relates.Event != e.ID {
		return nil
	}
	return &c
}
