package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

// picture is a small PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// postFile posts a file in a thread, as a chat program does.
func (p *person) postFile(room id.RoomID, root id.EventID, msgType, name, contentType string, data []byte) id.EventID {
	p.t.Helper()
	return p.attach(room, object{"msgtype": msgType, "body": name, "m.relates_to": object{
		"rel_type": "m.thread", "event_id": root, "is_falling_back": true, "m.in_reply_to": object{"event_id": root},
	}}, contentType, data)
}

// attach posts a message with a file, which is encrypted where the person's messages are.
func (p *person) attach(room id.RoomID, content object, contentType string, data []byte) id.EventID {
	p.t.Helper()
	content["info"] = object{"mimetype": contentType, "size": len(data)}
	var key *attachment.EncryptedFile
	if p.sealed != nil {
		key = attachment.NewEncryptedFile()
		data = bytes.Clone(data)
		key.EncryptInPlace(data)
		contentType = "application/octet-stream"
	}
	uploaded, err := p.Client.UploadBytes(p.t.Context(), data, contentType)
	if err != nil {
		p.t.Fatal(err)
	}
	if key != nil {
		content["file"] = &event.EncryptedFileInfo{EncryptedFile: *key, URL: uploaded.ContentURI.CUString()}
	} else {
		content["url"] = uploaded.ContentURI.String()
	}
	return p.post(room, "m.room.message", content)
}

// files are the IDs of a card's attachments by their names.
func files(st *page.State, card string) map[string]string {
	found := map[string]string{}
	for field, value := range st.Items["card/"+card].Fields {
		if name, is := value.(string); is && strings.HasPrefix(field, "file/") && strings.HasSuffix(field, "/name") {
			found[name] = strings.Split(field, "/")[1]
		}
	}
	return found
}

// file waits until a card has an attachment whose message is known, and returns its ID.
func (p *tab) file(card, name string) (file string) {
	p.t.Helper()
	p.await("the attachment "+name, func(st *page.State) bool {
		file = files(st, card)[name]
		return file != "" && st.Items["card/"+card].Text("file/"+file+"/event") != ""
	})
	return file
}

// noFile waits until a card has no attachment of that name.
func (p *tab) noFile(card, name string) {
	p.t.Helper()
	p.await("the attachment "+name+" to go", func(st *page.State) bool { return files(st, card)[name] == "" })
}

// fetched is what the page gets when it asks for a file.
type fetched struct {
	status int
	header http.Header
	body   []byte
}

func (h *house) request(ctx context.Context, method, path string, session page.Session, body []byte) (fetched, error) {
	r, err := http.NewRequestWithContext(ctx, method, h.URL+path, bytes.NewReader(body))
	if err != nil {
		return fetched{}, err
	}
	return h.do(r, session)
}

// announce begins to send so many bytes and waits for the answer before the first: whoever still
// sends when the answer comes may not see it.
func (h *house) announce(t *testing.T, path string, session page.Session, size int64) fetched {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	body, held := io.Pipe()
	defer held.Close()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = size
	got, err := h.do(r, session)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (h *house) do(r *http.Request, session page.Session) (fetched, error) {
	r.Header.Set("Authorization", "Bearer "+session.Token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return fetched{}, err
	}
	read, err := io.ReadAll(resp.Body)
	return fetched{resp.StatusCode, resp.Header, read}, errors.Join(err, resp.Body.Close())
}

func (h *house) fetch(t *testing.T, session page.Session, card, file string) fetched {
	t.Helper()
	var got fetched
	until(t, "the file", func() (err error) {
		got, err = h.request(t.Context(), http.MethodGet, "/api/v1/cards/"+card+"/files/"+file, session, nil)
		if err == nil && got.status == http.StatusServiceUnavailable {
			err = fmt.Errorf("not yet: %s", got.body) // Dendrite takes an event before it shows it
		}
		return err
	})
	return got
}

func (h *house) upload(t *testing.T, session page.Session, card, file, name string, data []byte) fetched {
	t.Helper()
	got, err := h.request(t.Context(), http.MethodPost, "/api/v1/cards/"+card+"/files?"+url.Values{"id": {file}, "name": {name}}.Encode(), session, data)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// is fails the test unless what was fetched is that file and nothing that runs.
func (f fetched) is(t *testing.T, what, contentType string, data []byte) {
	t.Helper()
	if f.status != http.StatusOK || !bytes.Equal(f.body, data) || f.header.Get("Content-Type") != contentType {
		t.Errorf("%s: status %d, %q, %d bytes, want %q and %d bytes", what, f.status, f.header.Get("Content-Type"), len(f.body), contentType, len(data))
	}
	if f.header.Get("X-Content-Type-Options") != "nosniff" || f.header.Get("Cache-Control") != "no-store" ||
		!strings.HasPrefix(f.header.Get("Content-Security-Policy"), "sandbox;") {
		t.Errorf("%s: the answer's headers let too much happen: %v", what, f.header)
	}
	if inline := strings.HasPrefix(f.header.Get("Content-Disposition"), "inline"); inline != strings.HasPrefix(contentType, "image/") {
		t.Errorf("%s: %s", what, f.header.Get("Content-Disposition"))
	}
}

func (f fetched) refused(t *testing.T, what string, status int) {
	t.Helper()
	var answer struct {
		Error *page.Refusal `json:"error"`
	}
	if f.status != status || json.Unmarshal(f.body, &answer) != nil || answer.Error == nil || answer.Error.Message == "" {
		t.Errorf("%s: status %d, %.200s, want %d and a sentence", what, f.status, f.body, status)
	}
}

// What somebody posts in a card's thread is an attachment of the card, for all who may
// look into the room and for nobody else, whatever it says it is, until its message goes.
func TestFilesOfTheThread(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		asked := s.anna.ask(s.room, "!karte neu Mit Bild")
		session := s.anna.signIn(s.house, s.room)
		board := openTab(t, s.house, session)
		card := board.card("Mit Bild").ID
		board.await("the card to know its message", func(st pageState) bool {
			return st.Items["card/"+card].Text("message") == asked.ID.String()
		})
		shown := picture(t)
		posted := s.anna.postFile(s.room, asked.ID, "m.image", "C:\\Fotos\\Entwurf.png", "image/png", shown)
		file := board.file(card, "Entwurf.png")
		s.fetch(t, session, card, file).is(t, "a picture", "image/png", shown)
		board.Look(func(st pageState) {
			if by := st.Items["card/"+card].Text("file/" + file + "/by"); by != s.anna.UserID.String() {
				t.Errorf("the attachment is %s's", by)
			}
		})
		s.mia.await(s.room, "the card's message", func(e *event.Event) bool { return e.ID == asked.ID })
		s.mia.postFile(s.room, asked.ID, "m.file", "Plan.pdf", "application/pdf", []byte("%PDF-1.4 of the partner"))
		s.fetch(t, session, card, board.file(card, "Plan.pdf")).is(t, "a file from another server", "application/octet-stream", []byte("%PDF-1.4 of the partner"))

		script := []byte("<html><script>alert(1)</script></html>")
		s.anna.postFile(s.room, asked.ID, "m.image", "harmlos.png", "image/png", script)
		s.fetch(t, session, card, board.file(card, "harmlos.png")).is(t, "a page that says it is a picture", "application/octet-stream", script)
		drawing := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
		s.anna.postFile(s.room, asked.ID, "m.image", "zeichnung.svg", "image/svg+xml", drawing)
		s.fetch(t, session, card, board.file(card, "zeichnung.svg")).is(t, "a drawing in which scripts run", "application/octet-stream", drawing)

		other := &scene{house: s.house, t: t, anna: s.anna, mia: s.mia}
		other.room = s.anna.create(other, &mautrix.ReqCreateRoom{Name: "Anderer Raum"})
		s.anna.invite(other.room, s.Bot)
		other.ready(s.anna)
		s.fetch(t, s.anna.signIn(s.house, other.room), card, file).refused(t, "from another room", http.StatusNotFound)
		s.fetch(t, page.Session{Token: "made-up"}, card, file).refused(t, "without a session", http.StatusUnauthorized)
		mias := s.mia.signIn(s.house, s.room)
		s.fetch(t, mias, card, file).is(t, "a picture for Mia", "image/png", shown)
		s.anna.kick(s.room, s.mia.UserID)
		until(t, "the end of Mia's session", func() error {
			if got := s.fetch(t, mias, card, file); got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
				return fmt.Errorf("Mia gets status %d", got.status)
			}
			return nil
		})
		s.anna.redact(s.room, posted)
		board.noFile(card, "Entwurf.png")
		s.fetch(t, session, card, file).refused(t, "after its message is gone", http.StatusNotFound)
	})
}

// posts counts the messages by which the bot has posted a file.
func (p *person) posts(room id.RoomID, bot id.UserID, name string) (found []message) {
	p.t.Helper()
	for _, m := range p.said(room, bot) {
		if strings.HasSuffix(m.Body, name) && m.MsgType != "m.notice" {
			found = append(found, m)
		}
	}
	return found
}

// A file that is sent from the page is posted once in the card's thread, in the name of
// whoever sent it, also over a crash; what is taken off the card is gone from the room.
func TestFileFromThePage(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, filing))
		session := s.anna.signIn(s.house, s.room)
		board := openTab(t, s.house, session)
		card := newItem()
		board.do("card.add", object{"card": card, "title": "Mit Anhang"})
		shown, name := picture(t), newItem()
		if got := s.upload(t, session, card, name, "Foto.png", shown); got.status != http.StatusCreated {
			t.Fatalf("the upload: %d %s", got.status, got.body)
		}
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		board = openTab(t, s.house, session)
		if got := s.upload(t, session, card, name, "Foto.png", shown); got.status != http.StatusCreated {
			t.Errorf("the upload again: %d %s", got.status, got.body)
		}
		file := board.file(card, "Foto.png")
		s.fetch(t, session, card, file).is(t, "the picture", "image/png", shown)
		root := board.card("Mit Anhang").Text("message")
		posted := s.anna.hears(s.room, "the file in the thread", func(m message) bool {
			return m.MsgType == "m.image" && m.Relates.Type == "m.thread" && m.Relates.Event.String() == root
		})
		has(t, posted.Body, "Anna", "auf dem Board", "Foto.png")
		s.anna.ask(s.room, "!karte liste") // whatever was to be said before has been said
		if n := len(s.anna.posts(s.room, s.Bot, "Foto.png")); n != 1 {
			t.Errorf("the file was posted %d times", n)
		}

		s.announce(t, "/api/v1/cards/"+card+"/files?name=x.bin&id="+newItem(), session, 30<<20).refused(t, "30 MB", http.StatusRequestEntityTooLarge)
		s.upload(t, session, card, newItem(), "leer.txt", nil).refused(t, "an empty file", http.StatusBadRequest)
		s.upload(t, session, newItem(), newItem(), "a.txt", []byte("a")).refused(t, "a card that does not exist", http.StatusNotFound)
		s.upload(t, session, card, "not/an/id", "a.txt", []byte("a")).refused(t, "an ID that is none", http.StatusBadRequest)

		board.do("card.cover", object{"card": card, "file": file})
		board.do("card.unfile", object{"card": card, "file": file})
		board.noFile(card, "Foto.png")
		until(t, "the message to be gone", func() error {
			e, err := s.anna.Client.GetEvent(t.Context(), s.room, posted.ID)
			if err == nil && len(e.Content.Raw) > 0 {
				return errors.New("it is still there")
			}
			return nil
		})
		if refusal := board.try("undo", nil); refusal == nil || refusal.Kind != "conflict" {
			t.Errorf("what is gone for good was brought back: %v", refusal)
		}
	})
}

// Of a file of an encrypted room neither name nor content can be read on the wire, and
// both ways work.
func TestFilesOfAnEncryptedRoom(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.listen(t))
		asked := s.anna.ask(s.room, "!karte neu "+bird+"karte")
		session := s.anna.signIn(s.house, s.room)
		board := openTab(t, s.house, session)
		card := board.card(bird + "karte").ID
		board.await("the card to know its message", func(st pageState) bool {
			return st.Items["card/"+card].Text("message") == asked.ID.String()
		})
		secret := append(picture(t), []byte(bird+"inhalt")...)
		s.anna.postFile(s.room, asked.ID, "m.image", bird+"bild.png", "image/png", secret)
		s.fetch(t, session, card, board.file(card, bird+"bild.png")).is(t, "an encrypted picture", "image/png", secret)

		if got := s.upload(t, session, card, newItem(), bird+"foto.png", secret); got.status != http.StatusCreated {
			t.Fatalf("the upload: %d %s", got.status, got.body)
		}
		s.fetch(t, session, card, board.file(card, bird+"foto.png")).is(t, "what was sent from the page", "image/png", secret)
		s.anna.hears(s.room, "the file in the thread", func(m message) bool { return m.MsgType == "m.image" && m.Sender == s.Bot })
		s.sealedThroughout(s.anna)
		media := 0
		for _, m := range w.tap.all() {
			if strings.Contains(m.uri, "/media/") {
				media++
			}
			if m.fromProgram {
				s.untold("on the wire, in "+m.method+" "+m.uri, m.uri+" "+m.body)
			}
		}
		if media < 2 {
			t.Errorf("only %d requests about media: the test looks in the wrong place", media)
		}
	})
}
