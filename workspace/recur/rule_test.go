package recur

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, after, earliest, want, rest string }{
		{"FREQ=DAILY", "2026-11-25", "2026-11-25", "2026-11-26", "FREQ=DAILY"},
		{"RRULE:freq=weekly", "2026-11-25", "2026-11-25", "2026-12-02", "FREQ=WEEKLY"},
		{"FREQ=WEEKLY;INTERVAL=2", "2026-11-25", "2026-11-25", "2026-12-09", "FREQ=WEEKLY;INTERVAL=2"},
		{"FREQ=WEEKLY;BYDAY=TH,MO", "2026-11-25", "2026-11-25", "2026-11-26", "FREQ=WEEKLY;BYDAY=MO,TH"},
		// What was missed is left out, in step with the series.
		{"FREQ=WEEKLY;INTERVAL=2", "2026-11-02", "2026-11-25", "2026-11-30", "FREQ=WEEKLY;INTERVAL=2"},
		// The 31st of every month, also after February.
		{"FREQ=MONTHLY", "2027-01-31", "2027-01-31", "2027-02-28", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"},
		{"FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2027-02-28", "2027-02-28", "2027-03-31", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"},
		{"FREQ=YEARLY", "2028-02-29", "2028-02-29", "2029-02-28", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"},
		{"FREQ=MONTHLY;BYDAY=-1FR", "2026-11-25", "2026-11-25", "2026-11-27", "FREQ=MONTHLY;BYDAY=-1FR"},
		{"FREQ=DAILY;COUNT=3", "2026-11-25", "2026-11-25", "2026-11-26", "FREQ=DAILY;COUNT=2"},
		{"FREQ=DAILY;COUNT=1", "2026-11-25", "2026-11-25", "", ""},
		{"FREQ=DAILY;COUNT=3", "2026-11-01", "2026-11-25", "", ""},
		{"FREQ=DAILY;UNTIL=20261125T235959Z", "2026-11-25", "2026-11-25", "", ""},
		{"FREQ=DAILY;UNTIL=20261126", "2026-11-25", "2026-11-25", "2026-11-26", "FREQ=DAILY;UNTIL=20261126"},
		{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-11-25", "2026-11-25", "", ""}, // never comes
		{"FREQ=DAILY", "1900-01-01", "2026-11-25", "2026-11-25", "FREQ=DAILY"},
	} {
		r, err := Parse(c.rule)
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		day, rest, ok := r.Next(c.after, c.earliest)
		if day != c.want || rest.String() != c.rest || ok != (c.want != "") {
			t.Errorf("%s after %s from %s: got %q, %q, %t", c.rule, c.after, c.earliest, day, rest, ok)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "weekly", "FREQ=HOURLY", "FREQ=SECONDLY", "INTERVAL=2", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=3", "FREQ=WEEKLY;BYMONTHDAY=3",
		"FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=54MO", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=1000", "FREQ=DAILY;COUNT=2;UNTIL=20270101",
		"FREQ=DAILY;UNTIL=tomorrow", "FREQ=DAILY;UNTIL=20270231", "FREQ=DAILY;", "FREQ=MONTHLY;BYSETPOS=1", "FREQ=DAILY\nDTSTART:20260101",
	} {
		if r, err := Parse(text); err == nil {
			t.Errorf("%q was taken as %s", text, r)
		}
	}
}

// Whatever rule it is and whatever day: the next one comes after, not before the
// earliest, and going on from it gives the same days as going on at once.
func TestSeriesGoesOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := "FREQ=" + rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq") +
			rapid.SampledFrom([]string{"", ";INTERVAL=2", ";INTERVAL=5"}).Draw(t, "interval") +
			rapid.SampledFrom([]string{"", ";BYDAY=MO", ";BYDAY=SA,SU", ";BYMONTH=3,10", ";COUNT=4", ";UNTIL=20281231"}).Draw(t, "more")
		r, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "day")).Format(time.DateOnly)
		one, rest, ok := r.Next(start, start)
		if !ok {
			return
		}
		if one <= start {
			t.Fatalf("%s: %s comes after %s", r, one, start)
		}
		two, _, ok := rest.Next(one, one)
		later, _, okLater := r.Next(start, nextDay(one))
		if two != later || ok != okLater {
			t.Fatalf("%s from %s by way of %s: %s, and at once %s", r, start, one, two, later)
		}
	})
}

func nextDay(day string) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

func FuzzRule(f *testing.F) {
	for _, seed := range []string{"FREQ=DAILY", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO", "FREQ=WEEKLY;WKST=SU;UNTIL=20270101", "FREQ=;", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-366"} {
		f.Add(seed, "2026-11-25")
	}
	f.Fuzz(func(t *testing.T, text, day string) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(r.String())
		if err != nil || again.String() != r.String() {
			t.Fatalf("%q is not read as itself: %q, %v", r, again, err)
		}
		next, rest, ok := r.Next(day, "2026-11-25")
		if !ok {
			return
		}
		if next <= day || next < "2026-11-25" {
			t.Fatalf("%s after %s is %s", r, day, next)
		}
		if _, err := Parse(rest.String()); err != nil {
			t.Fatalf("what is left of %s is no rule: %s", r, rest)
		}
	})
}
