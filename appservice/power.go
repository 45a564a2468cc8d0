package appservice

import (
	"encoding/json"
	"strconv"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// creatorsOf are the people with unlimited power in room version 12 and later.
func creatorsOf(e envelope) []id.UserID {
	var c struct {
		Version    string      `json:"room_version"`
		Additional []id.UserID `json:"additional_creators"`
	}
	if json.Unmarshal(e.Content, &c) != nil {
		return nil
	}
	if v, err := strconv.Atoi(c.Version); err != nil || v < 12 {
		return nil
	}
	return append([]id.UserID{e.Sender}, c.Additional...)
}

// level reads a power level: an integer, in old rooms sometimes a text.
type level struct {
	value int
	set   bool
}

func (l *level) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if len(raw) > 1 && raw[0] == '"' {
		text = text[1 : len(text)-1]
	}
	n, err := strconv.Atoi(text)
	if err == nil {
		l.value, l.set = n, true
	}
	return nil // what is no number is as if it were absent
}

func (l level) or(standard int) int {
	if l.set {
		return l.value
	}
	return standard
}

// parsePower reads m.room.power_levels with the specification's defaults
// (client-server API, m.room.power_levels).
func parsePower(raw json.RawMessage, creators []id.UserID) workspace.Power {
	var c struct {
		Users         map[id.UserID]level `json:"users"`
		UsersDefault  level               `json:"users_default"`
		Events        map[string]level    `json:"events"`
		EventsDefault level               `json:"events_default"`
		StateDefault  level               `json:"state_default"`
		Redact        level               `json:"redact"`
	}
	_ = json.Unmarshal(raw, &c) // fields that do not fit keep their default
	p := workspace.Power{
		Users: map[id.UserID]int{}, UsersDefault: c.UsersDefault.or(0), Events: map[string]int{},
		EventsDefault: c.EventsDefault.or(0), StateDefault: c.StateDefault.or(50), Redact: c.Redact.or(50), Creators: creators,
	}
	for user, l := range c.Users {
		if l.set {
			p.Users[user] = l.value
		}
	}
	for t, l := range c.Events {
		if l.set {
			p.Events[t] = l.value
		}
	}
	return p
}
