package board

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"werkraum/workspace"
)

// Priorities are the values of a card's priority, the highest first; one without is
// of normal priority, which is between high and low.
var Priorities = []string{"urgent", "high", "low"}

// Colors are the colours that a label can have.
var Colors = []string{"red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "grey"}

func checkCardField(name string, v workspace.Value) error {
	text, isText := v.Text()
	switch name {
	case Description:
		if isText && len(text) > MaxDescription {
			return workspace.Refuse(workspace.TooLarge, descriptionTooLong.With(MaxDescription/1024))
		}
		return must(isText && CleanLines(text) == text, name)
	case Column, Parent:
		return must(isText && workspace.ItemID(text).Valid(), name)
	case Start, Due:
		if isText && !validDate(text) {
			return workspace.Refuse(workspace.Invalid, badDate)
		}
		return must(isText, name)
	case Priority:
		if isText && !slices.Contains(Priorities, text) {
			return workspace.Refuse(workspace.Invalid, badPriority)
		}
		return must(isText, name)
	case Archived:
		return must(v.IsBool(), name)
	case Repeat:
		if isText {
			return checkRule(text)
		}
		return must(false, name)
	case Number:
		return must(isText && text != "" && len(text) <= 20, name)
	case Message, Source:
		return must(isText && strings.HasPrefix(text, "$") && len(text) <= 255, name)
	case Created:
		_, err := time.Parse(time.RFC3339, text)
		return must(isText && err == nil, name)
	case CreatedBy:
		return must(isText && validUser(text), name)
	case Cover:
		return must(isText && validEntry(text), name)
	}
	set, member, _ := strings.Cut(name, "/")
	switch set {
	case Assignee:
		return must(v.IsBool() && validUser(member), name)
	case Label:
		if err := checkLabel(member); err != nil {
			return err
		}
		return must(v.IsBool(), name)
	case Blocks, Relates, Drawn:
		return must(v.IsBool() && workspace.ItemID(member).Valid(), name)
	}
	entry, part, _ := strings.Cut(member, "/")
	if !validEntry(entry) {
		return must(false, name)
	}
	if set == File {
		return checkFile(part, v, name)
	}
	switch set + "/" + part {
	case Check + "/" + Title, Link + "/" + Title:
		if !isText {
			return must(false, name)
		}
		return checkTitle(text)
	case Check + "/" + Rank:
		return must(isText && workspace.ValidRank(text), name)
	case Check + "/" + Done:
		return must(v.IsBool(), name)
	case Link + "/" + URL:
		if isText && !ValidURL(text) {
			return workspace.Refuse(workspace.Invalid, badURL)
		}
		return must(isText, name)
	}
	return must(false, name)
}

// maxEntry bounds the ID of an entry of a checklist and of a link, which is within the
// name of a field.
const maxEntry = 32

func validEntry(entry string) bool {
	return len(entry) <= maxEntry && workspace.ItemID(entry).Valid()
}

// ValidURL reports whether text is an address that a browser may be sent to: nothing
// that runs, and nothing that hides where it leads.
func ValidURL(text string) bool {
	if len(text) > MaxURL || Clean(text) != text || strings.Contains(text, " ") {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// overgrown is overfull for a set whose members have parts: it counts those of which
// the part is there.
func (b *Board) overgrown(op workspace.Op, set, part string, most int) bool {
	grows, n, looked := false, 0, false
	for name, v := range op.Set {
		entry, ok := entryOf(name, set, part)
		if !ok {
			continue
		}
		card := b.card(op.Item)
		if card != nil && !looked {
			n += len(entries(card, set, part))
		}
		looked = true
		had := card != nil && card.Text(set+"/"+entry+"/"+part) != ""
		switch {
		case !v.IsNull() && !had:
			n, grows = n+1, true
		case v.IsNull() && had:
			n--
		}
	}
	return grows && n > most
}

// entryOf reads set/entry/part.
func entryOf(field, set, part string) (entry string, ok bool) {
	rest, ok := strings.CutPrefix(field, set+"/")
	if !ok {
		return "", false
	}
	entry, ok = strings.CutSuffix(rest, "/"+part)
	return entry, ok && !strings.Contains(entry, "/")
}

// entries lists the members of a set whose part is there.
func entries(card *workspace.Item, set, part string) []string {
	var found []string
	from, _ := slices.BinarySearchFunc(card.Fields, set+"/", func(f workspace.Field, n string) int { return strings.Compare(f.Name, n) })
	for _, f := range card.Fields[from:] {
		if !strings.HasPrefix(f.Name, set+"/") {
			break
		}
		if entry, ok := entryOf(f.Name, set, part); ok && !f.Value.IsNull() {
			found = append(found, entry)
		}
	}
	return found
}
