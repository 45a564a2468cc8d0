package board

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// folder writes texts without case and accents, so that words are found however they are
// typed. It does what widgets/web/src/board/search.ts does, and one table of cases holds
// both to it (testdata/views.json). It belongs to one goroutine.
type folder struct{ lower cases.Caser }

func newFolder() folder { return folder{cases.Lower(language.Und)} }

var (
	sharp   = strings.NewReplacer("ß", "ss")
	umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "æ", "ae", "œ", "oe", "ø", "oe")
)

// ways are the two ways to write a text: bare (ä as a), and with the umlauts spelled out
// as people do without a German keyboard (ä as ae).
func (f folder) ways(text string) (plain, spelled string) {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 { // there is nothing else to it
		plain = strings.ToLower(text)
		return plain, plain
	}
	lower := sharp.Replace(f.lower.String(norm.NFC.String(text)))
	plain = bare(lower)
	if out := umlauts.Replace(lower); out != lower {
		return plain, bare(out)
	}
	return plain, plain
}

// bare takes the accents off.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxLatin1 && unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(text))
}

// fold is a text in which words can be found.
func (f folder) fold(text string) string {
	plain, spelled := f.ways(text)
	if plain == spelled {
		return plain
	}
	return plain + "\n" + spelled
}

// sought is a word that is looked for.
type sought struct {
	forms  []string // each way in which it may be found
	number string   // a short number, if it is one: with or without “#”
}

var shortNumber = regexp.MustCompile(`^#?([A-Za-z]?[0-9]{1,18})$`)

func (f folder) sought(typed string) (words []sought) {
	for word := range strings.FieldsSeq(typed) {
		plain, spelled := f.ways(word)
		s := sought{forms: []string{plain, spelled}}
		if m := shortNumber.FindStringSubmatch(word); m != nil {
			s.number = strings.ToUpper(m[1])
		}
		words = append(words, s)
	}
	return words
}

// in reports whether the word stands in a folded text.
func (s sought) in(text string) bool {
	return strings.Contains(text, s.forms[0]) || strings.Contains(text, s.forms[1])
}
