package workspace

import (
	"slices"
	"strings"
)

// Kind is the kind of an item, such as "card"; a surface owns its kinds.
type Kind string

// ItemID names an item within its room and kind: 1 to 64 characters of
// A-Z a-z 0-9 _ -.
type ItemID string

// Key identifies an item in a room. The kind is part of it, so that two
// servers can never disagree on what an item is.
type Key struct {
	Kind Kind
	ID   ItemID
}

// Valid reports whether id has the form of an item ID.
func (id ItemID) Valid() bool {
	return len(id) >= 1 && len(id) <= 64 && strings.IndexFunc(string(id), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}) < 0
}

// Deleted is the field that hides an item. Deleting is a change like any
// other, so it merges and can be undone.
const Deleted = "deleted"

// Field is a last-writer-wins register: the value with the greatest stamp.
type Field struct {
	Name  string
	Value Value
	At    Stamp
}

// Item is a piece of work: a card, a column. An Item never changes; merging
// yields a new one, so readers may keep what they were given.
type Item struct {
	Key
	Fields []Field // sorted by name
	Seq    int64   // the room's sequence number of the last change that altered it
}

// Field returns the register called name.
func (it *Item) Field(name string) (Field, bool) {
	i, ok := slices.BinarySearchFunc(it.Fields, name, func(f Field, n string) int { return strings.Compare(f.Name, n) })
	if !ok {
		return Field{}, false
	}
	return it.Fields[i], true
}

// Text returns the text in field name, or "".
func (it *Item) Text(name string) string {
	f, _ := it.Field(name)
	s, _ := f.Value.Text()
	return s
}

// True reports whether field name holds true.
func (it *Item) True(name string) bool {
	f, _ := it.Field(name)
	return f.Value.True()
}

// Deleted reports whether the item is hidden.
func (it *Item) Deleted() bool { return it.True(Deleted) }

// Set returns, sorted, the members of the set called name: fields
// "name/member" that hold true.
func (it *Item) Set(name string) []string {
	var members []string
	prefix := name + "/"
	i, _ := slices.BinarySearchFunc(it.Fields, prefix, func(f Field, n string) int { return strings.Compare(f.Name, n) })
	for ; i < len(it.Fields) && strings.HasPrefix(it.Fields[i].Name, prefix); i++ {
		if it.Fields[i].Value.True() {
			members = append(members, it.Fields[i].Name[len(prefix):])
		}
	}
	return members
}

// AppendJSON appends the item as the live protocol shows it:
// {"id","kind","fields":{name:value}}, without empty fields and stamps.
func (it *Item) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = AppendJSONString(b, string(it.ID))
	b = append(b, `,"kind":`...)
	b = AppendJSONString(b, string(it.Kind))
	b = append(b, `,"fields":{`...)
	first := true
	for _, f := range it.Fields {
		if f.Value.IsNull() {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = AppendJSONString(b, f.Name)
		b = append(b, ':')
		b = f.Value.AppendJSON(b)
	}
	return append(b, '}', '}')
}

// merge returns the item with op's fields merged at the stamp, the fields that
// won, and what they replaced. it may be nil. The result is it itself when
// nothing won.
func (it *Item) merge(op Op, at Stamp) (merged *Item, won, before Op) {
	key := op.Key()
	won = Op{Item: op.Item, Kind: op.Kind}
	before = Op{Item: op.Item, Kind: op.Kind}
	var fields []Field
	if it != nil {
		fields = it.Fields
	}
	copied := false
	for _, name := range op.names() {
		value := op.Set[name]
		i, found := slices.BinarySearchFunc(fields, name, func(f Field, n string) int { return strings.Compare(f.Name, n) })
		if found {
			old := fields[i]
			if c := at.Compare(old.At); c < 0 || (c == 0 && value.compare(old.Value) <= 0) {
				continue
			}
			before.put(name, old.Value)
		} else {
			before.put(name, Value{})
		}
		won.put(name, value)
		if !copied {
			fields = append(make([]Field, 0, len(fields)+len(op.Set)), fields...)
			copied = true
		}
		f := Field{Name: name, Value: value, At: at}
		if found {
			fields[i] = f
		} else {
			fields = slices.Insert(fields, i, f)
		}
	}
	if !copied {
		return it, won, before
	}
	return &Item{Key: key, Fields: slices.Clip(fields)}, won, before
}
