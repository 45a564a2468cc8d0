package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Batch is all that one step of a room's worker writes, in one transaction:
// what was changed, what is to be sent, and that the events which caused it
// are handled. Room is always set; the rest may be empty.
type Batch struct {
	Room     Room
	Passing  bool                           // nothing is to be remembered of the room: an invite was declined
	Members  map[id.UserID]workspace.Member // those that changed
	Commits  []workspace.Commit
	Past     []Past            // what Commits tell, for the items' histories
	Items    []*workspace.Item // as they are after Commits
	Undone   []workspace.ChangeID
	Handled  []id.EventID
	SetAside []SetAside
	Locked   []Locked     // events whose key has not come
	Unlocked []id.EventID // events that are not locked any more
	Queue    []Outgoing
	Sent     []string // transaction IDs of what need not be sent any more
	// Seal drops everything that waits to be sent in the room except the
	// message with that transaction ID; "" drops nothing.
	Seal     string
	Messages []CardMessage
	Comments []Comment
	Forget   []id.EventID // comments to be removed
	Links    []Link
	Tokens   []Token // new ones
	Direct   *DirectRoom
	// EndSessions lists people whose sessions, links, tokens and private calendars of the room
	// and its boards end.
	EndSessions []id.UserID
	// Revoke lists tokens that end, by what people call them.
	Revoke    []string
	Unbind    []id.EventID // messages that belong to no card any more
	ForgetLog int64        // the log up to this commit is over; 0 forgets nothing
	// ForgetDrawn ends the log up to this commit as far as it is of drawing (DrawnBefore).
	ForgetDrawn int64
	// Versions are what versions of whiteboards hold, EndVersions those that hold nothing any
	// more.
	Versions    []Version
	EndVersions []workspace.ItemID
	Audit       []AuditEntry
	// Alarm is when the room's worker is to be woken, zero: never; nil leaves it as it is.
	Alarm     *time.Time
	Told      []Told
	Reminding []Reminding
	// Mention are people who are to be told of a card of theirs; Mentioned were, or need
	// not be any more.
	Mention, Mentioned []Mention
	// Feeds are private calendars that begin or, without a hash, end.
	Feeds []Feed
	Now   time.Time
}

// SetAside is an event that could not be handled. Its content is not kept.
type SetAside struct {
	Room   id.RoomID
	Event  id.EventID
	Reason string // from a closed set; no content
}

// Commit stores the batch. When it returns nil all of it is durable; on an
// error none of it is.
func (s *Store) Commit(ctx context.Context, b *Batch) error {
	statements, err := b.statements(s.seal)
	if err != nil {
		return fmt.Errorf("encode batch: %w", err)
	}
	if _, err := s.db.write(ctx, statements); err != nil {
		return fmt.Errorf("store batch: %w", err)
	}
	return nil
}

func (b *Batch) statements(seal sealer) ([]statement, error) {
	var list []statement
	add := func(sql string, args ...any) { list = append(list, statement{sql, args}) }
	room := string(b.Room.ID)
	now := b.Now.UnixMilli()

	info, err := seal.info(b.Room.Info, room)
	if err != nil {
		return nil, err
	}
	if !b.Passing {
		add(`INSERT INTO rooms (room_id, joined, seq, published, clock, successor, info) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (room_id) DO UPDATE SET joined = excluded.joined, seq = excluded.seq, published = excluded.published, clock = excluded.clock,
			successor = excluded.successor, info = excluded.info`,
			room, flag(b.Room.Joined), b.Room.Seq, b.Room.Published, strconv.FormatUint(b.Room.Clock, 16), string(b.Room.Info.Successor), info)
	}
	for user, m := range b.Members {
		add(`INSERT INTO members (room_id, user_id, membership, name) VALUES ($1, $2, $3, $4)
			ON CONFLICT (room_id, user_id) DO UPDATE SET membership = excluded.membership, name = excluded.name`,
			room, string(user), string(m.Membership), seal.text(storable(m.Name), "members", "name", room, string(user)))
	}
	for _, c := range b.Commits {
		st, err := insertChange(seal, room, c)
		if err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	for _, t := range b.Past {
		list = append(list, t.insert(room))
	}
	for _, it := range b.Items {
		list = append(list, putItem(seal, room, b.Room.Info.Direct, it)...)
	}
	for _, c := range b.Undone {
		add(`UPDATE changes SET undoable = 0 WHERE room_id = $1 AND change_id = $2`, room, string(c))
	}
	for _, e := range b.Handled {
		add(`INSERT INTO handled (event_id, handled_at) VALUES ($1, $2) ON CONFLICT (event_id) DO NOTHING`, string(e), now)
	}
	for _, e := range b.SetAside {
		list = append(list, e.insert(now))
	}
	for _, l := range b.Locked {
		list = append(list, l.insert(room))
	}
	for _, e := range b.Unlocked {
		add(`DELETE FROM locked WHERE room_id = $1 AND event_id = $2`, room, string(e))
	}
	if b.Seal != "" {
		add(`DELETE FROM outbox WHERE room_id = $1 AND txn_id <> $2`, room, b.Seal)
	}
	for _, o := range b.Queue {
		body, err := json.Marshal(o)
		if err != nil {
			return nil, err
		}
		add(`INSERT INTO outbox (txn_id, n, room_id, body) VALUES ($1, $2, $3, $4) ON CONFLICT (txn_id) DO NOTHING`,
			o.TxnID, o.N, room, seal.text(string(body), "outbox", "body", o.TxnID))
	}
	for _, txn := range b.Sent {
		add(`DELETE FROM outbox WHERE txn_id = $1`, txn)
	}
	for _, m := range b.Messages {
		add(`INSERT INTO card_messages (room_id, event_id, card, shown) VALUES ($1, $2, $3, $4)
			ON CONFLICT (room_id, event_id) DO UPDATE SET shown = excluded.shown`,
			room, string(m.Event), string(m.Card), m.Shown)
	}
	for _, c := range b.Comments {
		add(`INSERT INTO comments (room_id, event_id, card, by_user, body, at, posted) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (room_id, event_id) DO UPDATE SET body = excluded.body`,
			room, string(c.Event), string(c.Card), string(c.By), seal.text(storable(c.Body), "comments", "body", string(c.Event)), c.At.UnixMilli(), flag(c.Posted))
	}
	for _, e := range b.Unbind {
		add(`DELETE FROM card_messages WHERE room_id = $1 AND event_id = $2`, room, string(e))
	}
	for _, e := range b.Forget {
		add(`DELETE FROM comments WHERE room_id = $1 AND event_id = $2`, room, string(e))
	}
	for _, l := range b.Links {
		add(`INSERT INTO links (hash, user_id, room_id, expires_at) VALUES ($1, $2, $3, $4)`,
			l.Hash, string(l.User), string(l.Room), l.Expires.UnixMilli())
	}
	for _, t := range b.Tokens {
		list = append(list, t.insert())
	}
	for _, token := range b.Revoke {
		add(`DELETE FROM tokens WHERE room_id = $1 AND token_id = $2`, room, token)
	}
	if d := b.Direct; d != nil {
		add(`INSERT INTO direct_rooms (user_id, room_id) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET room_id = excluded.room_id`,
			string(d.User), string(d.Room))
	}
	if b.ForgetLog > 0 {
		add(`DELETE FROM changes WHERE room_id = $1 AND seq <= $2`, room, b.ForgetLog)
		add(`DELETE FROM change_items WHERE room_id = $1 AND seq <= $2`, room, b.ForgetLog)
	}
	if b.ForgetDrawn > 0 {
		add(`DELETE FROM changes WHERE room_id = $1 AND seq <= $2 AND drawn_at > 0`, room, b.ForgetDrawn)
	}
	for _, version := range b.EndVersions {
		add(`DELETE FROM versions WHERE room_id = $1 AND version = $2`, room, string(version))
	}
	for _, v := range b.Versions {
		list = append(list, v.put(seal, room))
	}
	if b.Alarm != nil {
		list = append(list, setAlarm(room, *b.Alarm))
	}
	for _, t := range b.Told {
		list = append(list, t.insert(room))
	}
	for _, f := range b.Feeds {
		list = append(list, f.put()...)
	}
	for _, m := range b.Mention {
		list = append(list, m.put(room))
	}
	for _, m := range b.Mentioned {
		list = append(list, m.drop(room))
	}
	for _, r := range b.Reminding {
		list = append(list, r.put())
	}
	for _, e := range b.Audit {
		e.Room = b.Room.ID
		list = append(list, e.insert(b.Now))
	}
	for _, user := range b.EndSessions {
		list = append(list, AuditEntry{Act: SessionsEnded, Subject: user, Room: b.Room.ID}.insertIf(b.Now,
			`SELECT 1 FROM sessions WHERE room_id = $6 AND user_id = $5`))
		list = append(list, AuditEntry{Act: TokenRevoked, Subject: user, Room: b.Room.ID}.insertIf(b.Now,
			`SELECT 1 FROM tokens WHERE room_id = $6 AND user_id = $5`))
		add(`DELETE FROM tokens WHERE room_id = $1 AND user_id = $2`, room, string(user))
		add(`DELETE FROM sessions WHERE room_id = $1 AND user_id = $2`, room, string(user))
		add(`DELETE FROM links WHERE room_id = $1 AND user_id = $2`, room, string(user))
		add(`DELETE FROM feeds WHERE room_id = $1 AND user_id = $2`, room, string(user))
	}
	return list, nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
