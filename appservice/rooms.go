package appservice

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

// rooms knows the workers. A worker is started when its room first has
// something to do and retires after it has been idle for a while.
type rooms struct {
	service *Service
	slots   chan struct{} // bounds events under way

	mu      sync.Mutex
	workers map[id.RoomID]*worker
	ctx     context.Context // of Run; nil before it
	group   *errgroup.Group
}

func newRooms(s *Service) *rooms {
	return &rooms{service: s, slots: make(chan struct{}, eventsUnderWay), workers: map[id.RoomID]*worker{}}
}

func (r *rooms) start(ctx context.Context, group *errgroup.Group) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ctx, r.group = ctx, group
	for _, w := range r.workers {
		group.Go(func() error { w.run(ctx); return nil })
	}
}

// worker returns the room's worker and starts it if there is none.
func (r *rooms) worker(room id.RoomID) *worker {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.workers[room]; w != nil {
		return w
	}
	w := &worker{Service: r.service, id: room, wake: make(chan struct{}, 1), bad: map[id.EventID]string{}, keyless: map[id.UserID]time.Time{}, asked: map[id.SessionID]asking{},
		people: pace.New(r.service.Limits.Commands), crowd: pace.New(r.service.Limits.RoomCommands)}
	r.workers[room] = w
	if r.group != nil {
		ctx := r.ctx
		r.group.Go(func() error { w.run(ctx); return nil })
	}
	r.service.metrics.rooms.Set(float64(len(r.workers)))
	return w
}

const eventsUnderWay = 20_000

// takeSlot takes one of the slots for events under way, if there is one.
func (r *rooms) takeSlot() bool {
	select {
	case r.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// retire takes an idle worker out; false means that something has come in.
func (r *rooms) retire(w *worker) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.jobs)+len(w.events)+len(w.parked) > 0 || w.reading {
		return false
	}
	w.retired = true
	delete(r.workers, w.id)
	r.service.metrics.rooms.Set(float64(len(r.workers)))
	return true
}

// Visit calls f in the room's own goroutine, between two steps: what f sees is
// stored, and no commit gets lost between what f sees and the next Happening.
func (s *Service) Visit(ctx context.Context, room id.RoomID, f func(watch.View)) error {
	return s.rooms.worker(room).await(ctx, job{run: func(w *worker, st *step) error {
		// After the step, so that a commit of this very step is seen too.
		st.after = append(st.after, func() {
			f(watch.View{Room: w.room, Board: w.board, Comments: w.comments, Open: w.open(), Own: w.works(w.row)})
		})
		return nil
	}})
}

// open reports whether people can work in the room together. In a direct chat they
// cannot: what is there is one person's own.
func (w *worker) open() bool { return w.works(w.row) && w.row.Info.Direct == "" }

// works reports whether work can be done in a room: by all of its members, or in a
// direct chat by the one whose it is.
func (s *Service) works(row store.Room) bool {
	readable := !row.Info.Encrypted || !s.lacksEncryption()
	return row.Joined && readable && row.Info.Successor == ""
}

// Do has a person's act done that came by the page. reply is called, from the
// room's goroutine, when it is durable and everybody was told, with its place
// in the room's log; or with why it was not done. The same change done again
// replies with the place that it already has.
func (s *Service) Do(room id.RoomID, by id.UserID, change workspace.ChangeID, a workspace.Act, reply func(seq int64, err error)) {
	s.DoVia(workspace.ViaWidget, room, by, change, a, reply)
}

// DoVia is Do for an act that came by other means than the page.
func (s *Service) DoVia(via workspace.Via, room id.RoomID, by id.UserID, change workspace.ChangeID, a workspace.Act, reply func(seq int64, err error)) {
	if save, ok := a.(whiteboard.Save); ok {
		s.save(via, room, by, change, save, reply)
		return
	}
	s.propose(room, by, change, reply, func(w *worker, st *step) (workspace.Commit, error) {
		return w.act(st, by, via, change, a)
	})
}

// Undo takes a change back, the person's last one if target is "".
func (s *Service) Undo(room id.RoomID, by id.UserID, change, target workspace.ChangeID, reply func(seq int64, err error)) {
	s.UndoVia(workspace.ViaWidget, room, by, change, target, reply)
}

// UndoVia is Undo by other means than the page.
func (s *Service) UndoVia(via workspace.Via, room id.RoomID, by id.UserID, change, target workspace.ChangeID, reply func(seq int64, err error)) {
	s.propose(room, by, change, reply, func(w *worker, st *step) (workspace.Commit, error) {
		return w.undo(st, by, via, change, target)
	})
}

var roomClosed = workspace.Text{
	De: "In diesem Raum kann Werkraum gerade nicht arbeiten. Bitte öffnen Sie den Raum in Ihrem Chatprogramm; dort steht, warum.",
	En: "Werkraum cannot work in this room at the moment. Please open the room in your chat program; it says why.",
}

func (s *Service) propose(room id.RoomID, by id.UserID, change workspace.ChangeID, reply func(int64, error), f func(*worker, *step) (workspace.Commit, error)) {
	var seq int64
	came := s.now()
	s.rooms.worker(room).submit(&job{
		change: change,
		run: func(w *worker, st *step) error {
			if !w.works(w.row) {
				return workspace.Refuse(workspace.Forbidden, roomClosed)
			}
			if known := w.knownChange(st, change); known > 0 {
				seq = known
				return nil
			}
			w.furnishList(st, by)
			commit, err := f(w, st)
			if err != nil {
				return err
			}
			seq = commit.Seq
			if len(commit.Fresh) > 0 {
				w.announceFresh(st, commit)
			}
			st.accepted = append(st.accepted, came)
			return nil
		},
		done: func(err error) { reply(seq, err) },
	})
}

// knownChange returns the place of a change that was made before, 0 if there
// is none.
func (w *worker) knownChange(st *step, change workspace.ChangeID) int64 {
	for _, c := range st.Commits {
		if c.Change.ID == change {
			return c.Seq
		}
	}
	return st.known[change]
}

// Comments returns the last comments of a card, oldest first.
func (s *Service) Comments(ctx context.Context, room id.RoomID, card workspace.ItemID) ([]store.Comment, error) {
	return s.store.Comments(ctx, room, card, maxComments)
}

// History returns at most limit commits that tell something of a card and lie before a
// place in the room's log, the newest first.
func (s *Service) History(ctx context.Context, room id.RoomID, card workspace.ItemID, before int64, limit int) ([]workspace.Commit, error) {
	return s.store.History(ctx, room, workspace.Key{Kind: board.KindCard, ID: card}, before, limit)
}

const maxComments = 200
