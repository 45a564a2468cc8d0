package board

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Limits of what a card holds.
const (
	MaxTitle       = 300       // characters
	MaxDescription = 16 * 1024 // bytes
	MaxLabel       = 50        // characters
	MaxAssignees   = 50
	MaxLabels      = 50
	MaxColumns     = 50
	MaxChecks      = 100 // entries of a checklist
	MaxRelations   = 50  // of one kind
	MaxLinks       = 50
	MaxURL         = 2000 // bytes
	MaxFiles       = 100
)

var (
	titleMissing = workspace.Text{
		De: "Bitte geben Sie einen Titel an.",
		En: "Please give a title.",
	}
	titleTooLong = workspace.Text{
		De: "Der Titel ist mit %d Zeichen zu lang; höchstens %d sind möglich. Ausführliches passt in die Beschreibung.",
		En: "The title is too long with %d characters; at most %d are possible. Details fit into the description.",
	}
	descriptionTooLong = workspace.Text{
		De: "Die Beschreibung ist zu lang; möglich sind höchstens etwa %d.000 Zeichen.",
		En: "The description is too long; at most about %d,000 characters are possible.",
	}
	badDate = workspace.Text{
		De: "Das ist kein Datum. Bitte schreiben Sie es zum Beispiel so: 2026-12-24.",
		En: "This is not a date. Please write it like this, for example: 2026-12-24.",
	}
	badLabel = workspace.Text{
		De: "Ein Schlagwort hat 1 bis %d Zeichen und keine Leerzeichen am Rand.",
		En: "A label has 1 to %d characters and no blanks around it.",
	}
	tooManyAssignees = workspace.Text{
		De: "Eine Karte kann höchstens %d Personen zugewiesen sein.",
		En: "A card can be assigned to at most %d people.",
	}
	tooManyLabels = workspace.Text{
		De: "Eine Karte kann höchstens %d Schlagwörter haben.",
		En: "A card can have at most %d labels.",
	}
	tooManyRelations = workspace.Text{
		De: "Eine Karte kann mit höchstens %d anderen verknüpft sein.",
		En: "A card can be related to at most %d others.",
	}
	drawnTooOften = workspace.Text{
		De: "Eine Karte kann auf Whiteboards höchstens %d-mal gezeigt werden.",
		En: "A card can be shown on whiteboards at most %d times.",
	}
	tooManyChecks = workspace.Text{
		De: "Eine Checkliste hat höchstens %d Punkte.",
		En: "A checklist has at most %d entries.",
	}
	tooManyLinks = workspace.Text{
		De: "Eine Karte kann höchstens %d Verweise haben.",
		En: "A card can have at most %d links.",
	}
	tooManyFiles = workspace.Text{
		De: "Eine Karte kann höchstens %d Anhänge haben.",
		En: "A card can have at most %d attachments.",
	}
	badPriority = workspace.Text{
		De: "Diese Priorität gibt es nicht. Möglich sind dringend, hoch, normal und niedrig.",
		En: "There is no such priority. It can be urgent, high, normal or low.",
	}
	badColor = workspace.Text{
		De: "Diese Farbe gibt es nicht. Möglich sind Rot, Orange, Gelb, Grün, Türkis, Blau, Violett, Rosa und Grau.",
		En: "There is no such colour. It can be red, orange, yellow, green, teal, blue, purple, pink or grey.",
	}
	badURL = workspace.Text{
		De: "Das ist keine Adresse im Netz. Bitte geben Sie sie vollständig an, zum Beispiel https://www.example.org/seite.",
		En: "This is not a web address. Please give it completely, such as https://www.example.org/page.",
	}
	badField = workspace.Text{
		De: "Diese Änderung ist fehlerhaft und wurde nicht übernommen. Bitte laden Sie die Seite neu.",
		En: "This change is malformed and was not made. Please reload the page.",
	}
)

// Clean makes one line of plain text of what a person typed: blanks are
// folded; control characters and those that turn the writing direction around
// (they can make a title read as something else) are removed. Right-to-left
// scripts and emoji stay as they are.
func Clean(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return printable(r)
	}, text)), " ")
}

// CleanLines is Clean for a text of several lines.
func CleanLines(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return printable(r)
	}, text))
}

func printable(r rune) rune {
	switch {
	case r == utf8.RuneError, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, unicode.Is(unicode.Cc, r):
		return -1
	}
	return r
}

// Check implements workspace.Surface: the fields of op have the form that
// docs/events/de.werkraum.change.md gives, and the card does not get more
// people or labels than it may have.
func (b *Board) Check(op workspace.Op) error {
	for name, v := range op.Set {
		if v.IsNull() {
			continue
		}
		if err := checkField(op.Kind, name, v); err != nil {
			return err
		}
	}
	if op.Kind != KindCard {
		return nil
	}
	for _, set := range []struct {
		name string
		most int
		text workspace.Text
	}{
		{Assignee, MaxAssignees, tooManyAssignees}, {Label, MaxLabels, tooManyLabels},
		{Blocks, MaxRelations, tooManyRelations}, {Relates, MaxRelations, tooManyRelations}, {Drawn, MaxRelations, drawnTooOften},
	} {
		if b.overfull(op, set.name, set.most) {
			return workspace.Refuse(workspace.Invalid, set.text.With(set.most))
		}
	}
	if b.overgrown(op, Check, Title, MaxChecks) {
		return workspace.Refuse(workspace.Invalid, tooManyChecks.With(MaxChecks))
	}
	if b.overgrown(op, Link, URL, MaxLinks) {
		return workspace.Refuse(workspace.Invalid, tooManyLinks.With(MaxLinks))
	}
	if b.overgrown(op, File, Name, MaxFiles) {
		return workspace.Refuse(workspace.Invalid, tooManyFiles.With(MaxFiles))
	}
	return nil
}

// overfull reports whether op adds to a set of its card so that it exceeds most.
// Taking members out of a set is always possible: merging the changes of two
// servers can have made it too big.
func (b *Board) overfull(op workspace.Op, set string, most int) bool {
	prefix := set + "/"
	var has []string
	looked, grows, n := false, false, 0
	for name, v := range op.Set {
		member, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		if card := b.card(op.Item); card != nil && !looked {
			has = card.Set(set)
			n += len(has)
		}
		looked = true
		switch _, in := slices.BinarySearch(has, member); {
		case v.True() && !in:
			n, grows = n+1, true
		case !v.True() && in:
			n--
		}
	}
	return grows && n > most
}

func checkField(kind workspace.Kind, name string, v workspace.Value) error {
	text, isText := v.Text()
	switch name {
	case workspace.Deleted:
		return must(v.IsBool(), name)
	case Rank:
		return must(kind != KindLabel && isText && workspace.ValidRank(text), name)
	case Title:
		if err := must(isText, name); err != nil {
			return err
		}
		if kind == KindLabel {
			return checkLabel(text)
		}
		return checkTitle(text)
	}
	switch kind {
	case KindColumn:
		return checkColumnField(name, v)
	case KindBoard:
		return checkBoardField(name, v)
	case KindView:
		return checkViewField(name, v)
	case KindLabel:
		return must(name == Color && isText && slices.Contains(Colors, text), name)
	}
	return checkCardField(name, v)
}

func checkTitle(title string) error {
	switch n := utf8.RuneCountInString(title); {
	case n == 0:
		return workspace.Refuse(workspace.Invalid, titleMissing)
	case n > MaxTitle:
		return workspace.Refuse(workspace.TooLarge, titleTooLong.With(n, MaxTitle))
	}
	return must(Clean(title) == title, Title)
}

func checkLabel(label string) error {
	if n := utf8.RuneCountInString(label); n == 0 || n > MaxLabel || Clean(label) != label {
		return workspace.Refuse(workspace.Invalid, badLabel.With(MaxLabel))
	}
	return nil
}

var fields = []string{
	workspace.Deleted, Title, Rank, Done, Description, Column, Start, Due, Priority, Archived, Repeat, Number, Message, Source, Created, CreatedBy,
	Assignee, Label, Blocks, Relates, Drawn, Parent, Check, Link, File, Cover, Color, Layout, ViewText, Sort, ViewColumns, InBoard, Limit, Strict, Template, Lanes,
}

func must(ok bool, field string) error {
	if ok {
		return nil
	}
	field, _, _ = strings.Cut(field, "/") // set members are content
	if !slices.Contains(fields, field) {
		field = "that does not exist" // so is a name that somebody made up
	}
	return workspace.Refuse(workspace.Invalid, badField).Because(fmt.Errorf("wrong value of the field %s", field))
}

func validDate(text string) bool {
	t, err := time.Parse(time.DateOnly, text)
	return err == nil && t.Year() >= 1900 && t.Year() <= 2999
}

func validUser(user string) bool {
	if len(user) > 255 {
		return false
	}
	_, server, err := id.UserID(user).Parse()
	return err == nil && server != ""
}
