package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"bytes"
	"compress/gzip"
	"io"
	"werkraum/tests/page"
	"werkraum/workspace"
)

// The room is the backup: the de.werkraum.change events in its timeline, merged by nobody
// but the reader, give the very board that people see.
func TestTimelineHoldsTheBoard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		annas, mias := s.page(s.anna), s.page(s.mia)
		var names []string
		for n := range 30 {
			name := newItem()
			names = append(names, name)
			mias.do("card.add", object{"card": name, "title": fmt.Sprintf("Karte %d", n), "description": strings.Repeat("Ausführlich. ", 40)})
		}
		s.anna.ask(s.room, "!karte ändern 3 Drei")
		s.mia.ask(s.room, "!karte fertig 4 5 6")
		source := s.mia.say(s.room, "Aus einer Nachricht")
		s.anna.await(s.room, "Mia's message", func(e *event.Event) bool { return e.ID == source })
		s.anna.react(s.room, source, "📌")
		annas.card("Aus einer Nachricht")
		annas.do("card.delete", object{"card": names[7]})
		annas.do("card.delete", object{"card": names[8]})
		annas.do("undo", nil)
		// Large enough that one event cannot hold all of it.
		for _, name := range names[10:16] {
			mias.do("card.edit", object{"card": name, "description": strings.Repeat("x", 16000)})
		}
		annas.do("column.add", object{"column": newItem(), "title": "Neue Spalte", "before": nil})
		s.reproduced(annas, s.anna)
		s.reproduced(annas, s.mia) // the partner's server has it as well: it needs nobody's help to go on
		for _, e := range s.anna.timeline(s.room) {
			if e.Type.Type == workspace.ChangeEvent && len(e.Content.VeryRaw) > 48<<10 {
				t.Errorf("an event of %d bytes, want at most 48 KiB", len(e.Content.VeryRaw))
			}
		}
	})
}

// While the bot may not publish, nothing of the log is lost: it asks for the right, and the
// room has everything once it has it.
func TestWhatCouldNotBePublishedFollows(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		s.anna.ask(s.room, "!karte neu Vorher")
		// What is published in the moment in which the rights change, Dendrite takes and shows nobody.
		board.await("the card to know its message", func(st pageState) bool {
			card, ok := st.CardTitled("Vorher")
			return ok && card.Text("message") != ""
		})
		s.reproduced(board, s.anna)
		s.anna.power(s.room, func(levels object) {
			events, ok := levels["events"].(object)
			if !ok {
				events = object{}
				levels["events"] = events
			}
			events[workspace.ChangeEvent] = 100
		})
		s.anna.hears(s.room, "the request for the right", func(m message) bool {
			return m.Sender == s.Bot && strings.Contains(m.Body, workspace.ChangeEvent)
		})
		known := len(s.changes(s.anna))
		s.anna.ask(s.room, "!karte neu Dazwischen")
		until(t, "the homeserver to refuse what is published", s.publishingRefused)
		s.anna.ask(s.room, "!karte fertig 1")
		if now := len(s.changes(s.anna)); now != known {
			t.Fatalf("the room's log grew from %d to %d changes although the bot may not publish", known, now)
		}
		s.anna.empower(s.room, s.Bot, 100)
		s.reproduced(board, s.anna)
		s.anna.ask(s.room, "!karte neu Nachher")
		s.reproduced(board, s.anna)
	})
}

// publishingRefused returns nil once the operator can read that the homeserver has refused a
// part of this room's log; the metrics are those of all rooms.
func (s *scene) publishingRefused() error {
	file, err := os.Open(s.Log)
	if err != nil {
		return err
	}
	defer file.Close()
	for lines := json.NewDecoder(file); ; {
		var line struct {
			Room  id.RoomID `json:"room_id"`
			Event string    `json:"event_type"`
		}
		if err := lines.Decode(&line); err != nil {
			return fmt.Errorf("the log says nothing of it: %w", err)
		}
		if line.Room == s.room && line.Event == workspace.ChangeEvent {
			return nil
		}
	}
}

// reproduced waits until the timeline, as somebody reads it, gives the board that a page
// shows. Publishing follows a moment later, and so does tying cards to their messages.
func (s *scene) reproduced(p *tab, reader *person) {
	s.t.Helper()
	s.reproducedIn(patience, 250*time.Millisecond, p, reader)
}

// reproducedIn is reproduced with untilIn.
func (s *scene) reproducedIn(limit, every time.Duration, p *tab, reader *person) {
	s.t.Helper()
	untilIn(s.t, limit, every, "the timeline to hold the board", func() error {
		if diff := difference(itemsOf(p), s.rebuild(reader)); diff != "" {
			return fmt.Errorf("the board (-) and what the timeline holds (+):\n%s", diff)
		}
		return nil
	})
}

// changes are the changes that somebody reads in the room's timeline.
func (s *scene) changes(reader *person) []workspace.Change {
	s.t.Helper()
	var list []workspace.Change
	for _, e := range reader.timeline(s.room) {
		if e.Type.Type != workspace.ChangeEvent || e.Sender != s.Bot {
			continue
		}
		var content struct {
			Version int                `json:"version"`
			Changes []workspace.Change `json:"changes"`
		}
		if err := json.Unmarshal(reader.unpacked(e), &content); err != nil || content.Version != 1 {
			s.t.Fatalf("change event %s: version %d, %v", e.ID, content.Version, err)
		}
		list = append(list, content.Changes...)
	}
	return list
}

// rebuild makes the board of the timeline: last writer wins, by stamp.
func (s *scene) rebuild(reader *person) map[string]page.Item {
	s.t.Helper()
	changes := s.changes(reader)
	for _, c := range changes {
		if c.At.Origin != s.Bot.String() || c.At.Wall().After(time.Now().Add(time.Minute+s.ahead)) {
			s.t.Errorf("change %s is stamped %s", c.ID, c.At)
		}
	}
	return rebuildOf(changes, workspace.Renaming{})
}

// rebuildOf merges changes, in which a person may be renamed.
func rebuildOf(changes []workspace.Change, r workspace.Renaming) map[string]page.Item {
	type register struct {
		at    workspace.Stamp
		value workspace.Value
	}
	registers := map[workspace.Key]map[string]register{}
	for _, c := range changes {
		c, _ = r.Change(c)
		for _, op := range c.Ops {
			if registers[op.Key()] == nil {
				registers[op.Key()] = map[string]register{}
			}
			for name, value := range op.Set {
				if old, known := registers[op.Key()][name]; !known || c.At.Compare(old.at) > 0 {
					registers[op.Key()][name] = register{c.At, value}
				}
			}
		}
	}
	items := map[string]page.Item{}
	for key, fields := range registers {
		it := page.Item{ID: string(key.ID), Kind: string(key.Kind), Fields: map[string]any{}}
		for name, r := range fields {
			var plain any
			raw, _ := r.value.MarshalJSON()
			if json.Unmarshal(raw, &plain) == nil && plain != nil {
				it.Fields[name] = plain
			}
		}
		items[it.Kind+"/"+it.ID] = it
	}
	return items
}

// botMessages are the messages of the bot that a person reads, without edits.
func (s *scene) botMessages(reader *person) map[id.EventID][]message {
	s.t.Helper()
	answers := map[id.EventID][]message{}
	for _, e := range reader.timeline(s.room) {
		if m := read(e); e.Type == event.EventMessage && e.Sender == s.Bot && m.Relates.Type != "m.replace" {
			answers[m.Relates.ReplyTo.Event] = append(answers[m.Relates.ReplyTo.Event], m)
		}
	}
	return answers
}

// unpacked is the content of an event, fetched from where it is if it was too large for one.
func (p *person) unpacked(e *event.Event) []byte {
	p.t.Helper()
	var content struct {
		Bulk *struct {
			URL  id.ContentURIString
			File *event.EncryptedFileInfo
		}
	}
	if json.Unmarshal(e.Content.VeryRaw, &content) != nil || content.Bulk == nil {
		return e.Content.VeryRaw
	}
	address := content.Bulk.URL
	if content.Bulk.File != nil {
		address = content.Bulk.File.URL
	}
	data, err := p.Client.DownloadBytes(p.t.Context(), address.ParseOrIgnore())
	if err == nil && content.Bulk.File != nil {
		err = content.Bulk.File.DecryptInPlace(data)
	}
	if err != nil {
		p.t.Fatalf("the content of %s: %v", e.ID, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		p.t.Fatalf("the content of %s is not compressed: %v", e.ID, err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		p.t.Fatal(err)
	}
	return plain
}
