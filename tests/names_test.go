package tests

import (
	"strings"
	"testing"
)

// A name may be as long as a homeserver allows and of any characters: its bearer takes part
// like everybody else, and the room does not notice.
func TestLongNames(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		h := w.house(t, usual)
		s := &scene{house: h, t: t, anna: newPerson(t, w.amt, "Anna"), mia: newPerson(t, w.amt, "Mia")}
		name := "x" + strings.Repeat("🏛", 64) // 257 bytes: what is kept of it would end within a character
		if err := s.mia.Client.SetDisplayName(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		s.room = s.anna.found(s, strings.Repeat("Straßenbaulastträger ", 11), s.mia.UserID)
		s.mia.join(s.room, w.amt.ServerName)
		s.anna.invite(s.room, h.Bot)
		s.ready(s.anna, s.mia)
		has(t, s.mia.ask(s.room, "!karte neu Mit langem Namen").Body, "Mit langem Namen")
		s.page(s.mia).card("Mit langem Namen")
	})
}
