package workspace

import "errors"

// ErrorKind is the class of a refusal. HTTP and bots map it once each.
type ErrorKind string

// The kinds of refusal; the strings are part of the live protocol.
const (
	Invalid         ErrorKind = "invalid"
	Unauthenticated ErrorKind = "unauthenticated"
	Forbidden       ErrorKind = "forbidden"
	NotFound        ErrorKind = "not_found"
	Conflict        ErrorKind = "conflict"
	TooLarge        ErrorKind = "too_large"
	RateLimited     ErrorKind = "rate_limited"
	Unavailable     ErrorKind = "unavailable"
	Internal        ErrorKind = "internal"
)

// Error is a refusal: its kind, what the person reads, and the cause that only
// the operator's log sees.
type Error struct {
	Kind  ErrorKind
	Say   Text
	Cause error
}

// Refuse builds an Error without a cause.
func Refuse(kind ErrorKind, say Text) *Error { return &Error{Kind: kind, Say: say} }

// Because returns a copy of e that carries cause for the log.
func (e *Error) Because(cause error) *Error {
	return &Error{Kind: e.Kind, Say: e.Say, Cause: cause}
}

// Error is for the log. It holds the kind and the cause, never the sentence,
// which may quote what a person typed.
func (e *Error) Error() string {
	if e.Cause == nil {
		return string(e.Kind)
	}
	return string(e.Kind) + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

var internal = Text{
	De: "Das hat leider nicht geklappt. Bitte versuchen Sie es noch einmal; wenn es wieder geschieht, hilft Ihre Systembetreuung.",
	En: "Sorry, that did not work. Please try again; if it happens again, your system administrators can help.",
}

// AsError returns err as an Error. Whatever is not one already becomes an
// internal error, whose sentence tells the person nothing of the cause.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Kind: Internal, Say: internal, Cause: err}
}
