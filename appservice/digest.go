package appservice

import (
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
)

// What is told because of a day that is no reminder, and because of no day.
const (
	toldDigest   = "digest"
	toldAssigned = "assigned"
)

// nextDigest is when the room's next digest comes; zero means never.
func (m *roomMemory) nextDigest() time.Time {
	if m.row.Info.Direct != "" || m.room.Level == agenda.Quiet || m.row.Info.Digested == 0 {
		return time.Time{}
	}
	at, _ := m.room.Digest.Next(time.UnixMilli(m.row.Info.Digested), m.room.Zone)
	return at
}

// digest sums up for the room, if the moment for that has passed: of those that were
// missed the last.
func (w *worker) digest(st *step) {
	info := &w.row.Info
	if !w.readable() || w.room.Digest.Every == agenda.Never {
		return
	}
	looked := time.UnixMilli(info.Digested)
	if info.Digested == 0 || looked.Sub(st.now) > setBack {
		info.Digested, st.touched = st.now.UnixMilli(), true
		return
	}
	if at := w.nextDigest(); at.IsZero() || st.now.Before(at) {
		return
	}
	day := w.room.Digest.Last(looked, st.now, w.room.Zone)
	told := store.Told{Day: day, What: toldDigest}
	known, err := w.store.ToldSince(st.ctx, w.id, day)
	if err != nil {
		w.log.Error().Err(err).Stringer("room_id", w.id).Msg("Could not find out whether a digest was sent; trying again")
		st.failed = true
		return
	}
	info.Digested, st.touched = st.now.UnixMilli(), true
	summary := w.summary(looked, w.room.Today(st.now))
	if known[told] || summary.Empty() {
		return
	}
	st.Told = append(st.Told, told)
	w.say(st, bots.DigestMessage(w.room, summary, w.room.Digest.Every, w.room.Today(st.now)), causedID("digest", string(w.id), day), nil)
}

// summary is what there is to tell: cards that came into a column of finished ones
// since a time, and those that are due.
func (w *worker) summary(since time.Time, today string) bots.Summary {
	ahead := 2
	if w.room.Digest.Every == agenda.Weekly {
		ahead = 6
	}
	s := bots.Summary{
		Overdue: w.board.DueBetween("", agenda.AddDays(today, -1)),
		Coming:  w.board.DueBetween(today, agenda.AddDays(today, ahead)),
	}
	for _, column := range w.board.Columns() {
		if !column.True(board.Done) {
			continue
		}
		for _, card := range w.board.Cards(column.ID, -1) {
			if f, ok := card.Field(board.Column); ok && f.At.Wall().After(since) {
				s.Done = append(s.Done, card)
			}
		}
	}
	return s
}

// setLevel and setDigest are settings of the room.
func (w *worker) setLevel(st *step, by id.UserID, level agenda.Level) {
	w.row.Info.Level, w.room.Level = level, level
	st.touched = true
	st.note(store.AuditEntry{Act: store.RoomSet, Actor: by, Detail: "notify " + string(level)})
}

func (w *worker) setDigest(st *step, by id.UserID, d agenda.Digest) {
	w.row.Info.Digest, w.room.Digest = &d, d
	w.row.Info.Digested = st.now.UnixMilli()
	st.touched = true
	st.note(store.AuditEntry{Act: store.RoomSet, Actor: by, Detail: "digest " + string(d.Every)})
}

// assigned is a person to whom a card was assigned.
type assigned struct {
	card workspace.ItemID
	user id.UserID
}

// beforeMentioning is how long an assignment must stand before the person is told: who
// chose the wrong person has corrected that by then.
const beforeMentioning = 10 * time.Second

// noteAssigned notes who is to be told that somebody else has assigned a card to them
// on the page; commands tell them with their answer.
func (w *worker) noteAssigned(st *step, c workspace.Commit) {
	if c.Change.Via != workspace.ViaWidget || !w.room.Level.Speaks() || w.row.Info.Direct != "" {
		return
	}
	for _, op := range c.Won {
		if op.Kind != board.KindCard || slices.Contains(c.Fresh, op.Key()) {
			continue
		}
		for _, user := range w.concerned(w.board.Card(op.Item)) {
			if user == c.Change.By || !op.Set[board.Assignee+"/"+string(user)].True() {
				continue
			}
			m := store.Mention{Card: op.Item, User: user, At: st.now.Add(beforeMentioning)}
			w.mentions[assigned{m.Card, m.User}] = m.At
			st.Mention = append(st.Mention, m)
		}
	}
}

// nextMention is when the next person is to be told; zero means never.
func (m *roomMemory) nextMention() (next time.Time) {
	for _, at := range m.mentions {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

// mention tells people of cards that were assigned to them, once for each card, if they
// still are theirs.
func (w *worker) mention(st *step) {
	if next := w.nextMention(); next.IsZero() || st.now.Before(next) && next.Sub(st.now) < time.Hour || !w.readable() {
		return
	}
	people := map[workspace.ItemID][]id.UserID{}
	var cards []workspace.ItemID
	today := w.room.Today(st.now)
	for a, at := range w.mentions {
		if st.now.Before(at) && at.Sub(st.now) < time.Hour { // else the clock was set back
			continue
		}
		delete(w.mentions, a)
		st.Mentioned = append(st.Mentioned, store.Mention{Card: a.card, User: a.user})
		card := w.board.Card(a.card)
		if card == nil || !w.board.Stands(card) || w.board.IsDone(card) || !w.room.Level.Speaks() || !slices.Contains(w.concerned(card), a.user) {
			continue
		}
		known, err := w.store.WasTold(st.ctx, w.id, a.card, a.user, toldAssigned)
		if err != nil {
			w.log.Error().Err(err).Stringer("room_id", w.id).Msg("Could not find out whether somebody was told of a card; trying again")
			st.failed = true
			return
		}
		if known {
			continue
		}
		st.Told = append(st.Told, store.Told{Card: a.card, User: a.user, Day: today, What: toldAssigned})
		if people[a.card] == nil {
			cards = append(cards, a.card)
		}
		people[a.card] = append(people[a.card], a.user)
	}
	slices.Sort(cards)
	for _, card := range cards {
		users := people[card]
		slices.Sort(users)
		cause := []string{"assigned", string(w.id), string(card)}
		for _, user := range users {
			cause = append(cause, string(user))
		}
		w.say(st, bots.Assigned(w.room, w.board.Card(card), users), causedID(cause...), w.threadOf(card))
	}
}
