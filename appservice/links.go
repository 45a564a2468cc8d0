package appservice

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
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
func (w *worker) answerLink(st *step, user id.UserID, cause string, to linkTo) {
	rooms := []store.Room{w.row}
	if w.row.Info.Direct != "" {
		var err error
		if rooms, err = w.store.RoomsOf(st.ctx, user); err != nil {
			w.log.Error().Err(err).Msg("Could not list a person's rooms")
			return
		}
	}
	if !w.sendLinks(st, user, rooms, cause, to) {
		w.say(st, bots.NoLinks(w.room.Language), causedID("nolinks", cause), nil)
	}
}

// linkTo is what a link leads to other than the board.
type linkTo struct {
	format     string           // a download of the board in it
	whiteboard workspace.ItemID // that whiteboard
}

// sendLinks sends a person one-time links to those of the rooms that have a board, and
// to their own work, if their direct chat is among them, in one direct message; false
// means that there are none. Who may look at it is asked
// when the link is redeemed. cause makes the message's ID.
func (w *worker) sendLinks(st *step, user id.UserID, rooms []store.Room, cause string, to linkTo) bool {
	lang := w.room.Language
	var links []bots.RoomLink
	secret := false
	// Last comes the person's own work, which is where they are alone with the bot.
	rooms = slices.Clone(rooms)
	slices.SortStableFunc(rooms, func(a, b store.Room) int { return cmp.Compare(a.Info.Direct, b.Info.Direct) })
	chat, err := w.store.DirectRoomOf(st.ctx, user)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		w.log.Error().Err(err).Msg("Could not look up a direct chat")
	}
	for _, room := range rooms {
		own := room.Info.Direct == user && room.ID == chat
		if room.Info.Direct != "" && !own || room.Info.Encrypted && w.lacksEncryption() || room.Info.Successor != "" || len(links) >= maxLinks && !own ||
			!w.Federation.Admits(user, room.Info.ACLs) {
			continue
		}
		secret = secret || room.Info.Encrypted || w.isSecret(room.ID) || own && w.hasSecrets(st, user)
		token := rand.Text()
		st.Links = append(st.Links, store.Link{Hash: HashToken(token), User: user, Room: room.ID, Expires: st.now.Add(w.LinkTTL)})
		roomLang := room.Info.Language
		if roomLang == "" {
			roomLang = w.Language
		}
		// Behind the # it reaches no server's log and no preview can redeem it.
		link := bots.RoomLink{Room: room.Info.Name, Own: own, URL: w.PublicURL + "/#/link?token=" + url.QueryEscape(token) + "&lang=" + string(roomLang)}
		if to.format != "" {
			link.URL += "&export=" + url.QueryEscape(to.format)
		}
		if to.whiteboard != "" {
			link.URL += "&whiteboard=" + url.QueryEscape(string(to.whiteboard))
		}
		links = append(links, link)
	}
	if len(links) == 0 {
		return false
	}
	text := bots.LinkMessage(lang, links, int(w.LinkTTL.Minutes()))
	if to.format != "" {
		text = bots.ExportMessage(lang, links[0], to.format, int(w.LinkTTL.Minutes()))
	}
	if it := whiteboard.In(w.room).Whiteboard(to.whiteboard); it != nil {
		text = bots.WhiteboardLink(lang, links[0], it.Text(whiteboard.Title), int(w.LinkTTL.Minutes()))
	}
	w.queue(st, store.Outgoing{TxnID: causedID("link", cause), Task: store.TaskDirect, User: user, Content: rawJSON(newNotice(text)), Secret: secret})
	return true
}

// hasSecrets reports whether a person is in an encrypted room, of whose cards their own
// work tells.
func (w *worker) hasSecrets(st *step, user id.UserID) bool {
	rooms, err := w.store.RoomsOf(st.ctx, user)
	return err != nil || slices.ContainsFunc(rooms, func(r store.Room) bool { return w.works(r) && (r.Info.Encrypted || w.isSecret(r.ID)) })
}

// RequestLinks sends a person links because they entered their Matrix ID on
// the page: to one room, or to all of theirs if room is "". Who is in no room
// with the bot gets nothing; the caller learns of neither.
func (s *Service) RequestLinks(ctx context.Context, user id.UserID, room id.RoomID) error {
	rooms, err := s.store.RoomsOf(ctx, user)
	if err != nil || !s.Federation.MayParticipate(user) {
		return err
	}
	rooms = slices.DeleteFunc(rooms, func(r store.Room) bool {
		return r.Info.Direct != "" && r.Info.Direct != user || room != "" && r.ID != room
	})
	if len(rooms) > 0 {
		s.rooms.worker(rooms[0].ID).note(func(w *worker, st *step) error {
			w.sendLinks(st, user, rooms, rand.Text(), linkTo{})
			return nil
		})
	}
	return nil
}
