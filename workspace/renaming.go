package workspace

import (
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"
)

// Renaming writes another user ID wherever work names a person: as who made a
// change, as a member of a set, as a value, and within a text.
//
// It is no change of the work but of a name in it, as if the person had been
// called so from the beginning: stamps stay, and as long as To is nobody else's
// ID, merging renamed changes gives the same as renaming what was merged. So it
// can be applied to what is stored and to whatever comes later
// (docs/adr/0016-erasing-a-person.md).
type Renaming struct {
	From, To id.UserID
	// Texts are whole values that were made of the person's name, and what stands
	// there instead.
	Texts map[string]string
}

// User returns user, or To if it is From.
func (r Renaming) User(user id.UserID) id.UserID {
	if user == r.From {
		return r.To
	}
	return user
}

// Text replaces each mention of From in text. Another ID that only begins like
// it (of @anna:a.example that of @anna:a.example.org) stays.
func (r Renaming) Text(text string) string {
	if whole, ok := r.Texts[text]; ok {
		return whole
	}
	return replaceUser(text, string(r.From), string(r.To))
}

func replaceUser(text, from, to string) string {
	if from == "" || !strings.Contains(text, from) {
		return text
	}
	var b strings.Builder
	for {
		i := strings.Index(text, from)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		text = text[i+len(from):]
		if goesOn(text) {
			b.WriteString(from)
		} else {
			b.WriteString(to)
		}
	}
}

// goesOn reports whether what follows a user ID makes a longer server name of
// it: a letter or digit, a hyphen, or a dot or colon with such behind it. The
// stop of a sentence does not.
func goesOn(rest string) bool {
	if rest == "" {
		return false
	}
	if (rest[0] == '.' || rest[0] == ':') && len(rest) > 1 {
		rest = rest[1:]
	}
	c := rest[0]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'
}

// name renames the member of a set: a field set/member.
func (r Renaming) name(field string) string {
	if set, member, ok := strings.Cut(field, "/"); ok && member == string(r.From) {
		return set + "/" + string(r.To)
	} else if ok {
		return set + "/" + r.Text(member)
	}
	return field
}

func (r Renaming) value(v Value) Value {
	if text, ok := v.Text(); ok {
		return String(r.Text(text))
	}
	return v
}

// Item returns the renamed item, and whether it differs from it.
func (r Renaming) Item(it *Item) (*Item, bool) {
	differs := false
	fields := make([]Field, len(it.Fields))
	for i, f := range it.Fields {
		fields[i] = Field{Name: r.name(f.Name), Value: r.value(f.Value), At: f.At}
		differs = differs || fields[i] != f
	}
	if !differs {
		return it, false
	}
	slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return &Item{Key: it.Key, Fields: fields, Seq: it.Seq}, true
}

// Change returns the renamed change, and whether it differs from c.
func (r Renaming) Change(c Change) (Change, bool) {
	ops, differs := r.ops(c.Ops)
	if by := r.User(c.By); by != c.By {
		c.By, differs = by, true
	}
	c.Ops = ops
	return c, differs
}

// Commit returns the renamed commit, and whether it differs from c.
func (r Renaming) Commit(c Commit) (Commit, bool) {
	change, changed := r.Change(c.Change)
	won, wonDiffers := r.ops(c.Won)
	before, beforeDiffers := r.ops(c.Before)
	c.Change, c.Won, c.Before = change, won, before
	return c, changed || wonDiffers || beforeDiffers
}

func (r Renaming) ops(ops []Op) ([]Op, bool) {
	var renamed []Op
	for i, op := range ops {
		set, differs := r.set(op.Set)
		if differs && renamed == nil {
			renamed = slices.Clone(ops)
		}
		if differs {
			renamed[i].Set = set
		}
	}
	if renamed == nil {
		return ops, false
	}
	return renamed, true
}

func (r Renaming) set(set map[string]Value) (map[string]Value, bool) {
	renamed, differs := make(map[string]Value, len(set)), false
	for name, v := range set {
		to, value := r.name(name), r.value(v)
		differs = differs || to != name || value != v
		renamed[to] = value
	}
	return renamed, differs
}
