package appservice

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/appservice/encryption"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

const (
	// maxFetched bounds one file, which is passed on as it comes.
	maxFetched = 1 << 30
	// maxShown bounds what is fetched as a whole for want of a small picture.
	maxShown = 10 << 20
	// underWay is how long a homeserver may need to show a message that it has taken.
	underWay = time.Minute
)

var (
	fileMissing = workspace.Text{
		De: "Diese Datei gibt es nicht mehr. Vielleicht wurde die Nachricht entfernt, zu der sie gehört.",
		En: "This file does not exist any more. Perhaps the message that it belongs to was removed.",
	}
	fileUnderWay = workspace.Text{
		De: "Diese Datei ist noch auf dem Weg in den Raum. Bitte versuchen Sie es in einem Augenblick noch einmal.",
		En: "This file is still on its way into the room. Please try again in a moment.",
	}
	fileLocked = workspace.Text{
		De: "Diese Datei ist verschlüsselt, und Werkraum hat den Schlüssel noch nicht bekommen. In Ihrem Chatprogramm können Sie sie öffnen.",
		En: "This file is encrypted, and Werkraum has not been given the key yet. You can open it in your chat program.",
	}
	fileUnreached = workspace.Text{
		De: "Der Matrix-Server gibt die Datei gerade nicht heraus. Bitte versuchen Sie es später noch einmal.",
		En: "The Matrix server does not hand the file over at the moment. Please try again later.",
	}
	fileTooLarge = workspace.Text{
		De: "Diese Datei ist zu groß, um sie hier zu zeigen. In Ihrem Chatprogramm können Sie sie öffnen.",
		En: "This file is too large to be shown here. You can open it in your chat program.",
	}
	filesTooFast = workspace.Text{
		De: "Das waren sehr viele Dateien auf einmal. Bitte warten Sie einen Augenblick.",
		En: "These were a great many files at once. Please wait a moment.",
	}
)

// The paces of files, for each person.
var (
	fetchPace  = pace.Limit{Most: 600, Per: time.Minute}
	uploadPace = pace.Limit{Most: 60, Per: 10 * time.Minute}
)

// OpenFile fetches an attachment for somebody who may look into the room; small asks for
// a picture that is large enough for a card's face. Where it is and what opens it is read
// from its message, each time anew: what was deleted there is gone here too.
func (s *Service) OpenFile(ctx context.Context, room id.RoomID, user id.UserID, card workspace.ItemID, file string, small bool) (*watch.File, error) {
	if s.fetching.Take(string(user), s.now()) != pace.Allowed {
		return nil, workspace.Refuse(workspace.RateLimited, filesTooFast)
	}
	f, err := s.fileFor(ctx, room, user, card, file)
	if err != nil {
		return nil, err
	}
	end, err := s.fileTurns.take(ctx, user)
	if err != nil {
		return nil, err
	}
	opened, err := s.fetchFile(ctx, room, card, f, small)
	if err != nil {
		end()
		return nil, err
	}
	opened.Body = &released{opened.Body, end}
	return opened, nil
}

// fileFor finds an attachment that somebody may have.
func (s *Service) fileFor(ctx context.Context, room id.RoomID, user id.UserID, card workspace.ItemID, file string) (f board.CardFile, err error) {
	var refusal error
	err = s.Visit(ctx, room, func(v watch.View) {
		if refusal = v.Room.May(user, workspace.Look); refusal != nil {
			return
		}
		if !v.Open {
			refusal = workspace.Refuse(workspace.Forbidden, roomClosed)
			return
		}
		it := v.Board.Card(card)
		there := it != nil && !it.Deleted()
		if there {
			f, there = board.FileOf(it, file)
		}
		switch {
		case !there:
			refusal = workspace.Refuse(workspace.NotFound, fileMissing)
		case f.Event == "":
			refusal = workspace.Refuse(workspace.Unavailable, fileUnderWay)
		}
	})
	if err != nil {
		return f, err
	}
	return f, refusal
}

func (s *Service) fetchFile(ctx context.Context, room id.RoomID, card workspace.ItemID, f board.CardFile, small bool) (*watch.File, error) {
	e, err := s.hs.event(ctx, room, f.Event)
	if _, final := refused(err); final && s.now().Sub(f.Since()) < underWay {
		return nil, workspace.Refuse(workspace.Unavailable, fileUnderWay) // Dendrite takes an event before it shows it
	} else if final {
		return nil, workspace.Refuse(workspace.NotFound, fileMissing)
	}
	if err != nil {
		return nil, workspace.Refuse(workspace.Unavailable, fileUnreached).Because(withoutContent(err))
	}
	if e.ID != f.Event {
		return nil, workspace.Refuse(workspace.Unavailable, fileUnreached).Because(errAnswer)
	}
	if e.redacted() {
		s.loseFile(room, card, f)
		return nil, workspace.Refuse(workspace.NotFound, fileMissing)
	}
	if err := s.openEnvelope(ctx, room, &e); err != nil {
		return nil, workspace.Refuse(workspace.Unavailable, fileLocked).Because(err)
	}
	in, err := carriedBy(e)
	if err != nil {
		return nil, workspace.Refuse(workspace.NotFound, fileMissing).Because(err)
	}
	limit := int64(maxFetched)
	var resp *mediaBody
	if small {
		limit = maxShown
		if in.key == nil {
			resp, err = s.hs.openThumbnail(ctx, in.url)
		}
	}
	if resp == nil || err != nil {
		resp, err = s.hs.openMedia(ctx, in.url)
	}
	if _, final := refused(err); final {
		return nil, workspace.Refuse(workspace.NotFound, fileMissing).Because(withoutContent(err))
	}
	if err != nil {
		return nil, workspace.Refuse(workspace.Unavailable, fileUnreached).Because(withoutContent(err))
	}
	body := newVerified(http.MaxBytesReader(nil, resp, limit), in.key)
	if resp.size > limit {
		return nil, errors.Join(workspace.Refuse(workspace.TooLarge, fileTooLarge), body.Close())
	}
	head, err := body.r.Peek(sniffed)
	if err != nil && len(head) == 0 && resp.size != 0 {
		return nil, errors.Join(workspace.Refuse(workspace.Unavailable, fileUnreached).Because(err), body.Close())
	}
	return &watch.File{Name: f.Name, Image: imageType(head), Size: resp.size, Body: body}, nil
}

// openEnvelope decrypts an event that was asked for.
func (s *Service) openEnvelope(ctx context.Context, room id.RoomID, e *envelope) error {
	if e.Type != typeEncrypted {
		return nil
	}
	device := s.cipher.device.Load()
	if device == nil {
		return errNoEncryption
	}
	kind, content, err := device.Decrypt(ctx, encryption.Encrypted{Event: e.ID, Room: room, Sender: e.Sender, Content: e.Content})
	if err == nil {
		e.Type, e.Content = kind, content
	}
	return err
}

// loseFile takes an attachment off whose message is empty: it was deleted while nobody
// here heard of it.
func (s *Service) loseFile(room id.RoomID, card workspace.ItemID, f board.CardFile) {
	s.rooms.worker(room).note(func(w *worker, st *step) error {
		if it := w.board.Card(card); it != nil {
			if now, there := board.FileOf(it, f.ID); there && now.Event == f.Event {
				w.takeFileOff(st, card, f.ID, "lost")
			}
		}
		return nil
	})
}

// released gives back what a file on its way has held.
type released struct {
	body io.ReadCloser
	give func()
}

// Read implements io.Reader.
func (r *released) Read(p []byte) (int, error) { return r.body.Read(p) }

// Close implements io.Closer.
func (r *released) Close() error {
	r.give()
	return r.body.Close()
}
