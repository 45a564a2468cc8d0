package appservice

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
	"werkraum/workspace/export"
	"werkraum/workspace/ics"
	"werkraum/workspace/pace"
)

const (
	tokenBytes = 32
	// maxEntries bounds what a calendar holds, of each room and together.
	maxEntriesEach, maxEntries = 500, 2000
)

// askingForCalendars bounds how often one calendar is asked for. Programs do it every
// few minutes at most.
var askingForCalendars = pace.Limit{Most: 60, Per: time.Hour}

// answerCalendar carries out !calendar.
func (w *worker) answerCalendar(st *step, t *bots.Turn) error {
	feed := store.Feed{User: t.Event.Sender, Room: w.id, Board: t.CalendarBoard}
	own := w.row.Info.Direct != ""
	if own {
		feed.Room = ""
	}
	if t.Calendar == bots.EndCalendar {
		st.Feeds = append(st.Feeds, feed)
		return nil
	}
	secret := w.room.Encrypted || w.isSecret(w.id)
	if own { // it opens what is in encrypted rooms too
		rooms, err := w.store.RoomsOf(st.ctx, feed.User)
		if err != nil {
			return fmt.Errorf("list a person's rooms: %w", err)
		}
		secret = secret || slices.ContainsFunc(rooms, func(r store.Room) bool { return r.Info.Encrypted || w.isSecret(r.ID) })
	}
	random := make([]byte, tokenBytes)
	_, _ = rand.Read(random) // never fails
	token := base64.RawURLEncoding.EncodeToString(random)
	feed.Hash = HashToken(token)
	st.Feeds = append(st.Feeds, feed)
	address := w.PublicURL + "/api/v1/calendar/" + token
	link := bots.CalendarLink{Room: w.room.Name, Own: own, Events: address + ".ics", Todos: address + "/todos.ics"}
	if feed.Board != "" {
		link.Board = w.board.TitleOf(feed.Board, w.room.Language)
	}
	m := bots.CalendarMessage(w.room.Language, link)
	w.queue(st, store.Outgoing{
		TxnID: causedID("calendar", string(t.Event.ID)), Task: store.TaskDirect, User: feed.User,
		Content: rawJSON(newNotice(m)), Secret: secret,
	})
	return nil
}

var (
	noSuchCalendar = workspace.Text{
		De: "Diesen Kalender gibt es nicht (mehr). Schreiben Sie Werkraum `!kalender` für einen neuen Link.",
		En: "There is no such calendar (any more). Write `!calendar` to Werkraum for a new link.",
	}
	calendarTooOften = workspace.Text{
		De: "Dieser Kalender wird zu oft abgefragt. Bitte stellen Sie im Kalenderprogramm einen größeren Abstand ein.",
		En: "This calendar is asked for too often. Please choose a longer interval in your calendar program.",
	}
)

// Calendar is the private calendar that a token opens, as iCalendar has it, and the
// mark of its state; with the mark known already the text is "". With todos the cards are
// to-dos, without they are events. Whether the person may see what is in it is judged now,
// room by room.
func (s *Service) Calendar(ctx context.Context, token string, todos bool, known string) (text, mark string, err error) {
	hash := HashToken(token)
	feed, err := s.store.FeedBy(ctx, hash)
	if errors.Is(err, store.ErrNotFound) {
		return "", "", workspace.Refuse(workspace.NotFound, noSuchCalendar)
	}
	if err != nil {
		return "", "", fmt.Errorf("read calendar: %w", err)
	}
	if s.calendars.Take(hash, s.now()) != pace.Allowed {
		return "", "", workspace.Refuse(workspace.RateLimited, calendarTooOften)
	}
	rooms, err := s.store.RoomsOf(ctx, feed.User)
	if err != nil {
		return "", "", fmt.Errorf("list a person's rooms: %w", err)
	}
	rooms = slices.DeleteFunc(rooms, func(r store.Room) bool { return feed.Room != "" && r.ID != feed.Room || !s.sees(feed.User, r) })
	if len(rooms) == 0 && feed.Room != "" {
		return "", "", workspace.Refuse(workspace.NotFound, noSuchCalendar)
	}
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%s %t", hash, todos)
	for _, r := range rooms {
		_, _ = fmt.Fprintf(sum, "\x00%s %d %d %s %s", r.ID, r.Seq, r.Info.Edition, r.Info.Language, r.Info.Name)
	}
	if mark = hex.EncodeToString(sum.Sum(nil)[:16]); mark == known {
		return "", mark, nil
	}
	c := calendar{Service: s, feed: feed, todos: todos}
	text, err = c.write(ctx, rooms)
	return text, mark, err
}

// calendar is a private calendar while it is written.
type calendar struct {
	*Service
	feed    store.Feed
	todos   bool
	out     *ics.Writer
	entries int
}

func (c *calendar) write(ctx context.Context, rooms []store.Room) (string, error) {
	places := make([][]*workspace.Item, len(rooms))
	for i, room := range rooms {
		var err error
		if places[i], err = c.store.ItemsOf(ctx, room.ID, board.KindsOfPlaces()...); err != nil {
			return "", fmt.Errorf("read columns for a calendar: %w", err)
		}
	}
	name := "Werkraum"
	if c.feed.Room != "" {
		name = cmp.Or(rooms[0].Info.Name, name)
		if c.feed.Board != "" {
			name += " – " + board.TitleAmong(places[0], c.feed.Board, rooms[0].Info.Language)
		}
	}
	c.out = ics.New(name)
	c.out.Raw("METHOD", "PUBLISH")
	c.out.Raw("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	c.out.Raw("X-PUBLISHED-TTL", "PT1H")
	for i, room := range rooms {
		cards, err := c.cards(ctx, room, places[i])
		if err != nil {
			return "", fmt.Errorf("read cards for a calendar: %w", err)
		}
		for _, card := range cards {
			if c.entries++; c.entries > maxEntries {
				return c.out.String(), nil
			}
			c.entry(room, card)
		}
	}
	return c.out.String(), nil
}

// cards are those of a room that are not done: all of it or of one board, or the person's
// own. An event has a day, a to-do need not.
func (c *calendar) cards(ctx context.Context, room store.Room, places []*workspace.Item) (cards []*workspace.Item, err error) {
	open := board.OpenColumns(places)
	if c.feed.Board != "" {
		for _, it := range places {
			if it.Kind == board.KindColumn && board.Of(it) != c.feed.Board {
				delete(open, it.ID)
			}
		}
	}
	shows := func(due string) bool { return c.todos || due != "" }
	if c.feed.Room != "" {
		cards, err = c.store.ItemsOf(ctx, room.ID, board.KindCard)
	} else {
		var found []store.IndexedCard
		if found, err = c.store.CardsOf(ctx, c.feed.User, room.ID, slices.Sorted(maps.Keys(open)), maxEntriesEach); err != nil {
			return nil, err
		}
		var names []workspace.ItemID
		for _, card := range found {
			if shows(card.Due) {
				names = append(names, card.Card)
			}
		}
		cards, err = c.store.CardItems(ctx, room.ID, names)
	}
	cards = slices.DeleteFunc(cards, func(card *workspace.Item) bool {
		_, ok := open[workspace.ItemID(card.Text(board.Column))]
		return !ok || !shows(card.Text(board.Due)) || card.Deleted() || card.True(board.Archived)
	})
	const undated = "9999-99" // after all days
	slices.SortFunc(cards, func(x, y *workspace.Item) int {
		return cmp.Or(strings.Compare(cmp.Or(x.Text(board.Due), undated), cmp.Or(y.Text(board.Due), undated)), strings.Compare(string(x.ID), string(y.ID)))
	})
	return cards[:min(len(cards), maxEntriesEach)], err
}

// entry writes a card as an event of whole days, from its start to the day it is due, or
// as a to-do.
func (c *calendar) entry(room store.Room, card *workspace.Item) {
	title := "#" + card.Text(board.Number) + " " + card.Text(board.Title)
	if c.todos {
		export.Todo{Room: room.ID, Card: card, Title: title, At: export.Changed(card)}.Begin(c.out)
	} else {
		c.event(room.ID, card, title)
	}
	if room.Info.Name != "" {
		c.out.Text("LOCATION", room.Info.Name)
	}
	c.out.Raw("URL", roomLink(room.ID))
	c.out.End()
}

func (c *calendar) event(room id.RoomID, card *workspace.Item, title string) {
	due, start := card.Text(board.Due), card.Text(board.Start)
	if start == "" || start > due {
		start = due
	}
	place := sha256.Sum256([]byte(room))
	c.out.Begin("VEVENT")
	c.out.Raw("UID", string(card.ID)+"."+hex.EncodeToString(place[:8])+"@werkraum")
	c.out.Time("DTSTAMP", export.Changed(card))
	c.out.Date("DTSTART", start)
	c.out.Date("DTEND", agenda.AddDays(due, 1))
	c.out.Text("SUMMARY", title)
	if text := card.Text(board.Description); text != "" {
		c.out.Text("DESCRIPTION", text)
	}
	for _, label := range board.Labels(card) {
		c.out.Text("CATEGORIES", label)
	}
	c.out.Raw("TRANSP", "TRANSPARENT") // nobody is busy because of it
}

func roomLink(room id.RoomID) string { return "https://matrix.to/#/" + string(room) }
