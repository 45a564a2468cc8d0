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

// echoWithin is longer than a sync that began without the device.
const echoWithin = 45 * time.Second

// ErrNotTold means that the homeserver does not pass on what is sent to the
// device, so that no key can reach it.
var ErrNotTold = errors.New("the homeserver does not pass on events to the bot's device")

// Hears finds out whether what is sent to the device arrives here, by the one
// way in which keys do: nothing that a homeserver claims tells that as surely.
func (d *Device) Hears(ctx context.Context) error {
	nonce, heard := rand.Text(), make(chan struct{}, 1)
	d.echoes.Store(nonce, heard)
	defer d.echoes.Delete(nonce)
	_, err := d.client.SendToDevice(ctx, event.Type{Type: echoType, Class: event.ToDeviceEventType}, &mautrix.ReqSendToDevice{
		Messages: map[id.UserID]map[id.DeviceID]*event.Content{d.User: {d.client.DeviceID: {Raw: map[string]any{"nonce": nonce}}}},
	})
	if err != nil {
		return err
	}
	timer := time.NewTimer(echoWithin)
	defer timer.Stop()
	select {
	case <-heard:
		return nil
	case <-timer.C:
		return ErrNotTold
	case <-ctx.Done():
		return ctx.Err()
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
