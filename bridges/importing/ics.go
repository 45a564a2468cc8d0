package importing

import (
	"io"
	"mime/quotedprintable"
	"strconv"
	"strings"
	"time"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// To-dos of calendars: VTODO of iCalendar (RFC 5545), and of vCalendar 1.0, which older
// programs write. Each becomes a card; those that are finished go to the column for that.

// property is a line of a calendar: NAME;PARAMETER=value:VALUE.
type property struct {
	name   string // in capitals
	params map[string]string
	value  string
}

const maxProperties = 500 // of one to-do

var (
	noEvents = workspace.Text{
		De: "Termine in der Datei: %d. Übernommen werden nur Aufgaben.",
		En: "Events in the file: %d. Only to-dos are taken over.",
	}
	noTodos = workspace.Text{
		De: "In der Kalenderdatei stehen keine Aufgaben (VTODO).",
		En: "There are no to-dos (VTODO) in the calendar file.",
	}
	cancelled = workspace.Text{
		De: "Die Aufgabe ist abgesagt; sie kommt ins Archiv.",
		En: "The to-do is cancelled; it goes to the archive.",
	}
	noAlarm = workspace.Text{
		De: "Erinnerungen der Aufgabe wurden nicht übernommen.",
		En: "Reminders of the to-do were not taken over.",
	}
)

func (r *reader) ics(text string) error {
	d := board.Draft{Colors: map[string]string{}}
	var todo []property
	var open []string // components, the innermost last
	events, todos := 0, 0
	alarm := false
	for line := range unfolded(text) {
		p, ok := parseProperty(line)
		if !ok {
			continue
		}
		value := strings.ToUpper(strings.TrimSpace(p.value))
		switch {
		case p.name == "BEGIN":
			if len(open) >= maxDepth {
				return workspace.Refuse(workspace.Invalid, broken)
			}
			open = append(open, value)
			switch value {
			case "VTODO":
				todo, alarm = nil, false
				todos++
			case "VEVENT":
				events++
			case "VALARM":
				alarm = true
			}
		case p.name == "END":
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
			if value == "VTODO" {
				if err := r.todo(&d, todo, alarm); err != nil {
					return err
				}
				todo = nil
			}
		case len(open) > 0 && open[len(open)-1] == "VTODO" && len(todo) < maxProperties:
			todo = append(todo, p)
		case len(open) == 1 && (p.name == "X-WR-CALNAME" || p.name == "NAME"):
			d.Title = board.Clean(unescape(p.value))
		}
	}
	if todos == 0 {
		return workspace.Refuse(workspace.Invalid, noTodos)
	}
	if events > 0 {
		r.refuse(theFile, noEvents.With(events))
	}
	r.result.Format = ICS
	r.result.Drafts = []board.Draft{d}
	return nil
}

// unfolded yields the lines of a calendar, each in one piece: they are folded by a line
// break and a blank, and quoted-printable ones by an equals sign.
func unfolded(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		var line strings.Builder
		soft := false
		for raw := range strings.SplitSeq(lineBreaks.Replace(text), "\n") {
			switch {
			case soft:
				line.WriteString("\n" + strings.TrimLeft(raw, " \t"))
			case raw != "" && (raw[0] == ' ' || raw[0] == '\t'):
				line.WriteString(raw[1:])
			default:
				if line.Len() > 0 && !yield(line.String()) {
					return
				}
				line.Reset()
				line.WriteString(raw)
			}
			head, _, _ := strings.Cut(line.String()[:min(line.Len(), 200)], ":")
			soft = strings.HasSuffix(raw, "=") && strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE")
		}
		if line.Len() > 0 {
			yield(line.String())
		}
	}
}

// parseProperty reads a line. A value in quotation marks may hold the signs that part others.
func parseProperty(line string) (property, bool) {
	quoted, colon := false, -1
	var cuts []int
	for i := 0; i < len(line) && colon < 0; i++ {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ';':
			if !quoted {
				cuts = append(cuts, i)
			}
		case ':':
			if !quoted {
				colon = i
			}
		}
	}
	if colon < 1 {
		return property{}, false
	}
	p := property{params: map[string]string{}, value: line[colon+1:]}
	cuts = append(cuts, colon)
	p.name = strings.ToUpper(strings.TrimSpace(line[:cuts[0]]))
	if _, after, grouped := strings.Cut(p.name, "."); grouped {
		p.name = after
	}
	for i := range len(cuts) - 1 {
		name, value, with := strings.Cut(line[cuts[i]+1:cuts[i+1]], "=")
		if !with { // vCalendar 1.0 writes values alone
			name, value = "ENCODING", name
		}
		p.params[strings.ToUpper(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	if strings.EqualFold(p.params["ENCODING"], "QUOTED-PRINTABLE") {
		if raw, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(p.value))); err == nil {
			p.value = decodeText(raw)
		}
	}
	return p, true
}

// unescape reads a text value (RFC 5545, 3.3.11).
func unescape(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\;`, ";", `\,`, ",").Replace(value)
}

// listOf reads a value with several texts, which are parted by commas.
func listOf(value string) (list []string) {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && i+1 < len(value):
			b.WriteString(unescape(value[i : i+2]))
			i++
		case c == ',' || c == ';': // vCalendar 1.0 parts them like this
			list = append(list, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(list, b.String())
}

func (r *reader) todo(d *board.Draft, properties []property, alarm bool) error {
	c := card{}
	for _, p := range properties {
		if p.name == "SUMMARY" {
			c.title = unescape(p.value)
		}
	}
	where := quoted(workspace.Text{De: "Aufgabe", En: "To-do"}, c.title)
	c.where = where
	for _, p := range properties {
		switch p.name {
		case "UID":
			c.key = p.value
		case "DESCRIPTION":
			c.description = unescape(p.value)
		case "COMMENT":
			c.comments = append(c.comments, comment("", "", unescape(p.value)))
		case "DUE":
			c.due = r.calendarDate(where, p)
		case "DTSTART":
			c.start = r.calendarDate(where, p)
		case "PRIORITY":
			c.priority = calendarPriority(p.value)
		case "CATEGORIES":
			for _, label := range listOf(p.value) {
				if board.Clean(label) != "" {
					c.labels = append(c.labels, label)
				}
			}
		case "ATTENDEE":
			name := p.params["CN"]
			if name == "" {
				name = strings.TrimPrefix(strings.TrimPrefix(p.value, "mailto:"), "MAILTO:")
			}
			c.people = append(c.people, name)
		case "URL":
			c.links = append(c.links, link{url: p.value})
		case "ATTACH":
			if p.params["VALUE"] != "" || p.params["ENCODING"] != "" {
				r.refuse(where, noPictures)
			} else {
				c.links = append(c.links, link{url: p.value})
			}
		case "RELATED-TO":
			if kind := strings.ToUpper(p.params["RELTYPE"]); kind == "" || kind == "PARENT" {
				c.parent = p.value
			} else if kind == "SIBLING" {
				c.relates = append(c.relates, p.value)
			}
		case "RRULE":
			c.repeat = strings.ToUpper(strings.TrimSpace(p.value))
		case "STATUS":
			switch strings.ToUpper(strings.TrimSpace(p.value)) {
			case "COMPLETED":
				c.done = true
			case "CANCELLED":
				c.archived = true
				r.refuse(where, cancelled)
			}
		case "COMPLETED":
			c.done = true
		case "PERCENT-COMPLETE":
			c.done = c.done || strings.TrimSpace(p.value) == "100"
		}
	}
	if alarm {
		r.refuse(where, noAlarm)
	}
	return r.add(d, c)
}

// calendarPriority reads 1 to 9, of which 1 is the highest and 5 the middle; 0 is none.
func calendarPriority(value string) string {
	switch n, err := strconv.Atoi(strings.TrimSpace(value)); {
	case err != nil || n == 0 || n == 5:
		return ""
	case n == 1:
		return "urgent"
	case n < 5:
		return "high"
	}
	return "low"
}

// calendarDate reads a date or a moment. A moment of another zone than ours is a day in
// ours; a zone that is not known is taken for ours.
func (r *reader) calendarDate(where workspace.Text, p property) string {
	value := strings.TrimSpace(p.value)
	zone := r.Zone
	if name := p.params["TZID"]; name != "" && len(name) < 64 && !strings.Contains(name, "..") {
		if known, err := time.LoadLocation(name); err == nil {
			zone = known
		}
	}
	for layout, in := range map[string]*time.Location{"20060102": r.Zone, "20060102T150405": zone, "20060102T150405Z": time.UTC, "2006-01-02": r.Zone} {
		if t, err := time.ParseInLocation(layout, value, in); err == nil {
			if day, ok := dayOf(t.In(r.Zone)); ok {
				return day
			}
		}
	}
	r.refuse(where, noDate.With(excerpt(value)))
	return ""
}
