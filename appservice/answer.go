package appservice

import (
	"context"
	"errors"
	"net/http"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
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

// ask gets an answer of the homeserver, as far as it is well-formed.
func (h *homeserver) ask(ctx context.Context, address string) (gjson.Result, error) {
	return askAs(ctx, h.client, address, nil)
}

// askAs asks as the bot or as its device, by any client (nil for the usual one).
func askAs(ctx context.Context, as *mautrix.Client, address string, by *http.Client) (gjson.Result, error) {
	body, err := as.MakeFullRequest(ctx, mautrix.FullRequest{Method: http.MethodGet, URL: address, Client: by, MaxAttempts: 1})
	if err != nil {
		return gjson.Result{}, err
	}
	if !wellFormed(body) {
		return gjson.Result{}, errAnswer
	}
	return gjson.ParseBytes(body), nil
}
