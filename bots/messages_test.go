package bots

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
	"werkraum/workspace/whiteboard/picture"
)

// TestMessages compares what the bot says by itself with testdata/messages.md.
func TestMessages(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	show := func(title string, m Message) {
		checkMessage(t, m)
		out.WriteString("## " + title + "\n" + m.Body + "\n\n" + m.HTML + "\n\n")
	}
	for _, lang := range []workspace.Language{workspace.German, workspace.English} {
		l := " (" + string(lang) + ")"
		show("Hello"+l, Hello(lang))
		show("HelloDirect"+l, HelloDirect(lang))
		show("NeedsPower"+l, NeedsPower(lang, []Right{{"im.vector.modular.widgets", 50, 0}, {"io.element.widgets.layout", 50, 0}}, botID))
		show("NeedsPower, unusual levels"+l, NeedsPower(lang, []Right{{"de.werkraum.change", 75, 50}, {"x.y", 60, 50}}, botID))
		show("WidgetReady"+l, WidgetReady(lang))
		show("LinkSent"+l, LinkSent(lang))
		show("NotDrawn"+l, NotDrawn(lang, workspace.Refuse(workspace.NotFound, workspace.Text{De: "Das gibt es nicht mehr.", En: "This does not exist any more."})))
		show("FileCaption"+l, literal(FileCaption(lang, &picture.Scene{Title: "Lageplan <b>"}, 3)))
		show("NoLinks"+l, NoLinks(lang))
		links := []RoomLink{
			{Room: "Neubau <Kita> \u202e", URL: "https://werkraum.example/#/link?token=a&lang=de"},
			{URL: "https://werkraum.example/#/link?token=b&lang=de"},
			{Own: true, URL: "https://werkraum.example/#/link?token=c&lang=de"},
		}
		for _, link := range []Message{LinkMessage(lang, links[:1], 15), LinkMessage(lang, links[2:], 15), LinkMessage(lang, links, 15)} {
			if strings.Contains(link.HTML, "<Kita>") || strings.Contains(link.Body, "\u202e") {
				t.Errorf("a room's name is not escaped: %s", link.HTML)
			}
			out.WriteString("## LinkMessage" + l + "\n" + link.Body + "\n\n" + link.HTML + "\n\n")
		}
		drawing := WhiteboardLink(lang, links[0], "Lageplan <b>", 15)
		if strings.Contains(drawing.HTML, "<b>") {
			t.Errorf("a title is not escaped: %s", drawing.HTML)
		}
		out.WriteString("## WhiteboardLink" + l + "\n" + drawing.Body + "\n\n" + drawing.HTML + "\n\n")
		calendar := CalendarLink{Room: "Neubau <Kita>", Events: "https://werkraum.example/api/v1/calendar/a.ics", Todos: "https://werkraum.example/api/v1/calendar/a/todos.ics"}
		show("CalendarMessage"+l, CalendarMessage(lang, calendar))
		calendar.Board = "Jour <fixe>"
		show("CalendarMessage, board"+l, CalendarMessage(lang, calendar))
		calendar.Own, calendar.Board = true, ""
		show("CalendarMessage, own"+l, CalendarMessage(lang, calendar))
		file := ExportMessage(lang, links[0], "csv", 15)
		if strings.Contains(file.HTML, "<Kita>") {
			t.Errorf("a room's name is not escaped: %s", file.HTML)
		}
		out.WriteString("## ExportMessage" + l + "\n" + file.Body + "\n\n" + file.HTML + "\n\n")
		token := TokenShown{ID: "abc123", Write: true, By: "Anna <i>", Since: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)}
		show("TokenMade"+l, TokenMade(lang, "Neubau", "wrt_geheim", "https://werkraum.example/api/v1/openapi.json", token))
		show("TokenList"+l, TokenList(lang, "Neubau", []TokenShown{token, {ID: "def456", By: "Ben", Since: token.Since}}))
		show("TokenList, empty"+l, TokenList(lang, "Neubau", nil))
		show("TokenGone"+l, TokenGone(lang, "abc123", true))
		show("TokenGone, none"+l, TokenGone(lang, "abc123", false))
		show("TokensFull"+l, TokensFull(lang, 20))
		out.WriteString("## InviteRefused" + l + "\n" + InviteRefused(lang) + "\n\n")
	}
	show("CannotEncrypted", CannotEncrypted())
	showReminders(t, show)

	s := newStage(t)
	e := s.event(Said, "@ben:amt.example")
	e.Body = "!karte neu Angebot <i>einholen</i> @guest:partner.example fällig Freitag #a&b\nErste Zeile\nzweite Zeile"
	card := s.handle(e).PostCard
	state := func(title string) Message {
		m := CardMessage(s.room, s.board, s.board.Card(card), "https://werkraum.example/?a=1&b=2")
		show(title, m)
		return m
	}
	if m := state("Card"); len(m.Mentions) > 0 {
		t.Errorf("a card's message mentions %v, want nobody", m.Mentions)
	}
	act := func(a board.Act) {
		ops, err := a.Ops(s.board, "@ben:amt.example", s.now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.apply(workspace.Proposal{By: "@ben:amt.example", Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}); err != nil {
			t.Fatal(err)
		}
	}
	act(board.FinishCard{Card: card})
	state("Card, done")
	act(board.DeleteCard{Card: card})
	state("Card, deleted")
	s.room.Language = workspace.English
	state("Card, deleted (en)")
	act(board.RestoreCard{Card: card})
	state("Card, done (en)")

	const file = "testdata/messages.md"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != string(want) {
		t.Errorf("messages differ; -update writes them anew\n%s", firstDifference(got, string(want)))
	}
}

// However much stands on cards, and in whatever characters, what the bot says
// of them fits into an event.
func TestMessagesFitIntoEvents(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	wide := func(n int) string { return fmt.Sprint(n) + strings.Repeat("🗂", 45) }
	var people, labels []string
	for n := range board.MaxLabels {
		user := id.UserID(fmt.Sprintf("@%s%d:amt.example", strings.Repeat("u", 200), n))
		s.room.Members[user] = workspace.Member{Membership: workspace.Joined, Name: wide(1)}
		people, labels = append(people, string(user)), append(labels, wide(n))
	}
	for n := range 45 {
		op := workspace.Op{Item: workspace.ItemID(fmt.Sprint("k", n)), Kind: board.KindCard, Set: map[string]workspace.Value{
			board.Title: workspace.String(strings.Repeat("🗂", board.MaxTitle)), board.Column: workspace.String("open"), board.Rank: workspace.String(fmt.Sprintf("b%02d", n)),
			board.Number: workspace.String(fmt.Sprint(n + 1)), board.Description: workspace.String(strings.Repeat("🗂", board.MaxDescription/4)),
		}}
		for i := range people {
			op.Set[board.Assignee+"/"+people[i]], op.Set[board.Label+"/"+labels[i]] = workspace.Bool(true), workspace.Bool(true)
		}
		if _, err := s.apply(workspace.Proposal{By: botID, Via: workspace.ViaBot, Ops: []workspace.Op{op}}); err != nil {
			t.Fatal(err)
		}
	}
	numbers := "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"
	for _, line := range []string{
		"!karte liste", "!karte zeige 1", "!karte zuweisen " + numbers + " -@uuu", "!karte entziehen " + numbers + " " + people[0], "!karte label " + numbers + " -x",
		"!karte fertig " + numbers, "!karte löschen " + numbers, "!undo", "!karte ändern 1 x",
	} {
		e := s.event(Said, "@anna:amt.example")
		e.Body = line
		turn := s.handle(e)
		if turn.Answer == nil {
			t.Fatalf("%s: no answer", line)
		}
		checkMessage(t, *turn.Answer)
		if n := len(turn.Answer.Body) + len(turn.Answer.HTML); n > maxAnswer || !utf8.ValidString(turn.Answer.Body) {
			t.Errorf("%s: answer of %d bytes", line, n)
		}
	}
	m := CardMessage(s.room, s.board, s.board.ByNumber("3"), "https://werkraum.example")
	if n := len(m.Body) + len(m.HTML); n > maxCardMessage {
		t.Errorf("a card's message has %d bytes", n)
	}
}

func TestItemOfIsAFunctionOfTheEvent(t *testing.T) {
	t.Parallel()
	a, b := ItemOf("$a"), ItemOf("$b")
	if a != ItemOf("$a") || a == b || !a.Valid() || len(a) != 20 {
		t.Errorf("items %q and %q, want two different names of 20 characters, always the same", a, b)
	}
}

func TestNeedsAsksOnlyForPins(t *testing.T) {
	t.Parallel()
	b := New()
	for key, want := range map[string]id.EventID{"📌": "$m", "📌\ufe0f": "$m", "📍": "$m", "✅": "", "👍": "", "": ""} {
		if got := b.Needs(Event{Kind: Reacted, Key: key, Target: "$m"}); got != want {
			t.Errorf("Needs for %q: got %q, want %q", key, got, want)
		}
	}
	if got := b.Needs(Event{Kind: Said, Key: "📌", Target: "$m"}); got != "" {
		t.Errorf("Needs for a message: got %q, want none", got)
	}
}

func TestPeopleByPill(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, html, want string }{
		{"!karte neu Anna", "", "!karte neu Anna"},
		{"!karte neu Anna", `<a href="https://matrix.to/#/@anna:amt.example">Anna</a>`, "!karte neu @anna:amt.example"},
		{"!karte neu @Anna", `<a href='https://matrix.to/#/@anna:amt.example'>Anna</a>`, "!karte neu @anna:amt.example"},
		{"zu -Anna", `<a href="https://matrix.to/#/@anna:amt.example">Anna</a>`, "zu -@anna:amt.example"},
		{"A & B und A & B", `<a href="https://matrix.to/#/%40a%3Ax.y">A &amp; B</a> <a class="x" href="https://matrix.to/#/@b:x.y?via=x.y">A &amp; B</a>`, "@a:x.y und @b:x.y"},
		{"[Anna](https://matrix.to/#/@anna:amt.example) bitte", "", "@anna:amt.example bitte"},
		{"https://matrix.to/#/@anna:amt.example bitte", "", "@anna:amt.example bitte"},
		{"[Raum](https://matrix.to/#/!r:x.y)", "", "[Raum](https://matrix.to/#/!r:x.y)"},
		{"Anna", `<a href="https://evil.example/#/@anna:amt.example">Anna</a>`, "Anna"},
		{"Anna", `<a href="https://matrix.to/#/!r:x.y/$e">Anna</a>`, "Anna"},
		{"Ben", `<a href="https://matrix.to/#/@anna:amt.example">Anna</a>`, "Ben"},
	} {
		if got, _ := named(c.body, c.html); got != c.want {
			t.Errorf("%q with %q: got %q, want %q", c.body, c.html, got, c.want)
		}
	}
}

// showReminders shows what people are reminded with.
func showReminders(t *testing.T, show func(string, Message)) {
	t.Helper()
	for _, lang := range []workspace.Language{workspace.German, workspace.English} {
		s := newStage(t)
		s.room.Language, s.room.Name = lang, "Neubau <Kita>"
		for i, due := range []string{"2026-11-25", "2026-11-26", "2026-11-28", "2026-11-24", "2026-11-20"} {
			s.say(fmt.Sprintf("!karte neu Aufgabe <%d> fällig %s", i+1, due))
		}
		cards := s.board.DueBetween("2026-01-01", "2026-12-31")
		show("DigestMessage"+" ("+string(lang)+")", DigestMessage(s.room, Summary{Done: cards[2:3], Overdue: cards[:2], Coming: cards[2:]}, agenda.Daily, "2026-11-25"))
		show("Assigned"+" ("+string(lang)+")", Assigned(s.room, cards[3], []id.UserID{cast["guest"].user}))
		both := []id.UserID{cast["anna"].user, cast["guest"].user}
		l := " (" + string(lang) + ")"
		m := ReminderInThread(s.room, Reminder{cards[3], both}, "2026-11-25")
		if len(m.Mentions) != 2 {
			t.Errorf("mentions %v", m.Mentions)
		}
		show("ReminderInThread"+l, m)
		show("RemindersDirect"+l, RemindersDirect(s.room, cards, "2026-11-25"))
		var many []Reminder
		for range maxReminders + 2 {
			many = append(many, Reminder{cards[0], both[:1]})
		}
		show("RemindersInRoom"+l, RemindersInRoom(s.room, append([]Reminder{{cards[1], both}}, many...), "2026-11-25"))
	}
}
