package appservice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

const (
	// expireEvery is how often rooms are looked through whose messages have an end.
	expireEvery = 5 * time.Minute
	// expireAtOnce bounds what one look at a room ends of each kind; the rest follows at once,
	// after whatever else the room has to do.
	expireAtOnce = 500
	// logAtLeast is how long the log is kept whatever the room says: open pages catch up from
	// it, and changes that were sent twice are recognised by it.
	logAtLeast = 24 * time.Hour
)

// lifetimeOf reads m.room.retention (MSC1763): the longest lifetime of the room's
// messages in milliseconds, 0 if there is no end. What is no positive integer is
// as if it were absent.
func lifetimeOf(content json.RawMessage) int64 {
	var c struct {
		Max any `json:"max_lifetime"`
	}
	if json.Unmarshal(content, &c) != nil {
		return 0
	}
	ms, _ := c.Max.(float64)
	return int64(min(max(ms, 0), maxLifetime))
}

// maxLifetime is a century in milliseconds; what is longer has no end either.
const maxLifetime = 100 * 365 * 24 * 3600 * 1000

// levelsOf says for the audit log what editing and configuring take.
func levelsOf(p workspace.Power) string {
	return fmt.Sprintf("edit=%d configure=%d people=%d", p.Required(workspace.ChangeEvent, false), p.StateDefault, len(p.Users)+len(p.Creators))
}

// expire ends what was made of messages whose lifetime is over.
func (s *Service) expire(ctx context.Context) {
	for wait := time.Second; sleep(ctx, wait); wait = expireEvery {
		lifetimes, err := s.store.RoomsWithLifetime(ctx)
		drawing, alsoErr := s.store.RoomsWithDrawing(ctx, s.now().Add(-logAtLeast))
		if err = errors.Join(err, alsoErr); err != nil {
			s.log.Warn().Err(err).Msg("Could not list the rooms in which something is over")
			continue
		}
		s.end(ctx, lifetimes, (*worker).endLifetimes)
		s.end(ctx, drawing, (*worker).endDrawing)
	}
}

// end ends something in rooms, one after the other: nobody waits for it.
func (s *Service) end(ctx context.Context, rooms []id.RoomID, what func(*worker, *step) error) {
	for _, room := range rooms {
		err := s.rooms.worker(room).await(ctx, job{must: true, run: what})
		if err != nil && ctx.Err() == nil {
			s.log.Warn().Err(err).Stringer("room_id", room).Msg("Could not end what is over")
		}
	}
}

// endDrawing shortens the log by changes of drawing that no page needs any more and the room
// has heard of: there are a great many, and what they led to is on the whiteboards, and in
// versions of them.
func (w *worker) endDrawing(st *step) error {
	if !st.empty() {
		return errAlone
	}
	last, n, err := w.store.DrawnBefore(st.ctx, w.id, min(w.row.Published, w.room.Seq-store.KeptCommits), st.now.Add(-logAtLeast), expireAtOnce)
	if err != nil || n == 0 {
		return err
	}
	st.ForgetDrawn, w.row.Info.DrawnFrom, st.touched = last, max(w.row.Info.DrawnFrom, last), true
	w.applyInfo()
	if n == expireAtOnce {
		st.after = append(st.after, func() { w.note((*worker).endDrawing) })
	}
	return nil
}

// endLifetimes removes comments, attachments, references to source messages, and the log as far
// as they are older than the room's messages may be. Cards stay
// (docs/adr/0017-retention-and-redaction.md).
func (w *worker) endLifetimes(st *step) error {
	lifetime := time.Duration(w.row.Info.Lifetime) * time.Millisecond
	if !w.row.Joined || lifetime <= 0 {
		return nil
	}
	if !st.empty() {
		return errAlone
	}
	before := st.now.Add(-lifetime)
	comments, err := w.store.CommentsBefore(st.ctx, w.id, before, expireAtOnce)
	if err != nil {
		return err
	}
	for _, c := range comments {
		w.forgetComment(st, c)
	}
	sources := w.endSources(st, before)
	files := w.endFiles(st, before)
	logBefore := before
	if kept := st.now.Add(-logAtLeast); kept.Before(before) {
		logBefore = kept
	}
	last, n, err := w.store.LogBefore(st.ctx, w.id, w.row.Published, logBefore, expireAtOnce)
	if err != nil {
		return err
	}
	if n > 0 {
		st.ForgetLog, w.row.Info.LogFrom, st.touched = last, last, true
		w.applyInfo()
		st.note(store.AuditEntry{Act: store.LogExpired, Detail: strconv.Itoa(n)})
	}
	if len(comments) == expireAtOnce || sources == expireAtOnce || files == expireAtOnce || n == expireAtOnce {
		st.after = append(st.after, func() { w.note((*worker).endLifetimes) })
	}
	return nil
}

// endSources takes the reference to its source message off cards that were made of
// messages before a time. The card was made after its message, by our clock.
func (w *worker) endSources(st *step, before time.Time) (n int) {
	for it := range w.room.Items {
		if n == expireAtOnce {
			break
		}
		source := it.Text(board.Source)
		if source == "" {
			continue
		}
		if made, err := time.Parse(time.RFC3339, it.Text(board.Created)); err == nil && !made.Before(before) {
			continue
		}
		n++
		w.dropSource(st, it, "lifetime", nil)
	}
	return n
}
