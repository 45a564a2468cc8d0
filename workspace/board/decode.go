package board

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"werkraum/workspace"
)

// Decode reads an act of the live protocol (docs/live-protocol.md): its name
// and its arguments. Unknown names and fields are refused.
func Decode(name string, args json.RawMessage) (Act, error) {
	switch name {
	case "card.add":
		return decode[AddCard](args)
	case "card.edit":
		return decode[EditCard](args)
	case "card.move":
		return decode[MoveCard](args)
	case "card.assign":
		return decode[AssignCard](args)
	case "card.label":
		return decode[LabelCard](args)
	case "card.repeat":
		return decode[RepeatCard](args)
	case "card.done":
		return decode[FinishCard](args)
	case "card.delete":
		return decode[DeleteCard](args)
	case "card.restore":
		return decode[RestoreCard](args)
	case "card.check":
		return decode[CheckCard](args)
	case "card.relate":
		return decode[RelateCard](args)
	case "card.link":
		return decode[LinkCard](args)
	case "card.unfile":
		return decode[RemoveFile](args)
	case "card.cover":
		return decode[SetCover](args)
	case "card.archive":
		return decode[ArchiveCard](args)
	case "cards":
		return decode[ChangeCards](args)
	case "label.edit":
		return decode[EditLabel](args)
	case "label.remove":
		return decode[RemoveLabel](args)
	case "view.save":
		return decode[SaveView](args)
	case "view.remove":
		return decode[RemoveView](args)
	case "column.add":
		return decode[AddColumn](args)
	case "column.edit":
		return decode[EditColumn](args)
	case "column.move":
		return decode[MoveColumn](args)
	case "column.remove":
		return decode[RemoveColumn](args)
	case "board.add":
		return decode[AddBoard](args)
	case "board.edit":
		return decode[EditBoard](args)
	case "board.move":
		return decode[MoveBoard](args)
	case "board.archive":
		return decode[ArchiveBoard](args)
	case "board.remove":
		return decode[RemoveBoard](args)
	case "board.save":
		return decode[SaveBoard](args)
	}
	return nil, workspace.Refuse(workspace.Invalid, badField).Because(errors.New("unknown act"))
}

func decode[A any](args json.RawMessage) (a A, err error) {
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		// The decoder's error may quote content; its kind is enough.
		return a, workspace.Refuse(workspace.Invalid, badField).Because(fmt.Errorf("arguments do not fit %T", a))
	}
	return a, nil
}
