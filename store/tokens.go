package store

import (
	"context"
	"time"

	"maunium.net/go/mautrix/id"
)

// Scope is what a token of the REST API is good for.
type Scope string

// The scopes.
const (
	ReadScope  Scope = "read"
	WriteScope Scope = "write" // reading too
)

// TokenPrefix begins every token, so that it is known for one where it turns up.
const TokenPrefix = "wrt_"

// Token is a key to the REST API of one room, in the name of the person who made it.
type Token struct {
	Hash    string // SHA-256 of the token, hexadecimal; the token is not kept
	ID      string // by which people name it
	User    id.UserID
	Room    id.RoomID
	Scope   Scope
	Created time.Time
}

const selectToken = `SELECT hash, token_id, room_id, user_id, scope, created_at FROM tokens `

func scanToken(r rows) (t Token, err error) {
	var at int64
	err = r.Scan(&t.Hash, &t.ID, (*string)(&t.Room), (*string)(&t.User), (*string)(&t.Scope), &at)
	t.Created = time.UnixMilli(at)
	return t, err
}

func (t Token) insert() statement {
	return statement{`INSERT INTO tokens (hash, token_id, room_id, user_id, scope, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		[]any{t.Hash, t.ID, string(t.Room), string(t.User), string(t.Scope), t.Created.UnixMilli()}}
}

// Token returns the token with that hash, or ErrNotFound.
func (s *Store) Token(ctx context.Context, hash string) (Token, error) {
	return one(ctx, s.db, scanToken, selectToken+`WHERE hash = $1`, hash)
}

// TokensOf lists the tokens of a room, oldest first.
func (s *Store) TokensOf(ctx context.Context, room id.RoomID) ([]Token, error) {
	return all(ctx, s.db, scanToken, selectToken+`WHERE room_id = $1 ORDER BY created_at, token_id`, string(room))
}
