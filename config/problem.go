package config

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with the settings or the registration file,
// and what to do about it. It never holds the value of a secret.
type Problem struct {
	// Where is the setting and its source, such as "listen (werkraum.yaml:3)".
	Where string
	// En and De are the sentence in English and German, without full stop.
	En, De string
}

// In is the problem as a line in the language "de" or "en".
func (p Problem) In(language string) string {
	text := p.En
	if language == "de" {
		text = p.De
	}
	if p.Where == "" {
		return text
	}
	return p.Where + ": " + text
}

// Problems is the error that reports all problems at once.
type Problems []Problem

// Error lists the problems in English, one a line.
func (p Problems) Error() string { return p.In("en") }

// In lists the problems in the language "de" or "en", one a line.
func (p Problems) In(language string) string {
	lines := make([]string, 0, len(p)+1)
	if len(p) > 1 {
		head := fmt.Sprintf("%d problems in the configuration:", len(p))
		if language == "de" {
			head = fmt.Sprintf("%d Fehler in der Konfiguration:", len(p))
		}
		lines = append(lines, head)
	}
	for _, problem := range p {
		lines = append(lines, problem.In(language))
	}
	return strings.Join(lines, "\n  ")
}

func say(en, de string) *Problem { return &Problem{En: en, De: de} }
