package board

import (
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Filter is which cards are to be shown. What is empty hides nothing. It means what it
// means on the page (widgets/web/src/board/filter.ts); testdata/views.json holds both to
// the same cases.
type Filter struct {
	Text       string
	People     []string // user IDs, and Nobody: cards of any of them
	Labels     []string // cards with any of these
	Priorities []string // cards of any of these; Normal for those without
	Due        string   // one of overdue, today, week, month, none
}

// Onlooker is for whom cards are chosen and put in order.
type Onlooker struct {
	Today    string // YYYY-MM-DD
	Language workspace.Language
	NameOf   func(id.UserID) string // what people are called
}

// FilterOf is the filter of a saved view.
func FilterOf(view *workspace.Item) Filter {
	f := Filter{Text: view.Text(ViewText), People: view.Set(Assignee), Labels: view.Set(Label)}
	for _, p := range []string{"urgent", "high", Normal, "low"} {
		if view.True(Priority + "/" + p) {
			f.Priorities = append(f.Priorities, p)
		}
	}
	if due := view.Text(Due); slices.Contains(viewDues, due) {
		f.Due = due
	}
	return f
}

// Empty reports whether the filter hides nothing.
func (f Filter) Empty() bool {
	return strings.TrimSpace(f.Text) == "" && len(f.People)+len(f.Labels)+len(f.Priorities) == 0 && f.Due == ""
}

// Passing tells of each card whether a filter shows it. What it returns belongs to one
// goroutine.
func (b *Board) Passing(f Filter, to Onlooker) func(card *workspace.Item) bool {
	inTime, fold := b.dueTest(f.Due, to.Today), newFolder()
	words := fold.sought(f.Text)
	names := map[id.UserID]string{} // folded
	return func(card *workspace.Item) bool {
		assignees := Assignees(card)
		if len(f.People) > 0 && !slices.ContainsFunc(assignees, func(user id.UserID) bool { return slices.Contains(f.People, string(user)) }) &&
			(len(assignees) > 0 || !slices.Contains(f.People, Nobody)) {
			return false
		}
		if len(f.Labels) > 0 && !slices.ContainsFunc(f.Labels, func(label string) bool { return card.True(Label + "/" + label) }) {
			return false
		}
		if len(f.Priorities) > 0 && !slices.Contains(f.Priorities, priorityOf(card)) || !inTime(card) {
			return false
		}
		if len(words) == 0 {
			return true
		}
		text := fold.fold(written(card))
		for _, user := range assignees {
			if _, known := names[user]; !known && to.NameOf != nil {
				names[user] = fold.fold(to.NameOf(user))
			}
		}
		for _, word := range words {
			if !word.in(text) && (word.number == "" || word.number != card.Text(Number)) &&
				!slices.ContainsFunc(assignees, func(user id.UserID) bool { return word.in(names[user]) }) {
				return false
			}
		}
		return true
	}
}

// priorityOf is a card's priority, Normal if it has none or one that is not known here.
func priorityOf(card *workspace.Item) string {
	if p := card.Text(Priority); slices.Contains(Priorities, p) {
		return p
	}
	return Normal
}

// written is the text of a card in which words are looked for.
func written(card *workspace.Item) string {
	parts := append([]string{card.Text(Title), card.Text(Description)}, Labels(card)...)
	for _, entry := range Checklist(card) {
		parts = append(parts, entry.Title)
	}
	return strings.Join(parts, "\n")
}

func (b *Board) dueTest(due, today string) func(card *workspace.Item) bool {
	between := func(from, to string) func(*workspace.Item) bool {
		return func(card *workspace.Item) bool {
			day := card.Text(Due)
			return day != "" && day >= from && day <= to
		}
	}
	switch due {
	case "none":
		return func(card *workspace.Item) bool { return card.Text(Due) == "" }
	case "overdue": // what is finished is not
		return func(card *workspace.Item) bool {
			day := card.Text(Due)
			return day != "" && day < today && !b.IsDone(card)
		}
	case "today":
		return between(today, today)
	case "week": // from Monday, as people of both languages count
		if day, err := time.Parse(time.DateOnly, today); err == nil {
			monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
			return between(monday.Format(time.DateOnly), monday.AddDate(0, 0, 6).Format(time.DateOnly))
		}
	case "month":
		month := today[:min(len(today), len("2006-01"))]
		return func(card *workspace.Item) bool { return strings.HasPrefix(card.Text(Due), month) }
	}
	return func(*workspace.Item) bool { return true }
}
