package appservice

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

func TestAccessListWithNonsense(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]workspace.ServerACL{
		`{}`:                         {},
		`{"allow":"*"}`:              {},
		`{"allow":["*",7,null,""]}`:  {Allow: []string{"*"}},
		`{"allow":["*"],"deny":{}}`:  {Allow: []string{"*"}},
		`{"deny":["a"],"allow":[1]}`: {Deny: []string{"a"}},
		`{"allow":["*"],"allow_ip_literals":false}`:   {Allow: []string{"*"}, DenyIPLiterals: true},
		`{"allow":["*"],"allow_ip_literals":"false"}`: {Allow: []string{"*"}},
		`[]`: {},
	} {
		if got := parseACL(json.RawMessage(content)); !got.Equal(want) {
			t.Errorf("%s: %+v, want %+v", content, got, want)
		}
	}
}

// keeper is a homeserver that keeps the room's state; what was not set it has not.
func (s *stage) keeper(state map[string]any, reading chan struct{}) {
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		kind, found := strings.CutPrefix(r.URL.Path, "/_matrix/client/v3/rooms/"+string(room)+"/state/")
		if !found || r.Method != http.MethodGet {
			return false
		}
		if reading != nil {
			select {
			case <-reading:
			case <-r.Context().Done():
			}
		}
		kind, _, _ = strings.Cut(kind, "/")
		if kind == typeMember {
			return false
		}
		s.mu.Lock()
		content, set := state[kind]
		s.mu.Unlock()
		if !set {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"errcode":"M_NOT_FOUND","error":"no such state"}`))
			return true
		}
		_, _ = w.Write(rawJSON(content))
		return true
	})
}

func (s *stage) membership(user id.UserID) (m workspace.Membership) {
	s.view(func(v watch.View) { m = v.Room.Members[user].Membership })
	return m
}

func (s *stage) wasRemoved(user id.UserID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.removed, user)
}

// A server that the room's access list shuts out: its people lose their sessions at once, what
// they say is not obeyed, and they come back when the list lets them.
func TestServerACLShutsAServerOut(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	kept := map[string]any{}
	s.keeper(kept, nil)
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	if err := s.store.PutSession(t.Context(), store.Session{Hash: "mias", User: mia, Room: room}); err != nil {
		t.Fatal(err)
	}
	shut := map[string]any{"allow": []string{"*"}, "deny": []string{"B.example"}}
	set := func(event string, content any) {
		s.mu.Lock()
		kept[typeACL] = content
		s.mu.Unlock()
		e := stateEvent(room, typeACL, "", anna, content)
		e["event_id"] = event
		s.deliver(e)
	}
	set("$shut", shut)
	await(t, "Mia to be out", func() bool { return s.wasRemoved(mia) && s.membership(mia) == workspace.Excluded })
	if _, err := s.store.Session(t.Context(), "mias"); err == nil {
		t.Error("her session goes on")
	}
	s.deliver(message("$hers", mia, "!karte neu Heimlich", nil), message("$annas", anna, "!karte neu Offen", nil))
	await(t, "Anna's card", func() bool { return s.cards() == 1 && s.empty() })
	if s.answered(room, "$hers") {
		t.Error("Mia was answered")
	}
	if loaded, err := s.store.Load(t.Context(), room); err != nil || loaded.Members[mia].Membership != workspace.Joined {
		t.Errorf("the store has %+v, %v; what the homeserver says stays", loaded.Members, err)
	}

	// After a restart it is the same: the list is stored.
	w := s.rooms.worker(room)
	w.note(func(_ *worker, st *step) error { st.reload = true; return nil })
	if got := s.membership(mia); got != workspace.Excluded {
		t.Errorf("after reading the room anew she is %s", got)
	}

	// Nobody shuts out the own server's people, as homeservers do not either.
	set("$all", map[string]any{})
	await(t, "the list that lets nobody in", func() bool { return s.empty() })
	if got := s.membership(anna); got != workspace.Joined {
		t.Errorf("Anna is %s", got)
	}
	set("$open", map[string]any{"allow": []string{"*"}})
	await(t, "Mia to be back", func() bool { return s.membership(mia) == workspace.Joined })
	s.deliver(message("$again", mia, "!karte neu Wieder da", nil))
	await(t, "her card", func() bool { return s.cards() == 2 })
}

// An access list or power levels that were heard count at once in what they take away, and
// not at all in what they give: that is read back first.
func TestWhatWasHeardTakesAndDoesNotGive(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	kept := map[string]any{typePower: map[string]any{"users": map[string]any{string(mia): 0, string(anna): 100}, "events": map[string]any{workspace.ChangeEvent: 50}}}
	reading := make(chan struct{})
	s.keeper(kept, reading)
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	may := func(user id.UserID, deed workspace.Deed) (yes bool) {
		s.view(func(v watch.View) { yes = v.Room.May(user, deed) == nil })
		return yes
	}
	if !may(mia, "card.add") || may(mia, workspace.SetLanguage) {
		t.Fatal("Mia's rights are wrong from the start")
	}
	// It claims that Mia rules, and takes Anna's right away. The servers have agreed on the opposite.
	heard := stateEvent(room, typePower, "", mia, map[string]any{"users": map[string]any{string(mia): 100}, "events": map[string]any{workspace.ChangeEvent: 50}})
	s.deliver(heard)
	await(t, "Anna's right to be gone", func() bool { return !may(anna, "card.add") })
	if may(mia, workspace.SetLanguage) || may(mia, "card.add") {
		t.Error("Mia has got what she claims")
	}
	// Killed here, the program knows that it owes a reading.
	if loaded, err := s.store.Load(t.Context(), room); err != nil || loaded.Info.Read == stateForm || loaded.Info.Power.Level(mia) >= 50 {
		t.Errorf("the store has %+v, %v", loaded.Info, err)
	}
	close(reading)
	await(t, "what the servers agreed on", func() bool { return may(anna, workspace.SetLanguage) })
	if may(mia, "card.add") {
		t.Error("Mia may still edit")
	}
	if loaded, err := s.store.Load(t.Context(), room); err != nil || loaded.Info.Read != stateForm {
		t.Errorf("the store has %+v, %v", loaded.Info, err)
	}
}

// Where the homeserver has two ways of telling, an invite may come a second time after the one
// who was invited has come in: it ends none of their sessions.
func TestRepeatedInviteRemovesNobody(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	times := func() (n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, user := range s.removed {
			if user == mia {
				n++
			}
		}
		return n
	}
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	invite := stateEvent(room, typeMember, string(mia), anna, map[string]any{"membership": "invite"})
	joined := func() (yes bool) {
		s.view(func(v watch.View) { yes = v.Room.May(mia, workspace.Look) == nil })
		return yes && s.empty()
	}
	s.deliver(invite) // heard for the first time it counts, until it is read back that she is in
	await(t, "Mia to be in again", func() bool { return times() == 1 && joined() })
	if err := s.store.PutSession(t.Context(), store.Session{Hash: "mias", User: mia, Room: room, Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	s.deliver(invite)
	await(t, "the repetition to be read back", joined)
	if _, err := s.store.Session(t.Context(), "mias"); err != nil || times() != 1 {
		t.Errorf("Mia was removed %d times, want once; her session: %v", times(), err)
	}
}

// What was heard before a stop and not read back is read at the next start, and so is what an
// earlier version did not read.
func TestStateThatIsOwedIsReadAtTheNextStart(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	loaded, err := s.store.Load(t.Context(), room)
	if err != nil {
		t.Fatal(err)
	}
	loaded.Info.Read = 0
	s.put(&store.Batch{Room: loaded.Room})
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/state") {
			return false
		}
		var list []any
		_ = json.Unmarshal(state(room, anna, mia), &list)
		list = append(list, stateEvent(room, typeACL, "", anna, map[string]any{"allow": []string{"a.example"}}))
		_, _ = w.Write(rawJSON(list))
		return true
	})
	s.start()
	s.view(func(v watch.View) {
		if v.Room.May(mia, workspace.DropOthers) == nil {
			t.Error("what is not known of the power levels gives rights")
		}
	})
	await(t, "Mia to be out", func() bool { return s.membership(mia) == workspace.Excluded })
}

// Whose redaction counts: the author's own, and a moderator's. Homeservers pass on others'.
func TestRedactionsThatTheirSenderMayNotMake(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.act(board.AddCard{Card: "karte", Title: "Angebot"})
	var root string
	await(t, "the card's message", func() bool {
		s.view(func(v watch.View) { root = v.Board.Card("karte").Text(board.Message) })
		return root != ""
	})
	thread := map[string]any{"m.relates_to": map[string]any{"rel_type": "m.thread", "event_id": root}}
	redaction := func(event, target string, by id.UserID) map[string]any {
		return map[string]any{"event_id": event, "type": "m.room.redaction", "room_id": room, "sender": by, "content": map[string]any{"redacts": target}}
	}
	s.deliver(message("$annas", anna, "Von Anna", thread), message("$mias", mia, "Von Mia", thread), redaction("$forged", "$annas", mia), redaction("$stranger", "$annas", "@nobody:c.example"))
	s.deliver(redaction("$own", "$mias", mia))
	await(t, "all to be handled", s.empty)
	if list, err := s.Comments(t.Context(), room, "karte"); err != nil || len(list) != 1 || list[0].Event != "$annas" {
		t.Errorf("comments = %+v, %v", list, err)
	}
	moderator := id.UserID("@mod:a.example")
	w := s.rooms.worker(room)
	w.note(func(w *worker, _ *step) error {
		w.room.Members[moderator] = workspace.Member{Membership: workspace.Joined}
		w.room.Power.Users[moderator] = 50
		return nil
	})
	s.deliver(redaction("$moderated", "$annas", moderator))
	await(t, "all to be handled", s.empty)
	if list, err := s.Comments(t.Context(), room, "karte"); err != nil || len(list) != 0 {
		t.Errorf("comments = %+v, %v", list, err)
	}
}

// State under a key that its type does not have means nothing: asked for, it is not there, and
// what holds without it would give everybody every right.
func TestStateUnderAnotherKeyMeansNothing(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.keeper(map[string]any{}, nil)
	s.put(&store.Batch{Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Inviter: anna, Greeted: true, Widget: true, Layout: true, Read: stateForm,
		Name: "Projekt", Power: workspace.Power{StateDefault: 50, EventsDefault: 50, Redact: 50, Users: map[id.UserID]int{anna: 100, "@werkraum:a.example": 50}}}}})
	s.start()
	for _, kind := range []string{typePower, typeName, typeEncryption, typeTombstone, typeACL, typeCreate} {
		s.deliver(stateEvent(room, kind, "x", mia, map[string]any{"replacement_room": "!falle:b.example", "algorithm": "x", "name": "Falle", "allow": []string{}}))
	}
	s.deliver(message("$after", mia, "!karte neu Eingeschlichen", nil))
	await(t, "the answer", func() bool { return s.answered(room, "$after") })
	s.view(func(v watch.View) {
		if v.Room.May(mia, "card.add") == nil || v.Room.May(anna, "card.add") != nil || !v.Open || v.Room.Name != "Projekt" {
			t.Errorf("open %t, power %+v, name %q", v.Open, v.Room.Power, v.Room.Name)
		}
	})
	if n := s.cards(); n != 0 {
		t.Errorf("there are %d cards", n)
	}
}

// An event that is nested deeper than encoding/json goes, and that somebody pins or that a state
// read meets, holds up nobody.
func TestDeepEventsHoldUpNothing(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000)
	s := setStage(t, bots.New())
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/event/$deep"):
			_, _ = w.Write([]byte(`{"event_id":"$deep","type":"m.room.message","room_id":"` + string(room) + `","sender":"` + string(mia) + `","content":{"msgtype":"m.text","body":"x","x":` + deep + `}}`))
		case strings.HasSuffix(r.URL.Path, "/state/m.room.name/"):
			_, _ = w.Write([]byte(`{"name":"x","x":` + deep + `}`))
		default:
			return false
		}
		return true
	})
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(
		map[string]any{"event_id": "$pin", "type": "m.reaction", "room_id": room, "sender": mia, "content": map[string]any{"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": "$deep", "key": "📌"}}},
		stateEvent(room, typeName, "", mia, map[string]any{"name": "x"}),
		message("$after", anna, "!karte neu Danach", nil),
	)
	await(t, "what came after", func() bool { return s.answered(room, "$after") && s.empty() })
}

// Brackets without end are refused, and the program goes on.
func TestBracketsWithoutEnd(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"events":[]}`: true, `{"a":"[[[[\\\"[["}`: true, "": false, `{"events":`: false,
		`{"events":` + strings.Repeat("[", 60_000_000): false, strings.Repeat(`{"a":`, 10_000_000): false,
		`{"events":[` + strings.Repeat("[", 65_000) + strings.Repeat("]", 65_000) + `]}`: true,
	} {
		if got := wellFormed([]byte(body)); got != want {
			t.Errorf("%.30q…: %t", body, got)
		}
	}
}
