package workspace

import "fmt"

// Language is a language that Werkraum speaks, as a BCP 47 primary tag.
type Language string

// The two languages, equal in rank.
const (
	German  Language = "de"
	English Language = "en"
)

// ParseLanguage reads a BCP 47 tag such as "de-DE" or "en" and says whether
// Werkraum speaks it.
func ParseLanguage(tag string) (Language, bool) {
	if len(tag) < 2 || (len(tag) > 2 && tag[2] != '-' && tag[2] != '_') {
		return "", false
	}
	switch tag[:2] {
	case "de", "De", "DE":
		return German, true
	case "en", "En", "EN":
		return English, true
	}
	return "", false
}

// Text is one sentence for a person in both languages. It stands where it is
// used, so that whoever changes a rule sees the sentences that explain it.
type Text struct{ De, En string }

// In returns the sentence in lang; anything but English is German, which is
// what a room speaks until somebody chooses.
func (t Text) In(lang Language) string {
	if lang == English {
		return t.En
	}
	return t.De
}

// With fills the verbs of both sentences, as fmt.Sprintf does.
func (t Text) With(args ...any) Text {
	return Text{De: fmt.Sprintf(t.De, args...), En: fmt.Sprintf(t.En, args...)}
}
