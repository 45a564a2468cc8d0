package openid

import (
	"fmt"
	"strconv"
)

// Reason is why a person's identity could not be verified. The set is closed: it is
// a label of the metrics.
type Reason string

// All reasons.
const (
	// InvalidServerName is text that is no server name. It is the client's mistake.
	InvalidServerName Reason = "invalid_server_name"
	// InvalidToken is text that cannot be a token. It is the client's mistake.
	InvalidToken Reason = "invalid_token"
	// NotAllowed is a server whose users may not take part here.
	NotAllowed Reason = "not_allowed"
	// RefusedToken is a token that its own server does not accept: wrong or expired.
	RefusedToken Reason = "refused_token"
	// WrongServer is a server that vouches for a user of another one.
	WrongServer Reason = "wrong_server"
	// Unreachable is a server that could not be asked.
	Unreachable Reason = "unreachable"
	// BadAnswer is a server that answered something else than the specification
	// says; Status 404 means that its federation or openid listener is off.
	BadAnswer Reason = "bad_answer"
)

var reasons = []Reason{InvalidServerName, InvalidToken, NotAllowed, RefusedToken, WrongServer, Unreachable, BadAnswer}

var phrases = map[Reason]string{
	InvalidServerName: "not a server name",
	InvalidToken:      "not a token",
	NotAllowed:        "the server is not allowed",
	RefusedToken:      "the server refused the token",
	WrongServer:       "the server vouched for a user of another server",
	Unreachable:       "the server cannot be reached",
	BadAnswer:         "the server's answer is not as specified",
}

// Error is every error of Verify. It never holds the token.
type Error struct {
	// Reason says what went wrong.
	Reason Reason
	// Server is the server that was asked; empty with InvalidServerName.
	Server string
	// Status is the HTTP status of the answer, 0 if there was none.
	Status int
	// Cause is the error below, often an *outbound.Error; may be nil.
	Cause error
}

// Error implements error.
func (e *Error) Error() string {
	text := "verify openid token"
	if e.Server != "" {
		text += " at " + strconv.Quote(e.Server)
	}
	text += ": " + phrases[e.Reason]
	if e.Status != 0 {
		text += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives Cause.
func (e *Error) Unwrap() error { return e.Cause }
