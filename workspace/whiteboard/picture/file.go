package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

// mostDecoded bounds the pixels of an image that is unpacked.
const mostDecoded = 24_000_000

// formats are the images that a whiteboard can hold, by how their bytes begin.
func formats() []format {
	return []format{
		{"\x89PNG\r\n\x1a\n", "image/png", png.DecodeConfig, png.Decode},
		{"\xff\xd8\xff", "image/jpeg", jpeg.DecodeConfig, jpeg.Decode},
		{"GIF8", "image/gif", gif.DecodeConfig, gif.Decode},
		{"RIFF", "image/webp", webp.DecodeConfig, webp.Decode},
	}
}

type format struct {
	begins, name string
	config       func(io.Reader) (image.Config, error)
	decode       func(io.Reader) (image.Image, error)
}

// Decode reads an image, and makes it no larger than most pixels on each side; nil if it is
// none of those that a whiteboard can hold, or one that would unpack to very much.
func Decode(data []byte, most int) image.Image {
	i := slices.IndexFunc(formats(), func(f format) bool { return bytes.HasPrefix(data, []byte(f.begins)) })
	if i < 0 {
		return nil
	}
	f := formats()[i]
	c, err := f.config(bytes.NewReader(data))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > mostDecoded || c.Height > mostDecoded || c.Width*c.Height > mostDecoded {
		return nil
	}
	img, err := f.decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Empty() {
		return nil
	}
	size := img.Bounds().Size()
	if long := max(size.X, size.Y); long > most {
		small := image.NewRGBA(image.Rect(0, 0, max(1, size.X*most/long), max(1, size.Y*most/long)))
		draw.BiLinear.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
		return small
	}
	return img
}

// File is the whiteboard as Excalidraw's own file, with the images that data returns, and how
// many it does not have.
func (s *Scene) File(data func(file string) []byte) (content []byte, missing int, err error) {
	type embedded struct {
		Type    string `json:"mimeType"`
		ID      string `json:"id"`
		URL     string `json:"dataURL"`
		Created int64  `json:"created"`
	}
	items := slices.Clone(s.items)
	slices.SortFunc(items, func(a, b *workspace.Item) int { return strings.Compare(string(a.ID), string(b.ID)) })
	elements, files := make([]json.RawMessage, 0, len(items)), map[string]embedded{}
	for _, it := range items {
		e, ok := Parse(it.Text(whiteboard.Data))
		if !ok {
			continue
		}
		elements = append(elements, whiteboard.JSON(it))
		if _, there := files[e.FileID]; e.FileID == "" || there {
			continue
		}
		bytes := data(e.FileID)
		if bytes == nil {
			missing++
			continue
		}
		kind := s.pictures[e.FileID].Type
		files[e.FileID] = embedded{kind, e.FileID, "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(bytes), 1}
	}
	content, err = json.Marshal(map[string]any{
		"type": "excalidraw", "version": 2, "source": "werkraum", "elements": elements,
		"appState": map[string]any{"viewBackgroundColor": "#ffffff"}, "files": files,
	})
	return content, missing, err
}
