package appservice

import (
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

// zoneOf is the time zone of a room of which that is known.
func (s *Service) zoneOf(info store.RoomInfo) *time.Location {
	if zone, err := time.LoadLocation(info.TimeZone); err == nil && info.TimeZone != "" {
		return zone
	}
	return s.Zone
}

// setZone gives the room another time zone.
func (w *worker) setZone(st *step, by id.UserID, zone string) {
	w.row.Info.TimeZone = zone
	w.room.Zone = w.zoneOf(w.row.Info)
	st.touched = true
	st.note(store.AuditEntry{Act: store.RoomSet, Actor: by, Detail: "time_zone " + zone})
}
