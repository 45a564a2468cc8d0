package bots

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Sentences carry two marks, which are read before the arguments are filled
// in, so that nothing that a person typed can act as one: `code` and **bold**.

// say makes a message of one text. Arguments are numbers, texts, names,
// persons, phrases or whatever fmt.Sprint writes; all of it is escaped in HTML.
func say(lang workspace.Language, text workspace.Text, args ...any) Message {
	var plain, rich []any
	for _, a := range args {
		switch a := a.(type) {
		case int:
			plain, rich = append(plain, a), append(rich, a)
		case workspace.Text:
			inner := say(lang, a)
			plain, rich = append(plain, inner.Body), append(rich, inner.HTML)
		case phrase:
			inner := say(lang, a.text, a.args...)
			plain, rich = append(plain, inner.Body), append(rich, inner.HTML)
		case phrases:
			inner := sayAll(lang, a)
			plain, rich = append(plain, inner.Body), append(rich, inner.HTML)
		case persons:
			plain, rich = append(plain, a.plain(lang)), append(rich, a.rich(lang))
		case names:
			plain, rich = append(plain, a.in(lang)), append(rich, html.EscapeString(a.in(lang)))
		default:
			s := fmt.Sprint(a)
			plain, rich = append(plain, s), append(rich, html.EscapeString(s))
		}
	}
	return Message{
		Body: fmt.Sprintf(unmark(text.In(lang), "", "", "", "", "\n"), plain...),
		HTML: fmt.Sprintf(unmark(html.EscapeString(text.In(lang)), "<code>", "</code>", "<strong>", "</strong>", "<br>"), rich...),
	}
}

// phrases are parts of one sentence, with commas between them.
type phrases []phrase

func sayAll(lang workspace.Language, list phrases) (m Message) {
	for i, p := range list {
		part := say(lang, p.text, p.args...)
		if i > 0 {
			m.Body, m.HTML = m.Body+", ", m.HTML+", "
		}
		m.Body, m.HTML = m.Body+part.Body, m.HTML+part.HTML
	}
	return m
}

// literal makes a message of a finished sentence without marks.
func literal(text string) Message {
	return Message{Body: text, HTML: strings.ReplaceAll(html.EscapeString(text), "\n", "<br>")}
}

func unmark(text, code, endCode, bold, endBold, line string) string {
	text = pairs(text, "**", bold, endBold)
	text = pairs(text, "`", code, endCode)
	return strings.ReplaceAll(text, "\n", line)
}

func pairs(text, mark, open, end string) string {
	parts := strings.Split(text, mark)
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			if i%2 == 1 {
				b.WriteString(open)
			} else {
				b.WriteString(end)
			}
		}
		b.WriteString(p)
	}
	return b.String()
}

// add appends another message on a line of its own.
func (m Message) add(more Message) Message {
	if m.Body == "" {
		return more
	}
	if more.Body == "" {
		return m
	}
	return Message{
		Body: m.Body + "\n" + more.Body, HTML: m.HTML + "<br>" + more.HTML,
		Mentions: append(m.Mentions, more.Mentions...),
	}
}

// An event holds at most 64 KiB, with what servers add; what is too large for
// it the homeserver refuses, and people would hear nothing. An edit of a card's
// message has its text twice.
const (
	maxAnswer      = 32 * 1024 // bytes of text and HTML together
	maxCardMessage = 16 * 1024
)

// fitting is the message without its HTML, and then without its end, if it is
// larger than limit.
func (m Message) fitting(limit int) Message {
	if len(m.Body)+len(m.HTML) > limit {
		m.Body, m.HTML = cut(m.Body, limit), ""
	}
	return m
}

// names is a list of things in a sentence: „A“, „B“ und „C“.
type names struct {
	list []string
	bare bool // without quotation marks
	or   bool
}

func (n names) in(lang workspace.Language) string {
	open, end, last := "„", "“", " und "
	if n.or {
		last = " oder "
	}
	if lang == workspace.English {
		open, end, last = "“", "”", " and "
		if n.or {
			last = " or "
		}
	}
	var b strings.Builder
	for i, s := range n.list {
		switch {
		case i == 0:
		case i == len(n.list)-1:
			b.WriteString(last)
		default:
			b.WriteString(", ")
		}
		if n.bare {
			b.WriteString(s)
		} else {
			b.WriteString(open + s + end)
		}
	}
	return b.String()
}

// persons are people in a sentence. Those who are to be mentioned become links
// in HTML.
type persons struct {
	room    *workspace.Room
	users   []id.UserID
	mention []id.UserID
}

func (p persons) plain(lang workspace.Language) string {
	n := names{bare: true}
	for _, u := range p.users {
		n.list = append(n.list, nameOf(p.room, u))
	}
	return n.in(lang)
}

func (p persons) rich(lang workspace.Language) string {
	n := names{bare: true}
	for _, u := range p.users {
		name := nameOf(p.room, u)
		if slices.Contains(p.mention, u) {
			n.list = append(n.list, anchor("https://matrix.to/#/"+string(u), name))
		} else {
			n.list = append(n.list, html.EscapeString(name))
		}
	}
	return n.in(lang)
}

// phrase is a sentence with what belongs into its gaps. As an error it is what
// is wrong with a command, in words for the person who typed it.
type phrase struct {
	text workspace.Text
	args []any
}

// Error is for the log and holds nothing that was typed.
func (phrase) Error() string { return "the command has a mistake" }

func wrong(text workspace.Text, args ...any) error { return phrase{text, args} }

// refusal is the answer to a failed act.
func refusal(lang workspace.Language, err error) *Message {
	if p, ok := errors.AsType[phrase](err); ok {
		answer := say(lang, p.text, p.args...)
		return &answer
	}
	answer := literal(workspace.AsError(err).Say.In(lang))
	return &answer
}
