package tests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
)

// sealed is a person's device with keys, as every modern client is one.
type sealed struct {
	t     *testing.T
	mach  *crypto.OlmMachine
	state mautrix.StateStore
	// late are events that came before the keys to them: homeservers take both in turn, and pass
	// them on each in its own time.
	late []*event.Event
	// without is who gets no keys, kept are the keys that they did not get.
	without id.UserID
	kept    map[id.SessionID]event.Content
	losing  bool // keys that were not given count as given
	deaf    bool // what is asked of the device gets lost
	lost    int  // how much of it has
}

// newSealedPerson makes somebody whose client can encrypt.
func newSealedPerson(t *testing.T, server *homeserver.Server, name string) *person {
	t.Helper()
	p := newPerson(t, server, name)
	who, err := p.Client.Whoami(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.Client.DeviceID = who.DeviceID
	p.Client.StateStore = mautrix.NewMemoryStateStore()
	s := &sealed{t: t, state: p.Client.StateStore}
	s.mach = crypto.NewOlmMachine(p.Client, nil, crypto.NewMemoryStore(nil), p.Client.StateStore.(crypto.StateStore))
	if err := s.mach.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.mach.ShareKeys(t.Context(), -1); err != nil {
		t.Fatal(err)
	}
	p.sealed = s
	p.heard.Read = s.sync
	return p
}

// sync takes in the keys and the state of an answer, and decrypts its events.
func (s *sealed) sync(ctx context.Context, resp *mautrix.RespSync) {
	resp.ToDevice.Events = slices.DeleteFunc(resp.ToDevice.Events, func(e *event.Event) bool {
		lost := s.deaf && e.Type.Type == event.ToDeviceRoomKeyRequest.Type
		if lost {
			s.lost++
		}
		return lost
	})
	s.mach.ProcessSyncResponse(ctx, resp, "")
	defer s.readLate(ctx, resp)
	for room, joined := range resp.Rooms.Join {
		for _, list := range [][]*event.Event{joined.State.Events, joined.Timeline.Events} {
			for _, e := range list {
				if e.StateKey == nil {
					continue
				}
				e.RoomID, e.Type.Class = room, event.StateEventType
				if e.Content.ParseRaw(e.Type) == nil {
					mautrix.UpdateStateStore(ctx, s.state, e)
					if e.Type == event.StateMember {
						s.mach.HandleMemberEvent(ctx, e)
					}
				}
			}
		}
		s.read(ctx, room, joined.Timeline.Events)
	}
}

// readLate decrypts what came before its key, and shows it as if it came now.
func (s *sealed) readLate(ctx context.Context, resp *mautrix.RespSync) {
	s.late = slices.DeleteFunc(s.late, func(e *event.Event) bool {
		now := *e
		s.read(ctx, e.RoomID, []*event.Event{&now})
		if now.Type == event.EventEncrypted {
			return false
		}
		joined := resp.Rooms.Join[e.RoomID]
		if joined == nil {
			joined = &mautrix.SyncJoinedRoom{}
			if resp.Rooms.Join == nil {
				resp.Rooms.Join = map[id.RoomID]*mautrix.SyncJoinedRoom{}
			}
			resp.Rooms.Join[e.RoomID] = joined
		}
		joined.Timeline.Events = append(joined.Timeline.Events, &now)
		return true
	})
	for _, joined := range resp.Rooms.Join {
		for _, e := range joined.Timeline.Events {
			if e.Type == event.EventEncrypted && !slices.Contains(s.late, e) {
				s.late = append(s.late, e)
			}
		}
	}
}

// read decrypts, in place, what can be.
func (s *sealed) read(ctx context.Context, room id.RoomID, events []*event.Event) {
	for _, e := range events {
		if e.Type.Type != event.EventEncrypted.Type || e.StateKey != nil {
			continue
		}
		e.RoomID, e.Type = room, event.EventEncrypted
		if e.Content.Parsed == nil && e.Content.ParseRaw(e.Type) != nil {
			continue
		}
		if clear, err := s.mach.DecryptMegolmEvent(ctx, e); err == nil {
			clear.Unsigned = e.Unsigned
			*e = *clear
		}
	}
}

// encrypt turns an event of an encrypted room into what is sent.
func (s *sealed) encrypt(room id.RoomID, kind string, content any) (string, any) {
	s.t.Helper()
	ctx := s.t.Context()
	if encrypted, err := s.state.IsEncrypted(ctx, room); err != nil || !encrypted {
		return kind, content
	}
	var sealed any
	until(s.t, "encrypting", func() (err error) {
		_, sealed, err = s.seal(ctx, room, kind, content)
		return err
	})
	return event.EventEncrypted.Type, sealed
}

// seal encrypts an event, and gives the room's key to everybody who is in it.
func (s *sealed) seal(ctx context.Context, room id.RoomID, kind string, content any) (string, any, error) {
	members, err := s.mach.Client.JoinedMembers(ctx, room)
	if err != nil {
		return "", nil, err
	}
	var people []id.UserID
	for user := range members.Joined {
		if user != s.without {
			people = append(people, user)
		}
	}
	if err := s.know(ctx, people); err != nil {
		return "", nil, err
	}
	if err := s.mach.ShareGroupSession(ctx, room, people); err != nil {
		return "", nil, err
	}
	if err := s.keep(ctx, room); err != nil {
		return "", nil, err
	}
	sealed, err := s.mach.EncryptMegolmEvent(ctx, room, event.Type{Type: kind, Class: event.MessageEventType}, content)
	return event.EventEncrypted.Type, sealed, err
}

// know returns an error while a homeserver does not tell which devices its people have: the
// machine would give the room's key to the others only, and never again look for them.
func (s *sealed) know(ctx context.Context, people []id.UserID) error {
	ask := mautrix.DeviceKeysRequest{}
	for _, user := range people {
		if devices, err := s.mach.CryptoStore.GetDevices(ctx, user); err != nil {
			return err
		} else if devices == nil {
			ask[user] = mautrix.DeviceIDList{}
		}
	}
	if len(ask) == 0 {
		return nil
	}
	told, err := s.mach.Client.QueryKeys(ctx, &mautrix.ReqQueryKeys{DeviceKeys: ask})
	if err == nil && len(told.Failures) > 0 {
		err = fmt.Errorf("devices are not told: %v", told.Failures)
	}
	return err
}

// wasEncrypted reports whether an event came encrypted.
func wasEncrypted(e *event.Event) bool { return e.Mautrix.WasEncrypted }

// renew has the next message come with a new key.
func (s *sealed) renew(room id.RoomID) {
	s.t.Helper()
	if err := s.mach.CryptoStore.RemoveOutboundGroupSession(s.t.Context(), room); err != nil {
		s.t.Fatal(err)
	}
}

// withoutBot gives the room a new key that the bot does not get, and keeps from it those that the
// device makes after that of its own accord, as it does when it hears of somebody's new device;
// the function that it returns gives them to the bot.
func (s *sealed) withoutBot(room id.RoomID, bot id.UserID) (give func()) {
	s.t.Helper()
	s.devicesOf(bot) // a device that is heard of later is another reason for a new key
	s.renew(room)
	s.without, s.kept = bot, map[id.SessionID]event.Content{}
	return func() {
		s.t.Helper()
		s.without = ""
		for _, device := range s.devicesOf(bot) {
			for _, key := range s.kept {
				if err := s.mach.SendEncryptedToDevice(s.t.Context(), device, event.ToDeviceRoomKey, key); err != nil {
					s.t.Fatal(err)
				}
			}
		}
	}
}

// withKeysLost is withoutBot, and the device believes that the bot was given the keys, as if they
// had got lost on their way.
func (s *sealed) withKeysLost(room id.RoomID, bot id.UserID) {
	s.t.Helper()
	s.withoutBot(room, bot)
	s.losing = true
}

// keep notes the key that is about to be used, if somebody is not given it.
func (s *sealed) keep(ctx context.Context, room id.RoomID) error {
	if s.without == "" {
		return nil
	}
	session, err := s.mach.CryptoStore.GetOutboundGroupSession(ctx, room)
	if err != nil {
		return err
	}
	if _, known := s.kept[session.ID()]; known {
		return nil
	}
	s.kept[session.ID()] = session.ShareContent()
	if !s.losing {
		return nil
	}
	devices, err := s.mach.CryptoStore.GetDevices(ctx, s.without)
	if err != nil {
		return err
	}
	for _, device := range devices {
		if err := s.mach.CryptoStore.MarkOutboundGroupSessionShared(ctx, s.without, device.IdentityKey, session.ID()); err != nil {
			return err
		}
	}
	return nil
}

// devicesOf asks the homeserver for somebody's devices: the machine knows only those of people
// to whom it has given keys or from whom it has read something.
func (s *sealed) devicesOf(user id.UserID) map[id.DeviceID]*id.Device {
	s.t.Helper()
	var devices map[id.UserID]map[id.DeviceID]*id.Device
	until(s.t, "the devices of "+user.String(), func() (err error) {
		devices, err = s.mach.FetchKeys(s.t.Context(), []id.UserID{user}, true)
		if err == nil && len(devices[user]) == 0 {
			err = errors.New("there is none")
		}
		return err
	})
	return devices[user]
}

// unheard returns nil once something that was asked of the device got lost.
func (s *sealed) unheard() error {
	if s.lost == 0 {
		return errors.New("nothing was asked")
	}
	return nil
}
