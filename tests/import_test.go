package tests

import (
	"os"
	"path/filepath"
	"testing"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// sendFile sends a file into the room, as a chat program does.
func (p *person) sendFile(room id.RoomID, name string, data []byte) id.EventID {
	p.t.Helper()
	return p.attach(room, object{"msgtype": "m.file", "body": name}, "application/json", data)
}

// reply types a command as a reply and returns the bot's answer.
func (p *person) reply(room id.RoomID, to id.EventID, command string) message {
	p.t.Helper()
	return p.answer(room, p.post(room, "m.room.message", object{
		"msgtype": "m.text", "body": command, "m.relates_to": object{"m.in_reply_to": object{"event_id": to}},
	}))
}

// importsByReply has a board come in from a file that lies in the room, of the own and of
// another homeserver, and go again.
func (s *scene) importsByReply(t *testing.T) {
	t.Helper()
	board := s.page(s.anna)
	trello, err := os.ReadFile(filepath.Join("..", "bridges", "importing", "testdata", "trello.json"))
	if err != nil {
		t.Fatal(err)
	}
	file := s.anna.sendFile(s.room, "umzug.json", trello)
	answer := s.anna.reply(s.room, file, "!importieren neu")
	has(t, answer.Body, "Trello", "„Umzug Rathaus“", "5 Karten", "2 Spalten", "Nicht übernommen", "ftp://alt.example", "!undo")
	board.await("the board of the file", func(st pageState) bool {
		_, ok := st.CardTitled("Angebot für Möbel einholen")
		return ok && len(st.Columns()) == 5
	})
	s.anna.ask(s.room, "!undo")
	board.await("the board as it was", func(st pageState) bool { return len(st.Columns()) == 3 && len(st.Cards()) == 0 })

	table := s.mia.sendFile(s.room, "tabelle.csv", []byte("Titel;Fällig\nVom Partner;2026-12-24\nOhne Tag;irgendwann\n"))
	s.anna.await(s.room, "the partner's file", func(e *event.Event) bool { return e.ID == table })
	has(t, s.mia.reply(s.room, table, "!import auf Board 1").Body, "2 Karten", "irgendwann")
	board.await("the partner's card", func(st pageState) bool { _, ok := st.CardTitled("Vom Partner"); return ok })

	letter := s.anna.sendFile(s.room, "brief.bin", []byte("\x00\x01\x02 nichts"))
	has(t, s.anna.reply(s.room, letter, "!importieren").Body, "keine Datei, die Werkraum lesen kann")
	has(t, s.anna.reply(s.room, s.anna.say(s.room, "Guten Morgen"), "!importieren").Body, "keine Datei")
	mias := s.page(s.mia)
	s.anna.power(s.room, func(levels object) {
		events, ok := levels["events"].(object)
		if !ok {
			events = object{}
			levels["events"] = events
		}
		events["de.werkraum.change"] = 50
	})
	mias.await("the page to become read-only", func(st pageState) bool { return !st.Me.Can.Edit })
	has(t, s.mia.reply(s.room, table, "!importieren").Body, "nicht ändern")
	if titles := mias.titles(); len(titles) != 2 {
		t.Errorf("the board holds %v, want what was allowed only", titles)
	}
}

// A file in the room becomes a board by replying to it, and one undo takes it back.
func TestImportByReply(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) { newScene(t, w.house(t, usual)).importsByReply(t) })
}

// So it does in an encrypted room, where the file is encrypted too.
func TestImportByReplyInAnEncryptedRoom(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.listen(t))
		s.importsByReply(t)
		s.sealedThroughout(s.anna)
	})
}
