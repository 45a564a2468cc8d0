package appservice

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidwall/gjson"

	"werkraum/bots"
	"werkraum/store"
)

// incoming is an event on its way to its room's worker.
type incoming struct {
	envelope
	bot      *bots.Event // decoded, if bots listen to it
	fetched  bool        // bot.Fetched was asked for
	turned   bool        // as state, it had its turn
	judged   *judgement  // whether it came too fast; nil until that was judged
	gone     bool        // what was asked for is not there any more
	received time.Time
	delivery *openDelivery
	place    int  // in its delivery
	slot     bool // it holds one of the slots

	decrypted bool // it came encrypted
	waited    bool // the room has waited for its key
	late      bool // its key came late
}

// openDelivery is a delivery some of whose events are not handled yet.
type openDelivery struct {
	id   int64
	open atomic.Int32
	done func(int64)
}

func (d *openDelivery) finish() {
	if d.open.Add(-1) == 0 {
		d.done(d.id)
	}
}

// dispatcher takes deliveries from the inbox in order and hands their events
// to the rooms' workers. It never waits for one: what a room cannot take is
// read again when it can (worker.park). A delivery leaves the inbox when all its
// events are handled; until then a restart hands them out again, and the record
// of handled events keeps them from having their effect twice.
type dispatcher struct {
	*Service
	finished struct {
		sync.Mutex
		ids []int64
	}
}

const (
	deliveriesAtOnce = 32
	dropEvery        = 500 * time.Millisecond
)

func (d *dispatcher) run(ctx context.Context) {
	ticker := time.NewTicker(dropEvery)
	defer ticker.Stop()
	var after int64
	for {
		settled := d.intake.settled() // before reading
		list, err := d.store.Deliveries(ctx, after, deliveriesAtOnce)
		if err != nil && ctx.Err() == nil {
			d.log.Error().Err(err).Msg("Could not read the inbox")
			d.metrics.retries.WithLabelValues("store").Inc()
		}
		for _, delivery := range list {
			if delivery.ID > settled {
				break
			}
			after = delivery.ID
			d.dispatch(ctx, delivery)
		}
		if len(list) == deliveriesAtOnce && after == list[len(list)-1].ID {
			d.dropFinished(ctx)
			continue
		}
		select {
		case <-ctx.Done():
			d.dropFinished(context.WithoutCancel(ctx))
			return
		case <-d.intake.arrived:
		case <-ticker.C:
			d.dropFinished(ctx)
		}
	}
}

func (d *dispatcher) dispatch(ctx context.Context, delivery store.Delivery) {
	open := &openDelivery{id: delivery.ID, done: d.finish}
	open.open.Store(1) // until all are handed out
	defer open.finish()
	d.takeKeys(ctx, delivery, open) // before the events that are encrypted with them
	events, broken, ignored := d.unpack(delivery, open)
	d.metrics.ignored.Add(float64(ignored))
	d.setAside(ctx, broken)
	for _, in := range events {
		open.open.Add(1)
		d.rooms.worker(in.Room).deliver(in)
	}
}

// unpack decodes the events of a delivery that somebody here has to do with,
// lists those that are broken, and counts the others.
func (s *Service) unpack(delivery store.Delivery, open *openDelivery) (events []*incoming, broken []store.SetAside, ignored int) {
	place := -1
	gjson.GetBytes(delivery.Body, "events").ForEach(func(_, raw gjson.Result) bool {
		place++
		e, err := parseEnvelope(json.RawMessage(raw.Raw))
		if err != nil || !e.complete() {
			broken = append(broken, store.SetAside{Room: e.Room, Event: e.ID, Reason: "envelope has the wrong shape"})
			return true
		}
		in := &incoming{envelope: e, received: delivery.Received, delivery: open, place: place}
		switch concerns, err := s.concerns(in); {
		case err != nil:
			broken = append(broken, store.SetAside{Room: e.Room, Event: e.ID, Reason: "content has the wrong shape"})
		case concerns:
			events = append(events, in)
		default:
			ignored++
		}
		return true
	})
	return events, broken, ignored
}

// concerns decodes the event as far as that tells whether anybody here has to
// do with it.
func (s *Service) concerns(in *incoming) (bool, error) {
	if in.isRoomState() {
		return true, nil
	}
	if in.Sender == s.bot {
		return false, nil
	}
	if in.Type == typeEncrypted {
		return in.StateKey == nil, nil // what it is shows when it is handled
	}
	_, direct := s.direct.Load(in.Room)
	if in.Type == typeMessage && !direct && in.isTalk() {
		return false, nil
	}
	b, ok, err := in.asBotEvent(in.received)
	if err != nil || !ok || (!direct && !mayMatter(b)) {
		return false, err
	}
	in.bot = &b
	return true, nil
}

func (d *dispatcher) finish(delivery int64) {
	d.finished.Lock()
	d.finished.ids = append(d.finished.ids, delivery)
	d.finished.Unlock()
}

func (d *dispatcher) dropFinished(ctx context.Context) {
	d.finished.Lock()
	ids := d.finished.ids
	d.finished.ids = nil
	d.finished.Unlock()
	if len(ids) == 0 {
		return
	}
	if err := d.store.DropDeliveries(ctx, ids); err != nil {
		d.finished.Lock()
		d.finished.ids = append(ids, d.finished.ids...)
		d.finished.Unlock()
	}
}

// setAside notes broken events for the operator. Nothing else happens.
func (s *Service) setAside(ctx context.Context, broken []store.SetAside) {
	if len(broken) == 0 {
		return
	}
	s.metrics.events.WithLabelValues("set_aside").Add(float64(len(broken)))
	for i := range broken { // a broken event may claim any
		e := &broken[i]
		e.Event, e.Room = e.Event[:min(len(e.Event), maxID)], e.Room[:min(len(e.Room), maxID)]
	}
	first := broken[0]
	s.log.Warn().Stringer("event_id", first.Event).Stringer("room_id", first.Room).Str("reason", first.Reason).Int("more", len(broken)-1).Msg("Set events aside")
	broken = slices.DeleteFunc(broken, func(e store.SetAside) bool { return e.Event == "" })
	if err := s.store.SetAside(ctx, broken, s.now()); err != nil {
		s.log.Error().Err(err).Msg("Could not note events that were set aside")
	}
}
