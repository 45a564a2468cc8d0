package store

import (
	"context"
	"errors"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/agenda"
)

// Told is something that was said by itself, because of a day.
type Told struct {
	Card workspace.ItemID // or ""
	User id.UserID        // to whom; "" for all
	Day  string           // YYYY-MM-DD
	What string
}

// Reminding is how a person wants to be reminded.
type Reminding struct {
	User id.UserID
	agenda.Choice
}

func (t Told) insert(room string) statement {
	return statement{`INSERT INTO told (room_id, card, user_id, day, what) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (room_id, day, card, user_id, what) DO NOTHING`,
		[]any{room, string(t.Card), string(t.User), t.Day, t.What}}
}

func (r Reminding) put() statement {
	return statement{`INSERT INTO reminding (user_id, way, days) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO UPDATE SET way = excluded.way, days = excluded.days`,
		[]any{string(r.User), string(r.Way), r.Days}}
}

// setAlarm has the room woken at a time; the zero time takes its alarm away.
func setAlarm(room string, at time.Time) statement {
	if at.IsZero() {
		return statement{`DELETE FROM alarms WHERE room_id = $1`, []any{room}}
	}
	return statement{`INSERT INTO alarms (room_id, at) VALUES ($1, $2) ON CONFLICT (room_id) DO UPDATE SET at = excluded.at`, []any{room, at.UnixMilli()}}
}

// Alarms lists at most limit rooms whose time has come, the longest ago first.
func (s *Store) Alarms(ctx context.Context, now time.Time, limit int) ([]id.RoomID, error) {
	return all(ctx, s.db, scanRoomID, `SELECT room_id FROM alarms WHERE at <= $1 ORDER BY at LIMIT $2`, now.UnixMilli(), limit)
}

// alarmOf is when a room is woken; the zero time means never.
func (s *Store) alarmOf(ctx context.Context, room id.RoomID) (time.Time, error) {
	at, err := one(ctx, s.db, func(r rows) (at int64, err error) { return at, r.Scan(&at) }, `SELECT at FROM alarms WHERE room_id = $1`, string(room))
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	return time.UnixMilli(at), err
}

// ToldSince lists what was said in a room by itself because of days from one on.
func (s *Store) ToldSince(ctx context.Context, room id.RoomID, day string) (map[Told]bool, error) {
	list, err := all(ctx, s.db, scanTold, `SELECT card, user_id, day, what FROM told WHERE room_id = $1 AND day >= $2`, string(room), day)
	told := make(map[Told]bool, len(list))
	for _, t := range list {
		told[t] = true
	}
	return told, err
}

func scanTold(r rows) (t Told, err error) {
	return t, r.Scan((*string)(&t.Card), (*string)(&t.User), &t.Day, &t.What)
}

// ReminderChoice returns how a person wants to be reminded, or ErrNotFound.
func (s *Store) ReminderChoice(ctx context.Context, user id.UserID) (agenda.Choice, error) {
	return one(ctx, s.db, func(r rows) (c agenda.Choice, err error) { return c, r.Scan((*string)(&c.Way), &c.Days) },
		`SELECT way, days FROM reminding WHERE user_id = $1`, string(user))
}

// keepTold is how long it is remembered what was said because of a day.
const keepTold = 400 * 24 * time.Hour
