package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"maunium.net/go/mautrix/id"
)

// Source tells by which way events came.
type Source string

// The two sources of events.
const (
	FromTransaction Source = "transaction"
	FromSync        Source = "sync"
)

// Delivery is a body of events as the homeserver gave it, {"events":[…]}.
type Delivery struct {
	ID       int64 // grows; the order in which deliveries are handled
	Source   Source
	Received time.Time
	Body     []byte
}

// PutDelivery makes a delivery durable; only then may it be acknowledged. For
// a sync, token is kept in the same transaction as where to go on from.
func (s *Store) PutDelivery(ctx context.Context, d Delivery, token string) error {
	list := []statement{}
	if len(d.Body) > 0 {
		list = append(list, statement{`INSERT INTO inbox (id, source, received_at, body) VALUES ($1, $2, $3, $4)`,
			[]any{d.ID, string(d.Source), d.Received.UnixMilli(), s.seal.bytes(d.Body, "inbox", "body", strconv.FormatInt(d.ID, 10))}})
	}
	if token != "" {
		list = append(list, statement{upsertMeta, []any{metaSyncToken, token}})
	}
	if _, err := s.db.write(ctx, list); err != nil {
		return fmt.Errorf("store delivery: %w", err)
	}
	return nil
}

// Deliveries returns at most limit deliveries after the one with that ID, in
// order.
func (s *Store) Deliveries(ctx context.Context, after int64, limit int) ([]Delivery, error) {
	return all(ctx, s.db, s.scanDelivery, selectDelivery+`WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

const selectDelivery = `SELECT id, source, received_at, body FROM inbox `

func (s *Store) scanDelivery(r rows) (d Delivery, err error) {
	var at int64
	if err := r.Scan(&d.ID, (*string)(&d.Source), &at, &d.Body); err != nil {
		return d, err
	}
	d.Received = time.UnixMilli(at)
	d.Body, err = s.seal.plainBytes(d.Body, "inbox", "body", strconv.FormatInt(d.ID, 10))
	return d, err
}

// DeliveryOf returns the delivery with that ID, or ErrNotFound.
func (s *Store) DeliveryOf(ctx context.Context, delivery int64) (Delivery, error) {
	return one(ctx, s.db, s.scanDelivery, selectDelivery+`WHERE id = $1`, delivery)
}

// LastDelivery is the greatest ID in the inbox, 0 if it is empty.
func (s *Store) LastDelivery(ctx context.Context) (int64, error) {
	return one(ctx, s.db, func(r rows) (n int64, err error) { return n, r.Scan(&n) }, `SELECT COALESCE(MAX(id), 0) FROM inbox`)
}

// DropDeliveries removes deliveries whose events have all been handled.
func (s *Store) DropDeliveries(ctx context.Context, ids []int64) error {
	list := make([]statement, len(ids))
	for i, n := range ids {
		list[i] = statement{`DELETE FROM inbox WHERE id = $1`, []any{n}}
	}
	_, err := s.db.write(ctx, list)
	return err
}

// WasHandled reports whether the event has already had its effect.
func (s *Store) WasHandled(ctx context.Context, event id.EventID) (bool, error) {
	list, err := all(ctx, s.db, scanText, `SELECT event_id FROM handled WHERE event_id = $1`, string(event))
	return len(list) > 0, err
}

// Known reports whether the event has had its effect, was set aside, or waits
// for its key.
func (s *Store) Known(ctx context.Context, event id.EventID) (bool, error) {
	list, err := all(ctx, s.db, scanText, `SELECT event_id FROM handled WHERE event_id = $1 UNION ALL
		SELECT event_id FROM set_aside WHERE event_id = $1 UNION ALL SELECT event_id FROM locked WHERE event_id = $1`, string(event))
	return len(list) > 0, err
}

// LookBackSince is from when on events are looked for that were not pushed:
// now, the first time that it is asked.
func (s *Store) LookBackSince(ctx context.Context, now time.Time) (time.Time, error) {
	text, err := s.meta(ctx, metaLookBack)
	if errors.Is(err, ErrNotFound) {
		return now, s.SetLookBackSince(ctx, now)
	}
	if err != nil {
		return time.Time{}, err
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(ms), err
}

// SetLookBackSince notes it.
func (s *Store) SetLookBackSince(ctx context.Context, since time.Time) error {
	_, err := s.db.write(ctx, []statement{{upsertMeta, []any{metaLookBack, strconv.FormatInt(since.UnixMilli(), 10)}}})
	return err
}

// HandledAt returns when the event had its effect, or ErrNotFound.
func (s *Store) HandledAt(ctx context.Context, event id.EventID) (time.Time, error) {
	at, err := one(ctx, s.db, func(r rows) (at int64, err error) { return at, r.Scan(&at) }, `SELECT handled_at FROM handled WHERE event_id = $1`, string(event))
	return time.UnixMilli(at), err
}

// Prune forgets handled events, set-aside and locked ones from before t, what the
// audit log holds from before audited, and expired sessions and links.
func (s *Store) Prune(ctx context.Context, t, audited, now time.Time) error {
	_, err := s.db.write(ctx, []statement{
		{`DELETE FROM audit WHERE at < $1`, []any{audited.UnixMilli()}},
		{`DELETE FROM handled WHERE handled_at < $1`, []any{t.UnixMilli()}},
		{`DELETE FROM set_aside WHERE at < $1`, []any{t.UnixMilli()}},
		{`DELETE FROM locked WHERE received_at < $1`, []any{t.UnixMilli()}},
		{`DELETE FROM sessions WHERE expires_at < $1`, []any{now.UnixMilli()}},
		{`DELETE FROM links WHERE expires_at < $1`, []any{now.UnixMilli()}},
		{`DELETE FROM told WHERE day < $1`, []any{now.Add(-keepTold).UTC().Format(time.DateOnly)}},
	})
	return err
}

// SetAside notes events that could not be handled.
func (s *Store) SetAside(ctx context.Context, events []SetAside, now time.Time) error {
	list := make([]statement, len(events))
	for i, e := range events {
		list[i] = e.insert(now.UnixMilli())
	}
	_, err := s.db.write(ctx, list)
	return err
}

func (e SetAside) insert(now int64) statement {
	return statement{`INSERT INTO set_aside (event_id, room_id, at, reason) VALUES ($1, $2, $3, $4) ON CONFLICT (event_id) DO NOTHING`,
		[]any{storable(string(e.Event)), storable(string(e.Room)), now, e.Reason}}
}
