package store

import (
	"errors"
	"fmt"

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
type itemReader struct{ known map[string]string }

func newItemReader() *itemReader { return &itemReader{known: map[string]string{}} }

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
	var err error
	it.Fields, err = r.fields(fields)
	return it, err
}

var errFields = errors.New("item's fields have the wrong shape")

// fields reads what encodeFields wrote.
func (r *itemReader) fields(text string) ([]workspace.Field, error) {
	if !gjson.Valid(text) {
		return nil, errFields
	}
	list := gjson.Parse(text).Array()
	fields := make([]workspace.Field, len(list))
	for i, entry := range list {
		parts := entry.Array()
		if len(parts) != 3 || parts[0].Type != gjson.String || parts[2].Type != gjson.String {
			return nil, errFields
		}
		f := &fields[i]
		f.Name = r.once(parts[0].Str)
		if err := f.Value.UnmarshalJSON([]byte(parts[1].Raw)); err != nil {
			return nil, fmt.Errorf("field's value: %w", err)
		}
		at, err := workspace.ParseStamp(parts[2].Str)
		if err != nil {
			return nil, fmt.Errorf("field's stamp: %w", err)
		}
		f.At = workspace.Stamp{Time: at.Time, Origin: r.once(at.Origin)}
	}
	return fields, nil
}
