package export

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

var headings = []workspace.Text{
	{De: "Nummer", En: "Number"},
	{De: "Titel", En: "Title"},
	{De: "Spalte", En: "Column"},
	{De: "Priorität", En: "Priority"},
	{De: "Beginn", En: "Start"},
	{De: "Fällig", En: "Due"},
	{De: "Zuständig", En: "Assignees"},
	{De: "Schlagwörter", En: "Labels"},
	{De: "Checkliste", En: "Checklist"},
	{De: "Verweise", En: "Links"},
	{De: "Beschreibung", En: "Description"},
	{De: "Erstellt", En: "Created"},
	{De: "Archiviert", En: "Archived"},
}

var priorities = map[string]workspace.Text{
	"urgent": {De: "dringend", En: "urgent"},
	"high":   {De: "hoch", En: "high"},
	"low":    {De: "niedrig", En: "low"},
}

// CSV is a table of the cards, as spreadsheets of that language read it: with a mark for
// UTF-8, and in German with semicolons. Dates are YYYY-MM-DD, which every one understands.
func (b Board) CSV(lang workspace.Language) []byte {
	var out bytes.Buffer
	out.WriteString("\xef\xbb\xbf")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if lang == workspace.German {
		w.Comma = ';'
	}
	var row []string
	for _, heading := range headings {
		row = append(row, heading.In(lang))
	}
	_ = w.Write(row) // a buffer takes everything
	for _, card := range b.cards {
		row = row[:0]
		column := ""
		if c := b.column(card); c != nil {
			column = c.Text(board.Title)
		}
		archived := ""
		if card.True(board.Archived) {
			archived = workspace.Text{De: "ja", En: "yes"}.In(lang)
		}
		priority := ""
		if p, known := priorities[card.Text(board.Priority)]; known {
			priority = p.In(lang)
		}
		var people, checks, links []string
		for _, user := range board.Assignees(card) {
			people = append(people, b.person(string(user)))
		}
		for _, entry := range board.Checklist(card) {
			mark := "[ ] "
			if entry.Done {
				mark = "[x] "
			}
			checks = append(checks, mark+entry.Title)
		}
		for _, link := range board.Links(card) {
			links = append(links, link.URL)
		}
		created, _, _ := strings.Cut(card.Text(board.Created), "T")
		for _, cell := range []string{
			card.Text(board.Number), card.Text(board.Title), column, priority, card.Text(board.Start), card.Text(board.Due),
			strings.Join(people, ", "), strings.Join(board.Labels(card), ", "), strings.Join(checks, "\n"), strings.Join(links, "\n"),
			card.Text(board.Description), created, archived,
		} {
			row = append(row, Neutral(cell))
		}
		_ = w.Write(row)
	}
	w.Flush()
	return out.Bytes()
}

// Formula are the signs that make a formula of a cell which begins with one, in some
// spreadsheet; and the apostrophe, so that one can be taken away again.
const Formula = "=+-@\t\r\n＝＋－＠'"

// Neutral is a cell in which spreadsheets see a text, whatever somebody has written: one that
// begins like a formula gets an apostrophe in front
// (owasp.org/www-community/attacks/CSV_Injection).
func Neutral(cell string) string {
	if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune(Formula, first) {
		return "'" + cell
	}
	return cell
}
