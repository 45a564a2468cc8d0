package tests

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"werkraum/tests/page"
)

// editor is somebody who draws, and whose line breaks again and again. What was not
// acknowledged is sent again, as the page does.
type editor struct {
	t       *testing.T
	house   *house
	session page.Session
	at      string
	name    string
	rng     *rand.Rand
	page    *page.Page
	pending map[string]object // by the ID of the act
	acts    int
	broken  int
}

// connect opens the page, again if the line breaks before all is there: who is slow to read is
// let go, and comes back.
func (e *editor) connect(ctx context.Context) error {
	return persist(ctx, func(ctx context.Context) error {
		err := e.open(ctx)
		if err != nil && e.page != nil {
			_ = e.page.Close()
		}
		return err
	})
}

// open opens the page, going on where the last one ended as often as not.
func (e *editor) open(ctx context.Context) error {
	o := page.Options{Session: e.session.Token}
	if e.page != nil && e.rng.IntN(2) == 0 {
		e.page.Look(func(st *page.State) {
			if (st.Complete || st.Resumed) && st.Opened == e.at {
				seq := st.Seq
				o.Since, o.Epoch, o.Items, o.Whiteboard = &seq, st.Epoch, maps.Clone(st.Items), e.at
			}
		})
	}
	p, err := page.Open(ctx, e.house.URL, o)
	if err != nil {
		return err
	}
	e.page = p
	resumed := false
	p.Look(func(st *page.State) { resumed = st.Resumed })
	if !resumed {
		if err := p.OpenWhiteboard(ctx, e.at); err != nil {
			return err
		}
		if err := p.Await(ctx, "the whiteboard", func(st *page.State) bool { return st.Complete && st.Opened == e.at }); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.pending)) {
		if err := p.DoAs(ctx, name, "whiteboard.draw", e.pending[name]); err != nil {
			return err
		}
	}
	return nil
}

// acknowledged forgets what the server has done.
func (e *editor) acknowledged() {
	e.page.Look(func(st *page.State) {
		for name := range e.pending {
			if _, done := st.Acks[name]; done {
				delete(e.pending, name)
			}
			if refusal := st.Refusals[name]; refusal != nil {
				e.t.Errorf("%s is refused: %v", e.name, refusal)
				delete(e.pending, name)
			}
		}
	})
}

// step draws something new, or alters or takes away what somebody has drawn.
func (e *editor) step(ctx context.Context) error {
	var known map[string]page.Item
	e.page.Look(func(st *page.State) { known = st.Elements(e.at) })
	list := make([]object, 0, 3)
	for range 1 + e.rng.IntN(3) {
		id, version := fmt.Sprintf("%s%d-%d", e.name, e.acts, len(list)), 1
		if names := slices.Sorted(maps.Keys(known)); len(names) > 0 && e.rng.IntN(3) > 0 {
			id = names[e.rng.IntN(len(names))]
			held, _ := known[id].Fields["version"].(float64)
			version = int(held) + 1 + e.rng.IntN(2)
			delete(known, id) // once in an act
		}
		drawn := shape(id, version)
		drawn["x"], drawn["versionNonce"], drawn["isDeleted"] = e.rng.IntN(1000), e.rng.IntN(1<<30), e.rng.IntN(8) == 0
		list = append(list, drawn)
	}
	e.acts++
	act := fmt.Sprintf("%s-act-%04d", e.name, e.acts)
	e.pending[act] = object{"whiteboard": e.at, "elements": list}
	return e.page.DoAs(ctx, act, "whiteboard.draw", e.pending[act])
}

func (e *editor) run(ctx context.Context, steps int) error {
	if err := e.connect(ctx); err != nil {
		return err
	}
	for range steps {
		err := e.step(ctx)
		if e.rng.IntN(8) == 0 || err != nil {
			_ = e.page.Close()
			e.broken++
			err = e.connect(ctx)
		}
		if err != nil {
			return err
		}
		e.acknowledged()
	}
	for {
		err := e.page.Await(ctx, "all that was drawn to be acknowledged", func(st *page.State) bool {
			for name := range e.pending {
				if _, done := st.Acks[name]; !done && st.Refusals[name] == nil {
					return false
				}
			}
			return true
		})
		e.acknowledged()
		if err == nil || ctx.Err() != nil {
			return err
		}
		_ = e.page.Close()
		if err := e.connect(ctx); err != nil {
			return err
		}
	}
}

// Several people draw at once, alter what others draw and lose the line again and again:
// when all is acknowledged, all of them see the same, and the room's log holds it too.
func TestWhiteboardConverges(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		at := newWhiteboard()
		board.do("whiteboard.add", object{"whiteboard": at, "title": "Gemeinsam"})
		board.whiteboard(at)
		ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
		defer cancel()
		editors := make([]*editor, 5)
		var group sync.WaitGroup
		errs := make([]error, len(editors))
		for i := range editors {
			who := []*person{s.anna, s.mia}[i%2]
			editors[i] = &editor{t: t, house: s.house, session: who.signIn(s.house, s.room), at: at, name: fmt.Sprintf("editor%d", i), rng: rand.New(rand.NewPCG(uint64(i), 7)), pending: map[string]object{}}
			t.Cleanup(func() {
				if p := editors[i].page; p != nil {
					_ = p.Close()
				}
			})
			group.Go(func() { errs[i] = editors[i].run(ctx, 60) })
		}
		group.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		scene := func(st pageState) map[string]page.Item { return st.Elements(at) }
		fresh := s.page(s.mia)
		fresh.whiteboard(at)
		var want map[string]page.Item
		fresh.Look(func(st pageState) { want = scene(st) })
		if len(want) < 20 {
			t.Errorf("only %d elements are left", len(want))
		}
		broken := 0
		for _, e := range editors {
			broken += e.broken
			if len(e.pending) > 0 {
				t.Errorf("%s waits for %d acts", e.name, len(e.pending))
			}
			tb := &tab{e.page, t}
			tb.await(e.name+" to see what the server has", func(st pageState) bool { return difference(scene(st), want) == "" })
		}
		if broken < 10 {
			t.Errorf("the line broke %d times: the test tries nothing", broken)
		}
		s.reproduced(board, s.anna)
	})
}
