package appservice

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/pace"
)

// lookingAround bounds how often one person has all of their rooms looked through.
var lookingAround = pace.Limit{Most: 30, Per: time.Minute}

// WorkOf gathers what is a person's own in all of their rooms: open cards that are
// assigned to them, their to-dos, and what is nobody's and due soon. Whether they may
// see it is judged now, room by room, as it is when they open the room's page; a room
// that is closed to all, or was replaced, has nothing for them. Only rooms and cards
// are read that the index names (store/assigned.go).
func (s *Service) WorkOf(ctx context.Context, user id.UserID) (mine.Work, error) {
	rooms, err := s.store.RoomsWithCardsOf(ctx, user)
	if err != nil {
		return mine.Work{}, fmt.Errorf("list a person's rooms: %w", err)
	}
	g := gathering{Service: s, user: user, today: s.now().In(s.Zone)}
	for _, room := range rooms {
		if !s.sees(user, room) {
			continue
		}
		if err := g.look(ctx, room); err != nil {
			return mine.Work{}, fmt.Errorf("look for a person's cards: %w", err)
		}
	}
	work, err := g.read(ctx)
	if err != nil {
		return work, fmt.Errorf("read a person's cards: %w", err)
	}
	work.Sort()
	return work, nil
}

// gathering is the way to a person's work: first what the index has of it, in all
// rooms, then the cards of which there is the most need.
type gathering struct {
	*Service
	user  id.UserID
	today time.Time
	work  mine.Work
	found []indexed
	soon  []indexed
}

// indexed is a card that was found.
type indexed struct {
	store.IndexedCard
	room *store.Room
	open map[workspace.ItemID]string // titles of its room's columns, by ID
}

func (g *gathering) look(ctx context.Context, room store.Room) error {
	items, err := g.store.ItemsOf(ctx, room.ID, board.KindsOfPlaces()...)
	if err != nil {
		return err
	}
	open := board.OpenColumns(items)
	columns := slices.Sorted(maps.Keys(open))
	cards, err := g.store.CardsOf(ctx, g.user, room.ID, columns, mine.MaxEach+1)
	if err != nil {
		return err
	}
	if len(cards) > mine.MaxEach {
		cards, g.work.More = cards[:mine.MaxEach], true
	}
	soon, err := g.store.UnclaimedCards(ctx, room.ID, columns, g.today, g.today.AddDate(0, 0, mine.SoonDays), mine.MaxSoon)
	if err != nil {
		return err
	}
	for _, c := range cards {
		g.found = append(g.found, indexed{c, &room, open})
	}
	for _, c := range soon {
		g.soon = append(g.soon, indexed{c, &room, open})
	}
	g.work.Secret = g.work.Secret || len(cards)+len(soon) > 0 && (room.Info.Encrypted || g.isSecret(room.ID))
	return nil
}

// first is the part of a list that is due first.
func first(list []indexed, most int) []indexed {
	slices.SortStableFunc(list, func(a, b indexed) int {
		if (a.Due == "") != (b.Due == "") {
			return cmp.Compare(b.Due, a.Due) // no day comes last
		}
		return cmp.Compare(a.Due, b.Due)
	})
	return list[:min(len(list), most)]
}

func (g *gathering) read(ctx context.Context) (mine.Work, error) {
	g.work.More = g.work.More || len(g.found) > mine.MaxCards
	for _, part := range []struct {
		list []indexed
		to   *[]mine.Card
	}{{first(g.found, mine.MaxCards), &g.work.Cards}, {first(g.soon, mine.MaxSoon), &g.work.Soon}} {
		byRoom := map[*store.Room][]indexed{}
		for _, c := range part.list {
			byRoom[c.room] = append(byRoom[c.room], c)
		}
		for room, list := range byRoom {
			names := make([]workspace.ItemID, len(list))
			for i, c := range list {
				names[i] = c.Card
			}
			items, err := g.store.CardItems(ctx, room.ID, names)
			if err != nil {
				return g.work, err
			}
			for _, it := range items {
				*part.to = append(*part.to, mine.Card{
					Item: it, Room: room.ID, Place: room.Info.Name, Column: list[0].open[workspace.ItemID(it.Text(board.Column))], Own: room.Info.Direct != "",
				})
			}
		}
	}
	return g.work, nil
}

// sees reports whether a person whom the homeserver counts among a room's members may
// look at its work now.
func (s *Service) sees(user id.UserID, row store.Room) bool {
	if !s.works(row) {
		return false
	}
	m := &roomMemory{row: row, room: workspace.NewRoom(row.ID, string(s.bot), row.Clock)}
	m.applyInfo()
	m.room.Members[user] = m.admit(s.Federation, user, workspace.Member{Membership: workspace.Joined})
	return m.room.May(user, workspace.Look) == nil
}

// workFor is WorkOf for somebody who asks for it by a command; who does so again and
// again has to wait.
func (w *worker) workFor(st *step, user id.UserID) (mine.Work, error) {
	if w.around.Take(string(user), st.now) != pace.Allowed {
		return mine.Work{}, workspace.Refuse(workspace.RateLimited, bots.AskedAgain)
	}
	return w.WorkOf(st.ctx, user)
}

// furnishList gives a direct chat the columns of a list of to-dos, when its owner first
// has one made.
func (w *worker) furnishList(st *step, by id.UserID) {
	if w.room.Owner == "" || w.room.May(by, "card.add") != nil {
		return
	}
	ops := w.board.FurnishList(w.room.Language)
	if ops == nil {
		return
	}
	_, err := w.propose(st, workspace.Proposal{ID: changeID("furnish", string(w.id)), By: w.bot, Via: workspace.ViaBot, Ops: ops})
	if err != nil {
		w.log.Error().Err(err).Stringer("room_id", w.id).Msg("Could not set up a list of to-dos")
	}
}

// whisper says something to the sender of an event where only they read it.
func (w *worker) whisper(st *step, t *bots.Turn) {
	w.queue(st, store.Outgoing{
		TxnID: causedID("whisper", string(t.Event.ID)), Task: store.TaskDirect, User: t.Event.Sender,
		Content: rawJSON(newNotice(*t.Whisper)), Secret: t.Secret,
	})
}
