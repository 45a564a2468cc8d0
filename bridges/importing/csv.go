package importing

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/export"
)

// The fields that a column of a table can hold.
type field int

const (
	fieldNone field = iota
	fieldTitle
	fieldDescription
	fieldColumn
	fieldDue
	fieldStart
	fieldPriority
	fieldLabels
	fieldPeople
	fieldArchived
	fieldChecklist
	fieldLinks
	fieldIgnored // known, and of no use here
)

// columnNames are the headings that tables have, in both languages and as other programs
// write them, in lower case.
var columnNames = namesOf(map[field]string{
	fieldTitle:       "title titel name card·name card·title kartenname aufgabe task karte card betreff subject summary zusammenfassung vorgang todo to-do thema überschrift bezeichnung issue",
	fieldDescription: "description beschreibung notes notizen notiz note desc card·description bemerkung bemerkungen details text inhalt body kommentar",
	fieldColumn:      "column spalte status list liste list·name stack stapel bucket state zustand phase section abschnitt bearbeitungsstand",
	fieldDue:         "due due·date due·on fällig faellig fällig·am fälligkeit fälligkeitsdatum fälligkeitstermin frist deadline termin end end·date ende enddatum bis duedate due_date",
	fieldStart:       "start start·date beginn beginnt startdatum anfang ab startdate start_date von",
	fieldPriority:    "priority priorität prioritaet prio wichtigkeit dringlichkeit",
	fieldLabels:      "labels label tags tag schlagwörter schlagwort schlagworte kategorie kategorien categories category etikett etiketten",
	fieldPeople:      "assignee assignees assigned·to assigned assigned·users members member zugewiesen zugewiesen·an zuständig zustaendig verantwortlich verantwortliche verantwortlicher bearbeiter bearbeiterin person personen owner who wer",
	fieldArchived:    "archived archiviert closed",
	fieldChecklist:   "checklist checkliste checklists checklisten teilaufgaben subtasks",
	fieldLinks:       "link links url urls verweis verweise attachments anhänge",
	fieldIgnored:     "number nummer nr nr. no no. id card·id # created erstellt created·at erstellt·am modified geändert last·modified board board·name",
})

func namesOf(fields map[field]string) map[string]field {
	names := map[string]field{}
	for f, all := range fields {
		for name := range strings.FieldsSeq(all) {
			names[strings.ReplaceAll(name, "·", " ")] = f
		}
	}
	return names
}

var (
	noTitleColumn = workspace.Text{
		De: "In der ersten Zeile der Tabelle steht keine Überschrift „Titel“. Bitte schreiben Sie dort die Namen der Spalten hin, zum Beispiel: Titel; Spalte; Fällig; Zuständig; Schlagwörter; Beschreibung.",
		En: "The first row of the table has no heading “Title”. Please write the names of the columns there, for example: Title, Column, Due, Assignee, Labels, Description.",
	}
	unknownColumn = workspace.Text{
		De: "Die Tabellenspalte „%s“ kennt Werkraum nicht; ihr Inhalt steht in der Beschreibung.",
		En: "Werkraum does not know the column “%s” of the table; its content is in the description.",
	}
	badRow = workspace.Text{
		De: "Die Zeile ist fehlerhaft (Anführungszeichen) und wurde ausgelassen.",
		En: "The row is malformed (quotation marks) and was left out.",
	}
	unclearDate = workspace.Text{
		De: "Beim Datum „%s“ ist nicht sicher, was Tag und was Monat ist; es wurde weggelassen. Eindeutig ist zum Beispiel 24.12.2026 oder 2026-12-24.",
		En: "It is not certain what is day and what is month in the date “%s”, so it was left out. 2026-12-24 or 24.12.2026 are clear, for example.",
	}
	badPriority = workspace.Text{
		De: "Die Priorität „%s“ ist unbekannt und wurde weggelassen.",
		En: "The priority “%s” is unknown and was left out.",
	}
	emptyTable = workspace.Text{De: "Die Tabelle hat keine Zeilen.", En: "The table has no rows."}
)

// row is a line of a table; number counts lines as an editor does.
type row struct {
	cells  []string
	number int
}

func (r *reader) csv(text string) error {
	rows, err := r.rows(text)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return workspace.Refuse(workspace.Invalid, unknownFormat)
	}
	head := make([]field, len(rows[0].cells))
	names := make([]string, len(head))
	titled := false
	for i, name := range rows[0].cells {
		names[i] = board.Clean(strings.ToValidUTF8(name, ""))
		f := columnNames[strings.ToLower(strings.Trim(names[i], ` :*"`))]
		for _, taken := range head[:i] { // the first of two counts
			if f == taken && f != fieldIgnored {
				f = fieldNone
			}
		}
		head[i] = f
		titled = titled || f == fieldTitle
	}
	if !titled {
		return workspace.Refuse(workspace.Invalid, noTitleColumn)
	}
	if len(rows) == 1 {
		return workspace.Refuse(workspace.Invalid, emptyTable)
	}
	r.result.Format = CSV
	for i, f := range head {
		if f == fieldNone && names[i] != "" {
			r.refuse(theFile, unknownColumn.With(excerpt(names[i])))
		}
	}
	t := &table{reader: r, head: head, names: names, order: orderOf(head, rows[1:]), columns: map[string]string{}}
	for _, row := range rows[1:] {
		if err := t.row(row); err != nil {
			return err
		}
	}
	r.result.Drafts = []board.Draft{t.draft}
	return nil
}

// rows reads the rows of a table that are not empty, the headings first.
func (r *reader) rows(text string) ([]row, error) {
	comma := ','
	first, rest, _ := strings.Cut(text, "\n")
	if mark, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(first)), "sep="); ok && len(mark) <= 1 { // for Excel
		if text = rest; mark != "" {
			comma = rune(mark[0])
		}
	} else {
		comma = separatorOf(first)
	}
	if comma != ',' && comma != ';' && comma != '\t' {
		comma = ';'
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = comma, -1, true
	var rows []row
	for {
		cells, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			line, _ := in.FieldPos(0)
			r.refuse(lineAt(line), badRow)
			continue
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if len(rows) > board.MaxDraftCards {
			return nil, workspace.Refuse(workspace.TooLarge, tooManyCards.With(board.MaxDraftCards))
		}
		if len(cells) > maxCells {
			return nil, workspace.Refuse(workspace.Invalid, unknownFormat)
		}
		line, _ := in.FieldPos(0)
		rows = append(rows, row{cells, line})
	}
}

const maxCells = 500

func lineAt(n int) workspace.Text {
	return workspace.Text{De: "Zeile %d", En: "Line %d"}.With(n)
}

// separatorOf is what stands most often in the line of headings.
func separatorOf(line string) rune {
	best, most := ',', 0
	for _, c := range []rune{';', '\t', ','} {
		quoted, n := false, 0
		for _, x := range line {
			switch {
			case x == '"':
				quoted = !quoted
			case x == c && !quoted:
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// table is a table while its rows become cards.
type table struct {
	*reader
	head    []field
	names   []string
	order   dateOrder
	columns map[string]string // keys by title, folded
	draft   board.Draft
}

func (t *table) row(row row) error {
	c := card{where: lineAt(row.number)}
	var more []string
	column := ""
	for i, f := range t.head {
		if i >= len(row.cells) {
			break
		}
		cell := strings.TrimSpace(plainCell(strings.ToValidUTF8(row.cells[i], "")))
		if cell == "" {
			continue
		}
		switch f {
		case fieldTitle:
			c.title = cell
		case fieldDescription:
			c.description = cell
		case fieldColumn:
			column = cell
		case fieldDue:
			c.due = t.date(c.where, cell)
		case fieldStart:
			c.start = t.date(c.where, cell)
		case fieldPriority:
			priority, ok := priorityOf(cell)
			if !ok {
				t.refuse(c.where, badPriority.With(excerpt(cell)))
			}
			c.priority = priority
		case fieldLabels:
			c.labels = parts(cell, ",;|\n")
		case fieldPeople:
			c.people = parts(cell, ",;|\n")
		case fieldArchived:
			c.archived = isYes(cell)
		case fieldChecklist:
			c.checks = checksOf(cell)
		case fieldLinks:
			for _, url := range parts(cell, " ,;|\n") {
				c.links = append(c.links, link{url: url})
			}
		case fieldNone:
			if t.names[i] != "" {
				more = append(more, t.names[i]+": "+cell)
			}
		}
	}
	if len(more) > 0 {
		c.description = strings.TrimSpace(c.description + "\n\n" + strings.Join(more, "\n"))
	}
	if column = board.Clean(column); column != "" {
		key := strings.ToLower(column)
		if _, known := t.columns[key]; !known {
			t.columns[key] = key
			t.column(&t.draft, key, column)
		}
		c.column = key
	}
	return t.add(&t.draft, c)
}

// plainCell takes away the apostrophe that keeps spreadsheets from calculating
// (workspace/export).
func plainCell(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok {
		if first, _ := utf8.DecodeRuneInString(rest); rest != "" && strings.ContainsRune(export.Formula, first) {
			return rest
		}
	}
	return cell
}

// parts cuts a cell with several entries.
func parts(cell, at string) (list []string) {
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune(at, r) }) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func isYes(cell string) bool {
	switch strings.ToLower(cell) {
	case "ja", "yes", "true", "wahr", "1", "x", "j", "y":
		return true
	}
	return false
}

// checksOf reads a checklist: an entry in each line, with a mark if it is done.
func checksOf(cell string) (checks []check) {
	for _, line := range parts(cell, "\n") {
		line = strings.TrimSpace(strings.TrimLeft(line, "-*• "))
		done := false
		for mark, is := range map[string]bool{"[x]": true, "[X]": true, "☑": true, "✓": true, "[ ]": false, "☐": false} {
			if rest, ok := strings.CutPrefix(line, mark); ok {
				line, done = strings.TrimSpace(rest), is
				break
			}
		}
		checks = append(checks, check{line, done})
	}
	return checks
}

// priorityOf reads a priority; normal is "".
func priorityOf(text string) (priority string, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "urgent", "dringend", "critical", "kritisch", "highest", "sehr hoch", "blocker", "a", "p0":
		return "urgent", true
	case "high", "hoch", "important", "wichtig", "p1", "b":
		return "high", true
	case "normal", "medium", "mittel", "", "none", "keine", "p2", "c":
		return "", true
	case "low", "niedrig", "gering", "lowest", "sehr niedrig", "p3", "p4", "d":
		return "low", true
	}
	// With signs beside it, as Focalboard's templates have.
	if bare := strings.TrimFunc(text, func(r rune) bool {
		return r > 0x7e && !strings.ContainsRune("äöüÄÖÜß", r) || strings.ContainsRune(" 0123456789.", r)
	}); bare != text && bare != "" {
		return priorityOf(bare)
	}
	return "", false
}
