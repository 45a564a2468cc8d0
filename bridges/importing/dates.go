package importing

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"werkraum/workspace"
)

// dateOrder is what a table's dates with slashes begin with.
type dateOrder int

const (
	orderUnknown dateOrder = iota
	dayFirst
	monthFirst
)

var (
	slashed = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[ ,T].*)?$`)
	dotted  = regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:[ ,T].*)?$`)
)

// orderOf finds out in which order a table writes dates with slashes: only one order
// makes days of all of them, or nobody knows.
func orderOf(head []field, rows []row) dateOrder {
	day, month := false, false
	for _, row := range rows {
		for i, f := range head {
			if i >= len(row.cells) || f != fieldDue && f != fieldStart {
				continue
			}
			m := slashed.FindStringSubmatch(strings.TrimSpace(row.cells[i]))
			if m == nil {
				continue
			}
			first, _ := strconv.Atoi(m[1])
			second, _ := strconv.Atoi(m[2])
			day, month = day || first > 12, month || second > 12
		}
	}
	switch {
	case day && !month:
		return dayFirst
	case month && !day:
		return monthFirst
	}
	return orderUnknown
}

// date reads a date of a table, or says why not.
func (t *table) date(where workspace.Text, text string) string {
	text = strings.Trim(text, "'")
	if day, ok := t.moment(text); ok {
		return day
	}
	if m := dotted.FindStringSubmatch(text); m != nil {
		if day, ok := calendarDay(m[3], m[2], m[1]); ok {
			return day
		}
	}
	for _, layout := range []string{"Jan 2, 2006", "January 2, 2006", "2 Jan 2006", "2 January 2006", "02 Jan 2006", "2006/01/02"} {
		if d, err := time.Parse(layout, text); err == nil {
			if day, ok := dayOf(d); ok {
				return day
			}
		}
	}
	m := slashed.FindStringSubmatch(text)
	if m == nil {
		t.refuse(where, noDate.With(excerpt(text)))
		return ""
	}
	asDay, dayOK := calendarDay(m[3], m[2], m[1])
	asMonth, monthOK := calendarDay(m[3], m[1], m[2])
	switch {
	case dayOK && (t.order == dayFirst || !monthOK || asDay == asMonth):
		return asDay
	case monthOK && (t.order == monthFirst || !dayOK):
		return asMonth
	case dayOK || monthOK:
		t.refuse(where, unclearDate.With(excerpt(text)))
	default:
		t.refuse(where, noDate.With(excerpt(text)))
	}
	return ""
}

// calendarDay is a day that exists; years of two digits are of this century.
func calendarDay(year, month, day string) (string, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if len(year) == 2 {
		y += 2000
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || t.Month() != time.Month(m) {
		return "", false
	}
	return dayOf(t)
}
