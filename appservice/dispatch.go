package appservice

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
)

// incoming is an event on its way to its room's worker.
type incoming struct {
	envelope
	bot      *bots.Event // decoded, if bots listen to it
	fetched  bool        // bot.Fetched was asked for
	received time.Time
	delivery *openDelivery
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
// to the rooms' workers. A delivery leaves the inbox when all its events are
// handled; until then a restart hands them out again, and the record of
// handled events keeps them from having their effect twice.
type dispatcher struct {
	*Service
	finished struct {
		sync.Mutex
		ids []int64
	}
	// slots bounds the events that are under way in all rooms together.
	slots chan struct{}
}

const (
	deliveriesAtOnce = 32
	eventsUnderWay   = 20_000
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
	gjson.GetBytes(delivery.Body, "events").ForEach(func(_, raw gjson.Result) bool {
		return d.handOut(ctx, delivery, open, json.RawMessage(raw.Raw))
	})
}

// handOut gives one event to its room; false means that the program stops.
func (d *dispatcher) handOut(ctx context.Context, delivery store.Delivery, open *openDelivery, raw json.RawMessage) bool {
	e, err := parseEnvelope(raw)
	if err != nil || !e.complete() {
		d.setAside(ctx, e.ID, e.Room, "envelope has the wrong shape")
		return true
	}
	in := &incoming{envelope: e, received: delivery.Received, delivery: open}
	if !d.concerns(ctx, in) {
		d.metrics.ignored.Inc()
		return true
	}
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		open.open.Add(1) // keep it in the inbox
		return false
	}
	open.open.Add(1)
	d.rooms.worker(e.Room).deliver(in)
	return true
}

// concerns decodes the event as far as that tells whether anybody here has to
// do with it.
func (d *dispatcher) concerns(ctx context.Context, in *incoming) bool {
	if in.isRoomState() {
		return true
	}
	if in.Sender == d.bot {
		return false
	}
	_, direct := d.direct.Load(in.Room)
	if in.Type == typeMessage && !direct && in.isTalk() {
		return false
	}
	b, ok, err := in.asBotEvent(in.received)
	if err != nil {
		d.setAside(ctx, in.ID, in.Room, "content has the wrong shape")
		return false
	}
	if !ok || (!direct && !mayMatter(b)) {
		return false
	}
	in.bot = &b
	return true
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

// setAside notes a broken event for the operator. Nothing else happens.
func (d *dispatcher) setAside(ctx context.Context, event id.EventID, room id.RoomID, reason string) {
	d.metrics.events.WithLabelValues("set_aside").Inc()
	event, room = event[:min(len(event), maxID)], room[:min(len(room), maxID)] // a broken event may claim any
	d.log.Warn().Stringer("event_id", event).Stringer("room_id", room).Str("reason", reason).Msg("Set an event aside")
	if event == "" {
		return
	}
	if err := d.store.SetAside(ctx, room, store.SetAside{Event: event, Reason: reason}, d.now()); err != nil {
		d.log.Error().Err(err).Msg("Could not note an event that was set aside")
	}
}
