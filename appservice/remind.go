package appservice

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
	"werkraum/workspace/whiteboard"
)

// What is to happen at a time is the room's worker's, as everything in the room is
// (docs/adr/0022): a moment that has passed since the worker last looked is caught up
// in the step that finds it, however long ago it was, and what was said is stored with
// the message that says it.

const (
	// onTime is how late a reminder may be and still stand in its card's thread. What is
	// later, or more at once than maxThreads, comes folded into one message.
	onTime     = 2 * time.Hour
	maxThreads = 5
	// setBack is by how much the clock must be behind what was seen of it to count as set
	// back, and not as one that is kept right.
	setBack = time.Minute
)

// minds reports whether the room has something to do at times, or will have: the bot is
// in it, and it was not replaced.
func (m *roomMemory) minds() bool { return m.row.Joined && m.room.Successor == "" }

// moment is when the room has something to do by itself; zero means never.
func (m *roomMemory) moment() time.Time {
	if !m.minds() {
		return time.Time{}
	}
	var next time.Time
	for _, at := range []time.Time{m.nextReminders(), m.nextDigest(), m.nextMention(), whiteboard.In(m.room).NextWorn(m.room.Zone)} {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// nextReminders is the next moment at which somebody may have to be reminded.
func (m *roomMemory) nextReminders() time.Time {
	if m.row.Info.Reminded == 0 {
		return time.Time{}
	}
	at, day := agenda.Next(time.UnixMilli(m.row.Info.Reminded), m.room.Zone)
	due := m.board.NextDue(day)
	if due == "" {
		return time.Time{}
	}
	if first := agenda.AddDays(due, -agenda.MaxDays); first > day {
		at, _ = agenda.Moment(first, m.room.Zone)
	}
	return at
}

// readable reports whether the bot can say something in the room now.
func (w *worker) readable() bool {
	return w.minds() && (!w.room.Encrypted || !w.lacksEncryption())
}

// remind reminds people of what is due, as far as its moment has passed.
func (w *worker) remind(st *step) {
	if !w.readable() {
		return
	}
	info := &w.row.Info
	looked := time.UnixMilli(info.Reminded)
	if info.Reminded == 0 || looked.Sub(st.now) > setBack {
		info.Reminded, st.touched = st.now.UnixMilli(), true // what was told already the store knows
		return
	}
	if at := w.nextReminders(); at.IsZero() || st.now.Before(at) {
		return
	}
	list, err := w.remindersSince(st, looked)
	if err != nil {
		w.log.Error().Err(err).Stringer("room_id", w.id).Msg("Could not find out whom to remind; trying again")
		st.failed = true
		return
	}
	info.Reminded, st.touched = st.now.UnixMilli(), true
	w.sayReminders(st, list)
}

// due is a reminder of one card to one person.
type due struct {
	card *workspace.Item
	user id.UserID
	way  agenda.Way
	late bool
	keys []string // which reminders it stands for
}

// remindersSince finds the reminders whose moment has passed since the worker last
// looked, one for each card and person, and notes that they were told.
func (w *worker) remindersSince(st *step, looked time.Time) ([]due, error) {
	zone := w.room.Zone
	from, to := looked.In(zone).Format(time.DateOnly), agenda.AddDays(w.room.Today(st.now), agenda.MaxDays)
	told, err := w.store.ToldSince(st.ctx, w.id, from)
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	choices := map[id.UserID]agenda.Choice{}
	var list []due
	for _, card := range w.board.DueBetween(from, to) {
		day := card.Text(board.Due)
		for _, user := range w.concerned(card) {
			choice, known := choices[user]
			if !known {
				if choice, err = w.reminding(st, user); err != nil {
					return nil, err
				}
				choices[user] = choice
			}
			if choice.Way == agenda.NotAtAll {
				continue
			}
			found := due{card: card, user: user, way: choice.Way}
			for _, kind := range agenda.Passed(day, choice.Days, looked, st.now, zone) {
				t := store.Told{Card: card.ID, User: user, Day: day, What: string(kind)}
				if told[t] {
					continue
				}
				st.Told = append(st.Told, t)
				found.keys = append(found.keys, string(card.ID)+" "+day+" "+string(kind))
				at, _ := agenda.Moment(momentDay(day, kind, choice.Days), zone)
				found.late = st.now.Sub(at) > onTime
			}
			if len(found.keys) > 0 {
				list = append(list, found)
			}
		}
	}
	return list, nil
}

func momentDay(due string, kind agenda.Kind, days int) string {
	if kind == agenda.Before {
		return agenda.AddDays(due, -days)
	}
	return due
}

// concerned are the people whose card it is: those it is assigned to who are in the
// room, and in a direct chat its person.
func (w *worker) concerned(card *workspace.Item) []id.UserID {
	if owner := w.row.Info.Direct; owner != "" {
		return []id.UserID{owner}
	}
	return slices.DeleteFunc(board.Assignees(card), func(user id.UserID) bool { return w.room.Members[user].Membership != workspace.Joined })
}

func (w *worker) reminding(st *step, user id.UserID) (agenda.Choice, error) {
	for _, r := range slices.Backward(st.Reminding) {
		if r.User == user {
			return r.Choice, nil
		}
	}
	choice, err := w.store.ReminderChoice(st.ctx, user)
	if errors.Is(err, store.ErrNotFound) {
		return agenda.Usual(), nil
	}
	return choice, err
}

// sayReminders queues the messages: one to each person who wants it by direct message,
// the others in the threads of their cards or, if there are many or it is late, in one
// message in the room.
func (w *worker) sayReminders(st *step, list []due) {
	today := w.room.Today(st.now)
	direct := map[id.UserID][]due{}
	threads := map[workspace.ItemID][]due{}
	var order []workspace.ItemID
	folded := false
	for _, d := range list {
		if d.way == agenda.Directly || w.row.Info.Direct != "" || !w.room.Level.Speaks() {
			direct[d.user] = append(direct[d.user], d)
			continue
		}
		if threads[d.card.ID] == nil {
			order = append(order, d.card.ID)
		}
		threads[d.card.ID] = append(threads[d.card.ID], d)
		folded = folded || d.late
	}
	for _, user := range slices.Sorted(maps.Keys(direct)) {
		w.remindDirectly(st, user, direct[user], today)
	}
	var all []bots.Reminder
	var keys []string
	for _, card := range order {
		reminder := bots.Reminder{Card: threads[card][0].card}
		var own []string
		for _, d := range threads[card] {
			reminder.People = append(reminder.People, d.user)
			for _, key := range d.keys {
				own = append(own, string(d.user)+" "+key)
			}
		}
		all, keys = append(all, reminder), append(keys, own...)
		if !folded && len(order) <= maxThreads {
			w.say(st, bots.ReminderInThread(w.room, reminder, today), causedID(append([]string{"remind", string(w.id)}, own...)...), w.threadOf(card))
		}
	}
	if len(all) > 0 && (folded || len(order) > maxThreads) {
		w.say(st, bots.RemindersInRoom(w.room, all, today), causedID(append([]string{"remind", string(w.id)}, keys...)...), nil)
	}
}

func (w *worker) remindDirectly(st *step, user id.UserID, list []due, today string) {
	var cards []*workspace.Item
	cause := []string{"remind", string(w.id), string(user)}
	for _, d := range list {
		cards, cause = append(cards, d.card), append(cause, d.keys...)
	}
	m := bots.RemindersDirect(w.room, cards, today)
	m.Mentions = []id.UserID{user} // else a notice rings nowhere
	if w.row.Info.Direct == user {
		w.say(st, m, causedID(cause...), nil)
		return
	}
	w.queue(st, store.Outgoing{
		TxnID: causedID(cause...), Task: store.TaskDirect, User: user, EventType: typeMessage, Content: rawJSON(newNotice(m)),
		Secret: w.room.Encrypted || w.isSecret(w.id), Lasting: true,
	})
}

// threadOf places a message in the thread of a card; in the room if it has none.
func (w *worker) threadOf(card workspace.ItemID) *relation {
	event := w.cardOwn[card]
	if event == "" {
		return nil
	}
	return &relation{Type: "m.thread", Event: event, Falling: true, InReplyTo: &replyTo{event}}
}

// setAlarm notes in the store when the room has something to do next, if that changed.
func (w *worker) setAlarm(st *step) {
	at := w.moment()
	if cmp.Compare(at.UnixMilli(), w.alarm.UnixMilli()) != 0 {
		w.alarm, st.Alarm = at, &at
	}
}
