package tests

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
)

// carriedFile is a message with a file, as a chat program reads it.
type carriedFile struct {
	MsgType string `json:"msgtype"`
	Body    string `json:"body"`
	Name    string `json:"filename"`
	URL     string `json:"url"`
	File    *struct {
		attachment.EncryptedFile
		URL string `json:"url"`
	} `json:"file"`
	Info struct {
		Type   string `json:"mimetype"`
		Size   int    `json:"size"`
		Width  int    `json:"w"`
		Height int    `json:"h"`
	} `json:"info"`
}

// receives asks the bot for something and returns the file that it answers with, as p gets
// it from their own homeserver.
func (p *person) receives(s *scene, command, msgType string) (f carriedFile, data []byte) {
	p.t.Helper()
	asked := p.say(s.room, command)
	e := p.await(s.room, "the file for "+command, func(e *event.Event) bool {
		m := read(e)
		return e.Type == event.EventMessage && m.Sender == s.Bot && m.Relates.ReplyTo.Event == asked && !m.cannotRead()
	})
	if err := json.Unmarshal(e.Content.VeryRaw, &f); err != nil {
		p.t.Fatal(err)
	}
	if f.MsgType != msgType {
		p.t.Fatalf("%s is answered with %s: %s", command, f.MsgType, f.Body)
	}
	address := f.URL
	if p.sealed != nil {
		if f.File == nil || f.URL != "" {
			p.t.Fatalf("the file of an encrypted room is not encrypted: %s", e.Content.VeryRaw)
		}
		address = f.File.URL
	}
	uri, err := id.ParseContentURI(address)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := p.Client.Download(p.t.Context(), uri)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, err = io.ReadAll(resp.Body); err != nil {
		p.t.Fatal(err)
	}
	if p.sealed != nil {
		if bytes.HasPrefix(data, []byte("\x89PNG")) {
			p.t.Error("the homeserver has the picture in plain")
		}
		if err := f.File.PrepareForDecryption(); err != nil {
			p.t.Fatal(err)
		}
		if err := f.File.DecryptInPlace(data); err != nil {
			p.t.Fatal(err)
		}
	}
	if f.Info.Size != len(data) {
		p.t.Errorf("the message says %d bytes, there are %d", f.Info.Size, len(data))
	}
	return f, data
}

// colours counts the pixels of a picture by their colour.
func colours(t *testing.T, f carriedFile, data []byte) map[color.RGBA]int {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size != image.Pt(f.Info.Width, f.Info.Height) || f.Info.Type != "image/png" {
		t.Errorf("the message says %+v, the picture is %v", f.Info, size)
	}
	found := map[color.RGBA]int{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			found[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
		}
	}
	return found
}

// Whoever has no Element on a computer works with whiteboards by typing: the bot draws them,
// reads them out and hands them over as a file.
func TestWhiteboardByCommand(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		has(t, s.anna.ask(s.room, "!whiteboard neu Rückschau mit Vorlage Rückblick").Body, "Rückschau", "Rückblick")
		session := s.anna.signIn(s.house, s.room)
		board := openTab(t, s.house, session)
		at := ""
		board.await("the whiteboard", func(st pageState) bool {
			for _, it := range st.Items {
				if it.Kind == "whiteboard" && it.Text("title") == "Rückschau" {
					at = it.ID
				}
			}
			return at != ""
		})
		board.whiteboard(at)
		// A black image lies beside the notes.
		if got, err := s.house.request(t.Context(), http.MethodPost, "/api/v1/whiteboards/"+at+"/pictures?id=bild", session, picture(t)); err != nil || got.status != http.StatusCreated {
			t.Fatalf("the image: %v %d %s", err, got.status, got.body)
		}
		shown := shape("bild", 1)
		shown["type"], shown["fileId"], shown["x"], shown["y"], shown["width"], shown["height"] = "image", "bild", 0, 800, 400, 300
		board.do("whiteboard.draw", object{"whiteboard": at, "elements": []object{shown}})

		f, data := s.mia.receives(s, "!whiteboard post", "m.image")
		has(t, f.Body, "Rückschau", "Gut gelaufen", "Lange auf Unterlagen gewartet")
		has(t, f.Name, "Rückschau.png")
		found := colours(t, f, data)
		notes, black := found[color.RGBA{0xb2, 0xf2, 0xbb, 0xff}], found[color.RGBA{0, 0, 0, 0xff}]
		if notes < 10_000 || black < 100_000 {
			t.Errorf("%d pixels of green notes and %d of the black image", notes, black)
		}
		f, data = s.anna.receives(s, "!whiteboard senden Rückschau Rahmen Schwierig", "m.image")
		has(t, f.Body, "Was hat uns aufgehalten?")
		if found = colours(t, f, data); found[color.RGBA{0xff, 0xc9, 0xc9, 0xff}] < 10_000 || found[color.RGBA{0xb2, 0xf2, 0xbb, 0xff}] > 0 {
			t.Error("a frame's picture does not show its red notes, or others")
		}
		has(t, s.mia.ask(s.room, "!whiteboard show frame 2").Body, "Schwierig", "Lange auf Unterlagen gewartet")

		f, data = s.mia.receives(s, "!whiteboard export", "m.file")
		has(t, f.Name, "Rückschau.excalidraw")
		var file struct {
			Elements []object          `json:"elements"`
			Files    map[string]object `json:"files"`
		}
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		if len(file.Elements) < 40 || file.Files["bild"]["mimeType"] != "image/png" {
			t.Errorf("the file holds %d elements and the images %v", len(file.Elements), file.Files)
		}
	})
}

// In an encrypted room the picture is encrypted too, for people of both homeservers.
func TestWhiteboardByCommandInAnEncryptedRoom(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newSealedScene(t, w.house(t, usual))
		has(t, s.anna.ask(s.room, "!whiteboard neu Geheimplan mit Vorlage Ablauf").Body, "Geheimplan")
		for _, p := range []*person{s.anna, s.mia} {
			f, data := p.receives(s, "!whiteboard post Geheimplan", "m.image")
			has(t, f.Body, "Geheimplan", "Unterlagen prüfen")
			if found := colours(t, f, data); found[color.RGBA{0xa5, 0xd8, 0xff, 0xff}] < 10_000 {
				t.Error("the picture does not show the blue steps")
			}
		}
		s.sealedThroughout(s.anna)
	})
}

// The private link opens the whiteboard that was asked for.
func TestLinkToAWhiteboard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		asked := s.anna.say(s.room, "!whiteboard neu Skizze")
		s.anna.answer(s.room, asked)
		token := s.linkFor(s.anna, func() { has(t, s.anna.ask(s.room, "!whiteboard öffnen Skizze").Body, "Direktnachricht") })
		for _, m := range s.anna.said(s.anna.direct, s.Bot) {
			if strings.Contains(m.Body, token) {
				has(t, m.Body, "&whiteboard="+string(bots.ItemOf(asked)), "Whiteboard „Skizze“")
			}
		}
	})
}
