package importing

import (
	"cmp"
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// trelloBoard is what Trello's “Export as JSON” holds, as far as it is taken over
// (support.atlassian.com/trello/docs/exporting-data-from-trello; the objects are those of
// developer.atlassian.com/cloud/trello/guides/rest-api/object-definitions).
type trelloBoard struct {
	Name    string            `json:"name"`
	Lists   list[trelloList]  `json:"lists"`
	Cards   list[trelloCard]  `json:"cards"`
	Labels  list[trelloLabel] `json:"labels"`
	Members list[struct {
		ID       string `json:"id"`
		FullName string `json:"fullName"`
		Username string `json:"username"`
	}] `json:"members"`
	Checklists list[trelloChecklist] `json:"checklists"`
	Actions    list[struct {
		Type string `json:"type"`
		Date string `json:"date"`
		Data struct {
			Text string `json:"text"`
			Card struct {
				ID string `json:"id"`
			} `json:"card"`
		} `json:"data"`
		Creator struct {
			FullName string `json:"fullName"`
		} `json:"memberCreator"`
	}] `json:"actions"`
}

type trelloList struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Closed yes    `json:"closed"`
	Pos    flex   `json:"pos"`
}

type trelloChecklist struct {
	IDCard string            `json:"idCard"`
	Name   string            `json:"name"`
	Pos    flex              `json:"pos"`
	Items  list[trelloCheck] `json:"checkItems"`
}

type trelloCheck struct {
	Name  string `json:"name"`
	State string `json:"state"` // complete, incomplete
	Pos   flex   `json:"pos"`
}

type trelloLabel struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

type trelloCard struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Desc        string            `json:"desc"`
	List        string            `json:"idList"`
	Closed      yes               `json:"closed"`
	Template    yes               `json:"isTemplate"`
	Due         flex              `json:"due"`
	Start       flex              `json:"start"`
	Complete    yes               `json:"dueComplete"`
	Pos         flex              `json:"pos"`
	Labels      list[trelloLabel] `json:"labels"`
	LabelIDs    list[string]      `json:"idLabels"`
	Members     list[string]      `json:"idMembers"`
	Attachments list[struct {
		Name   string `json:"name"`
		URL    string `json:"url"`
		Upload yes    `json:"isUpload"`
	}] `json:"attachments"`
}

var (
	noDate = workspace.Text{
		De: "Das Datum „%s“ ist keines und wurde weggelassen.",
		En: "The date “%s” is none and was left out.",
	}
	closedList = workspace.Text{
		De: "Die Liste ist in Trello archiviert; ihre Karten kommen ins Archiv.",
		En: "The list is archived in Trello; its cards go to the archive.",
	}
	isTemplate = workspace.Text{
		De: "Die Karte ist eine Vorlage und wurde ausgelassen.",
		En: "The card is a template and was left out.",
	}
	uploaded = workspace.Text{
		De: "Angehängte Dateien enthält der Export nicht; auf der Karte steht ein Verweis zu ihnen.",
		En: "The export does not hold attached files; there is a link to them on the card.",
	}
	markedDone = workspace.Text{
		De: "Als erledigt gekennzeichnet, aber in keiner Spalte für erledigte Karten: %d. Diese Karten bleiben, wo sie sind.",
		En: "Marked as complete, but in no column for finished cards: %d. These cards stay where they are.",
	}
	oldActions = workspace.Text{
		De: "Trello exportiert nur die letzten 1000 Aktionen; ältere Kommentare fehlen deshalb.",
		En: "Trello exports the last 1,000 actions only; older comments are missing therefore.",
	}
)

func (r *reader) trello(data []byte) error {
	var b trelloBoard
	if err := decode(data, &b); err != nil {
		return err
	}
	r.result.Format = Trello
	r.badEntries(b.Lists.bad + b.Cards.bad + b.Labels.bad + b.Members.bad + b.Checklists.bad + b.Actions.bad)
	d := board.Draft{Title: board.Clean(b.Name), Colors: map[string]string{}}
	lists := b.Lists.all
	slices.SortStableFunc(lists, func(x, y trelloList) int { return byPos(x.Pos, y.Pos) })
	closed, finished := map[string]bool{}, map[string]bool{}
	for _, l := range lists {
		if l.Closed {
			closed[l.ID] = true
			r.refuse(quoted(workspace.Text{De: "Liste", En: "List"}, l.Name), closedList)
			continue
		}
		r.column(&d, l.ID, l.Name)
		finished[l.ID] = meansDone(board.Clean(l.Name))
	}
	if len(d.Columns) == 0 && len(b.Cards.all) > 0 {
		r.column(&d, "", b.Name)
	}
	labels := map[string]string{}
	for _, l := range b.Labels.all {
		labels[l.ID] = nameOfLabel(l)
		r.color(&d, labels[l.ID], trelloColor(l.Color))
	}
	people := map[string]string{}
	for _, m := range b.Members.all {
		people[m.ID] = cmp.Or(m.FullName, m.Username)
	}
	checks := trelloChecks(b)
	said := map[string][]string{}
	for _, a := range slices.Backward(b.Actions.all) { // the newest comes first
		if a.Type == "commentCard" && strings.TrimSpace(a.Data.Text) != "" {
			day, _ := r.moment(a.Date)
			said[a.Data.Card.ID] = append(said[a.Data.Card.ID], comment(a.Creator.FullName, day, a.Data.Text))
		}
	}
	if len(b.Actions.all) >= 1000 {
		r.refuse(theFile, oldActions)
	}
	cards := b.Cards.all
	slices.SortStableFunc(cards, func(x, y trelloCard) int { return byPos(x.Pos, y.Pos) })
	stray := 0
	for _, c := range cards {
		where := quoted(theCard, c.Name)
		if c.Template {
			r.refuse(where, isTemplate)
			continue
		}
		made := card{
			key: c.ID, column: c.List, title: c.Name, description: c.Desc, archived: bool(c.Closed) || closed[c.List],
			due: r.date(where, string(c.Due)), start: r.date(where, string(c.Start)), checks: checks[c.ID], comments: said[c.ID],
		}
		for _, l := range c.Labels.all {
			made.labels = append(made.labels, nameOfLabel(l))
			r.color(&d, nameOfLabel(l), trelloColor(l.Color))
		}
		for _, l := range c.LabelIDs.all {
			if name, ok := labels[l]; ok {
				made.labels = append(made.labels, name)
			}
		}
		for _, m := range c.Members.all {
			if name, ok := people[m]; ok {
				made.people = append(made.people, name)
			}
		}
		for _, a := range c.Attachments.all {
			made.links = append(made.links, link{a.URL, a.Name})
			if a.Upload {
				r.refuse(where, uploaded)
			}
		}
		if bool(c.Complete) && !finished[c.List] && !made.archived {
			stray++
		}
		if err := r.add(&d, made); err != nil {
			return err
		}
	}
	if stray > 0 {
		r.refuse(theFile, markedDone.With(stray))
	}
	r.result.Drafts = []board.Draft{d}
	return nil
}

// byPos compares the places that Trello gives things.
func byPos(x, y flex) int { return cmp.Compare(x.number(), y.number()) }

// trelloChecks gathers the checklists of each card into one; with several, each entry says
// to which it belongs.
func trelloChecks(b trelloBoard) map[string][]check {
	several := map[string]int{}
	for _, l := range b.Checklists.all {
		several[l.IDCard]++
	}
	checks := map[string][]check{}
	lists := b.Checklists.all
	slices.SortStableFunc(lists, func(x, y trelloChecklist) int { return byPos(x.Pos, y.Pos) })
	for _, l := range lists {
		items := l.Items.all
		slices.SortStableFunc(items, func(x, y trelloCheck) int { return byPos(x.Pos, y.Pos) })
		for _, item := range items {
			title := item.Name
			if several[l.IDCard] > 1 && strings.TrimSpace(l.Name) != "" {
				title = l.Name + ": " + title
			}
			checks[l.IDCard] = append(checks[l.IDCard], check{title, item.State == "complete"})
		}
	}
	return checks
}

// nameOfLabel is a label's name; Trello has labels that are nothing but a colour.
func nameOfLabel(l trelloLabel) string {
	color, _, _ := strings.Cut(l.Color, "_")
	return cmp.Or(strings.TrimSpace(l.Name), color)
}

// trelloColor is the nearest of ours; Trello has each dark and light as well.
func trelloColor(name string) string {
	name, _, _ = strings.Cut(name, "_")
	switch name {
	case "red", "orange", "yellow", "green", "blue", "purple", "pink":
		return name
	case "sky":
		return "teal"
	case "lime":
		return "green"
	case "black":
		return "grey"
	}
	return ""
}

// color notes the colour of a label, the first that is said.
func (r *reader) color(d *board.Draft, label, color string) {
	label = board.Clean(label)
	if d.Colors[label] != "" || board.CheckField(board.KindLabel, board.Color, workspace.String(color)) != nil || board.CheckField(board.KindLabel, board.Title, workspace.String(label)) != nil {
		return
	}
	d.Colors[label] = color
}

// date reads a moment that may be absent.
func (r *reader) date(where workspace.Text, text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	day, ok := r.moment(text)
	if !ok {
		r.refuse(where, noDate.With(excerpt(text)))
	}
	return day
}

// comment is what somebody has said, in a line of a list.
func comment(by, day, text string) string {
	head := by
	if day != "" {
		head = strings.TrimSpace(by + " " + day)
	}
	text = strings.ReplaceAll(lineBreaks.Replace(strings.TrimSpace(text)), "\n", "\n  ")
	if head == "" {
		return text
	}
	return head + ": " + text
}
