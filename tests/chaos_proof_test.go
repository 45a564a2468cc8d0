package tests

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/tests/page"
)

// prove compares what was asked for with what there is: every command is answered exactly
// once, every change that a page was told is safe is there exactly once, two pages of two
// people and the database show the same, with all that was drawn, and the room's log gives it
// too.
func (c *chaos) prove() {
	c.t.Helper()
	c.mended()
	boards := map[*playground]map[string]page.Item{}
	for _, g := range []*playground{c.open, c.sealed} {
		g.settles()
		annas, mias := g.page(g.anna), g.page(g.mia)
		annas.whiteboard(g.canvas)
		mias.whiteboard(g.canvas)
		g.reproducedIn(chaosRecovery, chaosLook, annas, g.anna)
		g.reproducedIn(chaosRecovery, chaosLook, mias, g.mia) // what the partner has needs nobody's help
		same(c.t, annas, mias)
		g.holds(annas)
		boards[g] = itemsOf(annas)
	}
	for _, p := range c.sealed.people {
		c.sealed.sealedThroughout(p)
	}
	logged(c.t, c.Stop(c.t.Context()))
	db, err := store.Open(c.t.Context(), c.database, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { logged(c.t, db.Close()) }()
	for g, board := range boards {
		loaded, err := db.Load(c.t.Context(), g.room)
		if err != nil {
			c.t.Fatal(err)
		}
		if diff := difference(board, stored(loaded)); diff != "" {
			c.t.Errorf("a page (-) and the database (+):\n%s", diff)
		}
		if loaded.Published != loaded.Seq {
			c.t.Errorf("%d of %d changes are published", loaded.Published, loaded.Seq)
		}
	}
}

// stored is a room's work as it is in the database.
func stored(loaded *store.Loaded) map[string]page.Item {
	items := map[string]page.Item{}
	for _, it := range loaded.Items {
		plain := page.Item{ID: string(it.ID), Kind: string(it.Kind), Fields: map[string]any{}}
		for _, f := range it.Fields {
			var value any
			raw, _ := f.Value.MarshalJSON()
			if json.Unmarshal(raw, &value) == nil && value != nil {
				plain.Fields[f.Name] = value
			}
		}
		items[plain.Kind+"/"+plain.ID] = plain
	}
	return items
}

// settles waits until all commands are answered.
func (g *playground) settles() {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), chaosRecovery)
	defer cancel()
	for _, p := range g.people {
		if _, err := g.command(ctx, p, ""); err != nil {
			g.t.Fatal(err)
		}
	}
	quiet := time.Now()
	untilIn(g.t, chaosRecovery, chaosLook, "all commands to be answered", func() error {
		for _, p := range g.people {
			if err := p.heard.CatchUp(ctx); err != nil { // devices ask each other for keys
				return err
			}
		}
		answers := g.botMessages(g.anna) // reads the room, which is much by now
		g.found()
		var missing []string
		for event, command := range maps.Clone(g.commands) {
			if len(answers[event]) > 0 {
				continue
			}
			if time.Since(quiet) > passedOnWithin && !g.arrived(event) {
				g.t.Logf("%s has not passed on %q of %s, who types it again", command.by.UserID.Homeserver(), command.title, command.by.DisplayName)
				delete(g.commands, event) // should it come after all, found sees it
				if _, err := g.command(ctx, command.by, command.title); err != nil {
					return err
				}
			}
			missing = append(missing, command.title)
		}
		if len(missing) > 0 {
			return fmt.Errorf("%d of %d commands in %s have no answer: %q; %s cannot read %d of the bot's messages", len(missing), len(g.commands), g.room, missing, g.anna.DisplayName, g.unread())
		}
		return nil
	})
}

// passedOnWithin is how long the partner's homeserver may take, when all is well again. Dendrite
// that is killed may never pass on what it had taken: then its people get no answer, and ask again.
const passedOnWithin = time.Minute

// arrived reports whether somebody of the office sees an event. It is the bot's homeserver too:
// what they see there, the bot has to know.
func (g *playground) arrived(sent id.EventID) bool {
	return slices.ContainsFunc(g.anna.known[g.room], func(e *event.Event) bool { return e.ID == sent })
}

// unread counts the bot's messages to whose keys the reader has not come.
func (g *playground) unread() (n int) {
	for _, e := range g.anna.known[g.room] {
		if e.Sender == g.Bot && e.Type.Type == event.EventEncrypted.Type {
			n++
		}
	}
	return n
}

// found notes commands that a homeserver took and forgot that it had, when it was killed before
// it could say so: then it took the repetition for another message. They are commands like others.
func (g *playground) found() {
	g.t.Helper()
	by := map[id.UserID]*person{}
	for _, p := range g.people {
		by[p.UserID] = p
	}
	for _, e := range g.anna.known[g.room] {
		m := read(e)
		if e.Type != event.EventMessage || by[e.Sender] == nil {
			continue
		}
		if _, known := g.commands[e.ID]; !known && (m.Body == "!hilfe" || strings.HasPrefix(m.Body, "!karte neu ")) {
			g.commands[e.ID] = command{by[e.Sender], strings.TrimPrefix(strings.TrimPrefix(m.Body, "!hilfe"), "!karte neu ")}
		}
	}
}

// holds compares commands and changes with answers, cards and the log.
func (g *playground) holds(board *tab) {
	g.t.Helper()
	want := map[string]int{} // cards by title
	for event, answers := range g.botMessages(g.anna) {
		command, asked := g.commands[event]
		if !asked {
			continue
		}
		kind, real := 0, 0
		for _, m := range answers {
			if m.cannotRead() {
				kind++
			} else {
				real++
			}
		}
		if kind > 1 || real > 1 || kind+real == 0 {
			g.t.Errorf("%q of %s is answered %d times, and %d times with that it cannot be read; want once", command.title, command.by.DisplayName, real, kind)
			for _, m := range answers {
				g.t.Logf("%s is answered with %s: %.200s", event, m.ID, m.Body)
			}
		}
		if real == 0 {
			g.t.Errorf("%q of %s could not be read, and its key never came", command.title, command.by.DisplayName)
		}
		if command.title != "" {
			want[command.title]++
		}
	}
	for _, title := range g.safe {
		if title != "" {
			want[title]++
		}
	}
	titles := board.titles()
	for _, title := range slices.Sorted(maps.Keys(want)) {
		if titles[title] != want[title] {
			g.t.Errorf("there are %d cards %q, want %d", titles[title], title, want[title])
		}
	}
	for title, n := range titles {
		if want[title] == 0 {
			g.t.Errorf("there are %d cards %q, which nobody asked for", n, title)
		}
	}
	numbers, changes := map[string]int{}, map[string]int{}
	for _, it := range itemsOf(board) {
		if it.Kind == "card" {
			numbers[it.Text("number")]++
		}
	}
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		if numbers[n] != 1 {
			g.t.Errorf("the number %s was given %d times", n, numbers[n])
		}
	}
	for _, change := range g.changes(g.anna) {
		changes[string(change.ID)]++
	}
	for name := range g.safe {
		if changes[name] != 1 {
			g.t.Errorf("change %s was acknowledged and is %d times in the room's log", name, changes[name])
		}
	}
	drawn := map[string]int{}
	for _, it := range itemsOf(board) {
		if element, on := strings.CutPrefix(it.ID, g.canvas+"-"); on && it.Kind == "element" {
			drawn[element]++
		}
	}
	for _, element := range g.strokes {
		if drawn[element] != 1 {
			g.t.Errorf("the stroke %s was acknowledged and is %d times on the whiteboard", element, drawn[element])
		}
	}
	if len(drawn) != len(g.strokes) {
		g.t.Errorf("%d strokes are on the whiteboard, %d were acknowledged", len(drawn), len(g.strokes))
	}
	for name, n := range changes {
		if n != 1 {
			g.t.Errorf("change %s is %d times in the room's log", name, n)
		}
	}
}
