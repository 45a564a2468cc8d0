package api

import (
	"errors"

	"github.com/gin-gonic/gin"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

var noSuchBoard = workspace.Text{
	De: "Dieses Board gibt es in diesem Raum nicht (mehr).",
	En: "This board does not exist in this room (any more).",
}

// needBoard refuses a board that is named and is not there; one in the archive is.
func needBoard(v watch.View, on workspace.ItemID) error {
	if on != "" && !v.Board.Has(on) {
		return workspace.Refuse(workspace.NotFound, noSuchBoard)
	}
	return nil
}

// columnsOf are the columns of one board, or of all that are seen.
func columnsOf(v watch.View, on workspace.ItemID) []*workspace.Item {
	if on == "" {
		return v.Board.Columns()
	}
	return v.Board.ColumnsOn(on)
}

// boardAnswer is a board as answers show it: an item with its columns. The main board need
// not be an item, so what it is called stands beside the fields.
type boardAnswer struct {
	ID      workspace.ItemID           `json:"id"`
	Kind    workspace.Kind             `json:"kind"`
	Title   string                     `json:"title"`
	Fields  map[string]workspace.Value `json:"fields"`
	Columns []item                     `json:"columns"`
}

// boards lists the boards in the order of their tabs, or those in the archive.
func (a *API) boards(c *gin.Context) (int, any, error) {
	archived, err := readFlag(c, "archived")
	if err != nil {
		return 0, nil, err
	}
	var tag string
	var fresh bool
	list := []boardAnswer{}
	err = a.visit(c, func(_ caller, v watch.View) {
		if tag, fresh = a.state(c, v); !fresh {
			return
		}
		ids := v.Board.Boards()
		if archived {
			ids = nil
			for _, it := range v.Board.Archived() {
				ids = append(ids, it.ID)
			}
		}
		for _, on := range ids {
			entry := boardAnswer{
				ID: on, Kind: board.KindBoard, Title: v.Board.TitleOf(on, v.Room.Language),
				Fields: map[string]workspace.Value{}, Columns: itemsOf(v.Board.ColumnsOn(on)),
			}
			if it := v.Room.Item(workspace.Key{Kind: board.KindBoard, ID: on}); it != nil {
				for _, f := range it.Fields {
					if !f.Value.IsNull() {
						entry.Fields[f.Name] = f.Value
					}
				}
			}
			list = append(list, entry)
		}
	})
	if err != nil {
		return 0, nil, err
	}
	return answer(c, tag, fresh, gin.H{"boards": list})
}

// columns lists the columns of the boards from left to right, or those of one board.
func (a *API) columns(c *gin.Context) (int, any, error) {
	on := workspace.ItemID(c.Query("board"))
	var tag string
	var fresh bool
	var found []*workspace.Item
	var refusal error
	err := a.visit(c, func(_ caller, v watch.View) {
		if refusal = needBoard(v, on); refusal != nil {
			return
		}
		if tag, fresh = a.state(c, v); fresh {
			found = columnsOf(v, on)
		}
	})
	if err = errors.Join(err, refusal); err != nil {
		return 0, nil, err
	}
	return answer(c, tag, fresh, gin.H{"columns": itemsOf(found)})
}

// views lists the room's saved views in their order.
func (a *API) views(c *gin.Context) (int, any, error) {
	var tag string
	var fresh bool
	var found []*workspace.Item
	err := a.visit(c, func(_ caller, v watch.View) {
		if tag, fresh = a.state(c, v); fresh {
			found = v.Board.Views()
		}
	})
	if err != nil {
		return 0, nil, err
	}
	return answer(c, tag, fresh, gin.H{"views": itemsOf(found)})
}
