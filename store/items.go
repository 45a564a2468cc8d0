package store

import (
	"errors"
	"strings"

	"github.com/tidwall/gjson"

	"werkraum/workspace"
)

// encodeFields writes registers as [[name, value, stamp], …].
func encodeFields(fields []workspace.Field) string {
	b := make([]byte, 0, 96*len(fields))
	b = append(b, '[')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		b = workspace.AppendJSONString(b, f.Name)
		b = append(b, ',')
		b = f.Value.AppendJSON(b)
		b = append(b, ',')
		b = workspace.AppendJSONString(b, f.At.String())
		b = append(b, ']')
	}
	return string(append(b, ']'))
}

// itemReader reads items. Names of fields, kinds and origins are few and recur
// in every item; each is kept once.
type itemReader struct {
	seal  sealer
	known map[string]string
}

func newItemReader(seal sealer) *itemReader { return &itemReader{seal, map[string]string{}} }

// maxKnown bounds the memory for what recurs: names of labels and people do
// not always.
const maxKnown = 10_000

func (r *itemReader) once(text string) string {
	if known, ok := r.known[text]; ok {
		return known
	}
	own := string([]byte(text)) // text may be part of a row
	if len(r.known) < maxKnown {
		r.known[own] = own
	}
	return own
}

func (r *itemReader) scan(row rows) (*workspace.Item, error) {
	it := &workspace.Item{}
	var kind, fields string
	if err := row.Scan(&kind, (*string)(&it.ID), &it.Seq, &fields); err != nil {
		return nil, err
	}
	it.Kind = workspace.Kind(r.once(kind))
	fields, err := r.seal.plainText(fields, "items", "fields", kind, string(it.ID))
	if err != nil {
		return nil, err
	}
	it.Fields, err = r.fields(fields)
	return it, err
}

var errFields = errors.New("item's fields have the wrong shape")

// fields reads what encodeFields wrote.
func (r *itemReader) fields(text string) ([]workspace.Field, error) {
	if !gjson.Valid(text) || !gjson.Parse(text).IsArray() {
		return nil, errFields
	}
	fields := make([]workspace.Field, 0, strings.Count(text, `],["`)+1) // within a text the quote is escaped
	var err error
	gjson.Parse(text).ForEach(func(_, entry gjson.Result) bool {
		var f workspace.Field
		f, err = r.field(entry)
		fields = append(fields, f)
		return err == nil
	})
	return fields, err
}

// value reads a value. A text is kept by itself, not with the row that it is a part of.
func (r *itemReader) value(v *workspace.Value, part gjson.Result) error {
	switch {
	case part.Type != gjson.String:
		return v.UnmarshalJSON([]byte(part.Raw))
	case strings.IndexByte(part.Raw, '\\') < 0:
		*v = workspace.String(strings.Clone(part.Str))
	default:
		*v = workspace.String(part.Str) // made anew
	}
	return nil
}

// field reads [name, value, stamp].
func (r *itemReader) field(entry gjson.Result) (f workspace.Field, err error) {
	n := 0
	entry.ForEach(func(_, part gjson.Result) bool {
		switch n++; n {
		case 1:
			if part.Type != gjson.String {
				err = errFields
			}
			f.Name = r.once(part.Str)
		case 2:
			err = r.value(&f.Value, part)
		case 3:
			var at workspace.Stamp
			at, err = workspace.ParseStamp(part.Str)
			f.At = workspace.Stamp{Time: at.Time, Origin: r.once(at.Origin)}
		}
		return err == nil
	})
	if err == nil && n != 3 {
		err = errFields
	}
	return f, err
}
