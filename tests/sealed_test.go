package tests

import (
	"context"
	"errors"
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
	deaf  bool // what is asked of the device gets lost
	lost  int  // how much of it has
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
	kind, sealed, err := s.seal(ctx, room, kind, content)
	if err != nil {
		s.t.Fatal(err)
	}
	return kind, sealed
}

// seal encrypts an event, and gives the room's key to everybody who is in it.
func (s *sealed) seal(ctx context.Context, room id.RoomID, kind string, content any) (string, any, error) {
	members, err := s.mach.Client.JoinedMembers(ctx, room)
	if err != nil {
		return "", nil, err
	}
	var people []id.UserID
	for user := range members.Joined {
		people = append(people, user)
	}
	if err := s.mach.ShareGroupSession(ctx, room, people); err != nil {
		return "", nil, err
	}
	sealed, err := s.mach.EncryptMegolmEvent(ctx, room, event.Type{Type: kind, Class: event.MessageEventType}, content)
	return event.EventEncrypted.Type, sealed, err
}

// wasEncrypted reports whether an event came encrypted.
func wasEncrypted(e *event.Event) bool { return e.Mautrix.WasEncrypted }

// withoutBot gives the room a new key that the bot does not get; the function that it returns
// gives it to the bot.
func (s *sealed) withoutBot(room id.RoomID, bot id.UserID) (give func()) {
	s.t.Helper()
	ctx := s.t.Context()
	if err := s.mach.CryptoStore.RemoveOutboundGroupSession(ctx, room); err != nil {
		s.t.Fatal(err)
	}
	members, err := s.mach.Client.JoinedMembers(ctx, room)
	if err != nil {
		s.t.Fatal(err)
	}
	var people []id.UserID
	for user := range members.Joined {
		if user != bot {
			people = append(people, user)
		}
	}
	if err := s.mach.ShareGroupSession(ctx, room, people); err != nil {
		s.t.Fatal(err)
	}
	session, err := s.mach.CryptoStore.GetOutboundGroupSession(ctx, room)
	if err != nil {
		s.t.Fatal(err)
	}
	content := session.ShareContent()
	return func() {
		s.t.Helper()
		for _, device := range s.devicesOf(bot) {
			if err := s.mach.SendEncryptedToDevice(ctx, device, event.ToDeviceRoomKey, content); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// devicesOf asks the homeserver for somebody's devices: the machine knows only those of people
// to whom it has given keys or from whom it has read something.
func (s *sealed) devicesOf(user id.UserID) map[id.DeviceID]*id.Device {
	s.t.Helper()
	devices, err := s.mach.FetchKeys(s.t.Context(), []id.UserID{user}, true)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(devices[user]) == 0 {
		s.t.Fatalf("%s has no devices", user)
	}
	return devices[user]
}

// losesKey notes that the bot was given the room's key, as if it had got lost on its way.
func (s *sealed) losesKey(room id.RoomID, bot id.UserID) {
	s.t.Helper()
	ctx := s.t.Context()
	session, err := s.mach.CryptoStore.GetOutboundGroupSession(ctx, room)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, device := range s.devicesOf(bot) {
		if err := s.mach.CryptoStore.MarkOutboundGroupSessionShared(ctx, bot, device.IdentityKey, session.ID()); err != nil {
			s.t.Fatal(err)
		}
	}
}

// unheard returns nil once something that was asked of the device got lost.
func (s *sealed) unheard() error {
	if s.lost == 0 {
		return errors.New("nothing was asked")
	}
	return nil
}
