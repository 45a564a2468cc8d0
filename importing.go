package main

import (
	"time"

	"werkraum/bridges/importing"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// readFile has a file that somebody imports read by bridges/importing, as days are meant
// and words are written in the room.
func readFile(file []byte, lang workspace.Language, zone *time.Location) (board.Reading, error) {
	r, err := importing.Read(file, importing.Options{Language: lang, Zone: zone})
	if err != nil {
		return board.Reading{}, err
	}
	read := board.Reading{Format: string(r.Format), Drafts: r.Drafts, More: r.More}
	for _, n := range r.Refused {
		read.Refused = append(read.Refused, board.NotTaken(n))
	}
	return read, nil
}
