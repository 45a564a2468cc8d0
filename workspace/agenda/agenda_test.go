package agenda_test

import (
	"maps"
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"werkraum/workspace/agenda"
)

func load(t interface {
	Fatalf(format string, args ...any)
}, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return zone
}

// Reminders come at eight by the clock on the wall, also on the days on which clocks are changed,
// and where they are changed at that hour.
func TestMomentsFollowTheWall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, want string }{
		{"Europe/Berlin", "2026-03-28", "2026-03-28T07:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T06:00:00Z"}, // summer time began
		{"Europe/Berlin", "2026-10-24", "2026-10-24T06:00:00Z"},
		{"Europe/Berlin", "2026-10-25", "2026-10-25T07:00:00Z"}, // and ended
		{"Asia/Kathmandu", "2026-03-29", "2026-03-29T02:15:00Z"},
		{"Pacific/Apia", "2011-12-29", "2011-12-29T18:00:00Z"},
	} {
		at, ok := agenda.Moment(c.day, load(t, c.zone))
		if got := at.UTC().Format(time.RFC3339); !ok || got != c.want {
			t.Errorf("%s in %s is %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

var zones = []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "UTC"}

// However often the program stops and starts between, each reminder passes exactly once, and
// somebody who sleeps until Next and then looks misses none.
func TestEachReminderPassesOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := load(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		start := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "start")) * time.Minute)
		due := start.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "due")).Format(time.DateOnly)
		days := rapid.IntRange(0, agenda.MaxDays).Draw(t, "days")
		end := start.AddDate(0, 0, 30)

		whole := agenda.Passed(due, days, start, end, zone)
		var stops []time.Time
		for _, minute := range rapid.SliceOfN(rapid.IntRange(0, 30*24*60), 0, 20).Draw(t, "stops") {
			stops = append(stops, start.Add(time.Duration(minute)*time.Minute))
		}
		slices.SortFunc(stops, time.Time.Compare)
		count := map[agenda.Kind]int{}
		from := start
		for _, stop := range append(stops, end) {
			for _, kind := range agenda.Passed(due, days, from, stop, zone) {
				count[kind]++
			}
			from = stop
		}
		slept := map[agenda.Kind]int{}
		for from = start; ; {
			at, day := agenda.Next(from, zone)
			if at.After(end) {
				break
			}
			if !at.After(from) || at.In(zone).Format(time.DateOnly) != day {
				t.Fatalf("after %s comes %s of %s", from, at, day)
			}
			for _, kind := range agenda.Passed(due, days, from, at, zone) {
				slept[kind]++
			}
			from = at
		}
		want := map[agenda.Kind]int{}
		for _, kind := range whole {
			want[kind]++
		}
		if !maps.Equal(count, want) || !maps.Equal(slept, want) {
			t.Fatalf("due %s in %s: at once %v, in parts %v, asleep %v", due, zone, want, count, slept)
		}
	})
}

// A digest comes once for each of its days, wherever the program stops in between; of those that
// were missed the last is left.
func TestDigestComesOnceADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := load(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		d := agenda.Digest{
			Every:   rapid.SampledFrom([]agenda.Every{agenda.Daily, agenda.Weekly}).Draw(t, "every"),
			Weekday: time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")), Minute: rapid.IntRange(0, 24*60-1).Draw(t, "minute"),
		}
		from := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 300*24*60).Draw(t, "start")) * time.Minute)
		end := from.AddDate(0, 0, 30)
		days := map[string]int{}
		for at := from; !at.After(end); {
			next := at.Add(time.Duration(rapid.IntRange(1, 12*60).Draw(t, "pause")) * time.Minute)
			if day := d.Last(at, next, zone); day != "" {
				days[day]++
			}
			at = next
		}
		least := 29
		if d.Every == agenda.Weekly {
			least = 4
		}
		if len(days) < least {
			t.Fatalf("%d digests in 30 days: %v", len(days), days)
		}
		for day, n := range days {
			date, err := time.Parse(time.DateOnly, day)
			if err != nil || n != 1 || d.Every == agenda.Weekly && date.Weekday() != d.Weekday {
				t.Fatalf("%d digests on %s", n, day)
			}
		}
		if late := d.Last(from, from.AddDate(1, 0, 0), zone); late == "" || late < from.AddDate(1, 0, -9).Format(time.DateOnly) {
			t.Fatalf("after a year away the digest of %s comes", late)
		}
	})
}
