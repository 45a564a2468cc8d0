package bots

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

const (
	maxNameShown        = 60  // characters of a display name or room name
	maxDescriptionShown = 280 // characters of a description in a card message
)

func clean(text string) string { return board.Clean(text) }

// CardMessage is the text of a card's message in the room: number, title,
// column, people, due date, labels, the beginning of the description, and
// whether it is done or deleted. link opens the board, "" for none. It
// mentions nobody.
func CardMessage(r *workspace.Room, b *board.Board, card *workspace.Item, link string) Message {
	lang := r.Language
	heading := "#" + card.Text(board.Number) + " " + card.Text(board.Title)
	bold := "<strong>" + html.EscapeString(heading) + "</strong>"
	switch {
	case card.Deleted():
		m := Message{Body: "🗑 " + heading, HTML: "🗑 <del>" + html.EscapeString(heading) + "</del>"}
		return m.add(say(lang, workspace.Text{
			De: "Gelöscht. `!karte wiederherstellen %s` holt die Karte zurück.",
			En: "Deleted. `!card restore %s` brings the card back.",
		}, card.Text(board.Number)))
	case card.True(board.Archived):
		heading, bold = "🗄 "+heading, "🗄 "+bold
	case b.IsDone(card):
		heading, bold = "✅ "+heading, "✅ "+bold
	default:
		heading, bold = "📋 "+heading, "📋 "+bold
	}
	m := Message{Body: heading, HTML: bold}
	m = m.add(literal(facts(r, card, lang)))
	if d := card.Text(board.Description); d != "" {
		m = m.add(literal(short(d, maxDescriptionShown)))
	}
	var links Message
	if source := card.Text(board.Source); source != "" {
		label := workspace.Text{De: "Zur Nachricht", En: "Go to the message"}.In(lang)
		url := messageLink(r.ID, id.EventID(source))
		links = Message{Body: label + ": " + url, HTML: anchor(url, label)}
	}
	if link != "" {
		label := workspace.Text{De: "Board öffnen", En: "Open the board"}.In(lang)
		if links.HTML != "" {
			links.Body, links.HTML = links.Body+"\n", links.HTML+" · "
		}
		links.Body, links.HTML = links.Body+label+": "+link, links.HTML+anchor(link, label)
	}
	if links.Body != "" {
		m = m.add(links)
	}
	return m.fitting(maxCardMessage)
}

// facts is the line below a card's title.
func facts(r *workspace.Room, card *workspace.Item, lang workspace.Language) string {
	var parts []string
	if card.True(board.Archived) {
		parts = append(parts, workspace.Text{De: "im Archiv", En: "in the archive"}.In(lang))
	} else if c := columnOf(r, card); c != nil && r.Owner == "" { // a to-do is open or done, and shows that
		where := workspace.Text{De: "Spalte %s", En: "Column %s"}.With(c.Text(board.Title)).In(lang)
		if on := boardOf(r, c); on != nil && on.Text(board.Title) != "" {
			where += workspace.Text{De: " auf Board %s", En: " on board %s"}.With(on.Text(board.Title)).In(lang)
		}
		parts = append(parts, where)
	}
	if people := board.Assignees(card); len(people) > 0 {
		shown := make([]string, len(people))
		for i, u := range people {
			shown[i] = nameOf(r, u)
		}
		parts = append(parts, strings.Join(shown, ", "))
	}
	if p := card.Text(board.Priority); p != "" {
		parts = append(parts, priorityNames[p].In(lang))
	}
	if start := card.Text(board.Start); start != "" {
		parts = append(parts, workspace.Text{De: "ab %s", En: "from %s"}.With(dates.Spell(start, lang)).In(lang))
	}
	if due := card.Text(board.Due); due != "" {
		parts = append(parts, workspace.Text{De: "fällig %s", En: "due %s"}.With(dates.Spell(due, lang)).In(lang))
	}
	if rule := card.Text(board.Repeat); rule != "" {
		parts = append(parts, "🔁 "+ruleInWords(rule).In(lang))
	}
	for _, l := range board.Labels(card) {
		parts = append(parts, "#"+l)
	}
	if list := board.Checklist(card); len(list) > 0 {
		parts = append(parts, "☑ "+progress(list))
	}
	return strings.Join(parts, " · ")
}

func columnOf(r *workspace.Room, card *workspace.Item) *workspace.Item {
	c := r.Item(workspace.Key{Kind: board.KindColumn, ID: workspace.ItemID(card.Text(board.Column))})
	if c == nil || c.Deleted() {
		return nil
	}
	return c
}

// boardOf is the board of a column, or nil if nothing was ever said of it.
func boardOf(r *workspace.Room, column *workspace.Item) *workspace.Item {
	return r.Item(workspace.Key{Kind: board.KindBoard, ID: board.Of(column)})
}

// nameOf is how the room calls a person. Where several go by one name the user
// ID is added.
func nameOf(r *workspace.Room, user id.UserID) string {
	if workspace.IsStandIn(user) {
		return workspace.ErasedPerson.In(r.Language)
	}
	name := short(r.Members[user].Name, maxNameShown)
	if name == "" {
		return user.Localpart()
	}
	for other, m := range r.Members {
		if other == user || m.Membership != workspace.Joined {
			continue
		}
		// Invisible characters can make names look alike without being so.
		if strings.EqualFold(m.Name, name) || (!isClean(m.Name) && strings.EqualFold(clean(m.Name), name)) {
			return name + " (" + string(user) + ")"
		}
	}
	return name
}

// isClean reports, quickly and for ordinary names, that clean would leave a
// name as it is.
func isClean(name string) bool {
	for _, r := range name {
		if r < ' ' || r >= 0x7F && r <= 0xA0 || r == utf8.RuneError || unicode.IsSpace(r) && r != ' ' || r >= 0x2000 && r <= 0x206F {
			return false
		}
	}
	return !strings.Contains(name, "  ") && strings.TrimSpace(name) == name
}

// messageLink is a link to a message that every Matrix client understands
// (specification, appendices, matrix.to navigation).
func messageLink(room id.RoomID, event id.EventID) string {
	return "https://matrix.to/#/" + string(room) + "/" + string(event)
}
