package bots

import (
	"strconv"
	"strings"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

func viewVerbs() []deed {
	return []deed{
		{
			[]string{"liste", "list"}, (*command).listViews,
			workspace.Text{De: "!ansicht liste", En: "!view list"},
			workspace.Text{De: "zeigt die gespeicherten Ansichten dieses Raums", En: "shows this room's saved views"},
		},
		{
			[]string{"zeige", "show", "zeigen", "zeig"}, (*command).showView,
			workspace.Text{De: "!ansicht zeige Dringend", En: "!view show Urgent"},
			workspace.Text{De: "zeigt die Karten einer Ansicht; auch `!ansicht Dringend`", En: "shows the cards of a view; also `!view Urgent`"},
		},
		{
			[]string{"speichern", "save", "sichern", "merken"}, (*command).saveView,
			viewSaveExample,
			workspace.Text{
				De: "speichert eine Ansicht; möglich sind `meine`, `@anna`, `niemand`, `#vergabe`, `dringend`, `Priorität hoch`, `überfällig`, `heute`, `diese Woche`, `dieser Monat`, `ohne Frist` und ein Suchtext in Anführungszeichen",
				En: "saves a view; there are `mine`, `@anna`, `nobody`, `#tender`, `urgent`, `priority high`, `overdue`, `today`, `this week`, `this month`, `without date` and a text to search for in quotation marks",
			},
		},
		{
			[]string{"löschen", "delete", "loeschen", "entfernen", "remove"}, (*command).deleteView,
			workspace.Text{De: "!ansicht löschen Dringend", En: "!view delete Urgent"},
			workspace.Text{De: "löscht eine Ansicht; die Karten bleiben, wie sie sind", En: "deletes a view; the cards stay as they are"},
		},
		{
			[]string{"hilfe", "help"}, (*command).viewHelp,
			workspace.Text{De: "!ansicht hilfe", En: "!view help"},
			workspace.Text{De: "zeigt diese Übersicht", En: "shows this overview"},
		},
	}
}

var (
	viewSaveExample = workspace.Text{De: "!ansicht speichern Dringend dringend #vergabe", En: "!view save Urgent urgent #tender"}
	noViews         = workspace.Text{
		De: "Dieser Raum hat noch keine gespeicherten Ansichten. Eine speichern Sie zum Beispiel so: `%s`, oder auf der Seite mit dem Lesezeichen.",
		En: "This room has no saved views yet. Save one like this, for example: `%s`, or on the page with the bookmark.",
	}
	whichView = workspace.Text{
		De: "Welche Ansicht meinen Sie? Vorhanden: %s. Beispiel: `%s`",
		En: "Which view do you mean? There are: %s. Example: `%s`",
	}
	unknownView = workspace.Text{
		De: "Eine Ansicht „%s“ gibt es hier nicht. Vorhanden: %s.",
		En: "There is no view “%s” here. There are: %s.",
	}
	ambiguousView = workspace.Text{
		De: "„%s“ passt auf mehrere Ansichten: %s. Bitte schreiben Sie den Namen aus oder die Zahl, die in `!ansicht liste` davor steht.",
		En: "“%s” fits several views: %s. Please write the whole name, or the number that `!view list` shows before it.",
	}
)

func (c *command) view() error {
	if len(c.words) == 0 {
		return c.listViews()
	}
	first := c.words[0]
	if v, ok := chosen(first.plain(), viewVerbs()); ok {
		c.words = c.words[1:]
		return v.run(c)
	}
	if v, ok := nearest(first.plain(), viewVerbs()); ok && len(c.viewsCalled(joined(c.words))) == 0 {
		return wrong(workspace.Text{
			De: "„%s“ kenne ich nicht. Meinten Sie `!ansicht %s`? Beispiel: `%s`",
			En: "I do not know “%s”. Did you mean `!view %s`? Example: `%s`",
		}, short(first.text, maxNameShown), workspace.Text{De: v.names[0], En: v.names[1]}, v.example)
	}
	return c.showView()
}

func (c *command) viewHelp() error {
	m := c.overview(workspace.Text{De: "**Ansichten**", En: "**Views**"}, viewVerbs()).add(say(c.lang, workspace.Text{
		De: "Gespeicherte Ansichten gehören dem Raum; auf der Seite stehen sie beim Lesezeichen. Mehrere Personen, Schlagwörter oder Prioritäten heißen: eine davon genügt.",
		En: "Saved views belong to the room; on the page they are under the bookmark. Several people, labels or priorities mean: one of them is enough.",
	}))
	c.t.Answer = &m
	return nil
}

func (c *command) listViews() error {
	if err := c.noMore(); err != nil {
		return err
	}
	views := c.t.Board.Views()
	if len(views) == 0 {
		c.answer(noViews, viewSaveExample)
		return nil
	}
	m := say(c.lang, workspace.Text{De: "**Ansichten** (%d)", En: "**Views** (%d)"}, len(views))
	for i, view := range views[:min(len(views), maxListLines)] {
		m = m.add(say(c.lang, workspace.Text{De: "%d. **%s** – %s", En: "%d. **%s** – %s"},
			i+1, short(view.Text(board.Title), maxTitleInLists), c.choiceOf(view, boardOfView(view))))
	}
	if more := len(views) - maxListLines; more > 0 {
		m = m.add(say(c.lang, andMore, more))
	}
	c.t.Answer = &m
	return nil
}

// choiceOf says in words which cards a view shows on a board.
func (c *command) choiceOf(view *workspace.Item, on workspace.ItemID) string {
	f := board.FilterOf(view)
	var parts []string
	addOr := func(list []string) {
		if more := len(list) - maxRemarks; more > 0 {
			list = append(list[:maxRemarks:maxRemarks], "+"+strconv.Itoa(more))
		}
		if len(list) > 0 {
			parts = append(parts, names{list: list, bare: true, or: true}.in(c.lang))
		}
	}
	var people, priorities, labels []string
	for _, user := range f.People {
		if user == board.Nobody {
			people = append(people, workspace.Text{De: "niemandem zugewiesen", En: "assigned to nobody"}.In(c.lang))
		} else {
			people = append(people, nameOf(c.t.Room, id.UserID(user)))
		}
	}
	for _, p := range f.Priorities {
		if p == board.Normal {
			p = ""
		}
		priorities = append(priorities, priorityNames[p].In(c.lang))
	}
	for _, label := range f.Labels {
		labels = append(labels, "#"+label)
	}
	addOr(people)
	addOr(priorities)
	addOr(labels)
	if f.Due != "" {
		parts = append(parts, dueChoices[f.Due].In(c.lang))
	}
	if f.Text != "" {
		parts = append(parts, workspace.Text{De: "mit dem Text „%s“", En: "with the text “%s”"}.With(short(f.Text, maxTitleInLists)).In(c.lang))
	}
	if len(parts) == 0 {
		parts = append(parts, workspace.Text{De: "alle Karten", En: "all cards"}.In(c.lang))
	}
	if c.severalBoards() || on != boardOfView(view) {
		parts = append(parts, workspace.Text{De: "auf Board „%s“", En: "on board “%s”"}.With(short(c.boardTitle(on), maxNameShown)).In(c.lang))
	}
	return strings.Join(parts, ", ")
}

// dueChoices are what people read, by value.
var dueChoices = map[string]workspace.Text{
	"overdue": {De: "überfällig", En: "overdue"},
	"today":   {De: "heute fällig", En: "due today"},
	"week":    {De: "diese Woche fällig", En: "due this week"},
	"month":   {De: "diesen Monat fällig", En: "due this month"},
	"none":    {De: "ohne Frist", En: "without a due date"},
}

// takeView is the view that the whole line names.
func (c *command) takeView(example workspace.Text) (*workspace.Item, error) {
	views := c.t.Board.Views()
	if len(views) == 0 {
		return nil, wrong(noViews, viewSaveExample)
	}
	if len(c.words) == 0 {
		return nil, wrong(whichView, viewTitles(views), example)
	}
	name := joined(c.words)
	found := c.viewsCalled(name)
	if len(found) == 0 {
		typed := strings.ToLower(clean(strings.TrimRight(name, ",;:!?.")))
		for _, view := range views {
			if typed != "" && strings.HasPrefix(strings.ToLower(view.Text(board.Title)), typed) {
				found = append(found, view)
			}
		}
	}
	if n := place(name); len(found) != 1 && n >= 1 && n <= len(views) {
		return views[n-1], nil
	}
	switch len(found) {
	case 0:
		return nil, wrong(unknownView, short(name, maxNameShown), viewTitles(views))
	case 1:
		return found[0], nil
	}
	return nil, wrong(ambiguousView, short(name, maxNameShown), viewTitles(found))
}

// viewsCalled are the views of that whole name, in any case.
func (c *command) viewsCalled(name string) (found []*workspace.Item) {
	name = clean(name)
	for _, view := range c.t.Board.Views() {
		if title := view.Text(board.Title); strings.EqualFold(title, name) || strings.EqualFold(title, strings.TrimRight(name, ",;:!?.")) {
			found = append(found, view)
		}
	}
	return found
}

func viewTitles(views []*workspace.Item) names {
	var n names
	for _, view := range views[:min(len(views), maxListLines)] {
		n.list = append(n.list, short(view.Text(board.Title), maxNameShown))
	}
	return n
}

// calledView names a view in a sentence.
func calledView(title string) phrase {
	return phrase{workspace.Text{De: "„%s“", En: "“%s”"}, []any{short(title, 100)}}
}

// typedView is a view's name as it is typed after !view.
func typedView(title string) string {
	var taken []string
	for _, v := range viewVerbs() {
		taken = append(taken, v.names...)
	}
	return typedName(title, taken)
}

// showView lists the cards that a view shows: of its board, or of the one that the line
// names. In a table that is put in order, and in a calendar, they are one list; else they
// stand in their columns.
func (c *command) showView() error {
	if len(c.viewsCalled(joined(c.words))) == 0 {
		if err := c.takeBoard(true); err != nil {
			return err
		}
	}
	view, err := c.takeView(workspace.Text{De: "!ansicht zeige Dringend", En: "!view show Urgent"})
	if err != nil {
		return err
	}
	to := board.Onlooker{
		Today: c.now.Format("2006-01-02"), Language: c.lang,
		NameOf: func(user id.UserID) string { return nameOf(c.t.Room, user) },
	}
	passes := c.t.Board.Passing(board.FilterOf(view), to)
	var shelves []shelf
	var all []*workspace.Item
	sheet := c.sheetOfView(view)
	for _, column := range sheet.Columns() {
		s := shelf{title: c.heading(column)}
		for _, card := range c.t.Board.Cards(column.ID, -1) {
			if passes(card) {
				s.cards = append(s.cards, card)
			}
		}
		if len(s.cards) > 0 {
			shelves, all = append(shelves, s), append(all, s.cards...)
		}
	}
	title := view.Text(board.Title)
	if len(all) == 0 {
		c.answer(workspace.Text{
			De: "Ansicht %s zeigt zurzeit keine Karten (%s).", En: "View %s shows no cards at present (%s).",
		}, calledView(title), c.choiceOf(view, sheet.ID))
		return nil
	}
	m := say(c.lang, workspace.Text{De: "**Ansicht %s** (%d) – %s", En: "**View %s** (%d) – %s"}, calledView(title), len(all), c.choiceOf(view, sheet.ID))
	if by, down := listed(view); by != board.ByPlace || down {
		m = m.add(c.lines(c.t.Board.InOrder(all, by, down, to)))
	} else {
		share(shelves, true)
		for _, s := range shelves {
			m = m.add(c.shelf(s))
		}
	}
	c.t.Answer = &m
	return nil
}

// sheetOfView is the board that the line names, or that of the view; where that is not
// there any more it is the one that the command is about, as on the page.
func (c *command) sheetOfView(view *workspace.Item) board.Sheet {
	if on := boardOfView(view); c.on == "" && c.t.Board.Seen(on) {
		return c.t.Board.On(on)
	}
	return c.sheet()
}

// boardOfView is the board that a view belongs to: the main one if it names none.
func boardOfView(view *workspace.Item) workspace.ItemID {
	if on := view.Text(board.InBoard); on != "" {
		return workspace.ItemID(on)
	}
	return board.Main
}

// listed is by what a view's cards are put in order in a list.
func listed(view *workspace.Item) (by string, down bool) {
	switch view.Text(board.Layout) {
	case "table":
		return board.SortOf(view)
	case "calendar":
		return board.Due, false
	}
	return board.ByPlace, false
}

// lines are cards in one list, with the column of each.
func (c *command) lines(cards []*workspace.Item) (m Message) {
	for i, card := range cards[:min(len(cards), maxListLines)] {
		column := "?"
		if it := c.t.Room.Item(workspace.Key{Kind: board.KindColumn, ID: workspace.ItemID(card.Text(board.Column))}); it != nil {
			column = c.heading(it)
		}
		line := say(c.lang, workspace.Text{De: "• **#%s** %s · %s%s", En: "• **#%s** %s · %s%s"},
			card.Text(board.Number), short(card.Text(board.Title), maxTitleInLists), short(column, maxNameShown), c.remarks(card))
		if i == 0 {
			m = line
		} else {
			m = m.add(line)
		}
	}
	if more := len(cards) - maxListLines; more > 0 {
		m = m.add(say(c.lang, andMore, more))
	}
	return m
}

func (c *command) deleteView() error {
	view, err := c.takeView(workspace.Text{De: "!ansicht löschen Dringend", En: "!view delete Urgent"})
	if err != nil {
		return err
	}
	title := view.Text(board.Title)
	if err := c.do(board.RemoveView{View: view.ID}); err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "Ansicht %s ist gelöscht; die Karten sind, wie sie waren. `!undo` macht das rückgängig.",
		En: "View %s has been deleted; the cards are as they were. `!undo` takes that back.",
	}, calledView(title))
	return nil
}

// saveView saves a view by command: its name is the first word, or what stands in
// quotation marks. One of that name keeps how it is shown, and shows other cards.
func (c *command) saveView() error {
	if len(c.words) == 0 || clean(c.words[0].text) == "" {
		return wrong(workspace.Text{
			De: "Wie soll die Ansicht heißen, und was soll sie zeigen? Zum Beispiel: `%s`",
			En: "What is the view to be called, and what is it to show? For example: `%s`",
		}, viewSaveExample)
	}
	title := clean(strings.TrimRight(c.words[0].text, ":,;"))
	c.words = c.words[1:]
	if err := c.takeBoard(true); err != nil {
		return err
	}
	filter, err := c.viewFilter()
	if err != nil {
		return err
	}
	act := board.SaveView{
		View: ItemOf(c.t.Event.ID), Title: title, Layout: "board", Board: c.sheet().ID,
		Text: filter.Text, Assignees: filter.People, Labels: filter.Labels, Priorities: filter.Priorities, Due: filter.Due,
	}
	if same := c.viewsCalled(title); len(same) > 0 {
		was := same[0]
		act.View, act.Title, act.Board = was.ID, was.Text(board.Title), c.sheetOfView(was).ID
		act.Layout, act.Sort = was.Text(board.Layout), was.Text(board.Sort)
		if columns := was.Text(board.ViewColumns); columns != "" {
			act.Columns = strings.Split(columns, ",")
		}
	}
	if act.Board == board.Main {
		act.Board = "" // which is what the page writes
	}
	if err := c.do(act); err != nil && !isIdle(err) {
		return err
	}
	view := c.t.Room.Item(workspace.Key{Kind: board.KindView, ID: act.View})
	c.answer(workspace.Text{
		De: "Ansicht %s ist gespeichert: %s. `!ansicht %s` zeigt sie hier; auf der Seite steht sie für alle beim Lesezeichen.",
		En: "View %s has been saved: %s. `!view %s` shows it here; on the page it is under the bookmark for everybody.",
	}, calledView(act.Title), c.choiceOf(view, boardOfView(view)), typedView(act.Title))
	return nil
}
