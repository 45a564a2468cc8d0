package bots

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// draft is what a line says about a card:
//
//	Angebot einholen @anna fällig Freitag #vergabe in Spalte Offen
//
// Marks may stand anywhere. People and labels between words of the title leave
// their word in it (“Mit @anna sprechen” is “Mit Anna sprechen”), at its ends
// they do not, unless it would break off (“Gespräch mit @anna”). What stands
// between quotation marks is title and nothing else.
type draft struct {
	title  string
	people []id.UserID
	labels []string
	start  string // YYYY-MM-DD or ""
	due    string // YYYY-MM-DD or ""
	// priority is as the field has it; nil if the line does not say.
	priority *string
	column   *workspace.Item
}

// piece is a part of a line: a word of the title, or a mark. shown is what a
// mark leaves in the title when it stands within it.
type piece struct {
	shown string
	mark  bool
	word  word
	// between is set for an “und” between two marks, which is neither of them.
	between bool
}

// draft reads the command's words.
func (c *command) draft() (draft, error) {
	d, err := c.marks()
	return d, mayBeTitle(err)
}

func (c *command) marks() (draft, error) {
	var d draft
	var pieces []piece
	words := c.words
	for i := 0; i < len(words); {
		rest := words[i:]
		if used, err := c.columnMark(&d, rest); err != nil || used > 0 {
			if err != nil {
				return d, err
			}
			i += used
			continue
		}
		var before []word
		if i > 0 {
			before = words[i-1 : i]
		}
		if used, err := c.dueMark(&d, before, rest); err != nil || used > 0 {
			if err != nil {
				return d, err
			}
			i += used
			continue
		}
		if used := max(priorityMark(&d, rest), c.startMark(&d, rest)); used > 0 {
			i += used
			continue
		}
		if used, shown, err := c.personMark(&d, rest); err != nil || used > 0 {
			if err != nil {
				return d, err
			}
			pieces = append(pieces, piece{shown: shown + ending(rest[used-1]), mark: true})
			i += used
			continue
		}
		if label, ok := labelOf(rest[0]); ok {
			var err error
			if d.labels, err = c.addLabel(d.labels, label); err != nil {
				return d, err
			}
			pieces = append(pieces, piece{shown: label + ending(rest[0]), mark: true})
			i++
			continue
		}
		plain := rest[0]
		plain.text, plain.raw = c.asTyped(plain.text), c.asTyped(plain.raw)
		pieces = append(pieces, piece{shown: plain.raw, word: plain})
		i++
	}
	d.title = title(pieces)
	return d, nil
}

// leadsOn are words after which a title cannot end.
var leadsOn = []string{
	"mit", "an", "von", "vom", "für", "fuer", "bei", "beim", "zu", "zum", "zur", "über", "ueber", "um", "gegen", "ohne", "durch", "wegen", "statt", "und", "oder",
	"with", "to", "from", "for", "at", "about", "of", "by", "without", "and", "or", "the",
	"der", "die", "das", "dem", "den", "des",
}

// joiners stand between several people or labels.
var joiners = []string{"und", "and", "&", "sowie", "+"}

// title puts together what is left for the title.
func title(pieces []piece) string {
	for i := 1; i < len(pieces)-1; i++ {
		if pieces[i-1].mark && pieces[i+1].mark && slices.Contains(joiners, pieces[i].word.plain()) {
			pieces[i].mark, pieces[i].between = true, true
		}
	}
	isText := func(p piece) bool { return !p.mark }
	first := slices.IndexFunc(pieces, isText)
	if first < 0 {
		return ""
	}
	last := len(pieces) - 1
	for pieces[last].mark {
		last--
	}
	if last+1 < len(pieces) && slices.Contains(leadsOn, pieces[last].word.plain()) {
		last++
		for last+2 < len(pieces) && pieces[last+1].between {
			last += 2
		}
	}
	pieces = pieces[first : last+1]
	if len(pieces) == 1 && pieces[0].word.quoted { // the marks only kept it together
		return clean(pieces[0].word.text)
	}
	shown := make([]string, len(pieces))
	for i, p := range pieces {
		shown[i] = p.shown
	}
	return strings.TrimRight(clean(strings.Join(shown, " ")), " ,;") // what followed may have been a mark
}

// ending is the punctuation at the end of a word, which names do not have.
func ending(w word) string { return w.text[len(strings.TrimRight(w.text, ",;:!?.")):] }

var quoteIt = workspace.Text{
	De: "Soll das Wort im Titel stehen, setzen Sie es bitte in Anführungszeichen.",
	En: "If the word belongs into the title, please put it in quotation marks.",
}

// mayBeTitle adds to a mistake in a mark that it may have been meant as text.
func mayBeTitle(err error) error {
	p, ok := errors.AsType[phrase](err)
	if ok && slices.Contains([]workspace.Text{unknownPerson, unknownColumn, dateUnknown}, p.text) {
		return wrong(workspace.Text{De: "%s %s", En: "%s %s"}, p, quoteIt)
	}
	return err
}

// personMark reads @anna, @anna:example.org or @Anna Schmidt.
func (c *command) personMark(d *draft, words []word) (used int, shown string, err error) {
	w := words[0]
	if w.quoted || len(w.text) < 2 || w.text[0] != '@' {
		return 0, "", nil
	}
	user, used, err := c.people.find(words)
	if err != nil {
		return 0, "", err
	}
	d.people, err = addPerson(d.people, user)
	return used, plainName(c.t.Room, user), err
}

var (
	labelMark = regexp.MustCompile(`^#[\p{L}\p{M}\p{S}_][^\s#]*$|^#[^"]*\s[^"]*$`)
	roomAlias = regexp.MustCompile(`^#[^\s:]+:[A-Za-z0-9.:\[\]-]+$`)
)

// labelOf reads #vergabe or #"Erster Termin". A # before a number is a card
// number or just text, a room's address is no label either.
func labelOf(w word) (string, bool) {
	text := strings.TrimRight(w.text, ",;:!?.")
	if w.quoted || !labelMark.MatchString(text) || roomAlias.MatchString(text) {
		return "", false
	}
	return clean(text[1:]), true
}

var (
	tooManyLabels = workspace.Text{
		De: "Bitte nennen Sie höchstens %d Schlagwörter auf einmal.",
		En: "Please name at most %d labels at a time.",
	}
	tooManyPeople = workspace.Text{
		De: "Bitte nennen Sie höchstens %d Personen auf einmal.",
		En: "Please name at most %d people at a time.",
	}
)

// addLabel adds a label, as the board spells it, to a list that lacks it. How
// many a card may have is the board's rule; this bounds the work for one line.
func (c *command) addLabel(list []string, label string) ([]string, error) {
	label = c.t.Board.Spelling(label)
	if slices.ContainsFunc(list, func(has string) bool { return strings.EqualFold(has, label) }) {
		return list, nil
	}
	if len(list) == board.MaxLabels {
		return list, wrong(tooManyLabels, board.MaxLabels)
	}
	return append(list, label), nil
}

// addPerson is addLabel for people.
func addPerson(list []id.UserID, user id.UserID) ([]id.UserID, error) {
	if slices.Contains(list, user) {
		return list, nil
	}
	if len(list) == board.MaxAssignees {
		return list, wrong(tooManyPeople, board.MaxAssignees)
	}
	return append(list, user), nil
}

var columnMissing = workspace.Text{
	De: "Welche Spalte meinen Sie? Vorhanden: %s. Beispiel: `in Spalte %s`",
	En: "Which column do you mean? There are: %s. Example: `in column %s`",
}

// columnMark reads “in Spalte In Arbeit” or “in column Doing”.
func (c *command) columnMark(d *draft, words []word) (used int, err error) {
	if words[0].plain() != "in" || len(words) < 2 {
		return 0, nil
	}
	at := 1
	if slices.Contains([]string{"der", "die", "the"}, words[1].plain()) {
		at = 2
	}
	if at >= len(words) || !slices.Contains([]string{"spalte", "column"}, words[at].plain()) {
		return 0, nil
	}
	at++
	if at >= len(words) {
		columns := c.sheet().Columns()
		if len(columns) == 0 {
			return 0, wrong(noColumnsAtAll)
		}
		return 0, wrong(columnMissing, titles(columns), columns[0].Text(board.Title))
	}
	column, n, err := columnAt(c.sheet(), words[at:])
	if err != nil {
		return 0, err
	}
	d.column = column
	return at + n, nil
}

var (
	dateUnknown = workspace.Text{
		De: "„%s“ verstehe ich nicht als Datum. Möglich sind zum Beispiel `fällig Freitag`, `fällig 24.12.` oder `fällig in 2 Wochen`.",
		En: "I do not understand “%s” as a date. You can write `due Friday`, `due in 2 weeks` or `due 24 Dec`, for example.",
	}
	dateAmbiguous = workspace.Text{
		De: "Bei „%s“ ist nicht sicher, was Tag und was Monat ist. Bitte schreiben Sie zum Beispiel `24.12.` oder `24. Dezember`.",
		En: "With “%s” it is not certain which is the day and which the month. Please write `24 Dec` or `2026-12-24`, for example.",
	}
	dateImpossible = workspace.Text{
		De: "„%s“ gibt es im Kalender nicht.",
		En: "“%s” does not exist in the calendar.",
	}
	dateMissing = workspace.Text{
		De: "Wann soll es fällig sein? Zum Beispiel `fällig Freitag` oder `fällig 24.12.` – soll das Wort im Titel stehen, setzen Sie es bitte in Anführungszeichen.",
		En: "When is it due? For example `due Friday` or `due 24 Dec`. If the word belongs into the title, please put it in quotation marks.",
	}
)

// dateMistake is the sentence for a date that cannot be read.
func dateMistake(err error, words []word) error {
	n := 1
	for n < min(len(words), 3) && !strings.ContainsAny(words[n].text[:1], "@#") && !strings.ContainsAny(words[0].text, "./-") {
		n++
	}
	typed := short(joined(words[:n]), maxNameShown)
	switch {
	case errors.Is(err, dates.ErrAmbiguous):
		return wrong(dateAmbiguous, typed)
	case errors.Is(err, dates.ErrImpossible):
		return wrong(dateImpossible, typed)
	}
	return wrong(dateUnknown, typed)
}

// notDue are words after “due” that make it an ordinary word.
var notDue = []string{"to", "diligence", "course", "process", "care", "date", "dates"}

// dueMark reads “fällig Freitag”, “bis zum 24.12.”, “due in 2 weeks”, “by
// Friday”. “bis” and “by” are ordinary words too (“bis ins Detail”): unless a
// date follows they belong to the title. “fällig” and “due” without a date are
// a mistake.
func (c *command) dueMark(d *draft, before, words []word) (used int, err error) {
	key := words[0].plain()
	strong := slices.Contains([]string{"fällig", "faellig", "due"}, key)
	if !strong && key != "bis" && key != "by" {
		return 0, nil
	}
	rest := words[1:]
	if len(rest) == 0 || rest[0].quoted {
		if strong && len(rest) == 0 {
			return 0, wrong(dateMissing)
		}
		return 0, nil
	}
	found, err := dates.Parse(unquoted(rest), c.now)
	if err == nil {
		if !strong && len(before) > 0 && c.isDate(before) { // “Mo bis Fr”, “24.12. bis 31.12.”
			return 0, nil
		}
		d.due = found.Day
		return 1 + found.Used, nil
	}
	if strong && slices.Contains(notDue, rest[0].plain()) {
		return 0, nil
	}
	if strong || !errors.Is(err, dates.ErrUnknown) || dates.Resembles(rest[0].text) && !startsWithNumber(rest[0].text) {
		if strong && (strings.HasPrefix(rest[0].text, "@") || strings.HasPrefix(rest[0].text, "#")) {
			return 0, wrong(dateMissing)
		}
		return 0, dateMistake(err, rest)
	}
	return 0, nil
}

func (c *command) isDate(words []word) bool {
	found, err := dates.Parse(texts(words), c.now)
	return err == nil && found.Used == len(words)
}

func startsWithNumber(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }
