package bots

import (
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var (
	unknownBoard = workspace.Text{
		De: "Ein Board „%s“ gibt es hier nicht. Vorhanden: %s.",
		En: "There is no board “%s” here. There are: %s.",
	}
	ambiguousBoard = workspace.Text{
		De: "„%s“ passt auf mehrere Boards: %s. Bitte schreiben Sie den Namen aus.",
		En: "“%s” fits several boards: %s. Please write the whole name.",
	}
	boardNamesakes = workspace.Text{
		De: "„%s“ heißen hier mehrere Boards. Bitte nehmen Sie statt des Namens die Zahl, die in `!board liste` davor steht.",
		En: "Several boards are called “%s” here. Instead of the name, please use the number that `!board list` shows before it.",
	}
)

// sheet is the board that the command is about: the one that its line names, or that of
// the card in whose thread it was written, or the room's first.
func (c *command) sheet() board.Sheet {
	on := c.on
	if on == "" {
		on = c.t.Board.First()
		if card := c.cardHere(); card != nil && c.t.Board.Seen(c.t.Board.Whose(card)) {
			on = c.t.Board.Whose(card)
		}
	}
	return c.t.Board.On(on)
}

// sheetOf is the board that a command about a card means for its columns: the one that
// its line names, or the card's.
func (c *command) sheetOf(card *workspace.Item) board.Sheet {
	if on := c.t.Board.Whose(card); c.on == "" && c.t.Board.Seen(on) {
		return c.t.Board.On(on)
	}
	return c.sheet()
}

// severalBoards reports whether answers must say which board they mean.
func (c *command) severalBoards() bool { return len(c.t.Board.Boards()) > 1 }

// ontoWords may stand before “Board Sitzung”.
var ontoWords = []string{
	"auf", "im", "in", "ins", "nach", "vom", "von", "aus", "für", "fuer", "zum", "zu",
	"on", "onto", "to", "into", "of", "from", "for", "->", "→",
}

// boardArticles may stand between them.
var boardArticles = []string{"dem", "das", "the", "der", "unser", "unserem", "our"}

// takeBoard takes “auf Board Sitzung” or “on board Meeting” out of the line, wherever
// it stands. People also write that they take somebody on board: where the name of no
// board follows it is part of the text, unless nothing but a board can be meant.
func (c *command) takeBoard(certain bool) error {
	for i := range c.words {
		if c.words[i].quoted || !slices.Contains(ontoWords, c.words[i].plain()) {
			continue
		}
		at := i + 1
		for at < len(c.words) && slices.Contains(boardArticles, c.words[at].plain()) {
			at++
		}
		if at+1 >= len(c.words) || c.words[at].quoted || c.words[at].plain() != "board" {
			continue
		}
		on, used, err := c.boardAt(c.words[at+1:])
		if err != nil {
			if certain || c.nearlyBoard(c.words[at+1].text) {
				return err
			}
			continue
		}
		c.on = on
		c.words = slices.Delete(slices.Clone(c.words), i, at+1+used)
		return nil
	}
	return nil
}

// boardAt finds the board that the words at the beginning name, and how many they are:
// the longest whole name, or else the beginning of one.
func (c *command) boardAt(words []word) (on workspace.ItemID, used int, err error) {
	if words[0].quoted {
		on, err = c.findBoard(words[0].text)
		return on, 1, err
	}
	for n := min(len(words), maxColumnWords); n > 0; n-- {
		if found := c.boardsCalled(joined(words[:n])); len(found) > 0 {
			on, err = c.findBoard(joined(words[:n]))
			return on, n, err
		}
	}
	on, err = c.findBoard(words[0].text)
	return on, 1, err
}

// findBoard finds a board by its whole name or the beginning of it, in any case, or
// else by its place counted from the left.
func (c *command) findBoard(name string) (workspace.ItemID, error) {
	typed := short(name, maxNameShown)
	boards := c.t.Board.Boards()
	if exact := c.boardsCalled(name); len(exact) == 1 {
		return exact[0], nil
	} else if len(exact) > 1 {
		return "", wrong(boardNamesakes, typed)
	}
	name = strings.ToLower(clean(strings.TrimRight(name, ",;:!?.")))
	var begins []workspace.ItemID
	for _, on := range boards {
		if name != "" && strings.HasPrefix(strings.ToLower(c.boardTitle(on)), name) {
			begins = append(begins, on)
		}
	}
	if len(begins) == 1 {
		return begins[0], nil
	} else if len(begins) > 1 {
		return "", wrong(ambiguousBoard, typed, c.boardTitles(begins))
	}
	if n := place(name); n >= 1 && n <= len(boards) {
		return boards[n-1], nil
	}
	return "", wrong(unknownBoard, typed, c.boardTitles(boards))
}

// boardsCalled are the boards of that whole name, in any case.
func (c *command) boardsCalled(name string) []workspace.ItemID {
	name = clean(name)
	for _, n := range []string{name, strings.TrimRight(name, ",;:!?.")} {
		var found []workspace.ItemID
		for _, on := range c.t.Board.Boards() {
			if n != "" && strings.EqualFold(c.boardTitle(on), n) {
				found = append(found, on)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// nearlyBoard reports whether a word is a board's name but for a mistake in typing.
func (c *command) nearlyBoard(name string) bool {
	name = strings.ToLower(clean(name))
	wrongLetters := misspelt(name)
	return slices.ContainsFunc(c.t.Board.Boards(), func(on workspace.ItemID) bool {
		return distance(name, strings.ToLower(c.boardTitle(on)), wrongLetters+1) <= wrongLetters
	})
}

func (c *command) boardTitle(on workspace.ItemID) string { return c.t.Board.TitleOf(on, c.lang) }

func (c *command) boardTitles(boards []workspace.ItemID) names {
	list := make([]string, len(boards))
	for i, on := range boards {
		list[i] = short(c.boardTitle(on), maxNameShown)
	}
	return names{list: list}
}

// calledBoard names a board in a sentence.
func (c *command) calledBoard(on workspace.ItemID) phrase {
	return phrase{workspace.Text{De: "„%s“", En: "“%s”"}, []any{short(c.boardTitle(on), 100)}}
}
