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

// Weekday names a day of the week.
func Weekday(d time.Weekday, lang workspace.Language) string {
	if lang == workspace.English {
		return d.String()
	}
	return weekdaysDe[d]
}

// Brief writes a day in numbers or short words for a list: “27.11.” or
// “27 Nov”, with the year if it is not that of today.
func Brief(day string, today time.Time, lang workspace.Language) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	switch same := t.Year() == today.Year(); {
	case lang == workspace.English && same:
		return t.Format("2 Jan")
	case lang == workspace.English:
		return t.Format("2 Jan 2006")
	case same:
		return t.Format("2.1.")
	}
	return t.Format("2.1.2006")
}
