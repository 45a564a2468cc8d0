package appservice

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/appservice/encryption"
	"werkraum/bots"
	"werkraum/store"
)

// typeEncrypted is what events of encrypted rooms look like to all others.
const typeEncrypted = "m.room.encrypted"

// cipher is the bot's way into encrypted rooms: its device, once there is one
// and the homeserver has been seen to pass keys on to it.
type cipher struct {
	device atomic.Pointer[encryption.Device]
	able   atomic.Int32
	// secret are rooms that are known to be encrypted. The store may learn of it a
	// moment later; nothing is sent in between.
	secret sync.Map // of id.RoomID

	mu    sync.Mutex
	early []earlyDelivery // came before there was a device
	bytes int             // of early
}

// The states of cipher.able.
const (
	encryptionStarts  int32 = iota // not known yet: what concerns encrypted rooms waits
	encryptionWorks                //
	encryptionLacking              // the homeserver or its settings do not allow it
)

type earlyDelivery struct {
	body []byte
	open *openDelivery
}

// maxEarly bounds what waits for the device, in bytes; the rest waits in the
// inbox for the next start.
const maxEarly = 64 << 20

// takeKeys hands the device what a delivery holds for it.
func (s *Service) takeKeys(ctx context.Context, delivery store.Delivery, open *openDelivery) {
	if s.Vault == nil || !encryption.Concerns(delivery.Body) {
		return
	}
	s.cipher.mu.Lock()
	defer s.cipher.mu.Unlock()
	if device := s.cipher.device.Load(); device != nil {
		device.Take(ctx, delivery.Body)
		return
	}
	open.open.Add(1)
	if s.cipher.bytes += len(delivery.Body); s.cipher.bytes <= maxEarly {
		s.cipher.early = append(s.cipher.early, earlyDelivery{delivery.Body, open})
	}
}

// adopt makes a device the bot's, and hands it what came before.
func (s *Service) adopt(ctx context.Context, device *encryption.Device) {
	s.cipher.mu.Lock()
	defer s.cipher.mu.Unlock()
	for _, e := range s.cipher.early {
		device.Take(ctx, e.body)
		e.open.finish()
	}
	s.cipher.early = nil
	s.cipher.device.Store(device)
}

// trustWithin is how long a homeserver with which it has worked before is given:
// Synapse pushes nothing for up to 8.5 minutes after it could not push, and people
// are not told because of a restart that they cannot be helped.
const trustWithin = 15 * time.Minute

// openDevice makes the bot able to work in encrypted rooms, and tries again for
// as long as it is not. tried is called when that was done for the first time.
func (s *Service) openDevice(ctx context.Context, syncs bool, tried func()) {
	defer tried()
	if s.Vault == nil {
		s.decide(ctx, encryptionLacking)
		return
	}
	client, err := newClient(s.Config, s.bot, s.ASToken)
	if err != nil {
		s.log.Error().Err(err).Msg("Encrypted rooms cannot be worked in")
		s.decide(ctx, encryptionLacking)
		return
	}
	config := encryption.Config{
		Client: client, User: s.bot, Store: s.store, Vault: s.Vault, Log: s.log,
		KeyArrived: func(room id.RoomID, session id.SessionID) { s.keyArrived(ctx, room, session) },
	}
	started := s.now()
	for wait := time.Second; ; wait = min(2*wait, 5*time.Minute) {
		err := s.tryDevice(ctx, config, syncs, tried)
		if err == nil {
			s.log.Info().Bool("by_sync", syncs).Bool("cross_signed", s.cipher.device.Load().Signed()).Msg("Encrypted rooms can be worked in")
			s.decide(ctx, encryptionWorks)
			return
		}
		if ctx.Err() != nil {
			return
		}
		code, final := refused(err)
		lacking := final || code == "M_UNRECOGNIZED" || errors.Is(err, encryption.ErrNotTold)
		if worked, storeErr := s.store.Shares(ctx); lacking && (storeErr != nil || worked > 0) && s.now().Sub(started) < trustWithin {
			lacking, wait = false, min(wait, 15*time.Second)
		}
		if lacking {
			s.log.Warn().Err(withoutContent(err)).Msg("Encrypted rooms cannot be worked in; `werkraum check` tells why")
			s.decide(ctx, encryptionLacking)
		} else {
			s.log.Warn().Err(withoutContent(err)).Msg("Could not prepare encryption, trying again")
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

func (s *Service) tryDevice(ctx context.Context, c encryption.Config, syncs bool, tried func()) error {
	defer tried()
	device := s.cipher.device.Load()
	if device == nil {
		c.Client.Client = s.hs.client.Client // an attempt that failed has put its own around it
		var err error
		if device, err = encryption.Open(ctx, c, syncs); err != nil {
			return err
		}
		s.adopt(ctx, device)
	}
	tried()
	return device.Hears(ctx)
}

// decide tells the encrypted rooms whether they can be worked in.
func (s *Service) decide(ctx context.Context, able int32) {
	if s.cipher.able.Swap(able) == able {
		return
	}
	value := 0.0
	if able == encryptionWorks {
		value = 1
	}
	s.metrics.encryption.Set(value)
	rooms, err := s.store.EncryptedRooms(ctx)
	if err != nil {
		s.log.Error().Err(err).Msg("Could not list the encrypted rooms")
		return
	}
	for _, room := range rooms {
		// Most need nothing, and are loaded when they have something to do.
		still := room.Info.Asked == askedEncrypted
		if room.Locked || room.Info.Successor == "" && (still == (able == encryptionWorks) || unsettled(room.Info)) {
			s.rooms.worker(room.ID).note(func(w *worker, st *step) error {
				w.encryptionDecided(st)
				return nil
			})
		}
	}
}

// unsettled reports whether the bot has not set a room up yet.
func unsettled(info store.RoomInfo) bool { return !info.Greeted || info.Direct == "" && !info.Widget }

// encryptionDecided goes on with a room that has waited for the decision, or
// in which the bot has sat still.
func (w *worker) encryptionDecided(st *step) {
	w.heldUntil = time.Time{}
	if !w.row.Joined || !w.row.Info.Encrypted {
		return
	}
	if w.lacksEncryption() {
		w.sitStill(st)
		return
	}
	info := &w.row.Info
	if info.Asked == askedEncrypted {
		info.Asked, info.Greeted = "", info.Direct != ""
		st.touched = true
		w.outbox.unseal(w.id)
	}
	if unsettled(*info) {
		if st.read == nil {
			st.read = &readRequest{}
		}
		st.read.full = true
	}
	sessions := map[id.SessionID]bool{}
	for _, l := range w.locked {
		if !sessions[l.Session] {
			sessions[l.Session] = true
			w.retry(st, l.Session)
		}
	}
	w.catchUp(st)
}

func (s *Service) lacksEncryption() bool { return s.cipher.able.Load() == encryptionLacking }

// notSentError means that nothing was sent, so that nothing has to be looked for.
type notSentError struct{ cause error }

func (e notSentError) Error() string { return "not sent: " + e.cause.Error() }
func (e notSentError) Unwrap() error { return e.cause }

var errNoEncryption = errors.New("encryption is not ready yet")

// isSecret reports whether a room is known to be encrypted, whatever its row says.
func (s *Service) isSecret(room id.RoomID) bool {
	_, secret := s.cipher.secret.Load(room)
	return secret
}

// secretRoom reports whether a room is encrypted, by all that is known.
func (o *outbox) secretRoom(ctx context.Context, room id.RoomID) (bool, error) {
	if o.isSecret(room) {
		return true, nil
	}
	secret, err := o.store.IsEncrypted(ctx, room)
	if err != nil {
		return false, notSentError{err}
	}
	if secret {
		o.cipher.secret.Store(room, true)
	}
	return secret, nil
}

// sealedFor returns what a room is really sent: in an encrypted room, everything
// but reactions is encrypted (which Matrix does not encrypt; the bot sends none).
func (o *outbox) sealedFor(ctx context.Context, room id.RoomID, item store.Outgoing) (string, json.RawMessage, error) {
	eventType := item.EventType
	if eventType == "" {
		eventType = typeMessage
	}
	if item.Plain {
		return eventType, item.Content, nil
	}
	if secret, err := o.secretRoom(ctx, room); err != nil {
		return "", nil, err
	} else if !secret {
		return eventType, item.Content, nil
	}
	device := o.cipher.device.Load()
	if device == nil || o.cipher.able.Load() != encryptionWorks {
		return "", nil, notSentError{errNoEncryption}
	}
	content, err := device.Encrypt(ctx, room, eventType, item.Content)
	if err != nil {
		return "", nil, notSentError{err}
	}
	return typeEncrypted, content, nil
}

// heedEncryption notes at once which rooms turn encryption on in a delivery: what
// was acknowledged is known, whenever the room's worker comes to it.
func (s *Service) heedEncryption(body []byte) {
	if !bytes.Contains(body, []byte(`"`+typeEncryption+`"`)) {
		return
	}
	gjson.GetBytes(body, "events").ForEach(func(_, raw gjson.Result) bool {
		s.heedEvent(json.RawMessage(raw.Raw))
		return true
	})
}

func (s *Service) heedEvent(raw json.RawMessage) {
	if e, err := parseEnvelope(raw); err == nil && e.Type == typeEncryption && e.takesAway() {
		s.cipher.secret.Store(e.Room, true)
	}
}

// heedSync is heedEncryption for the whole answer to a sync, which is stored room by room.
func (s *Service) heedSync(answer gjson.Result) {
	_ = eachRoom(answer, "join", func(room id.RoomID, r gjson.Result) error {
		if strings.Contains(r.Raw, `"`+typeEncryption+`"`) {
			for _, raw := range inRoom(room, eventsOf(r, "timeline.events")) {
				s.heedEvent(raw)
			}
		}
		return nil
	})
}

// heedInbox does it for what an earlier run has acknowledged and not come to,
// before anything is sent.
func (s *Service) heedInbox(ctx context.Context) error {
	var after int64
	for {
		list, err := s.store.Deliveries(ctx, after, deliveriesAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, delivery := range list {
			after = delivery.ID
			s.heedEncryption(delivery.Body)
		}
	}
}

// askEncryption asks whether a room has turned encryption on, before something
// is sent there that has waited while nothing was heard.
func (o *outbox) askEncryption(ctx context.Context, room id.RoomID) error {
	if o.isSecret(room) {
		return nil
	}
	content, err := o.hs.stateEvent(ctx, room, typeEncryption, "")
	if err != nil && !isOut(err) { // of a room that it is not in, sending will tell
		return notSentError{err}
	}
	if len(content) > len("{}") {
		o.cipher.secret.Store(room, true)
	}
	return nil
}

// becameEncrypted is called as soon as it is known. It holds for ever.
func (w *worker) becameEncrypted() {
	w.row.Info.Encrypted = true
	w.cipher.secret.Store(w.id, true)
	w.applyInfo()
}

// unencrypted answers a command that came unencrypted into an encrypted room.
// It is not obeyed: nobody but its sender's device can make an encrypted one.
func (w *worker) unencrypted(st *step, in *incoming) {
	st.Handled = append(st.Handled, in.ID)
	if in.bot.Kind == bots.Said && isCommand(in.bot.Body) {
		w.say(st, bots.NotEncrypted(w.room.Language), causedID("plain", string(in.ID)), answerTo(*in.bot))
	}
}
