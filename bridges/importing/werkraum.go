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
	tooManyFields = workspace.Text{
		De: "Auf der Karte steht mehr, als sich auf einmal übernehmen lässt; ein Teil fehlt.",
		En: "There is more on the card than can be taken over at once; a part is missing.",
	}
)

// decided are the fields that an import decides by itself: they belong to the place where
// the work was, not to the work.
var decided = []string{
	board.Rank, board.Column, board.Number, board.Message, board.Source, board.Created, board.CreatedBy, board.Parent, workspace.Deleted, "board",
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
	d := board.Draft{Title: board.Clean(f.Room.Name), Colors: map[string]string{}}
	items := slices.DeleteFunc(f.Items.all, func(it werkraumItem) bool { return it.Fields[workspace.Deleted].True() })
	slices.SortStableFunc(items, func(x, y werkraumItem) int {
		return cmp.Or(strings.Compare(x.text(board.Rank), y.text(board.Rank)), strings.Compare(x.ID, y.ID))
	})
	for _, it := range items {
		switch it.Kind {
		case board.KindColumn:
			where := quoted(workspace.Text{De: "Spalte", En: "Column"}, it.text(board.Title))
			if set := r.fields(it, where); set[board.Title] != (workspace.Value{}) {
				d.Columns = append(d.Columns, board.DraftColumn{Key: it.ID, Set: set})
			} else {
				r.refuse(where, noTitle)
			}
		case board.KindLabel:
			r.color(&d, it.text(board.Title), it.text(board.Color))
		}
	}
	for _, it := range items {
		if it.Kind != board.KindCard {
			continue
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
		if c.Set = r.fields(it, where); c.Set[board.Title] == (workspace.Value{}) {
			r.refuse(where, noTitle)
			continue
		}
		if err := r.count(); err != nil {
			return err
		}
		d.Cards = append(d.Cards, c)
	}
	r.result.Drafts = []board.Draft{d}
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
