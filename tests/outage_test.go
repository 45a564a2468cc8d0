package tests

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
)

// While Werkraum is down people go on. When it is back it does all that it was asked to,
// once and in the order in which the homeserver tells it, however long that was.
func TestCatchesUpAfterDowntime(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, pausing))
		root := s.anna.ask(s.room, "!karte neu Vor der Pause").ID
		board := s.page(s.mia)
		card := board.card("Vor der Pause").ID
		board.await("the card's message", func(st pageState) bool { return st.Items["card/"+card].Text("message") != "" })
		comment := s.anna.sayIn(s.room, root, "Wird zurückgezogen.")
		board.await("the comment", func(st pageState) bool { return st.Counts[card] == 1 })
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		board.await("the goodbye", func(st pageState) bool { return st.Bye != nil })
		board.Look(func(st pageState) {
			if st.Bye.Reason != "restart" {
				t.Errorf("goodbye = %+v, want restart, on which a page comes back by itself", *st.Bye)
			}
		})

		var asked []id.EventID
		for n := range 12 {
			asked = append(asked, s.anna.say(s.room, fmt.Sprintf("!karte neu In der Pause %d", n)))
		}
		// A removal that a busy conversation pushes out of what a homeserver tells at once.
		s.anna.redact(s.room, comment)
		for n := range 110 {
			s.anna.say(s.room, fmt.Sprintf("Es wird weiter geredet: %d", n))
		}
		source := s.anna.say(s.room, "Eine Nachricht aus der Pause")
		s.anna.react(s.room, source, "📌")
		gone := s.anna.say(s.room, "!karte neu Und noch eine")
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.anna.answer(s.room, gone)
		var answers map[id.EventID][]message
		until(t, "all answers", func() error {
			answers = s.botMessages(s.anna)
			for n, e := range asked {
				if len(answers[e]) == 0 {
					return fmt.Errorf("command %d has none", n)
				}
			}
			return nil
		})
		var order []string
		for n, e := range asked {
			if len(answers[e]) != 1 {
				t.Errorf("command %d was answered %d times, want once", n, len(answers[e]))
				continue
			}
			number, _, ok := strings.Cut(strings.TrimPrefix(answers[e][0].Body, "📋 #"), fmt.Sprintf(" In der Pause %d\n", n))
			if !ok {
				t.Errorf("command %d is answered with %s", n, answers[e][0].Body)
			}
			order = append(order, number)
		}
		if w.kind == homeserver.Dendrite {
			// What it could not push it may push again behind what was said next, before a sync has told
			// the program anything.
			slices.SortFunc(order, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
		}
		if got, want := strings.Join(order, " "), "2 3 4 5 6 7 8 9 10 11 12 13"; got != want {
			t.Errorf("the cards have the numbers %s, want %s", got, want)
		}
		board = s.page(s.mia)
		board.card("Eine Nachricht aus der Pause")
		until(t, "the comment to be gone", func() error {
			if list := board.comments(card); len(list) > 0 {
				return fmt.Errorf("there are %d comments", len(list))
			}
			return nil
		})
	})
}

// The homeserver dies in the middle of everything and comes back: what it has accepted is
// done, and done once. Synapse forgets what it was about to push.
func TestHomeserverDies(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds(t) {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := ownWorld(t, kind)
			s := newScene(t, w.house(t, usual))
			board := s.page(s.anna)
			var asked []id.EventID
			for n := range 24 {
				if n%8 == 4 {
					if err := w.amt.Kill(); err != nil {
						t.Fatal(err)
					}
					// The page does not need the homeserver.
					board.do("card.add", object{"card": newItem(), "title": fmt.Sprintf("Ohne Homeserver %d", n)})
					if err := w.amt.Restart(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				asked = append(asked, s.anna.insist(s.room, fmt.Sprintf("!karte neu Befehl %d", n)))
			}
			last := s.anna.insist(s.room, "!karte liste")
			// The longer the homeserver was away, the longer it is until it is asked again.
			untilIn(t, patience, time.Second, "all answers", func() error {
				answers := s.botMessages(s.anna)
				for n, e := range append(asked, last) {
					if len(answers[e]) == 0 {
						return fmt.Errorf("command %d has no answer", n)
					}
				}
				return nil
			})
			answers := s.botMessages(s.anna)
			for n := range asked { // the page is told by another way than the room
				board.card(fmt.Sprintf("Befehl %d", n))
			}
			titles := board.titles()
			for n, e := range asked {
				if cards := titles[fmt.Sprintf("Befehl %d", n)]; cards != 1 {
					t.Errorf("command %d made %d cards, want one", n, cards)
				}
				if len(answers[e]) != 1 {
					t.Errorf("command %d was answered %d times, want once", n, len(answers[e]))
				}
			}
			s.reproducedIn(patience, time.Second, board, s.anna)
		})
	}
}

// ownWorld starts homeservers that belong to one test.
func ownWorld(t *testing.T, kind homeserver.Kind) *world {
	t.Helper()
	shared.mu.Lock()
	w := shared.newWorld(t.Context(), kind)
	shared.mu.Unlock()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.close(ctx); err != nil {
			t.Error(err)
		}
	})
	if w.err != nil {
		t.Fatal(w.err)
	}
	return w
}

// insist types a message and repeats it, with the same transaction ID, until the homeserver
// has taken it.
func (p *person) insist(room id.RoomID, text string) (sent id.EventID) {
	p.t.Helper()
	txn := newItem()
	until(p.t, "sending "+text, func() (err error) {
		sent, err = p.send(p.t.Context(), room, txn, text)
		return err
	})
	return sent
}

func (p *person) send(ctx context.Context, room id.RoomID, txn, text string) (id.EventID, error) {
	content := object{"msgtype": "m.text", "body": text}
	resp, err := p.Client.SendMessageEvent(ctx, room, event.EventMessage, content, mautrix.ReqSendEvent{TransactionID: txn})
	if err != nil {
		return "", err
	}
	if resp.EventID == "" {
		return "", errors.New("the homeserver gave no event ID")
	}
	return resp.EventID, nil
}
