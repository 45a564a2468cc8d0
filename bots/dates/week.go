package dates

import (
	"regexp"
	"time"
)

// week reads “KW 12”, “in der 12. KW”, “calendar week 12/2027”: the Friday of
// that week, for a week of work ends then.
func (p *parser) week() (time.Time, int, error) {
	i := 0
	for i < 2 && (p.word(i) == "in" || articles[p.word(i)]) {
		i++
	}
	text, used := p.bare(i)+" "+p.bare(i+1), i+2
	if text == "calendar week" {
		text, used = text+" "+p.bare(i+2), i+3
	}
	m := weekFirst.FindStringSubmatch(text)
	if m == nil {
		if m = weekGlued.FindStringSubmatch(p.bare(i)); m != nil {
			used = i + 1
		} else if m = weekLast.FindStringSubmatch(p.word(i) + " " + p.bare(i+1)); m == nil {
			return time.Time{}, 0, nil
		}
	}
	week, year := number(m[1]), number(m[2])
	if len(m[2]) == 2 {
		year += 2000
	}
	if year != 0 {
		if friday, ok := fridayOf(year, week); ok {
			return friday, used, nil
		}
		return time.Time{}, 0, ErrImpossible
	}
	year, _ = p.today.ISOWeek()
	for _, y := range []int{year, year + 1} {
		if friday, ok := fridayOf(y, week); ok && !friday.Before(p.today) {
			return friday, used, nil
		}
	}
	return time.Time{}, 0, ErrImpossible
}

var (
	weekFirst = regexp.MustCompile(`^(?:kw|kalenderwoche|cw|calendar week) (\d{1,2})(?:/(\d{4}|\d{2}))?$`)
	weekGlued = regexp.MustCompile(`^(?:kw|cw)(\d{1,2})(?:/(\d{4}|\d{2}))?$`)
	weekLast  = regexp.MustCompile(`^(\d{1,2})\. (?:kw|kalenderwoche)()$`)
)

// fridayOf is the Friday of a calendar week (ISO 8601), if the year has it.
func fridayOf(year, week int) (time.Time, bool) {
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC) // always in the first week
	friday := fourth.AddDate(0, 0, 7*(week-1)+4-int(fourth.Weekday()+6)%7)
	y, w := friday.ISOWeek()
	return friday, y == year && w == week
}
