package encryption

import (
	"context"
	"sync"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

// settings are what a room's state says of its encryption.
type settings struct {
	encryption event.EncryptionEventContent
	history    event.HistoryVisibilityEventContent
}

// rooms tells mautrix's machine about rooms (crypto.StateStore). It asks
// nobody: what a room's keys need is read when they are made.
type rooms struct {
	store *store.Store

	mu       sync.Mutex
	settings map[id.RoomID]settings // of rooms that keys were made for in this run
}

func (r *rooms) put(room id.RoomID, s settings) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settings[room] = s
}

func (r *rooms) of(room id.RoomID) (settings, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.settings[room]
	return s, ok
}

// IsEncrypted implements crypto.StateStore. Only rooms that are encrypted get here.
func (r *rooms) IsEncrypted(context.Context, id.RoomID) (bool, error) { return true, nil }

// GetEncryptionEvent implements crypto.StateStore; nil where it was not read yet.
func (r *rooms) GetEncryptionEvent(_ context.Context, room id.RoomID) (*event.EncryptionEventContent, error) {
	if s, ok := r.of(room); ok {
		return &s.encryption, nil
	}
	return nil, nil
}

// GetHistoryVisibility implements crypto.StateStore; nil where it was not read yet.
func (r *rooms) GetHistoryVisibility(_ context.Context, room id.RoomID) (*event.HistoryVisibilityEventContent, error) {
	if s, ok := r.of(room); ok {
		return &s.history, nil
	}
	return nil, nil
}

// FindSharedRooms implements crypto.StateStore.
func (r *rooms) FindSharedRooms(ctx context.Context, user id.UserID) (list []id.RoomID, err error) {
	rooms, err := r.store.RoomsOf(ctx, user)
	for _, room := range rooms {
		list = append(list, room.ID)
	}
	return list, err
}
