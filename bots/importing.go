package bots

import (
	"slices"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// Carried is the file that an earlier message carries, read as an import. Err is why it
// could not be had or read, in words for whoever wants it.
type Carried struct {
	board.Reading
	Err error
}

const (
	maxRefusedNamed   = 10
	maxStrangersNamed = 10
)

var (
	importExample = workspace.Text{De: "!importieren auf Board Sitzung", En: "!import to board Meeting"}

	importHow = workspace.Text{
		De: "Bitte antworten Sie mit `!importieren` auf die Nachricht mit der Datei: einen Export von Trello, Nextcloud Deck, Focalboard oder Werkraum, eine Tabelle (CSV) oder Aufgaben aus einem Kalender (ICS). `%s` bringt sie auf ein bestimmtes Board, `!importieren neu` auf ein neues.",
		En: "Please reply with `!import` to the message with the file: an export of Trello, Nextcloud Deck, Focalboard or Werkraum, a table (CSV) or to-dos of a calendar (ICS). `%s` brings it to a certain board, `!import new` to a new one.",
	}
	sources = map[string]workspace.Text{
		"trello": {De: "Trello", En: "Trello"}, "deck": {De: "Nextcloud Deck", En: "Nextcloud Deck"}, "focalboard": {De: "Focalboard", En: "Focalboard"},
		"csv": {De: "einer Tabelle", En: "a table"}, "ics": {De: "einem Kalender", En: "a calendar"}, "werkraum": {De: "Werkraum", En: "Werkraum"},
	}
)

// importFile takes the file over that the message carries to which the command replies: to
// the first board, to the one that is named, or with “neu” to a new one. Whoever may not
// import is refused before the file is asked for.
func (c *command) importFile() error {
	file := c.t.Event.ReplyTo
	if file == "" {
		file = c.t.Event.Thread // “!import” below the file, in its thread
	}
	if file == "" {
		return wrong(importHow, importExample)
	}
	if err := c.t.Room.May(c.t.Event.Sender, board.Import{}.Deeds(c.t.Event.Sender)...); err != nil {
		return err
	}
	act, err := c.importTo()
	if err != nil {
		return err
	}
	act.Seed = string(c.t.Event.ID)
	if err := c.t.Room.May(c.t.Event.Sender, act.Deeds(c.t.Event.Sender)...); err != nil {
		return err
	}
	read := c.t.Event.Carried
	if read == nil {
		c.t.Fetch = file
		return nil
	}
	if read.Err != nil {
		return read.Err
	}
	act.Drafts = read.Drafts
	if err := c.do(act); err != nil {
		m := refusal(c.lang, err).add(c.notTaken(read.Reading))
		c.t.Answer = &m
		return nil
	}
	m := c.imported(act, read.Reading)
	c.t.Answer = &m
	return nil
}

// freshWords ask for a new board.
var freshWords = map[string]bool{"neu": true, "neues": true, "new": true, "add": true}

// importTo reads where the import goes.
func (c *command) importTo() (board.Import, error) {
	if len(c.words) > 0 && freshWords[c.words[0].plain()] {
		c.words = c.words[1:]
		if len(c.words) > 0 && c.words[0].plain() == "board" {
			c.words = c.words[1:]
		}
		title := c.titleOf(c.words)
		if title == "" {
			return board.Import{New: true}, nil
		}
		return board.Import{New: true, Title: title}, board.CheckField(board.KindBoard, board.Title, workspace.String(title))
	}
	if err := c.takeBoard(true); err != nil {
		return board.Import{}, err
	}
	if len(c.words) > 0 && c.on == "" { // its name alone
		on, used, err := c.boardAt(c.words)
		if err != nil {
			return board.Import{}, err
		}
		c.on, c.words = on, c.words[used:]
	}
	return board.Import{Into: c.sheet().ID}, c.noMore()
}

// imported says what has come of a file.
func (c *command) imported(act board.Import, read board.Reading) Message {
	into := act.Boards()
	seen := slices.DeleteFunc(slices.Clone(into), func(on workspace.ItemID) bool { return !c.t.Board.Seen(on) })
	if len(seen) > 0 {
		into = seen
	}
	if !act.New {
		into = []workspace.ItemID{act.Into}
	}
	which := workspace.Text{De: "Board %s", En: "board %s"}
	if len(into) > 1 {
		which = workspace.Text{De: "die Boards %s", En: "the boards %s"}
	}
	cards, columns := 0, 0
	for _, d := range read.Drafts {
		if cards += len(d.Cards); act.New || !d.Archived {
			columns += len(d.Columns)
		}
	}
	counts := phrases{numbered(cards, cardCount)}
	if columns > 0 {
		counts = append(counts, numbered(columns, columnCount))
	}
	m := say(c.lang, workspace.Text{De: "Übernommen aus %s auf %s: %s.", En: "Taken over from %s to %s: %s."}, sources[read.Format],
		phrase{which, []any{c.boardTitles(into)}}, counts)
	if strangers := read.Strangers(c.t.Room.Members, maxStrangersNamed); len(strangers) > 0 {
		for i, name := range strangers {
			strangers[i] = short(name, maxNameShown)
		}
		m = m.add(say(c.lang, workspace.Text{
			De: "Nicht in diesem Raum und deshalb auf ihren Karten vermerkt: %s.",
			En: "Not in this room, and noted on their cards: %s.",
		}, names{list: strangers, bare: true}))
	}
	var archived []string
	for _, d := range read.Drafts {
		if d.Archived && len(archived) < maxListLines {
			archived = append(archived, short(d.Title, maxNameShown))
		}
	}
	if len(archived) > 0 {
		where := workspace.Text{De: "Wie zuvor im Archiv: %s.", En: "In the archive, as before: %s."}
		if !act.New {
			where = workspace.Text{De: "Im Archiv, wie ihr Board zuvor, liegen die Karten von %s.", En: "In the archive, as their board was, are the cards of %s."}
		}
		m = m.add(say(c.lang, where, names{list: archived}))
	}
	m = m.add(c.notTaken(read))
	return m.add(say(c.lang, workspace.Text{De: "`!undo` nimmt alles zusammen zurück.", En: "`!undo` takes all of it back."}))
}

// notTaken lists what was not taken over, each with the reason, up to a bound.
func (c *command) notTaken(read board.Reading) (m Message) {
	if len(read.Refused) == 0 {
		return m
	}
	m = say(c.lang, workspace.Text{De: "Nicht übernommen: %d", En: "Not taken over: %d"}, len(read.Refused)+read.More)
	for i, n := range read.Refused {
		if i == maxRefusedNamed {
			return m.add(say(c.lang, workspace.Text{
				De: "… und %d weitere. Auf dem Board zeigt „Importieren…“ alle, bevor Sie etwas übernehmen.",
				En: "… and %d more. On the board, “Import…” shows all of them before you take anything over.",
			}, len(read.Refused)+read.More-i))
		}
		m = m.add(literal("• " + short(n.Where.In(c.lang), 150) + ": " + n.Why.In(c.lang)))
	}
	return m
}

var (
	cardCount   = [2]workspace.Text{{De: "1 Karte", En: "1 card"}, {De: "%d Karten", En: "%d cards"}}
	columnCount = [2]workspace.Text{{De: "1 Spalte", En: "1 column"}, {De: "%d Spalten", En: "%d columns"}}
)

// numbered says how many there are of something.
func numbered(n int, text [2]workspace.Text) phrase {
	if n == 1 {
		return phrase{text[0], nil}
	}
	return phrase{text[1], []any{n}}
}
