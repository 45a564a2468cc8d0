package bots

import (
	"slices"
	"strconv"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

const (
	maxListLines    = 40
	maxDescription  = 4000 // characters shown by !card show
	maxTitleInLists = 120
	maxRemarks      = 5 // people and labels of a card in a list
)

var andMore = workspace.Text{De: "… und %d weitere", En: "… and %d more"}

// filter is what the cards of a list have in common.
type filter struct {
	people  []id.UserID
	labels  []string
	due     bool
	overdue bool
	columns []workspace.ItemID // any of them; none: all columns
	// priority is as the field has it; nil: any.
	priority *string
	archive  bool // those in the archive
}

// passes reports whether card belongs to the list; today is YYYY-MM-DD.
func (f filter) passes(card *workspace.Item, today string) bool {
	for _, u := range f.people {
		if !card.True(board.Assignee + "/" + string(u)) {
			return false
		}
	}
	var labels []string
	if len(f.labels) > 0 {
		labels = board.Labels(card)
	}
	for _, l := range f.labels {
		if !slices.ContainsFunc(labels, func(has string) bool { return strings.EqualFold(has, l) }) {
			return false
		}
	}
	if f.priority != nil && card.Text(board.Priority) != *f.priority {
		return false
	}
	day := card.Text(board.Due)
	return (!f.due || day != "") && (!f.overdue || day != "" && day < today)
}

func (c *command) filter() (filter, error) {
	var f filter
	var err error
	for len(c.words) > 0 {
		w := c.words[0]
		used := 1
		switch key := w.plain(); {
		case slices.Contains([]string{"meine", "mine", "my", "mich"}, key):
			f.people, err = addPerson(f.people, c.t.Event.Sender)
		case slices.Contains([]string{"fällig", "faellig", "due"}, key):
			f.due = true
		case slices.Contains([]string{"überfällig", "ueberfaellig", "overdue"}, key):
			f.due, f.overdue = true, true
		case slices.Contains([]string{"archiv", "archive", "archiviert", "archived"}, key):
			f.archive = true
		case key == "dringend", key == "urgent":
			f.priority = new("urgent")
		case priorityMark(&draft{}, c.words) > 0:
			var d draft
			used = priorityMark(&d, c.words)
			f.priority = d.priority
		case !w.quoted && len(w.text) > 1 && w.text[0] == '@':
			var user id.UserID
			if user, used, err = c.people.find(c.words); err == nil {
				f.people, err = addPerson(f.people, user)
			}
		case !w.quoted && len(w.text) > 1 && w.text[0] == '#':
			f.labels, err = c.addLabel(f.labels, clean(strings.TrimRight(w.text[1:], ",;:!?.")))
		default:
			var d draft
			used, err = c.columnMark(&d, c.words)
			if err == nil && used == 0 {
				d.column, used, err = columnAt(c.sheet(), c.words)
			}
			if err != nil {
				used, err = c.filterWithoutMark(&f, err)
			} else if !slices.Contains(f.columns, d.column.ID) {
				f.columns = append(f.columns, d.column.ID)
			}
		}
		if err != nil {
			return f, err
		}
		c.words = c.words[used:]
	}
	return f, nil
}

// filterWithoutMark reads a word that is no column: “liste alle”, “liste von
// Anna”, “liste vergabe”. unknown is what is wrong if it is nothing.
func (c *command) filterWithoutMark(f *filter, unknown error) (used int, err error) {
	if slices.Contains([]string{
		"alle", "all", "alles", "offene", "open", "karten", "cards", "von", "vom", "für", "fuer", "mit", "und", "spalte",
		"of", "by", "for", "with", "to", "and", "column", "the", "der", "die",
	}, c.words[0].plain()) {
		return 1, nil
	}
	if user, n, err := c.people.find(c.words); err == nil {
		f.people, err = addPerson(f.people, user)
		return n, err
	}
	if label := clean(strings.TrimRight(c.words[0].text, ",;:!?.")); c.t.Board.HasLabel(label) {
		f.labels, err = c.addLabel(f.labels, label)
		return 1, err
	}
	return 0, unknown
}

// shelf is a column, or the archive, with the cards of it that a list shows.
type shelf struct {
	title string
	done  bool // its cards are finished
	cards []*workspace.Item
	shown int
}

func (c *command) list() error {
	f, err := c.filter()
	if err != nil {
		return err
	}
	shelves := c.shelves(f)
	if len(shelves) == 0 {
		return c.emptyList(f)
	}
	share(shelves, len(f.columns) > 0 || f.archive)
	var m Message
	for _, s := range shelves {
		m = m.add(c.shelf(s))
	}
	c.t.Answer = &m
	return nil
}

// shelves are the columns with the cards that pass, or the archive.
func (c *command) shelves(f filter) (shelves []shelf) {
	today := c.now.Format("2006-01-02")
	add := func(s shelf, cards []*workspace.Item) {
		for _, card := range cards {
			if f.passes(card, today) {
				s.cards = append(s.cards, card)
			}
		}
		if len(s.cards) > 0 {
			shelves = append(shelves, s)
		}
	}
	if f.archive {
		cards := c.t.Board.Archive()
		slices.SortFunc(cards, func(x, y *workspace.Item) int { return compareNumbers(x.Text(board.Number), y.Text(board.Number)) })
		add(shelf{title: workspace.Text{De: "Archiv", En: "Archive"}.In(c.lang)}, cards)
		return shelves
	}
	columns := c.t.Board.Columns()
	if c.on != "" {
		columns = c.sheet().Columns()
	}
	for _, column := range columns {
		if len(f.columns) == 0 || slices.Contains(f.columns, column.ID) {
			add(shelf{title: c.heading(column), done: column.True(board.Done)}, c.t.Board.Cards(column.ID, -1))
		}
	}
	return shelves
}

func (c *command) emptyList(f filter) error {
	if len(f.people)+len(f.labels)+len(f.columns) == 0 && !f.due && !f.archive && f.priority == nil {
		if c.t.Direct {
			c.answer(noTodos)
		} else {
			c.answer(noCards)
		}
		return nil
	}
	c.answer(workspace.Text{De: "Dazu gibt es keine Karten.", En: "There are no cards like that."})
	return nil
}

// share gives each column its part of the lines. Finished cards are listed
// only if their column was asked for.
func share(shelves []shelf, finished bool) {
	left := max(maxListLines-2*len(shelves), len(shelves)) // a heading each, and “… and more”
	for progress := true; progress && left > 0; {
		progress = false
		for i := range shelves {
			s := &shelves[i]
			if s.shown < len(s.cards) && left > 0 && (finished || !s.done) {
				s.shown++
				left--
				progress = true
			}
		}
	}
}

func (c *command) shelf(s shelf) Message {
	m := say(c.lang, workspace.Text{De: "**%s** (%d)", En: "**%s** (%d)"}, s.title, len(s.cards))
	for _, card := range s.cards[:s.shown] {
		m = m.add(say(c.lang, workspace.Text{De: "• **#%s** %s%s", En: "• **#%s** %s%s"},
			card.Text(board.Number), short(card.Text(board.Title), maxTitleInLists), c.remarks(card)))
	}
	if more := len(s.cards) - s.shown; more > 0 && s.shown > 0 {
		m = m.add(say(c.lang, andMore, more))
	}
	return m
}

// remarks follow a card's title in a list.
func (c *command) remarks(card *workspace.Item) string {
	var parts []string
	people, labels := board.Assignees(card), board.Labels(card)
	for _, u := range people[:min(len(people), maxRemarks)] {
		parts = append(parts, nameOf(c.t.Room, u))
	}
	if more := len(people) - maxRemarks; more > 0 {
		parts = append(parts, "+"+strconv.Itoa(more))
	}
	if p := card.Text(board.Priority); p != "" {
		parts = append(parts, priorityNames[p].In(c.lang))
	}
	if day := card.Text(board.Due); day != "" {
		text := workspace.Text{De: "fällig %s", En: "due %s"}
		if day < c.now.Format("2006-01-02") && !c.t.Board.IsDone(card) {
			text = workspace.Text{De: "⚠ überfällig seit %s", En: "⚠ overdue since %s"}
		}
		parts = append(parts, text.With(dates.Brief(day, c.now, c.lang)).In(c.lang))
	}
	for _, l := range labels[:min(len(labels), maxRemarks)] {
		parts = append(parts, "#"+l)
	}
	if more := len(labels) - maxRemarks; more > 0 {
		parts = append(parts, "+"+strconv.Itoa(more))
	}
	if len(parts) == 0 {
		return ""
	}
	return " – " + strings.Join(parts, ", ")
}

var showExample = workspace.Text{De: "!karte zeige 12", En: "!card show 12"}

func (c *command) show() error {
	card, err := c.takeCard(showExample)
	if err != nil {
		return err
	}
	if err := c.noMore(); err != nil {
		return err
	}
	m := say(c.lang, workspace.Text{De: "**#%s %s**", En: "**#%s %s**"}, card.Text(board.Number), card.Text(board.Title))
	number := card.Text(board.Number)
	switch {
	case card.Deleted():
		m = m.add(say(c.lang, cardDeleted, number, number))
	case card.True(board.Archived):
		m = m.add(say(c.lang, cardArchived, number, number))
	case c.t.Board.IsDone(card):
		m = m.add(say(c.lang, workspace.Text{De: "✅ Erledigt.", En: "✅ Done."}))
	}
	m = m.add(literal(facts(c.t.Room, card, c.lang)))
	if d := card.Text(board.Description); d != "" {
		runes := []rune(d)
		if len(runes) > maxDescription {
			d = string(runes[:maxDescription]) + "…"
		}
		m = m.add(literal(d))
	}
	if list := board.Checklist(card); len(list) > 0 {
		m = m.add(c.checklist(card))
	}
	m = m.add(c.relationList(card)).add(linkList(board.Links(card)))
	if by := id.UserID(card.Text(board.CreatedBy)); by != "" {
		day, _, _ := strings.Cut(card.Text(board.Created), "T")
		m = m.add(say(c.lang, workspace.Text{De: "Angelegt von %s am %s", En: "Added by %s on %s"}, nameOf(c.t.Room, by), dates.Spell(day, c.lang)))
	}
	if source := card.Text(board.Source); source != "" {
		label := workspace.Text{De: "Zur Nachricht", En: "Go to the message"}.In(c.lang)
		url := messageLink(c.t.Room.ID, id.EventID(source))
		m = m.add(Message{Body: label + ": " + url, HTML: anchor(url, label)})
	}
	c.t.Answer = &m
	if !card.Deleted() {
		// Of many cards made on the page at once, and after a room upgrade, cards
		// have no message here: no thread, nothing to react to.
		c.t.PostCard = card.ID
	}
	return nil
}
