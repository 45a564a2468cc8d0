package picture_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/whiteboard"
	"werkraum/workspace/whiteboard/picture"
)

const (
	anna id.UserID        = "@anna:amt.example"
	wb   workspace.ItemID = "wwwwwwwwww0123456789"
)

// furnished is a room with a card and a whiteboard on which lie a card, an image that is
// there and one that is not.
func furnished(t *testing.T) *workspace.Room {
	t.Helper()
	r := workspace.NewRoom("!room:amt.example", "@werkraum:amt.example", 0)
	r.Members[anna] = workspace.Member{Membership: workspace.Joined}
	surfaces.Furnish(r)
	do := func(a workspace.Act) {
		t.Helper()
		ops, err := a.Ops(r, anna, time.Unix(0, 0))
		if err == nil {
			_, err = r.Apply(workspace.Proposal{ID: workspace.ChangeID(strings.Repeat("c", 8) + string(rune('a'+r.Count()))), By: anna, Deeds: a.Deeds(anna), Via: workspace.ViaWidget, Ops: ops}, time.Unix(0, 0))
		}
		if err != nil {
			t.Fatalf("%T: %v", a, err)
		}
	}
	do(board.On(board.AddColumn{Column: "open", Title: "Offen"}))
	do(board.On(board.AddCard{Card: "card", Title: "Angebot einholen"}))
	do(whiteboard.Add{Whiteboard: wb, Title: "Skizze"})
	do(whiteboard.AddPicture{Whiteboard: wb, ID: "there", Picture: whiteboard.Picture{Type: "image/png", Size: 10, URL: "mxc://amt.example/bild"}})
	var elements []json.RawMessage
	for _, e := range []el{
		{"id": "shows", "type": "embeddable", "x": 0, "customData": el{"card": "card"}, "link": "werkraum:card/card", "index": "a1"},
		{"id": "bild", "type": "image", "x": 200, "fileId": "there", "index": "a2"},
		{"id": "fehlt", "type": "image", "x": 400, "fileId": "gone", "index": "a0"},
	} {
		maps.Copy(e, el{"y": 0, "width": 100, "height": 100, "version": 3, "versionNonce": 7, "isDeleted": false})
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		elements = append(elements, raw)
	}
	do(whiteboard.Draw{Whiteboard: wb, Elements: elements})
	return r
}

func TestWhiteboardIsTakenOutOfItsRoom(t *testing.T) {
	t.Parallel()
	r := furnished(t)
	s := picture.Take(r, wb)
	if s == nil || s.Title != "Skizze" || s.Empty() {
		t.Fatalf("%+v", s)
	}
	var order []string
	for _, e := range s.Elements() {
		order = append(order, e.ID)
	}
	if !slices.Equal(order, []string{"fehlt", "shows", "bild"}) {
		t.Errorf("they lie upon each other as %v", order)
	}
	if parts := s.Outline(); len(parts) != 1 || !slices.Equal(parts[0].Lines, []string{"Angebot einholen (#1 · Offen)"}) {
		t.Errorf("in words it is %+v", parts)
	}
	if p, ok := s.Picture("there"); !ok || p.URL != "mxc://amt.example/bild" {
		t.Errorf("the image is at %v %v", p, ok)
	}
	if picture.Take(r, "xxxxxxxxxx0123456789") != nil {
		t.Error("a whiteboard was taken that does not exist")
	}
}

func TestWhiteboardAsExcalidrawsFile(t *testing.T) {
	t.Parallel()
	s := picture.Take(furnished(t), wb)
	content, missing, err := s.File(func(file string) []byte {
		if file == "there" {
			return []byte("Inhalt")
		}
		return nil
	})
	if err != nil || missing != 1 {
		t.Errorf("%d images are missing, want 1: %v", missing, err)
	}
	var file struct {
		Type     string `json:"type"`
		Elements []struct {
			ID      string `json:"id"`
			Version int    `json:"version"`
			Nonce   int    `json:"versionNonce"`
		} `json:"elements"`
		Files map[string]struct {
			Type string `json:"mimeType"`
			URL  string `json:"dataURL"`
		} `json:"files"`
	}
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	if file.Type != "excalidraw" || len(file.Elements) != 3 || file.Elements[0].ID != "bild" || file.Elements[0].Version != 3 || file.Elements[0].Nonce != 7 {
		t.Errorf("%+v", file)
	}
	if f := file.Files["there"]; f.Type != "image/png" || f.URL != "data:image/png;base64,SW5oYWx0" || len(file.Files) != 1 {
		t.Errorf("%+v", file.Files)
	}
}

// encoded is a picture of that size in each format that Go can write.
func encoded(t testing.TB, w, h int) map[string][]byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	img.Set(w-1, 0, color.White)
	var asPNG, asJPEG, asGIF bytes.Buffer
	for _, err := range []error{png.Encode(&asPNG, img), jpeg.Encode(&asJPEG, img, nil), gif.Encode(&asGIF, img, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string][]byte{"png": asPNG.Bytes(), "jpeg": asJPEG.Bytes(), "gif": asGIF.Bytes()}
}

// bomb is a PNG that says it has that many pixels on each side.
func bomb(t testing.TB, side uint32) []byte {
	data := bytes.Clone(encoded(t, 1, 1)["png"])
	binary.BigEndian.PutUint32(data[16:], side)
	binary.BigEndian.PutUint32(data[20:], side)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestImagesAreUnpackedWithinBounds(t *testing.T) {
	t.Parallel()
	for name, data := range encoded(t, 300, 150) {
		if img := picture.Decode(data, 1000); img == nil || img.Bounds().Dx() != 300 {
			t.Errorf("%s is not read", name)
		}
		if img := picture.Decode(data, 100); img == nil || img.Bounds().Dx() != 100 || img.Bounds().Dy() != 50 {
			t.Errorf("%s is not made smaller", name)
		}
		if picture.Decode(data[:len(data)/2], 100) != nil {
			t.Errorf("half a %s is read", name)
		}
	}
	for name, data := range map[string][]byte{"nothing": nil, "a page": []byte("<svg onload=alert(1)>"), "a bomb": bomb(t, 30_000), "a larger bomb": bomb(t, 1<<31-1)} {
		if picture.Decode(data, 100) != nil {
			t.Errorf("%s is read", name)
		}
	}
}

// FuzzDecode: whatever calls itself an image is one of a bounded size, or none.
func FuzzDecode(f *testing.F) {
	for _, data := range encoded(f, 3, 2) {
		f.Add(data)
	}
	f.Add(bomb(f, 20_000))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if img := picture.Decode(data, 50); img != nil && (img.Bounds().Empty() || img.Bounds().Dx() > 50 || img.Bounds().Dy() > 50) {
			t.Errorf("an image of %v", img.Bounds())
		}
	})
}
