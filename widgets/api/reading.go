package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

var (
	noSuchCard = workspace.Text{
		De: "Diese Karte gibt es in diesem Raum nicht (mehr).",
		En: "This card does not exist in this room (any more).",
	}
	badQuery = workspace.Text{
		De: "Der Parameter %s ist fehlerhaft.",
		En: "The parameter %s is malformed.",
	}
	logIsOver = workspace.Text{
		De: "Die Änderungen seit dieser Stelle gibt es nicht mehr. Bitte lesen Sie das Board neu.",
		En: "The changes since that place do not exist any more. Please read the board anew.",
	}
)

// item is an item as answers show it, in the form of the live protocol.
type item struct{ *workspace.Item }

// MarshalJSON implements json.Marshaler.
func (it item) MarshalJSON() ([]byte, error) { return it.AppendJSON(nil), nil }

func itemsOf(all []*workspace.Item) []item {
	list := make([]item, len(all))
	for i, it := range all {
		list[i] = item{it}
	}
	return list
}

// room tells about the room, who is in it, and what whoever asks may do there.
func (a *API) room(c *gin.Context) (int, any, error) {
	type person struct {
		User id.UserID `json:"user_id"`
		Name string    `json:"name"`
	}
	var body struct {
		Room     id.RoomID          `json:"room_id"`
		Name     string             `json:"name"`
		Language workspace.Language `json:"language"`
		Seq      int64              `json:"seq"`
		Epoch    string             `json:"epoch"`
		Me       struct {
			User id.UserID `json:"user_id"`
			Can  struct {
				Edit      bool `json:"edit"`
				Configure bool `json:"configure"`
			} `json:"can"`
		} `json:"me"`
		Members []person `json:"members"`
	}
	err := a.visit(c, func(who caller, v watch.View) {
		body.Room, body.Name, body.Language, body.Seq = v.Room.ID, v.Room.Name, v.Room.Language, v.Room.Seq
		body.Epoch = a.History.Epoch() + v.Room.EditionMark()
		body.Me.User = who.user
		body.Me.Can.Edit, body.Me.Can.Configure = v.Room.Can(who.user, workspace.Edit) == nil, v.Room.Can(who.user, workspace.Configure) == nil
		for user, member := range v.Room.Members {
			if member.Membership == workspace.Joined {
				body.Members = append(body.Members, person{user, member.Name})
			}
		}
	})
	slices.SortFunc(body.Members, func(x, y person) int { return strings.Compare(string(x.User), string(y.User)) })
	return http.StatusOK, body, err
}

// labels lists the labels there are, with their colours.
func (a *API) labels(c *gin.Context) (int, any, error) {
	type label struct {
		Name  string `json:"name"`
		Color string `json:"color,omitempty"`
	}
	var tag string
	var fresh bool
	list := []label{}
	err := a.visit(c, func(_ caller, v watch.View) {
		if tag, fresh = a.state(c, v); fresh {
			for _, name := range v.Board.AllLabels() {
				list = append(list, label{name, v.Board.ColorOf(name)})
			}
		}
	})
	if err != nil {
		return 0, nil, err
	}
	return answer(c, tag, fresh, gin.H{"labels": list})
}

// query are the filters of a list of cards.
type query struct {
	column, label, assignee, priority, text string
	board                                   workspace.ItemID
	dueAfter, dueBefore                     string
	archived                                bool
	after                                   workspace.ItemID
	limit                                   int
}

const (
	usualPage = 100
	maxPage   = 500
)

func readQuery(c *gin.Context) (query, error) {
	q := query{
		column: c.Query("column"), board: workspace.ItemID(c.Query("board")), label: c.Query("label"), assignee: c.Query("assignee"), priority: c.Query("priority"), text: strings.ToLower(c.Query("text")),
		dueAfter: c.Query("due_after"), dueBefore: c.Query("due_before"), after: workspace.ItemID(c.Query("after")), limit: usualPage,
	}
	var err error
	if q.archived, err = readFlag(c, "archived"); err != nil {
		return q, err
	}
	for name, day := range map[string]string{"due_after": q.dueAfter, "due_before": q.dueBefore} {
		if day != "" && board.CheckField(board.KindCard, board.Due, workspace.String(day)) != nil {
			return q, workspace.Refuse(workspace.Invalid, badQuery.With(name))
		}
	}
	if text := c.Query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxPage {
			return q, workspace.Refuse(workspace.Invalid, badQuery.With("limit"))
		}
		q.limit = n
	}
	return q, nil
}

// readFlag reads a parameter that is true or false; absent is false.
func readFlag(c *gin.Context, name string) (bool, error) {
	switch c.Query(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, workspace.Refuse(workspace.Invalid, badQuery.With(name))
}

// fits reports whether a card is what is looked for.
func (q query) fits(card *workspace.Item) bool {
	due := card.Text(board.Due)
	switch {
	case q.column != "" && card.Text(board.Column) != q.column,
		q.label != "" && !slices.ContainsFunc(board.Labels(card), func(has string) bool { return strings.EqualFold(has, q.label) }),
		q.assignee == "nobody" && len(board.Assignees(card)) > 0,
		q.assignee != "" && q.assignee != "nobody" && !card.True(board.Assignee+"/"+q.assignee),
		q.priority == "normal" && card.Text(board.Priority) != "",
		q.priority != "" && q.priority != "normal" && card.Text(board.Priority) != q.priority,
		q.dueAfter != "" && (due == "" || due < q.dueAfter),
		q.dueBefore != "" && (due == "" || due > q.dueBefore):
		return false
	}
	return q.text == "" || strings.Contains(strings.ToLower(card.Text(board.Title)+"\n"+card.Text(board.Description)), q.text)
}

// cards lists cards in the order of the board, a page at a time.
func (a *API) cards(c *gin.Context) (int, any, error) {
	q, err := readQuery(c)
	if err != nil {
		return 0, nil, err
	}
	var tag string
	var fresh bool
	var all []*workspace.Item
	var refusal error
	err = a.visit(c, func(_ caller, v watch.View) {
		if refusal = needBoard(v, q.board); refusal != nil {
			return
		}
		if tag, fresh = a.state(c, v); !fresh {
			return
		}
		if q.archived {
			all = v.Board.Archive()
			if q.board != "" {
				all = slices.DeleteFunc(all, func(card *workspace.Item) bool { return v.Board.Whose(card) != q.board })
			}
			return
		}
		for _, column := range columnsOf(v, q.board) {
			all = append(all, v.Board.Cards(column.ID, -1)...)
		}
	})
	if err = errors.Join(err, refusal); err != nil {
		return 0, nil, err
	}
	if q.archived { // they have no order of their own
		slices.SortFunc(all, func(x, y *workspace.Item) int { return strings.Compare(string(x.ID), string(y.ID)) })
	}
	if q.after != "" && fresh {
		at := slices.IndexFunc(all, func(it *workspace.Item) bool { return it.ID == q.after })
		if at < 0 {
			return 0, nil, workspace.Refuse(workspace.NotFound, noSuchCard)
		}
		all = all[at+1:]
	}
	body := gin.H{}
	page := []item{}
	for _, card := range all {
		if !q.fits(card) {
			continue
		}
		if len(page) == q.limit {
			body["next"] = page[len(page)-1].ID
			break
		}
		page = append(page, item{card})
	}
	body["cards"] = page
	return answer(c, tag, fresh, body)
}

// card shows one card, an archived one too.
func (a *API) card(c *gin.Context) (int, any, error) {
	var tag string
	var fresh bool
	var found *workspace.Item
	err := a.visit(c, func(_ caller, v watch.View) {
		if found = named(v.Board, c.Param("card")); found != nil {
			tag, fresh = a.state(c, v)
		}
	})
	if err == nil && found == nil {
		err = workspace.Refuse(workspace.NotFound, noSuchCard)
	}
	if err != nil {
		return 0, nil, err
	}
	return answer(c, tag, fresh, item{found})
}

// named finds a card by its ID or, behind a #, by its number; deleted ones do not exist.
func named(b *board.Board, name string) *workspace.Item {
	var card *workspace.Item
	if number, ok := strings.CutPrefix(name, "#"); ok {
		card = b.ByNumber(number)
	} else {
		card = b.Card(workspace.ItemID(name))
	}
	if card == nil || card.Deleted() {
		return nil
	}
	return card
}

// changes lists what has happened after a place in the room's log.
func (a *API) changes(c *gin.Context) (int, any, error) {
	since, err := strconv.ParseInt(c.Query("since"), 10, 64)
	if err != nil || since < 0 {
		return 0, nil, workspace.Refuse(workspace.Invalid, badQuery.With("since"))
	}
	limit := usualPage
	if text := c.Query("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxPage {
			return 0, nil, workspace.Refuse(workspace.Invalid, badQuery.With("limit"))
		}
	}
	var room id.RoomID
	var seq, from int64
	var epoch string
	err = a.visit(c, func(who caller, v watch.View) {
		room, seq, from, epoch = who.room, v.Room.Seq, max(v.Room.LogFrom, v.Room.DrawnFrom), a.History.Epoch()+v.Room.EditionMark()
	})
	if err != nil {
		return 0, nil, err
	}
	if asked := c.Query("epoch"); asked != "" && asked != epoch || since < from || since > seq {
		return 0, nil, workspace.Refuse(workspace.Conflict, logIsOver)
	}
	commits, err := a.History.CommitsAfter(c.Request.Context(), room, since, limit)
	if err != nil {
		return 0, nil, err
	}
	type change struct {
		Seq int64              `json:"seq"`
		ID  workspace.ChangeID `json:"id"`
		By  id.UserID          `json:"by"`
		Via workspace.Via      `json:"via"`
		At  string             `json:"at"`
		Ops []workspace.Op     `json:"ops"`
	}
	list := make([]change, len(commits))
	for i, commit := range commits {
		list[i] = change{commit.Seq, commit.Change.ID, commit.Change.By, commit.Change.Via, commit.Change.At.Wall().Format("2006-01-02T15:04:05.000Z"), commit.Won}
		if list[i].Ops == nil {
			list[i].Ops = []workspace.Op{}
		}
	}
	return http.StatusOK, struct {
		Epoch   string   `json:"epoch"`
		Seq     int64    `json:"seq"`
		Changes []change `json:"changes"`
	}{epoch, seq, list}, nil
}

// describe answers with the description of the API.
func (a *API) describe(c *gin.Context) {
	c.Header("Cache-Control", "public, max-age=3600")
	c.Data(http.StatusOK, "application/json; charset=utf-8", Description())
}

// strict reads a body of which every field must be known.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		return workspace.Refuse(workspace.Invalid, badRequest)
	}
	return nil
}
