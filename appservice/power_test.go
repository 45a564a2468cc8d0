package appservice

import (
	"encoding/json"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

func TestPowerLevelsWithDefaultsAndNonsense(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]struct{ user, edit, state int }{
		`{}`: {0, 0, 50},
		`{"users_default":10,"events_default":20,"state_default":30}`: {10, 20, 30},
		`{"users":{"@a:x":100}}`: {100, 0, 50},
		`{"users":{"@a:x":"75"},"events":{"de.werkraum.change":"60"}}`:                   {75, 60, 50}, // as in old rooms
		`{"users":{"@a:x":null},"events":{"de.werkraum.change":[]},"state_default":"x"}`: {0, 0, 50},
		`[]`:                               {0, 0, 50},
		`{"users":[],"events_default":40}`: {0, 40, 50},
	} {
		p := parsePower(json.RawMessage(content), nil)
		got := struct{ user, edit, state int }{p.Level("@a:x"), p.Required(workspace.ChangeEvent, false), p.Required("m.room.name", true)}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", content, got, want)
		}
	}
}

// In room version 12 the creators outrank everybody and are not in the levels.
func TestCreatorsOfNewRooms(t *testing.T) {
	t.Parallel()
	key := ""
	for version, want := range map[string]int{"10": 0, "11": 0, "12": 2, "org.example.custom": 0} {
		e := envelope{Type: typeCreate, Sender: "@a:x", StateKey: &key,
			Content: json.RawMessage(`{"room_version":"` + version + `","additional_creators":["@b:y"]}`)}
		creators := creatorsOf(e)
		if len(creators) != want {
			t.Errorf("version %s: creators %v, want %d", version, creators, want)
		}
		power := parsePower(json.RawMessage(`{"events_default":100}`), creators)
		if mayEdit := power.Level(id.UserID("@b:y")) >= 100; mayEdit != (want > 0) {
			t.Errorf("version %s: a creator may edit: %v", version, mayEdit)
		}
	}
}
