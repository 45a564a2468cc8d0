package api

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/watch"
)

// writer finds out who wants to change something, whether they may go on at this pace, and
// what they send.
func (a *API) writer(c *gin.Context) (who caller, name string, body []byte, err error) {
	if who, err = a.caller(c, store.WriteScope); err != nil {
		return who, "", nil, err
	}
	if err = a.Live.Pace(who.room, who.user); err != nil {
		return who, "", nil, err
	}
	if name, err = key(c); err != nil {
		return who, "", nil, err
	}
	body, err = io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return who, "", nil, workspace.Refuse(workspace.TooLarge, bodyTooLarge)
	}
	if err != nil {
		return who, "", nil, workspace.Refuse(workspace.Invalid, badRequest)
	}
	return who, name, body, nil
}

// shown answers with a card after a change of it.
func (a *API) shown(c *gin.Context, status int, who caller, m made, card workspace.ItemID) (int, any, error) {
	var found *workspace.Item
	if err := a.Rooms.Visit(c.Request.Context(), who.room, func(v watch.View) { found = v.Board.Card(card) }); err != nil || found == nil {
		return 0, nil, workspace.Refuse(workspace.Unavailable, cannotWorkHere).Because(err)
	}
	return status, struct {
		made
		Card item `json:"card"`
	}{m, item{found}}, nil
}

// cardNamed finds the card that the path names.
func (a *API) cardNamed(c *gin.Context, who caller) (workspace.ItemID, error) {
	var found *workspace.Item
	var refusal error
	err := a.Rooms.Visit(c.Request.Context(), who.room, func(v watch.View) {
		if refusal = mayLook(v, who.user); refusal == nil {
			found = named(v.Board, c.Param("card"))
		}
	})
	switch {
	case err != nil:
		return "", err
	case refusal != nil:
		return "", refusal
	case found == nil:
		return "", workspace.Refuse(workspace.NotFound, noSuchCard)
	}
	return found.ID, nil
}

// addCard makes a card. Without an ID it gets one that follows from the Idempotency-Key.
func (a *API) addCard(c *gin.Context) (int, any, error) {
	who, name, body, err := a.writer(c)
	if err != nil {
		return 0, nil, err
	}
	var act board.AddCard
	if err := strict(body, &act); err != nil {
		return 0, nil, err
	}
	if act.Card == "" {
		sum := sha256.Sum256([]byte(who.changeOf(name)))
		act.Card = workspace.ItemID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:20]))
	}
	m, err := a.do(c.Request.Context(), who, name, board.On(act))
	if err != nil {
		return 0, nil, err
	}
	return a.shown(c, http.StatusCreated, who, m, act.Card)
}

// onCard has something done with the card that the path names; act makes an act of the body.
func (a *API) onCard(c *gin.Context, act func(card workspace.ItemID, body []byte) (board.Act, error)) (int, any, error) {
	who, name, body, err := a.writer(c)
	if err != nil {
		return 0, nil, err
	}
	card, err := a.cardNamed(c, who)
	if err != nil {
		return 0, nil, err
	}
	wanted, err := act(card, body)
	if err != nil {
		return 0, nil, err
	}
	m, err := a.do(c.Request.Context(), who, name, board.On(wanted))
	if err != nil {
		return 0, nil, err
	}
	return a.shown(c, http.StatusOK, who, m, card)
}

// editCard changes a card.
func (a *API) editCard(c *gin.Context) (int, any, error) {
	return a.onCard(c, func(card workspace.ItemID, body []byte) (board.Act, error) {
		act := board.EditCard{}
		if err := strict(body, &act); err != nil {
			return nil, err
		}
		act.Card = card
		return act, nil
	})
}

// moveCard puts a card elsewhere.
func (a *API) moveCard(c *gin.Context) (int, any, error) {
	return a.onCard(c, func(card workspace.ItemID, body []byte) (board.Act, error) {
		act := board.MoveCard{}
		if err := strict(body, &act); err != nil {
			return nil, err
		}
		act.Card = card
		return act, nil
	})
}

// archiveCard puts a card into the archive, or takes it out of it.
func (a *API) archiveCard(c *gin.Context) (int, any, error) {
	return a.onCard(c, func(card workspace.ItemID, body []byte) (board.Act, error) {
		act := board.ArchiveCard{On: true}
		if len(body) > 0 {
			if err := strict(body, &act); err != nil {
				return nil, err
			}
		}
		act.Card = card
		return act, nil
	})
}

// deleteCard deletes a card, which can be undone.
func (a *API) deleteCard(c *gin.Context) (int, any, error) {
	return a.onCard(c, func(card workspace.ItemID, _ []byte) (board.Act, error) { return board.DeleteCard{Card: card}, nil })
}

// act does any act of the live protocol.
func (a *API) act(c *gin.Context) (int, any, error) {
	who, name, body, err := a.writer(c)
	if err != nil {
		return 0, nil, err
	}
	var asked struct {
		ID   string          `json:"id"`
		Act  string          `json:"act"`
		Args json.RawMessage `json:"args"`
	}
	if err := strict(body, &asked); err != nil {
		return 0, nil, err
	}
	if asked.ID != "" {
		if !idempotencyKey.MatchString(asked.ID) {
			return 0, nil, workspace.Refuse(workspace.Invalid, badKey)
		}
		name = asked.ID
	}
	ctx := c.Request.Context()
	var m made
	if asked.Act == "undo" {
		var args struct {
			Change workspace.ChangeID `json:"change"`
		}
		if len(asked.Args) > 0 {
			if err := strict(asked.Args, &args); err != nil {
				return 0, nil, err
			}
		}
		m, err = a.await(ctx, who, name, func(change workspace.ChangeID, reply func(int64, error)) {
			a.Rooms.UndoVia(who.via, who.room, who.user, change, args.Change, reply)
		})
	} else {
		var act workspace.Act
		if act, err = surfaces.Decode(asked.Act, asked.Args); err != nil {
			return 0, nil, err
		}
		m, err = a.do(ctx, who, name, act)
	}
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, m, nil
}
