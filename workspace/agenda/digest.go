package agenda

import (
	"fmt"
	"time"
)

// Level is what the bot says in a room by itself.
type Level string

// The levels, from the loudest on; the strings are stored.
const (
	All       Level = "all"       // a message for each card, mentions of those concerned
	Concerned Level = "concerned" // messages only where somebody is concerned
	InDigest  Level = "digest"    // nothing but the digest
	Quiet     Level = "quiet"     // nothing
)

// Speaks reports whether the bot says something of a single card by itself.
func (l Level) Speaks() bool { return l != InDigest && l != Quiet }

// Every is how often a digest comes.
type Every string

// The ways; the strings are stored.
const (
	Never  Every = ""
	Daily  Every = "daily"
	Weekly Every = "weekly"
)

// Digest says when a room gets its digest. The zero Digest is none.
type Digest struct {
	Every   Every        `json:"every"`
	Weekday time.Weekday `json:"weekday,omitempty"` // of a weekly one
	Minute  int          `json:"minute,omitempty"`  // of the day
}

// Clock is the time of day: “8:00”.
func (d Digest) Clock() string { return fmt.Sprintf("%d:%02d", d.Minute/60, d.Minute%60) }

// Next is when the first digest after a moment comes in a time zone, and its day; the
// zero time means never.
func (d Digest) Next(after time.Time, zone *time.Location) (time.Time, string) {
	if d.Every == Never {
		return time.Time{}, ""
	}
	for day := after.In(zone).Format(time.DateOnly); ; day = AddDays(day, 1) {
		date, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return time.Time{}, "" // beyond the year 9999
		}
		at := time.Date(date.Year(), date.Month(), date.Day(), d.Minute/60, d.Minute%60, 0, 0, zone)
		if at.After(after) && (d.Every == Daily || date.Weekday() == d.Weekday) {
			return at, day
		}
	}
}

// Last is the last digest after one moment and not after another, however many there
// were; its day is "" if there was none.
func (d Digest) Last(after, until time.Time, zone *time.Location) (day string) {
	if least := until.AddDate(0, 0, -8); after.Before(least) {
		after = least // every digest comes within a week
	}
	for {
		at, next := d.Next(after, zone)
		if at.IsZero() || at.After(until) {
			return day
		}
		after, day = at, next
	}
}
