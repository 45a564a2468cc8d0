package bots

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a part of a command line between blanks, or what stands between
// quotation marks.
type word struct {
	text   string // without the quotation marks
	raw    string // as it was typed
	quoted bool
}

// closing are the marks that end a quotation, by the mark that opens it.
var closing = map[rune]string{
	'"': `"“”`, '„': `“”"`, '“': `”“"`, '”': `”"`, '»': `«`, '«': `»`, '›': `‹`, '‹': `›`, '‚': `‘’`, '‘': `’`,
}

// split cuts a line into words. A quotation begins at the start of a word,
// after marks such as # or -@ too; one that is not closed is plain text.
func split(line string) []word {
	var words []word
	for {
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		if line == "" {
			return words
		}
		w, rest := next(line)
		words = append(words, w)
		line = rest
	}
}

func next(line string) (word, string) {
	prefix := len(line) - len(strings.TrimLeft(line, "-#@"))
	r, size := utf8.DecodeRuneInString(line[prefix:])
	if ends := closing[r]; ends != "" && prefix <= 2 {
		inside := line[prefix+size:]
		// A quotation is short; looking further would make hostile lines slow.
		if i := strings.IndexAny(inside[:min(len(inside), maxQuotation)], ends); i > 0 {
			_, endSize := utf8.DecodeRuneInString(inside[i:])
			end := prefix + size + i + endSize
			return word{text: line[:prefix] + inside[:i], raw: line[:end], quoted: prefix == 0}, line[end:]
		}
	}
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		end = len(line)
	}
	return word{text: line[:end], raw: line[:end]}, line[end:]
}

const maxQuotation = 2000 // bytes

// plain is the word in lower case without punctuation at its end, or "" if it
// is quoted: what is compared with keywords.
func (w word) plain() string {
	if w.quoted {
		return ""
	}
	return strings.ToLower(strings.TrimRight(w.text, ",;:!?"))
}

func texts(words []word) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.text
	}
	return list
}

// maxDateWords is how many words can be a day.
const maxDateWords = 12

// unquoted are the texts of the words up to the first quotation, at most maxDateWords
// of them.
func unquoted(words []word) []string {
	var list []string
	for _, w := range words {
		if w.quoted || len(list) == maxDateWords {
			break
		}
		list = append(list, w.text)
	}
	return list
}

// joined is the text of several words.
func joined(words []word) string { return strings.Join(texts(words), " ") }

// typed is a title as it is typed where it is all that is read: in quotation marks if its
// words would be read as something else, as those of a title that holds such marks are.
func typed(title string) string {
	if joined(split(title)) == title {
		return title
	}
	return quoted(title)
}

// quoted is a title between quotation marks that none of its own ends. A title with all
// kinds of marks stays as it is.
func quoted(title string) string {
	for _, open := range []string{`"`, "»", "›", "«", "‹", "‚", "‘"} {
		r, _ := utf8.DecodeRuneInString(open)
		if ends := closing[r]; !strings.ContainsAny(title, ends) {
			_, size := utf8.DecodeRuneInString(ends)
			return open + title + ends[:size]
		}
	}
	return title
}
