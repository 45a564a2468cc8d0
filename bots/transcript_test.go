package bots

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/whiteboard"
	"werkraum/workspace/whiteboard/picture"
)

var update = flag.Bool("update", false, "write what the bot says into testdata")

// TestTranscripts plays the scenes in testdata: who says what, and, indented
// below it, what the bot answers and what changes on the board. See
// testdata/README.md.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("%s differs; go test ./bots -run TestTranscripts -update writes it anew\n%s", file, firstDifference(got, string(want)))
			}
		})
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("got %d lines, want %d", len(g), len(w))
}

var (
	said    = regexp.MustCompile(`^(\w+)(?: \((thread|reply) ([^)]+)\))?: (.*)$`)
	reacted = regexp.MustCompile(`^(\w+) reacts (\S+) to (\S+)(?: by (\w+): ?(.*))?$`)
	posted  = regexp.MustCompile(`^(\w+) posts (\w+) in (\S+): (.*)$`)
	edited  = regexp.MustCompile(`^(\w+) edits (\S+): (.*)$`)
	took    = regexp.MustCompile(`^(\w+) redacts (\S+)$`)
	ordered = regexp.MustCompile(`^\.(\w+) ?(.*)$`)
)

// play runs the lines of a scene and returns them with what followed.
func play(t *testing.T, scene string) string {
	t.Helper()
	s := newStage(t)
	var out strings.Builder
	formatted := ""
	for line := range strings.Lines(scene) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "  ") {
			continue // what followed last time
		}
		out.WriteString(line + "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if m := ordered.FindStringSubmatch(line); m != nil {
			switch m[1] {
			case "html":
				formatted = m[2]
			case "again":
				s.perform(&out, s.last)
			default:
				s.order(m[1], m[2])
			}
			continue
		}
		e := s.parse(line)
		e.HTML, formatted = formatted, ""
		s.perform(&out, e)
	}
	return out.String()
}

func who(t testing.TB, name string) id.UserID {
	if name == "werkraum" {
		return botID
	}
	p, ok := cast[name]
	if !ok {
		t.Fatalf("nobody is called %q", name)
	}
	return p.user
}

func message(name string) id.EventID {
	if number, ok := strings.CutPrefix(name, "#"); ok {
		return id.EventID("$card-" + number)
	}
	return id.EventID(name)
}

var escapes = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\u00a0`, "\u00a0", `\u202f`, "\u202f", `\r`, "\r", `\u202e`, "\u202e", `\0`, "\x00")

func (s *stage) parse(line string) Event {
	if m := reacted.FindStringSubmatch(line); m != nil {
		e := s.event(Reacted, who(s.t, m[1]))
		e.Key, e.Target = m[2], message(m[3])
		if m[4] != "" {
			e.Fetched = &FetchedMessage{ID: e.Target, Sender: who(s.t, m[4]), Body: escapes.Replace(m[5])}
		}
		if (e.Fetched != nil) && s.bot.Needs(e) != e.Target {
			s.t.Errorf("the bot does not ask for the message of %q", line)
		}
		return e
	}
	if m := posted.FindStringSubmatch(line); m != nil {
		e := s.event(Posted, who(s.t, m[1]))
		e.Thread, e.File = message(m[3]), &PostedFile{Name: escapes.Replace(m[4]), Type: m[2], Size: 1000}
		return e
	}
	if m := edited.FindStringSubmatch(line); m != nil {
		e := s.event(Edited, who(s.t, m[1]))
		e.Target, e.Body = message(m[2]), escapes.Replace(m[3])
		return e
	}
	if m := took.FindStringSubmatch(line); m != nil {
		e := s.event(Took, who(s.t, m[1]))
		e.Target = message(m[2])
		return e
	}
	m := said.FindStringSubmatch(line)
	if m == nil {
		s.t.Fatalf("cannot read %q", line)
	}
	e := s.event(Said, who(s.t, m[1]))
	e.Body = escapes.Replace(m[4])
	if text, times, ok := strings.Cut(e.Body, " ×"); ok { // a long text
		if n, err := strconv.Atoi(times); err == nil {
			i := strings.LastIndexByte(text, ' ') + 1
			e.Body = text[:i] + strings.Repeat(text[i:], n)
		}
	}
	switch m[2] {
	case "thread":
		e.Thread = message(m[3])
	case "reply":
		e.ReplyTo = message(m[3])
	}
	return e
}

// carried is a file as an importer reads it.
func carried(arg string) *Carried {
	if arg == "broken" {
		return &Carried{Err: workspace.Refuse(workspace.Invalid, workspace.Text{De: "Die Datei ist beschädigt.", En: "The file is damaged."})}
	}
	parts := append(strings.Split(arg, "|"), "", "", "", "")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	titled := func(list string) (sets []map[string]workspace.Value) {
		for title := range strings.SplitSeq(list, ",") {
			if title = strings.TrimSpace(title); title != "" {
				sets = append(sets, map[string]workspace.Value{board.Title: workspace.String(title)})
			}
		}
		return sets
	}
	d := board.Draft{}
	d.Title, d.Archived = strings.CutPrefix(parts[0], "archived ")
	for i, set := range titled(parts[1]) {
		d.Columns = append(d.Columns, board.DraftColumn{Key: strconv.Itoa(i), Set: set})
	}
	for _, set := range titled(parts[2]) {
		d.Cards = append(d.Cards, board.DraftCard{Column: "0", Set: set, People: strings.Fields(parts[4])})
	}
	c := &Carried{Reading: board.Reading{Format: "trello", Drafts: []board.Draft{d}}}
	n, _ := strconv.Atoi(parts[3])
	for i := range n {
		c.Refused = append(c.Refused, board.NotTaken{
			Where: workspace.Text{De: fmt.Sprintf("Karte „%d“", i+1), En: fmt.Sprintf("Card “%d”", i+1)},
			Why:   workspace.Text{De: "Der *Titel* <fehlt>.", En: "The *title* is <missing>."},
		})
	}
	return c
}

// order sets the scene.
func (s *stage) order(what, arg string) {
	switch what {
	case "day":
		at, err := time.ParseInLocation(time.DateOnly, arg, s.room.Zone)
		if err != nil {
			s.t.Fatal(err)
		}
		s.now = at.Add(10 * time.Hour)
	case "lang", "list":
		lang, _ := workspace.ParseLanguage(arg)
		fresh := newStage(s.t)
		s.room, s.board = workspace.NewRoom(s.room.ID, string(botID), 0), nil
		s.room.Members, s.room.Power, s.room.Language = fresh.room.Members, fresh.room.Power, lang
		s.room.Zone = fresh.room.Zone
		surfaces.Furnish(s.room)
		s.board = board.In(s.room)
		clear(s.own)
		if what == "list" { // Anna's direct chat, before her first to-do
			s.order("direct", "on")
			return
		}
		if s.direct {
			s.room.Owner = who(s.t, "anna")
		}
		s.furnish()
	case "direct":
		s.direct, s.room.Owner = arg == "on", ""
		if s.direct {
			s.room.Owner = who(s.t, "anna")
		}
	case "leave":
		s.room.Members[who(s.t, arg)] = workspace.Member{Membership: workspace.Left}
	case "join":
		user, name, _ := strings.Cut(arg, " ")
		s.room.Members[id.UserID(user)] = workspace.Member{Membership: workspace.Joined, Name: name}
	case "members": // that many more people
		n, _ := strconv.Atoi(arg)
		for i := range n {
			user := id.UserID(fmt.Sprintf("@m%d:amt.example", i+1))
			s.room.Members[user] = workspace.Member{Membership: workspace.Joined, Name: fmt.Sprint("M", i+1)}
		}
	case "column":
		title, option, _ := strings.Cut(arg, " | ")
		ops, err := board.AddColumn{Column: workspace.ItemID(fmt.Sprintf("c%d", s.room.Count())), Title: title}.Ops(s.board, botID, s.now)
		if err != nil {
			s.t.Fatal(err)
		}
		if option == "done" {
			ops[0].Set[board.Done] = workspace.Bool(true)
		}
		if _, err := s.apply(workspace.Proposal{By: botID, Via: workspace.ViaBot, Ops: ops}); err != nil {
			s.t.Fatal(err)
		}
	case "cards": // that many cards, made in the widget
		n, _ := strconv.Atoi(arg)
		for i := range n {
			ops, err := board.AddCard{Card: workspace.ItemID(fmt.Sprintf("w%d-%d", s.room.Count(), i)), Title: fmt.Sprintf("Aufgabe %d", i+1)}.Ops(s.board, botID, s.now)
			if err != nil {
				s.t.Fatal(err)
			}
			if _, err := s.apply(workspace.Proposal{By: botID, Via: workspace.ViaBot, Ops: ops}); err != nil {
				s.t.Fatal(err)
			}
		}
	case "drop": // a column goes away in the widget
		for _, c := range s.board.Columns() {
			if c.Text(board.Title) == arg {
				if _, err := s.apply(workspace.Proposal{By: botID, Via: workspace.ViaBot, Ops: []workspace.Op{{
					Item: c.ID, Kind: board.KindColumn, Set: map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)},
				}}}); err != nil {
					s.t.Fatal(err)
				}
			}
		}
	case "draw": // a text comes onto a whiteboard on the page
		title, text, _ := strings.Cut(arg, " | ")
		e := fmt.Sprintf(`{"id":"e%d","type":"text","x":0,"y":0,"width":99,"height":25,"angle":0,"seed":1,"index":"zz","version":1,"versionNonce":1,"text":%q,"originalText":%[2]q,"fontSize":20,"fontFamily":5}`, s.room.Count(), text)
		s.change(botID, whiteboard.Draw{Whiteboard: s.whiteboard(title), Elements: []json.RawMessage{json.RawMessage(e)}})
	case "kept": // the state of a whiteboard is kept by itself
		on := s.whiteboard(arg)
		op, ok := whiteboard.In(s.room).Keep(on, workspace.ItemID(fmt.Sprintf("kept-%d", s.room.Count())), s.now)
		if !ok {
			s.t.Fatal("there is no place for it")
		}
		s.complement(whiteboard.Save{Whiteboard: on, Version: op.Item})
		if _, err := s.apply(workspace.Proposal{By: botID, Via: workspace.ViaBot, Ops: []workspace.Op{op}}); err != nil {
			s.t.Fatal(err)
		}
	case "moved": // the room was upgraded: its messages stayed behind
		clear(s.own)
	case "work":
		s.addWork(&s.work.Cards, arg)
	case "soon":
		s.addWork(&s.work.Soon, arg)
	case "idle":
		s.work = mine.Work{}
	case "carried": // “title | columns | cards | not taken over | people”, the title after “archived” or not; or “broken”
		s.carried = carried(arg)
	case "successor":
		s.room.Successor = id.RoomID(arg)
	default:
		s.t.Fatalf("unknown order %q", what)
	}
}

// whiteboard is the ID of the one with that title.
func (s *stage) whiteboard(title string) workspace.ItemID {
	for _, it := range whiteboard.In(s.room).All() {
		if it.Text(whiteboard.Title) == title {
			return it.ID
		}
	}
	s.t.Fatalf("no whiteboard is called %q", title)
	return ""
}

// change is what somebody does on the page.
func (s *stage) change(by id.UserID, act workspace.Act) {
	ops, err := act.Ops(s.room, by, s.now)
	if err == nil {
		_, err = s.apply(workspace.Proposal{By: by, Deeds: act.Deeds(by), Via: workspace.ViaWidget, Ops: ops})
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// perform lets the bot handle e and writes down what happened.
func (s *stage) perform(out *strings.Builder, e Event) {
	before := s.snapshot()
	t := s.handle(e)
	start := out.Len()
	if t.Fetch != "" {
		write(out, "", "fetches the file of "+string(t.Fetch))
		if t.Answer != nil || !maps.Equal(before, s.snapshot()) {
			s.t.Errorf("something happens before the file is there")
		}
		e.Carried = s.carried
		t = s.handle(e)
	}
	if t.PostCard != "" && s.post(t.PostCard) {
		m := CardMessage(s.room, s.board, s.board.Card(t.PostCard), "")
		checkMessage(s.t, m)
		write(out, "card → ", m.Body)
		if len(t.Notify) > 0 {
			fmt.Fprintf(out, "  mentions %v\n", t.Notify)
		}
	}
	if t.Answer != nil {
		checkMessage(s.t, *t.Answer)
		write(out, "→ ", t.Answer.Body)
		if len(t.Answer.Mentions) > 0 {
			fmt.Fprintf(out, "  mentions %v\n", t.Answer.Mentions)
		}
	}
	after := s.snapshot()
	numbers := slices.Collect(maps.Keys(after))
	slices.SortFunc(numbers, compareNumbers)
	for _, n := range numbers {
		if after[n] != before[n] {
			write(out, "board #"+n+" ", after[n])
		}
	}
	if t.Whisper != nil {
		checkMessage(s.t, *t.Whisper)
		what := "whispers to "
		if t.Secret {
			what = "whispers secretly to "
		}
		write(out, what+string(e.Sender)+" → ", t.Whisper.Body)
	}
	of := ""
	if t.CalendarBoard != "" {
		of = " of board " + string(t.CalendarBoard)
	}
	if t.Calendar == MakeCalendar {
		write(out, "", "sends a private calendar"+of+" to "+string(e.Sender))
	}
	if t.Calendar == EndCalendar {
		write(out, "", "ends the private calendar"+of+" of "+string(e.Sender))
	}
	if t.SendLink {
		to := ""
		if t.Open != "" {
			to = " to whiteboard " + string(t.Open)
		}
		write(out, "", "sends a private link"+to+" to "+string(e.Sender))
	}
	if d := t.Drawing; d != nil {
		scene := picture.Take(s.room, d.Whiteboard)
		what, caption := "picture", DrawingCaption(s.room.Language, scene, d.Frame)
		if d.File {
			what, caption = "file", FileCaption(s.room.Language, scene, 0)
		}
		write(out, what+" → ", strings.TrimSpace(fmt.Sprintf("%s of %s %s", d.Name, d.Whiteboard, d.Frame))+"\n"+caption)
	}
	if t.Language != "" {
		write(out, "", "language is "+string(t.Language))
	}
	if t.TimeZone != "" {
		write(out, "", "time zone is "+t.TimeZone)
	}
	if t.Level != "" {
		write(out, "", "level is "+string(t.Level))
	}
	if t.Digest != nil {
		write(out, "", fmt.Sprintf("digest %q, day %d at %s", t.Digest.Every, t.Digest.Weekday, t.Digest.Clock()))
	}
	if t.Remind != nil {
		write(out, "", fmt.Sprintf("reminds %s: %s, %d days before", e.Sender, t.Remind.Way, t.Remind.Days))
	}
	if c := t.Comment; c != nil {
		when := "new"
		if c.At.IsZero() {
			when = "edit"
		}
		number := "?"
		if it := s.board.Card(c.Card); it != nil {
			number = it.Text(board.Number)
		}
		write(out, "", fmt.Sprintf("comment (%s) %s on #%s by %s: %q", when, c.Event, number, c.By, c.Body))
	}
	if t.DropComment != "" {
		write(out, "", "comment dropped: "+string(t.DropComment))
	}
	if out.Len() == start {
		write(out, "", "(nothing)")
	}
}

func write(out *strings.Builder, prefix, text string) {
	if len(text) > 6000 {
		text = text[:6000] + "[cut]"
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			prefix = strings.Repeat(" ", len([]rune(prefix)))
		}
		out.WriteString("  " + prefix + line + "\n")
	}
}
