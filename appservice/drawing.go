package appservice

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard/picture"
)

const (
	// drawnAtOnce bounds the whiteboards that are drawn in memory, one of each person's.
	drawnAtOnce = 2
	// drawPatience bounds how long a whiteboard's images are waited for; without them it is
	// drawn with empty places.
	drawPatience = 30 * time.Second
	// drawFor is how long it is tried to post a whiteboard, for what the bot says next waits
	// behind it; then a sentence takes its place.
	drawFor = time.Minute
	// A picture in the chat is looked at on a screen.
	drawnSide   = 3000
	drawnPixels = 6 << 20
	// imageSide is how large an image is at most on it, imagesKept how many are kept for
	// elements that show the same.
	imageSide  = 1024
	imagesKept = 16
	// maxImage bounds one image, maxImages those of one file together, in bytes.
	maxImage  = 25 << 20
	maxImages = 20 << 20
)

var (
	drawingGone = workspace.Text{
		De: "Dieses Whiteboard oder dieser Rahmen wurde inzwischen entfernt.",
		En: "This whiteboard or this frame has been removed meanwhile.",
	}
	drawingFailed = workspace.Text{
		De: "Das Whiteboard ließ sich nicht hierher schicken, weil der Matrix-Server die Datei nicht annimmt. Bitte versuchen Sie es später noch einmal.",
		En: "The whiteboard could not be sent here because the Matrix server does not take the file. Please try again later.",
	}
	drawingTooLarge = workspace.Text{
		De: "Das Whiteboard ist als Datei zu groß für diesen Matrix-Server. In Werkraum können Sie es selbst herunterladen.",
		En: "The whiteboard is too large as a file for this Matrix server. In Werkraum you can download it yourself.",
	}
)

// wanted is a whiteboard that waits to be posted, as the outbox keeps it.
type wanted struct {
	bots.Drawing
	By      id.UserID `json:"by"`
	Relates *relation `json:"relates,omitempty"`
}

// postDrawing queues a whiteboard that somebody wants to be posted. It is drawn when its
// turn comes, beside the room's work.
func (w *worker) postDrawing(st *step, by id.UserID, d bots.Drawing, txn string, where *relation) {
	w.queue(st, store.Outgoing{
		TxnID: txn, Task: store.TaskSend, EventType: typeMessage, Drawn: true, Content: rawJSON(wanted{Drawing: d, By: by, Relates: where}),
	})
}

// drawnFor is the message with a whiteboard that is to be sent now; nil without an error if
// nothing is to be sent in the room any more. While it is drawn others have the place.
func (o *outbox) drawnFor(ctx context.Context, place *slot, room id.RoomID, item store.Outgoing) (json.RawMessage, error) {
	place.give()
	content, bare, err := o.drawing(ctx, room, item)
	if !place.take(ctx) {
		err = ctx.Err()
	}
	if err != nil {
		return nil, notSentError{err}
	}
	if o.isSealed(room, item) {
		return nil, nil
	}
	if secret, err := o.secretRoom(ctx, room); err != nil || secret && bare { // encryption was turned on just now
		return nil, notSentError{errors.Join(err, errNoEncryption)}
	}
	return content, nil
}

// drawing is the message that carries a whiteboard, or says why there is none; bare is set if
// it carries a file that is not encrypted.
func (o *outbox) drawing(ctx context.Context, room id.RoomID, item store.Outgoing) (content json.RawMessage, bare bool, err error) {
	var d wanted
	if err := json.Unmarshal(item.Content, &d); err != nil {
		return nil, false, err
	}
	lang := o.Language
	m, err := o.drawn(ctx, room, d, &lang)
	if err == nil {
		m.FileName, m.Relates = d.Name, d.Relates
		return rawJSON(m), m.File == nil, nil
	}
	e := workspace.AsError(err)
	if ctx.Err() != nil || e.Kind == workspace.Unavailable && o.now().Sub(time.UnixMicro(item.N)) < drawFor {
		return nil, false, err
	}
	switch e.Kind {
	case workspace.NotFound:
	case workspace.TooLarge:
		err = workspace.Refuse(workspace.TooLarge, drawingTooLarge)
	default:
		o.log.Warn().Err(withoutContent(err)).Stringer("room_id", room).Msg("Could not post a whiteboard")
		err = workspace.Refuse(workspace.Unavailable, drawingFailed)
	}
	n := newNotice(bots.NotDrawn(lang, err))
	n.Relates = d.Relates
	return rawJSON(n), false, nil
}

func (o *outbox) drawn(ctx context.Context, room id.RoomID, d wanted, lang *workspace.Language) (m fileMessage, err error) {
	secret, err := o.secretRoom(ctx, room)
	if err != nil {
		return m, workspace.Refuse(workspace.Unavailable, drawingFailed).Because(err)
	}
	var scene *picture.Scene
	err = o.rooms.worker(room).await(ctx, job{must: true, run: func(w *worker, _ *step) error {
		*lang = w.room.Language
		if scene = picture.Take(w.room, d.Whiteboard); scene == nil || !w.open() {
			return workspace.Refuse(workspace.NotFound, drawingGone)
		}
		return nil
	}})
	if err != nil {
		return m, err
	}
	end, err := o.drawTurns.take(ctx, d.By)
	if err != nil {
		return m, err
	}
	defer end()
	images := &images{Service: o.Service, ctx: ctx, scene: scene, kept: map[string]image.Image{}, until: o.now().Add(drawPatience)}
	var data []byte
	var size image.Point
	var caption string
	err = o.rooms.worker(room).guard(func() error { // nothing that somebody draws ends the program
		if d.File {
			var missing int
			data, missing, err = scene.File(images.bytes)
			caption = bots.FileCaption(*lang, scene, missing)
			return err
		}
		caption = bots.DrawingCaption(*lang, scene, d.Frame)
		data, size, err = pictureOf(scene, d.Frame, images.image)
		return err
	})
	if err != nil {
		return m, err
	}
	if m, err = o.giveFile(ctx, watch.Upload{Body: bytes.NewReader(data), Size: int64(len(data))}, secret); err != nil {
		return m, err
	}
	if d.File {
		m.Info.Type = "application/vnd.excalidraw+json"
	}
	m.Info.Width, m.Info.Height, m.Body = size.X, size.Y, caption
	return m, nil
}

// pictureOf draws a whiteboard, or a frame of it.
func pictureOf(scene *picture.Scene, frame string, img func(string) image.Image) ([]byte, image.Point, error) {
	drawn, ok := picture.Draw(scene.Elements(), picture.Options{
		Frame: frame, MaxSide: drawnSide, MaxPixels: drawnPixels, Image: img, Card: scene.Card,
	})
	if !ok {
		return nil, image.Point{}, workspace.Refuse(workspace.NotFound, drawingGone)
	}
	var b bytes.Buffer
	err := png.Encode(&b, drawn)
	return b.Bytes(), drawn.Rect.Size(), err
}

// images fetches a whiteboard's images while it is drawn.
type images struct {
	*Service
	ctx   context.Context
	scene *picture.Scene
	until time.Time // nothing is fetched after it
	kept  map[string]image.Image
	taken int // bytes
}

// image is an image as large as it is needed at most, nil if it cannot be had.
func (i *images) image(file string) image.Image {
	if img, done := i.kept[file]; done {
		return img
	}
	var img image.Image
	if data := i.fetch(file, maxImage); data != nil {
		img = picture.Decode(data, imageSide)
	}
	if len(i.kept) >= imagesKept {
		clear(i.kept)
	}
	i.kept[file] = img
	return img
}

// bytes are an image's bytes, nil if they cannot be had or there are too many.
func (i *images) bytes(file string) []byte {
	data := i.fetch(file, int64(maxImages-i.taken))
	i.taken += len(data)
	return data
}

func (i *images) fetch(file string, most int64) []byte {
	p, there := i.scene.Picture(file)
	left := i.until.Sub(i.now())
	if !there || left <= 0 || p.Size > most {
		return nil
	}
	ctx, cancel := context.WithTimeout(i.ctx, left)
	defer cancel()
	f, err := i.fetchPicture(ctx, p)
	if err != nil {
		return nil // its place stays empty; the homeserver's trouble is told elsewhere
	}
	defer func() { _ = f.Body.Close() }() // what was read is whole, or an error was returned
	data, err := io.ReadAll(io.LimitReader(f.Body, most+1))
	if err != nil || int64(len(data)) > most || len(data) == 0 {
		return nil
	}
	return data
}
