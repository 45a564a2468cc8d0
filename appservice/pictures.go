package appservice

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"

	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

var (
	notAPicture = workspace.Text{
		De: "Das ist kein Bild, das sich zeigen lässt. Möglich sind PNG, JPEG, GIF und WebP.",
		En: "This is not a picture that can be shown. It can be PNG, JPEG, GIF or WebP.",
	}
	pictureMissing = workspace.Text{
		De: "Dieses Bild gibt es nicht (mehr).",
		En: "This picture does not exist (any more).",
	}
)

// SendPicture takes a picture for a whiteboard and gives it to the homeserver, encrypted
// where the room is. What it is its bytes say. The same picture again, by its ID, is taken
// once.
func (s *Service) SendPicture(ctx context.Context, room id.RoomID, user id.UserID, p watch.Picture) error {
	act := whiteboard.AddPicture{Whiteboard: p.Whiteboard, ID: p.ID, Picture: whiteboard.Picture{Type: "image/png", Size: p.Size, URL: "mxc://x/x"}}
	encrypted, done, err := s.mayDraw(ctx, room, user, act)
	if err != nil || done {
		return err
	}
	m, err := s.givePicture(ctx, user, p, encrypted)
	if err != nil {
		return err
	}
	act.Type, act.URL = m.Info.Type, m.URL
	if m.File != nil {
		act.URL, act.Key, act.IV, act.Hash = m.File.URL, m.File.Key.Key, m.File.InitVector, m.File.Hashes.SHA256
	}
	change := changeID("picture", string(room), string(p.Whiteboard), p.ID, act.URL)
	return s.rooms.worker(room).await(ctx, job{change: change, run: func(w *worker, st *step) error {
		if !w.open() || w.room.Encrypted != encrypted {
			return workspace.Refuse(workspace.Unavailable, uploadBroken)
		}
		_, err := w.act(st, user, workspace.ViaWidget, change, act)
		return err
	}})
}

// mayDraw judges a picture before its bytes are read; done is set if it is there already.
func (s *Service) mayDraw(ctx context.Context, room id.RoomID, user id.UserID, act whiteboard.AddPicture) (encrypted, done bool, err error) {
	err = s.rooms.worker(room).await(ctx, job{run: func(w *worker, st *step) error {
		if err := w.room.May(user, act.Deeds(user)...); err != nil {
			return err
		}
		if !w.open() {
			return workspace.Refuse(workspace.Forbidden, roomClosed)
		}
		encrypted = w.room.Encrypted
		ops, err := act.Ops(w.room, user, st.now)
		done = err == nil && len(ops) == 0
		for _, op := range ops {
			if err := whiteboard.In(w.room).Check(op); err != nil {
				return err
			}
		}
		return err
	}})
	return encrypted, done, err
}

// givePicture gives the homeserver a picture, if its bytes are those of one.
func (s *Service) givePicture(ctx context.Context, user id.UserID, p watch.Picture, encrypted bool) (m fileMessage, err error) {
	if p.Size <= 0 {
		return m, workspace.Refuse(workspace.Invalid, uploadEmpty)
	}
	if s.uploading.Take(string(user), s.now()) != pace.Allowed {
		return m, workspace.Refuse(workspace.RateLimited, filesTooFast)
	}
	if most := s.MaxUpload(ctx); p.Size > most {
		return m, workspace.Refuse(workspace.TooLarge, uploadTooLarge.With(most>>20))
	}
	end, err := s.fileTurns.take(ctx, user)
	if err != nil {
		return m, err
	}
	defer end()
	body := bufio.NewReaderSize(p.Body, 32<<10)
	head, err := body.Peek(int(min(sniffed, p.Size)))
	if err != nil {
		return m, workspace.Refuse(workspace.Invalid, uploadBroken).Because(err)
	}
	if imageType(head) == "" {
		return m, workspace.Refuse(workspace.Invalid, notAPicture)
	}
	return s.giveFile(ctx, watch.Upload{Size: p.Size, Body: body}, encrypted)
}

// OpenPicture fetches a picture of a whiteboard for somebody who may look into the room.
func (s *Service) OpenPicture(ctx context.Context, room id.RoomID, user id.UserID, at workspace.ItemID, picture string) (*watch.File, error) {
	if s.fetching.Take(string(user), s.now()) != pace.Allowed {
		return nil, workspace.Refuse(workspace.RateLimited, filesTooFast)
	}
	var p whiteboard.Picture
	var refusal error
	err := s.Visit(ctx, room, func(v watch.View) {
		if refusal = v.Room.May(user, workspace.Look); refusal != nil {
			return
		}
		var there bool
		if p, there = whiteboard.In(v.Room).Picture(at, picture); !there || !v.Open {
			refusal = workspace.Refuse(workspace.NotFound, pictureMissing)
		}
	})
	if err = errors.Join(err, refusal); err != nil {
		return nil, err
	}
	end, err := s.fileTurns.take(ctx, user)
	if err != nil {
		return nil, err
	}
	f, err := s.fetchPicture(ctx, p)
	if err != nil {
		end()
		return nil, err
	}
	f.Body = &released{f.Body, end}
	return f, nil
}

// fetchPicture fetches the bytes of a picture.
func (s *Service) fetchPicture(ctx context.Context, p whiteboard.Picture) (*watch.File, error) {
	uri, err := id.ParseContentURI(p.URL)
	if err != nil || !validMedia(uri) {
		return nil, workspace.Refuse(workspace.NotFound, pictureMissing)
	}
	var key *attachment.EncryptedFile
	if p.Key != "" {
		key = &attachment.EncryptedFile{
			Key:        attachment.JSONWebKey{Key: p.Key, Algorithm: "A256CTR", Extractable: true, KeyType: "oct", KeyOps: []string{"encrypt", "decrypt"}},
			InitVector: p.IV, Hashes: attachment.EncryptedFileHashes{SHA256: p.Hash}, Version: "v2",
		}
		if key.PrepareForDecryption() != nil {
			return nil, workspace.Refuse(workspace.NotFound, pictureMissing)
		}
	}
	resp, err := s.hs.openMedia(ctx, uri)
	if _, final := refused(err); final {
		return nil, workspace.Refuse(workspace.NotFound, pictureMissing).Because(withoutContent(err))
	}
	if err != nil {
		return nil, workspace.Refuse(workspace.Unavailable, fileUnreached).Because(withoutContent(err))
	}
	body := newVerified(http.MaxBytesReader(nil, resp, maxFetched), key)
	head, err := body.r.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(workspace.Refuse(workspace.Unavailable, fileUnreached).Because(err), body.Close())
	}
	return &watch.File{Name: "whiteboard", Image: imageType(head), Size: resp.size, Body: body}, nil
}

// PostPicture has the bot post a picture of a whiteboard into the room, which says whose it
// is and of what. The same picture again, by its ID, is posted once.
func (s *Service) PostPicture(ctx context.Context, room id.RoomID, user id.UserID, p watch.Picture) error {
	encrypted, title := false, ""
	// What has had its effect is remembered as events are: the homeserver may have forgotten
	// that it was sent.
	once := causedID("whiteboard", string(room), string(user), p.ID)
	posted := func(w *worker, st *step) (bool, error) {
		if w.handled[id.EventID(once)] || slices.Contains(st.Handled, id.EventID(once)) {
			return true, nil
		}
		return w.store.WasHandled(st.ctx, id.EventID(once))
	}
	may := func(w *worker) error {
		if err := w.room.May(user, whiteboard.PostDeed); err != nil {
			return err
		}
		it := whiteboard.In(w.room).Whiteboard(p.Whiteboard)
		switch {
		case !w.open():
			return workspace.Refuse(workspace.Forbidden, roomClosed)
		case it == nil:
			return workspace.Refuse(workspace.NotFound, pictureMissing)
		case !w.room.Power.Speaks(w.bot):
			return workspace.Refuse(workspace.Forbidden, botIsMute)
		}
		encrypted, title = w.room.Encrypted, it.Text(whiteboard.Title)
		return nil
	}
	done := false
	err := s.rooms.worker(room).await(ctx, job{run: func(w *worker, st *step) (err error) {
		if err = may(w); err == nil {
			done, err = posted(w, st)
		}
		return err
	}})
	if err != nil || done {
		return err
	}
	sealed := encrypted
	m, err := s.givePicture(ctx, user, p, sealed)
	if err != nil {
		return err
	}
	return s.rooms.worker(room).await(ctx, job{run: func(w *worker, st *step) error {
		if err := may(w); err != nil {
			return err
		}
		if done, err := posted(w, st); err != nil || done {
			return err
		}
		if encrypted != sealed {
			return workspace.Refuse(workspace.Unavailable, uploadBroken)
		}
		m.FileName = title + ".png"
		m.Body = bots.SentFromWhiteboard(w.room, user, title)
		w.queue(st, store.Outgoing{TxnID: once, Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(m)})
		st.Handled = append(st.Handled, id.EventID(once))
		return nil
	}})
}
