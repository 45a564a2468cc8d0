package importing

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"werkraum/workspace"
)

var utf8BOM = []byte("\xef\xbb\xbf")

// decodeText makes UTF-8 of a text file: UTF-8 with or without a mark, UTF-16 with one,
// and otherwise Windows-1252, in which spreadsheets still write.
func decodeText(data []byte) string {
	switch {
	case bytes.HasPrefix(data, utf8BOM):
		return strings.ToValidUTF8(string(data[len(utf8BOM):]), "\uFFFD")
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return decodeUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeUTF16(data[2:], binary.BigEndian)
	case utf8.Valid(data):
		return string(data)
	}
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	for _, c := range data {
		if c >= 0x80 && c < 0xa0 {
			b.WriteRune(windows1252[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// windows1252 is what differs from Latin-1; what is not assigned there stays a control
// character, which is taken out later.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// looksBinary reports whether data is no text: control characters do not occur in those.
func looksBinary(data []byte) bool {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return false
	}
	head := data[:min(len(data), 4096)]
	return len(bytes.TrimSpace(head)) == 0 || bytes.ContainsFunc(head, func(r rune) bool {
		return r < 0x20 && r != '\n' && r != '\r' && r != '\t'
	})
}

// moment reads a time of RFC 3339, with or without a fraction, and a plain date; the day is
// meant where people are.
func (r *reader) moment(text string) (day string, ok bool) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return dayOf(t)
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04"} {
		t, err := time.ParseInLocation(layout, text, r.Zone)
		if err == nil {
			return dayOf(t.In(r.Zone))
		}
	}
	return "", false
}

// dayOf writes a day as cards have it, if it is one that they may have.
func dayOf(t time.Time) (string, bool) {
	if t.Year() < 1900 || t.Year() > 2999 {
		return "", false
	}
	return t.Format(time.DateOnly), true
}

// excerpt is so much of a text as tells people which one is meant.
func excerpt(text string) string {
	const most = 60
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// quoted names something by its title.
func quoted(of workspace.Text, title string) workspace.Text {
	if title = excerpt(title); title == "" {
		return of
	}
	return workspace.Text{De: of.De + " „" + title + "“", En: of.En + " “" + title + "”"}
}

var (
	theCard = workspace.Text{De: "Karte", En: "Card"}
	theFile = workspace.Text{De: "Datei", En: "File"}
)
