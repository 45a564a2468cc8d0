package whiteboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// The fields of an element that are kept, in the order in which they are written. They are
// those of Excalidraw 0.18 (packages/element/src/types.ts), without what the item has
// fields of its own for.

// field is one of them: write appends its value to b, or refuses it.
type field struct {
	name     string
	required bool
	write    writer
}

type writer func(b []byte, raw json.RawMessage) ([]byte, error)

var errValue = errors.New("it has the wrong form")

const (
	farthest = 1_000_000 // coordinates and sizes, in units of the scene
	maxGroup = 50        // groups that an element is in
	maxBound = 500       // arrows and texts that are bound to it
)

var common = []field{
	{"id", true, ids}, {"type", true, anyWord}, {"x", true, coordinate}, {"y", true, coordinate},
	{"width", true, coordinate}, {"height", true, coordinate}, {"angle", false, number(-1000, 1000, 5)},
	{"strokeColor", false, color}, {"backgroundColor", false, color},
	{"fillStyle", false, oneOf("hachure", "cross-hatch", "solid", "zigzag")}, {"strokeWidth", false, number(0, 100, 2)},
	{"strokeStyle", false, oneOf("solid", "dashed", "dotted")}, {"roughness", false, number(0, 10, 1)}, {"opacity", false, number(0, 100, 1)},
	{"groupIds", false, listOf(ids, maxGroup)}, {"frameId", false, orNull(ids)}, {"index", false, orNull(text(100))},
	{"roundness", false, orNull(object(field{"type", true, number(1, 3, 0)}, field{"value", false, number(0, farthest, 2)}))},
	{"seed", false, number(0, math.MaxInt32, 0)},
	{"boundElements", false, orNull(listOf(object(field{"id", true, ids}, field{"type", true, oneOf("arrow", "text")}), maxBound))},
	{"link", false, orNull(link)}, {"locked", false, truth},
	{"customData", false, orNull(object(field{"card", false, ids}, field{"note", false, truth}, field{"slide", false, number(0, 10_000, 0)}))},
}

var (
	binding = orNull(object(field{"elementId", true, ids}, field{"focus", false, number(-1000, 1000, 5)}, field{"gap", false, number(0, farthest, 2)},
		field{"fixedPoint", false, orNull(pair(number(-100, 100, 5)))}, field{"mode", false, oneOf("inside", "orbit", "skip")}))
	head = orNull(oneOf("arrow", "bar", "dot", "circle", "circle_outline", "triangle", "triangle_outline", "diamond", "diamond_outline", "crowfoot_one", "crowfoot_many", "crowfoot_one_or_many"))

	linear = []field{
		{"points", true, listOf(point, MaxPoints)}, {"lastCommittedPoint", false, orNull(point)}, {"startBinding", false, binding}, {"endBinding", false, binding},
		{"startArrowhead", false, head}, {"endArrowhead", false, head},
	}
	fieldsOf = map[string][]field{
		"rectangle": nil, "diamond": nil, "ellipse": nil, "embeddable": nil,
		"line": append(slices.Clone(linear), field{"polygon", false, truth}),
		"arrow": append(slices.Clone(linear), field{"elbowed", false, truth},
			field{"fixedSegments", false, orNull(listOf(object(field{"start", true, point}, field{"end", true, point}, field{"index", true, number(0, MaxPoints, 0)}), 100))},
			field{"startIsSpecial", false, orNull(truth)}, field{"endIsSpecial", false, orNull(truth)}),
		"freedraw": {
			{"points", true, listOf(point, MaxPoints)}, {"pressures", false, listOf(number(0, 1, 2), MaxPoints)}, {"simulatePressure", false, truth},
			{"lastCommittedPoint", false, orNull(point)},
		},
		"text": {
			{"text", true, words}, {"originalText", false, words}, {"fontSize", true, number(1, 1000, 2)}, {"fontFamily", false, number(1, 20, 0)},
			{"textAlign", false, oneOf("left", "center", "right")}, {"verticalAlign", false, oneOf("top", "middle", "bottom")},
			{"containerId", false, orNull(ids)}, {"autoResize", false, truth}, {"lineHeight", false, number(0.1, 10, 3)},
		},
		"image": {
			{"fileId", true, orNull(ids)}, {"status", false, oneOf("pending", "saved", "error")}, {"scale", false, point},
			{"crop", false, orNull(object(field{"x", true, coordinate}, field{"y", true, coordinate}, field{"width", true, coordinate}, field{"height", true, coordinate},
				field{"naturalWidth", true, coordinate}, field{"naturalHeight", true, coordinate}))},
		},
		"frame": {{"name", false, orNull(text(300))}},
	}
)

// number takes a number from least to most, rounded to so many decimals.
func number(least, most float64, decimals int) writer {
	scale := math.Pow10(decimals)
	return func(b []byte, raw json.RawMessage) ([]byte, error) {
		n, err := strconv.ParseFloat(string(raw), 64)
		if err != nil || !(n >= least && n <= most) { //nolint:staticcheck // NaN is neither
			return b, errValue
		}
		n = math.Round(n*scale) / scale
		return strconv.AppendFloat(b, n+0, 'f', -1, 64), nil
	}
}

var within = number(-farthest, farthest, 2)

// coordinate takes a place or size; who is too far out is told so.
func coordinate(b []byte, raw json.RawMessage) ([]byte, error) {
	out, err := within(b, raw)
	if n, bad := strconv.ParseFloat(string(raw), 64); err != nil && (bad == nil || errors.Is(bad, strconv.ErrRange)) && n == n {
		return b, workspace.Refuse(workspace.Invalid, elsewhere)
	}
	return out, err
}

func point(b []byte, raw json.RawMessage) ([]byte, error) { return pair(coordinate)(b, raw) }

// pair takes two numbers.
func pair(one writer) writer {
	return func(b []byte, raw json.RawMessage) ([]byte, error) {
		x, y, two := bytes.Cut(bytes.TrimSuffix(bytes.TrimPrefix(raw, []byte("[")), []byte("]")), []byte(","))
		if !two || len(raw) < 5 || raw[0] != '[' || raw[len(raw)-1] != ']' {
			return b, errValue
		}
		b = append(b, '[')
		b, err := one(b, bytes.TrimSpace(x))
		if err != nil {
			return b, err
		}
		b = append(b, ',')
		if b, err = one(b, bytes.TrimSpace(y)); err != nil {
			return b, err
		}
		return append(b, ']'), nil
	}
}

func truth(b []byte, raw json.RawMessage) ([]byte, error) {
	if s := string(raw); s != "true" && s != "false" {
		return b, errValue
	}
	return append(b, raw...), nil
}

func orNull(w writer) writer {
	return func(b []byte, raw json.RawMessage) ([]byte, error) {
		if string(raw) == "null" {
			return append(b, raw...), nil
		}
		return w(b, raw)
	}
}

func oneOf(words ...string) writer {
	return func(b []byte, raw json.RawMessage) ([]byte, error) {
		var s string
		if json.Unmarshal(raw, &s) != nil || !slices.Contains(words, s) {
			return b, errValue
		}
		return workspace.AppendJSONString(b, s), nil
	}
}

// anyWord takes the type, which was looked up already.
func anyWord(b []byte, raw json.RawMessage) ([]byte, error) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return b, errValue
	}
	return workspace.AppendJSONString(b, s), nil
}

func ids(b []byte, raw json.RawMessage) ([]byte, error) {
	var s string
	if json.Unmarshal(raw, &s) != nil || !workspace.ItemID(s).Valid() {
		return b, errValue
	}
	return workspace.AppendJSONString(b, s), nil
}

func listOf(one writer, most int) writer {
	return func(b []byte, raw json.RawMessage) ([]byte, error) {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return b, errValue
		}
		if len(list) > most {
			return b, workspace.Refuse(workspace.TooLarge, elementTooLarge)
		}
		b = append(b, '[')
		for i, entry := range list {
			if i > 0 {
				b = append(b, ',')
			}
			var err error
			if b, err = one(b, entry); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	}
}

func object(own ...field) writer {
	return func(b []byte, raw json.RawMessage) ([]byte, error) {
		var given map[string]json.RawMessage
		if json.Unmarshal(raw, &given) != nil || given == nil {
			return b, errValue
		}
		b = append(b, '{')
		first := true
		for _, f := range own {
			value, there := given[f.name]
			if !there {
				if f.required {
					return b, errValue
				}
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(append(append(b, '"'), f.name...), '"', ':')
			var err error
			if b, err = f.write(b, bytes.TrimSpace(value)); err != nil {
				return b, err
			}
		}
		return append(b, '}'), nil
	}
}

var colors = regexp.MustCompile(`^(#[0-9A-Fa-f]{3,8}|[a-z]{1,30})$`)

func color(b []byte, raw json.RawMessage) ([]byte, error) {
	var s string
	if json.Unmarshal(raw, &s) != nil || !colors.MatchString(s) {
		return b, errValue
	}
	return workspace.AppendJSONString(b, s), nil
}

// text takes plain text of at most so many characters.
func text(most int) writer {
	return func(b []byte, raw json.RawMessage) ([]byte, error) {
		var s string
		if json.Unmarshal(raw, &s) != nil || utf8.RuneCountInString(s) > most {
			return b, errValue
		}
		return workspace.AppendJSONString(b, clean(s)), nil
	}
}

func words(b []byte, raw json.RawMessage) ([]byte, error) {
	b, err := text(MaxText)(b, raw)
	var s string
	if err != nil && json.Unmarshal(raw, &s) == nil {
		return b, workspace.Refuse(workspace.TooLarge, textTooLong.With(MaxText))
	}
	return b, err
}

// clean takes out what cannot be seen: control characters, and those that turn the writing
// direction around. Blanks stay, for Excalidraw has measured them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == utf8.RuneError, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, unicode.Is(unicode.Cc, r):
			return -1
		}
		return r
	}, s)
}

// CardLink is what the link of an element begins with that shows a card.
const CardLink = "werkraum:card/"

func link(b []byte, raw json.RawMessage) ([]byte, error) {
	var s string
	if json.Unmarshal(raw, &s) != nil || len(s) > 2000 || clean(s) != s {
		return b, errValue
	}
	card, shows := strings.CutPrefix(s, CardLink)
	if shows && !workspace.ItemID(card).Valid() || !shows && !board.ValidURL(s) {
		return b, workspace.Refuse(workspace.Invalid, badLink)
	}
	return workspace.AppendJSONString(b, s), nil
}
