// Package recur says when work comes again. A rule is an RRULE of RFC 5545 without
// DTSTART, of whole days; the day that a card is due stands for DTSTART.
package recur

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// MaxText is the length of a rule in bytes.
const MaxText = 200

// Rule says on which days something comes again. The zero Rule never does.
type Rule struct {
	parts map[string]string // by name, in capitals
}

var (
	errForm = errors.New("not a rule of RFC 5545 for whole days")
	errPart = errors.New("a part of the rule is not known, or its value is not possible")
)

// order is that of the parts in the text of a rule.
var order = []string{"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST", "COUNT", "UNTIL"}

// Parse reads a rule: `FREQ=WEEKLY;BYDAY=MO`, with or without “RRULE:” before it. Parts
// that are about hours, or about the number of a week or a day in the year, are refused.
func Parse(text string) (Rule, error) {
	text = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "RRULE:")
	if text == "" || len(text) > MaxText {
		return Rule{}, errForm
	}
	r := Rule{parts: map[string]string{}}
	for part := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || r.parts[name] != "" || !slices.Contains(order, name) {
			return Rule{}, errPart
		}
		value, ok = checked(name, value)
		if !ok {
			return Rule{}, errPart
		}
		r.parts[name] = value
	}
	if r.parts["INTERVAL"] == "1" {
		delete(r.parts, "INTERVAL")
	}
	if !r.fits() {
		return Rule{}, errPart
	}
	if _, err := rrule.StrToROption(r.String()); err != nil {
		return Rule{}, errForm
	}
	return r, nil
}

// checked is a part's value in its one form.
func checked(name, value string) (string, bool) {
	switch name {
	case "FREQ":
		return value, slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, value)
	case "INTERVAL", "COUNT":
		return numbers(value, 1, 1, 999)
	case "BYMONTH":
		return numbers(value, 12, 1, 12)
	case "BYMONTHDAY":
		return numbers(value, 31, -31, 31)
	case "BYSETPOS":
		return numbers(value, 10, -366, 366)
	case "WKST":
		return value, slices.Contains(weekdays, value)
	case "BYDAY":
		return days(value)
	case "UNTIL":
		day, err := time.Parse("20060102", value[:min(8, len(value))])
		_, exact := time.Parse("20060102T150405Z", value)
		_, local := time.Parse("20060102T150405", value)
		ok := err == nil && (len(value) == 8 || exact == nil || local == nil)
		return day.Format("20060102"), ok && day.Year() >= 1900 && day.Year() <= 2999
	}
	return "", false
}

// weekdays as RFC 5545 names them, from Monday on.
var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// numbers are at most n different whole numbers from least to most without 0.
func numbers(value string, n, least, most int) (string, bool) {
	var list []int
	for text := range strings.SplitSeq(value, ",") {
		number, err := strconv.Atoi(text)
		if err != nil || number == 0 || number < least || number > most || len(list) == n {
			return "", false
		}
		if !slices.Contains(list, number) {
			list = append(list, number)
		}
	}
	slices.Sort(list)
	texts := make([]string, len(list))
	for i, number := range list {
		texts[i] = strconv.Itoa(number)
	}
	return strings.Join(texts, ","), true
}

// days are weekdays, each with its place in the month or year before it if it has one.
func days(value string) (string, bool) {
	var list []string
	for text := range strings.SplitSeq(value, ",") {
		if len(text) < 2 || len(list) == 20 {
			return "", false
		}
		place, day := text[:len(text)-2], text[len(text)-2:]
		if !slices.Contains(weekdays, day) {
			return "", false
		}
		if place != "" {
			n, err := strconv.Atoi(place)
			if err != nil || n == 0 || n < -53 || n > 53 {
				return "", false
			}
			day = strconv.Itoa(n) + day
		}
		if !slices.Contains(list, day) {
			list = append(list, day)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int {
		return slices.Index(weekdays, a[len(a)-2:]) - slices.Index(weekdays, b[len(b)-2:])
	})
	return strings.Join(list, ","), true
}

// fits reports whether the parts make sense together (RFC 5545, 3.3.10).
func (r Rule) fits() bool {
	freq := r.parts["FREQ"]
	switch {
	case freq == "",
		r.parts["COUNT"] != "" && r.parts["UNTIL"] != "",
		freq == "WEEKLY" && r.parts["BYMONTHDAY"] != "",
		r.parts["BYSETPOS"] != "" && r.parts["BYDAY"]+r.parts["BYMONTHDAY"]+r.parts["BYMONTH"] == "":
		return false
	}
	placed := strings.ContainsAny(r.parts["BYDAY"], "0123456789")
	return !placed || freq == "MONTHLY" || freq == "YEARLY"
}

// String is the rule's text, the same for rules that say the same in the same way.
func (r Rule) String() string {
	var list []string
	for _, name := range order {
		if value := r.parts[name]; value != "" {
			list = append(list, name+"="+value)
		}
	}
	return strings.Join(list, ";")
}

// Part is the value of a part, or "".
func (r Rule) Part(name string) string { return r.parts[name] }

func (r Rule) with(name, value string) Rule {
	parts := make(map[string]string, len(r.parts)+1)
	maps.Copy(parts, r.parts)
	parts[name] = value
	return Rule{parts}
}

const (
	// horizon bounds how far ahead a day is looked for, so that a rule which never
	// comes true costs little.
	horizon = 40 // years
	// behind is how far a series may lie behind before it begins anew.
	behind = 3 // years
)

// Next is the first day of the rule after the day `after` that is not before
// `earliest` (both YYYY-MM-DD), and the rule that holds from then on. ok is false if
// the series is over. Where a rule names no day, that of `after` counts; in months
// that are too short the last day stands for it.
func (r Rule) Next(after, earliest string) (day string, rest Rule, ok bool) {
	from, err := time.Parse(time.DateOnly, after)
	if err != nil {
		return "", Rule{}, false
	}
	least, err := time.Parse(time.DateOnly, earliest)
	if err != nil {
		return "", Rule{}, false
	}
	r = r.anchored(from)
	if from.AddDate(behind, 0, 0).Before(least) {
		from = least.AddDate(0, 0, -1)
	}
	left := 1 << 30
	if count := r.parts["COUNT"]; count != "" {
		left, _ = strconv.Atoi(count)
	}
	option, err := rrule.StrToROption(r.with("COUNT", "").with("UNTIL", "").String())
	if err != nil {
		return "", Rule{}, false
	}
	option.Dtstart, option.Until = from, from.AddDate(horizon, 0, 0)
	if until, err := time.Parse("20060102", r.parts["UNTIL"]); err == nil && until.Before(option.Until) {
		option.Until = until
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return "", Rule{}, false
	}
	next := rule.Iterator()
	for {
		found, more := next()
		if !more || left <= 1 {
			return "", Rule{}, false
		}
		if !found.After(from) {
			continue
		}
		left--
		if found.Before(least) {
			continue
		}
		if r.parts["COUNT"] != "" {
			r = r.with("COUNT", strconv.Itoa(left))
		}
		return found.Format(time.DateOnly), r, true
	}
}

// anchored is the rule with the day that it means where it names none and not every
// month has it: the 31st of every month is the last of some days.
func (r Rule) anchored(day time.Time) Rule {
	freq := r.parts["FREQ"]
	for _, by := range []string{"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"} {
		if r.parts[by] != "" {
			return r
		}
	}
	leap := freq == "YEARLY" && day.Month() == time.February && day.Day() == 29
	if !leap && (freq != "MONTHLY" || day.Day() <= 28) {
		return r
	}
	var list []string
	for n := 28; n <= day.Day(); n++ {
		list = append(list, fmt.Sprint(n))
	}
	r = r.with("BYMONTHDAY", strings.Join(list, ",")).with("BYSETPOS", "-1")
	if leap {
		r = r.with("BYMONTH", "2")
	}
	return r
}
