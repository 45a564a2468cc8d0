package appservice

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
)

// HashToken is how secrets are kept: the store never sees a token.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// maxLinks bounds how many rooms one request yields links for.
const maxLinks = 20

// sendLinks sends a person one-time links by direct message: to this room, or,
// from a direct chat, to each of their rooms. cause makes the messages' IDs.
func (w *worker) sendLinks(st *step, user id.UserID, cause string) {
	rooms := []store.Room{w.row}
	if w.row.Info.Direct != "" {
		var err error
		if rooms, err = w.store.RoomsOf(st.ctx, user); err != nil {
			w.log.Error().Err(err).Msg("Could not list a person's rooms")
			return
		}
	}
	sent := 0
	for _, room := range rooms {
		if room.Info.Direct != "" || room.Info.Encrypted || room.Info.Successor != "" || sent == maxLinks {
			continue
		}
		sent++
		w.sendLink(st, user, room, causedID("link", cause, strconv.Itoa(sent)))
	}
	if sent == 0 {
		w.say(st, bots.NoLinks(w.room.Language), causedID("nolinks", cause), nil)
	}
}

func (w *worker) sendLink(st *step, user id.UserID, room store.Room, txn string) {
	token := rand.Text()
	st.Links = append(st.Links, store.Link{Hash: HashToken(token), User: user, Room: room.ID, Expires: st.now.Add(w.LinkTTL)})
	lang := room.Info.Language
	if lang == "" {
		lang = w.Language
	}
	// Behind the # it reaches no server's log and no preview can redeem it.
	address := w.PublicURL + "/#/link?token=" + url.QueryEscape(token) + "&lang=" + string(lang)
	text := bots.LinkMessage(lang, room.Info.Name, address, int(w.LinkTTL.Minutes()))
	w.queue(st, store.Outgoing{TxnID: txn, Task: store.TaskDirect, User: user, Content: rawJSON(newNotice(text))})
}

// RequestLinks sends a person links because they entered their Matrix ID on
// the page: to one room, or to all of theirs if room is "". Who is in no room
// with the bot gets nothing; the caller learns of neither.
func (s *Service) RequestLinks(ctx context.Context, user id.UserID, room id.RoomID) error {
	rooms, err := s.store.RoomsOf(ctx, user)
	if err != nil {
		return err
	}
	sent := 0
	for _, r := range rooms {
		if (room != "" && r.ID != room) || r.Info.Direct != "" || sent == maxLinks {
			continue
		}
		sent++
		s.rooms.worker(r.ID).note(func(w *worker, st *step) error {
			if w.open() && w.room.May(user, workspace.See) == nil {
				w.sendLink(st, user, w.row, causedID("link", rand.Text()))
			}
			return nil
		})
	}
	return nil
}
