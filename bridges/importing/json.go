package importing

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"werkraum/workspace"
)

const (
	maxDepth = 64     // how deep JSON may be nested; exports are a dozen levels deep
	maxList  = 50_000 // how long one list in it may be
)

// json reads whichever program's JSON it is.
func (r *reader) json(data []byte) error {
	if tooDeep(data) {
		return workspace.Refuse(workspace.Invalid, broken)
	}
	var top struct {
		Format  string          `json:"format"`
		Boards  json.RawMessage `json:"boards"`
		Stacks  json.RawMessage `json:"stacks"`
		Lists   json.RawMessage `json:"lists"`
		Cards   json.RawMessage `json:"cards"`
		IDBoard string          `json:"idBoard"`
	}
	if data[0] == '{' {
		if err := json.Unmarshal(data, &top); err != nil && !json.Valid(data) {
			return workspace.Refuse(workspace.Invalid, broken)
		}
	}
	switch {
	case top.Format == werkraumFormat:
		return r.werkraum(data)
	case top.Lists != nil && top.Cards != nil:
		return r.trello(data)
	case top.Boards != nil:
		return r.deck(top.Boards)
	case top.Stacks != nil:
		return r.deck(append(append([]byte("["), data...), ']'))
	default: // older versions of occ deck:export: boards by their number, and nothing else
		return r.deck(data)
	}
}

// tooDeep reports whether brackets are nested deeper than any export has them.
func tooDeep(data []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

var errLong = errors.New("a list is too long")

// decode reads JSON into a form; whatever does not fit means that the file is broken.
func decode(data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		if errors.Is(err, errLong) {
			return workspace.Refuse(workspace.TooLarge, tooManyParts).Because(errLong)
		}
		// The decoder's error may quote content.
		return workspace.Refuse(workspace.Invalid, broken)
	}
	return nil
}

var tooManyParts = workspace.Text{
	De: "Die Datei enthält zu viele Einträge auf einmal. Bitte teilen Sie sie auf.",
	En: "The file holds too many entries at once. Please split it.",
}

// list is a JSON array, or an object whose names do not matter, as PHP writes arrays whose
// numbers have gaps. An entry that does not fit is left out: bad counts them. It is read
// entry by entry, so that a small file cannot become large in memory.
type list[T any] struct {
	all []T
	bad int
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *list[T]) UnmarshalJSON(raw []byte) error {
	l.all, l.bad = nil, 0
	d := json.NewDecoder(bytes.NewReader(raw))
	open, err := d.Token()
	if err != nil || open == nil {
		return err
	}
	if open != json.Delim('[') && open != json.Delim('{') {
		return errors.New("not a list")
	}
	for d.More() {
		if open == json.Delim('{') {
			if _, err := d.Token(); err != nil {
				return err
			}
		}
		if len(l.all)+l.bad >= maxList {
			return errLong
		}
		var entry T
		switch err := d.Decode(&entry); {
		case errors.Is(err, errLong):
			return err
		case err != nil:
			l.bad++
		default:
			l.all = append(l.all, entry)
		}
	}
	return nil
}

// flex is a text that may be written as a number, or not at all.
type flex string

// UnmarshalJSON implements json.Unmarshaler.
func (f *flex) UnmarshalJSON(raw []byte) error {
	*f = ""
	switch {
	case len(raw) == 0:
	case raw[0] == '"':
		return json.Unmarshal(raw, (*string)(f))
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		*f = flex(raw)
	}
	return nil
}

// number is flex as a number, for ordering; 0 if it is none.
func (f flex) number() float64 {
	n, err := strconv.ParseFloat(string(f), 64)
	if err != nil || n != n {
		return 0
	}
	return n
}

// yes is a truth value that may be written as a number.
type yes bool

// UnmarshalJSON implements json.Unmarshaler.
func (y *yes) UnmarshalJSON(raw []byte) error {
	*y = string(raw) == "true" || string(raw) == "1" || string(raw) == `"1"`
	return nil
}

// badEntries notes entries of a list that do not have the form they should have.
func (r *reader) badEntries(n int) {
	if n > 0 {
		r.refuse(theFile, workspace.Text{
			De: "Beschädigte Einträge: %d. Sie wurden ausgelassen.",
			En: "Damaged entries: %d. They were left out.",
		}.With(n))
	}
}
