package dates

import (
	"fmt"
	"time"

	"werkraum/workspace"
)

var (
	weekdaysDe = [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}
	monthsDe   = [...]string{
		"Januar", "Februar", "März", "April", "Mai", "Juni",
		"Juli", "August", "September", "Oktober", "November", "Dezember",
	}
)

// Spell writes a day (YYYY-MM-DD) in words: “Freitag, 27. November 2026”.
// Whatever is not a day is returned as it is.
func Spell(day string, lang workspace.Language) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	if lang == workspace.English {
		return t.Format("Monday, 2 January 2006")
	}
	return fmt.Sprintf("%s, %d. %s %d", weekdaysDe[t.Weekday()], t.Day(), monthsDe[t.Month()-1], t.Year())
}
