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
	if b.overfull(op, Assignee, MaxAssignees) {
		return workspace.Refuse(workspace.Invalid, tooManyAssignees.With(MaxAssignees))
	}
	if b.overfull(op, Label, MaxLabels) {
		return workspace.Refuse(workspace.Invalid, tooManyLabels.With(MaxLabels))
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
	case Title:
		if err := must(isText, name); err != nil {
			return err
		}
		return checkTitle(text)
	case Rank:
		return must(isText && workspace.ValidRank(text), name)
	}
	if kind == KindColumn {
		return must(name == Done && v.IsBool(), name)
	}
	switch name {
	case Description:
		if isText && len(text) > MaxDescription {
			return workspace.Refuse(workspace.TooLarge, descriptionTooLong.With(MaxDescription/1024))
		}
		return must(isText && CleanLines(text) == text, name)
	case Column:
		return must(isText && workspace.ItemID(text).Valid(), name)
	case Due:
		if isText && !validDate(text) {
			return workspace.Refuse(workspace.Invalid, badDate)
		}
		return must(isText, name)
	case Number:
		return must(isText && text != "" && len(text) <= 20, name)
	case Message, Source:
		return must(isText && strings.HasPrefix(text, "$") && len(text) <= 255, name)
	case Created:
		_, err := time.Parse(time.RFC3339, text)
		return must(isText && err == nil, name)
	case CreatedBy:
		return must(isText && validUser(text), name)
	}
	set, member, _ := strings.Cut(name, "/")
	switch set {
	case Assignee:
		return must(v.IsBool() && validUser(member), name)
	case Label:
		if n := utf8.RuneCountInString(member); n == 0 || n > MaxLabel || Clean(member) != member {
			return workspace.Refuse(workspace.Invalid, badLabel.With(MaxLabel))
		}
		return must(v.IsBool(), name)
	}
	return must(false, name)
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

var fields = []string{
	workspace.Deleted, Title, Rank, Done, Description, Column, Due, Number, Message, Source, Created, CreatedBy, Assignee, Label,
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
