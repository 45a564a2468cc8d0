package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Export is everything that is held about a person. Its JSON is for the person and
// for whoever has to answer them: names are those of the pages in docs/operator.
type Export struct {
	User        id.UserID        `json:"user_id"`
	At          time.Time        `json:"exported_at"`
	StandIn     id.UserID        `json:"erased_as,omitempty"` // if they were erased before
	Rooms       []ExportedRoom   `json:"rooms"`
	Sessions    []ExportedAccess `json:"sessions"`
	Links       []ExportedAccess `json:"links"`
	Tokens      []ExportedToken  `json:"tokens"`
	DirectChats []id.RoomID      `json:"direct_chats"`
	Devices     []id.DeviceID    `json:"devices_whose_keys_are_kept"`
	Waiting     []ExportedEvent  `json:"received_and_not_handled"`
	// Calendars are the private ones that they have.
	Calendars []ExportedCalendar `json:"calendars,omitempty"`
	// Reminding is how they want to be reminded, nil if they have chosen nothing.
	Reminding *ExportedReminding `json:"reminding,omitempty"`
	Audit     []ExportedAct      `json:"audit"`
}

// ExportedCalendar is a private calendar.
type ExportedCalendar struct {
	Room  id.RoomID        `json:"room_id"`         // "" for that of all that is theirs
	Board workspace.ItemID `json:"board,omitempty"` // "" for that of all boards
}

// ExportedRoom is what is held about the person in one room; empty lists are left out.
type ExportedRoom struct {
	Room       id.RoomID            `json:"room_id"`
	Name       string               `json:"name,omitempty"`
	Membership workspace.Membership `json:"membership,omitempty"`
	CalledHere string               `json:"display_name,omitempty"`
	Power      *int                 `json:"power_level,omitempty"` // if it is set for them
	InvitedBot bool                 `json:"invited_the_bot,omitempty"`
	Direct     bool                 `json:"direct_chat_with_the_bot,omitempty"`
	Items      []json.RawMessage    `json:"cards_that_name_the_person,omitempty"`
	Changes    []workspace.Change   `json:"changes_by_the_person,omitempty"`
	NamedIn    []workspace.Change   `json:"changes_that_name_the_person,omitempty"`
	Comments   []ExportedComment    `json:"comments_by_the_person,omitempty"`
	Mentions   []ExportedComment    `json:"comments_that_name_the_person,omitempty"`
	Versions   []ExportedVersion    `json:"earlier_versions_of_whiteboards_that_name_the_person,omitempty"`
	Locked     []ExportedLocked     `json:"encrypted_events_without_a_key,omitempty"`
	Outgoing   []json.RawMessage    `json:"messages_to_be_sent_that_name_the_person,omitempty"`
	Reminders  []ExportedTold       `json:"reminders_sent_to_the_person,omitempty"`
}

// ExportedVersion is an earlier state of a whiteboard, and what on it names the person.
type ExportedVersion struct {
	Version  workspace.ItemID  `json:"version"`
	Elements []json.RawMessage `json:"elements"`
}

// ExportedReminding is how a person wants to be reminded.
type ExportedReminding struct {
	Way  string `json:"way"`
	Days int    `json:"days_before"`
}

// ExportedTold is a reminder that was sent to them.
type ExportedTold struct {
	Card workspace.ItemID `json:"card"`
	Day  string           `json:"day"`
	What string           `json:"what"`
}

// ExportedComment is a copy of a message in a card's thread.
type ExportedComment struct {
	Event id.EventID       `json:"event_id"`
	Card  workspace.ItemID `json:"card"`
	By    id.UserID        `json:"by"`
	Body  string           `json:"body"`
	At    time.Time        `json:"at"`
	// Handled is set while the event's ID is also kept so that it has no effect twice.
	Handled bool `json:"id_kept_as_handled,omitempty"`
	// Posted is set when the message in the room is the bot's, who posted it for them.
	Posted bool `json:"posted_by_the_bot,omitempty"`
}

// ExportedLocked is an event of theirs that could not be decrypted.
type ExportedLocked struct {
	Event    id.EventID `json:"event_id"`
	Received time.Time  `json:"received_at"`
}

// ExportedAccess is a session or a private link; the secret is not held.
type ExportedAccess struct {
	Room    id.RoomID `json:"room_id"`
	Expires time.Time `json:"expires_at"`
}

// ExportedToken is a token of the REST API that they made; the secret is not held.
type ExportedToken struct {
	ID      string    `json:"token_id"`
	Room    id.RoomID `json:"room_id"`
	Scope   Scope     `json:"scope"`
	Created time.Time `json:"created_at"`
}

// ExportedEvent is an event of theirs that waits in the inbox.
type ExportedEvent struct {
	Received time.Time       `json:"received_at"`
	Event    json.RawMessage `json:"event"`
}

// ExportedAct is an entry of the audit log that names the person.
type ExportedAct struct {
	At      time.Time `json:"at"`
	Act     Act       `json:"act"`
	Actor   id.UserID `json:"actor,omitempty"`
	Subject id.UserID `json:"subject,omitempty"`
	Room    id.RoomID `json:"room_id,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

// Export gathers everything that is held about a person. It only reads, and may be
// done beside a process that works with the database.
func (s *Store) Export(ctx context.Context, user id.UserID, now time.Time) (*Export, error) {
	x := &Export{User: user, At: now.UTC(), Rooms: []ExportedRoom{}, Sessions: []ExportedAccess{}, Links: []ExportedAccess{}, Tokens: []ExportedToken{}, DirectChats: []id.RoomID{}, Devices: []id.DeviceID{}, Waiting: []ExportedEvent{}, Audit: []ExportedAct{}}
	var err error
	if x.StandIn, err = s.StandInOf(ctx, user); err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	rooms, err := s.AllRooms(ctx)
	if err != nil {
		return nil, fmt.Errorf("list rooms: %w", err)
	}
	for _, room := range rooms {
		found, some, err := s.exportRoom(ctx, room, user)
		if err != nil {
			return nil, fmt.Errorf("export from a room: %w", err)
		}
		if some {
			x.Rooms = append(x.Rooms, found)
		}
	}
	for query, into := range map[string]*[]ExportedAccess{
		`SELECT hash, user_id, room_id, expires_at FROM sessions WHERE user_id = $1`: &x.Sessions,
		`SELECT hash, user_id, room_id, expires_at FROM links WHERE user_id = $1`:    &x.Links,
	} {
		list, err := all(ctx, s.db, scanSession, query, string(user))
		if err != nil {
			return nil, fmt.Errorf("export sessions: %w", err)
		}
		for _, a := range list {
			*into = append(*into, ExportedAccess{a.Room, a.Expires.UTC()})
		}
	}
	tokens, err := all(ctx, s.db, scanToken, selectToken+`WHERE user_id = $1 ORDER BY created_at`, string(user))
	if err != nil {
		return nil, fmt.Errorf("export tokens: %w", err)
	}
	for _, t := range tokens {
		x.Tokens = append(x.Tokens, ExportedToken{t.ID, t.Room, t.Scope, t.Created.UTC()})
	}
	if chat, err := s.DirectRoomOf(ctx, user); err == nil {
		x.DirectChats = append(x.DirectChats, chat)
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	feeds, err := all(ctx, s.db, scanFeed, selectFeed+`WHERE user_id = $1 ORDER BY room_id, board`, string(user))
	if err != nil {
		return nil, fmt.Errorf("export calendars: %w", err)
	}
	for _, f := range feeds {
		x.Calendars = append(x.Calendars, ExportedCalendar{f.Room, f.Board})
	}
	switch choice, err := s.ReminderChoice(ctx, user); {
	case err == nil:
		x.Reminding = &ExportedReminding{string(choice.Way), choice.Days}
	case !errors.Is(err, ErrNotFound):
		return nil, err
	}
	// Without encryption there is no such table.
	devices, err := all(ctx, s.db, func(r rows) (d id.DeviceID, err error) { return d, r.Scan((*string)(&d)) }, `SELECT device_id FROM crypto_device WHERE user_id = $1`, string(user))
	if err == nil {
		x.Devices = append(x.Devices, devices...)
	}
	if err := s.exportInbox(ctx, user, x); err != nil {
		return nil, fmt.Errorf("export inbox: %w", err)
	}
	acts, err := all(ctx, s.db, scanAudit, selectAudit+`WHERE actor = $1 OR subject = $1 ORDER BY id`, string(user))
	for _, e := range acts {
		x.Audit = append(x.Audit, ExportedAct{e.At.UTC(), e.Act, e.Actor, e.Subject, e.Room, e.Detail})
	}
	return x, err
}

func (s *Store) exportRoom(ctx context.Context, room id.RoomID, user id.UserID) (x ExportedRoom, some bool, err error) {
	x.Room = room
	// Who would be renamed is named.
	naming := workspace.Renaming{From: user, To: workspace.NewStandIn("x")}
	row, err := one(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms WHERE room_id = $1`, string(room))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return x, false, err
	}
	x.Name, x.InvitedBot, x.Direct = row.Info.Name, row.Info.Inviter == user, row.Info.Direct == user
	if level, ok := row.Info.Power.Users[user]; ok {
		x.Power = &level
	}
	type member struct{ membership, name string }
	m, err := one(ctx, s.db, func(r rows) (m member, err error) { return m, r.Scan(&m.membership, &m.name) },
		`SELECT membership, name FROM members WHERE room_id = $1 AND user_id = $2`, string(room), string(user))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return x, false, err
	}
	if m.name, err = s.seal.plainText(m.name, "members", "name", string(room), string(user)); err != nil {
		return x, false, err
	}
	x.Membership, x.CalledHere = workspace.Membership(m.membership), m.name
	items, err := all(ctx, s.db, newItemReader(s.seal).scan, `SELECT kind, item_id, seq, fields FROM items WHERE room_id = $1`, string(room))
	if err != nil {
		return x, false, err
	}
	for _, it := range items {
		if _, named := naming.Item(it); named {
			x.Items = append(x.Items, it.AppendJSON(nil))
		}
	}
	for after := int64(-1); ; {
		commits, err := s.CommitsAfter(ctx, room, after, logPage)
		if err != nil {
			return x, false, err
		}
		for _, c := range commits {
			after = c.Seq
			if c.Change.By == user {
				x.Changes = append(x.Changes, c.Change)
			} else if _, named := naming.Commit(c); named {
				x.NamedIn = append(x.NamedIn, c.Change)
			}
		}
		if len(commits) < logPage {
			break
		}
	}
	comments, err := all(ctx, s.db, s.scanComment, selectComment+`WHERE room_id = $1 ORDER BY at`, string(room))
	if err != nil {
		return x, false, err
	}
	for _, c := range comments {
		shown := ExportedComment{Event: c.Event, Card: c.Card, By: c.By, Body: c.Body, At: c.At.UTC(), Posted: c.Posted}
		switch {
		case c.By == user:
			if shown.Handled, err = s.WasHandled(ctx, c.Event); err != nil {
				return x, false, err
			}
			x.Comments = append(x.Comments, shown)
		case naming.Text(c.Body) != c.Body:
			x.Mentions = append(x.Mentions, shown)
		}
	}
	if x.Versions, err = s.versionsNaming(ctx, room, naming); err != nil {
		return x, false, err
	}
	locked, err := s.lockedOf(ctx, room)
	if err != nil {
		return x, false, err
	}
	for _, l := range locked {
		if l.Sender == user {
			x.Locked = append(x.Locked, ExportedLocked{l.Event, l.Received.UTC()})
		}
	}
	waiting, err := s.waitingIn(ctx, room)
	for _, o := range waiting {
		if _, _, named := o.Renamed(naming); named {
			x.Outgoing = append(x.Outgoing, withoutLinks(o))
		}
	}
	told, toldErr := all(ctx, s.db, scanTold, `SELECT card, user_id, day, what FROM told WHERE room_id = $1 AND user_id = $2 ORDER BY day, card, what`, string(room), string(user))
	waits, waitsErr := all(ctx, s.db, scanTold, `SELECT card, user_id, '', 'assigned' FROM mentioning WHERE room_id = $1 AND user_id = $2 ORDER BY card`, string(room), string(user))
	for _, t := range append(told, waits...) {
		x.Reminders = append(x.Reminders, ExportedTold{t.Card, t.Day, t.What})
	}
	err = errors.Join(err, toldErr, waitsErr)
	some = m.membership != "" || x.InvitedBot || x.Direct || x.Power != nil || len(x.Items)+len(x.Changes)+len(x.NamedIn)+len(x.Comments)+len(x.Mentions)+len(x.Versions)+len(x.Locked)+len(x.Outgoing)+len(x.Reminders) > 0
	return x, some, err
}

// withoutLinks is a message that waits, as it may be shown: a private link in it is a
// secret until it is used, and an export must not be a way to sign in.
func withoutLinks(o Outgoing) json.RawMessage {
	if o.Task == TaskDirect {
		return json.RawMessage(`{"task":"direct"}`)
	}
	return o.Content
}

// deliveriesAtOnce bounds memory: a delivery can be megabytes.
const deliveriesAtOnce = 16

func (s *Store) exportInbox(ctx context.Context, user id.UserID, x *Export) error {
	for after := int64(0); ; {
		list, err := s.Deliveries(ctx, after, deliveriesAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, d := range list {
			after = d.ID
			gjson.GetBytes(d.Body, "events").ForEach(func(_, e gjson.Result) bool {
				if e.Get("sender").Str == string(user) {
					x.Waiting = append(x.Waiting, ExportedEvent{d.Received.UTC(), json.RawMessage(e.Raw)})
				}
				return true
			})
		}
	}
}
