package live

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

func TestSnapshot(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.add(t, firstCards+3, "")
	l.comments["card-1"] = 2
	b, welcome := l.enter(t, anna, map[string]any{"room": "!anderer:amt.example"})
	if welcome.Seq != l.room.Seq || welcome.Resumed || welcome.Epoch != l.store.Epoch() || welcome.Total != firstCards+6 ||
		!welcome.Me.Can.Edit || !welcome.Me.Can.Configure || len(welcome.Members) != 3 || !slices.Equal(welcome.Viewers, []id.UserID{anna}) {
		t.Errorf("welcome is %+v", welcome)
	}
	if !strings.Contains(string(welcome.Room), string(project)) { // whatever the page asked for
		t.Errorf("room is %s", welcome.Room)
	}
	first, rest := b.next(), b.next()
	if len(first.Items) != 3+firstCards || !first.More || len(rest.Items) != 3 || rest.More {
		t.Errorf("snapshot of %d items (more: %t) and %d items (more: %t)", len(first.Items), first.More, len(rest.Items), rest.More)
	}
	if m := b.next(); m.T != "count" || m.Card != "card-1" || string(m.Comments) != "2" {
		t.Errorf("got %+v, want the count of comments", m)
	}
	b.settle()
}

// Of several boards the first one's cards come first, then the top cards of the others.
func TestSnapshotBeginsWithTheFirstBoard(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	if _, err := l.act(anna, "b", board.On(board.AddBoard{Board: "b", Title: "B", Template: "onboarding"})); err != nil {
		t.Fatal(err)
	}
	l.add(t, firstCards+3, "")
	b, _ := l.enter(t, anna, nil)
	first, rest := b.next(), b.next()
	kinds := map[workspace.Kind]int{}
	for _, it := range first.Items {
		kinds[it.Kind]++
	}
	if kinds[board.KindBoard] != 1 || kinds[board.KindColumn] != 3+5 || kinds[board.KindCard] != firstCards {
		t.Errorf("the first message holds %v, want all boards and columns and the first board's top cards", kinds)
	}
	if len(rest.Items) != 6+3 || !slices.ContainsFunc(rest.Items[:6], func(it shownItem) bool { return it.Fields["number"] == "1" }) {
		t.Errorf("the next message holds %d items, want the other board's top cards before the rest", len(rest.Items))
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.add(t, 5, "")
	seq, epoch := l.room.Seq, l.store.Epoch()
	for name, c := range map[string]struct {
		since   int64
		epoch   string
		resumed bool
	}{
		"nothing missed":     {seq, epoch, true},
		"three missed":       {seq - 3, epoch, true},
		"from the beginning": {0, epoch, true},
		"another database":   {seq, "ANOTHER", false},
		"no epoch":           {seq, "", false},
		"from the future":    {seq + 1, epoch, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, welcome := l.enter(t, anna, map[string]any{"since": c.since, "epoch": c.epoch})
			if welcome.Resumed != c.resumed || welcome.Seq != seq {
				t.Fatalf("welcome is %+v, want resumed %t", welcome, c.resumed)
			}
			if !c.resumed {
				if m := b.next(); m.T != "items" {
					t.Errorf("got %+v, want the snapshot", m)
				}
				return
			}
			for n := c.since + 1; n <= seq; n++ {
				if m := b.next(); m.T != "commit" || m.Seq != n {
					t.Errorf("got %+v, want commit %d", m, n)
				}
			}
			b.settle()
		})
	}
}

func TestWhoMissedTooMuchGetsTheRoom(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.add(t, maxResume+10, "")
	for behind, resumed := range map[int64]bool{maxResume: true, maxResume + 1: false} {
		b, welcome := l.enter(t, mia, map[string]any{"since": l.room.Seq - behind, "epoch": l.store.Epoch()})
		if welcome.Resumed != resumed {
			t.Errorf("%d behind: resumed is %t", behind, welcome.Resumed)
		}
		if resumed {
			for n := l.room.Seq - behind + 1; n <= l.room.Seq; n++ {
				if m := b.until("commit"); m.Seq != n {
					t.Fatalf("got commit %d, want %d", m.Seq, n)
				}
			}
		}
		_ = b.conn.CloseNow()
	}
}

// Pages that open while others change the board miss nothing and see nothing twice.
func TestOpeningWhileOthersWork(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	const changes, pages = 60, 6
	var group sync.WaitGroup
	for range pages {
		b, welcome := l.enter(t, mia, map[string]any{"since": l.room.Seq, "epoch": l.store.Epoch()})
		group.Go(func() {
			for n := welcome.Seq + 1; n <= changes+1; n++ {
				m, err := b.read()
				for err == nil && m.T != "commit" {
					m, err = b.read()
				}
				if err != nil || m.Seq != n {
					t.Errorf("got commit %d, error %v; want %d", m.Seq, err, n)
					return
				}
			}
		})
		for range changes / pages {
			if _, err := l.act(anna, workspace.ChangeID(rand.Text()), board.On(board.AddCard{Card: workspace.ItemID(rand.Text()), Title: "x"})); err != nil {
				t.Fatal(err)
			}
		}
	}
	group.Wait()
}

func TestFramesAreCompressedAboveTheLimit(t *testing.T) {
	t.Parallel()
	for size, binary := range map[int]bool{compressAbove: false, compressAbove + 1: true} {
		if f := newFrame([]byte(strings.Repeat("x", size))); f.binary != binary {
			t.Errorf("%d bytes: binary is %t", size, f.binary)
		}
	}
	l := setUp(t)
	b := l.openPage(t, anna)
	long := strings.Repeat("Grüße ", 1500)
	if _, err := l.act(mia, "long-change", board.On(board.AddCard{Card: "long", Title: "x", Description: long})); err != nil {
		t.Fatal(err)
	}
	if m := b.until("commit"); !m.binary || m.size <= compressAbove || m.ID != "long-change" {
		t.Errorf("a commit of %d bytes came as binary %t", m.size, m.binary)
	}
	if _, err := l.act(mia, "short-change", board.On(board.AddCard{Card: "short", Title: "x"})); err != nil {
		t.Fatal(err)
	}
	if m := b.until("commit"); m.binary || m.ID != "short-change" {
		t.Errorf("a commit of %d bytes came as binary %t", m.size, m.binary)
	}
}

// A page that does not read is dropped once its queue is full; others do not
// notice, and it can go on from where it was.
func TestSlowPageIsDroppedAndOthersGoOn(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	slow, quick := l.openPage(t, mia), l.openPage(t, anna)
	commits := l.add(t, queueLength+50, "")
	for _, c := range commits {
		l.happen(nil, watch.Happening{Commits: []workspace.Commit{c}})
		if m := quick.until("commit"); m.Seq != c.Seq {
			t.Fatalf("the quick page got commit %d, want %d", m.Seq, c.Seq)
		}
	}
	if got := l.metric(t, "werkraum_pages_dropped_total"); got != 1 {
		t.Errorf("%v pages were dropped, want 1", got)
	}
	next := commits[0].Seq
	m := slow.next()
	for ; m.T != "bye"; m = slow.next() {
		if m.T != "commit" {
			continue
		}
		if m.Seq != next {
			t.Fatalf("the slow page got commit %d, want %d", m.Seq, next)
		}
		next++
	}
	if m.Reason != "slow" || next > commits[len(commits)-1].Seq {
		t.Errorf("the slow page got all up to %d and %+v", next-1, m)
	}
	again, welcome := l.enter(t, mia, map[string]any{"since": next - 1, "epoch": l.store.Epoch()})
	if !welcome.Resumed {
		t.Error("it could not resume")
	}
	for ; next <= commits[len(commits)-1].Seq; next++ {
		if m := again.until("commit"); m.Seq != next {
			t.Fatalf("resumed: got commit %d, want %d", m.Seq, next)
		}
	}
}

func TestWhoIsRemovedIsToldAndOthersStay(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	stays, first, second := l.openPage(t, anna), l.openPage(t, mia), l.openPage(t, mia)
	stays.until("viewers")
	l.happen(func(r *workspace.Room) { r.Members[mia] = workspace.Member{Membership: workspace.Left} },
		watch.Happening{Members: map[id.UserID]workspace.Member{mia: {Membership: workspace.Left}}, Removed: []id.UserID{mia}})
	for _, b := range []*browser{first, second} {
		if m := b.bye("removed"); m.Message != removedText.En {
			t.Errorf("it says %q", m.Message)
		}
	}
	if m := stays.until("member"); m.User != mia || m.Joined {
		t.Errorf("the other page is told %+v", m)
	}
	if m := stays.until("viewers"); !slices.Equal(m.Viewers, []id.UserID{anna}) {
		t.Errorf("viewers are %v", m.Viewers)
	}
	stays.quiet()

	// And does not come back with the session that is still in the store.
	b := l.connect(t)
	b.say(map[string]any{"t": "hello", "session": l.session(t, mia, time.Hour), "lang": "de"})
	if m := b.bye("removed"); !strings.Contains(m.Message, "kein Mitglied") {
		t.Errorf("it says %q", m.Message)
	}
}

func TestRoomThatIsGone(t *testing.T) {
	t.Parallel()
	for successor, reason := range map[id.RoomID]string{"": "removed", "!neu:amt.example": "moved"} {
		l := setUp(t)
		b := l.openPage(t, anna)
		l.happen(func(r *workspace.Room) { r.Successor = successor }, watch.Happening{Gone: true, Successor: successor})
		if m := b.bye(reason); successor != "" && string(m.Room) != `"`+string(successor)+`"` {
			t.Errorf("moved to %s", m.Room)
		}
		l.mu.Lock()
		l.open = false
		l.mu.Unlock()
		b = l.connect(t)
		b.say(map[string]any{"t": "hello", "session": l.session(t, anna, time.Hour)})
		b.bye("removed")
	}
}

func TestSessionThatExpiresWhileThePageIsOpen(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	for ttl := time.Second; ; ttl *= 2 {
		b := l.connect(t)
		b.say(map[string]any{"t": "hello", "session": l.session(t, anna, ttl), "lang": "de"})
		m := b.next()
		if m.T == "bye" && m.Reason == "expired" && ttl < patience/2 {
			continue // a busy machine did not open the page within that time
		}
		if m.T != "welcome" {
			t.Fatalf("got %+v, want the welcome", m)
		}
		if m := b.bye("expired"); m.Message != expiredText.De {
			t.Errorf("it says %q", m.Message)
		}
		return
	}
}

func TestRightsAreToldAgain(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	b, welcome := l.enter(t, gast, nil)
	if welcome.Me.Can.Edit || welcome.Me.Can.Configure {
		t.Errorf("who may only look is told %+v", welcome.Me.Can)
	}
	b.say(change("change-1", "x"))
	if m := b.until("no"); m.Error.Kind != workspace.Forbidden || m.Error.Message == "" {
		t.Errorf("refused with %+v", m.Error)
	}
	l.happen(func(r *workspace.Room) { r.Power.Users[gast] = 10 }, watch.Happening{Rights: true})
	if m := b.until("you"); !m.Can.Edit || m.Can.Configure {
		t.Errorf("told %+v", m.Can)
	}
	b.say(change("change-1", "x")) // the same again, now with the right
	b.until("ack")
}

func TestViewersAreNamedOnce(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	watching := l.openPage(t, anna)
	first := l.openPage(t, mia)
	if m := watching.until("viewers"); !slices.Equal(m.Viewers, []id.UserID{anna, mia}) {
		t.Errorf("viewers are %v", m.Viewers)
	}
	second, welcome := l.enter(t, mia, nil)
	if !slices.Equal(welcome.Viewers, []id.UserID{anna, mia}) {
		t.Errorf("viewers in the welcome are %v", welcome.Viewers)
	}
	second.until("items")
	watching.quiet() // nobody new
	_ = first.conn.Close(websocket.StatusNormalClosure, "")
	awaitPages(t, l, 2)
	watching.quiet() // one page of hers is still open
	_ = second.conn.CloseNow()
	if m := watching.until("viewers"); !slices.Equal(m.Viewers, []id.UserID{anna}) {
		t.Errorf("viewers are %v", m.Viewers)
	}
}

// awaitPages waits until so many pages are open.
func awaitPages(t *testing.T, l *lab, want int) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		got := l.metric(t, "werkraum_pages_open")
		if got == float64(want) {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%v pages are open, want %d", got, want)
		case <-tick.C:
		}
	}
}

func TestChangeIsMadeOnce(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	b, other := l.openPage(t, anna), l.openPage(t, mia)
	b.say(change("change-1", "Angebot <b>einholen</b> \u202e🙂"))
	commit, ack := b.until("commit"), b.next()
	if commit.ID != "change-1" || commit.By != anna || ack.T != "ack" || ack.ID != "change-1" || ack.Seq != commit.Seq {
		t.Errorf("commit %+v, then %+v", commit, ack)
	}
	if m := other.until("commit"); m.Seq != commit.Seq {
		t.Errorf("the other page got %+v", m)
	}
	b.say(change("change-1", "Angebot")) // sent again after an outage
	if m := b.next(); m.T != "ack" || m.Seq != commit.Seq {
		t.Errorf("sent again: %+v", m)
	}
	b.say(map[string]any{"t": "do", "id": "change-2", "act": "undo", "args": map[string]any{"change": "change-1"}})
	if m := b.until("ack"); m.Seq != commit.Seq+1 {
		t.Errorf("undone: %+v", m)
	}
	if !l.room.Item(workspace.Key{Kind: board.KindCard, ID: "change-1"}).Deleted() {
		t.Error("the card is still there")
	}
}

func TestBadMessagesChangeNothing(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	b := l.openPage(t, anna)
	seq := l.room.Seq
	refused := func(message map[string]any) {
		t.Helper()
		b.say(message)
		if m := b.next(); m.T != "no" || m.ID != message["id"] || m.Error.Kind != workspace.Invalid || m.Error.Message == "" {
			t.Errorf("%v: got %+v", message, m)
		}
	}
	for _, bad := range []string{"", "short", strings.Repeat("x", 65), "bot.change", "änderung", "mit leer", "change\x001", "../../etc"} {
		refused(map[string]any{"t": "do", "id": bad, "act": "card.add", "args": map[string]any{"card": "c", "title": "x"}})
	}
	for _, c := range []struct {
		act  string
		args any
	}{
		{"card.explode", map[string]any{}}, {"", nil}, {"card.add", nil}, {"card.add", []int{1}}, {"card.add", map[string]any{"card": "c", "title": 1}},
		{"card.add", map[string]any{"card": "c", "title": "x", "unknown": true}}, {"card.add", map[string]any{"card": "../c", "title": "x"}},
		{"undo", []int{1}},
	} {
		refused(map[string]any{"t": "do", "id": "change-bad", "act": c.act, "args": c.args})
	}
	b.say(change("change-long", strings.Repeat("x", 40_000)))
	if m := b.next(); m.T != "no" || m.Error.Kind != workspace.TooLarge {
		t.Errorf("a title of 40,000 characters: %+v", m)
	}
	for _, card := range []string{"", "a/b", strings.Repeat("x", 65)} { // no answer is due
		b.say(map[string]any{"t": "comments", "card": card})
	}
	b.say(map[string]any{"t": "whatever"})
	b.quiet()
	if l.room.Seq != seq {
		t.Errorf("%d commits were made", l.room.Seq-seq)
	}
}

func TestMessageBeyondTheLimitEndsThePage(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"too large": `{"t":"ping","x":"` + strings.Repeat("x", readLimit) + `"}`, "no JSON": "{"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setUp(t)
			b := l.openPage(t, anna)
			go func() { _ = b.conn.Write(context.WithoutCancel(t.Context()), websocket.MessageText, []byte(text)) }() // it may be cut off
			if m, err := b.read(); err == nil {
				t.Errorf("got %+v, want the end", m)
			}
			awaitPages(t, l, 0)
		})
	}
}

const (
	changesAtOnce    = 500
	changesPerSecond = changesAtOnce / 60.0
)

// A person gone wild is slowed, on however many pages: each change is answered
// clearly, others do not notice, and it goes on afterwards.
func TestThousandChangesAtOnce(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	b, second, other := l.openPage(t, anna), l.openPage(t, anna), l.openPage(t, mia)
	l.mu.Lock()
	l.desk.store = nil // the disk would slow it by itself
	l.mu.Unlock()
	const all = 1000
	began := time.Now()
	go func() {
		for n := range all {
			b.say(change(fmt.Sprintf("change-%d", n), "x"))
		}
	}()
	acks, refusals := 0, 0
	for acks+refusals < all {
		switch m := b.next(); m.T {
		case "ack":
			acks++
		case "no":
			refusals++
			if m.Error.Kind != workspace.RateLimited || m.Error.Message != tooFast.En {
				t.Fatalf("refused with %+v", m.Error)
			}
		case "bye":
			t.Fatalf("the page was dropped: %+v", m)
		}
	}
	second.say(change("on-the-second-page", "x"))
	if m := second.until("no"); m.Error.Kind != workspace.RateLimited {
		t.Errorf("on her second page: %+v", m)
	}
	other.say(change("of-somebody-else", "x"))
	other.until("ack")
	if most := changesAtOnce + int(changesPerSecond*time.Since(began).Seconds()) + 1; acks < changesAtOnce || acks > most {
		t.Errorf("%d changes were made and %d refused; want %d to %d made", acks, refusals, changesAtOnce, most)
	}
	for waiting := time.Now(); ; { // patience is rewarded
		b.say(change("change-after", "x"))
		if m := b.next(); m.T == "commit" || m.T == "ack" {
			break
		}
		if time.Since(waiting) > patience {
			t.Fatal("it never may go on")
		}
	}
}

// All people of a room together are slowed as well, and those of another are not.
func TestRoomIsSlowed(t *testing.T) {
	t.Parallel()
	h := NewHub("", Limits{Changes: pace.Limit{Most: 5, Per: time.Hour}, RoomChanges: pace.Limit{Most: 8, Per: time.Hour}}, nil, nil, prometheus.NewRegistry(), zerolog.Nop())
	made := 0
	for _, user := range []id.UserID{anna, mia, gast} {
		for range 10 {
			if h.Pace(project, user) == nil {
				made++
			}
		}
	}
	if made != 8 {
		t.Errorf("%d changes were made, want 8", made)
	}
	if err := h.Pace("!anderer:amt.example", anna); err != nil {
		t.Errorf("in another room: %v", err)
	}
}

// Who opens page after page gets so many and no more; others get theirs.
func TestPagesOfOnePersonAreBounded(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	var last *browser
	for range maxPagesEach {
		last = l.openPage(t, mia)
	}
	b := l.connect(t)
	b.say(map[string]any{"t": "hello", "session": l.session(t, mia, time.Hour), "lang": "de"})
	if m := b.bye("restart"); m.Message != tooManyText.De {
		t.Errorf("it says %q", m.Message)
	}
	l.openPage(t, anna)
	awaitPages(t, l, maxPagesEach+1)
	_ = last.conn.CloseNow()
	awaitPages(t, l, maxPagesEach)
	l.openPage(t, mia) // one was closed
}

func TestStop(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	a, b := l.openPage(t, anna), l.openPage(t, mia)
	stopped := make(chan struct{})
	go func() {
		l.hub.Stop(t.Context())
		close(stopped)
	}()
	a.bye("restart")
	b.bye("restart")
	<-stopped
	late := l.connect(t)
	late.say(map[string]any{"t": "hello", "session": l.session(t, anna, time.Hour)})
	late.bye("restart")
	awaitPages(t, l, 0)
}
