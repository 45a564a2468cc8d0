package workspace

import (
	"slices"

	"maunium.net/go/mautrix/id"
)

// ChangeEvent is the type of the timeline event that carries changes. The
// power to send it is the power to edit.
const ChangeEvent = "de.werkraum.change"

// Action is what a person wants to do with a room's work.
type Action int

// The actions, each with the power level that Matrix.m.room.power_levels names
// for it.
const (
	// See needs no power, only a joined member.
	See Action = iota
	// Edit needs the power to send ChangeEvent.
	Edit
	// Configure needs the power to send state events.
	Configure
)

// Power is the part of m.room.power_levels that decides about work, with the
// defaults of the specification filled in (client-server API,
// m.room.power_levels).
type Power struct {
	Users         map[id.UserID]int `json:"users,omitempty"`
	UsersDefault  int               `json:"users_default"`
	Events        map[string]int    `json:"events,omitempty"`
	EventsDefault int               `json:"events_default"`
	StateDefault  int               `json:"state_default"`
	// Creators have unlimited power in room version 12 and later.
	Creators []id.UserID `json:"creators,omitempty"`
}

// unlimited exceeds every level that canonical JSON can carry.
const unlimited = 1 << 60

// Level is the power level of user.
func (p Power) Level(user id.UserID) int {
	if slices.Contains(p.Creators, user) {
		return unlimited
	}
	if level, ok := p.Users[user]; ok {
		return level
	}
	return p.UsersDefault
}

// Required is the level that sending an event of this type takes.
func (p Power) Required(eventType string, state bool) int {
	if level, ok := p.Events[eventType]; ok {
		return level
	}
	if state {
		return p.StateDefault
	}
	return p.EventsDefault
}

// allows reports whether user has the power for action; membership is not its
// business.
func (p Power) allows(user id.UserID, action Action) bool {
	switch action {
	case See:
		return true
	case Edit:
		return p.Level(user) >= p.Required(ChangeEvent, false)
	case Configure:
		return p.Level(user) >= p.StateDefault
	}
	return false
}

var (
	notMember = Text{
		De: "Sie sind in diesem Raum kein Mitglied (mehr). Bitte lassen Sie sich in den Raum einladen.",
		En: "You are not a member of this room (any more). Please ask to be invited.",
	}
	mayNotEdit = Text{
		De: "In diesem Raum dürfen Sie die Arbeit ansehen, aber nicht ändern. Die Moderation des Raums kann Ihnen das Recht geben.",
		En: "In this room you may look at the work but not change it. The room's moderators can give you the right.",
	}
	mayNotConfigure = Text{
		De: "Einstellungen dürfen hier nur Moderatorinnen und Moderatoren ändern. Bitte wenden Sie sich an die Moderation des Raums.",
		En: "Only moderators may change settings here. Please ask one of the room's moderators.",
	}
	encryptedRoom = Text{
		De: "In verschlüsselten Räumen kann Werkraum auf Ihrem Server noch nicht arbeiten. Bitte wenden Sie sich an die Stelle, die ihn betreibt.",
		En: "Werkraum cannot work in encrypted rooms on your server yet. Please ask those who run it.",
	}
	readOnlyRoom = Text{
		De: "Dieser Raum wurde durch einen neuen ersetzt. Bitte arbeiten Sie dort weiter.",
		En: "This room was replaced by a new one. Please go on there.",
	}
)

// May refuses an action that the person has no right to.
func (r *Room) May(user id.UserID, action Action) error {
	if r.Members[user].Membership != Joined {
		return Refuse(Forbidden, notMember)
	}
	if r.Power.allows(user, action) {
		return nil
	}
	if action == Configure {
		return Refuse(Forbidden, mayNotConfigure)
	}
	return Refuse(Forbidden, mayNotEdit)
}
