package dates

import "time"

// All words are lower case with ae, oe, ue for umlauts.

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

var (
	fillers  = set("am", "an", "zum", "zur", "bis", "spaetestens", "den", "dem", "on", "by", "until", "the")
	articles = set("der", "des", "of", "the", "vom", "von")
	thises   = set("diesen", "diese", "dieser", "dieses", "kommenden", "kommende", "kommender", "this", "coming")
	comings  = set("kommenden", "kommende", "kommender", "kommendes", "coming") // of weeks, months and years: the next
	nexts    = set("naechsten", "naechste", "naechster", "naechstes", "naechstem", "next")
)

var weekdays = map[string]time.Weekday{
	"montag": time.Monday, "mo": time.Monday, "monday": time.Monday, "mon": time.Monday,
	"dienstag": time.Tuesday, "di": time.Tuesday, "tuesday": time.Tuesday, "tue": time.Tuesday, "tues": time.Tuesday,
	"mittwoch": time.Wednesday, "mi": time.Wednesday, "wednesday": time.Wednesday, "wed": time.Wednesday,
	"donnerstag": time.Thursday, "do": time.Thursday, "thursday": time.Thursday, "thu": time.Thursday, "thurs": time.Thursday,
	"freitag": time.Friday, "fr": time.Friday, "friday": time.Friday, "fri": time.Friday,
	"samstag": time.Saturday, "sa": time.Saturday, "saturday": time.Saturday, "sat": time.Saturday, "sonnabend": time.Saturday,
	"sonntag": time.Sunday, "so": time.Sunday, "sunday": time.Sunday, "sun": time.Sunday,
}

var months = map[string]time.Month{
	"januar": time.January, "jan": time.January, "january": time.January, "jaenner": time.January,
	"februar": time.February, "feb": time.February, "february": time.February,
	"maerz": time.March, "mrz": time.March, "march": time.March, "mar": time.March, "maer": time.March,
	"april": time.April, "apr": time.April,
	"mai": time.May, "may": time.May,
	"juni": time.June, "jun": time.June, "june": time.June,
	"juli": time.July, "jul": time.July, "july": time.July,
	"august": time.August, "aug": time.August,
	"september": time.September, "sep": time.September, "sept": time.September,
	"oktober": time.October, "okt": time.October, "october": time.October, "oct": time.October,
	"november": time.November, "nov": time.November,
	"dezember": time.December, "dez": time.December, "december": time.December, "dec": time.December,
}

var units = map[string]byte{
	"tag": 'd', "tagen": 'd', "tage": 'd', "day": 'd', "days": 'd',
	"woche": 'w', "wochen": 'w', "week": 'w', "weeks": 'w',
	"monat": 'm', "monaten": 'm', "monate": 'm', "month": 'm', "months": 'm',
	"jahr": 'y', "jahren": 'y', "jahre": 'y', "year": 'y', "years": 'y',
}

var counts = map[string]int{
	"einem": 1, "einer": 1, "a": 1, "an": 1, "one": 1,
	"zwei": 2, "two": 2, "drei": 3, "three": 3, "vier": 4, "four": 4, "fuenf": 5, "five": 5,
	"sechs": 6, "six": 6, "sieben": 7, "seven": 7, "acht": 8, "eight": 8, "neun": 9, "nine": 9, "zehn": 10, "ten": 10,
	"elf": 11, "eleven": 11, "zwoelf": 12, "twelve": 12, "vierzehn": 14, "fourteen": 14,
}

// Resembles reports whether word looks like a mistyped or misplaced part of a
// day, so that it is better to ask than to guess.
func Resembles(word string) bool {
	w := normal(word)
	if w == "" {
		return false
	}
	if w[0] >= '0' && w[0] <= '9' {
		return true
	}
	if len(w) < 5 {
		return false
	}
	for name := range weekdays {
		if len(name) > 4 && near(w, name) {
			return true
		}
	}
	for _, name := range []string{"heute", "today", "morgen", "tomorrow", "uebermorgen", "naechsten", "naechste"} {
		if near(w, name) {
			return true
		}
	}
	return false
}

// near reports whether a becomes b by one letter more, less, other or swapped.
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
