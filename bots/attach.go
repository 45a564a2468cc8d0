package bots

import (
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// namelessFile is what a file is called whose message does not say.
var namelessFile = workspace.Text{De: "Datei", En: "File"}

// attach makes an attachment of the file that somebody has posted in a card's thread.
// Where that cannot be (the card has very many already) the file is still in the
// thread, so nothing is said.
func attach(t *Turn) {
	card := threadCard(t)
	if card == nil || t.Event.File == nil {
		return
	}
	name := board.FileName(t.Event.File.Name)
	if name == "" {
		name = namelessFile.In(t.Lang())
	}
	_, _ = t.Do(workspace.ViaCommand, board.On(board.AddFile{
		Card: card.ID, File: string(ItemOf(t.Event.ID)), Name: name, Type: t.Event.File.Type,
		Size: min(max(t.Event.File.Size, 0), board.MaxSize), Event: t.Event.ID, Posted: true,
	}))
}
