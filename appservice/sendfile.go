package appservice

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

var (
	uploadTooLarge = workspace.Text{
		De: "Diese Datei ist zu groß; möglich sind höchstens %d MB.",
		En: "This file is too large; at most %d MB are possible.",
	}
	uploadEmpty = workspace.Text{
		De: "Diese Datei ist leer und wurde nicht angehängt.",
		En: "This file is empty and was not attached.",
	}
	uploadBroken = workspace.Text{
		De: "Die Datei kam nicht vollständig an. Bitte versuchen Sie es noch einmal.",
		En: "The file did not arrive completely. Please try again.",
	}
	uploadUnreached = workspace.Text{
		De: "Der Matrix-Server nimmt die Datei gerade nicht an. Bitte versuchen Sie es später noch einmal.",
		En: "The Matrix server does not take the file at the moment. Please try again later.",
	}
	uploadMalformed = workspace.Text{
		De: "Diese Datei ließ sich nicht anhängen. Bitte laden Sie die Seite neu.",
		En: "This file could not be attached. Please reload the page.",
	}
)

// MaxUpload is how large a file may be that is sent from the page, in bytes.
func (s *Service) MaxUpload(ctx context.Context) int64 {
	if theirs := s.hs.maxUpload(ctx); theirs > 0 {
		return min(theirs, s.Limits.UploadBytes)
	}
	return s.Limits.UploadBytes
}

// SendFile attaches a file that somebody sends from the page: it is given to the
// homeserver as it comes, and then posted in the card's thread by the bot, which says whose
// it is. The same file again, by its ID, is attached once.
func (s *Service) SendFile(ctx context.Context, room id.RoomID, user id.UserID, u watch.Upload) error {
	change := workspace.ChangeID("file-" + u.File + "~" + string(user))
	name := board.FileName(u.Name)
	act := board.AddFile{Card: u.Card, File: u.File, Name: name, Type: board.Document, Size: u.Size}
	if name == "" {
		return workspace.Refuse(workspace.Invalid, uploadMalformed)
	}
	if u.Size <= 0 {
		return workspace.Refuse(workspace.Invalid, uploadEmpty)
	}
	encrypted, done, err := s.mayAttach(ctx, room, user, change, act)
	if err != nil || done {
		return err
	}
	if s.uploading.Take(string(user), s.now()) != pace.Allowed {
		return workspace.Refuse(workspace.RateLimited, filesTooFast)
	}
	if most := s.MaxUpload(ctx); u.Size > most {
		return workspace.Refuse(workspace.TooLarge, uploadTooLarge.With(most>>20))
	}
	end, err := s.fileTurns.take(ctx, user)
	if err != nil {
		return err
	}
	m, err := s.giveFile(ctx, u, encrypted)
	end()
	if err != nil {
		return err
	}
	for kind, what := range fileTypes {
		if kind == m.MsgType {
			act.Type = what
		}
	}
	m.FileName = name
	return s.rooms.worker(room).await(ctx, job{change: change, run: func(w *worker, st *step) error {
		if w.knownChange(st, change) > 0 {
			return nil
		}
		if !w.open() || w.room.Encrypted != encrypted {
			return workspace.Refuse(workspace.Unavailable, uploadBroken)
		}
		if _, err := w.act(st, user, workspace.ViaWidget, change, board.On(act)); err != nil {
			return err
		}
		w.postFile(st, user, act, m)
		return nil
	}})
}

// mayAttach judges an upload before its bytes are read; done is set if it was made before.
func (s *Service) mayAttach(ctx context.Context, room id.RoomID, user id.UserID, change workspace.ChangeID, act board.AddFile) (encrypted, done bool, err error) {
	err = s.rooms.worker(room).await(ctx, job{change: change, run: func(w *worker, st *step) error {
		if err := w.room.May(user, act.Deeds(user)...); err != nil {
			return err
		}
		if !w.open() {
			return workspace.Refuse(workspace.Forbidden, roomClosed)
		}
		if done = w.knownChange(st, change) > 0; done {
			return nil
		}
		encrypted = w.room.Encrypted
		ops, err := act.Ops(w.board, user, st.now)
		if err != nil {
			return err
		}
		for _, op := range ops {
			if err := w.board.Check(op); err != nil {
				return err
			}
		}
		return nil
	}})
	return encrypted, done, err
}

// inThread gives a message with a file its place: the thread of its card's message, which
// is looked up only now, for it may have been sent just before.
func (o *outbox) inThread(ctx context.Context, room id.RoomID, item store.Outgoing) (json.RawMessage, error) {
	var root id.EventID
	err := o.rooms.worker(room).await(ctx, job{must: true, run: func(w *worker, _ *step) error {
		root = w.cardOwn[item.Card]
		return nil
	}})
	if err != nil || root == "" { // without a message of the card's it stands by itself
		return item.Content, err
	}
	var m fileMessage
	if err := json.Unmarshal(item.Content, &m); err != nil {
		return nil, err
	}
	m.Relates = &relation{Type: "m.thread", Event: root, Falling: true, InReplyTo: &replyTo{root}}
	return rawJSON(m), nil
}

// giveFile gives the homeserver the file, and returns the message that carries it.
func (s *Service) giveFile(ctx context.Context, u watch.Upload, encrypted bool) (m fileMessage, err error) {
	body := bufio.NewReaderSize(io.LimitReader(u.Body, u.Size), 32<<10)
	head, err := body.Peek(sniffed)
	if len(head) == 0 {
		return m, workspace.Refuse(workspace.Invalid, uploadBroken).Because(err)
	}
	m.Info = fileInfo{Type: typeOf(head), Size: u.Size}
	m.MsgType = messageOf(m.Info.Type)
	var uri id.ContentURI
	if encrypted {
		m.File = &sealedFile{EncryptedFile: *attachment.NewEncryptedFile()}
		stream := m.File.EncryptStream(body)
		if uri, err = s.hs.upload(ctx, io.MultiReader(stream), justBytes, u.Size); err == nil {
			err = stream.Close()
		}
		m.File.URL = uri.String()
	} else {
		uri, err = s.hs.upload(ctx, body, m.Info.Type, u.Size)
		m.URL = uri.String()
	}
	switch code, final := refused(err); {
	case err == nil:
		return m, nil
	case code == "M_TOO_LARGE":
		return m, workspace.Refuse(workspace.TooLarge, uploadTooLarge.With(max(u.Size>>20, 1)))
	case ctx.Err() != nil:
		return m, workspace.Refuse(workspace.Invalid, uploadBroken).Because(ctx.Err())
	case final:
		s.log.Warn().Err(withoutContent(err)).Msg("The homeserver refused a file")
	}
	return m, workspace.Refuse(workspace.Unavailable, uploadUnreached).Because(withoutContent(err))
}

// messageOf is the message that carries a file of that content type.
func messageOf(contentType string) string {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return "m.image"
	case "video/mp4", "video/webm":
		return "m.video"
	case "audio/mpeg", "audio/wave", "application/ogg":
		return "m.audio"
	}
	return "m.file"
}

// postFile queues the message with the file, in the card's thread; a card without a
// message of its own gets one first.
func (w *worker) postFile(st *step, by id.UserID, f board.AddFile, m fileMessage) {
	m.Body = bots.SentFrom(w.room, by, f.Name)
	w.needMessage(st, f.Card)
	w.queue(st, store.Outgoing{
		TxnID: w.fileTxn(f.Card, f.File), Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(m), Card: f.Card, File: f.File,
	})
}
