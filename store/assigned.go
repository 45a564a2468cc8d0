package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// undated stands in the index for a card without a due date: it comes after every day
// that a card can have, in whatever order the database sorts texts.
const undated = "9999-12-31"

// nobody's cards are those with a due date that are assigned to no one.
const nobody = id.UserID("")

// putItem writes an item, and of a card what the index says of it. owner is whose
// direct chat the room is, or "".
func putItem(seal sealer, room string, owner id.UserID, it *workspace.Item) []statement {
	list := []statement{{`INSERT INTO items (room_id, kind, item_id, seq, fields) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (room_id, kind, item_id) DO UPDATE SET seq = excluded.seq, fields = excluded.fields`,
		[]any{room, string(it.Kind), string(it.ID), it.Seq, seal.text(encodeFields(it.Fields), "items", "fields", string(it.Kind), string(it.ID))}}}
	if it.Kind != board.KindCard {
		return list
	}
	return append(list, indexCard(room, owner, it)...)
}

// indexCard writes the rows of the index that follow from a card.
func indexCard(room string, owner id.UserID, card *workspace.Item) []statement {
	list := []statement{{`DELETE FROM assigned WHERE room_id = $1 AND card = $2`, []any{room, string(card.ID)}}}
	due := card.Text(board.Due)
	for _, user := range whose(owner, card) {
		if due == "" {
			due = undated
		}
		list = append(list, statement{`INSERT INTO assigned (room_id, card, user_id, column_id, due) VALUES ($1, $2, $3, $4, $5)`,
			[]any{room, string(card.ID), string(user), card.Text(board.Column), due}})
	}
	return list
}

// whose lists under whom the index has a card.
func whose(owner id.UserID, card *workspace.Item) []id.UserID {
	if card.Deleted() || card.True(board.Archived) {
		return nil
	}
	if owner != "" {
		return []id.UserID{owner}
	}
	users := board.Assignees(card)
	if len(users) == 0 && card.Text(board.Due) != "" {
		return []id.UserID{nobody}
	}
	return users
}

// RoomsWithCardsOf lists the rooms that user and the bot are both in and in which
// something is assigned to the user, is their own to-do, or is nobody's and due.
func (s *Store) RoomsWithCardsOf(ctx context.Context, user id.UserID) ([]Room, error) {
	return all(ctx, s.db, s.scanRoom, `SELECT r.room_id, r.joined, r.seq, r.published, r.clock, r.info FROM rooms r
		JOIN members m ON m.room_id = r.room_id WHERE m.user_id = $1 AND m.membership = 'join' AND r.joined = 1
		AND (EXISTS (SELECT 1 FROM assigned a WHERE a.user_id = $1 AND a.room_id = r.room_id)
		OR EXISTS (SELECT 1 FROM assigned a WHERE a.user_id = '' AND a.room_id = r.room_id)) ORDER BY r.room_id`, string(user))
}

// ItemsOf lists the items of some kinds in a room, deleted ones too.
func (s *Store) ItemsOf(ctx context.Context, room id.RoomID, kinds ...workspace.Kind) ([]*workspace.Item, error) {
	args := []any{string(room)}
	return all(ctx, s.db, newItemReader(s.seal).scan, `SELECT kind, item_id, seq, fields FROM items WHERE room_id = $1 AND kind IN (`+marks(&args, kinds)+`)`, args...)
}

// IndexedCard is a card as the index knows it.
type IndexedCard struct {
	Room id.RoomID
	Card workspace.ItemID
	Due  string // YYYY-MM-DD or ""
}

// CardsOf lists at most limit cards in some columns of a room that are assigned to
// user, or are the user's own to-dos in their direct chat: those first that are due
// first, then those without a day. Only the index is read.
func (s *Store) CardsOf(ctx context.Context, user id.UserID, room id.RoomID, columns []workspace.ItemID, limit int) ([]IndexedCard, error) {
	return s.indexed(ctx, user, room, columns, "", undated, limit)
}

// UnclaimedCards lists at most limit cards in some columns of a room that are
// nobody's and due from one day to another, in that order. Only the index is read.
func (s *Store) UnclaimedCards(ctx context.Context, room id.RoomID, columns []workspace.ItemID, from, to time.Time, limit int) ([]IndexedCard, error) {
	return s.indexed(ctx, nobody, room, columns, from.Format(time.DateOnly), to.Format(time.DateOnly), limit)
}

func (s *Store) indexed(ctx context.Context, user id.UserID, room id.RoomID, columns []workspace.ItemID, from, to string, limit int) ([]IndexedCard, error) {
	if len(columns) == 0 {
		return nil, nil
	}
	args := []any{string(user), string(room), from, to, limit}
	return all(ctx, s.db, func(r rows) (c IndexedCard, err error) {
		c.Room = room
		if err = r.Scan((*string)(&c.Card), &c.Due); c.Due == undated {
			c.Due = ""
		}
		return c, err
	}, `SELECT card, due FROM assigned WHERE user_id = $1 AND room_id = $2 AND column_id IN (`+marks(&args, columns)+`) AND due >= $3 AND due <= $4 ORDER BY due, card LIMIT $5`, args...)
}

// CardItems reads some cards of a room, in no order.
func (s *Store) CardItems(ctx context.Context, room id.RoomID, cards []workspace.ItemID) ([]*workspace.Item, error) {
	if len(cards) == 0 {
		return nil, nil
	}
	args := []any{string(room), string(board.KindCard)}
	return all(ctx, s.db, newItemReader(s.seal).scan, `SELECT kind, item_id, seq, fields FROM items WHERE room_id = $1 AND kind = $2 AND item_id IN (`+marks(&args, cards)+`)`, args...)
}

// marks adds values to the arguments of a statement and returns the placeholders that
// stand for them.
func marks[T ~string](args *[]any, values []T) string {
	list := make([]string, len(values))
	for i, v := range values {
		*args = append(*args, string(v))
		list[i] = "$" + strconv.Itoa(len(*args))
	}
	return strings.Join(list, ", ")
}

// metaIndexed notes that the index covers what was stored before there was one.
const metaIndexed = "cards_indexed"

// IndexCards fills the index of whose cards are whose, once in the life of a
// database: what is stored from then on is indexed with it. Interrupted, it begins
// anew. What is sealed must have been opened.
func (s *Store) IndexCards(ctx context.Context) error {
	if _, err := s.meta(ctx, metaIndexed); !errors.Is(err, ErrNotFound) {
		return err
	}
	rooms, err := all(ctx, s.db, s.scanRoom, `SELECT room_id, joined, seq, published, clock, info FROM rooms`)
	if err != nil {
		return fmt.Errorf("list rooms: %w", err)
	}
	for _, room := range rooms {
		cards, err := s.ItemsOf(ctx, room.ID, board.KindCard)
		if err != nil {
			return fmt.Errorf("read cards: %w", err)
		}
		var list []statement
		for _, card := range cards {
			list = append(list, indexCard(string(room.ID), room.Info.Direct, card)...)
		}
		if len(list) == 0 {
			continue
		}
		if _, err := s.db.write(ctx, list); err != nil {
			return fmt.Errorf("index cards: %w", err)
		}
	}
	_, err = s.db.write(ctx, []statement{{upsertMeta, []any{metaIndexed, "1"}}})
	return err
}
