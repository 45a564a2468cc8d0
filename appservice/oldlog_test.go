package appservice

import (
	"fmt"
	"testing"
	"time"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

// longDrawn is a room in which people have drawn for days: most of it more than a day ago, now
// and then they worked on a card. It returns how many changes that are.
func (s *stage) longDrawn(old, young int) (last int64) {
	s.t.Helper()
	b := &store.Batch{Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true, Read: stateForm, Noted: true}}}
	for n := 1; n <= old+young; n++ {
		at := time.Now().Add(-25 * time.Hour).Add(time.Duration(n) * time.Millisecond)
		if n > old {
			at = time.Now().Add(-time.Hour).Add(time.Duration(n) * time.Millisecond)
		}
		op := workspace.Op{Item: whiteboard.ItemID(sheet, "a"), Kind: whiteboard.KindElement, Set: map[string]workspace.Value{whiteboard.Version: workspace.Int(int64(n))}}
		if n%100 == 0 {
			op = workspace.Op{Item: "karte", Kind: board.KindCard, Set: map[string]workspace.Value{board.Title: workspace.String(fmt.Sprint(n))}}
		}
		b.Commits = append(b.Commits, workspace.Commit{Seq: int64(n), Won: []workspace.Op{op}, Before: []workspace.Op{op}, Change: workspace.Change{
			ID: workspace.ChangeID(fmt.Sprint("c", n)), By: anna, Via: workspace.ViaWidget, At: workspace.Stamp{Time: uint64(at.UnixMilli()) << 16, Origin: "@werkraum:a.example"}, Ops: []workspace.Op{op}}})
	}
	last = int64(old + young)
	b.Room.Seq, b.Room.Published = last, last
	s.put(b)
	return last
}

// logOf are the places of the changes that the log holds, of drawing and of everything else.
func (s *stage) logOf() (drawing, rest []int64) {
	s.t.Helper()
	commits, err := s.store.CommitsAfter(s.t.Context(), room, 0, 1<<20)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range commits {
		if onlyDrawn(c.Change.Ops) {
			drawing = append(drawing, c.Seq)
		} else {
			rest = append(rest, c.Seq)
		}
	}
	return drawing, rest
}

// Of what was drawn the log loses what is old and no page catches up from, in steps; everything
// else stays. What has gone cannot be taken back, with a sentence that says so.
func TestLogForgetsOldDrawing(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	const over = 2*expireAtOnce + 30 // more than two steps do
	last := s.longDrawn(over+store.KeptCommits-1000, 1000)
	s.start()
	await(t, "old drawing to go", func() bool {
		drawing, _ := s.logOf()
		return len(drawing) > 0 && drawing[0] > last-store.KeptCommits
	})
	drawing, rest := s.logOf()
	if len(rest) != int(last)/100 || len(drawing) != store.KeptCommits-store.KeptCommits/100 {
		t.Errorf("left are %d changes of cards and %d of drawing, of %d", len(rest), len(drawing), last)
	}
	s.view(func(v watch.View) {
		if from := v.Room.DrawnFrom; from == 0 || from > last-store.KeptCommits || v.Room.LogFrom != 0 {
			t.Errorf("it is gone up to %d, and the whole log up to %d", from, v.Room.LogFrom)
		}
	})
	done := make(chan error, 1)
	s.Undo(room, anna, "undo", "c1", func(_ int64, err error) { done <- err })
	if err := <-done; !refusedAs(err, workspace.NotFound) {
		t.Errorf("taking back what is gone: %v", err)
	}
}

// What is young stays, and so does what the room has not heard of, or may have to hear again.
func TestLogKeepsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old    int
		script string
		want   int
	}{
		"old and published": {100, `SELECT 1`, 99},
		"young":             {0, `SELECT 1`, 0},
		"not published":     {100, `UPDATE rooms SET published = 10`, 10},
		"still to be sent":  {100, `INSERT INTO outbox (txn_id, n, room_id, body) VALUES ('t', 1, '` + string(room) + `', '{}')`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setStage(t, bots.New())
			last := s.longDrawn(c.old, store.KeptCommits+100-c.old)
			s.script(c.script)
			row, err := s.store.Load(t.Context(), room)
			if err != nil {
				t.Fatal(err)
			}
			before := s.now().Add(-logAtLeast)
			if rooms, err := s.store.RoomsWithDrawing(t.Context(), before); err != nil || len(rooms) != min(c.want, 1) {
				t.Errorf("in %v something is to be forgotten, %v", rooms, err)
			}
			if _, n, err := s.store.DrawnBefore(t.Context(), room, min(row.Published, last-store.KeptCommits), before, 1000); err != nil || n != c.want {
				t.Errorf("%d changes are to be forgotten, want %d; %v", n, c.want, err)
			}
		})
	}
}
