package importing

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// werkraumFormat marks what Werkraum itself exports (workspace/export).
const werkraumFormat = "werkraum"

type werkraumFile struct {
	Version int `json:"version"`
	Room    struct {
		Name string `json:"name"`
	} `json:"room"`
	Items list[werkraumItem] `json:"items"`
}

type werkraumItem struct {
	ID     string                     `json:"id"`
	Kind   workspace.Kind             `json:"kind"`
	Fields map[string]workspace.Value `json:"fields"`
}

func (it werkraumItem) text(field string) string {
	text, ok := it.Fields[field].Text()
	if !ok {
		return ""
	}
	return text
}

var (
	newerVersion = workspace.Text{
		De: "Die Datei stammt von einer neueren Version von Werkraum. Bitte aktualisieren Sie Werkraum zuerst.",
		En: "The file comes from a newer version of Werkraum. Please update Werkraum first.",
	}
	noField = workspace.Text{
		De: "Das Feld „%s“ ist fehlerhaft oder unbekannt und wurde weggelassen.",
		En: "The field “%s” is malformed or unknown and was left out.",
	}
	tooManyArchived = workspace.Text{
		De: "Mehr als %d archivierte Boards lassen sich nicht auf einmal übernehmen.",
		En: "No more than %d archived boards can be taken over at once.",
	}
	templateBoard = workspace.Text{
		De: "Vorlagen werden nicht übernommen.",
		En: "Templates are not taken over.",
	}
	tooManyFields = workspace.Text{
		De: "Auf der Karte steht mehr, als sich auf einmal übernehmen lässt; ein Teil fehlt.",
		En: "There is more on the card than can be taken over at once; a part is missing.",
	}
)

// decided are the fields that an import decides by itself: they belong to the place where
// the work was, not to the work.
var decided = []string{
	board.Rank, board.Column, board.Number, board.Message, board.Source, board.Created, board.CreatedBy, board.Parent, workspace.Deleted, board.InBoard,
}

// werkraum reads an export of Werkraum.
func (r *reader) werkraum(data []byte) error {
	var f werkraumFile
	if err := decode(data, &f); err != nil {
		return err
	}
	if f.Version > 1 {
		return workspace.Refuse(workspace.Invalid, newerVersion)
	}
	r.result.Format = Werkraum
	r.badEntries(f.Items.bad)
	items := slices.DeleteFunc(f.Items.all, func(it werkraumItem) bool { return it.Fields[workspace.Deleted].True() })
	slices.SortStableFunc(items, func(x, y werkraumItem) int {
		return cmp.Or(strings.Compare(x.text(board.Rank), y.text(board.Rank)), strings.Compare(x.ID, y.ID))
	})
	colors := board.Draft{Colors: map[string]string{}}
	w := werkraumBoards{reader: r, left: map[string]bool{}, places: map[string]int{}, columns: map[string]int{}}
	w.boards(items, board.Clean(f.Room.Name))
	for _, it := range items {
		switch it.Kind {
		case board.KindColumn:
			w.column(it)
		case board.KindLabel:
			r.color(&colors, it.text(board.Title), it.text(board.Color))
		}
	}
	for _, it := range items {
		if it.Kind == board.KindCard {
			if err := w.card(it); err != nil {
				return err
			}
		}
	}
	w.drafts = slices.DeleteFunc(w.drafts, func(d board.Draft) bool { return len(d.Columns)+len(d.Cards) == 0 }) // a main board that nobody uses
	slices.SortStableFunc(w.drafts, func(x, y board.Draft) int {
		switch {
		case x.Archived == y.Archived:
			return 0
		case y.Archived:
			return -1
		}
		return 1
	})
	if len(w.drafts) == 0 {
		w.drafts = []board.Draft{{Title: board.Clean(f.Room.Name)}}
	}
	w.drafts[0].Colors = colors.Colors
	r.result.Drafts = w.drafts
	return nil
}

// werkraumBoards sorts what an export holds by the board on which it lies.
type werkraumBoards struct {
	*reader
	drafts  []board.Draft
	places  map[string]int  // of boards, among the drafts
	columns map[string]int  // of columns likewise
	left    map[string]bool // boards, and columns on them, that are not taken over
}

// boards makes the drafts, in the order of the boards. The main one need not be an item.
func (w *werkraumBoards) boards(items []werkraumItem, room string) {
	main := board.Draft{Title: room}
	var others []board.Draft
	archived := 0
	for _, it := range items {
		if it.Kind != board.KindBoard {
			continue
		}
		title := board.Clean(it.text(board.Title))
		where := quoted(workspace.Text{De: "Board", En: "Board"}, title)
		set := w.fields(it, where)
		d := board.Draft{Title: cmp.Or(title, room), Archived: set[board.Archived].True()}
		d.Lanes, _ = set[board.Lanes].Text()
		if set[board.Template].True() {
			w.left[it.ID] = true
			w.refuse(where, templateBoard)
			continue
		}
		if d.Archived {
			if archived++; archived > board.MaxBoards {
				w.left[it.ID] = true
				w.refuse(where, tooManyArchived.With(board.MaxBoards))
				continue
			}
		}
		w.places[it.ID] = len(others)
		if it.ID == string(board.Main) {
			main = d
		} else {
			others = append(others, d)
		}
	}
	at := w.places[string(board.Main)] // first, unless it was moved
	for id, place := range w.places {
		if id != string(board.Main) && place >= at {
			w.places[id]++
		}
	}
	w.drafts = slices.Insert(others, at, main)
	w.places[string(board.Main)] = at
}

func (w *werkraumBoards) column(it werkraumItem) {
	on := cmp.Or(it.text(board.InBoard), string(board.Main))
	place, known := w.places[on]
	if w.left[on] || !known {
		w.left[it.ID] = true
		return
	}
	where := quoted(workspace.Text{De: "Spalte", En: "Column"}, it.text(board.Title))
	set := w.fields(it, where)
	if set[board.Title] == (workspace.Value{}) {
		w.refuse(where, noTitle)
		return
	}
	w.columns[it.ID] = place
	d := &w.drafts[place]
	d.Columns = append(d.Columns, board.DraftColumn{Key: it.ID, Set: set})
}

func (w *werkraumBoards) card(it werkraumItem) error {
	if w.left[it.text(board.Column)] {
		return nil // its board was said not to be taken over
	}
	where := quoted(theCard, it.text(board.Title))
	c := board.DraftCard{Key: it.ID, Column: it.text(board.Column), Parent: it.text(board.Parent)}
	for _, name := range slices.Sorted(maps.Keys(it.Fields)) {
		set, member, ok := strings.Cut(name, "/")
		if !ok || !it.Fields[name].True() {
			continue
		}
		switch set {
		case board.Assignee:
			c.People = append(c.People, member)
		case board.Blocks:
			c.Blocks = append(c.Blocks, member)
		case board.Relates:
			c.Relates = append(c.Relates, member)
		}
	}
	if c.Set = w.fields(it, where); c.Set[board.Title] == (workspace.Value{}) {
		w.refuse(where, noTitle)
		return nil
	}
	if err := w.count(); err != nil {
		return err
	}
	d := &w.drafts[w.columns[c.Column]]
	d.Cards = append(d.Cards, c)
	return nil
}

// fields are those of an item that are taken over as they are.
func (r *reader) fields(it werkraumItem, where workspace.Text) map[string]workspace.Value {
	set := map[string]workspace.Value{}
	for _, name := range slices.Sorted(maps.Keys(it.Fields)) {
		head, _, _ := strings.Cut(name, "/")
		switch {
		case slices.Contains(decided, name) || it.Fields[name].IsNull() || it.Kind == board.KindCard && slices.Contains([]string{board.Assignee, board.Blocks, board.Relates}, head):
		case len(name) > 300 || board.CheckField(it.Kind, name, it.Fields[name]) != nil:
			r.refuse(where, noField.With(excerpt(head)))
		case len(set) >= board.MaxDraftFields:
			r.refuse(where, tooManyFields)
			return set
		default:
			set[name] = it.Fields[name]
		}
	}
	return set
}
