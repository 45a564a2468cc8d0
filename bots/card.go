package bots

import (
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// deed is what can be done with !card or !column.
type deed struct {
	names   []string // the German and the English word first
	run     func(*command) error
	example workspace.Text
	what    workspace.Text
}

func cardVerbs() []deed {
	return []deed{
		{
			[]string{"neu", "add", "new", "anlegen"}, (*command).add,
			workspace.Text{De: "!karte neu Angebot einholen @anna fällig Freitag #vergabe", En: "!card add Get an offer @anna due Friday #tender"},
			workspace.Text{De: "legt eine Karte an; mit `in Spalte …` in einer bestimmten Spalte", En: "adds a card; with `in column …` to a certain column"},
		},
		{
			[]string{"liste", "list"}, (*command).list,
			workspace.Text{De: "!karte liste", En: "!card list"},
			workspace.Text{De: "zeigt die offenen Karten; auch `meine`, `@anna`, `#vergabe`, `fällig` oder eine Spalte", En: "shows the open cards; also `mine`, `@anna`, `#tender`, `due` or a column"},
		},
		{
			[]string{"zeige", "show", "zeigen", "zeig"}, (*command).show,
			workspace.Text{De: "!karte zeige 12", En: "!card show 12"},
			workspace.Text{De: "zeigt alles zu einer Karte", En: "shows all there is on a card"},
		},
		{
			[]string{"verlauf", "history", "historie", "log"}, (*command).history,
			historyExample,
			workspace.Text{De: "zeigt, wer zuletzt was an einer Karte geändert hat", En: "shows who last changed what on a card"},
		},
		{
			[]string{"ändern", "edit", "aendern", "bearbeiten", "umbenennen", "rename"}, (*command).edit,
			editExample,
			workspace.Text{De: "ändert den Titel; Zeilen darunter werden die Beschreibung", En: "changes the title; lines below it become the description"},
		},
		{
			[]string{"verschieben", "move", "schieben"}, (*command).move,
			moveExample,
			workspace.Text{De: "verschiebt Karten in eine Spalte; auch `oben`, `unten`, `vor 7` oder `nach 7`", En: "moves cards to a column; also `top`, `bottom`, `before 7` or `after 7`"},
		},
		{
			[]string{"zuweisen", "assign"}, (*command).assign,
			assignExample,
			workspace.Text{De: "weist zu; `-@anna` nimmt die Zuweisung zurück", En: "assigns; `-@anna` takes it away again"},
		},
		{
			[]string{"entziehen", "unassign"}, (*command).unassign,
			unassignExample,
			workspace.Text{De: "nimmt eine Zuweisung zurück", En: "takes an assignment away"},
		},
		{
			[]string{"fällig", "due", "faellig", "frist"}, (*command).due,
			dueExample,
			workspace.Text{De: "setzt die Frist, `kein` entfernt sie", En: "sets the due date, `none` takes it away"},
		},
		{
			[]string{"wiederholen", "repeat", "wiederholung"}, (*command).repeat,
			repeatExample,
			workspace.Text{De: "lässt eine Karte wiederkommen: auch `alle 2 Wochen`, `jeden Montag`, `monatlich`, `aus`", En: "makes a card come again: also `every 2 weeks`, `every Monday`, `monthly`, `off`"},
		},
		{
			[]string{"schlagwort", "label", "schlagworte", "schlagwörter", "schlagwoerter", "labels"}, (*command).label,
			labelExample,
			workspace.Text{De: "setzt ein Schlagwort, `-vergabe` entfernt es", En: "sets a label, `-tender` takes it off"},
		},
		{
			[]string{"beginn", "start", "beginnt"}, (*command).start,
			startExample,
			workspace.Text{De: "setzt den Beginn, `kein` entfernt ihn", En: "sets the start, `none` takes it away"},
		},
		{
			[]string{"priorität", "priority", "prioritaet", "prio"}, (*command).priority,
			priorityExample,
			workspace.Text{De: "setzt die Priorität: dringend, hoch, normal, niedrig", En: "sets the priority: urgent, high, normal, low"},
		},
		{
			[]string{"punkt", "check", "punkte", "checkliste", "checklist"}, (*command).check,
			checkExample,
			workspace.Text{De: "setzt einen Punkt auf die Checkliste; `!karte punkt 12 erledigt 1` hakt ihn ab, `weg 1` entfernt ihn", En: "puts an entry on the checklist; `!card check 12 done 1` ticks it, `remove 1` takes it off"},
		},
		{
			[]string{"verknüpfen", "relate", "verknuepfen"}, (*command).relate,
			relateExample,
			workspace.Text{De: "verknüpft Karten: `blockiert`, `gehört zu`, `mit`", En: "relates cards: `blocks`, `part of`, `with`"},
		},
		{
			[]string{"lösen", "unrelate", "loesen"}, (*command).unrelate,
			unrelateExample,
			workspace.Text{De: "löst die Verknüpfung", En: "takes the relation away"},
		},
		{
			[]string{"verweis", "link", "url"}, (*command).cardLink,
			linkExample,
			workspace.Text{De: "setzt einen Verweis auf die Karte", En: "puts a link on the card"},
		},
		{
			[]string{"dateien", "files", "anhänge", "anhaenge", "attachments"}, (*command).files,
			filesExample,
			workspace.Text{De: "zeigt die Anhänge einer Karte; `weg 1` entfernt einen", En: "shows a card's attachments; `remove 1` takes one off"},
		},
		{
			[]string{"titelbild", "cover"}, (*command).cover,
			coverExample,
			workspace.Text{De: "macht einen Anhang zum Titelbild, `kein` entfernt es", En: "makes an attachment the cover, `none` takes it away"},
		},
		{
			[]string{"archivieren", "archive", "archiv"}, (*command).archive,
			archiveExample,
			workspace.Text{De: "legt Karten ins Archiv", En: "puts cards into the archive"},
		},
		{
			[]string{"fertig", "done", "erledigt", "erledigen", "abschließen", "abschliessen", "finish", "close"}, (*command).done,
			doneExample,
			workspace.Text{De: "erledigt Karten", En: "finishes cards"},
		},
		{
			[]string{"löschen", "delete", "loeschen", "entfernen", "remove"}, (*command).remove,
			deleteExample,
			workspace.Text{De: "löscht Karten", En: "deletes cards"},
		},
		{
			[]string{"wiederherstellen", "restore"}, (*command).restore,
			restoreExample,
			workspace.Text{De: "holt gelöschte und archivierte Karten zurück", En: "brings deleted and archived cards back"},
		},
		{
			[]string{"rückgängig", "undo", "rueckgaengig"}, (*command).undo,
			workspace.Text{De: "!karte rückgängig", En: "!card undo"},
			workspace.Text{De: "nimmt Ihre letzte Änderung zurück", En: "takes your last change back"},
		},
		{
			[]string{"hilfe", "help"}, (*command).cardHelp,
			workspace.Text{De: "!karte hilfe", En: "!card help"},
			workspace.Text{De: "zeigt diese Übersicht", En: "shows this overview"},
		},
	}
}

func (c *command) card() error {
	if c.t.Direct {
		return c.todo()
	}
	if len(c.words) == 0 {
		return c.cardHelp()
	}
	first := c.words[0]
	name := first.plain()
	if v, ok := chosen(name, cardVerbs()); ok {
		if err := c.takeBoard(v.names[1] == "list" || v.names[1] == "move"); err != nil {
			return err
		}
		c.words = c.words[1:]
		return v.run(c)
	}
	if found, used := c.numbers(c.words); len(found) == 1 && used == len(c.words) { // !karte 12
		return c.show()
	}
	typed := short(first.text, maxNameShown)
	if v, ok := nearest(name, cardVerbs()); ok {
		return wrong(workspace.Text{
			De: "„%s“ kenne ich nicht. Meinten Sie `!karte %s`? Beispiel: `%s`",
			En: "I do not know “%s”. Did you mean `!card %s`? Example: `%s`",
		}, typed, workspace.Text{De: v.names[0], En: v.names[1]}, v.example)
	}
	return wrong(workspace.Text{
		De: "„%s“ kenne ich nicht. Möchten Sie eine Karte anlegen? Dann zum Beispiel `!karte neu Angebot einholen`. `!karte` zeigt, was noch möglich ist.",
		En: "I do not know “%s”. Would you like to add a card? Then for example `!card add Get an offer`. `!card` shows what else there is.",
	}, typed)
}

// chosen is the deed of that name.
func chosen(name string, deeds []deed) (deed, bool) {
	i := slices.IndexFunc(deeds, func(v deed) bool { return slices.Contains(v.names, name) })
	if i < 0 {
		return deed{}, false
	}
	return deeds[i], true
}

// nearest is the deed that was probably meant: at most two letters differ, and
// not more than a third of the word.
func nearest(name string, deeds []deed) (best deed, ok bool) {
	least := misspelt(name) + 1
	for _, v := range deeds {
		for _, n := range v.names {
			if d := distance(name, n, least); d < least {
				best, least, ok = v, d, true
			}
		}
	}
	return best, ok
}

// misspelt is how many letters of a word may be wrong for it to be meant.
func misspelt(word string) int { return min(2, len([]rune(word))/3) }

// distance is the number of letters to insert, leave out, replace or swap with
// a neighbour so that a becomes b; limit or more is limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 40 || len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	older, old, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, old, row = old, row, older
	}
	return min(old[len(y)], limit)
}

// headline names a card in a sentence: #12 „Angebot einholen“.
func headline(card *workspace.Item) phrase {
	return phrase{workspace.Text{De: "#%s „%s“", En: "#%s “%s”"}, []any{card.Text(board.Number), short(card.Text(board.Title), 100)}}
}

// headlines names several cards; beyond three only by number.
func headlines(cards []*workspace.Item) any {
	if len(cards) == 1 {
		return headline(cards[0])
	}
	list := make([]string, len(cards))
	for i, card := range cards {
		list[i] = "#" + card.Text(board.Number)
	}
	return phrase{workspace.Text{De: "Karten %s", En: "Cards %s"}, []any{names{list: list, bare: true}}}
}

// state answers with the card as it now is.
func (c *command) state(card workspace.ItemID) {
	now := c.t.Board.Card(card)
	c.answer(workspace.Text{De: "Karte %s\n%s", En: "Card %s\n%s"}, headline(now), facts(c.t.Room, now, c.lang))
}

func (c *command) cardHelp() error {
	m := c.overview(workspace.Text{De: "**Karten**", En: "**Cards**"}, cardVerbs())
	m = m.add(say(c.lang, workspace.Text{
		De: "Im Thread einer Karte entfällt die Nummer. Mehrere Karten auf einmal: `!karte fertig 3 4 7`",
		En: "In a card's thread the number is not needed. Several cards at once: `!card done 3 4 7`",
	}))
	c.t.Answer = &m
	return nil
}

// overview lists deeds with an example each.
func (c *command) overview(title workspace.Text, deeds []deed) Message {
	m := say(c.lang, title)
	for _, v := range deeds {
		m = m.add(say(c.lang, workspace.Text{De: "• `%s` %s", En: "• `%s` %s"}, v.example, v.what))
	}
	return m
}

func isCommandWord(text string) bool {
	rest, found := strings.CutPrefix(text, "!")
	return found && rest != "" && (rest[0] >= 'a' && rest[0] <= 'z' || rest[0] >= 'A' && rest[0] <= 'Z' || rest[0] >= 0x80)
}
