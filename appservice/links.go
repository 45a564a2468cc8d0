package appservice

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
)

// HashToken is how secrets are kept: the store never sees a token.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// maxLinks bounds how many rooms one request yields links for.
const maxLinks = 20

// answerLink carries out !link: a link to this room, or, from a direct chat, to
// each of the person's rooms.
func (w *worker) answerLink(st *step, user id.UserID, cause string) {
	rooms := []store.Room{w.row}
	if w.row.Info.Direct != "" {
		var err error
		if rooms, err = w.store.RoomsOf(st.ctx, user); err != nil {
			w.log.Error().Err(err).Msg("Could not list a person's rooms")
			return
		}
	}
	if !w.sendLinks(st, user, rooms, cause) {
		w.say(st, bots.NoLinks(w.room.Language), causedID("nolinks", cause), nil)
	}
}

// sendLinks sends a person one-time links to those of the rooms that have a board,
// in one direct message; false means that none has. Who may look at it is asked
// when the link is redeemed. cause makes the message's ID.
func (w *worker) sendLinks(st *step, user id.UserID, rooms []store.Room, cause string) bool {
	lang := w.room.Language
	var links []bots.RoomLink
	secret := false
	for _, room := range rooms {
		if room.Info.Direct != "" || room.Info.Encrypted && w.lacksEncryption() || room.Info.Successor != "" || len(links) == maxLinks ||
			!w.Federation.Admits(user, room.Info.ACLs) {
			continue
		}
		secret = secret || room.Info.Encrypted || w.isSecret(room.ID)
		token := rand.Text()
		st.Links = append(st.Links, store.Link{Hash: HashToken(token), User: user, Room: room.ID, Expires: st.now.Add(w.LinkTTL)})
		roomLang := room.Info.Language
		if roomLang == "" {
			roomLang = w.Language
		}
		// Behind the # it reaches no server's log and no preview can redeem it.
		links = append(links, bots.RoomLink{
			Room: room.Info.Name, URL: w.PublicURL + "/#/link?token=" + url.QueryEscape(token) + "&lang=" + string(roomLang),
		})
	}
	if len(links) == 0 {
		return false
	}
	text := bots.LinkMessage(lang, links, int(w.LinkTTL.Minutes()))
	w.queue(st, store.Outgoing{TxnID: causedID("link", cause), Task: store.TaskDirect, User: user, Content: rawJSON(newNotice(text)), Secret: secret})
	return true
}

// RequestLinks sends a person links because they entered their Matrix ID on
// the page: to one room, or to all of theirs if room is "". Who is in no room
// with the bot gets nothing; the caller learns of neither.
func (s *Service) RequestLinks(ctx context.Context, user id.UserID, room id.RoomID) error {
	rooms, err := s.store.RoomsOf(ctx, user)
	if err != nil || !s.Federation.MayParticipate(user) {
		return err
	}
	rooms = slices.DeleteFunc(rooms, func(r store.Room) bool { return r.Info.Direct != "" || room != "" && r.ID != room })
	if len(rooms) > 0 {
		s.rooms.worker(rooms[0].ID).note(func(w *worker, st *step) error {
			w.sendLinks(st, user, rooms, rand.Text())
			return nil
		})
	}
	return nil
}
