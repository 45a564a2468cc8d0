package ics_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"werkraum/workspace/ics"
)

func TestCalendar(t *testing.T) {
	t.Parallel()
	w := ics.New("Umzug; Rathaus")
	w.Begin("VTODO")
	w.Text("SUMMARY", "Angebot, für Möbel\nzweite Zeile\\")
	w.Date("DUE", "2026-12-24")
	w.Time("DTSTAMP", time.Date(2026, 11, 25, 13, 0, 0, 0, time.FixedZone("", 3600)))
	w.Raw("ATTENDEE;CN="+ics.Param("Anna \"Berg\"\r\nX:y"), "matrix:u/anna:amt.example")
	want := strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Werkraum//Werkraum//DE", "CALSCALE:GREGORIAN", `X-WR-CALNAME:Umzug\; Rathaus`,
		"BEGIN:VTODO", `SUMMARY:Angebot\, für Möbel\nzweite Zeile\\`, "DUE;VALUE=DATE:20261224", "DTSTAMP:20261125T120000Z",
		`ATTENDEE;CN="Anna BergX:y":matrix:u/anna:amt.example`, "END:VTODO", "END:VCALENDAR", "",
	}, "\r\n")
	if got := w.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Lines are folded at 75 bytes, and no letter is torn apart.
func TestLongLines(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("äöü€😀 ", 100)
	w := ics.New("")
	w.Text("SUMMARY", text)
	all := w.String()
	for line := range strings.SplitSeq(all, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("the line %q has %d bytes", line, len(line))
		}
	}
	if !strings.Contains(strings.ReplaceAll(all, "\r\n ", ""), "SUMMARY:"+text+"\r\n") {
		t.Error("the text is not whole")
	}
}
