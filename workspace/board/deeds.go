package board

import (
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// What each act is, by which workspace.Room.May judges it. In the live protocol the
// act has the same name.

// Deeds implements Act.
func (AddCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.add"} }

// Deeds implements Act.
func (EditCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.edit"} }

// Deeds implements Act.
func (MoveCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.move"} }

// Deeds implements Act.
func (MoveCards) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"cards.move"} }

// Deeds implements Act.
func (AssignCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.assign"} }

// Deeds implements Act.
func (LabelCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.label"} }

// Deeds implements Act.
func (FinishCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.done"} }

// Deeds implements Act.
func (DeleteCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.delete"} }

// Deeds implements Act.
func (RestoreCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.restore"} }

// Deeds implements Act.
func (CheckCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.check"} }

// Deeds implements Act.
func (AddChecks) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.check"} }

// Deeds implements Act.
func (RelateCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.relate"} }

// Deeds implements Act.
func (LinkCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.link"} }

// Deeds implements Act.
func (a AddFile) Deeds(id.UserID) []workspace.Deed {
	if a.Posted {
		return []workspace.Deed{workspace.PostFile}
	}
	return []workspace.Deed{workspace.SendFile}
}

// Deeds implements Act.
func (RemoveFile) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.unfile"} }

// Deeds implements Act.
func (SetCover) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.cover"} }

// Deeds implements Act.
func (ArchiveCard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"card.archive"} }

// Deeds implements Act.
func (ChangeCards) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"cards"} }

// Deeds implements Act.
func (EditLabel) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"label.edit"} }

// Deeds implements Act.
func (RemoveLabel) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"label.remove"} }

// Deeds implements Act.
func (SaveView) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"view.save"} }

// Deeds implements Act.
func (RemoveView) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"view.remove"} }

// Deeds implements Act.
func (AddColumn) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"column.add"} }

// Deeds implements Act.
func (EditColumn) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"column.edit"} }

// Deeds implements Act.
func (MoveColumn) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"column.move"} }

// Deeds implements Act.
func (RemoveColumn) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"column.remove"} }

// Deeds implements Act.
func (AddBoard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"board.add"} }

// Deeds implements Act.
func (EditBoard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"board.edit"} }

// Deeds implements Act.
func (MoveBoard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"board.move"} }

// Deeds implements Act.
func (ArchiveBoard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"board.archive"} }

// Deeds implements Act.
func (RemoveBoard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"board.remove"} }

// Deeds implements Act.
func (SaveBoard) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"board.save"} }

// Deeds implements Act.
func (a Undo) Deeds(by id.UserID) []workspace.Deed {
	return []workspace.Deed{workspace.UndoDeed(by, a.Commit)}
}

// Deeds implements Act.
func (a Import) Deeds(id.UserID) []workspace.Deed {
	if a.New {
		return []workspace.Deed{"board.import", "board.add"}
	}
	return []workspace.Deed{"board.import"}
}
