package workspace

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

type valueKind uint8

const (
	null valueKind = iota
	boolean
	integer
	text
)

// maxInteger is the greatest integer that Matrix event content may carry
// (client-server API, canonical JSON).
const maxInteger = 1<<53 - 1

// Value is what a field holds: a text, an integer, a truth value or nothing.
// Floats do not exist, as in Matrix event content. The zero Value is nothing.
type Value struct {
	kind valueKind
	text string
}

// String makes a text value.
func String(s string) Value { return Value{kind: text, text: s} }

// Int makes an integer value; n must be within ±(2^53-1).
func Int(n int64) Value { return Value{kind: integer, text: strconv.FormatInt(n, 10)} }

// Bool makes a truth value.
func Bool(b bool) Value {
	if b {
		return Value{kind: boolean, text: "true"}
	}
	return Value{kind: boolean, text: "false"}
}

// IsNull reports whether the field is empty.
func (v Value) IsNull() bool { return v.kind == null }

// Text returns the text, and whether v is one.
func (v Value) Text() (string, bool) { return v.text, v.kind == text }

// Number returns the integer, and whether v is one.
func (v Value) Number() (int64, bool) {
	if v.kind != integer {
		return 0, false
	}
	n, err := strconv.ParseInt(v.text, 10, 64)
	return n, err == nil
}

// True reports whether v is the truth value true.
func (v Value) True() bool { return v.kind == boolean && v.text == "true" }

// IsBool reports whether v is a truth value.
func (v Value) IsBool() bool { return v.kind == boolean }

// Integer returns the integer, and whether v is one.
func (v Value) Integer() (int64, bool) {
	n, err := strconv.ParseInt(v.text, 10, 64)
	return n, v.kind == integer && err == nil
}

// compare is a total order without meaning. It decides between different
// values under equal stamps, which only a faulty or hostile server sends.
func (v Value) compare(o Value) int {
	if v.kind != o.kind {
		return int(v.kind) - int(o.kind)
	}
	return strings.Compare(v.text, o.text)
}

// plain reports whether a JSON string needs no decoding.
func plain(raw []byte) bool {
	if len(raw) < 2 || raw[len(raw)-1] != '"' {
		return false
	}
	for _, c := range raw[1 : len(raw)-1] {
		if c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}

// AppendJSON appends v as JSON.
func (v Value) AppendJSON(b []byte) []byte {
	switch v.kind {
	case text:
		return AppendJSONString(b, v.text)
	case boolean, integer:
		return append(b, v.text...)
	default:
		return append(b, "null"...)
	}
}

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// UnmarshalJSON implements json.Unmarshaler and refuses arrays, objects,
// fractions and integers that Matrix does not carry.
func (v *Value) UnmarshalJSON(raw []byte) error {
	switch {
	case len(raw) == 0:
		return errors.New("value is empty")
	case raw[0] == '"':
		if plain(raw) {
			*v = String(string(raw[1 : len(raw)-1]))
			return nil
		}
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*v = String(s)
	case string(raw) == "null":
		*v = Value{}
	case string(raw) == "true" || string(raw) == "false":
		*v = Bool(raw[0] == 't')
	default:
		n, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil || n > maxInteger || n < -maxInteger {
			return errors.New("value is neither text, integer, truth value nor null")
		}
		*v = Int(n)
	}
	return nil
}

// AppendJSONString appends s as a JSON string. Invalid UTF-8 becomes U+FFFD.
func AppendJSONString(b []byte, s string) []byte {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil { // a string always marshals
		panic(err)
	}
	return append(b, quoted...)
}
