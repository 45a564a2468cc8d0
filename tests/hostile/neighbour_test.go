// Package hostile holds the program against a homeserver written for the test, which
// passes on what no proper server would send: to see that nothing of it gets through,
// that memory stays bounded, and that other rooms do not notice.
package hostile

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"maunium.net/go/mautrix/id"
)

type object = map[string]any

// neighbour is the homeserver. Of the rooms it tells the truth when it is asked for
// their state; what it hands over and what its /sync and /messages say is up to the test.
type neighbour struct {
	name string
	bot  id.UserID

	mu    sync.Mutex
	state map[id.RoomID][]object
	sent  []sent
	// next are the answers to the next syncs; without one it waits.
	next chan []byte
	// pages answers /messages; nil means that there is nothing.
	pages func(room, from string) []byte
	// events answers for single events.
	events map[string]string
	// openID says whose token it is.
	openID map[string]id.UserID
}

// sent is what the bot sent.
type sent struct {
	room    string
	kind    string
	content string
}

func newNeighbour(name string, bot id.UserID) *neighbour {
	return &neighbour{name: name, bot: bot, state: map[id.RoomID][]object{}, next: make(chan []byte, 1000), events: map[string]string{}, openID: map[string]id.UserID{}}
}

// room makes a room with the bot, people by their power levels, and a level for editing.
func (n *neighbour) room(room id.RoomID, people map[id.UserID]int, edit int) {
	users := object{string(n.bot): 100}
	list := []object{n.stateEvent(room, "m.room.create", "", n.bot, object{"room_version": "11"})}
	for user, level := range people {
		users[string(user)] = level
		list = append(list, n.stateEvent(room, "m.room.member", string(user), user, object{"membership": "join"}))
	}
	list = append(list, n.stateEvent(room, "m.room.member", string(n.bot), n.bot, object{"membership": "join"}),
		n.stateEvent(room, "m.room.power_levels", "", n.bot, object{"users": users, "events": object{"de.werkraum.change": edit}}))
	n.mu.Lock()
	defer n.mu.Unlock()
	n.state[room] = list
}

func (n *neighbour) stateEvent(room id.RoomID, kind, key string, sender id.UserID, content object) object {
	return object{"event_id": "$" + kind + key + string(room), "type": kind, "state_key": key, "room_id": room, "sender": sender, "content": content}
}

// ServeHTTP is the part of the client-server API that the bot uses.
func (n *neighbour) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, _ := strings.CutPrefix(r.URL.Path, "/_matrix/client/v3/")
	parts := strings.Split(path, "/")
	switch {
	case strings.HasSuffix(r.URL.Path, "/ping"):
		answer(w, http.StatusNotFound, `{"errcode":"M_UNRECOGNIZED","error":"no such thing"}`) // so the bot syncs as well
	case strings.HasSuffix(r.URL.Path, "/openid/userinfo"):
		n.mu.Lock()
		user := n.openID[r.FormValue("access_token")]
		n.mu.Unlock()
		if user == "" {
			answer(w, http.StatusUnauthorized, `{"errcode":"M_UNKNOWN_TOKEN","error":"no"}`)
			return
		}
		answer(w, http.StatusOK, fmt.Sprintf(`{"sub":%q}`, user))
	case path == "account/whoami":
		answer(w, http.StatusOK, fmt.Sprintf(`{"user_id":%q}`, n.bot))
	case path == "sync":
		n.sync(w, r)
	case parts[0] == "join" && len(parts) > 1:
		answer(w, http.StatusOK, fmt.Sprintf(`{"room_id":%q}`, parts[1]))
	case parts[0] == "rooms" && len(parts) > 2:
		n.roomAPI(w, r, id.RoomID(parts[1]), parts[2:])
	default:
		answer(w, http.StatusOK, `{}`)
	}
}

func (n *neighbour) sync(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("since") == "" {
		answer(w, http.StatusOK, `{"next_batch":"s0"}`)
		return
	}
	select {
	case body := <-n.next:
		_, _ = w.Write(body)
	case <-r.Context().Done():
	}
}

func (n *neighbour) roomAPI(w http.ResponseWriter, r *http.Request, room id.RoomID, what []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case r.Method == http.MethodPut:
		var content json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&content)
		n.sent = append(n.sent, sent{string(room), what[1], string(content)})
		answer(w, http.StatusOK, fmt.Sprintf(`{"event_id":"$sent%d"}`, len(n.sent)))
	case what[0] == "state" && len(what) == 1:
		list := n.state[room]
		if list == nil {
			answer(w, http.StatusForbidden, `{"errcode":"M_FORBIDDEN","error":"not in the room"}`)
			return
		}
		answer(w, http.StatusOK, string(encoded(list)))
	case what[0] == "state":
		key := strings.Join(what[2:], "/")
		for _, e := range n.state[room] {
			if e["type"] == what[1] && e["state_key"] == key {
				answer(w, http.StatusOK, string(encoded(e["content"])))
				return
			}
		}
		answer(w, http.StatusNotFound, `{"errcode":"M_NOT_FOUND","error":"no such state"}`)
	case what[0] == "messages" && n.pages != nil:
		_, _ = w.Write(n.pages(string(room), r.FormValue("from")))
	case what[0] == "messages":
		answer(w, http.StatusOK, `{"chunk":[]}`)
	case what[0] == "event":
		if body := n.events[what[1]]; body != "" {
			answer(w, http.StatusOK, body)
			return
		}
		answer(w, http.StatusNotFound, `{"errcode":"M_NOT_FOUND","error":"no such event"}`)
	default:
		answer(w, http.StatusOK, `{}`)
	}
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// answered returns what the bot has said to an event.
func (n *neighbour) answered(event string) (texts []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.sent {
		if s.kind == "m.room.message" && strings.Contains(s.content, `"event_id":"`+event+`"`) {
			texts = append(texts, s.content)
		}
	}
	return texts
}
