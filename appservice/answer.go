package appservice

import (
	"errors"

	"github.com/tidwall/gjson"
)

// Answers that hold what others have written are not decoded as a whole: one event
// that is nested deeper than encoding/json goes would hide all others, and what
// must be read would be asked for again for ever.

// maxDepth bounds the nesting of what is read. An event has at most 64 KiB, so
// none can be deeper; and what is much deeper than that overflows the stack.
const maxDepth = 100_000

// wellFormed reports whether a text is JSON that can be read.
func wellFormed(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return false
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return gjson.ValidBytes(text)
}

var errAnswer = errors.New("the homeserver's answer has the wrong shape")
