package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/agenda"
)

// Room is a room's row: where its log stands and what is known of it.
type Room struct {
	ID        id.RoomID
	Joined    bool
	Seq       int64
	Published int64
	Clock     uint64
	Info      RoomInfo
}

// RoomInfo is what is known of a room beside its work.
type RoomInfo struct {
	Name     string             `json:"name,omitempty"`
	Language workspace.Language `json:"language,omitempty"`
	// TimeZone is the room's time zone (IANA); "" is the one of the settings.
	TimeZone string          `json:"time_zone,omitempty"`
	Power    workspace.Power `json:"power"`
	// ACLs are the access lists that all must let a server in: the room's, if it has
	// one, and those that were heard of and not read back yet.
	ACLs []workspace.ServerACL `json:"acls,omitempty"`
	// Read says what was last read of the room's state; 0 while something that was
	// heard of has not been read back (appservice, stateForm).
	Read      int  `json:"read,omitempty"`
	Encrypted bool `json:"encrypted,omitempty"`
	// Direct is the person of a direct chat with the bot; "" in project rooms.
	Direct id.UserID `json:"direct,omitempty"`
	// Inviter invited the bot; Followed is set where it came because a room that was
	// replaced names this one.
	Inviter     id.UserID `json:"inviter,omitempty"`
	Followed    bool      `json:"followed,omitempty"`
	Predecessor id.RoomID `json:"predecessor,omitempty"`
	Successor   id.RoomID `json:"successor,omitempty"`
	// Greeted, Widget and Layout tell what the bot has done in the room.
	Greeted bool `json:"greeted,omitempty"`
	Widget  bool `json:"widget,omitempty"`
	Layout  bool `json:"layout,omitempty"`
	// Withheld is set while the room does not let the bot publish changes; the
	// log has them, and they are published when that changes.
	Withheld bool `json:"withheld,omitempty"`
	// Refused lists the state events that the homeserver did not take although
	// the power levels allow them; they are tried again when those change.
	Refused []string `json:"refused,omitempty"`
	// Asked lists the rights that the bot last said it lacks.
	Asked string `json:"asked,omitempty"`
	// Lifetime is max_lifetime of m.room.retention (MSC1763) in milliseconds; 0: for ever.
	Lifetime int64 `json:"lifetime,omitempty"`
	// LogFrom is the last commit that the log holds no more, because its lifetime is over.
	LogFrom int64 `json:"log_from,omitempty"`
	// Snapshot is the last commit when the room was last given the whole of its work.
	Snapshot int64 `json:"snapshot,omitempty"`
	// DrawnFrom is the last commit up to which changes of drawing are gone from the log.
	DrawnFrom int64 `json:"drawn_from,omitempty"`
	// Level is what the bot says in the room by itself; "" is agenda.All.
	Level agenda.Level `json:"notify,omitempty"`
	// Digest is when the room gets its digest, and Digested the moment (Unix
	// milliseconds) up to which it has been given.
	Digest   *agenda.Digest `json:"digest,omitempty"`
	Digested int64          `json:"digested,omitempty"`
	// Reminded is the moment (Unix milliseconds) up to which people were reminded of
	// what is due; 0 in a room that has not looked yet.
	Reminded int64 `json:"reminded,omitempty"`
	// Edition counts how often the room's work was written anew other than by changes.
	Edition int `json:"edition,omitempty"`
	// Noted is set when it is noted of all of the log which items its changes tell of.
	Noted bool `json:"noted,omitempty"`
}

// Loaded is a room with all that its worker keeps in memory.
type Loaded struct {
	Room
	Members  map[id.UserID]workspace.Member
	Items    []*workspace.Item
	Messages []CardMessage
	Comments map[workspace.ItemID]int // how many comments a card has
	Locked   []Locked                 // in the order in which they came
	Mentions []Mention                // to come
	Alarm    time.Time                // when its worker is to be woken; zero: never
}

// CardMessage ties a message to a card.
type CardMessage struct {
	Event id.EventID
	Card  workspace.ItemID
	// Shown is the Seq of the card that the message shows, or SourceMessage.
	Shown int64
}

// SourceMessage as CardMessage.Shown marks a message that a card was made of.
const SourceMessage = -1

// Load reads a room. A room that is not stored is ErrNotFound.
func (s *Store) Load(ctx context.Context, room id.RoomID) (*Loaded, error) {
	row, err := one(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms WHERE room_id = $1`, string(room))
	if err != nil {
		return nil, err
	}
	l := &Loaded{Room: row, Members: map[id.UserID]workspace.Member{}, Comments: map[workspace.ItemID]int{}}
	err = s.db.read(ctx, func(r rows) error {
		for r.Next() {
			var user, membership, name string
			if err := r.Scan(&user, &membership, &name); err != nil {
				return err
			}
			name, err := s.seal.plainText(name, "members", "name", string(room), user)
			if err != nil {
				return err
			}
			l.Members[id.UserID(user)] = workspace.Member{Membership: workspace.Membership(membership), Name: name}
		}
		return r.Err()
	}, `SELECT user_id, membership, name FROM members WHERE room_id = $1`, string(room))
	if err != nil {
		return nil, fmt.Errorf("load members: %w", err)
	}
	if l.Items, err = all(ctx, s.db, newItemReader(s.seal).scan, `SELECT kind, item_id, seq, fields FROM items WHERE room_id = $1`, string(room)); err != nil {
		return nil, fmt.Errorf("load items: %w", err)
	}
	l.Messages, err = all(ctx, s.db, func(r rows) (m CardMessage, err error) {
		return m, r.Scan((*string)(&m.Event), (*string)(&m.Card), &m.Shown)
	}, `SELECT event_id, card, shown FROM card_messages WHERE room_id = $1`, string(room))
	if err != nil {
		return nil, fmt.Errorf("load card messages: %w", err)
	}
	err = s.db.read(ctx, func(r rows) error {
		for r.Next() {
			var card string
			var n int
			if err := r.Scan(&card, &n); err != nil {
				return err
			}
			l.Comments[workspace.ItemID(card)] = n
		}
		return r.Err()
	}, `SELECT card, COUNT(*) FROM comments WHERE room_id = $1 GROUP BY card`, string(room))
	if err != nil {
		return nil, fmt.Errorf("count comments: %w", err)
	}
	if l.Locked, err = s.lockedOf(ctx, room); err != nil {
		return nil, fmt.Errorf("load locked events: %w", err)
	}
	if l.Mentions, err = s.mentionsOf(ctx, room); err != nil {
		return nil, fmt.Errorf("load mentions: %w", err)
	}
	if l.Alarm, err = s.alarmOf(ctx, room); err != nil {
		return nil, fmt.Errorf("load alarm: %w", err)
	}
	return l, nil
}

// Rooms lists the rooms that the bot is in.
func (s *Store) Rooms(ctx context.Context) ([]id.RoomID, error) {
	return all(ctx, s.db, scanRoomID, `SELECT room_id FROM rooms WHERE joined = 1`)
}

// RoomsWithWork lists the rooms in which a stop left something undone: changes
// that are not published, messages that show an old state of their card.
func (s *Store) RoomsWithWork(ctx context.Context) ([]id.RoomID, error) {
	return all(ctx, s.db, scanRoomID, `SELECT room_id FROM rooms WHERE joined = 1 AND (seq > published OR info NOT LIKE '%"greeted":true%') UNION
		SELECT m.room_id FROM card_messages m JOIN items i ON i.room_id = m.room_id AND i.kind = 'card' AND i.item_id = m.card AND i.seq > m.shown WHERE m.shown >= 0`)
}

// PredecessorOf reports which room names `room` as its successor, or
// ErrNotFound.
func (s *Store) PredecessorOf(ctx context.Context, room id.RoomID) (Room, error) {
	return one(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms WHERE successor = $1 ORDER BY room_id LIMIT 1`, string(room))
}

// RoomsOf lists the project rooms that user and the bot are both in.
func (s *Store) RoomsOf(ctx context.Context, user id.UserID) ([]Room, error) {
	return all(ctx, s.db, s.scanRoom, `SELECT r.room_id, r.joined, r.seq, r.published, r.clock, r.info FROM rooms r
		JOIN members m ON m.room_id = r.room_id WHERE m.user_id = $1 AND m.membership = 'join' AND r.joined = 1 ORDER BY r.room_id`, string(user))
}

// MoveRoom hands all work of a room over to its successor, which has none yet.
// Messages of the old room stay there: they are known, and never edited again.
func (s *Store) MoveRoom(ctx context.Context, from, to id.RoomID) error {
	// Who has a calendar of both keeps the older one, which is in their calendar program.
	list := []statement{{`DELETE FROM feeds WHERE room_id = $2 AND EXISTS (SELECT 1 FROM feeds o WHERE o.room_id = $1 AND o.user_id = feeds.user_id AND o.board = feeds.board)`, []any{string(from), string(to)}}}
	for _, table := range []string{"items", "assigned", "changes", "change_items", "card_messages", "comments", "told", "mentioning", "feeds", "versions"} {
		list = append(list, statement{`UPDATE ` + table + ` SET room_id = $2 WHERE room_id = $1`, []any{string(from), string(to)}})
	}
	list = append(list,
		statement{`UPDATE card_messages SET shown = -1 WHERE room_id = $1`, []any{string(to)}},
		statement{`UPDATE rooms SET seq = (SELECT o.seq FROM rooms o WHERE o.room_id = $1), published = (SELECT o.published FROM rooms o WHERE o.room_id = $1),
			clock = (SELECT o.clock FROM rooms o WHERE o.room_id = $1) WHERE room_id = $2`, []any{string(from), string(to)}},
		statement{`DELETE FROM sessions WHERE room_id = $1`, []any{string(from)}},
		statement{`DELETE FROM links WHERE room_id = $1`, []any{string(from)}},
		statement{`DELETE FROM tokens WHERE room_id = $1`, []any{string(from)}},
		setAlarm(string(from), time.Time{}))
	if _, err := s.db.write(ctx, list); err != nil {
		return fmt.Errorf("move room: %w", err)
	}
	return nil
}

func scanRoomID(r rows) (room id.RoomID, err error) { return room, r.Scan((*string)(&room)) }

func (s *Store) scanRoom(r rows) (room Room, err error) {
	var joined int
	var clock, info string
	if err := r.Scan((*string)(&room.ID), &joined, &room.Seq, &room.Published, &clock, &info); err != nil {
		return room, err
	}
	room.Joined = joined == 1
	if room.Clock, err = strconv.ParseUint(clock, 16, 64); err != nil {
		return room, fmt.Errorf("room's clock: %w", err)
	}
	room.Info, err = s.seal.plainInfo(info, string(room.ID))
	return room, err
}

// storable takes out what PostgreSQL's text cannot hold: NUL, and bytes that are
// no UTF-8.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
}

// Knows reports whether the bot is in the room.
func (s *Store) Knows(ctx context.Context, room id.RoomID) (bool, error) {
	list, err := all(ctx, s.db, scanRoomID, `SELECT room_id FROM rooms WHERE room_id = $1 AND joined = 1`, string(room))
	return len(list) > 0, err
}
