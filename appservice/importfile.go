package appservice

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

const (
	// importPatience bounds how long a room's events wait for a file that is to be imported.
	importPatience = 45 * time.Second
	// importsAtOnce bounds the files of all rooms that are read into memory for that, of
	// each person one.
	importsAtOnce = 4
)

var (
	noFileThere = workspace.Text{
		De: "Zu dieser Nachricht gehört keine Datei. Bitte antworten Sie auf die Nachricht mit der Datei.",
		En: "There is no file with this message. Please reply to the message with the file.",
	}
	importTooLarge = workspace.Text{
		De: "Die Datei ist zu groß; möglich sind höchstens %d MB.",
		En: "The file is too large; at most %d MB are possible.",
	}
)

// importRequest is a file that somebody wants to import: what its message carries is read
// as days are meant and words are written in the room.
type importRequest struct {
	by   id.UserID
	lang workspace.Language
	zone *time.Location
}

// fetchFile asks for the file of an earlier message before the event is handled once more.
func (w *worker) fetchFile(st *step, in *incoming, carrier id.EventID) {
	st.fetch(in, carrier)
	st.read.file = &importRequest{in.Sender, w.room.Language, w.room.Zone}
}

// carried reads the file that a message carries, nil for a message that cannot be had. It
// runs beside the worker.
func (w *worker) carried(ctx context.Context, r *importRequest, message *envelope, asked id.EventID) *bots.Carried {
	read, err := w.readCarried(ctx, r, message, asked)
	if e := workspace.AsError(err); err != nil && e.Cause != nil {
		w.log.Warn().Err(withoutContent(e.Cause)).Stringer("room_id", w.id).Msg("Could not read a file that somebody wants to import")
	}
	return &bots.Carried{Reading: read, Err: err}
}

func (w *worker) readCarried(ctx context.Context, r *importRequest, message *envelope, asked id.EventID) (board.Reading, error) {
	switch {
	case message == nil || message.ID != asked || message.redacted():
		return board.Reading{}, workspace.Refuse(workspace.NotFound, fileMissing)
	case message.Type == typeEncrypted:
		return board.Reading{}, workspace.Refuse(workspace.Unavailable, fileLocked)
	}
	in, err := carriedBy(*message)
	if err != nil {
		return board.Reading{}, workspace.Refuse(workspace.Invalid, noFileThere)
	}
	ctx, cancel := context.WithTimeout(ctx, importPatience)
	defer cancel()
	end, err := w.importTurns.take(ctx, r.by)
	if err != nil {
		return board.Reading{}, workspace.Refuse(workspace.Unavailable, overloaded)
	}
	defer end()
	data, err := w.wholeFile(ctx, in)
	if err != nil {
		return board.Reading{}, err
	}
	var read board.Reading
	err = w.guard(func() (err error) { // it is no event's fault, and beside the worker nobody else catches a panic
		read, err = w.Reader(data, r.lang, r.zone)
		return err
	})
	return read, err
}

// wholeFile fetches a file that is small enough to be imported.
func (s *Service) wholeFile(ctx context.Context, in carried) (data []byte, err error) {
	tooLarge := workspace.Refuse(workspace.TooLarge, importTooLarge.With(board.MaxFile>>20))
	resp, err := s.hs.openMedia(ctx, in.url)
	if _, final := refused(err); final {
		return nil, workspace.Refuse(workspace.NotFound, fileMissing).Because(err)
	}
	if err != nil {
		return nil, workspace.Refuse(workspace.Unavailable, fileUnreached).Because(err)
	}
	body := newVerified(http.MaxBytesReader(nil, resp, board.MaxFile), in.key)
	defer func() { _ = body.Close() }() // what was read is whole, or an error was returned
	if resp.size > board.MaxFile {
		return nil, tooLarge
	}
	data, err = io.ReadAll(body)
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, tooLarge
	}
	if err != nil {
		return nil, workspace.Refuse(workspace.Unavailable, fileUnreached).Because(err)
	}
	return data, nil
}
