package tests

import (
	"fmt"
	"strings"
	"testing"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// German and English commands work at all times; each is answered once, in the room's
// language, beside the question or in the thread that it was asked in.
func TestCommandsAreAnsweredOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		asked := map[string]id.EventID{}
		say := func(p *person, text string) message {
			t.Helper()
			asked[text] = p.say(s.room, text)
			return s.anna.answer(s.room, asked[text])
		}
		has(t, say(s.anna, "!karte neu Angebot einholen fällig 24.12.2030 #vergabe").Body, "#1", "Angebot einholen", "24. Dezember 2030", "#vergabe")
		has(t, say(s.mia, "!card add Check the contract").Body, "#2", "Check the contract", "Spalte")
		has(t, say(s.mia, "!card done 1").Body, "#1", "erledigt")
		has(t, say(s.anna, "!hilfe").Body, "!karte neu", "!link")
		// A mistake is named, with an example, and changes nothing.
		has(t, say(s.anna, "!karte fertig 99").Body, "99")
		has(t, say(s.anna, "!karte quatsch").Body, "quatsch", "!karte")
		has(t, say(s.anna, "!sprache en").Body, "English")
		has(t, say(s.anna, "!karte liste").Body, "Check the contract")
		has(t, say(s.anna, "!card done 77").Body, "There is no card")

		root := s.anna.say(s.room, "Worüber wir noch sprechen müssen")
		s.mia.hears(s.room, "Anna's message", func(m message) bool { return m.ID == root })
		inThread := s.mia.sayIn(s.room, root, "!card list")
		answer := s.anna.answer(s.room, inThread)
		if answer.Relates.Type != "m.thread" || answer.Relates.Event != root {
			t.Errorf("the answer is related as %+v, want it in the thread of %s", answer.Relates, root)
		}
		answers := map[id.EventID]int{}
		for _, m := range s.anna.said(s.room, s.Bot) {
			answers[m.Relates.ReplyTo.Event]++
			if m.MsgType != "m.notice" {
				t.Errorf("the bot speaks as %s, want m.notice, which other bots leave alone: %s", m.MsgType, m.Body)
			}
			if m.Mentions == nil || m.Mentions.Room {
				t.Errorf("the message carries no intentional mentions, or calls the whole room: %s", m.Body)
			}
		}
		asked["in the thread"] = inThread
		for text, event := range asked {
			if answers[event] != 1 {
				t.Errorf("%q was answered %d times, want once", text, answers[event])
			}
		}
	})
}

// Other bots' commands, notices, edits of commands and the bot's own messages get no answer
// and change nothing.
func TestWhatIsNotForTheBotIsLeftAlone(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		asked := s.anna.say(s.room, "!karte neu Die einzige Karte")
		s.anna.answer(s.room, asked)
		before := len(s.anna.said(s.room, s.Bot))

		for _, text := range []string{"!ping", "!github status", "! karte", "!kartei neu Nichts", "karte neu Nichts", "Bitte !karte neu Nichts", "!"} {
			s.anna.say(s.room, text)
		}
		s.mia.post(s.room, "m.room.message", object{"msgtype": "m.notice", "body": "!karte neu Aus einer Notiz"})
		mias := s.mia.post(s.room, "m.room.message", object{"msgtype": "m.image", "body": "!karte neu Aus einem Bild", "url": "mxc://example.org/a"})
		s.anna.edit(s.room, asked, "!karte neu Noch eine")
		s.anna.post(s.room, "m.room.message", object{"msgtype": "m.text", "body": "!karte neu Ohne Bezug", "m.relates_to": "nichts"})
		s.anna.react(s.room, asked, "👍")
		s.anna.await(s.room, "Mia's last message", func(e *event.Event) bool { return e.ID == mias })

		list := s.anna.ask(s.room, "!karte liste") // the room's events are handled in order
		has(t, list.Body, "Die einzige Karte")
		if strings.Contains(list.Body, "#2") {
			t.Errorf("something that was not for the bot made a card:\n%s", list.Body)
		}
		after := s.anna.said(s.room, s.Bot)
		if len(after) != before+1 {
			for _, m := range after[before:] {
				t.Logf("the bot said: %s", m.Body)
			}
			t.Errorf("the bot said %d things, want only the answer to the last question", len(after)-before)
		}
	})
}

// What people write into titles is text: no HTML of theirs, no mention, no marks that turn
// the line around; and what is too long is refused.
func TestHostileTitles(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.mia)

		html := s.anna.ask(s.room, `!karte neu <img src=x onerror=alert(1)> <b>fett</b> & "quer"`)
		has(t, html.Body, `<img src=x onerror=alert(1)>`)
		if strings.Contains(html.HTML, "<img") || strings.Contains(html.HTML, "<b>fett") {
			t.Errorf("the answer carries HTML that somebody typed: %s", html.HTML)
		}
		board.card(`<img src=x onerror=alert(1)> <b>fett</b> & "quer"`)

		room := s.anna.ask(s.room, "!karte neu Alle @room herhören")
		if room.Mentions == nil || room.Mentions.Room || len(room.Mentions.Users) > 0 {
			t.Errorf("mentions = %+v, want none", room.Mentions)
		}
		s.anna.ask(s.room, "!karte neu 👩🏽‍🚒 Übung Zug‑Nr. 7 ✅")
		board.card("👩🏽‍🚒 Übung Zug‑Nr. 7 ✅")
		s.anna.ask(s.room, "!karte neu שלום עולם")
		board.card("שלום עולם")
		s.anna.ask(s.room, "!karte neu harmlos\u202egpj.exe")
		board.await("the card without the mark that turns the line", func(st pageState) bool {
			for _, c := range st.Cards() {
				if strings.HasPrefix(c.Text("title"), "harmlos") {
					return !strings.Contains(c.Text("title"), "\u202e")
				}
			}
			return false
		})

		cards := len(board.titles())
		long := s.anna.ask(s.room, "!karte neu "+strings.Repeat("lang ", 10_000)) // 50 kB is the most that fits into an event
		has(t, long.Body, "zu lang", "300")
		if got := len(board.titles()); got != cards {
			t.Errorf("the board has %d cards after a refused one, want %d", got, cards)
		}
		if refusal := board.try("card.add", object{"card": newItem(), "title": strings.Repeat("x", 301)}); refusal == nil || refusal.Kind != "too_large" {
			t.Errorf("a title of 301 characters is answered with %v, want too_large", refusal)
		}
	})
}

// Many commands at once are all carried out, in the order in which they were said.
func TestManyCommandsAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		const commands = 40
		s := newScene(t, w.house(t, usual))
		var asked []id.EventID
		for n := range commands {
			asked = append(asked, s.anna.say(s.room, fmt.Sprintf("!karte neu Aufgabe %d", n+1)))
		}
		s.anna.answer(s.room, asked[commands-1])
		place := map[id.EventID]int{}
		for i, e := range asked {
			place[e] = i + 1
		}
		next := 1
		for _, m := range s.anna.said(s.room, s.Bot) {
			n := place[m.Relates.ReplyTo.Event]
			if n == 0 {
				continue
			}
			if n != next {
				t.Fatalf("answer %d is to command %d", next, n)
			}
			has(t, m.Body, fmt.Sprintf("#%d Aufgabe %d\n", n, n))
			next++
		}
		if next != commands+1 {
			t.Errorf("%d of %d commands were answered", next-1, commands)
		}
	})
}
