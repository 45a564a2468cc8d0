package encryption

import (
	"context"
	"sync"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// Anybody can send events to a device, and each that comes from no conversation
// that there is already costs something: a row, a question to the homeserver, a
// goroutine that waits for it. So they are counted: by homeserver for people who
// share a room with the bot, and together for all others.
const (
	strangersWithin = time.Hour
	maxFromServer   = 2_000 // a device of everybody whom a large administration has in its rooms
	maxFromOthers   = 500
)

// keyLength is that of a Curve25519 key in unpadded base64.
const keyLength = 43

type strangers struct {
	mu    sync.Mutex
	since time.Time
	seen  map[string]int // by homeserver; "" are all who share no room
}

// admits counts an event from a homeserver; false means that there were too many.
func (s *strangers) admits(server string, most int, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil || now.Sub(s.since) > strangersWithin {
		s.since, s.seen = now, map[string]int{}
	}
	s.seen[server]++
	return s.seen[server] <= most
}

// heeds reports whether an event to the device is worth handling.
func (d *Device) heeds(ctx context.Context, kind string, sender id.UserID, content gjson.Result) bool {
	switch kind {
	case event.ToDeviceEncrypted.Type:
		key := id.SenderKey(content.Get("sender_key").Str)
		if len(key) != keyLength || !content.Get("ciphertext."+gjson.Escape(d.mach.OwnIdentity().IdentityKey.String())).Exists() {
			return false
		}
		if d.keys.HasSession(ctx, key) {
			return true
		}
	case event.ToDeviceRoomKeyRequest.Type, event.ToDeviceRoomKeyWithheld.Type, event.ToDeviceOrgMatrixRoomKeyWithheld.Type:
	default:
		return false // nothing else is for a bot
	}
	if rooms, err := d.Store.RoomsOf(ctx, sender); err == nil && len(rooms) > 0 {
		return d.strangers.admits(sender.Homeserver(), maxFromServer, d.now())
	}
	return d.strangers.admits("", maxFromOthers, d.now())
}
