package whiteboard

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// MaxPictures bounds the pictures of a whiteboard.
const MaxPictures = 1000

var tooManyPictures = workspace.Text{
	De: "Auf diesem Whiteboard liegen schon %d Bilder. Bitte legen Sie ein weiteres an.",
	En: "There are %d pictures on this whiteboard already. Please add another one.",
}

// Picture is where the bytes of an image are, and what opens them.
type Picture struct {
	Type string // one of PictureTypes
	Size int64  // in bytes
	URL  string // mxc://…
	// Key, IV and Hash are set where they are encrypted (client-server API, EncryptedFile).
	Key, IV, Hash string
}

// AddPicture notes where a picture is that was given to the homeserver.
type AddPicture struct {
	Whiteboard workspace.ItemID
	ID         string // Excalidraw's fileId
	Picture
}

// Deeds implements workspace.Act: a picture is a part of what is drawn.
func (AddPicture) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.draw"} }

// Ops implements workspace.Act. The same picture again is there already.
func (a AddPicture) Ops(r *workspace.Room, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	w := In(r)
	if _, err := w.need(a.Whiteboard); err != nil {
		return nil, err
	}
	if _, there := w.Picture(a.Whiteboard, a.ID); there {
		return nil, nil
	}
	if len(w.on[a.Whiteboard].pictures()) >= MaxPictures {
		return nil, workspace.Refuse(workspace.Invalid, tooManyPictures.With(MaxPictures))
	}
	set := map[string]workspace.Value{Type: workspace.String(a.Type), Size: workspace.Int(a.Size), URL: workspace.String(a.URL)}
	for name, value := range map[string]string{Key: a.Key, IV: a.IV, Hash: a.Hash} {
		if value != "" {
			set[name] = workspace.String(value)
		}
	}
	return []workspace.Op{{Item: ItemID(a.Whiteboard, a.ID), Kind: KindPicture, Set: set}}, nil
}

// pictures are the pictures on a surface, which may be nil.
func (s *surface) pictures() (list []*workspace.Item) {
	if s == nil {
		return nil
	}
	for key, it := range s.items {
		if key.Kind == KindPicture && !it.Deleted() {
			list = append(list, it)
		}
	}
	return list
}

// Picture finds a picture of a whiteboard by Excalidraw's fileId.
func (w *Whiteboards) Picture(whiteboard workspace.ItemID, file string) (Picture, bool) {
	it := w.room.Item(workspace.Key{Kind: KindPicture, ID: ItemID(whiteboard, file)})
	if it == nil || it.Deleted() {
		return Picture{}, false
	}
	size, _ := it.Field(Size)
	p := Picture{Type: it.Text(Type), URL: it.Text(URL), Key: it.Text(Key), IV: it.Text(IV), Hash: it.Text(Hash)}
	p.Size, _ = size.Value.Integer()
	return p, true
}

// PostDeed is having a picture of a whiteboard posted into the room.
const PostDeed workspace.Deed = "whiteboard.post"
