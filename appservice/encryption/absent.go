package encryption

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// A person whose homeserver is away when a room's key is given away does not get
// it. They are given it again, as it is then, when somebody speaks later.

const (
	absentAgain = 5 * time.Minute // doubled each time
	absentLast  = 2 * time.Hour
)

// absent are people of a room of whose devices not all have its key.
type absent struct {
	people []id.UserID
	again  time.Time // not before
	wait   time.Duration
}

// missed notes who of the people did not get a room's key.
func (d *Device) missed(ctx context.Context, room id.RoomID, people []id.UserID) error {
	var list []id.UserID
	for _, user := range people {
		devices, err := d.keys.GetDevices(ctx, user)
		if err != nil {
			return err
		}
		got := devices != nil
		for _, device := range devices {
			got = got && d.keys.HasSession(ctx, device.IdentityKey) // without one nothing could be given
		}
		if !got {
			list = append(list, user)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(list) == 0 {
		delete(d.absent, room)
		return nil
	}
	wait := absentAgain
	if before, ok := d.absent[room]; ok {
		wait = min(2*before.wait, absentLast)
	}
	d.absent[room] = absent{list, d.now().Add(wait), wait}
	return nil
}

// shareWithAbsent gives a room's key to those who did not get it, when it is time.
func (d *Device) shareWithAbsent(ctx context.Context, room id.RoomID) error {
	d.mu.Lock()
	missing, ok := d.absent[room]
	d.mu.Unlock()
	if !ok || d.now().Before(missing.again) {
		return nil
	}
	session, err := d.keys.GetOutboundGroupSession(ctx, room)
	if err != nil || session == nil {
		return err
	}
	members, err := d.Store.MembersOf(ctx, room) // who has gone gets nothing; a new key was due anyway
	if err != nil {
		return err
	}
	people := only(missing.people, members)
	if err := d.fetch(ctx, slices.Clone(people)); err != nil {
		return err
	}
	if err := d.count(ctx); err != nil {
		return fmt.Errorf("count that keys are given away: %w", err)
	}
	for _, user := range people {
		devices, err := d.keys.GetDevices(ctx, user)
		if err != nil {
			return err
		}
		for _, device := range devices {
			if err := d.mach.SendEncryptedToDevice(ctx, device, event.ToDeviceRoomKey, session.ShareContent()); err != nil {
				d.Log.Debug().Err(err).Msg("Somebody's device is still without a room's key")
				continue
			}
			if err := d.keys.MarkOutboundGroupSessionShared(ctx, user, device.IdentityKey, session.ID()); err != nil {
				return err
			}
		}
	}
	return d.missed(ctx, room, people)
}
