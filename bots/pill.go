package bots

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clients write a person who was picked from a list as a link ("pill") in
// HTML, and in plain text as the display name or as a link in Markdown. named
// puts the user ID in its place, so that a command reads the same whoever
// typed it with what.

const maxPillHTML = 64 * 1024

var (
	pill         = regexp.MustCompile(`(?is)<a\s[^>]{0,200}?href=["']https://matrix\.to/#/([^"'>]{1,600})["'][^>]{0,200}>([^<]{1,300})</a>`)
	markdownPill = regexp.MustCompile(`\[([^\[\]\n]{0,300})\]\(https://matrix\.to/#/((?:@|%40)[^)\s?]{1,600})(?:\?[^)\s]*)?\)`)
	barePill     = regexp.MustCompile(`()https://matrix\.to/#/((?:@|%40)[^)\s?]{1,600})(?:\?\S*)?`)
)

// named returns body with user IDs for pills, and for each ID what stood there.
func named(body, formatted string) (line string, typed map[string]string) {
	typed = map[string]string{}
	if strings.Contains(body, "matrix.to") {
		plain := unlinked(unlinked(body, markdownPill, typed), barePill, typed)
		if plain != body {
			return plain, typed
		}
	}
	if formatted == "" || len(formatted) > maxPillHTML {
		return body, typed
	}
	if i := strings.LastIndex(formatted, "</mx-reply>"); i >= 0 { // what was answered to
		formatted = formatted[i:]
	}
	var out strings.Builder
	rest := body
	passed, seen := 0, "" // how far formatted was read, and its text since the last ID
	for _, m := range pill.FindAllStringSubmatchIndex(formatted, 100) {
		seen += textOf(formatted[passed:m[0]])
		passed = m[1]
		user, name := userOf(html.UnescapeString(formatted[m[2]:m[3]])), html.UnescapeString(formatted[m[4]:m[5]])
		at := -1
		if user != "" {
			at = occurrence(rest, name, seen, textOf(formatted[passed:min(len(formatted), passed+maxAhead)]))
		}
		if at < 0 || !standsAlone(rest[:at], rest[at+len(name):]) {
			seen += name
			continue
		}
		before := rest[:at]
		if !strings.HasPrefix(name, "@") {
			before = strings.TrimSuffix(before, "@")
		}
		out.WriteString(before)
		out.WriteString(user)
		typed[user] = strings.TrimPrefix(name, "@")
		rest, seen = rest[at+len(name):], ""
	}
	return out.String() + rest, typed
}

// unlinked is text with user IDs, or names, for links to people in it.
func unlinked(text string, link *regexp.Regexp, typed map[string]string) string {
	var out strings.Builder
	passed := 0
	for _, m := range link.FindAllStringSubmatchIndex(text, 100) {
		name, user := text[m[2]:m[3]], userOf(text[m[4]:m[5]])
		if user == "" {
			continue
		}
		out.WriteString(text[passed:m[0]])
		passed = m[1]
		if name == "" {
			name = user
		}
		if standsAlone(text[:m[0]], text[m[1]:]) {
			typed[user] = strings.TrimPrefix(name, "@")
			name = user
		}
		out.WriteString(name)
	}
	return out.String() + text[passed:]
}

const maxAhead = 200 // bytes of HTML that are read to see what follows a pill

var (
	breaks = regexp.MustCompile(`(?i)</?(?:br|p|div|li|ul|ol|h[1-6]|blockquote|pre)\b[^>]*>`)
	markup = regexp.MustCompile(`<[^>]*(?:>|$)`)
)

// textOf is what HTML says, as far as it matters for finding a name in it.
func textOf(formatted string) string {
	return html.UnescapeString(markup.ReplaceAllString(breaks.ReplaceAllString(formatted, " "), ""))
}

// occurrence is where in text the name stands that follows `before` and is
// followed by `after` in HTML, or -1. It is in the same word or a word of its
// own, as there (“Eva” is not in “Evaluation”), and comes after as many others.
func occurrence(text, name, before, after string) int {
	left, _ := utf8.DecodeLastRuneInString(before)
	right, _ := utf8.DecodeRuneInString(after)
	next := func(text string, from int) int {
		for {
			i := strings.Index(text[from:], name)
			if i < 0 {
				return -1
			}
			i += from
			l, _ := utf8.DecodeLastRuneInString(text[:i])
			r, _ := utf8.DecodeRuneInString(text[i+len(name):])
			if letter(l) == letter(left) && letter(r) == letter(right) {
				return i
			}
			from = i + len(name)
		}
	}
	at := next(text, 0)
	for i := next(before, 0); i >= 0 && at >= 0; i = next(before, i+len(name)) {
		at = next(text, at+len(name))
	}
	return at
}

// letter is r if it is part of a word, or else 0.
func letter(r rune) rune {
	if r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '_') {
		return r
	}
	return 0
}

// standsAlone reports whether a name between these can be a person's mark. In
// “Evas Akte”, “(Eva)” and “Eva-Termin” it is part of the title only.
func standsAlone(before, after string) bool {
	before = strings.TrimRight(strings.TrimSuffix(before, "@"), "-–")
	l, _ := utf8.DecodeLastRuneInString(before)
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, ",;:.!?"))
	return (before == "" || unicode.IsSpace(l)) && (r == utf8.RuneError || unicode.IsSpace(r))
}

// userOf reads the user ID of a matrix.to link, or returns "".
func userOf(fragment string) string {
	fragment, _, _ = strings.Cut(fragment, "?")
	user, err := url.PathUnescape(fragment)
	if err != nil || !strings.HasPrefix(user, "@") || !strings.Contains(user, ":") || strings.ContainsAny(user, " \n\t/") || len(user) > 255 {
		return ""
	}
	return user
}
