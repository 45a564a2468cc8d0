package importing

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// card is a card as the formats have it, before it has Werkraum's form.
type card struct {
	key, column string
	title       string
	description string
	start, due  string // YYYY-MM-DD
	priority    string // one of board.Priorities
	repeat      string // an RRULE
	labels      []string
	checks      []check
	links       []link
	people      []string
	comments    []string
	parent      string
	relates     []string
	archived    bool
	done        bool
	where       workspace.Text // where it stands, unless its title tells
}

type check struct {
	title string
	done  bool
}

type link struct{ url, title string }

var (
	titleCut = workspace.Text{
		De: "Der Titel ist länger als %d Zeichen und wurde gekürzt; ganz steht er in der Beschreibung.",
		En: "The title is longer than %d characters and was shortened; all of it is in the description.",
	}
	noTitle = workspace.Text{
		De: "Die Karte hat keinen Titel und wurde ausgelassen.",
		En: "The card has no title and was left out.",
	}
	descriptionCut = workspace.Text{
		De: "Die Beschreibung ist mit allem, was dazugehört, länger als %d KB und wurde gekürzt.",
		En: "The description, with all that belongs to it, is longer than %d KB and was shortened.",
	}
	badLabel = workspace.Text{
		De: "Das Schlagwort „%s“ ist zu lang oder leer und wurde weggelassen.",
		En: "The label “%s” is too long or empty and was left out.",
	}
	badLink = workspace.Text{
		De: "Der Verweis „%s“ ist keine Adresse im Netz und wurde weggelassen.",
		En: "The link “%s” is no web address and was left out.",
	}
	tooMuch = workspace.Text{
		De: "Auf der Karte ist mehr, als Platz hat; der Rest der Checkliste steht in der Beschreibung, überzählige Schlagwörter, Verweise und Personen fehlen.",
		En: "There is more on the card than there is room for; the rest of the checklist is in the description, labels, links and people beyond that are missing.",
	}
	noRepeat = workspace.Text{
		De: "Die Wiederholung konnte nicht übernommen werden.",
		En: "The repetition could not be taken over.",
	}
	comments = workspace.Text{De: "Kommentare", En: "Comments"}
)

// add finishes a card and puts it into a draft.
func (r *reader) add(d *board.Draft, c card) error {
	where := c.where
	if where == (workspace.Text{}) {
		where = quoted(theCard, c.title)
	}
	title := board.Clean(strings.ToValidUTF8(c.title, ""))
	if title == "" {
		r.refuse(where, noTitle)
		return nil
	}
	if err := r.count(); err != nil {
		return err
	}
	made := board.DraftCard{Key: c.key, Column: c.column, Done: c.done, Parent: c.parent, Relates: c.relates, Set: map[string]workspace.Value{}}
	description := c.description
	if utf8.RuneCountInString(title) > board.MaxTitle {
		r.refuse(where, titleCut.With(board.MaxTitle))
		description = title + "\n\n" + description
		title = board.Clean(string([]rune(title)[:board.MaxTitle-1])) + "…"
	}
	made.Set[board.Title] = workspace.String(title)
	for name, value := range map[string]string{board.Start: c.start, board.Due: c.due, board.Priority: c.priority} {
		if value != "" {
			made.Set[name] = workspace.String(value)
		}
	}
	if c.archived {
		made.Set[board.Archived] = workspace.Bool(true)
	}
	if c.repeat != "" {
		r.set(&made, where, board.Repeat, workspace.String(c.repeat), noRepeat)
	}
	crowded := r.sets(&made, where, c)
	rest, full := r.checklist(&made, c.checks)
	if crowded || full {
		r.refuse(where, tooMuch)
	}
	r.describe(&made, where, []string{description, rest, listed(comments.In(r.Language), c.comments)})
	d.Cards = append(d.Cards, made)
	return nil
}

// set writes a field if the board takes it.
func (r *reader) set(made *board.DraftCard, where workspace.Text, name string, v workspace.Value, why workspace.Text) {
	if board.CheckField(board.KindCard, name, v) != nil {
		r.refuse(where, why)
		return
	}
	made.Set[name] = v
}

// sets writes labels, people and links; it reports whether some were too many.
func (r *reader) sets(made *board.DraftCard, where workspace.Text, c card) (crowded bool) {
	var labels []string
	for _, label := range c.labels {
		label = board.Clean(label)
		switch {
		case board.CheckField(board.KindCard, board.Label+"/"+label, workspace.Bool(true)) != nil:
			r.refuse(where, badLabel.With(excerpt(label)))
		case slices.ContainsFunc(labels, func(has string) bool { return strings.EqualFold(has, label) }):
		case len(labels) >= board.MaxLabels:
			crowded = true
		default:
			labels = append(labels, label)
			made.Set[board.Label+"/"+label] = workspace.Bool(true)
		}
	}
	for _, person := range c.people {
		person = board.Clean(person)
		switch {
		case person == "" || slices.Contains(made.People, person):
		case len(made.People) >= board.MaxAssignees:
			crowded = true
		default:
			made.People = append(made.People, person)
		}
	}
	n := 0
	for _, l := range c.links {
		url := workspace.String(strings.TrimSpace(l.url))
		if board.CheckField(board.KindCard, board.Link+"/x/"+board.URL, url) != nil {
			r.refuse(where, badLink.With(excerpt(l.url)))
			continue
		}
		if n >= board.MaxLinks/2 { // a link takes two fields
			crowded = true
			continue
		}
		n++
		field := fmt.Sprintf("%s/l%03d/", board.Link, n)
		made.Set[field+board.URL] = url
		if title := workspace.String(board.Clean(l.title)); board.CheckField(board.KindCard, field+board.Title, title) == nil {
			made.Set[field+board.Title] = title
		}
	}
	return crowded
}

// checklist writes as many entries as there is room for and returns the rest as text.
func (r *reader) checklist(made *board.DraftCard, checks []check) (rest string, full bool) {
	var left []string
	rank, n := "", 0
	for _, entry := range checks {
		title := board.Clean(entry.title)
		if title == "" {
			continue
		}
		next, err := workspace.RankBetween(rank, "")
		room := n < board.MaxChecks && len(made.Set)+len(made.People)+reserved+3 <= board.MaxDraftFields
		if err != nil || !room || utf8.RuneCountInString(title) > board.MaxTitle {
			mark := "[ ]"
			if entry.done {
				mark = "[x]"
			}
			left = append(left, mark+" "+title)
			full = full || !room
			continue
		}
		rank = next
		n++
		field := fmt.Sprintf("%s/c%03d/", board.Check, n)
		made.Set[field+board.Title], made.Set[field+board.Rank] = workspace.String(title), workspace.String(rank)
		if entry.done {
			made.Set[field+board.Done] = workspace.Bool(true)
		}
	}
	return listed("", left), full
}

// reserved is how many fields are written later: place, number, creation, description.
const reserved = 8

// listed writes a list below a heading.
func listed(heading string, entries []string) string {
	if len(entries) == 0 {
		return ""
	}
	list := "- " + strings.Join(entries, "\n- ")
	if heading == "" {
		return list
	}
	return "**" + heading + "**\n\n" + list
}

// describe writes the description: its parts below each other, as far as they fit.
func (r *reader) describe(made *board.DraftCard, where workspace.Text, parts []string) {
	parts = slices.DeleteFunc(parts, func(part string) bool { return strings.TrimSpace(part) == "" })
	text := board.CleanLines(strings.ToValidUTF8(lineBreaks.Replace(strings.Join(parts, "\n\n")), ""))
	if len(text) > board.MaxDescription {
		r.refuse(where, descriptionCut.With(board.MaxDescription/1024))
		cut := board.MaxDescription - len("…")
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = board.CleanLines(text[:cut]) + "…"
	}
	if text != "" {
		made.Set[board.Description] = workspace.String(text)
	}
}

// column makes a column of a draft; titles that cannot be are replaced.
func (r *reader) column(d *board.Draft, key, title string) {
	title = board.Clean(strings.ToValidUTF8(title, ""))
	if title == "" {
		title = workspace.Text{De: "Ohne Namen", En: "Untitled"}.In(r.Language)
	}
	if utf8.RuneCountInString(title) > board.MaxTitle {
		title = board.Clean(string([]rune(title)[:board.MaxTitle-1])) + "…"
	}
	set := map[string]workspace.Value{board.Title: workspace.String(title)}
	if meansDone(title) {
		set[board.Done] = workspace.Bool(true)
	}
	d.Columns = append(d.Columns, board.DraftColumn{Key: key, Set: set})
}

// meansDone reports whether a column's title says that cards in it are finished.
func meansDone(title string) bool {
	return slices.Contains([]string{
		"done", "erledigt", "fertig", "abgeschlossen", "completed", "complete", "finished", "closed", "geschlossen", "beendet", "gelöst", "resolved",
	}, strings.ToLower(strings.Trim(title, " .!✅✔️🎉🙌")))
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")
