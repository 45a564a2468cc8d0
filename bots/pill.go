package bots

import (
	"html"
	"net/url"
	"regexp"
	"strings"
)

// Clients write a person who was picked from a list as a link ("pill") in
// HTML, and in plain text as the display name or as a link in Markdown. named
// puts the user ID in its place, so that a command reads the same whoever
// typed it with what.

const maxPillHTML = 64 * 1024

var (
	pill         = regexp.MustCompile(`(?is)<a\s[^>]{0,200}?href=["']https://matrix\.to/#/([^"'>]{1,600})["'][^>]{0,200}>([^<]{1,300})</a>`)
	markdownPill = regexp.MustCompile(`\[[^\[\]\n]{0,300}\]\(https://matrix\.to/#/((?:@|%40)[^)\s?]{1,600})(?:\?[^)\s]*)?\)`)
	barePill     = regexp.MustCompile(`https://matrix\.to/#/((?:@|%40)[^)\s?]{1,600})(?:\?\S*)?`)
)

// named returns body with user IDs for pills.
func named(body, formatted string) string {
	replaced := false
	for _, link := range []*regexp.Regexp{markdownPill, barePill} {
		if !strings.Contains(body, "matrix.to") {
			break
		}
		body = link.ReplaceAllStringFunc(body, func(match string) string {
			user := userOf(link.FindStringSubmatch(match)[1])
			if user == "" {
				return match
			}
			replaced = true
			return user
		})
	}
	if replaced || formatted == "" || len(formatted) > maxPillHTML {
		return body
	}
	var out strings.Builder
	rest := body
	for _, m := range pill.FindAllStringSubmatch(formatted, 100) {
		user, text := userOf(html.UnescapeString(m[1])), html.UnescapeString(m[2])
		if user == "" {
			continue
		}
		i := strings.Index(rest, text)
		if i < 0 {
			continue
		}
		before := rest[:i]
		if !strings.HasPrefix(text, "@") {
			before = strings.TrimSuffix(before, "@")
		}
		out.WriteString(before)
		if before != "" && !strings.HasSuffix(before, " ") && !strings.HasSuffix(before, "-") {
			out.WriteByte(' ')
		}
		out.WriteString(user)
		rest = rest[i+len(text):]
	}
	return out.String() + rest
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
