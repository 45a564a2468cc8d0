// Package agenda says at which moments people are reminded of what is due. It knows
// days, time zones and choices, and nothing of cards.
package agenda

import (
	"time"
)

// Hour is the hour, in the room's time zone, at which people are reminded.
const Hour = 8

// MaxDays is how many days before a due date somebody can be reminded at most.
const MaxDays = 14

// Way is how a person is reminded.
type Way string

// The ways; the strings are stored.
const (
	InThread Way = "thread" // in the thread of the card, with a mention
	Directly Way = "direct" // by direct message
	NotAtAll Way = "off"
)

// Choice is what a person has chosen for all rooms.
type Choice struct {
	Way  Way
	Days int // before the due date; 0: only on the day itself
}

// Usual is the choice of who has made none.
func Usual() Choice { return Choice{Way: InThread, Days: 1} }

// Valid reports whether the choice can be made.
func (c Choice) Valid() bool {
	return (c.Way == InThread || c.Way == Directly || c.Way == NotAtAll) && c.Days >= 0 && c.Days <= MaxDays
}

// Kind is which of the reminders of a due date it is.
type Kind string

// The kinds; the strings are stored.
const (
	Before Kind = "before" // some days before
	OnDay  Kind = "due"    // on the day itself
)

// Moment is when a day's reminders come in a time zone. Where clocks skip that hour it
// is as much later as they were set forward.
func Moment(day string, zone *time.Location) (time.Time, bool) {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(d.Year(), d.Month(), d.Day(), Hour, 0, 0, 0, zone), true
}

// Next is the first such moment after another one, and its day.
func Next(after time.Time, zone *time.Location) (time.Time, string) {
	for day := after.In(zone).Format(time.DateOnly); ; day = AddDays(day, 1) {
		if at, _ := Moment(day, zone); at.After(after) {
			return at, day
		}
	}
}

// Passed lists the reminders of a due date whose moment lies after one point of time
// and not after another.
func Passed(due string, days int, after, until time.Time, zone *time.Location) []Kind {
	var kinds []Kind
	if days > 0 && within(AddDays(due, -days), after, until, zone) {
		kinds = append(kinds, Before)
	}
	if within(due, after, until, zone) {
		kinds = append(kinds, OnDay)
	}
	return kinds
}

func within(day string, after, until time.Time, zone *time.Location) bool {
	at, ok := Moment(day, zone)
	return ok && at.After(after) && !at.After(until)
}

// AddDays is the day so many days later; what is no day stays as it is.
func AddDays(day string, n int) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return d.AddDate(0, 0, n).Format(time.DateOnly)
}

// DaysBetween counts the days from one day to another.
func DaysBetween(from, to string) int {
	f, errFrom := time.Parse(time.DateOnly, from)
	t, errTo := time.Parse(time.DateOnly, to)
	if errFrom != nil || errTo != nil {
		return 0
	}
	return int(t.Sub(f).Hours()) / 24
}
