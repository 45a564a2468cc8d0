package live

import (
	"encoding/json"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/watch"
)

const fest = id.RoomID("!fest:amt.example")

// ownWork is the work of somebody: a card with that title in another room.
func ownWork(title string) mine.Work {
	card := &workspace.Item{Key: workspace.Key{Kind: board.KindCard, ID: "zelt"}, Fields: []workspace.Field{{Name: board.Title, Value: workspace.String(title)}}}
	here := &workspace.Item{Key: workspace.Key{Kind: board.KindCard, ID: "todo"}}
	return mine.Work{Cards: []mine.Card{{Item: card, Room: fest, Place: "Straßenfest", Column: "Offen"}, {Item: here, Room: project, Own: true}}}
}

// titles are those of the cards in a message with somebody's work.
func titles(t *testing.T, m said) []string {
	t.Helper()
	var cards []struct{ Title string }
	if err := json.Unmarshal(m.Cards, &cards); err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, c := range cards {
		list = append(list, c.Title)
	}
	return list
}

// elsewhere has something happen in another room.
func (l *lab) elsewhere(n watch.Happening, members map[id.UserID]workspace.Member, cards ...workspace.Op) {
	room := workspace.NewRoom(fest, "@bot:amt.example", 0)
	board.New(room)
	room.Members = members
	n.Room = room
	for _, op := range cards {
		room.Restore(&workspace.Item{Key: op.Key(), Fields: fieldsOf(op)})
		n.Commits = append(n.Commits, workspace.Commit{Won: []workspace.Op{op}})
	}
	l.hub.Happened(n)
}

func fieldsOf(op workspace.Op) (list []workspace.Field) {
	for name, v := range op.Set {
		list = append(list, workspace.Field{Name: name, Value: v})
	}
	return list
}

func (l *lab) setWork(user id.UserID, w mine.Work) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.work[user] = w
}

// The page of a direct chat shows its owner their work of other rooms, and again when
// something happened there that concerns them, without asking.
func TestPageOfADirectChatFollowsItsOwnersWork(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.room.Owner = anna
	l.setWork(anna, ownWork("Zelt bestellen"))
	page, welcome := l.enter(t, anna, nil)
	if !welcome.roomIsOwn(t) {
		t.Error("the welcome does not say that the room is her own")
	}
	if got := titles(t, page.until("mine")); len(got) != 1 || got[0] != "Zelt bestellen" {
		t.Fatalf("the work is %q", got)
	}
	members := map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}}
	l.setWork(anna, ownWork("Zelt abholen"))
	l.elsewhere(watch.Happening{}, members, workspace.Op{Item: "zelt", Kind: board.KindCard, Set: map[string]workspace.Value{board.Assignee + "/" + string(anna): workspace.Bool(true)}})
	if got := titles(t, page.until("mine")); len(got) != 1 || got[0] != "Zelt abholen" {
		t.Errorf("the work then is %q", got)
	}
	l.setWork(anna, mine.Work{})
	l.elsewhere(watch.Happening{Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Left}}, Removed: []id.UserID{anna}}, nil)
	if got := titles(t, page.until("mine")); len(got) > 0 {
		t.Errorf("after she was put out of the room the work is %q", got)
	}
}

// Others have no page of a direct chat, and pages of projects show nobody's work.
func TestWorkIsShownToItsOwnerOnly(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.setWork(anna, ownWork("Zelt bestellen"))
	l.setWork(mia, ownWork("Zelt bestellen"))
	projects, _ := l.enter(t, anna, nil)
	for projects.until("items").More {
	}
	l.elsewhere(watch.Happening{Rights: true}, map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}})
	projects.settle()
	l.mu.Lock()
	l.room.Owner = anna
	l.mu.Unlock()
	b := l.connect(t)
	b.say(map[string]any{"t": "hello", "session": l.session(t, mia, time.Hour), "lang": "en"})
	b.bye("removed")
	l.mu.Lock()
	l.open = false
	l.mu.Unlock()
	b = l.connect(t)
	b.say(map[string]any{"t": "hello", "session": l.session(t, anna, time.Hour), "lang": "en"})
	b.bye("removed")
}

// What happens in rooms wakes only the pages whose work it may be.
func TestWhatConcernsSomebodysWork(t *testing.T) {
	t.Parallel()
	room := workspace.NewRoom(fest, "@bot:amt.example", 0)
	room.Members = map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}}
	assigned := func(user id.UserID) string { return board.Assignee + "/" + string(user) }
	set := func(pairs ...any) map[string]workspace.Value {
		m := map[string]workspace.Value{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1].(workspace.Value) //nolint:forcetypeassert // by the callers below
		}
		return m
	}
	yes, day := workspace.Bool(true), workspace.String("2026-12-01")
	board.New(room)
	for name, fields := range map[workspace.ItemID][]workspace.Field{
		"hers":      {{Name: assigned(anna), Value: yes}},
		"mias":      {{Name: assigned(mia), Value: yes}},
		"nobodys":   {{Name: board.Due, Value: day}},
		"undecided": {{Name: board.Title, Value: workspace.String("x")}},
	} {
		room.Restore(&workspace.Item{Key: workspace.Key{Kind: board.KindCard, ID: name}, Fields: fields})
	}
	for name, c := range map[string]struct {
		op   workspace.Op
		want bool
	}{
		"hers":                         {workspace.Op{Item: "hers", Kind: board.KindCard, Set: set(board.Title, workspace.String("y"))}, true},
		"taken from her":               {workspace.Op{Item: "mias", Kind: board.KindCard, Set: set(assigned(anna), workspace.Value{})}, true},
		"somebody else's":              {workspace.Op{Item: "mias", Kind: board.KindCard, Set: set(board.Title, workspace.String("y"))}, false},
		"nobody's, with a day":         {workspace.Op{Item: "nobodys", Kind: board.KindCard, Set: set(board.Title, workspace.String("y"))}, true},
		"nobody's, without":            {workspace.Op{Item: "undecided", Kind: board.KindCard, Set: set(board.Title, workspace.String("y"))}, false},
		"nobody's, taken up by others": {workspace.Op{Item: "mias", Kind: board.KindCard, Set: set(assigned(mia), yes)}, true},
		"nobody's, its day taken away": {workspace.Op{Item: "undecided", Kind: board.KindCard, Set: set(board.Due, workspace.Value{})}, true},
		"a column":                     {workspace.Op{Item: "done", Kind: board.KindColumn, Set: set(board.Done, yes)}, true},
	} {
		n := watch.Happening{Room: room, Commits: []workspace.Commit{{Won: []workspace.Op{c.op}}}}
		if got := concerns(n, anna); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
		if concerns(n, "@fremd:amt.example") {
			t.Errorf("%s concerns somebody who is not in the room", name)
		}
	}
}
