package dates

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Why words are not a day.
var (
	ErrUnknown    = errors.New("not a date")
	ErrAmbiguous  = errors.New("day and month cannot be told apart") // 12/24
	ErrImpossible = errors.New("no such day in the calendar")        // 31.2.
)

// Found is a day that stands at the beginning of some words.
type Found struct {
	Day  string // YYYY-MM-DD
	Used int    // how many of the words it took
}

// Parse reads the day at the beginning of words. today is the present moment
// in the zone in which the person means it.
//
// A weekday is the coming one, never today: who means today says so. “nächsten
// Freitag” and “next Friday” are the Friday of the next calendar week,
// “diesen”, “kommenden” and “this” that of the coming seven days. A date
// without a year is the next such day, today included.
func Parse(words []string, today time.Time) (Found, error) {
	p := parser{today: time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)}
	for i, w := range words {
		if i == maxWords {
			break
		}
		p.words = append(p.words, normal(w))
	}
	skipped := 0
	for len(p.words) > 1 && fillers[p.words[0]] && skipped < 3 {
		p.words = p.words[1:]
		skipped++
	}
	if len(p.words) == 0 {
		return Found{}, ErrUnknown
	}
	for _, read := range []func(*parser) (time.Time, int, error){
		(*parser).named, (*parser).endOf, (*parser).offset, (*parser).week, (*parser).written, (*parser).weekday, (*parser).numeric,
	} {
		day, used, err := read(&p)
		if err != nil {
			return Found{}, err
		}
		if used > 0 {
			if day.Year() < 1900 || day.Year() > 2999 {
				return Found{}, ErrImpossible
			}
			return Found{Day: day.Format(time.DateOnly), Used: used + skipped}, nil
		}
	}
	return Found{}, ErrUnknown
}

// maxWords is more than any day takes: “bis zum Ende der nächsten Woche”.
const maxWords = 9

type parser struct {
	words []string
	today time.Time // midnight, in UTC so that days have 24 hours
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

func normal(word string) string {
	return umlauts.Replace(strings.ToLower(strings.TrimRight(word, ",;:!?)")))
}

func (p *parser) word(i int) string {
	if i < len(p.words) {
		return p.words[i]
	}
	return ""
}

// bare is word i without the full stop of an abbreviation or a sentence.
func (p *parser) bare(i int) string { return strings.TrimRight(p.word(i), ".") }

func (p *parser) days(n int) time.Time { return p.today.AddDate(0, 0, n) }

// untilWeekday counts the days to the next such weekday, 1 to 7.
func (p *parser) untilWeekday(w time.Weekday) int {
	return (int(w-p.today.Weekday())+6)%7 + 1
}

// monday counts the days to Monday of this calendar week, -6 to 0.
func (p *parser) monday() int { return -(int(p.today.Weekday()+6) % 7) }

func (p *parser) named() (time.Time, int, error) {
	switch p.bare(0) {
	case "heute", "today":
		return p.today, 1, nil
	case "morgen", "tomorrow":
		return p.days(1), 1, nil
	case "uebermorgen":
		return p.days(2), 1, nil
	case "day":
		if p.word(1) == "after" && p.bare(2) == "tomorrow" {
			return p.days(2), 3, nil
		}
	case "wochenende", "weekend":
		return p.days(p.untilWeekday(time.Saturday)), 1, nil
	}
	return time.Time{}, 0, nil
}

// endOf reads “Ende der Woche”, “Monatsende”, “end of next month”. A week of
// work ends on Friday.
func (p *parser) endOf() (time.Time, int, error) {
	i, next, coming := 1, false, false
	switch p.bare(0) {
	case "wochenschluss":
		return p.endOfWeek(false), 1, nil
	case "monatsende":
		return p.endOfMonth(0), 1, nil
	case "jahresende":
		return p.endOfYear(0), 1, nil
	case "eow":
		return p.endOfWeek(false), 1, nil
	case "eom":
		return p.endOfMonth(0), 1, nil
	case "ende", "end":
	default:
		return time.Time{}, 0, nil
	}
	for ; ; i++ {
		w := p.word(i)
		next, coming = next || nexts[w], coming || comings[w]
		if !nexts[w] && !articles[w] && !thises[w] {
			break
		}
	}
	more := 0
	if next || coming {
		more = 1
	}
	switch p.bare(i) {
	case "woche", "week":
		return p.endOfWeek(more > 0), i + 1, nil
	case "monat", "monats", "month":
		return p.endOfMonth(more), i + 1, nil
	case "jahr", "jahres", "year":
		return p.endOfYear(more), i + 1, nil
	}
	rest := parser{words: p.words[i:], today: p.today}
	if friday, used, err := rest.week(); used > 0 || err != nil { // Ende KW 12
		return friday, i + used, err
	}
	if m, ok := months[p.bare(i)]; ok && !next { // Ende Januar, end of January
		day := time.Date(p.today.Year(), m+1, 0, 0, 0, 0, 0, time.UTC)
		if day.Before(p.today) {
			day = time.Date(p.today.Year()+1, m+1, 0, 0, 0, 0, 0, time.UTC)
		}
		return day, i + 1, nil
	}
	return time.Time{}, 0, nil
}

func (p *parser) endOfWeek(next bool) time.Time {
	friday := p.monday() + 4
	if friday < 0 || next {
		friday += 7
	}
	return p.days(friday)
}

func (p *parser) endOfMonth(more int) time.Time {
	return time.Date(p.today.Year(), p.today.Month()+1+time.Month(more), 0, 0, 0, 0, 0, time.UTC)
}

func (p *parser) endOfYear(more int) time.Time {
	return time.Date(p.today.Year()+more, time.December, 31, 0, 0, 0, 0, time.UTC)
}

// offset reads “in 3 Tagen”, “in two weeks”, “nächste Woche”, “diese Woche”.
func (p *parser) offset() (time.Time, int, error) {
	if p.word(0) == "in" {
		n, err := strconv.Atoi(p.word(1))
		if err != nil {
			var ok bool
			if n, ok = counts[p.word(1)]; !ok {
				return time.Time{}, 0, nil
			}
		}
		unit := units[p.bare(2)]
		if unit == 0 {
			return time.Time{}, 0, nil
		}
		if n < 0 || n > 5000 {
			return time.Time{}, 0, ErrImpossible
		}
		return p.later(n, unit), 3, nil
	}
	if unit := units[p.bare(1)]; unit == 'w' && thises[p.word(0)] && !comings[p.word(0)] {
		return p.endOfWeek(false), 2, nil
	}
	if !nexts[p.word(0)] && !comings[p.word(0)] {
		return time.Time{}, 0, nil
	}
	switch p.bare(1) {
	case "woche", "week":
		if w, ok := weekdays[p.bare(2)]; ok { // nächste Woche Freitag
			return p.inNextWeek(w), 3, nil
		}
		if p.word(2) == "am" || p.word(2) == "on" {
			if w, ok := weekdays[p.bare(3)]; ok {
				return p.inNextWeek(w), 4, nil
			}
		}
		return p.inNextWeek(time.Monday), 2, nil
	case "monat", "month":
		return time.Date(p.today.Year(), p.today.Month()+1, 1, 0, 0, 0, 0, time.UTC), 2, nil
	case "jahr", "year":
		return time.Date(p.today.Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC), 2, nil
	}
	return time.Time{}, 0, nil
}

func (p *parser) later(n int, unit byte) time.Time {
	switch unit {
	case 'd':
		return p.days(n)
	case 'w':
		return p.days(7 * n)
	case 'm':
		first := time.Date(p.today.Year(), p.today.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		last := first.AddDate(0, 1, -1).Day()
		return first.AddDate(0, 0, min(p.today.Day(), last)-1)
	}
	return p.later(12*n, 'm')
}

func (p *parser) inNextWeek(w time.Weekday) time.Time {
	return p.days(p.monday() + 7 + int(w+6)%7)
}

// weekday reads “Freitag”, “nächsten Freitag”, “Freitag nächster Woche”,
// “Friday next week”, and a date after it: “Freitag, 27.11.”.
func (p *parser) weekday() (time.Time, int, error) {
	i := 0
	next := nexts[p.word(0)]
	if next || thises[p.word(0)] {
		i++
	}
	w, ok := weekdays[p.bare(i)]
	if !ok || (p.word(i) == "so" && i+1 < len(p.words)) { // “so bald wie möglich”
		return time.Time{}, 0, nil
	}
	i++
	of := 0
	for of < 2 && articles[p.word(i+of)] { // Freitag der nächsten Woche, Friday of this week
		of++
	}
	if which := p.word(i + of); units[p.bare(i+of+1)] == 'w' {
		switch {
		case nexts[which] || comings[which]:
			return p.inNextWeek(w), i + of + 2, nil
		case thises[which]:
			return p.inNextWeek(w).AddDate(0, 0, -7), i + of + 2, nil
		}
	}
	// The date decides; the weekday beside it is an aid for the reader.
	date := i
	if p.word(i) == "den" || p.word(i) == "dem" || p.word(i) == "the" {
		date++
	}
	rest := parser{words: p.words[min(date, len(p.words)):], today: p.today}
	for _, read := range []func(*parser) (time.Time, int, error){(*parser).written, (*parser).numeric} {
		day, used, err := read(&rest)
		if err != nil || used > 0 {
			return day, date + used, err
		}
	}
	if next {
		return p.inNextWeek(w), i, nil
	}
	return p.days(p.untilWeekday(w)), i, nil
}

var (
	ordinal  = regexp.MustCompile(`^(\d{1,2})(\.|st|nd|rd|th)?$`)
	iso      = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dotted   = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?\.?$`)
	slashed  = regexp.MustCompile(`^\d{1,4}/\d{1,2}(/\d{1,4})?$`)
	onlyYear = regexp.MustCompile(`^\d{4}$`)
	glued    = regexp.MustCompile(`^(\d{1,2}\.)([a-z]+\.?)$`)
)

// written reads “24. Dezember”, “December 24th, 2026”, “24 Dec”.
func (p *parser) written() (time.Time, int, error) {
	words := p.words
	if m := glued.FindStringSubmatch(p.word(0)); m != nil { // 24.Dezember
		words = append([]string{m[1], m[2]}, words[1:]...)
	}
	q := parser{words: words, today: p.today}
	shift := len(p.words) - len(words) // 0, or -1
	dayAt, monthAt := 0, 1
	if _, ok := months[q.bare(0)]; ok {
		dayAt, monthAt = 1, 0
	} else if q.word(1) == "of" {
		monthAt = 2
	}
	month, ok := months[q.bare(monthAt)]
	m := ordinal.FindStringSubmatch(q.word(dayAt))
	if !ok || m == nil {
		return time.Time{}, 0, nil
	}
	used := max(dayAt, monthAt) + 1
	year := 0
	if y := q.bare(used); onlyYear.MatchString(y) {
		year, _ = strconv.Atoi(y)
		used++
	}
	day, _ := strconv.Atoi(m[1])
	at, err := p.date(year, int(month), day)
	return at, used + shift, err
}

// numeric reads “24.12.”, “24.12.26”, “2026-12-24” and refuses “12/24”.
func (p *parser) numeric() (time.Time, int, error) {
	if m := iso.FindStringSubmatch(p.bare(0)); m != nil {
		day, err := p.date(number(m[1]), number(m[2]), number(m[3]))
		return day, 1, err
	}
	if slashed.MatchString(p.bare(0)) {
		return time.Time{}, 0, ErrAmbiguous
	}
	text, used := p.word(0), 1
	if ordinal.MatchString(text) && strings.HasSuffix(text, ".") { // 24. 12.
		text, used = text+p.word(1), 2
	}
	m := dotted.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, 0, nil
	}
	year := number(m[3])
	switch {
	case len(m[3]) == 2:
		year += 2000
	case m[3] == "" && onlyYear.MatchString(p.bare(used)): // 24.12. 2026
		year = number(p.bare(used))
		used++
	}
	day, err := p.date(year, number(m[2]), number(m[1]))
	return day, used, err
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the patterns let only few digits through
	return n
}

// date makes a day; year 0 means the next such day.
func (p *parser) date(year, month, day int) (time.Time, error) {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, ErrImpossible
	}
	make := func(y int) (time.Time, bool) {
		t := time.Date(y, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		return t, t.Day() == day
	}
	if year != 0 {
		if t, ok := make(year); ok {
			return t, nil
		}
		return time.Time{}, ErrImpossible
	}
	for y := p.today.Year(); y <= p.today.Year()+8; y++ { // 29.2. may be 8 years off
		if t, ok := make(y); ok && !t.Before(p.today) {
			return t, nil
		}
	}
	return time.Time{}, ErrImpossible
}
