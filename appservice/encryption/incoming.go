package encryption

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/crypto/olm"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// parts is what a delivery holds beside events.
type parts struct{ toDevice, deviceLists, keyCounts gjson.Result }

// partsOf reads a delivery once. Names are the stable ones, as in /sync, and those
// of the proposals, as in Synapse's transactions (MSC2409, MSC3202).
func partsOf(delivery []byte) (p parts) {
	gjson.ParseBytes(delivery).ForEach(func(name, v gjson.Result) bool {
		switch name.Str {
		case "to_device", "de.sorunome.msc2409.to_device":
			p.toDevice = v
		case "device_lists", "org.matrix.msc3202.device_lists":
			p.deviceLists = v
		case "device_one_time_keys_count", "org.matrix.msc3202.device_one_time_keys_count":
			p.keyCounts = v
		}
		return true
	})
	return p
}

// maxToDevice bounds one event to the device, in bytes: homeservers allow 64 KiB.
const maxToDevice = 128 << 10

// Concerns reports whether a delivery holds anything for a device that it has
// to do something about. Synapse tells how many one-time keys are left each time.
func Concerns(delivery []byte) bool {
	p := partsOf(delivery)
	return p.toDevice.Get("0").Exists() || p.deviceLists.Get("changed.0").Exists() || fewKeys(p.keyCounts)
}

// enoughKeys is how many one-time keys there should be; mautrix fills up to that.
const enoughKeys = 50

// fewKeys looks for a count that is too low, of whatever device.
func fewKeys(counts gjson.Result) (few bool) {
	counts.ForEach(func(name, v gjson.Result) bool {
		switch {
		case v.IsObject():
			few = fewKeys(v)
		case name.Str == string(id.KeyAlgorithmSignedCurve25519):
			few = v.Int() < enoughKeys
		}
		return !few
	})
	return few
}

// Take takes in what a delivery holds for the device. It asks nobody, so it
// holds nothing up; doing it twice is the same.
func (d *Device) Take(ctx context.Context, delivery []byte) {
	p := partsOf(delivery)
	var changed []id.UserID
	p.deviceLists.Get("changed").ForEach(func(_, user gjson.Result) bool {
		if user.Type == gjson.String {
			changed = append(changed, id.UserID(user.Str))
		}
		return true
	})
	if len(changed) > 0 {
		if err := d.outdated(ctx, changed); err != nil {
			d.Log.Error().Err(err).Msg("Could not note whose devices have changed")
		}
	}
	p.toDevice.ForEach(func(_, raw gjson.Result) bool {
		d.takeOne(ctx, raw)
		return true
	})
	counts := p.keyCounts
	if mine := counts.Get(gjson.Escape(string(d.User))).Get(gjson.Escape(string(d.client.DeviceID))); mine.Exists() {
		counts = mine
	}
	if left := counts.Get(string(id.KeyAlgorithmSignedCurve25519)); left.Type == gjson.Number {
		select {
		case d.low <- int(left.Int()):
		default: // it is being asked for already
		}
	}
}

// takeOne takes one event in; a broken one, or one that breaks the machine, is dropped.
func (d *Device) takeOne(ctx context.Context, raw gjson.Result) {
	defer func() {
		if recover() != nil {
			d.Log.Error().Bytes("stack", debug.Stack()).Msg("An event to the device panicked")
		}
	}()
	if len(raw.Raw) > maxToDevice || !raw.Get("content").IsObject() {
		return
	}
	if to := raw.Get("to_device_id"); to.Exists() && to.Str != string(d.client.DeviceID) {
		return
	}
	kind := event.NewEventType(raw.Get("type").Str)
	kind.Class = event.ToDeviceEventType
	if kind.Type == echoType {
		d.echoed(raw)
		return
	}
	if !d.heeds(ctx, kind.Type, id.UserID(raw.Get("sender").Str), raw.Get("content")) {
		return
	}
	e := &event.Event{Sender: id.UserID(raw.Get("sender").Str), Type: kind, Content: event.Content{VeryRaw: json.RawMessage(raw.Get("content").Raw)}}
	if err := e.Content.ParseRaw(kind); err != nil {
		return
	}
	d.mach.HandleToDeviceEvent(ctx, e)
	d.mach.MarkOlmHashSavePoint(ctx)
}

// refill uploads one-time keys when few are left: each lets one device write to
// this one for the first time.
func (d *Device) refill(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case left := <-d.low:
			count := &mautrix.OTKCount{}
			count.SignedCurve25519 = left
			d.mach.HandleOTKCounts(ctx, count)
		}
	}
}

// Errors of Decrypt. Everything else is a broken or forged event.
var (
	// ErrNoKey means that the key is not there yet; it may come.
	ErrNoKey = errors.New("there is no key for the event")
	// ErrBusy means that the key store did not answer; it is worth another try.
	ErrBusy = errors.New("the key store does not answer")
)

// Encrypted is an m.room.encrypted event of a room.
type Encrypted struct {
	Event   id.EventID
	Room    id.RoomID
	Sender  id.UserID
	Content json.RawMessage
}

// Session names the key that an event was encrypted with.
func (e Encrypted) Session() id.SessionID {
	return id.SessionID(gjson.GetBytes(e.Content, "session_id").Str)
}

// Decrypt returns the type and content that an event was encrypted from.
func (d *Device) Decrypt(ctx context.Context, e Encrypted) (kind string, content json.RawMessage, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("decrypting panicked")
		}
	}()
	ev := &event.Event{ID: e.Event, RoomID: e.Room, Sender: e.Sender, Type: event.EventEncrypted, Content: event.Content{VeryRaw: e.Content}}
	if err := ev.Content.ParseRaw(event.EventEncrypted); err != nil {
		return "", nil, fmt.Errorf("content has the wrong shape: %w", err)
	}
	clear, err := d.mach.DecryptMegolmEvent(ctx, ev)
	switch {
	case errors.Is(err, crypto.ErrNoSessionFound), errors.Is(err, crypto.ErrGroupSessionWithheld), errors.Is(err, olm.ErrUnknownMessageIndex):
		return "", nil, ErrNoKey
	case err != nil && d.Store.Ping(ctx) != nil:
		return "", nil, errors.Join(ErrBusy, err)
	case err != nil:
		return "", nil, err
	case clear.Mautrix.TrustState == id.TrustStateDeviceKeyMismatch:
		return "", nil, crypto.ErrDeviceKeyMismatch
	case !gjson.ParseBytes(clear.Content.VeryRaw).IsObject():
		return "", nil, errors.New("what was encrypted is no content")
	}
	return clear.Type.Type, clear.Content.VeryRaw, nil
}

// Ask asks the sender's devices for the key of an event. They give it to a
// device that they have meant it for.
func (d *Device) Ask(ctx context.Context, e Encrypted) error {
	return d.mach.SendRoomKeyRequest(ctx, e.Room, id.SenderKey(gjson.GetBytes(e.Content, "sender_key").Str), e.Session(), "",
		map[id.UserID][]id.DeviceID{e.Sender: {"*"}})
}
