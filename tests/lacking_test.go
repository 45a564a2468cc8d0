package tests

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/tests/page"
)

// extensions are the lines of a registration that have a homeserver pass keys on.
var extensions = regexp.MustCompile(`(?m)^(de\.sorunome\.msc2409\.push_ephemeral|receive_ephemeral|push_ephemeral|org\.matrix\.msc3202|io\.element\.msc4190).*\n`)

// withoutExtensions rewrites the registration as an earlier version wrote it.
func (h *house) withoutExtensions() error {
	text, err := os.ReadFile(h.Registration)
	if err != nil {
		return err
	}
	if err := os.WriteFile(h.Registration+".complete", text, 0o600); err != nil {
		return err
	}
	return os.WriteFile(h.Registration, extensions.ReplaceAll(text, nil), 0o600)
}

// Where the homeserver passes no keys on, the bot says once in an encrypted room that it
// cannot work there, in both languages, and sends not one word of plain text about
// anybody's work; pages are closed. When keys begin to come, it begins to work there.
func TestHomeserverThatPassesNoKeysOn(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds(t) {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := ownWorld(t, kind)
			h := w.house(t, lacking)
			anna := newSealedPerson(t, w.amt, "Anna")
			born := &scene{house: h, t: t, anna: anna}
			born.room = anna.create(born, &mautrix.ReqCreateRoom{Name: "Verschlossen", InitialState: []*event.Event{
				{Type: event.StateEncryption, Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}}},
			}}, h.Bot)
			born.silent()
			refused(t, "forbidden", func() error {
				_, err := page.SignInOpenID(t.Context(), h.URL, born.room, anna.openID())
				return err
			})

			turned := &scene{house: h, t: t, anna: anna}
			turned.room = anna.found(turned, "Projekt", h.Bot)
			turned.ready(anna)
			anna.ask(turned.room, "!karte neu Davor")
			board := turned.page(anna)
			anna.setState(turned.room, "m.room.encryption", "", object{"algorithm": "m.megolm.v1.aes-sha2"})
			board.await("the goodbye", func(st pageState) bool { return st.Bye != nil })
			notice := turned.silent()
			after := false
			for _, e := range anna.timeline(turned.room) {
				if e.ID == notice.ID {
					after = true
				} else if after && e.Sender == h.Bot {
					t.Errorf("the bot sent %s after its last word: %s", e.Type.Type, e.Content.VeryRaw)
				}
			}

			if kind == homeserver.Dendrite {
				if err := h.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
				set := h.set
				set.More = maps.Clone(set.More)
				delete(set.More, "homeserver")
				if err := h.Configure(set); err != nil {
					t.Fatal(err)
				}
				if err := h.Start(t.Context()); err != nil {
					t.Fatal(err)
				}
			} else {
				if err := os.Rename(h.Registration+".complete", h.Registration); err != nil {
					t.Fatal(err)
				}
				if err := w.amt.Restart(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for _, s := range []*scene{born, turned} {
				anna.await(s.room, "the bot to begin", func(e *event.Event) bool {
					return e.Sender == h.Bot && e.Type == event.EventMessage && wasEncrypted(e)
				})
				s.knowsDevices(anna)
				has(t, anna.ask(s.room, "!karte neu Endlich").Body, "Endlich")
			}
			has(t, anna.ask(turned.room, "!karte liste").Body, "Davor")
		})
	}
}

// silent waits for the notice about encryption, has people say things that the bot would
// answer elsewhere, and fails the test if anything comes of it.
func (s *scene) silent() message {
	s.t.Helper()
	isNotice := func(m message) bool { return m.Sender == s.Bot && strings.Contains(m.Body, "verschlüsselt") }
	notice := s.anna.hears(s.room, "the notice about encryption", isNotice)
	has(s.t, notice.Body, "encrypted") // nothing is known of the room, so it is said in both languages
	asked := s.anna.say(s.room, "!karte neu Nicht hier")
	s.anna.react(s.room, asked, "📌")
	s.anna.sayIn(s.room, notice.ID, "!hilfe")
	s.anna.setState(s.room, "m.room.name", "", object{"name": "Ein anderer Name"}) // has the bot read the state anew
	s.anna.setState(s.room, "m.room.topic", "", object{"topic": "Verschlüsseltes"})

	// In a second room the bot answers; the events above came before.
	other := &scene{house: s.house, t: s.t, anna: s.anna}
	other.room = s.anna.found(other, "Nebenan", s.Bot)
	other.ready(s.anna)
	s.anna.ask(other.room, "!karte liste")

	notices := 0
	for _, e := range s.anna.timeline(s.room) {
		if e.Sender != s.Bot || e.Type == event.StateMember {
			continue
		}
		switch m := read(e); {
		case isNotice(m):
			notices++
		case m.Relates.ReplyTo.Event == asked || strings.Contains(string(e.Content.VeryRaw), "Nicht hier"):
			s.t.Errorf("the bot sent %s about what was said in the encrypted room: %s", e.Type.Type, e.Content.VeryRaw)
		}
	}
	if notices != 1 {
		s.t.Errorf("the bot spoke of the encryption %d times, want once", notices)
	}
	return notice
}
