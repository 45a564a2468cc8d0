package tests

import (
	"fmt"
	"strings"
)

// newWhiteboard is the ID of a whiteboard as a browser would choose one.
func newWhiteboard() string { return fmt.Sprintf("%020d", items.Add(1)) }

// shape is an element as Excalidraw sends it.
func shape(id string, version int) object {
	return object{
		"id": strings.ReplaceAll(id, "@", ""), "type": "rectangle", "x": 10 * version, "y": 0, "width": 100, "height": 50, "version": version, "versionNonce": 1, "isDeleted": false,
	}
}

// whiteboard has Anna make one and returns its ID.
func (j *judge) whiteboard() string {
	name := newWhiteboard()
	j.board.do("whiteboard.add", object{"whiteboard": name, "title": "Whiteboard"})
	return name
}
