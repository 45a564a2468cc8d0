package appservice

import (
	"crypto/rand"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
)

// maxTokens bounds the tokens of a room.
const maxTokens = 20

// answerToken makes, lists or revokes tokens of the REST API. The rights were judged when the
// command was read; what comes of it is told to the person alone.
func (w *worker) answerToken(st *step, user id.UserID, wish bots.TokenWish, cause string) error {
	tokens, err := w.store.TokensOf(st.ctx, w.id)
	if err != nil {
		return err
	}
	tokens = append(tokens, st.Tokens...)
	tokens = slices.DeleteFunc(tokens, func(t store.Token) bool { return slices.Contains(st.Revoke, t.ID) })
	lang, name := w.room.Language, w.row.Info.Name
	var text bots.Message
	switch wish.Deed {
	case workspace.AddToken:
		if len(tokens) >= maxTokens {
			text = bots.TokensFull(lang, maxTokens)
			break
		}
		secret := store.TokenPrefix + strings.ToLower(rand.Text()+rand.Text())
		t := store.Token{Hash: HashToken(secret), ID: strings.ToLower(rand.Text()[:6]), User: user, Room: w.id, Scope: store.ReadScope, Created: st.now}
		if wish.Write {
			t.Scope = store.WriteScope
		}
		st.Tokens = append(st.Tokens, t)
		st.note(store.AuditEntry{Act: store.TokenMade, Actor: user, Detail: string(t.Scope) + " " + t.ID})
		text = bots.TokenMade(lang, name, secret, w.PublicURL+"/api/v1/openapi.json", bots.TokenShown{ID: t.ID, Write: wish.Write})
	case workspace.ListTokens:
		shown := make([]bots.TokenShown, len(tokens))
		for i, t := range tokens {
			by := w.room.Members[t.User].Name
			if by == "" {
				by = string(t.User)
			}
			shown[i] = bots.TokenShown{ID: t.ID, Write: t.Scope == store.WriteScope, By: by, Since: t.Created}
		}
		text = bots.TokenList(lang, name, shown)
	case workspace.RevokeToken:
		at := slices.IndexFunc(tokens, func(t store.Token) bool { return t.ID == wish.ID })
		if at >= 0 {
			st.Revoke = append(st.Revoke, wish.ID)
			st.note(store.AuditEntry{Act: store.TokenRevoked, Actor: user, Subject: tokens[at].User, Detail: wish.ID})
		}
		text = bots.TokenGone(lang, wish.ID, at >= 0)
	}
	secret := w.room.Encrypted || w.isSecret(w.id)
	w.queue(st, store.Outgoing{TxnID: causedID("token", cause), Task: store.TaskDirect, User: user, Content: rawJSON(newNotice(text)), Secret: secret})
	return nil
}
