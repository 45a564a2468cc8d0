package importing_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"werkraum/bridges/importing"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

var update = flag.Bool("update", false, "write what is read of the examples")

func options(tb testing.TB) importing.Options {
	tb.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		tb.Fatal(err)
	}
	return importing.Options{Language: workspace.German, Zone: berlin}
}

// example reads a file of testdata, or packs a folder of it into an archive.
func example(tb testing.TB, name string) []byte {
	tb.Helper()
	path := filepath.Join("testdata", name)
	if raw, err := os.ReadFile(path); err == nil {
		return raw
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(path, file)
		if err != nil {
			return err
		}
		w, err := z.Create(filepath.ToSlash(inside))
		if err == nil {
			_, err = w.Write(raw)
		}
		return err
	})
	if err != nil || z.Close() != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

var examples = []string{
	"trello.json", "deck.json", "deck-old.json", "focalboard.boardarchive", "tabelle.csv", "table.csv", "unklar.csv", "aufgaben.ics", "aufgaben.vcs", "werkraum.json",
}

// show writes a result as people can read it.
func show(r *importing.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Format)
	fields := func(set map[string]workspace.Value) {
		for _, name := range slices.Sorted(maps.Keys(set)) {
			raw, _ := set[name].MarshalJSON()
			fmt.Fprintf(&b, "    %s: %s\n", name, raw)
		}
	}
	for _, d := range r.Drafts {
		fmt.Fprintf(&b, "\nboard %q\n", d.Title)
		for _, label := range slices.Sorted(maps.Keys(d.Colors)) {
			fmt.Fprintf(&b, "  label %q %s\n", label, d.Colors[label])
		}
		for _, c := range d.Columns {
			fmt.Fprintf(&b, "  column %q\n", c.Key)
			fields(c.Set)
		}
		for _, c := range d.Cards {
			fmt.Fprintf(&b, "  card %q in %q done %t people %q parent %q blocks %q relates %q\n", c.Key, c.Column, c.Done, c.People, c.Parent, c.Blocks, c.Relates)
			fields(c.Set)
		}
	}
	fmt.Fprintf(&b, "\nnot taken over, and %d more\n", r.More)
	for _, n := range r.Refused {
		fmt.Fprintf(&b, "  %s: %s\n  %s: %s\n", n.Where.De, n.Why.De, n.Where.En, n.Why.En)
	}
	return b.String()
}

// What is read of each example stands beside it.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, name := range examples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := importing.Read(example(t, name), options(t))
			if err != nil {
				t.Fatal(workspace.AsError(err).Say.En)
			}
			got, path := show(r), filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || got != string(want) {
				t.Errorf("error %v, got\n%s\nwant\n%s", err, got, want)
			}
		})
	}
}

// Whatever is read, a board takes it as one change, unless it says why not.
func TestExamplesBecomeBoards(t *testing.T) {
	t.Parallel()
	for _, name := range examples {
		r, err := importing.Read(example(t, name), options(t))
		if err != nil {
			t.Fatal(err)
		}
		takes(t, r)
	}
}

// takes has a board take a result; what it refuses must have a reason that people can do
// something about.
func takes(tb testing.TB, r *importing.Result) {
	tb.Helper()
	room := workspace.NewRoom("!projekt:amt.example", "@werkraum:amt.example", 0)
	room.Members["@anna:amt.example"] = workspace.Member{Membership: workspace.Joined, Name: "Anna Berg"}
	b := board.New(room)
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	if _, err := room.Apply(workspace.Proposal{ID: "first", Via: workspace.ViaBot, Ops: b.Furnish(workspace.German)}, now); err != nil {
		tb.Fatal(err)
	}
	ops, err := board.Import{Drafts: r.Drafts, Seed: "x"}.Ops(b, "@anna:amt.example", now)
	if err == nil {
		_, err = room.Apply(workspace.Proposal{ID: "import", Via: workspace.ViaBot, Ops: ops}, now)
	}
	if err == nil {
		return
	}
	columns := 0
	for _, d := range r.Drafts {
		columns += len(d.Columns)
		if len(d.Cards) == 0 && len(d.Columns) == 0 {
			return
		}
	}
	if len(r.Drafts) > 0 && columns <= board.MaxColumns-3 {
		tb.Errorf("a board does not take it: %v (%s)", err, workspace.AsError(err).Say.En)
	}
}

func TestWholeFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	bomb := func(size int) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create("b/board.jsonl")
		if err == nil {
			_, err = w.Write(bytes.Repeat([]byte{' '}, size))
		}
		if err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	cards := func(n int) []byte {
		return []byte(`{"lists":[{"id":"a","name":"A"}],"cards":[` + strings.TrimSuffix(strings.Repeat(`{"name":"x","idList":"a"},`, n), ",") + `]}`)
	}
	for what, c := range map[string]struct {
		data []byte
		kind workspace.ErrorKind
	}{
		"nothing":         {nil, workspace.Invalid},
		"a picture":       {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), workspace.Invalid},
		"JSON of others":  {[]byte(`{"a": 1}`), workspace.Invalid},
		"half a file":     {example(t, "trello.json")[:900], workspace.Invalid},
		"brackets":        {[]byte(strings.Repeat("[", 100_000)), workspace.Invalid},
		"a letter":        {[]byte("Sehr geehrte Damen und Herren,\nanbei die Liste.\n"), workspace.Invalid},
		"headings only":   {[]byte("Titel;Spalte\n"), workspace.Invalid},
		"events only":     {[]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"), workspace.Invalid},
		"too large":       {bytes.Repeat([]byte{'x'}, importing.MaxBytes+1), workspace.TooLarge},
		"a zip bomb":      {bomb(100 << 20), workspace.TooLarge},
		"too many cards":  {cards(board.MaxDraftCards + 1), workspace.TooLarge},
		"endless lists":   {[]byte(`{"lists":[` + strings.Repeat("{},", 200_000) + `{}],"cards":[]}`), workspace.TooLarge},
		"many rows":       {[]byte("Titel\n" + strings.Repeat("x\n", board.MaxDraftCards+1)), workspace.TooLarge},
		"a zip of others": {bomb(0)[:60], workspace.Invalid},
		"a newer version": {[]byte(`{"format":"werkraum","version":99,"items":[]}`), workspace.Invalid},
	} {
		_, err := importing.Read(c.data, options(t))
		if e := workspace.AsError(err); err == nil || e.Kind != c.kind || e.Say.De == "" || e.Say.En == "" {
			t.Errorf("%s: error %v, want %s", what, err, c.kind)
		}
	}
}

// A date that could be two days is none, unless the rest of the table tells.
func TestOrderOfDates(t *testing.T) {
	t.Parallel()
	for table, want := range map[string]string{
		"01/02/2026":                       "",           // nobody knows
		"01/02/2026 31/12/2026":            "2026-02-01", // day first
		"01/02/2026 12/31/2026":            "2026-01-02", // month first
		"01/02/2026 31/12/2026 12/31/2026": "",
		"05/05/2026":                       "2026-05-05", // the same either way
		"01.02.2026":                       "2026-02-01", "2026-02-01": "2026-02-01", "2026-02-01 14:00": "2026-02-01", "1.2.26": "2026-02-01", "Feb 1, 2026": "2026-02-01",
		"30/02/2026": "", "00/00/2026": "", "2026": "", "01/02/0026": "",
	} {
		var b strings.Builder
		b.WriteString("Titel;Fällig\n")
		for i, date := range strings.Split(table, " ") {
			if i == 0 && strings.Contains(table, ":") || strings.HasPrefix(table, "Feb") {
				date = table
			}
			fmt.Fprintf(&b, "Karte %d;%s\n", i, date)
			if date == table {
				break
			}
		}
		r, err := importing.Read([]byte(b.String()), options(t))
		if err != nil {
			t.Fatal(err)
		}
		due, _ := r.Drafts[0].Cards[0].Set[board.Due].Text()
		if due != want {
			t.Errorf("%q: due %q, want %q", table, due, want)
		}
		if want == "" && len(r.Refused) == 0 {
			t.Errorf("%q: nobody is told", table)
		}
	}
}

// fuzz tries a format: whatever comes, there is a sentence or drafts that a board takes.
func fuzz(f *testing.F, seeds ...string) {
	f.Helper()
	for _, seed := range seeds {
		f.Add(example(f, seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := importing.Read(data, options(t))
		if err != nil {
			if e := workspace.AsError(err); e.Kind == workspace.Internal || e.Say.De == "" || e.Say.En == "" {
				t.Errorf("refused without a sentence: %v", err)
			}
			return
		}
		for _, n := range r.Refused {
			if n.Where.De == "" || n.Where.En == "" || n.Why.De == "" || n.Why.En == "" {
				t.Errorf("left out without a reason: %+v", n)
			}
		}
		takes(t, r)
	})
}

func FuzzTrello(f *testing.F)     { fuzz(f, "trello.json") }
func FuzzDeck(f *testing.F)       { fuzz(f, "deck.json", "deck-old.json") }
func FuzzFocalboard(f *testing.F) { fuzz(f, "focalboard.boardarchive") }
func FuzzCSV(f *testing.F)        { fuzz(f, "tabelle.csv", "table.csv", "unklar.csv") }
func FuzzICS(f *testing.F)        { fuzz(f, "aufgaben.ics", "aufgaben.vcs") }
func FuzzWerkraum(f *testing.F)   { fuzz(f, "werkraum.json") }
