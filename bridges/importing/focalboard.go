package importing

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// A .boardarchive of Focalboard and Mattermost Boards is a zip file: version.json, and for
// each board a folder with board.jsonl, whose lines are {"type": "board" or "block",
// "data": …}, and its pictures (server/app/export.go and server/model of Focalboard, version 2).

const (
	maxUnpacked = 64 << 20 // of all that is read of an archive, so that little cannot become much
	maxFiles    = 5_000    // in an archive; pictures are files of their own
	maxLine     = 1 << 20
)

type focalBoard struct {
	ID         string              `json:"id"`
	Title      string              `json:"title"`
	Template   yes                 `json:"isTemplate"`
	Deleted    flex                `json:"deleteAt"`
	Properties list[focalProperty] `json:"cardProperties"`
}

type focalProperty struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Type    string `json:"type"`
	Options list[struct {
		ID    string `json:"id"`
		Value string `json:"value"`
		Color string `json:"color"`
	}] `json:"options"`
}

type focalBlock struct {
	ID      string `json:"id"`
	Parent  string `json:"parentId"`
	Type    string `json:"type"`
	Title   string `json:"title"`
	Created flex   `json:"createAt"`
	Deleted flex   `json:"deleteAt"`
	Fields  struct {
		Template   yes                        `json:"isTemplate"`
		Value      yes                        `json:"value"` // of a checkbox
		Properties map[string]json.RawMessage `json:"properties"`
		Order      json.RawMessage            `json:"contentOrder"`
		CardOrder  list[string]               `json:"cardOrder"` // of a view
		View       string                     `json:"viewType"`
		GroupBy    string                     `json:"groupById"`
	} `json:"fields"`
}

var (
	zipBomb = workspace.Text{
		De: "Die Datei wird beim Auspacken zu groß; möglich sind höchstens %d MB.",
		En: "The file becomes too large when it is unpacked; at most %d MB are possible.",
	}
	noPictures = workspace.Text{
		De: "Bilder und Anhänge wurden nicht übernommen.",
		En: "Pictures and attachments were not taken over.",
	}
	noProperty = workspace.Text{
		De: "Die Eigenschaft „%s“ gibt es hier nicht; ihr Wert steht in der Beschreibung.",
		En: "There is no property “%s” here; its value is in the description.",
	}
)

func (r *reader) focalboard(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) > maxFiles {
		return workspace.Refuse(workspace.Invalid, broken)
	}
	r.result.Format = Focalboard
	left := int64(maxUnpacked)
	found := false
	for _, f := range z.File {
		if path.Base(f.Name) != "board.jsonl" {
			continue
		}
		found = true
		raw, err := unpack(f, left)
		if err != nil {
			return err
		}
		left -= int64(len(raw))
		d, err := r.focalBoard(raw)
		if err != nil {
			return err
		}
		if d != nil {
			r.result.Drafts = append(r.result.Drafts, *d)
		}
	}
	if !found {
		return workspace.Refuse(workspace.Invalid, unknownFormat)
	}
	return nil
}

// unpack reads a file of an archive; what it says of its own size is not believed.
func unpack(f *zip.File, most int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, workspace.Refuse(workspace.Invalid, broken)
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, most+1))
	if int64(len(raw)) > most {
		return nil, workspace.Refuse(workspace.TooLarge, zipBomb.With(maxUnpacked>>20))
	}
	if err != nil {
		return nil, workspace.Refuse(workspace.Invalid, broken)
	}
	return raw, nil
}

// focalBoard reads one board; nil if there is none in it.
func (r *reader) focalBoard(raw []byte) (*board.Draft, error) {
	var b *focalBoard
	var blocks []focalBlock
	bad := 0
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var line struct {
			Type string          `json:"type"`
			Data json.RawMessage `json:"data"`
		}
		if tooDeep(lines.Bytes()) || json.Unmarshal(lines.Bytes(), &line) != nil {
			bad++
			continue
		}
		switch line.Type {
		case "board":
			b = &focalBoard{}
			if err := decode(line.Data, b); err != nil {
				return nil, err
			}
		case "block":
			var block focalBlock
			if json.Unmarshal(line.Data, &block) != nil {
				bad++
				continue
			}
			if len(blocks) >= maxList {
				return nil, workspace.Refuse(workspace.TooLarge, tooManyParts)
			}
			blocks = append(blocks, block)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, workspace.Refuse(workspace.TooLarge, tooManyParts)
	}
	r.badEntries(bad)
	if b == nil || bool(b.Template) || !b.Deleted.isZero() {
		return nil, nil //nolint:nilnil // there is none, which is no error
	}
	blocks = slices.DeleteFunc(blocks, func(x focalBlock) bool { return !x.Deleted.isZero() })
	f := focal{reader: r, board: b, children: map[string][]focalBlock{}, told: map[string]bool{}, draft: board.Draft{Title: board.Clean(b.Title), Colors: map[string]string{}}}
	return f.read(blocks)
}

// focal is one board of an archive while it is read.
type focal struct {
	*reader
	board    *focalBoard
	group    *focalProperty // whose options are the columns; nil if there is none
	children map[string][]focalBlock
	told     map[string]bool // properties of which it was said that there is none here
	draft    board.Draft
}

const noGroup = "-"

func (f *focal) read(blocks []focalBlock) (*board.Draft, error) {
	var cards []focalBlock
	var order []string
	for _, x := range blocks {
		switch {
		case x.Type == "view" && x.Fields.View == "board" && f.group == nil:
			f.group = f.property(x.Fields.GroupBy)
			order = x.Fields.CardOrder.all
		case x.Type == "card" && !bool(x.Fields.Template):
			cards = append(cards, x)
		default:
			f.children[x.Parent] = append(f.children[x.Parent], x)
		}
	}
	if f.group == nil { // without a view of columns it is the first choice of one value
		for i, p := range f.board.Properties.all {
			if p.Type == "select" {
				f.group = &f.board.Properties.all[i]
				break
			}
		}
	}
	at := map[string]int{}
	for i, id := range order {
		at[id] = i + 1
	}
	slices.SortStableFunc(cards, func(x, y focalBlock) int {
		if px, py := at[x.ID], at[y.ID]; px != py && px > 0 && py > 0 {
			return px - py
		}
		return byPos(x.Created, y.Created)
	})
	f.columns(cards)
	for _, c := range cards {
		if err := f.add(&f.draft, f.card(c)); err != nil {
			return nil, err
		}
	}
	return &f.draft, nil
}

func (f *focal) property(id string) *focalProperty {
	for i := range f.board.Properties.all {
		if p := &f.board.Properties.all[i]; p.ID == id && id != "" {
			return p
		}
	}
	return nil
}

// columns makes a column of each option, and one for cards without, if there are any.
func (f *focal) columns(cards []focalBlock) {
	has := map[string]bool{}
	if f.group != nil {
		for _, o := range f.group.Options.all {
			has[o.ID] = true
		}
	}
	for _, c := range cards {
		if !has[f.columnOf(c)] {
			title := f.board.Title
			if f.group != nil {
				title = workspace.Text{De: "Ohne %s", En: "No %s"}.With(f.group.Name).In(f.Language)
			}
			f.column(&f.draft, noGroup, title)
			break
		}
	}
	if f.group != nil {
		for _, o := range f.group.Options.all {
			f.column(&f.draft, o.ID, o.Value)
		}
	}
}

func (f *focal) columnOf(c focalBlock) string {
	if f.group == nil {
		return noGroup
	}
	if values := textsOf(c.Fields.Properties[f.group.ID]); len(values) > 0 && slices.ContainsFunc(f.draft.Columns, func(d board.DraftColumn) bool { return d.Key == values[0] }) || len(values) > 0 && len(f.draft.Columns) == 0 {
		return values[0]
	}
	return noGroup
}

func (f *focal) card(c focalBlock) card {
	where := quoted(theCard, c.Title)
	made := card{key: c.ID, column: f.columnOf(c), title: c.Title}
	if strings.TrimSpace(c.Title) == "" { // which Focalboard allows
		made.title = workspace.Text{De: "Ohne Titel", En: "Untitled"}.In(f.Language)
	}
	var more []string
	for _, p := range f.board.Properties.all {
		values := textsOf(c.Fields.Properties[p.ID])
		if f.group != nil && p.ID == f.group.ID || len(values) == 0 {
			continue
		}
		more = append(more, f.value(&made, where, p, values)...)
	}
	var text []string
	for _, x := range f.content(c) {
		switch x.Type {
		case "text":
			text = append(text, x.Title)
		case "h1", "h2", "h3":
			text = append(text, strings.Repeat("#", int(x.Type[1]-'0'))+" "+x.Title)
		case "divider":
			text = append(text, "---")
		case "checkbox":
			made.checks = append(made.checks, check{x.Title, bool(x.Fields.Value)})
		case "comment":
			day := ""
			if n := x.Created.number(); n > 0 {
				day = f.day(n)
			}
			made.comments = append(made.comments, comment("", day, x.Title))
		case "image", "attachment", "video":
			f.refuse(where, noPictures)
		}
	}
	made.description = strings.Join(append(text, more...), "\n\n")
	return made
}

// content is what lies on a card: in the order that it names, then the rest.
func (f *focal) content(c focalBlock) []focalBlock {
	at := map[string]int{}
	var order list[json.RawMessage]
	_ = json.Unmarshal(c.Fields.Order, &order) // what does not fit is no order
	for i, entry := range order.all {
		for _, id := range textsOf(entry) { // what stands side by side is a list
			at[id] = i + 1
		}
	}
	blocks := slices.Clone(f.children[c.ID])
	slices.SortStableFunc(blocks, func(x, y focalBlock) int {
		if px, py := at[x.ID], at[y.ID]; px != py && px > 0 && py > 0 {
			return px - py
		}
		return byPos(x.Created, y.Created)
	})
	return blocks
}

// value puts a property's value where it belongs; what belongs nowhere is returned as text.
func (f *focal) value(made *card, where workspace.Text, p focalProperty, values []string) []string {
	shown := make([]string, len(values))
	colors := make([]string, len(values))
	for i, v := range values {
		shown[i] = v
		for _, o := range p.Options.all {
			if o.ID == v {
				shown[i], colors[i] = o.Value, focalColor(o.Color)
			}
		}
	}
	name := strings.ToLower(strings.TrimSpace(p.Name))
	switch p.Type {
	case "person", "multiPerson":
		made.people = append(made.people, shown...)
		return nil
	case "date", "deadline":
		from, to := f.dates(values[0])
		if from == "" {
			f.refuse(where, noDate.With(excerpt(values[0])))
			return nil
		}
		if made.due == "" {
			if made.due = to; to == "" {
				made.due = from
			} else {
				made.start = from
			}
			return nil
		}
		return []string{p.Name + ": " + from}
	case "url":
		for _, v := range shown {
			made.links = append(made.links, link{v, p.Name})
		}
		return nil
	case "multiSelect", "select":
		if p.Type == "select" {
			if priority, ok := priorityOf(shown[0]); ok && columnNames[name] == fieldPriority {
				made.priority = priority
				return nil
			}
		}
		for i, label := range shown {
			made.labels = append(made.labels, label)
			f.color(&f.draft, label, colors[i])
		}
		return nil
	case "createdBy", "createdTime", "updatedBy", "updatedTime":
		return nil
	}
	if !f.told[p.ID] {
		f.told[p.ID] = true
		f.refuse(quoted(workspace.Text{De: "Board", En: "Board"}, f.board.Title), noProperty.With(excerpt(p.Name)))
	}
	return []string{p.Name + ": " + strings.Join(shown, ", ")}
}

// dates reads {"from": …, "to": …} in milliseconds, which is written as a text.
func (f *focal) dates(text string) (from, to string) {
	var d struct{ From, To flex }
	if json.Unmarshal([]byte(text), &d) != nil {
		return f.day(flex(text).number()), ""
	}
	return f.day(d.From.number()), f.day(d.To.number())
}

// day is that of a moment in milliseconds, "" for none. Days are stored as noon in UTC or
// as the midnight of whoever chose them, so that the zone of people is the best guess.
func (f *focal) day(ms float64) string {
	if ms <= 0 || ms > 1e14 {
		return ""
	}
	day, _ := dayOf(time.UnixMilli(int64(ms)).In(f.Zone))
	return day
}

// textsOf reads a text, a number or a list of texts.
func textsOf(raw json.RawMessage) (texts []string) {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '[' {
		var all list[flex]
		_ = json.Unmarshal(raw, &all) // what does not fit is nothing
		for _, t := range all.all {
			if t != "" {
				texts = append(texts, string(t))
			}
		}
		return texts
	}
	if string(raw) == "true" || string(raw) == "false" {
		return []string{strconv.FormatBool(raw[0] == 't')}
	}
	var one flex
	if one.UnmarshalJSON(raw) == nil && one != "" {
		return []string{string(one)}
	}
	return nil
}

func focalColor(name string) string {
	switch name = strings.ToLower(strings.TrimPrefix(name, "propColor")); name {
	case "red", "orange", "yellow", "green", "blue", "purple", "pink":
		return name
	case "gray":
		return "grey"
	case "brown":
		return "orange"
	}
	return ""
}
