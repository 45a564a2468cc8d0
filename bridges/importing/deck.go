package importing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// deckBoard is a board as Nextcloud Deck exports it, with `occ deck:export` or from its
// menu (docs/export-import.md of Deck; the fields are those of its REST API). Archived cards
// and comments are not in it.
type deckBoard struct {
	Title    string          `json:"title"`
	Archived yes             `json:"archived"`
	Deleted  flex            `json:"deletedAt"`
	Labels   list[deckLabel] `json:"labels"`
	Stacks   list[deckStack] `json:"stacks"`
}

type deckLabel struct {
	Title string `json:"title"`
	Color string `json:"color"` // six hexadecimal digits
}

type deckStack struct {
	ID      flex           `json:"id"`
	Title   string         `json:"title"`
	Order   flex           `json:"order"`
	Deleted flex           `json:"deletedAt"`
	Cards   list[deckCard] `json:"cards"`
}

type deckCard struct {
	ID          flex            `json:"id"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Stack       flex            `json:"stackId"`
	Order       flex            `json:"order"`
	Archived    yes             `json:"archived"`
	Done        flex            `json:"done"`
	Due         flex            `json:"duedate"`
	Start       flex            `json:"startdate"`
	Deleted     flex            `json:"deletedAt"`
	Attachments flex            `json:"attachmentCount"`
	Labels      list[deckLabel] `json:"labels"`
	Assigned    list[struct {
		Participant deckPerson `json:"participant"`
	}] `json:"assignedUsers"`
}

// deckPerson is an account, or its name alone.
type deckPerson struct{ uid, name string }

// UnmarshalJSON implements json.Unmarshaler.
func (p *deckPerson) UnmarshalJSON(raw []byte) error {
	var whole struct {
		UID  flex `json:"uid"`
		Name flex `json:"displayname"`
	}
	var alone flex
	if len(raw) > 0 && raw[0] == '{' {
		if err := decode(raw, &whole); err != nil {
			return err
		}
		p.uid, p.name = string(whole.UID), string(whole.Name)
		return nil
	}
	err := alone.UnmarshalJSON(raw)
	p.uid = string(alone)
	return err
}

var (
	noFiles = workspace.Text{
		De: "Angehängte Dateien enthält der Export nicht.",
		En: "The export does not hold attached files.",
	}
	archivedBoard = workspace.Text{
		De: "Das Board ist archiviert oder gelöscht und wurde ausgelassen.",
		En: "The board is archived or deleted and was left out.",
	}
)

// isZero reports whether a time in seconds says that something has not happened.
func (f flex) isZero() bool { return f == "" || f.number() == 0 && !strings.Contains(string(f), "-") }

func (r *reader) deck(data []byte) error {
	var boards list[deckBoard]
	if err := decode(data, &boards); err != nil {
		return workspace.Refuse(workspace.AsError(err).Kind, unknownFormat)
	}
	some := slices.ContainsFunc(boards.all, func(b deckBoard) bool { return b.Title != "" && len(b.Stacks.all) > 0 })
	if !some {
		return workspace.Refuse(workspace.Invalid, unknownFormat)
	}
	r.result.Format = Deck
	r.badEntries(boards.bad)
	for _, b := range boards.all {
		if bool(b.Archived) || !b.Deleted.isZero() {
			r.refuse(quoted(workspace.Text{De: "Board", En: "Board"}, b.Title), archivedBoard)
			continue
		}
		d, err := r.deckBoard(b)
		if err != nil {
			return err
		}
		r.result.Drafts = append(r.result.Drafts, d)
	}
	return nil
}

func (r *reader) deckBoard(b deckBoard) (board.Draft, error) {
	d := board.Draft{Title: board.Clean(b.Title), Colors: map[string]string{}}
	r.badEntries(b.Labels.bad + b.Stacks.bad)
	for _, l := range b.Labels.all {
		r.color(&d, l.Title, nearestColor(l.Color))
	}
	stacks := slices.DeleteFunc(b.Stacks.all, func(s deckStack) bool { return !s.Deleted.isZero() })
	slices.SortStableFunc(stacks, func(x, y deckStack) int { return byPos(x.Order, y.Order) })
	finished := map[string]bool{}
	for _, s := range stacks {
		if s.Title != "" {
			r.column(&d, string(s.ID), s.Title)
			finished[string(s.ID)] = meansDone(board.Clean(s.Title))
		}
	}
	stray := 0
	for _, s := range stacks { // older versions wrote a stack's cards beside it, under its number
		r.badEntries(s.Cards.bad)
		cards := s.Cards.all
		slices.SortStableFunc(cards, func(x, y deckCard) int { return byPos(x.Order, y.Order) })
		for _, c := range cards {
			if !c.Deleted.isZero() {
				continue
			}
			where := quoted(theCard, c.Title)
			made := card{
				key: string(c.ID), column: cmp.Or(string(c.Stack), string(s.ID)), title: c.Title, description: c.Description,
				due: r.date(where, string(c.Due)), start: r.date(where, string(c.Start)), archived: bool(c.Archived),
			}
			for _, l := range c.Labels.all {
				made.labels = append(made.labels, l.Title)
				r.color(&d, l.Title, nearestColor(l.Color))
			}
			for _, a := range c.Assigned.all {
				made.people = append(made.people, cmp.Or(a.Participant.name, a.Participant.uid))
			}
			if c.Attachments.number() > 0 {
				r.refuse(where, noFiles)
			}
			if !c.Done.isZero() && !finished[made.column] && !made.archived {
				stray++
			}
			if err := r.add(&d, made); err != nil {
				return d, err
			}
		}
	}
	if stray > 0 {
		r.refuse(theFile, markedDone.With(stray))
	}
	return d, nil
}

// palette are our colours of labels, as they look.
var palette = []struct {
	name    string
	r, g, b int64
}{
	{"red", 0xd9, 0x3a, 0x3a}, {"orange", 0xf0, 0x8a, 0x24}, {"yellow", 0xf1, 0xd0, 0x30}, {"green", 0x31, 0xa8, 0x5c}, {"teal", 0x2a, 0xa8, 0xa8},
	{"blue", 0x31, 0x7c, 0xd4}, {"purple", 0x8a, 0x4f, 0xc8}, {"pink", 0xe0, 0x6a, 0xb0}, {"grey", 0x80, 0x80, 0x80},
}

// nearestColor is the colour of ours that is nearest to one in six hexadecimal digits.
func nearestColor(hex string) string {
	hex = strings.TrimPrefix(strings.TrimSpace(hex), "#")
	rgb, err := strconv.ParseInt(hex, 16, 64)
	if err != nil || len(hex) != 6 || rgb < 0 {
		return ""
	}
	red, green, blue := rgb>>16, rgb>>8&0xff, rgb&0xff
	best, least := "", int64(1<<40)
	for _, c := range palette {
		distance := (c.r-red)*(c.r-red) + (c.g-green)*(c.g-green) + (c.b-blue)*(c.b-blue)
		if distance < least {
			best, least = c.name, distance
		}
	}
	return best
}
