package appservice

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/pace"
)

// worker is the one goroutine that owns a room. It takes what has come in, a
// step at a time: events in order, and jobs (changes from widgets, outcomes of
// sending, state read back). A step changes the room in memory, writes all of
// its effects in one transaction, and only then tells anybody. If the
// transaction fails, the room is read anew and the step is done again.
type worker struct {
	*Service
	id id.RoomID

	mu     sync.Mutex
	events []*incoming
	parked []parking // what comes after events
	jobs   []*job
	ended  bool // the program stops: jobs are refused
	// retired is set when the worker has been idle and a new one takes over.
	retired bool
	wake    chan struct{}

	// What follows belongs to the goroutine.
	*roomMemory
	// reading is true while state or a message is being read from the
	// homeserver; events wait for it, jobs do not.
	reading bool
	// settling is true once this run has read the state of a room in which the
	// bot has not settled in yet; owed is true if what was read got lost.
	settling, owed bool
	heldUntil      time.Time               // events wait until then; zero: they do not
	keyless        map[id.UserID]time.Time // who last made the room wait for a key in vain
	asked          map[id.SessionID]asking
	askedAt        time.Time             // when keys were last asked for
	bad            map[id.EventID]string // events that broke a step, and why
	// people bounds what each of them asks for, crowd what all together do.
	people, crowd *pace.Limiter
}

// job is something other than an event for a room's worker.
type job struct {
	run func(w *worker, st *step) error
	// change is set where the job proposes one; the step looks up at once
	// which of its changes were made before.
	change workspace.ChangeID
	// done is told the outcome, after it is durable.
	done func(error)
	// must is set for what follows from something done: no limit refuses it.
	must bool
}

const (
	stepInputs  = 256
	maxJobs     = 10_000
	idleTimeout = 15 * time.Minute
)

var overloaded = workspace.Text{
	De: "Gerade ist zu viel auf einmal zu tun. Bitte versuchen Sie es in einem Augenblick noch einmal.",
	En: "There is too much to do right now. Please try again in a moment.",
}

// errAlone asks for the input to be done as the first of a step of its own.
var errAlone = errors.New("input must be alone")

// submit queues a job. A full queue refuses it at once.
func (w *worker) submit(j *job) {
	w.mu.Lock()
	retired, ended, full := w.retired, w.ended, len(w.jobs) >= maxJobs && !j.must
	if !retired && !ended && !full {
		w.jobs = append(w.jobs, j)
	}
	w.mu.Unlock()
	switch {
	case retired:
		w.rooms.worker(w.id).submit(j)
	case ended:
		j.done(context.Canceled)
	case full:
		j.done(workspace.Refuse(workspace.Unavailable, overloaded))
	default:
		w.nudge()
	}
}

// note queues what must not be refused for a full queue and nobody waits for.
func (w *worker) note(run func(*worker, *step) error) {
	w.submit(&job{run: run, done: func(error) {}, must: true})
}

// await submits a job and waits until it is durable.
func (w *worker) await(ctx context.Context, j job) error {
	done := make(chan error, 1)
	j.done = func(err error) { done <- err }
	w.submit(&j)
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *worker) run(ctx context.Context) {
	timer := time.NewTimer(idleTimeout)
	defer timer.Stop()
	lastInput := w.now()
	for {
		select {
		case <-ctx.Done():
			w.refuseRest()
			return
		case <-w.wake:
		case <-timer.C:
		}
		if w.work(ctx) {
			lastInput = w.now()
		}
		next := idleTimeout
		if at := w.nextDeadline(); !at.IsZero() {
			next = max(at.Sub(w.now()), time.Millisecond)
		} else if w.now().Sub(lastInput) >= idleTimeout && w.rooms.retire(w) {
			return
		}
		if at := w.nextMoment(); !at.IsZero() {
			next = min(next, max(at.Sub(w.now()), time.Millisecond))
		}
		timer.Reset(next)
	}
}

// refuseRest answers those who still wait when the program stops. Events stay
// in the inbox.
func (w *worker) refuseRest() {
	w.mu.Lock()
	jobs := w.jobs
	w.jobs, w.ended = nil, true
	w.mu.Unlock()
	for _, j := range jobs {
		j.done(context.Canceled)
	}
}

// work does steps until nothing is left to do; it reports whether there was
// any input.
func (w *worker) work(ctx context.Context) bool {
	any := false
	for ctx.Err() == nil {
		for w.unpark(ctx) {
		}
		jobs, events := w.take()
		if len(jobs)+len(events) == 0 && !w.due() {
			return any
		}
		any = any || len(jobs)+len(events) > 0
		w.complete(ctx, jobs, events)
	}
	return any
}

func (w *worker) take() (jobs []*job, events []*incoming) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.jobs), stepInputs)
	jobs, w.jobs = w.jobs[:n:n], w.jobs[n:]
	if !w.heldUntil.IsZero() && !w.now().Before(w.heldUntil) {
		w.heldUntil = time.Time{}
	}
	if !w.reading && w.heldUntil.IsZero() {
		n = min(len(w.events), stepInputs)
		events, w.events = w.events[:n:n], w.events[n:]
	}
	return jobs, events
}

func (w *worker) putBack(jobs []*job, events []*incoming) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs = append(slices.Clip(jobs), w.jobs...)
	w.events = append(slices.Clip(events), w.events...)
}

// complete does the inputs, however often that takes.
func (w *worker) complete(ctx context.Context, jobs []*job, events []*incoming) {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := w.guard(func() error { return w.try(ctx, jobs, events) })
		if err == nil {
			return
		}
		w.forget() // what is in memory is not what is stored
		w.metrics.retries.WithLabelValues("store").Inc()
		if w.store.Probe(ctx) == nil && !errors.Is(err, errReload) {
			// The database takes other things, so one of the inputs is at fault.
			if len(jobs)+len(events) > 1 {
				jobs, events = w.split(jobs, events)
				continue
			}
			if wait > time.Second {
				w.condemn(ctx, err, jobs, events)
				return
			}
		}
		w.log.Error().Err(err).Stringer("room_id", w.id).Msg("A step failed and is done again")
		if !sleep(ctx, wait) {
			w.putBack(jobs, events)
			return
		}
	}
}

// split keeps the first input and puts the others back.
func (w *worker) split(jobs []*job, events []*incoming) ([]*job, []*incoming) {
	if len(jobs) > 0 {
		w.putBack(jobs[1:], events)
		return jobs[:1], nil
	}
	w.putBack(nil, events[1:])
	return nil, events[:1]
}

// condemn gives up an input that can never be stored.
func (w *worker) condemn(ctx context.Context, cause error, jobs []*job, events []*incoming) {
	for _, j := range jobs {
		w.log.Error().Err(cause).Stringer("room_id", w.id).Msg("A step could not be stored and is given up")
		w.owed = true // it may have brought the room's state
		j.done(workspace.AsError(cause))
	}
	for _, in := range events {
		w.setAside(ctx, []store.SetAside{{Room: w.id, Event: in.ID, Reason: "its effects could not be stored"}})
		w.release(in)
	}
}

// release lets go of an event that needs no more handling.
func (w *worker) release(in *incoming) {
	in.delivery.finish()
	if in.slot {
		<-w.rooms.slots
	}
}

// errReload reports that an input broke and left memory in doubt.
var errReload = errors.New("room must be read anew")

// try does the inputs as one step.
func (w *worker) try(ctx context.Context, jobs []*job, events []*incoming) error {
	if w.roomMemory == nil {
		memory, err := w.load(ctx)
		if err != nil {
			return fmt.Errorf("load room: %w", err)
		}
		w.roomMemory = memory
	}
	w.room.Mute = w.room.Encrypted && w.lacksEncryption()
	st := newStep(ctx, w.now())
	if w.row.Joined && !w.reading && (w.owed || (!w.row.Info.Greeted || w.row.Info.Read != stateForm) && !w.settling) {
		w.settling, w.owed = true, false // a stop came between hearing of something, or entering the room, and reading
		st.read = &readRequest{full: true}
	}
	if err := w.lookUp(st, jobs); err != nil {
		return err
	}
	type outcome struct {
		j   *job
		err error
	}
	outcomes := make([]outcome, 0, len(jobs))
	var leftJobs []*job
	for i, j := range jobs {
		err := w.guard(func() error { return j.run(w, st) })
		if errors.Is(err, errAlone) {
			leftJobs = jobs[i:]
			break
		}
		if errors.Is(err, errReload) {
			j.done(workspace.AsError(err))
			w.putBack(append(slices.Clone(jobs[:i]), jobs[i+1:]...), events)
			w.forget()
			return nil
		}
		outcomes = append(outcomes, outcome{j, err})
	}
	used := 0
	for _, in := range events {
		if st.read != nil && !in.isRoomState() || len(leftJobs) > 0 {
			break
		}
		err := w.guard(func() error { return w.handle(st, in) })
		if errors.Is(err, errReload) {
			w.bad[in.ID] = "handling it failed"
			return err
		}
		if errors.Is(err, errAlone) || errors.Is(err, errHold) {
			break
		}
		if err != nil {
			return err
		}
		used++
		if st.again {
			used--
			break
		}
	}
	w.finishStep(st)
	if st.failed {
		return fmt.Errorf("%w: what is due could not be read", errReload) // no input is at fault
	}
	if device := w.cipher.device.Load(); device != nil && st.rotate && w.room.Encrypted {
		if err := device.Rotate(ctx, w.id); err != nil { // before anybody learns who has gone
			return err
		}
	}
	if !st.empty() {
		if err := w.store.Commit(ctx, st.batch(w)); err != nil {
			return err
		}
	}
	w.putBack(leftJobs, events[used:])
	w.publishStep(st)
	for _, o := range outcomes {
		o.j.done(o.err)
	}
	for _, in := range events[:used] {
		w.metrics.handled.Observe(w.now().Sub(in.received).Seconds())
		if st.read != nil && in.isRoomState() {
			in.delivery.open.Add(1) // until it was read
			st.read.because = append(st.read.because, in)
		}
		w.release(in)
	}
	if st.read != nil {
		w.reading = true
		go w.readBack(ctx, st.read)
	}
	return nil
}

// lookUp finds out which of the jobs' changes are in the log already.
func (w *worker) lookUp(st *step, jobs []*job) (err error) {
	var changes []workspace.ChangeID
	for _, j := range jobs {
		if j.change != "" {
			changes = append(changes, j.change)
		}
	}
	if len(changes) > 0 {
		st.known, err = w.store.SeqsOf(st.ctx, w.id, changes)
	}
	return err
}

// guard turns a panic into errReload, so that one bad event cannot end the
// program. The stack is logged, the event's content is not.
func (w *worker) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.log.Error().Stringer("room_id", w.id).Bytes("stack", debug.Stack()).Msg("Handling an input panicked")
			err = errReload
		}
	}()
	return f()
}

// forget drops the memory of the room; the next step reads it anew.
func (w *worker) forget() { w.roomMemory = nil }
