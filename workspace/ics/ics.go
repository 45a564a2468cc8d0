// Package ics writes calendars as iCalendar has them (RFC 5545).
package ics

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Type is the media type of a calendar.
const Type = "text/calendar; charset=utf-8"

// Writer gathers a calendar. Make one with New; what is begun must be ended.
type Writer struct {
	b    strings.Builder
	open []string
}

// New begins a calendar with the name that programs show.
func New(name string) *Writer {
	w := &Writer{}
	w.Begin("VCALENDAR")
	w.Raw("VERSION", "2.0")
	w.Raw("PRODID", "-//Werkraum//Werkraum//DE")
	w.Raw("CALSCALE", "GREGORIAN")
	if name != "" {
		w.Text("X-WR-CALNAME", name)
	}
	return w
}

// Begin opens a component, such as VTODO.
func (w *Writer) Begin(component string) {
	w.open = append(w.open, component)
	w.Raw("BEGIN", component)
}

// End closes the component that was opened last.
func (w *Writer) End() {
	last := len(w.open) - 1
	w.Raw("END", w.open[last])
	w.open = w.open[:last]
}

// Text writes a property whose value people wrote. name may hold parameters.
func (w *Writer) Text(name, value string) { w.Raw(name, Escape(value)) }

// Date writes a day, given as YYYY-MM-DD.
func (w *Writer) Date(name, day string) {
	w.Raw(name+";VALUE=DATE", strings.ReplaceAll(day, "-", ""))
}

// Time writes a moment, in UTC.
func (w *Writer) Time(name string, at time.Time) {
	w.Raw(name, at.UTC().Format("20060102T150405Z"))
}

// maxLine is how many bytes a line has at most, without its end (RFC 5545, 3.1).
const maxLine = 75

// Raw writes a property whose value needs no escaping. Line breaks cannot get into it.
func (w *Writer) Raw(name, value string) {
	line := strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, name+":"+value)
	for most := maxLine; len(line) > most; most = maxLine - 1 { // what follows begins with a blank
		cut := most
		for cut > 0 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		w.b.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	w.b.WriteString(line + "\r\n")
}

// String ends the calendar and returns it.
func (w *Writer) String() string {
	for len(w.open) > 0 {
		w.End()
	}
	return w.b.String()
}

// Escape writes a text so that it is one value (RFC 5545, 3.3.11).
func Escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}

// Param writes the value of a parameter, which cannot hold quotation marks.
func Param(text string) string {
	return `"` + strings.Map(func(r rune) rune {
		if r == '"' || r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, text) + `"`
}
