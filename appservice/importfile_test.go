package appservice

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// importStage is a room with a message that carries a file, as the homeserver tells it.
type importStage struct {
	*stage
	event   string                              // the message
	media   func(http.ResponseWriter)           // the file
	fetched atomic.Int32                        // what was asked for of both
	read    func([]byte) (board.Reading, error) // what the importer makes of it
}

func setImportStage(t *testing.T) *importStage {
	t.Helper()
	s := &importStage{stage: setStage(t, bots.New())}
	s.Reader = func(file []byte, _ workspace.Language, _ *time.Location) (board.Reading, error) { return s.read(file) }
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/event/$file"):
			s.fetched.Add(1)
			_, _ = fmt.Fprint(w, s.event)
		case strings.Contains(r.URL.Path, "/media/"):
			s.fetched.Add(1)
			s.mu.Lock()
			media := s.media
			s.mu.Unlock()
			media(w)
		default:
			return false
		}
		return true
	})
	return s
}

// carrying is the message with the file.
func carrying(content string) string {
	return fmt.Sprintf(`{"type":"m.room.message","event_id":"$file","room_id":%q,"sender":%q,"content":%s}`, room, mia, content)
}

const goodFile = `{"msgtype":"m.file","body":"umzug.json","url":"mxc://a.example/umzug","info":{"size":3}}`

// A reply of “!import” fetches the file of the message, and tells what has come of it once;
// whatever is wrong with the file is told in a sentence and changes nothing, and who may not
// edit has nothing fetched.
func TestImportOfAFile(t *testing.T) {
	t.Parallel()
	s := setImportStage(t)
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	good := func(w http.ResponseWriter) { _, _ = w.Write([]byte("abc")) }
	cards := func(file []byte) (board.Reading, error) {
		return board.Reading{Format: "csv", Drafts: []board.Draft{{Cards: []board.DraftCard{{Set: map[string]workspace.Value{board.Title: workspace.String(string(file))}}}}}}, nil
	}
	for i, c := range []struct {
		event string
		media func(http.ResponseWriter)
		read  func([]byte) (board.Reading, error)
		says  string
		cards int
	}{
		{carrying(goodFile), good, cards, "1 Karte", 1},
		{carrying(`{"msgtype":"m.text","body":"keine"}`), good, cards, "keine Datei", 0},
		{carrying(`{"msgtype":"m.file","body":"a","url":"https://anders.example/a"}`), good, cards, "keine Datei", 0},
		{carrying(`{}`), good, cards, "gibt es nicht mehr", 0},
		{strings.Replace(carrying(goodFile), "$file", "$other", 1), good, cards, "gibt es nicht mehr", 0},
		{strings.Replace(carrying(`{"algorithm":"m.megolm.v1.aes-sha2"}`), typeMessage, typeEncrypted, 1), good, cards, "ist verschlüsselt", 0},
		{carrying(goodFile), func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"errcode":"M_NOT_FOUND","error":"x"}`))
		}, cards, "gibt es nicht mehr", 0},
		{carrying(goodFile), func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) }, cards, "gerade nicht heraus", 0},
		{carrying(goodFile), func(w http.ResponseWriter) { // it breaks off
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("abc"))
		}, cards, "gerade nicht heraus", 0},
		{carrying(goodFile), func(w http.ResponseWriter) { w.Header().Set("Content-Length", fmt.Sprint(board.MaxFile+1)) }, cards, "zu groß", 0},
		{carrying(goodFile), func(w http.ResponseWriter) { // it does not say how large it is
			for range board.MaxFile/(1<<20) + 1 {
				_, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20))
			}
		}, cards, "zu groß", 0},
		{carrying(goodFile), good, func([]byte) (board.Reading, error) {
			return board.Reading{}, workspace.Refuse(workspace.Invalid, workspace.Text{De: "Unlesbar.", En: "Unreadable."})
		}, "Unlesbar.", 0},
		{carrying(goodFile), good, func([]byte) (board.Reading, error) { panic("a parser") }, "nicht geklappt", 0},
		{carrying(goodFile), good, cards, "1 Karte", 1},
	} {
		s.event, s.media, s.read = c.event, c.media, c.read
		before, asked := s.cards(), fmt.Sprintf("$asked%d", i)
		s.deliver(message(asked, anna, "!importieren", reply("$file")))
		await(t, "an answer of “"+c.says+"”", func() bool { return s.told("m.room.message", asked) == 1 && s.empty() })
		if s.saidTo(asked, c.says) != 1 {
			t.Errorf("%d: it is not answered with “%s”: %v", i, c.says, s.sent[len(s.sent)-1])
		}
		if got := s.cards() - before; got != c.cards {
			t.Errorf("%d: %d cards have come, want %d", i, got, c.cards)
		}
	}
	n := s.cards()
	s.deliver(message("$asked0", anna, "!importieren", reply("$file")), message("$last", anna, "!undo", nil))
	await(t, "the last one to be taken back", func() bool { return s.cards() == n-1 && s.empty() })
	if s.told("m.room.message", "$asked0") != 1 {
		t.Error("the same event again is answered again")
	}

	before := s.fetched.Load()
	s.deliver(message("$stranger", "@fremd:b.example", "!importieren", reply("$file")))
	await(t, "the refusal", func() bool { return s.empty() && s.told("m.room.message", "$stranger") == 1 })
	if s.fetched.Load() != before {
		t.Error("who is no member had something fetched")
	}
}

func reply(to id.EventID) map[string]any {
	return map[string]any{"m.relates_to": map[string]any{"m.in_reply_to": map[string]any{"event_id": to}}}
}

// saidTo counts the answers to an event that hold a text.
func (s *importStage) saidTo(event, text string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.sent {
		if strings.Contains(e.path, "/send/m.room.message/") && strings.Contains(e.body, event+`"`) && strings.Contains(e.body, text) {
			n++
		}
	}
	return n
}

// While a file is on its way the pages work on, and what was said in the room comes after it,
// in its order; other rooms do not wait.
func TestSlowFileHoldsUpNoPage(t *testing.T) {
	t.Parallel()
	s := setImportStage(t)
	arrives := make(chan struct{})
	s.event = carrying(goodFile)
	s.media = func(w http.ResponseWriter) { <-arrives; _, _ = w.Write([]byte("abc")) }
	s.read = func([]byte) (board.Reading, error) {
		return board.Reading{Format: "csv", Drafts: []board.Draft{{Title: "Neu", Columns: []board.DraftColumn{{Set: map[string]workspace.Value{board.Title: workspace.String("Zu tun")}}}}}}, nil
	}
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(message("$asked", anna, "!importieren neu", reply("$file")), message("$next", anna, "!karte neu Danach auf Board Neu", nil))
	await(t, "the file to be asked for", func() bool { return s.fetched.Load() == 2 })
	s.act(board.AddCard{Card: "seite", Title: "Von der Seite"})
	if s.cards() != 1 || s.told("m.room.message", "$asked") != 0 {
		t.Error("something came before the file")
	}
	close(arrives)
	await(t, "what was said afterwards", func() bool { return s.cards() == 2 && s.empty() })
	await(t, "the answer", func() bool { return s.saidTo("$asked", "„Neu“") == 1 })
}

// A program that is stopped while a file is on its way has done nothing, and says nothing of
// it; the next one imports the file, once.
func TestImportIsBegunAnewAfterAStop(t *testing.T) {
	t.Parallel()
	s := setImportStage(t)
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	s.event = carrying(goodFile)
	s.media = func(http.ResponseWriter) { <-never }
	s.read = func([]byte) (board.Reading, error) {
		return board.Reading{Format: "csv", Drafts: []board.Draft{{Cards: []board.DraftCard{{Set: map[string]workspace.Value{board.Title: workspace.String("Eine")}}}}}}, nil
	}
	end := s.life()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(message("$asked", anna, "!importieren", reply("$file")))
	await(t, "the file to be asked for", func() bool { return s.fetched.Load() == 2 })
	end()
	if n := s.told("m.room.message", "$asked"); n != 0 {
		t.Errorf("%d answers came before the file", n)
	}
	s.mu.Lock()
	s.media = func(w http.ResponseWriter) { _, _ = w.Write([]byte("abc")) }
	s.mu.Unlock()
	s.again(end)
	s.start()
	await(t, "the import", func() bool { return s.cards() == 1 && s.empty() })
	await(t, "the answer", func() bool { return s.saidTo("$asked", "1 Karte") == 1 })
	s.deliver(message("$asked", anna, "!importieren", reply("$file")), message("$last", anna, "!karte neu Danach", nil))
	await(t, "what came afterwards", func() bool { return s.cards() == 2 && s.empty() })
	if n := s.told("m.room.message", "$asked"); n != 1 {
		t.Errorf("it is answered %d times", n)
	}
}
