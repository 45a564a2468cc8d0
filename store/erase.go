package store

import (
	"bytes"
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Erased counts what an erasure removes or rewrites.
type Erased struct {
	Rooms       int `json:"rooms"`        // in which the person was a member
	Cards       int `json:"cards"`        // cards and columns that name them
	Changes     int `json:"changes"`      // entries of the log that name them
	Comments    int `json:"comments"`     // theirs, which go
	Mentions    int `json:"mentions"`     // others' comments that name them
	Versions    int `json:"versions"`     // earlier states of whiteboards that name them
	Sessions    int `json:"sessions"`     // private links and calendars, and tokens
	DirectChats int `json:"direct_chats"` // which the bot leaves
	Waiting     int `json:"waiting"`      // messages on their way to the homeserver
	Devices     int `json:"devices"`      // whose keys are kept for encryption
	Named       int `json:"named"`        // rooms that name them as inviter or in power levels
	Reminders   int `json:"reminders"`    // that were sent to them, and how they wanted them
	Audit       int `json:"audit"`        // entries of the audit log that name them
}

// Add adds what was counted elsewhere.
func (e *Erased) Add(o Erased) {
	e.Rooms += o.Rooms
	e.Cards += o.Cards
	e.Changes += o.Changes
	e.Comments += o.Comments
	e.Mentions += o.Mentions
	e.Versions += o.Versions
	e.Sessions += o.Sessions
	e.DirectChats += o.DirectChats
	e.Waiting += o.Waiting
	e.Devices += o.Devices
	e.Named += o.Named
	e.Reminders += o.Reminders
	e.Audit += o.Audit
}

const (
	metaErasureSalt = "erasure_salt"
	// hashRounds makes guessing user IDs from the table expensive; one takes some
	// tenths of a second (OWASP's figure for PBKDF2 with SHA-256).
	hashRounds = 600_000
)

// hashOf is how the table of erased people names one.
func (s *Store) hashOf(ctx context.Context, user id.UserID) (string, error) {
	salt, err := s.meta(ctx, metaErasureSalt)
	if errors.Is(err, ErrNotFound) {
		return "", nil // nobody was ever erased
	}
	if err != nil {
		return "", err
	}
	hash, err := pbkdf2.Key(sha256.New, string(user), []byte(salt), hashRounds, sha256.Size)
	return hex.EncodeToString(hash), err
}

// StandInOf returns who stands in for a person who was erased, or ErrNotFound.
// Whatever names people and comes from elsewhere, such as a room's own log, has to
// ask for each of them. It takes some tenths of a second.
func (s *Store) StandInOf(ctx context.Context, user id.UserID) (id.UserID, error) {
	hash, err := s.hashOf(ctx, user)
	if err != nil {
		return "", err
	}
	if hash == "" {
		return "", ErrNotFound
	}
	text, err := one(ctx, s.db, scanText, `SELECT stand_in FROM erased WHERE hash = $1`, hash)
	return id.UserID(text), err
}

// BeginErasure returns who stands in for the person from now on. Doing it again
// gives the same.
func (s *Store) BeginErasure(ctx context.Context, user id.UserID, now time.Time) (id.UserID, error) {
	_, err := s.db.write(ctx, []statement{{`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`, []any{metaErasureSalt, rand.Text()}}})
	if err != nil {
		return "", fmt.Errorf("write salt: %w", err)
	}
	hash, err := s.hashOf(ctx, user)
	if err != nil {
		return "", err
	}
	_, err = s.db.write(ctx, []statement{{`INSERT INTO erased (hash, stand_in, at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`,
		[]any{hash, string(workspace.NewStandIn(rand.Text()[:12])), now.UnixMilli()}}})
	if err != nil {
		return "", fmt.Errorf("note erased person: %w", err)
	}
	return s.StandInOf(ctx, user)
}

// AllRooms lists all rooms that anything is stored of.
func (s *Store) AllRooms(ctx context.Context) ([]id.RoomID, error) {
	return all(ctx, s.db, scanRoomID, `SELECT room_id FROM rooms UNION SELECT room_id FROM members ORDER BY room_id`)
}

// NamesOf lists the display names that a person has or had in rooms.
func (s *Store) NamesOf(ctx context.Context, user id.UserID) ([]string, error) {
	names, err := all(ctx, s.db, func(r rows) (name string, err error) {
		var room string
		if err := r.Scan(&room, &name); err != nil {
			return "", err
		}
		return s.seal.plainText(name, "members", "name", room, string(user))
	}, `SELECT room_id, name FROM members WHERE user_id = $1 AND name <> ''`, string(user))
	slices.Sort(names)
	return slices.Compact(names), err
}

// logPage is how many commits are read at a time where all are gone through.
const logPage = 500

// EraseIn renames a person in all that is stored of a room, and removes what is
// theirs alone: comments, membership, sessions, links, and a direct chat as a
// whole, which leave then has the bot leave; what the bot has posted for them redact has
// it take away. The room must belong to the caller,
// who reads it anew afterwards. With dry nothing is written. A repetition after a
// crash does the rest.
func (s *Store) EraseIn(ctx context.Context, room id.RoomID, r workspace.Renaming, leave Outgoing, redact func(id.EventID) Outgoing, dry bool) (done Erased, err error) {
	e := erasure{Store: s, room: room, Renaming: r, redact: redact}
	row, err := one(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms WHERE room_id = $1`, string(room))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return done, err
	}
	e.owner = row.Info.Direct
	for _, part := range []func(context.Context) error{e.members, e.sessions, e.items, e.comments, e.outbox, e.reminders} {
		if err := part(ctx); err != nil {
			return done, fmt.Errorf("erase a person in a room: %w", err)
		}
	}
	if row.Info.Direct == r.From {
		e.done.DirectChats++
		if err := e.dropRoom(row, leave); err != nil {
			return done, err
		}
	}
	// The log first, a page at a time: it may be long. What comes last says that
	// the rest is done.
	if err := e.log(ctx, dry); err != nil {
		return e.done, err
	}
	if row.Info.Direct != r.From {
		if err := e.renamedVersions(ctx, dry); err != nil {
			return e.done, err
		}
	}
	if row.ID != "" && row.Info.Direct != r.From {
		e.row(row)
	}
	if dry || e.done == (Erased{}) {
		return e.done, nil
	}
	_, err = s.db.write(ctx, e.list)
	return e.done, err
}

// erasure gathers what is to be written of one room.
type erasure struct {
	*Store
	workspace.Renaming
	room   id.RoomID
	owner  id.UserID // whose direct chat it is
	redact func(id.EventID) Outgoing
	done   Erased
	list   []statement
}

func (e *erasure) add(sql string, args ...any) {
	e.list = append(e.list, statement{sql, append([]any{string(e.room)}, args...)})
}

func (e *erasure) count(ctx context.Context, query string, args ...any) (int, error) {
	return one(ctx, e.db, func(r rows) (n int, err error) { return n, r.Scan(&n) }, query, args...)
}

func (e *erasure) members(ctx context.Context) (err error) {
	e.done.Rooms, err = e.count(ctx, `SELECT COUNT(*) FROM members WHERE room_id = $1 AND user_id = $2`, string(e.room), string(e.From))
	e.add(`DELETE FROM members WHERE room_id = $1 AND user_id = $2`, string(e.From))
	e.add(`DELETE FROM locked WHERE room_id = $1 AND sender = $2`, string(e.From)) // they cannot be read
	return err
}

func (e *erasure) sessions(ctx context.Context) (err error) {
	e.done.Sessions, err = e.count(ctx, `SELECT (SELECT COUNT(*) FROM sessions WHERE room_id = $1 AND user_id = $2) + (SELECT COUNT(*) FROM feeds WHERE room_id = $1 AND user_id = $2) + (SELECT COUNT(*) FROM links WHERE room_id = $1 AND user_id = $2) + (SELECT COUNT(*) FROM tokens WHERE room_id = $1 AND user_id = $2)`,
		string(e.room), string(e.From))
	e.add(`DELETE FROM sessions WHERE room_id = $1 AND user_id = $2`, string(e.From))
	e.add(`DELETE FROM links WHERE room_id = $1 AND user_id = $2`, string(e.From))
	e.add(`DELETE FROM feeds WHERE room_id = $1 AND user_id = $2`, string(e.From))
	e.add(`DELETE FROM tokens WHERE room_id = $1 AND user_id = $2`, string(e.From))
	return err
}

func (e *erasure) items(ctx context.Context) error {
	items, err := all(ctx, e.db, newItemReader(e.seal).scan, `SELECT kind, item_id, seq, fields FROM items WHERE room_id = $1`, string(e.room))
	for _, it := range items {
		if renamed, differs := e.Item(it); differs {
			e.done.Cards++
			e.list = append(e.list, putItem(e.seal, string(e.room), e.owner, renamed)...)
			// Its message shows the name: it is edited when the room is next read.
			e.add(`UPDATE card_messages SET shown = 0 WHERE room_id = $1 AND card = $2 AND shown > 0`, string(it.ID))
		}
	}
	return err
}

func (e *erasure) comments(ctx context.Context) error {
	comments, err := all(ctx, e.db, e.scanComment, selectComment+`WHERE room_id = $1`, string(e.room))
	for _, c := range comments {
		if c.By == e.From {
			e.done.Comments++
			e.add(`DELETE FROM comments WHERE room_id = $1 AND event_id = $2`, string(c.Event))
			if c.Posted {
				if err := e.tell(e.redact(c.Event)); err != nil {
					return err
				}
			}
		} else if body := e.Text(c.Body); body != c.Body {
			e.done.Mentions++
			e.add(`UPDATE comments SET body = $3 WHERE room_id = $1 AND event_id = $2`, string(c.Event), e.seal.text(storable(body), "comments", "body", string(c.Event)))
		}
	}
	return err
}

func (e *erasure) reminders(ctx context.Context) (err error) {
	e.done.Reminders, err = e.count(ctx, `SELECT (SELECT COUNT(*) FROM told WHERE room_id = $1 AND user_id = $2) + (SELECT COUNT(*) FROM mentioning WHERE room_id = $1 AND user_id = $2)`,
		string(e.room), string(e.From))
	e.add(`DELETE FROM mentioning WHERE room_id = $1 AND user_id = $2`, string(e.From))
	e.add(`DELETE FROM told WHERE room_id = $1 AND user_id = $2`, string(e.From))
	return err
}

func (e *erasure) outbox(ctx context.Context) error {
	waiting, err := e.waitingIn(ctx, e.room)
	for _, o := range waiting {
		renamed, keep, differs := o.Renamed(e.Renaming)
		if !differs {
			continue
		}
		e.done.Waiting++
		if !keep {
			e.add(`DELETE FROM outbox WHERE room_id = $1 AND txn_id = $2`, o.TxnID)
			continue
		}
		body, err := json.Marshal(renamed)
		if err != nil {
			return err
		}
		e.add(`UPDATE outbox SET body = $3 WHERE room_id = $1 AND txn_id = $2`, o.TxnID, e.seal.text(string(body), "outbox", "body", o.TxnID))
	}
	return err
}

// waitingIn lists what waits to be sent in a room.
func (s *Store) waitingIn(ctx context.Context, room id.RoomID) ([]Outgoing, error) {
	return all(ctx, s.db, func(r rows) (o Outgoing, err error) {
		var txn, body string
		if err := r.Scan(&txn, &body); err != nil {
			return o, err
		}
		if body, err = s.seal.plainText(body, "outbox", "body", txn); err != nil {
			return o, err
		}
		return o, json.Unmarshal([]byte(body), &o)
	}, `SELECT txn_id, body FROM outbox WHERE room_id = $1`, string(room))
}

// Renamed returns what is to be told instead once a person is erased; what was for
// them alone is not kept.
func (o Outgoing) Renamed(r workspace.Renaming) (renamed Outgoing, keep, differs bool) {
	if o.User == r.From {
		return o, false, true
	}
	raw := inJSON(r)
	content, said := []byte(raw.Text(string(o.Content))), r.Text(o.Said)
	if bytes.Equal(content, o.Content) && said == o.Said {
		return o, true, false
	}
	o.Content, o.Said = content, said
	return o, true, true
}

// inJSON is a renaming within JSON.
func inJSON(r workspace.Renaming) workspace.Renaming {
	quoted := func(user id.UserID) id.UserID {
		text := workspace.AppendJSONString(nil, string(user))
		return id.UserID(text[1 : len(text)-1])
	}
	return workspace.Renaming{From: quoted(r.From), To: quoted(r.To)}
}

func (e *erasure) log(ctx context.Context, dry bool) error {
	for after := int64(-1); ; {
		commits, err := e.CommitsAfter(ctx, e.room, after, logPage)
		if err != nil {
			return err
		}
		var list []statement
		for _, c := range commits {
			after = c.Seq
			renamed, differs := e.Renaming.Commit(c)
			if !differs {
				continue
			}
			e.done.Changes++
			st, err := rewriteChange(e.seal, string(e.room), renamed)
			if err != nil {
				return err
			}
			list = append(list, st)
		}
		if !dry && len(list) > 0 {
			if _, err := e.db.write(ctx, list); err != nil {
				return err
			}
		}
		if len(commits) < logPage {
			return nil
		}
	}
}

// row takes the person out of what is known of the room itself, and has open pages
// read it anew.
func (e *erasure) row(row Room) {
	info := &row.Info
	_, powerful := info.Power.Users[e.From]
	if info.Inviter == e.From || powerful || slices.Contains(info.Power.Creators, e.From) {
		e.done.Named++
	}
	if info.Inviter == e.From {
		info.Inviter = "" // as if the homeserver's administrator had put the bot in
	}
	delete(info.Power.Users, e.From)
	info.Power.Creators = slices.DeleteFunc(info.Power.Creators, func(user id.UserID) bool { return user == e.From })
	info.Edition++
	if text, err := e.seal.info(*info, string(e.room)); err == nil { // it was read as JSON
		e.add(`UPDATE rooms SET info = $2 WHERE room_id = $1`, text)
	}
}

func (e *erasure) dropRoom(row Room, leave Outgoing) error {
	for _, table := range []string{"rooms", "members", "items", "changes", "change_items", "card_messages", "comments", "outbox", "locked", "assigned", "alarms", "told", "mentioning", "feeds", "versions"} {
		e.add(`DELETE FROM ` + table + ` WHERE room_id = $1`)
	}
	if row.Joined && leave.TxnID != "" {
		return e.tell(leave)
	}
	return nil
}

// tell adds something to be told to the homeserver.
func (e *erasure) tell(o Outgoing) error {
	body, err := json.Marshal(o)
	e.add(`INSERT INTO outbox (txn_id, n, room_id, body) VALUES ($2, $3, $1, $4) ON CONFLICT (txn_id) DO NOTHING`,
		o.TxnID, o.N, e.seal.text(string(body), "outbox", "body", o.TxnID))
	return err
}

// forgetDevices drops what mautrix's key store holds of a person's devices: their keys
// and the conversations with them. The rooms' keys stay, by which messages are read.
func forgetDevices(user string) []statement {
	list := []statement{
		{`DELETE FROM crypto_olm_session WHERE sender_key IN (SELECT identity_key FROM crypto_device WHERE user_id = $1)`, []any{user}},
		{`UPDATE crypto_megolm_inbound_session SET source_user = '' WHERE source_user = $1`, []any{user}},
		{`DELETE FROM crypto_cross_signing_signatures WHERE signed_user_id = $1 OR signer_user_id = $1`, []any{user}},
	}
	for _, table := range []string{"crypto_megolm_outbound_session_shared", "crypto_cross_signing_keys", "crypto_device", "crypto_tracked_user"} {
		list = append(list, statement{`DELETE FROM ` + table + ` WHERE user_id = $1`, []any{user}})
	}
	return list
}

// FinishErasure removes what belongs to no room: sessions and links that are left,
// the note of the direct chat; renames the person in the audit log, and adds to
// that what was done.
func (s *Store) FinishErasure(ctx context.Context, r workspace.Renaming, dry bool, now time.Time) (done Erased, err error) {
	e := erasure{Store: s}
	from, to := string(r.From), string(r.To)
	// Without encryption there are no such tables.
	if n, err := e.count(ctx, `SELECT (SELECT COUNT(*) FROM crypto_device WHERE user_id = $1) + (SELECT COUNT(*) FROM crypto_tracked_user WHERE user_id = $1)`, from); err == nil {
		done.Devices = n
	}
	if done.Sessions, err = e.count(ctx, `SELECT COUNT(*) FROM feeds WHERE user_id = $1 AND room_id = ''`, from); err != nil {
		return done, err
	}
	if done.Reminders, err = e.count(ctx, `SELECT COUNT(*) FROM reminding WHERE user_id = $1`, from); err != nil {
		return done, err
	}
	if done.Audit, err = e.count(ctx, `SELECT COUNT(*) FROM audit WHERE actor = $1 OR subject = $1`, from); err != nil || dry {
		return done, err
	}
	list := []statement{
		{`DELETE FROM sessions WHERE user_id = $1`, []any{from}},
		{`DELETE FROM links WHERE user_id = $1`, []any{from}},
		{`DELETE FROM tokens WHERE user_id = $1`, []any{from}},
		{`DELETE FROM direct_rooms WHERE user_id = $1`, []any{from}},
		{`DELETE FROM reminding WHERE user_id = $1`, []any{from}},
		{`DELETE FROM feeds WHERE user_id = $1`, []any{from}},
		{`UPDATE audit SET actor = $2 WHERE actor = $1`, []any{from, to}},
		{`UPDATE audit SET subject = $2 WHERE subject = $1`, []any{from, to}},
		AuditEntry{Act: UserErased, Actor: Operator, Subject: r.To}.insert(now),
	}
	if done.Devices > 0 {
		list = append(list, forgetDevices(from)...)
	}
	if _, err = s.db.write(ctx, list); err != nil {
		return done, err
	}
	if err := s.db.compact(ctx, nil, true); err != nil {
		return done, fmt.Errorf("erased, but former versions may be left on the disk: %w", err)
	}
	return done, nil
}
