package appservice

import (
	"context"
	"time"

	"maunium.net/go/mautrix/id"
)

const (
	// alarmEvery is how often it is asked whether a room's time has come. The workers in
	// memory sleep until their own; this is for the others, and for a clock that was set:
	// timers do not see that.
	alarmEvery = 10 * time.Second
	alarmsOnce = 200
	// alarmAgain is how long a room that was woken and did nothing is left alone: one that
	// is encrypted, while the bot has no device.
	alarmAgain = 10 * time.Minute
)

// wake wakes the workers of rooms in which something is to happen by itself.
func (s *Service) wake(ctx context.Context) {
	woken := map[id.RoomID]time.Time{} // by the monotonic clock
	for {
		rooms, err := s.store.Alarms(ctx, s.now(), alarmsOnce+len(woken))
		if err != nil && ctx.Err() == nil {
			s.log.Warn().Err(err).Msg("Could not ask which rooms have something to do")
		}
		for room, at := range woken {
			if time.Since(at) > alarmAgain {
				delete(woken, room)
			}
		}
		for _, room := range rooms {
			if _, lately := woken[room]; !lately {
				woken[room] = time.Now()
				s.rooms.worker(room).note(func(*worker, *step) error { return nil }) // the step looks by itself
			}
		}
		if !sleep(ctx, alarmEvery) {
			return
		}
	}
}
