package importing_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/bridges/importing"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/export"
	"werkraum/workspace/watch"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// house is a room with a board and two members.
func house(tb rapid.TB) (*workspace.Room, *board.Board) {
	tb.Helper()
	room := workspace.NewRoom("!projekt:amt.example", "@werkraum:amt.example", 0)
	room.Members["@anna:amt.example"] = workspace.Member{Membership: workspace.Joined, Name: "Anna Berg"}
	room.Members["@ben:partner.example"] = workspace.Member{Membership: workspace.Joined, Name: "Berg, Ben"}
	return room, board.New(room)
}

// apply does ops as the bot, who may do everything.
func apply(tb rapid.TB, room *workspace.Room, name string, ops []workspace.Op) {
	tb.Helper()
	if _, err := room.Apply(workspace.Proposal{ID: workspace.ChangeID(name), Via: workspace.ViaBot, Ops: ops}, noon); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
}

// drawBoard makes a board with everything on it that a board can have.
func drawBoard(t *rapid.T) (*workspace.Room, *board.Board) {
	room, b := house(t)
	line := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"=SUMME(A1)", "+49 30", "-5 Grad", "@anna", "'=x", "'", "Möbel; Büro", `"Ja", sagte sie`, "😀", "a,b", "\\n", "Ende."}).Draw(t, "words") +
			board.Clean(rapid.StringOf(rapid.SampledFrom([]rune("ab ;,'\"\\=+-@Ää€\u00a0"))).Draw(t, "more"))
	})
	day := rapid.SampledFrom([]string{"", "2026-12-01", "2026-12-24", "2027-01-01"})
	var ops []workspace.Op
	columns := rapid.IntRange(1, 4).Draw(t, "columns")
	ranks, err := workspace.RanksBetween("", "", 40)
	if err != nil {
		t.Fatal(err)
	}
	for i := range columns {
		set := map[string]workspace.Value{board.Title: workspace.String(fmt.Sprintf("%d %s", i, line.Draw(t, "column"))), board.Rank: workspace.String(ranks[i])}
		if rapid.Bool().Draw(t, "done") {
			set[board.Done] = workspace.Bool(true)
		}
		ops = append(ops, workspace.Op{Item: workspace.ItemID(fmt.Sprintf("column-%d", i)), Kind: board.KindColumn, Set: set})
	}
	cards := rapid.IntRange(0, 12).Draw(t, "cards")
	for i := range cards {
		set := map[string]workspace.Value{
			board.Title: workspace.String(line.Draw(t, "title")), board.Rank: workspace.String(ranks[i]), board.Number: workspace.String(fmt.Sprint(i + 1)),
			board.Column:  workspace.String(fmt.Sprintf("column-%d", rapid.IntRange(0, columns-1).Draw(t, "in"))),
			board.Created: workspace.String("2026-11-25T12:00:00Z"), board.CreatedBy: workspace.String("@anna:amt.example"),
		}
		if text := board.CleanLines(strings.Join(rapid.SliceOfN(line, 0, 3).Draw(t, "description"), "\n")); text != "" {
			set[board.Description] = workspace.String(text)
		}
		for name, value := range map[string]string{board.Start: day.Draw(t, "start"), board.Due: "2027-02-01", board.Priority: rapid.SampledFrom([]string{"", "urgent", "high", "low"}).Draw(t, "priority")} {
			if value != "" {
				set[name] = workspace.String(value)
			}
		}
		for _, label := range rapid.SliceOfN(rapid.SampledFrom([]string{"Möbel", "Vergabe", "groß", "Eilig"}), 0, 3).Draw(t, "labels") {
			set[board.Label+"/"+label] = workspace.Bool(true)
		}
		for _, user := range rapid.SliceOfN(rapid.SampledFrom([]string{"@anna:amt.example", "@ben:partner.example"}), 0, 2).Draw(t, "people") {
			set[board.Assignee+"/"+user] = workspace.Bool(true)
		}
		for n := range rapid.IntRange(0, 3).Draw(t, "checks") {
			field := fmt.Sprintf("%s/e%d/", board.Check, n)
			set[field+board.Title], set[field+board.Rank] = workspace.String(line.Draw(t, "check")), workspace.String(ranks[n])
			if rapid.Bool().Draw(t, "checked") {
				set[field+board.Done] = workspace.Bool(true)
			}
		}
		if rapid.Bool().Draw(t, "linked") {
			set[board.Link+"/l1/"+board.URL] = workspace.String("https://vergabe.example/12?a=b&c=d")
		}
		if other := rapid.IntRange(0, i).Draw(t, "other"); other < i {
			set[rapid.SampledFrom([]string{board.Blocks, board.Relates}).Draw(t, "relation")+"/"+fmt.Sprintf("card-%d", other)] = workspace.Bool(true)
			set[board.Parent] = workspace.String(fmt.Sprintf("card-%d", other))
		}
		if rapid.Bool().Draw(t, "archived") {
			set[board.Archived] = workspace.Bool(true)
		}
		ops = append(ops, workspace.Op{Item: workspace.ItemID(fmt.Sprintf("card-%d", i)), Kind: board.KindCard, Set: set})
	}
	apply(t, room, "board", ops)
	return room, b
}

// again imports a file into an empty room.
func again(t *rapid.T, file []byte, format importing.Format) (*workspace.Room, *board.Board) {
	r, err := importing.Read(file, importing.Options{Language: workspace.German, Zone: time.UTC})
	if err != nil {
		t.Fatalf("%s\nis refused: %v, %s", file, err, workspace.AsError(err).Say.En)
	}
	if r.Format != format || len(r.Refused) > 0 {
		t.Fatalf("%s, not taken over: %+v", r.Format, r.Refused)
	}
	room, b := house(t)
	ops, err := board.Import{Drafts: r.Drafts, Seed: "x"}.Ops(b, "@anna:amt.example", noon)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, room, "import", ops)
	return room, b
}

// shown is a board without what each room decides for itself: IDs, ranks and numbers. Cards
// are named by where they stand.
func shown(room *workspace.Room, b *board.Board) string {
	names := map[string]string{}
	var all []*workspace.Item
	for i, column := range b.Columns() {
		names[string(column.ID)] = fmt.Sprintf("column %d", i)
		all = append(all, column)
		var cards []*workspace.Item
		room.Items(func(it *workspace.Item) bool {
			if it.Kind == board.KindCard && it.Text(board.Column) == string(column.ID) {
				cards = append(cards, it)
			}
			return true
		})
		slices.SortFunc(cards, func(x, y *workspace.Item) int { return strings.Compare(x.Text(board.Rank), y.Text(board.Rank)) })
		for n, card := range cards {
			names[string(card.ID)] = fmt.Sprintf("card %d of column %d", n, i)
			all = append(all, card)
		}
	}
	var out strings.Builder
	for _, it := range all {
		lines := map[string]string{}
		for _, f := range it.Fields {
			if f.Name == board.Rank || f.Name == board.Number || f.Value.IsNull() {
				continue
			}
			name, value := f.Name, string(f.Value.AppendJSON(nil))
			if set, other, ok := strings.Cut(name, "/"); ok && names[other] != "" {
				name = set + "/" + names[other]
			}
			if text, _ := f.Value.Text(); names[text] != "" {
				value = names[text]
			}
			lines[name] = value
		}
		fmt.Fprintln(&out, names[string(it.ID)])
		for _, name := range slices.Sorted(maps.Keys(lines)) {
			fmt.Fprintf(&out, "  %s: %s\n", name, lines[name])
		}
	}
	return out.String()
}

// An import of an export gives the same board.
func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		room, b := drawBoard(t)
		there, c := again(t, export.Of(watch.View{Room: room, Board: b}, "", noon).JSON(), importing.Werkraum)
		if before, after := shown(room, b), shown(there, c); before != after {
			t.Fatalf("before\n%s\nafter\n%s", before, after)
		}
	})
}

// A table gives back what is in it, in both languages, and no cell of it is a formula.
func TestCSVRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		room, b := drawBoard(t)
		if len(b.Archive()) == 0 && !slices.ContainsFunc(b.Columns(), func(c *workspace.Item) bool { return b.Len(c.ID) > 0 }) {
			return // a table without rows is no board
		}
		lang := rapid.SampledFrom([]workspace.Language{workspace.German, workspace.English}).Draw(t, "language")
		file := export.Of(watch.View{Room: room, Board: b}, "", noon).CSV(lang)
		in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file), "\xef\xbb\xbf")))
		if lang == workspace.German {
			in.Comma = ';'
		}
		rows, err := in.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("a spreadsheet calculates %q", cell)
				}
			}
		}
		_, c := again(t, file, importing.CSV)
		before, after := tabled(room, b), tabled(nil, c)
		if !slices.Equal(before, after) {
			t.Fatalf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
	})
}

// tabled is what a table holds of each card.
func tabled(_ *workspace.Room, b *board.Board) (cards []string) {
	columns := map[string]string{}
	for _, c := range b.Columns() {
		columns[string(c.ID)] = c.Text(board.Title)
	}
	for _, c := range b.Columns() {
		for _, card := range append(b.Cards(c.ID, -1), b.Archive()...) {
			if card.Text(board.Column) != string(c.ID) {
				continue
			}
			var checks []string
			for _, e := range board.Checklist(card) {
				checks = append(checks, fmt.Sprint(e.Title, e.Done))
			}
			cards = append(cards, fmt.Sprintf("%q %q %q %q %q %q %v %v %q %v", card.Text(board.Title), columns[card.Text(board.Column)], card.Text(board.Description),
				card.Text(board.Start), card.Text(board.Due), card.Text(board.Priority), board.Labels(card), board.Assignees(card), checks, card.True(board.Archived)))
		}
	}
	slices.Sort(cards)
	return cards
}

// To-dos give back what calendars know of.
func TestICSRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		room, b := drawBoard(t)
		file := export.Of(watch.View{Room: room, Board: b}, "", noon).ICS()
		r, err := importing.Read(file, importing.Options{Zone: time.UTC})
		n := 0
		for _, c := range b.Columns() {
			n += b.Len(c.ID)
		}
		if n == 0 {
			if err == nil {
				t.Fatal("an empty calendar has to-dos")
			}
			return
		}
		if err != nil || len(r.Drafts[0].Cards) != n || len(r.Refused) > 0 {
			t.Fatalf("%s\nerror %v", file, err)
		}
		at := 0
		for _, column := range b.Columns() {
			for _, card := range b.Cards(column.ID, -1) {
				got := r.Drafts[0].Cards[at]
				at++
				for _, name := range []string{board.Title, board.Description, board.Due, board.Start, board.Priority} {
					if text, _ := got.Set[name].Text(); text != card.Text(name) {
						t.Fatalf("%s is %q, want %q", name, text, card.Text(name))
					}
				}
				if got.Done != column.True(board.Done) || len(got.People) != len(board.Assignees(card)) {
					t.Fatalf("got %+v", got)
				}
				for _, label := range board.Labels(card) {
					if !got.Set[board.Label+"/"+label].True() {
						t.Fatalf("the label %q is missing", label)
					}
				}
			}
		}
	})
}

// Who is exported by name is found again by that name, and nobody else is.
func TestPeopleAreFoundAgain(t *testing.T) {
	t.Parallel()
	room, b := house(t)
	room.Members["@anna2:amt.example"] = workspace.Member{Membership: workspace.Joined, Name: "anna berg"}
	room.Members["@zoe:amt.example"] = workspace.Member{Membership: workspace.Joined, Name: "Zoe"}
	set := map[string]workspace.Value{board.Title: workspace.String("Eins"), board.Column: workspace.String("open"), board.Rank: workspace.String("a0")}
	for user := range room.Members {
		set[board.Assignee+"/"+string(user)] = workspace.Bool(true)
	}
	apply(t, room, "columns", b.Furnish(workspace.German))
	apply(t, room, "card", []workspace.Op{{Item: "card", Kind: board.KindCard, Set: set}})
	r, err := importing.Read(export.Of(watch.View{Room: room, Board: b}, "", noon).CSV(workspace.German), options(t))
	if err != nil {
		t.Fatal(err)
	}
	var found []id.UserID
	for _, name := range r.Drafts[0].Cards[0].People {
		if user, ok := board.Person(room.Members, name); ok {
			found = append(found, user)
		}
	}
	slices.Sort(found)
	if !slices.Equal(found, slices.Sorted(maps.Keys(room.Members))) {
		t.Errorf("found again are %v", found)
	}
}
