package bots

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/whiteboard"
)

const botID = id.UserID("@werkraum:amt.example")

// cast are the people of all tests.
var cast = map[string]struct {
	user id.UserID
	name string
}{
	"anna":  {"@anna:amt.example", "Anna Schmidt"},
	"ben":   {"@ben:amt.example", "Ben Öztürk"},
	"clara": {"@clara:partner.example", "Clara Novák"},
	"anja":  {"@anja:partner.example", "Anja"},
	"guest": {"@guest:partner.example", "Guest <b>"},
}

// stage is a room with a board, a real one, and what the room's worker does
// around the bot.
type stage struct {
	t      testing.TB
	bot    *Bot
	room   *workspace.Room
	board  *board.Board
	now    time.Time
	direct bool
	// commits in order, with those that were undone.
	commits []workspace.Commit
	undone  map[workspace.ChangeID]bool
	own     map[workspace.ItemID]id.EventID // the cards' messages in the room
	events  int
	choices map[id.UserID]agenda.Choice
	last    Event
	carried *Carried                    // what the file of any message holds
	work    mine.Work                   // what is the sender's in all rooms
	kept    map[workspace.ItemID][]byte // what versions of whiteboards hold
}

func newStage(t testing.TB) *stage {
	t.Helper()
	bot := New()
	s := &stage{
		t: t, bot: bot, room: workspace.NewRoom("!raum:amt.example", string(botID), 0),
		undone: map[workspace.ChangeID]bool{}, own: map[workspace.ItemID]id.EventID{}, choices: map[id.UserID]agenda.Choice{},
		kept: map[workspace.ItemID][]byte{},
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s.room.Zone, s.now = zone, time.Date(2026, time.November, 25, 10, 0, 0, 0, zone) // a Wednesday
	surfaces.Furnish(s.room)
	s.board = board.In(s.room)
	s.room.Power = workspace.Power{
		Users:        map[id.UserID]int{"@anna:amt.example": 50, "@guest:partner.example": -1, botID: 50},
		StateDefault: 50, Redact: 50,
	}
	for _, p := range cast {
		s.room.Members[p.user] = workspace.Member{Membership: workspace.Joined, Name: p.name}
	}
	s.room.Members[botID] = workspace.Member{Membership: workspace.Joined, Name: "Werkraum"}
	s.furnish()
	return s
}

func (s *stage) furnish() {
	if _, err := s.room.Apply(workspace.Proposal{ID: "furnish", By: botID, Via: workspace.ViaBot, Ops: s.board.Furnish(s.room.Language)}, s.now); err != nil {
		s.t.Fatal(err)
	}
}

// ByMessage implements Cards.
func (s *stage) ByMessage(event id.EventID) (found workspace.ItemID, ok bool) {
	s.room.Items(func(it *workspace.Item) bool {
		if it.Kind == board.KindCard && (s.own[it.ID] == event || it.Text(board.Source) == string(event)) {
			found, ok = it.ID, true
		}
		return !ok
	})
	return found, ok
}

// handle gives the bot an event, as the room's worker does.
func (s *stage) handle(e Event) *Turn {
	s.last = e
	t := &Turn{
		Reminding: func() (agenda.Choice, error) {
			if chosen, ok := s.choices[e.Sender]; ok {
				return chosen, nil
			}
			return agenda.Usual(), nil
		},
		Room: s.room, Board: s.board, Cards: s, Event: e, Now: s.now, Bot: botID, Direct: s.direct,
		Work: func() (mine.Work, error) { return s.work, nil },
		Do: func(via workspace.Via, act workspace.Act) (workspace.Commit, error) {
			if first := s.board.FurnishList(s.room.Language); s.room.Owner != "" && first != nil {
				if _, err := s.apply(workspace.Proposal{By: botID, Via: workspace.ViaBot, Ops: first}); err != nil {
					return workspace.Commit{}, err
				}
			}
			if err := s.room.May(e.Sender, act.Deeds(e.Sender)...); err != nil {
				return workspace.Commit{}, err
			}
			ops, err := s.complement(act).Ops(s.room, e.Sender, s.now)
			if err != nil {
				return workspace.Commit{}, err
			}
			return s.apply(workspace.Proposal{By: e.Sender, Deeds: act.Deeds(e.Sender), Via: via, Ops: ops})
		},
		History: func(card workspace.ItemID, most int) (found []workspace.Commit, err error) {
			for _, c := range slices.Backward(s.commits) {
				if entry := board.EntryOf(c, card); len(entry.Set) > 0 && len(found) < most {
					found = append(found, c)
				}
			}
			return found, nil
		},
		Undo: func(workspace.ChangeID) (workspace.Commit, error) {
			for _, c := range slices.Backward(s.commits) {
				if c.Change.By != e.Sender || s.undone[c.Change.ID] || c.Change.Undoes != "" || c.Change.Via == workspace.ViaBot {
					continue
				}
				ops, err := board.Undo{Commit: c}.Ops(s.board, e.Sender, s.now)
				if err != nil {
					return workspace.Commit{}, err
				}
				s.undone[c.Change.ID] = true
				return s.apply(workspace.Proposal{By: e.Sender, Deeds: []workspace.Deed{workspace.UndoOwn}, Via: workspace.ViaCommand, Ops: ops, Undoes: c.Change.ID})
			}
			return workspace.Commit{}, workspace.Refuse(workspace.NotFound, workspace.Text{
				De: "Es gibt nichts zurückzunehmen.", En: "There is nothing to take back.",
			})
		},
	}
	s.bot.Handle(t)
	if t.Language != "" {
		s.room.Language = t.Language
	}
	if t.Level != "" {
		s.room.Level = t.Level
	}
	if t.Digest != nil {
		s.room.Digest = *t.Digest
	}
	if t.Remind != nil {
		s.choices[e.Sender] = *t.Remind
	}
	if t.TimeZone != "" {
		zone, err := time.LoadLocation(t.TimeZone)
		if err != nil {
			s.t.Fatal(err)
		}
		s.room.Zone, s.now = zone, s.now.In(zone)
	}
	return t
}

// complement adds to an act what the store holds of it, and stores what it is to.
func (s *stage) complement(act workspace.Act) workspace.Act {
	switch a := act.(type) {
	case whiteboard.Save:
		content, err := whiteboard.Pack(whiteboard.In(s.room).Items(a.Whiteboard))
		if err != nil {
			s.t.Fatal(err)
		}
		s.kept[a.Version] = content
	case whiteboard.Restore:
		elements, err := whiteboard.Packed(s.kept[a.Version])
		if err != nil {
			s.t.Fatal(err)
		}
		return a.With(elements)
	}
	return act
}

func (s *stage) apply(p workspace.Proposal) (workspace.Commit, error) {
	p.ID = workspace.ChangeID(fmt.Sprintf("change-%d", len(s.commits)+1))
	c, err := s.room.Apply(p, s.now)
	if err == nil {
		s.commits = append(s.commits, c)
	}
	return c, err
}

// addWork adds an open card of another room to what is the sender's: “room, title,
// day, message”. The room “own” is their direct chat, a message makes it secret if it
// is “secret”.
func (s *stage) addWork(list *[]mine.Card, arg string) {
	parts := append(strings.Split(arg, "|"), "", "", "")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	number := fmt.Sprint(len(s.work.Cards) + len(s.work.Soon) + 1)
	card := &workspace.Item{Key: workspace.Key{Kind: board.KindCard, ID: workspace.ItemID("work" + number)}}
	for _, f := range []struct{ name, text string }{ // in the order of names
		{board.Due, parts[2]}, {board.Message, parts[3]}, {board.Number, number}, {board.Title, parts[1]},
	} {
		if f.text != "" {
			card.Fields = append(card.Fields, workspace.Field{Name: f.name, Value: workspace.String(f.text)})
		}
	}
	*list = append(*list, mine.Card{Item: card, Room: "!other:amt.example", Place: parts[0], Own: parts[0] == "own"})
	s.work.Secret = s.work.Secret || parts[3] == "$secret"
	s.work.Sort()
}

// post gives a card its message, unless it has one.
func (s *stage) post(card workspace.ItemID) bool {
	it := s.board.Card(card)
	if it == nil {
		s.t.Errorf("asked to post a card that does not exist")
		return false
	}
	if s.own[card] != "" {
		return false
	}
	s.own[card] = id.EventID("$card-" + it.Text(board.Number))
	_, err := s.apply(workspace.Proposal{By: botID, Via: workspace.ViaBot, Ops: []workspace.Op{{
		Item: card, Kind: board.KindCard,
		Set: map[string]workspace.Value{board.Message: workspace.String(string(s.own[card]))},
	}}})
	if err != nil {
		s.t.Fatal(err)
	}
	return true
}

// event is the next event of the room.
func (s *stage) event(kind EventKind, sender id.UserID) Event {
	s.events++
	return Event{ID: id.EventID(fmt.Sprintf("$event-%d", s.events)), Kind: kind, Sender: sender, At: s.now}
}

// snapshot is every card in words, by number; cards of templates have none.
func (s *stage) snapshot() map[string]string {
	cards := map[string]string{}
	s.room.Items(func(it *workspace.Item) bool {
		if it.Kind != board.KindCard || it.Text(board.Number) == "" {
			return true
		}
		parts := []string{it.Text(board.Title)}
		if d := it.Text(board.Description); d != "" {
			parts = append(parts, fmt.Sprintf("description %.60q", d))
		}
		if d := it.Text(board.Due); d != "" {
			parts = append(parts, "due "+d)
		}
		for _, u := range board.Assignees(it) {
			parts = append(parts, string(u))
		}
		for _, l := range board.Labels(it) {
			parts = append(parts, "#"+l)
		}
		if src := it.Text(board.Source); src != "" {
			parts = append(parts, "from "+src)
		}
		where := "?"
		if c := columnOf(s.room, it); c != nil {
			where = c.Text(board.Title)
		}
		if it.Deleted() {
			where = "deleted"
		}
		cards[it.Text(board.Number)] = "[" + where + "] " + strings.Join(parts, " · ")
		return true
	})
	return cards
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	allowed = regexp.MustCompile(`^</?(strong|code|br|del)>$|^<a href="https://[^"<>]*">$|^</a>$`)
	linked  = regexp.MustCompile(`<a href="([^"]*)">([^<]*)</a>`)
)

// checkMessage fails if the HTML of a message does not say what its text says,
// or holds anything that a person could have smuggled in.
func checkMessage(t testing.TB, m Message) {
	t.Helper()
	for _, found := range tag.FindAllString(m.HTML, -1) {
		if !allowed.MatchString(found) {
			t.Errorf("message holds the tag %s", found)
		}
	}
	rich := linked.ReplaceAllStringFunc(m.HTML, func(a string) string {
		parts := linked.FindStringSubmatch(a)
		if strings.Contains(parts[1], "/#/@") { // a person
			return parts[2]
		}
		return parts[2] + ": " + parts[1]
	})
	rich = html.UnescapeString(tag.ReplaceAllString(strings.ReplaceAll(rich, "<br>", "\n"), ""))
	if m.HTML != "" && rich != m.Body {
		t.Errorf("HTML says\n%s\nand the text says\n%s", rich, m.Body)
	}
	if strings.Contains(m.Body, "%!") {
		t.Errorf("message is not filled in: %s", m.Body)
	}
}
