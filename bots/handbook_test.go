package bots

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"werkraum/bots/dates"
	"werkraum/workspace"
)

var (
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
	// refused begins or is within every answer to a command that was not understood.
	refused = regexp.MustCompile(`kenne ich nicht|verstehe ich|gibt es von diesem|noch kein früherer|No earlier|gibt es hier nicht|gibt es auf diesem|finde in diesem Raum|` +
		`I do not know|I do not understand|There is no (c|board|template|view|whiteboard|frame|version)|has no whiteboard|noch kein Whiteboard|I find nobody|Welche[ns]? (Stand|Karte|Spalte|Board|Ansicht|Whiteboard) meinen|Which (version|card|column|board|view|whiteboard) do you|Wohin soll|Where is|heißen hier mehrere|passt auf mehrere`)
)

// Every command and every day in the handbooks works as it stands there, and
// no command is missing from them.
func TestHandbooksTellTheTruth(t *testing.T) {
	t.Parallel()
	for lang, days := range map[workspace.Language]string{workspace.German: "### Tage", workspace.English: "### Days"} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join("..", "docs", "user", string(lang)+".md"))
			if err != nil {
				t.Fatal(err)
			}
			page := string(raw)
			var commands []string
			for _, found := range codeSpan.FindAllStringSubmatch(page, -1) {
				if strings.HasPrefix(found[1], "!") {
					commands = append(commands, found[1])
				}
			}
			for _, c := range commands {
				s := newStage(t)
				s.room.Language = lang
				for i := range 12 {
					s.say(fmt.Sprintf("!karte neu Aufgabe %d #vergabe", i))
				}
				for _, title := range []string{"Prüfung", "Review", "Abgelegt", "Filed"} {
					s.say("!spalte neu " + title)
				}
				for _, title := range []string{"Sitzung mit Vorlage Jour fixe", "Meeting"} {
					s.say("!board neu " + title)
				}
				for _, title := range []string{"Dringend", "Urgent"} {
					s.say("!ansicht speichern " + title + " dringend")
				}
				for _, title := range []string{"Skizze", "Sketch"} {
					s.say("!whiteboard neu " + title + " mit Vorlage Ideen sammeln")
					for _, version := range []string{"Vor der Sitzung", "Before the meeting"} {
						if strings.HasPrefix(c, "!whiteboard") {
							s.say("!whiteboard sichern " + title + " als " + version)
						}
					}
				}
				answer := s.say(strings.NewReplacer("In progress", "In Arbeit", "To do", "Offen", "Done", "Erledigt", "12", "11").Replace(c))
				if refused.MatchString(answer) {
					t.Errorf("%s is answered with %q", c, answer)
				}
			}
			for _, about := range []struct {
				de, en string
				deeds  []deed
			}{{"!karte ", "!card ", cardVerbs()}, {"!spalte ", "!column ", columnVerbs()}, {"!board ", "!board ", boardVerbs()}, {"!ansicht ", "!view ", viewVerbs()}, {"!whiteboard ", "!whiteboard ", whiteboardVerbs()}} {
				for _, v := range about.deeds {
					for _, name := range v.names[:2] {
						if !slices.ContainsFunc(commands, func(c string) bool {
							return strings.HasPrefix(c, about.de+name) || strings.HasPrefix(c, about.en+name) || c == "!"+name
						}) {
							t.Errorf("the handbook lacks %s or %s%s", about.de, about.en, name)
						}
					}
				}
			}
			_, table, _ := strings.Cut(page, days)
			table, _, _ = strings.Cut(table, "\n## ")
			count := 0
			for row := range strings.Lines(table) {
				cells := strings.Split(row, "|")
				if len(cells) < 3 {
					continue
				}
				for _, found := range codeSpan.FindAllStringSubmatch(cells[1], -1) {
					count++
					words := strings.Fields(found[1])
					day, err := dates.Parse(words, newStage(t).now)
					if err != nil || day.Used != len(words) {
						t.Errorf("%q is no day: %v, %v", found[1], day, err)
					}
				}
			}
			if count < 15 {
				t.Errorf("found only %d days", count)
			}
		})
	}
}

// say has Anna write a message and returns what the bot answers.
func (s *stage) say(body string) string {
	e := s.event(Said, cast["anna"].user)
	e.Body = body
	turn := s.handle(e)
	if turn.Answer == nil {
		return ""
	}
	return turn.Answer.Body
}
