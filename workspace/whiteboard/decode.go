package whiteboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"werkraum/workspace"
)

// Decode reads an act of the live protocol (docs/live-protocol.md): its name and its
// arguments. Unknown names and fields are refused.
func Decode(name string, args json.RawMessage) (workspace.Act, error) {
	switch name {
	case "whiteboard.add":
		return decode[Add](args)
	case "whiteboard.edit":
		return decode[Edit](args)
	case "whiteboard.remove":
		return decode[Remove](args)
	case "whiteboard.draw":
		return decode[Draw](args)
	case "whiteboard.lock":
		return decode[Lock](args)
	case "whiteboard.card":
		return decode[ToCard](args)
	case "whiteboard.save":
		return decode[Save](args)
	case "whiteboard.forget":
		return decode[Forget](args)
	case "whiteboard.restore":
		return decode[Restore](args)
	}
	return nil, workspace.Refuse(workspace.Invalid, badChange).Because(errors.New("unknown act"))
}

// Decodes reports whether an act of that name is for Decode.
func Decodes(name string) bool { return strings.HasPrefix(name, "whiteboard.") }

func decode[A any](args json.RawMessage) (a A, err error) {
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		// The decoder's error may quote content; its kind is enough.
		return a, workspace.Refuse(workspace.Invalid, badChange).Because(fmt.Errorf("arguments do not fit %T", a))
	}
	return a, nil
}
