package dates

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"werkraum/workspace"
)

// today is a Wednesday.
var today = time.Date(2026, time.November, 25, 23, 30, 0, 0, time.FixedZone("", 3600))

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"heute": "2026-11-25", "today": "2026-11-25", "Morgen": "2026-11-26", "tomorrow.": "2026-11-26",
		"übermorgen": "2026-11-27", "day after tomorrow": "2026-11-27", "the day after tomorrow": "2026-11-27",
		"Freitag": "2026-11-27", "fr": "2026-11-27", "Fr.": "2026-11-27", "friday": "2026-11-27", "FRI": "2026-11-27",
		"Donnerstag": "2026-11-26", "am Dienstag": "2026-12-01", "on tuesday": "2026-12-01",
		// Today is not meant: who means today says so.
		"Mittwoch": "2026-12-02", "wednesday": "2026-12-02",
		"diesen Freitag": "2026-11-27", "kommenden Freitag": "2026-11-27", "this friday": "2026-11-27",
		// The next calendar week.
		"nächsten Freitag": "2026-12-04", "next friday": "2026-12-04", "nächsten Montag": "2026-11-30", "next Sunday": "2026-12-06",
		"Freitag nächster Woche": "2026-12-04", "friday next week": "2026-12-04", "nächste Woche Freitag": "2026-12-04",
		"nächste Woche": "2026-11-30", "next week": "2026-11-30", "nächsten Monat": "2026-12-01", "nächste Woche am Mittwoch": "2026-12-02",
		"in 3 Tagen": "2026-11-28", "in einem Tag": "2026-11-26", "in 2 Wochen": "2026-12-09", "in 2 weeks": "2026-12-09",
		"in a week": "2026-12-02", "in three months": "2027-02-25", "in einem Jahr": "2027-11-25", "in 0 days": "2026-11-25",
		"Ende der Woche": "2026-11-27", "end of the week": "2026-11-27", "end of week": "2026-11-27", "Ende nächster Woche": "2026-12-04",
		"Ende kommender Woche": "2026-12-04", "Ende des kommenden Monats": "2026-12-31", "Ende dieser Woche": "2026-11-27",
		"kommende Woche": "2026-11-30", "coming week": "2026-11-30", "diese Woche": "2026-11-27", "this week": "2026-11-27",
		"Freitag kommender Woche": "2026-12-04", "Montag der kommenden Woche": "2026-11-30", "Freitag der nächsten Woche": "2026-12-04", "nächsten Freitag, den 4.12.": "2026-12-04",
		"Friday of next week": "2026-12-04", "Monday of the coming week": "2026-11-30", "Freitag dieser Woche": "2026-11-27", "friday this week": "2026-11-27",
		"kommenden Monat": "2026-12-01", "nächstes Jahr": "2027-01-01", "next year": "2027-01-01", "Ende kommenden Jahres": "2027-12-31",
		"KW 12": "2027-03-26", "KW12": "2027-03-26", "in KW 49": "2026-12-04", "Ende KW 50": "2026-12-11", "Ende der KW 50": "2026-12-11",
		"in der 50. KW": "2026-12-11", "50. Kalenderwoche": "2026-12-11", "Kalenderwoche 50": "2026-12-11", "KW 48": "2026-11-27",
		"KW 47": "2027-11-26", "KW 53": "2027-01-01", "KW 1": "2027-01-08", "KW 1/2028": "2028-01-07", "KW 52/27": "2027-12-31",
		"calendar week 50": "2026-12-11", "CW 50": "2026-12-11", "in vierzehn Tagen": "2026-12-09", "Montag, dem 30.11.": "2026-11-30",
		"zum Ende des Monats": "2026-11-30", "Monatsende": "2026-11-30", "end of next month": "2026-12-31", "Jahresende": "2026-12-31",
		"Ende Februar": "2027-02-28", "end of year": "2026-12-31", "Ende November": "2026-11-30",
		"Wochenende": "2026-11-28", "Samstag": "2026-11-28", "Sonnabend": "2026-11-28", "So": "2026-11-29",
		"24.12.": "2026-12-24", "24.12": "2026-12-24", "24.12.26": "2026-12-24", "24.12.2026": "2026-12-24", "24. 12. 2027": "2027-12-24",
		"1.3.": "2027-03-01", "25.11.": "2026-11-25", "24.11.": "2027-11-24", "24.12. 2028": "2028-12-24", "24. 12.": "2026-12-24",
		"24. Dezember": "2026-12-24", "24.Dezember 2027": "2027-12-24", "24 Dez.": "2026-12-24", "1. März": "2027-03-01",
		"December 24": "2026-12-24", "Dec 24th, 2027": "2027-12-24", "24 Dec": "2026-12-24", "24th of December": "2026-12-24",
		"the 1st of March 2027": "2027-03-01", "2026-12-24": "2026-12-24", "2026-1-2": "2026-01-02",
		"bis zum 24.12.": "2026-12-24", "am Freitag, den 27.11.": "2026-11-27", "Friday, 27 November 2026": "2026-11-27",
		"29.2.": "2028-02-29", "29. Februar": "2028-02-29", "5.1.2020": "2020-01-05", "spätestens Montag": "2026-11-30",
	} {
		words := strings.Fields(text)
		got, err := Parse(words, today)
		if err != nil || got.Day != want || got.Used != len(words) {
			t.Errorf("%q: got %+v, %v; want %s of all %d words", text, got, err, want, len(words))
		}
	}
}

func TestParseLeavesTheRest(t *testing.T) {
	t.Parallel()
	for text, used := range map[string]int{
		"Freitag @anna": 1, "morgen früh anrufen": 1, "24.12. Weihnachten": 1, "24. Dezember Weihnachten": 2,
		"KW 12 prüfen": 2, "KW 12": 2, "in 2 Wochen prüfen": 3, "friday next year": 1, "Ende der Woche #x": 3, "mon the first": 1,
	} {
		if got, err := Parse(strings.Fields(text), today); err != nil || got.Used != used {
			t.Errorf("%q: got %+v, %v; want %d words used", text, got, err, used)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"": ErrUnknown, "irgendwann": ErrUnknown, "12": ErrUnknown, "Mai": ErrUnknown, "in": ErrUnknown, "in Kürze": ErrUnknown,
		"so bald wie möglich": ErrUnknown, "Ende": ErrUnknown, "next": ErrUnknown, "nächsten": ErrUnknown, "am": ErrUnknown, "ins Detail": ErrUnknown,
		"KW": ErrUnknown, "KW zwölf": ErrUnknown, "week 12": ErrUnknown, "KW 54": ErrImpossible, "KW 0": ErrImpossible, "KW 53/2027": ErrImpossible,
		"12/24": ErrAmbiguous, "1/2/2026": ErrAmbiguous, "2026/12/24": ErrAmbiguous,
		"31.2.": ErrImpossible, "0.1.": ErrImpossible, "24.13.": ErrImpossible, "2026-02-30": ErrImpossible, "31. Juni": ErrImpossible,
		"32 December": ErrImpossible, "29.2.2027": ErrImpossible, "24.12.0001": ErrImpossible, "in 999999 Tagen": ErrImpossible,
	} {
		if got, err := Parse(strings.Fields(text), today); !errors.Is(err, want) {
			t.Errorf("%q: got %+v, %v; want %v", text, got, err, want)
		}
	}
}

// On every day of a week, weekdays are in the future and next week is later.
func TestWeekdaysAreInTheFuture(t *testing.T) {
	t.Parallel()
	for d := range 7 {
		now := today.AddDate(0, 0, d)
		for _, name := range append(weekdaysDe[:], "friday") {
			coming, err := Parse([]string{name}, now)
			if err != nil {
				t.Fatal(err)
			}
			next, err := Parse([]string{"nächsten", name}, now)
			if err != nil {
				t.Fatal(err)
			}
			in := func(day string) int {
				at, _ := time.Parse(time.DateOnly, day)
				return int(at.Sub(time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)).Hours() / 24)
			}
			if n := in(coming.Day); n < 1 || n > 7 {
				t.Errorf("%s on %s: in %d days, want 1 to 7", name, now.Weekday(), n)
			}
			_, week := now.ISOWeek()
			at, _ := time.Parse(time.DateOnly, next.Day)
			if _, w := at.ISOWeek(); w != week+1 && w != 1 {
				t.Errorf("nächsten %s on %s: week %d, want %d", name, now.Weekday(), w, week+1)
			}
		}
		if end, err := Parse([]string{"Ende", "der", "Woche"}, now); err != nil || end.Day < now.Format(time.DateOnly) {
			t.Errorf("end of the week on %s is %s", now.Weekday(), end.Day)
		}
	}
}

// On every day, also around the turn of a year, a calendar week is its next
// Friday.
func TestCalendarWeeks(t *testing.T) {
	t.Parallel()
	for d := range 3000 {
		now := today.AddDate(0, 0, d)
		for _, ahead := range []int{0, 1, 7, 60} {
			_, week := now.AddDate(0, 0, ahead).ISOWeek()
			got, err := Parse([]string{"KW", strconv.Itoa(week)}, now)
			if errors.Is(err, ErrImpossible) && week == 53 {
				continue // the next one is years ahead
			}
			at, _ := time.Parse(time.DateOnly, got.Day)
			if _, w := at.ISOWeek(); err != nil || w != week || at.Weekday() != time.Friday || got.Day < now.Format(time.DateOnly) {
				t.Fatalf("KW %d on %s: got %+v, %v", week, now.Format(time.DateOnly), got, err)
			}
		}
	}
}

func TestMonthsDoNotSpillOver(t *testing.T) {
	t.Parallel()
	last := time.Date(2027, time.January, 31, 0, 0, 0, 0, time.UTC)
	if got, err := Parse([]string{"in", "einem", "Monat"}, last); err != nil || got.Day != "2027-02-28" {
		t.Errorf("a month after 31 January: got %+v, %v; want 28 February", got, err)
	}
}

func TestSpell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day  string
		lang workspace.Language
		want string
	}{
		{"2026-12-24", workspace.German, "Donnerstag, 24. Dezember 2026"},
		{"2027-03-01", workspace.German, "Montag, 1. März 2027"},
		{"2026-12-24", workspace.English, "Thursday, 24 December 2026"},
		{"nie", workspace.German, "nie"},
	} {
		if got := Spell(c.day, c.lang); got != c.want {
			t.Errorf("%s in %s: got %q, want %q", c.day, c.lang, got, c.want)
		}
	}
	for _, c := range []struct{ day, de, en string }{
		{"2026-11-05", "5.11.", "5 Nov"}, {"2027-11-05", "5.11.2027", "5 Nov 2027"}, {"x", "x", "x"},
	} {
		if de, en := Brief(c.day, today, workspace.German), Brief(c.day, today, workspace.English); de != c.de || en != c.en {
			t.Errorf("%s in brief: got %q and %q, want %q and %q", c.day, de, en, c.de, c.en)
		}
	}
}

func TestResembles(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{
		"Fritag": true, "Freittag": true, "Mntag": true, "mroegn": false, "Mogren": true, "moregn": true, "24x": true, "3": true,
		"weekend-ish": false, "ins": false, "Detail": false, "Anna": false, "": false, "Friday": true, "zeitnah": false,
	} {
		if got := Resembles(word); got != want {
			t.Errorf("%q: got %v, want %v", word, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"Freitag", "24.12.26", "24. Dezember", "in 2 Wochen", "Ende der Woche", "KW 53", "in der 12. KW", "Ende kommender Woche", "Fri, 24 Dec 2026", "12/24", "bis zum 1.1."} {
		f.Add(seed, int64(1_795_000_000))
	}
	f.Fuzz(func(t *testing.T, text string, unix int64) {
		now := time.Unix(unix%4_000_000_000, 0)
		words := strings.Fields(text)
		found, err := Parse(words, now)
		if err != nil {
			return
		}
		if _, err := time.Parse(time.DateOnly, found.Day); err != nil || found.Used < 1 || found.Used > len(words) {
			t.Errorf("%q: %+v", text, found)
		}
		again, err := Parse(words[:found.Used], now)
		if err != nil || again != found {
			t.Errorf("%q: its first %d words alone are %+v, %v, want %+v", text, found.Used, again, err, found)
		}
	})
}
