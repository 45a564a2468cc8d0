package appservice

import (
	"fmt"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
)

// setPace has a stage with limits, before it begins.
func setPace(t *testing.T, l Limits) *stage {
	t.Helper()
	s := setStage(t, bots.New())
	s.Limits, s.links = l, pace.New(l.Links)
	return s
}

func minute(most int) pace.Limit { return pace.Limit{Most: most, Per: time.Minute} }

// Mia floods the room with commands. She is told once, Anna's command between them is done,
// what Mia says in a thread is kept, and what was done for her before stays.
func TestFloodOfOnePersonHindersNobody(t *testing.T) {
	t.Parallel()
	s := setPace(t, Limits{Commands: minute(10), RoomCommands: minute(50)})
	noon := time.Now()
	s.now = func() time.Time { return noon } // nothing comes back
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	const flood = 300
	var events []any
	for n := range flood {
		events = append(events, message(fmt.Sprintf("$flood%d", n), mia, fmt.Sprintf("!karte neu Flut %d", n), nil))
		if n == flood/2 {
			events = append(events, message("$annas", anna, "!karte neu Von Anna", nil))
		}
	}
	s.deliver(events...)
	await(t, "all to be handled", s.empty)
	if got := s.cards(); got != 11 {
		t.Errorf("there are %d cards, want ten of Mia's and one of Anna's", got)
	}
	await(t, "the answers", func() bool {
		return s.told("m.room.message", "Von Anna") == 1 && s.told("m.room.message", "sehr viele Befehle") == 1
	})
	if !s.answered(room, "$flood10") {
		t.Error("not the first command too many is answered")
	}
	if n := s.metric("werkraum_events_total", "too_fast"); n != flood-10 {
		t.Errorf("%v were too fast, want %d", n, flood-10)
	}
	// The same again, as a homeserver repeats things, changes nothing.
	s.deliver(events...)
	await(t, "all to be handled again", s.empty)
	if got, told := s.cards(), s.told("m.room.message", "sehr viele Befehle"); got != 11 || told != 1 {
		t.Errorf("repeated: %d cards, told %d times", got, told)
	}
	s.deliver(message("$annas2", anna, "!karte neu Noch eine", nil))
	await(t, "Anna's second card", func() bool { return s.cards() == 12 })
}

// Many people together can have no more done than the room's limit, strangers no more than one
// of them, and other rooms do not notice.
func TestFloodOfManyIsTheirRoomsAlone(t *testing.T) {
	t.Parallel()
	const other = id.RoomID("!anderer:a.example")
	s := setPace(t, Limits{Commands: minute(5), RoomCommands: minute(20)})
	noon := time.Now()
	s.now = func() time.Time { return noon }
	crowd := map[id.UserID]workspace.Member{}
	for n := range 10 {
		crowd[id.UserID(fmt.Sprintf("@p%d:b.example", n))] = workspace.Member{Membership: workspace.Joined}
	}
	loaded, err := s.store.Load(t.Context(), room)
	if err != nil {
		t.Fatal(err)
	}
	s.put(&store.Batch{Room: loaded.Room, Members: crowd})
	s.put(&store.Batch{
		Room:    store.Room{ID: other, Joined: true, Info: store.RoomInfo{Language: workspace.English, Inviter: anna, Greeted: true, Widget: true, Layout: true, Read: stateForm}},
		Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}},
	})
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	var events []any
	for n := range 200 {
		events = append(events, message(fmt.Sprintf("$stranger%d", n), id.UserID(fmt.Sprintf("@x%d:evil.example", n)), "!hilfe", nil))
	}
	for n := range 200 {
		events = append(events, message(fmt.Sprintf("$crowd%d", n), id.UserID(fmt.Sprintf("@p%d:b.example", n%10)), "!karte neu Zusammen", nil))
	}
	elsewhere := message("$elsewhere", anna, "!card list", nil)
	elsewhere["room_id"] = other
	s.deliver(append(events, elsewhere)...)
	await(t, "the answer in the other room", func() bool { return s.answered(other, "$elsewhere") })
	await(t, "all to be handled", s.empty)
	if got := s.cards(); got != 15 { // five of the twenty went to strangers
		t.Errorf("there are %d cards, want 15", got)
	}
	await(t, "the notices", func() bool { return s.told("m.room.message", "In diesem Raum kommen gerade zu viele") == 1 })
}

// Who asks for link after link gets some, and then a clear answer.
func TestLinksAreLimited(t *testing.T) {
	t.Parallel()
	s := setPace(t, Limits{Links: pace.Limit{Most: 2, Per: time.Hour}})
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	for n := range 4 {
		s.deliver(message(fmt.Sprintf("$link%d", n), mia, "!link", nil))
	}
	await(t, "the answers", func() bool {
		return s.told("m.room.message", "Link in einer Direktnachricht geschickt") == 2 && s.told("m.room.message", "schon sehr viele Links") == 2
	})
	s.deliver(message("$annas", anna, "!link", nil))
	await(t, "Anna's answer", func() bool { return s.told("m.room.message", "Link in einer Direktnachricht geschickt") == 3 })
}
