package appservice

import (
	"context"
	"encoding/json"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

// step gathers the effects of a worker's step until they are written at once.
type step struct {
	ctx context.Context
	now time.Time
	store.Batch
	items map[workspace.Key]bool
	// touched is set when the room's row alone must be written.
	touched  bool
	rights   bool
	rotate   bool // somebody has come or gone: the room needs a new key
	gone     bool
	removed  []id.UserID
	comments map[workspace.ItemID]int
	talk     []watch.Talk // what became of comments
	accepted []time.Time  // when the changes came, for the metrics
	// known are those of the step's changes that were made before.
	known map[workspace.ChangeID]int64
	read  *readRequest
	again bool     // the event at hand must be handled once more after reading
	after []func() // when it is durable
	// anew is set when pages must read the room as a whole: its work was written anew.
	anew bool
	// failed is set when what is due could not be found out; the step is done again.
	failed bool
	// reload has the room read anew afterwards: what is in memory is not all of it.
	reload bool
}

func newStep(ctx context.Context, now time.Time) *step {
	return &step{ctx: ctx, now: now, items: map[workspace.Key]bool{}, comments: map[workspace.ItemID]int{},
		Batch: store.Batch{Now: now, Members: map[id.UserID]workspace.Member{}}}
}

func (st *step) empty() bool {
	b := &st.Batch
	return !st.touched && len(b.Members)+len(b.Commits)+len(b.Handled)+len(b.SetAside)+len(b.Locked)+len(b.Unlocked)+len(b.Queue)+len(b.Sent)+
		len(b.Messages)+len(b.Comments)+len(b.Forget)+len(b.Links)+len(b.Tokens)+len(b.Revoke)+len(b.EndSessions)+len(b.Undone)+len(b.Unbind)+len(b.Audit)+len(b.Told)+len(b.Reminding)+len(b.Mention)+len(b.Mentioned)+len(b.Feeds)+len(b.Versions)+len(b.EndVersions) == 0 &&
		b.Alarm == nil && b.Direct == nil && b.ForgetLog+b.ForgetDrawn == 0
}

// note adds an act to the audit log. The batch knows the room.
func (st *step) note(e store.AuditEntry) { st.Audit = append(st.Audit, e) }

func (st *step) batch(w *worker) *store.Batch {
	b := &st.Batch
	w.row.Seq, w.row.Clock = w.room.Seq, w.room.ClockTime()
	b.Room = w.row
	b.Passing = !w.stored && !st.touched && len(st.Commits) == 0
	w.stored = w.stored || !b.Passing
	for key := range st.items {
		b.Items = append(b.Items, w.room.Item(key))
	}
	return b
}

// propose puts a change through the pipeline.
func (w *worker) propose(st *step, p workspace.Proposal) (workspace.Commit, error) {
	if p.Via.ByPerson() {
		w.keepBefore(st, whiteboard.In(w.room).Due(p.Ops, st.now))
	}
	commit, err := w.room.Apply(p, st.now)
	if err != nil {
		return commit, err
	}
	st.Commits = append(st.Commits, commit)
	// What does not follow on the rest is published when the room is next read.
	if !w.row.Info.Withheld && commit.Seq == w.row.Published+int64(len(w.unpublished))+1 {
		w.unpublished = append(w.unpublished, commit)
		every := publishEvery
		if onlyDrawn(commit.Change.Ops) {
			every = drawnEvery
		}
		if at := later(st.now, w.published.Add(every)); w.publishAt.IsZero() || at.Before(w.publishAt) {
			w.publishAt = at
		}
	}
	w.dropUploads(st, commit)
	w.endVersions(st, commit)
	for _, op := range commit.Won {
		key := op.Key()
		st.items[key] = true
		if board.Tells(op) {
			st.Past = append(st.Past, store.Past{Key: key, Seq: commit.Seq})
		}
		switch key.Kind {
		case board.KindCard:
			w.markStale(st, key.ID, op)
			w.bindSource(st, op)
		case board.KindColumn:
			w.markColumnStale(st, key.ID, op)
		case board.KindBoard:
			w.markBoardStale(st, key.ID, op)
		}
	}
	w.noteAssigned(st, commit)
	if p.Via != workspace.ViaBot {
		w.repeat(st, commit)
	}
	return commit, nil
}

// act does what a person wants. What takes no operations is done already.
func (w *worker) act(st *step, by id.UserID, via workspace.Via, change workspace.ChangeID, a workspace.Act) (workspace.Commit, error) {
	// Rights come first: who may not look must not learn from refusals what
	// the board holds.
	if err := w.room.May(by, a.Deeds(by)...); err != nil {
		return workspace.Commit{}, err
	}
	a, err := w.complement(st, a)
	if err != nil {
		return workspace.Commit{}, err
	}
	ops, err := a.Ops(w.room, by, st.now)
	if err != nil {
		return workspace.Commit{}, err
	}
	if len(ops) == 0 {
		return workspace.Commit{Seq: w.room.Seq}, nil
	}
	if restore, ok := a.(whiteboard.Restore); ok && whiteboard.In(w.room).Altered(restore.Whiteboard) {
		w.keepBefore(st, []workspace.ItemID{restore.Whiteboard}) // nothing gets lost by it
	}
	commit, err := w.propose(st, workspace.Proposal{ID: change, By: by, Deeds: a.Deeds(by), Via: via, Ops: ops})
	if save, ok := a.(saved); ok && err == nil {
		st.Versions = append(st.Versions, store.Version{ID: save.Version, Content: save.content})
	}
	return commit, err
}

var nothingToUndo = workspace.Text{
	De: "Es gibt nichts, was sich rückgängig machen lässt.",
	En: "There is nothing that can be undone.",
}

// undo takes a change back: the one named, or the last of that person.
func (w *worker) undo(st *step, by id.UserID, via workspace.Via, change, target workspace.ChangeID) (workspace.Commit, error) {
	if len(st.Commits) > 0 {
		return workspace.Commit{}, errAlone // the log in the store lags behind this step
	}
	// As with acts, rights come first, and again when it is known whose change it is.
	if err := w.room.May(by, workspace.UndoOwn); err != nil {
		return workspace.Commit{}, err
	}
	var commit workspace.Commit
	var err error
	if target == "" {
		commit, err = w.store.LastOf(st.ctx, w.id, by)
	} else {
		commit, err = w.store.CommitOf(st.ctx, w.id, target)
	}
	if err != nil {
		return workspace.Commit{}, workspace.Refuse(workspace.NotFound, nothingToUndo).Because(err)
	}
	act := board.Undo{Commit: commit}
	if err := w.room.May(by, act.Deeds(by)...); err != nil {
		return workspace.Commit{}, err
	}
	ops, err := act.Ops(w.board, by, st.now)
	if err != nil {
		return workspace.Commit{}, err
	}
	done, err := w.propose(st, workspace.Proposal{ID: change, By: by, Deeds: act.Deeds(by), Via: via, Ops: ops, Undoes: commit.Change.ID})
	if err == nil {
		st.Undone = append(st.Undone, commit.Change.ID)
	}
	return done, err
}

// queue adds something to be told to the homeserver.
func (w *worker) queue(st *step, o store.Outgoing) {
	o.N = w.nextOrder()
	st.Queue = append(st.Queue, o)
}

// nextOrder grows over restarts too, as time does.
func (s *Service) nextOrder() int64 {
	for {
		last := s.order.Load()
		next := max(last+1, s.now().UnixMicro())
		if s.order.CompareAndSwap(last, next) {
			return next
		}
	}
}

// finishStep adds what is due by now: publishing and edits of card messages.
func (w *worker) finishStep(st *step) {
	if !w.publishAt.IsZero() && !st.now.Before(w.publishAt) {
		w.publish(st)
	}
	w.refreshMessages(st)
	w.askForKeys(st)
	w.remind(st)
	w.digest(st)
	w.mention(st)
	w.wearVersions(st)
	w.setAlarm(st)
}

// publishStep tells everybody about a step that is durable.
func (w *worker) publishStep(st *step) {
	for _, e := range st.Handled {
		w.handled[e] = true
	}
	if len(w.handled) > 10_000 {
		clear(w.handled) // the store knows them all
	}
	if st.Direct != nil {
		w.direct.Store(st.Direct.Room, true)
	}
	for _, o := range st.Queue {
		w.outbox.add(queued{Outgoing: o, room: w.id})
	}
	if len(st.Commits)+len(st.Members)+len(st.comments)+len(st.removed) > 0 || st.rights || st.gone || st.anew {
		members := make(map[id.UserID]workspace.Member, len(st.Members))
		for user := range st.Members {
			members[user] = w.room.Members[user]
		}
		w.audience.Happened(watch.Happening{
			Room: w.room, Commits: st.Commits, Members: members, Rights: st.rights,
			Comments: st.comments, Talk: st.talk, Removed: st.removed, Gone: st.gone, Anew: st.anew, Successor: w.room.Successor,
		})
		for _, at := range st.accepted {
			w.metrics.delivered.Observe(w.now().Sub(at).Seconds())
		}
	}
	for _, f := range st.after {
		f()
	}
	if st.reload { // last, for visitors look at what is in memory
		w.forget()
	}
}

// due reports whether a deadline has passed.
func (w *worker) due() bool {
	now := w.now()
	for _, at := range []time.Time{w.nextDeadline(), w.nextMoment()} {
		if !at.IsZero() && !now.Before(at) {
			return true
		}
	}
	return false
}

// nextMoment is when the room has something to do at a time of its own, zero if that
// is never or it cannot be done now. A worker may retire before it: the store knows.
func (w *worker) nextMoment() time.Time {
	if w.roomMemory == nil || !w.readable() {
		return time.Time{}
	}
	return w.moment()
}

// nextDeadline is when there will be something to do without any input; zero
// means never.
func (w *worker) nextDeadline() time.Time {
	if w.roomMemory == nil {
		return time.Time{}
	}
	at := w.publishAt
	for _, d := range []time.Time{w.heldUntil, w.nextAsk()} {
		if !d.IsZero() && (at.IsZero() || d.Before(at)) {
			at = d
		}
	}
	for _, s := range w.stale {
		if d := s.deadline(); at.IsZero() || d.Before(at) {
			at = d
		}
	}
	return at
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// rawJSON marshals what this package itself has put together.
func rawJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
