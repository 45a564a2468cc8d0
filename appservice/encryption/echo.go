package encryption

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// echoType is an event that the device sends to itself.
const echoType = "de.werkraum.echo"

const (
	// echoWithin is longer than a sync that began without the device.
	echoWithin = 45 * time.Second
	// echoEvery is how often it is said again: Synapse throws away what is sent to a device
	// in a moment in which it takes the application service for away, as after a start.
	echoEvery = 5 * time.Second
)

// ErrNotTold means that the homeserver does not pass on what is sent to the
// device, so that no key can reach it.
var ErrNotTold = errors.New("the homeserver does not pass on events to the bot's device")

// Hears finds out whether what is sent to the device arrives here, by the one
// way in which keys do: nothing that a homeserver claims tells that as surely.
func (d *Device) Hears(ctx context.Context) error {
	nonce, heard := rand.Text(), make(chan struct{}, 1)
	d.echoes.Store(nonce, heard)
	defer d.echoes.Delete(nonce)
	timer := time.NewTimer(echoWithin)
	defer timer.Stop()
	again := time.NewTicker(echoEvery)
	defer again.Stop()
	for {
		_, err := d.client.SendToDevice(ctx, event.Type{Type: echoType, Class: event.ToDeviceEventType}, &mautrix.ReqSendToDevice{
			Messages: map[id.UserID]map[id.DeviceID]*event.Content{d.User: {d.client.DeviceID: {Raw: map[string]any{"nonce": nonce}}}},
		})
		if err != nil {
			return err
		}
		select {
		case <-heard:
			return nil
		case <-again.C:
		case <-timer.C:
			return ErrNotTold
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (d *Device) echoed(raw gjson.Result) {
	if raw.Get("sender").Str != string(d.User) {
		return
	}
	kept, _ := d.echoes.Load(raw.Get("content.nonce").Str)
	if heard, ok := kept.(chan struct{}); ok {
		select {
		case heard <- struct{}{}:
		default:
		}
	}
}

func isNotFound(err error) bool { return errors.Is(err, mautrix.MNotFound) }
