package live

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/whiteboard"
)

const (
	sketch workspace.ItemID = "sketch00000000000000"
	other  workspace.ItemID = "other000000000000000"
)

func shape(id string, version int) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"id":%q,"type":"rectangle","x":%d,"y":0,"width":10,"height":10,"version":%d,"versionNonce":1,"isDeleted":false}`, id, version, version))
}

// whiteboards makes two, with an element on each.
func (l *lab) whiteboards(t *testing.T) {
	t.Helper()
	for _, at := range []workspace.ItemID{sketch, other} {
		l.must(t, whiteboard.Add{Whiteboard: at, Title: string(at)})
		l.must(t, whiteboard.Draw{Whiteboard: at, Elements: []json.RawMessage{shape("first", 1)}})
	}
}

func (l *lab) must(t *testing.T, a workspace.Act) int64 {
	t.Helper()
	seq, err := l.act(anna, workspace.ChangeID(rand.Text()), a)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// Only who opens a whiteboard gets what lies on it, and what becomes of that; the others
// get all the rest.
func TestWhiteboardIsForThoseWhoOpenIt(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	drawing, welcome := l.enter(t, anna, nil)
	reading, _ := l.enter(t, mia, nil)
	if welcome.Total != 5 {
		t.Errorf("there are %d items, want three columns and two whiteboards", welcome.Total)
	}
	for _, b := range []*browser{drawing, reading} {
		if m := b.until("items"); len(m.Items) != 5 || m.More || slices.ContainsFunc(m.Items, func(it shownItem) bool { return it.Kind == whiteboard.KindElement }) {
			t.Errorf("at first it is shown %+v", m)
		}
	}
	drawing.say(map[string]any{"t": "open", "whiteboard": sketch})
	if m := drawing.until("elements"); len(m.Items) != 1 || m.Items[0].ID != string(sketch)+"-first" || m.More {
		t.Errorf("it is shown %+v", m)
	}
	l.must(t, whiteboard.Draw{Whiteboard: other, Elements: []json.RawMessage{shape("hidden", 1)}})
	drawn := l.must(t, whiteboard.Draw{Whiteboard: sketch, Elements: []json.RawMessage{shape("second", 1)}})
	renamed := l.must(t, whiteboard.Edit{Whiteboard: sketch, Title: "Skizze"})
	if m := drawing.until("commit"); m.Seq != drawn {
		t.Errorf("it is told of %d, want %d", m.Seq, drawn)
	}
	if m := drawing.until("commit"); m.Seq != renamed {
		t.Errorf("it is told of %d, want %d", m.Seq, renamed)
	}
	if m := reading.until("commit"); m.Seq != renamed {
		t.Errorf("who looks at no whiteboard is told of %d, want %d", m.Seq, renamed)
	}
	// What was opened before is shown as it is by now.
	reading.say(map[string]any{"t": "open", "whiteboard": sketch})
	if m := reading.until("elements"); len(m.Items) != 2 {
		t.Errorf("it is shown %+v", m)
	}
	// Who closes it hears no more.
	drawing.say(map[string]any{"t": "open", "whiteboard": ""})
	drawing.say(map[string]any{"t": "ping"})
	drawing.until("pong")
	l.must(t, whiteboard.Draw{Whiteboard: sketch, Elements: []json.RawMessage{shape("third", 1)}})
	last := l.must(t, whiteboard.Edit{Whiteboard: sketch, Title: "Plan"})
	if m := drawing.until("commit"); m.Seq != last {
		t.Errorf("it is told of %d, want %d", m.Seq, last)
	}
}

// A page that was away catches up on the whiteboard that it had open, and on no other.
func TestWhiteboardIsCaughtUp(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	since := l.room.Seq
	drawn := l.must(t, whiteboard.Draw{Whiteboard: sketch, Elements: []json.RawMessage{shape("second", 1)}})
	l.must(t, whiteboard.Draw{Whiteboard: other, Elements: []json.RawMessage{shape("hidden", 1)}})
	resume := map[string]any{"since": since, "epoch": l.store.Epoch()}
	closed, _ := l.enter(t, mia, resume)
	resume["whiteboard"] = sketch
	opened, welcome := l.enter(t, anna, resume)
	if !welcome.Resumed {
		t.Fatal("it is not resumed")
	}
	if m := opened.until("commit"); m.Seq != drawn {
		t.Errorf("it is told of %d, want %d", m.Seq, drawn)
	}
	next := l.must(t, whiteboard.Draw{Whiteboard: sketch, Elements: []json.RawMessage{shape("third", 1)}})
	if m := opened.until("commit"); m.Seq != next {
		t.Errorf("it is told of %d, want %d", m.Seq, next)
	}
	renamed := l.must(t, whiteboard.Edit{Whiteboard: other, Title: "Plan"})
	if m := closed.until("commit"); m.Seq != renamed {
		t.Errorf("who had none open is told of %d, want %d", m.Seq, renamed)
	}
}

// What comes back is told as a whole: who opened the whiteboard while it was gone has nothing of it.
func TestWhatComesBackIsToldAsAWhole(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	gone := shape("first", 2)
	gone = json.RawMessage(strings.Replace(string(gone), `"isDeleted":false`, `"isDeleted":true`, 1))
	removed := l.must(t, whiteboard.Draw{Whiteboard: sketch, Elements: []json.RawMessage{gone}})
	b, _ := l.enter(t, anna, nil)
	b.say(map[string]any{"t": "open", "whiteboard": sketch})
	if m := b.until("elements"); len(m.Items) != 0 {
		t.Fatalf("it is shown %+v", m)
	}
	log, err := l.store.CommitsAfter(t.Context(), project, removed-1, 1)
	if err != nil {
		t.Fatal(err)
	}
	back := l.must(t, board.On(board.Undo{Commit: log[0]}))
	late, welcome := l.enter(t, mia, map[string]any{"since": removed, "epoch": l.store.Epoch(), "whiteboard": sketch})
	if !welcome.Resumed {
		t.Fatal("it is not resumed")
	}
	for name, b := range map[string]*browser{"who was there": b, "who came back": late} {
		m := b.until("commit")
		var told struct{ Ops []workspace.Op }
		if err := json.Unmarshal(m.raw, &told); err != nil {
			t.Fatal(err)
		}
		if m.Seq != back || len(told.Ops) != 1 || told.Ops[0].Set[whiteboard.Version] != workspace.Int(3) || told.Ops[0].Set[whiteboard.Data].IsNull() {
			t.Errorf("%s is told %+v", name, told)
		}
	}
}

// Where old drawing is gone from the log, who comes back gets all that they have missed, or the
// room as it is: never less.
func TestForgottenDrawingIsNotMissed(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	const drawn = 30
	for version := range drawn {
		l.must(t, whiteboard.Draw{Whiteboard: sketch, Elements: []json.RawMessage{shape("old", version+1)}})
	}
	forgotten := l.room.Seq
	l.add(t, maxResume, "")
	if err := l.store.Commit(t.Context(), &store.Batch{Room: store.Room{ID: project, Joined: true, Seq: l.room.Seq, Published: l.room.Seq}, ForgetDrawn: forgotten}); err != nil {
		t.Fatal(err)
	}
	if left, err := l.store.CommitsAfter(t.Context(), project, 0, 1<<20); err != nil || len(left) != int(l.room.Seq)-drawn-2 { // and what l.whiteboards has drawn
		t.Fatalf("the log holds %d changes of %d, %v", len(left), l.room.Seq, err)
	}
	for _, since := range []int64{forgotten, forgotten - 1, forgotten - drawn, 1} {
		b, welcome := l.enter(t, mia, map[string]any{"since": since, "epoch": l.store.Epoch(), "whiteboard": sketch})
		if want := since == forgotten; welcome.Resumed != want {
			t.Errorf("since %d: resumed is %t", since, welcome.Resumed)
		}
		for n := since + 1; welcome.Resumed && n <= l.room.Seq; n++ {
			if m := b.until("commit"); m.Seq != n {
				t.Fatalf("it is told of %d, want %d", m.Seq, n)
			}
		}
		_ = b.conn.CloseNow()
	}
}

// people are those whom a message tells of, by user.
func people(t *testing.T, m said) (list map[id.UserID]here, presenter string, gone []string, names map[id.UserID]string) {
	t.Helper()
	var told struct {
		People []struct {
			Page string
			User id.UserID `json:"user_id"`
			Here here
		}
		Gone      []string
		Presenter string
	}
	if err := json.Unmarshal(m.raw, &told); err != nil {
		t.Fatal(err)
	}
	list, names = map[id.UserID]here{}, map[id.UserID]string{}
	for _, p := range told.People {
		list[p.User], names[p.User] = p.Here, p.Page
	}
	return list, told.Presenter, told.Gone, names
}

// await reads messages about who is where until one says what is wanted.
func (b *browser) await(what string, ready func(list map[id.UserID]here, presenter string, gone []string) bool) (names map[id.UserID]string) {
	b.t.Helper()
	for range 1000 {
		list, presenter, gone, names := people(b.t, b.until("here"))
		if ready(list, presenter, gone) {
			return names
		}
	}
	b.t.Fatalf("it is never told %s", what)
	return nil
}

// Where somebody is on a whiteboard is told to those who have it open, and that they have
// left; what is not well-formed is told to nobody.
func TestPeopleOnAWhiteboard(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	first, _ := l.enter(t, anna, nil)
	second, _ := l.enter(t, mia, nil)
	for _, b := range []*browser{first, second} {
		b.say(map[string]any{"t": "open", "whiteboard": sketch})
		b.until("elements")
	}
	at := func(b *browser, here map[string]any) { b.say(map[string]any{"t": "here", "here": here}) }
	for _, bad := range []map[string]any{
		{"x": 1e300}, {"tool": "hammer"}, {"selected": []string{"<script>"}}, {"selected": make([]string, maxSelected+1)},
		{"drafts": []any{map[string]any{"id": "e", "type": "iframe"}}}, {"view": map[string]any{"x": "left"}},
	} {
		bad["y"] = 666
		at(second, bad)
	}
	at(second, map[string]any{"x": 12.345, "y": -3, "tool": "laser", "down": true, "selected": []string{"first"}, "drafts": []json.RawMessage{shape("draft", 3)}})
	names := first.await("where Mia is", func(list map[id.UserID]here, _ string, _ []string) bool {
		h, there := list[mia]
		if there && (h.Y == nil || *h.Y != -3) {
			t.Fatalf("it is told of Mia %+v", h)
		}
		return there && *h.X == 12.3 && h.Tool == "laser" && h.Down && len(h.Selected) == 1 && len(h.Drafts) == 1
	})
	// Who comes later is told at once.
	third, _ := l.enter(t, gast, nil)
	third.say(map[string]any{"t": "open", "whiteboard": sketch})
	third.await("where Mia is", func(list map[id.UserID]here, _ string, _ []string) bool { _, there := list[mia]; return there })
	// Who may not edit draws nothing and presents nothing.
	at(third, map[string]any{"x": 1, "drafts": []json.RawMessage{shape("draft", 3)}, "presenting": true})
	first.await("where the guest is", func(list map[id.UserID]here, presenter string, _ []string) bool {
		h, there := list[gast]
		if there && (len(h.Drafts) > 0 || presenter != "") {
			t.Fatalf("the guest draws or presents: %+v, %q", h, presenter)
		}
		return there
	})
	second.say(map[string]any{"t": "open", "whiteboard": other})
	first.await("that Mia has gone", func(_ map[id.UserID]here, _ string, gone []string) bool { return slices.Contains(gone, names[mia]) })
}

// However fast a page speaks, where it is in the end is told: it may stay there for long.
func TestTheLatestOfTooMuchIsTold(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	first, _ := l.enter(t, anna, nil)
	second, _ := l.enter(t, mia, nil)
	for _, b := range []*browser{first, second} {
		b.say(map[string]any{"t": "open", "whiteboard": sketch})
		b.until("elements")
	}
	const last = 10 * hereAtOnce
	for x := range last + 1 {
		second.say(map[string]any{"t": "here", "here": map[string]any{"x": x}})
	}
	first.await("where Mia is in the end", func(list map[id.UserID]here, _ string, _ []string) bool {
		h, there := list[mia]
		return there && *h.X == last
	})
}

// What is kept for those at a whiteboard goes with the last of them, so that whoever opens one
// after the other, or such as there are not, leaves nothing behind.
func TestLeftWhiteboardsTakeNoRoom(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	stays, _ := l.enter(t, anna, nil)
	stays.say(map[string]any{"t": "open", "whiteboard": sketch})
	stays.until("elements")
	restless, _ := l.enter(t, mia, nil)
	for i := range lookupsAtOnce - 2 {
		restless.say(map[string]any{"t": "open", "whiteboard": fmt.Sprintf("whiteboard%010d", i)})
		restless.until("elements")
	}
	restless.say(map[string]any{"t": "open", "whiteboard": sketch})
	restless.until("elements")
	restless.say(map[string]any{"t": "here", "here": map[string]any{"x": 1}})
	stays.await("where Mia is", func(list map[id.UserID]here, _ string, _ []string) bool { _, there := list[mia]; return there })
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	for room, g := range l.hub.open {
		if len(g.stages) != 1 || len(g.sheets) != 1 {
			t.Errorf("%d whiteboards and the people on %d are kept for %s, want one", len(g.sheets), len(g.stages), room)
		}
	}
}

// One presents at a time; a moderator takes over, others do not.
func TestPresenting(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.whiteboards(t)
	l.room.Power.Redact = 50
	moderator, _ := l.enter(t, anna, nil)
	presenter, _ := l.enter(t, mia, nil)
	rival, _ := l.enter(t, mia, nil)
	for _, b := range []*browser{moderator, presenter, rival} {
		b.say(map[string]any{"t": "open", "whiteboard": sketch})
		b.until("elements")
	}
	say := func(b *browser, on bool, x int) {
		b.say(map[string]any{"t": "here", "here": map[string]any{"presenting": on, "x": x}})
	}
	presents := func(x float64) (page string) {
		moderator.await(fmt.Sprintf("who presents after %v", x), func(list map[id.UserID]here, who string, _ []string) bool {
			page = who
			for _, h := range list {
				if h.X != nil && *h.X == x {
					return true
				}
			}
			return false
		})
		return page
	}
	say(presenter, true, 1)
	first := presents(1)
	say(rival, true, 2)
	if second := presents(2); first == "" || second != first {
		t.Errorf("%q presents, and then %q", first, second)
	}
	say(moderator, true, 3)
	taken := presents(3)
	say(presenter, true, 4) // it has not heard yet
	if still := presents(4); taken == first || still != taken {
		t.Errorf("%q took over from %q, and then %q presents", taken, first, still)
	}
	say(moderator, false, 5)
	if nobody := presents(5); nobody != "" {
		t.Errorf("%q presents after all have stopped", nobody)
	}
}
