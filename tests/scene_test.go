package tests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

// scene is a project room with Werkraum at work: Anna of the office, who founded it and
// has all power, and Mia of the partner, an ordinary member.
type scene struct {
	*house
	t    *testing.T
	room id.RoomID
	anna *person
	mia  *person
	// ahead is how far the program's clock may have been ahead of ours.
	ahead time.Duration
}

// newScene makes a room, with the bot as a moderator as its own help asks for, and waits
// until it has set everything up.
func newScene(t *testing.T, h *house) *scene {
	t.Helper()
	s := &scene{house: h, t: t, anna: newPerson(t, h.w.amt, "Anna"), mia: newPerson(t, h.w.partner, "Mia")}
	s.room = s.anna.found(s, "Projekt", s.mia.UserID)
	s.mia.join(s.room, h.w.amt.ServerName)
	// One after the other: where two servers let somebody in at the same moment, Dendrite
	// may leave the partner without the events of that moment.
	s.anna.await(s.room, "Mia's arrival", func(e *event.Event) bool {
		return e.Type == event.StateMember && e.GetStateKey() == s.mia.UserID.String() && e.Content.AsMember().Membership == event.MembershipJoin
	})
	s.anna.invite(s.room, h.Bot)
	s.ready(s.anna, s.mia)
	return s
}

// found makes an unencrypted room in which the bot may set everything up, and invites people.
func (p *person) found(s *scene, name string, invite ...id.UserID) id.RoomID {
	p.t.Helper()
	return p.create(s, &mautrix.ReqCreateRoom{Name: name}, invite...)
}

// create makes a room that the bot may set up. The power is given afterwards: how it would be
// given at once depends on the room version.
func (p *person) create(s *scene, how *mautrix.ReqCreateRoom, invite ...id.UserID) id.RoomID {
	p.t.Helper()
	how.Preset = "private_chat"
	made, err := p.Client.CreateRoom(p.t.Context(), how)
	if err != nil {
		p.t.Fatal(err)
	}
	p.empower(made.RoomID, s.Bot, 50)
	for _, user := range invite {
		p.invite(made.RoomID, user)
	}
	return made.RoomID
}

// empower gives somebody a power level.
func (p *person) empower(room id.RoomID, user id.UserID, level int) {
	p.t.Helper()
	p.power(room, func(levels object) {
		users, ok := levels["users"].(object)
		if !ok {
			users = object{}
			levels["users"] = users
		}
		users[user.String()] = level
	})
}

// ready waits until the widget is in the room, which is the last thing that the bot does
// when it settles in, and until everybody knows it.
func (s *scene) ready(everybody ...*person) {
	s.t.Helper()
	for _, p := range everybody {
		p.await(s.room, "the layout of the room", func(e *event.Event) bool {
			return e.Type.Type == "io.element.widgets.layout" && e.Sender == s.Bot
		})
	}
}

// page opens the board as somebody sees it beside the chat.
func (s *scene) page(p *person) *tab { return openTab(s.t, s.house, p.signIn(s.house, s.room)) }

// tab is an open page of a test.
type tab struct {
	*page.Page
	t *testing.T
}

// openTab opens a page and waits until all of the board is there.
func openTab(t *testing.T, h *house, session page.Session) *tab {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	opened, err := page.Open(ctx, h.URL, page.Options{Session: session.Token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	tb := &tab{opened, t}
	tb.await("all of the board", func(st *page.State) bool { return st.Complete || st.Bye != nil })
	tb.Look(func(st *page.State) {
		if st.Bye != nil {
			t.Fatalf("the page was refused: %+v", *st.Bye)
		}
	})
	return tb
}

// await waits until the page shows something.
func (p *tab) await(what string, ready func(*page.State) bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	if err := p.Await(ctx, what, ready); err != nil {
		p.t.Fatal(err)
	}
}

// try does something on the page and returns the refusal, nil if it was done.
func (p *tab) try(act string, args object) *page.Refusal {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	name, err := p.Do(ctx, act, args)
	if err == nil {
		_, err = p.Outcome(ctx, name)
	}
	if refusal, ok := errors.AsType[*page.Refusal](err); ok {
		return refusal
	}
	if err != nil {
		p.t.Fatalf("%s: %v", act, err)
	}
	return nil
}

// do does something on the page.
func (p *tab) do(act string, args object) {
	p.t.Helper()
	if refusal := p.try(act, args); refusal != nil {
		p.t.Fatalf("%s was refused: %v", act, refusal)
	}
}

// card waits until a card with that title is shown, and returns it.
func (p *tab) card(title string) (card page.Item) {
	p.t.Helper()
	p.await("the card "+title, func(s *page.State) (ok bool) { card, ok = s.CardTitled(title); return ok })
	return card
}

// column returns a column by its title.
func (p *tab) column(title string) (column page.Item) {
	p.t.Helper()
	p.await("the column "+title, func(s *page.State) bool {
		for _, c := range s.Columns() {
			if c.Text("title") == title {
				column = c
				return true
			}
		}
		return false
	})
	return column
}

// titles returns the titles of all cards.
func (p *tab) titles() map[string]int {
	titles := map[string]int{}
	p.Look(func(s *page.State) {
		for _, c := range s.Cards() {
			titles[c.Text("title")]++
		}
	})
	return titles
}

var items atomic.Int64

// newItem is an ID as a browser would choose one.
func newItem() string { return fmt.Sprintf("item%d-%d", time.Now().UnixNano(), items.Add(1)) }

// until repeats an attempt that may fail for a while.
func until(t *testing.T, what string, attempt func() error) {
	t.Helper()
	untilIn(t, patience, 250*time.Millisecond, what, attempt)
}

// untilIn is until with a limit and a rhythm of its own, for what takes longer and is more work
// to look at.
func untilIn(t *testing.T, limit, every time.Duration, what string, attempt func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	retry := time.NewTicker(every)
	defer retry.Stop()
	var said error
	for {
		err := attempt()
		if err == nil {
			return
		}
		if said == nil || !errors.Is(err, context.DeadlineExceeded) { // which tells nothing but that it is over
			said = err
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, said)
		case <-retry.C:
		}
	}
}

// has fails the test unless a text holds all of the parts.
func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the text lacks %q:\n%s", part, text)
		}
	}
}

// comments asks the server for a card's comments.
func (p *tab) comments(card string) []page.Comment {
	p.t.Helper()
	p.Look(func(s *page.State) { delete(s.Comments, card) })
	if err := p.AskComments(p.t.Context(), card); err != nil {
		p.t.Fatal(err)
	}
	var list []page.Comment
	p.await("the comments", func(s *page.State) (ok bool) { list, ok = s.Comments[card]; return ok })
	return list
}

func expect(got, want string) error {
	if got != want {
		return fmt.Errorf("got %q, want %q", got, want)
	}
	return nil
}

// refused fails the test unless an attempt is refused with that kind and a sentence.
func refused(t *testing.T, kind string, attempt func() error) {
	t.Helper()
	err := attempt()
	var refusal *page.Refusal
	if !errors.As(err, &refusal) || refusal.Kind != kind || refusal.Message == "" {
		t.Errorf("the answer is %v, want a refusal of the kind %s", err, kind)
	}
}

// difference compares two boards.
func difference(a, b map[string]page.Item) string { return cmp.Diff(a, b) }

// asRefusal returns the refusal in an error, nil if it is none.
func asRefusal(err error) *page.Refusal {
	if refusal, ok := errors.AsType[*page.Refusal](err); ok {
		return refusal
	}
	return nil
}

func contains(list []string, text string) bool { return slices.Contains(list, text) }

type counter = atomic.Int64
