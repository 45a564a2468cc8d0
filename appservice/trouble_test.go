package appservice

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

// A disk that is full takes nothing more, but still answers. What was acknowledged before is
// done when there is room again.
func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(message("$one", anna, "!karte neu Vorher", nil))
	await(t, "the first card", func() bool { return s.cards() == 1 && s.empty() })

	s.script(`CREATE TRIGGER full1 BEFORE UPDATE ON rooms BEGIN SELECT RAISE(FAIL, 'disk is full'); END;
		CREATE TRIGGER full2 BEFORE INSERT ON meta BEGIN SELECT RAISE(FAIL, 'disk is full'); END;`)
	s.deliver(message("$two", anna, "!karte neu Bei voller Platte", nil), message("$three", mia, "!karte neu Gleich danach", nil))
	await(t, "some attempts", func() bool { return s.metric("werkraum_retries_total") >= 8 })
	s.script(`DROP TRIGGER full1; DROP TRIGGER full2;`)
	await(t, "the cards to be there", func() bool { return s.cards() == 3 && s.empty() })
	if n := s.metric("werkraum_events_total", "set_aside"); n != 0 {
		t.Errorf("%v events were set aside", n)
	}
}

// An error page of a proxy in front of the homeserver decides nothing: what was to be said is
// said later, and nobody loses their place in the room.
func TestErrorPagesOfAProxyDecideNothing(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	await(t, "the column in the log", func() bool { return s.told(workspace.ChangeEvent, "spalte") == 1 })
	var tried sync.Map // what was asked of the homeserver
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		for _, what := range []string{"/send/m.room.message/", "/state/m.room.name"} {
			if strings.Contains(r.URL.Path, what) {
				tried.Store(what, true)
			}
		}
		http.Error(w, "404 page not found", http.StatusNotFound)
		return true
	})
	s.deliver(message("$one", anna, "!karte neu Trotzdem", nil), stateEvent(room, "m.room.name", "", anna, map[string]any{"name": "Neu"}))
	await(t, "a message and a question to be tried", func() bool {
		_, message := tried.Load("/send/m.room.message/")
		_, question := tried.Load("/state/m.room.name")
		return message && question
	})
	s.answer(nil)
	await(t, "the card's message", func() bool { return s.told("m.room.message", "Trotzdem") > 0 })
	await(t, "the log", func() bool { return s.told(workspace.ChangeEvent, "Trotzdem") > 0 && s.empty() })
	s.view(func(v watch.View) {
		if !v.Open || v.Room.Members[mia].Membership != workspace.Joined || v.Room.Power.StateDefault != 50 {
			t.Errorf("the room is open: %t, members %v, power %+v", v.Open, v.Room.Members, v.Room.Power)
		}
	})
}

// A room whose state cannot be read waits, and with it its events; other rooms do not, however
// many wait there.
func TestStuckRoomHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	const other = id.RoomID("!anderer:a.example")
	s := setStage(t, bots.New())
	s.put(&store.Batch{
		Room:    store.Room{ID: other, Joined: true, Info: store.RoomInfo{Language: workspace.German, Inviter: anna, Greeted: true, Widget: true, Layout: true, Read: stateForm}},
		Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}},
	})
	free := make(chan struct{})
	s.answer(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, string(room)+"/state") {
			select {
			case <-free:
			case <-r.Context().Done():
			}
		}
		return false
	})
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(stateEvent(room, "m.room.name", "", anna, map[string]any{"name": "Neu"}))
	const flood, each = 5_000, 50
	for n := range flood / each {
		var events []any
		for m := range each {
			events = append(events, message(fmt.Sprintf("$flood%d", n*each+m), mia, "!hilfe", nil))
		}
		s.deliver(events...)
	}
	s.deliver(message("$last", anna, "!karte neu Am Ende", nil))
	question := message("$other", anna, "!karte liste", nil)
	question["room_id"] = other
	s.deliver(question)
	await(t, "the answer in the other room", func() bool { return s.answered(other, "$other") })

	w := s.rooms.worker(room)
	w.mu.Lock()
	kept, parked := len(w.events), len(w.parked)
	w.mu.Unlock()
	if kept > maxWaiting || parked == 0 {
		t.Errorf("the stuck room keeps %d events in memory, and of %d deliveries only where they are", kept, parked)
	}
	close(free)
	await(t, "the card at the end", func() bool { return s.cards() == 1 && s.empty() })
	await(t, "all answers and the card's message", func() bool {
		return s.told("m.room.message", `"$flood`) == flood && s.told("m.room.message", "Am Ende") == 1
	})
}

// A kick counts while the room's state is being read, and so does encryption.
func TestWhatTakesAwayDoesNotWait(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.answer(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/state") && r.Method == http.MethodGet {
			<-r.Context().Done() // never answered
		}
		return false
	})
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(stateEvent(room, "m.room.name", "", anna, map[string]any{"name": "Neu"}))
	await(t, "the reading to begin", func() bool { return s.metric("werkraum_events_total", "handled") == 1 })
	s.deliver(stateEvent(room, "m.room.member", string(mia), anna, map[string]any{"membership": "leave"}))
	await(t, "Mia to be out", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Contains(s.removed, mia)
	})
	s.deliver(stateEvent(room, "m.room.encryption", "", anna, map[string]any{"algorithm": "m.megolm.v1.aes-sha2"}))
	await(t, "the room to be closed", func() (closed bool) {
		s.view(func(v watch.View) { closed = !v.Open })
		return closed
	})
}

// A direct message that cannot be delivered holds up nobody's room.
func TestUnreachablePersonHoldsUpNoRoom(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/createRoom") {
			return false
		}
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(`{"errcode":"M_UNKNOWN","error":"the server of the invited person is away"}`))
		return true
	})
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	if err := s.RequestLinks(t.Context(), mia, ""); err != nil {
		t.Fatal(err)
	}
	s.deliver(message("$link", mia, "!link", nil))
	await(t, "an attempt", func() bool { return s.metric("werkraum_retries_total") > 0 })
	s.deliver(message("$one", anna, "!karte liste", nil))
	await(t, "the answer in the room", func() bool { return s.answered(room, "$one") && s.answered(room, "$link") })
}

// A comment, its correction and its removal may come in one delivery, as after an outage.
func TestCommentIsCorrectedInTheSameBreath(t *testing.T) {
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
	s.deliver(
		message("$kept", mia, "Tippfeler", thread),
		message("$edit", mia, "* Tippfehler", map[string]any{
			"m.new_content": map[string]any{"msgtype": "m.text", "body": "Tippfehler"}, "m.relates_to": map[string]any{"rel_type": "m.replace", "event_id": "$kept"}}),
		message("$gone", mia, "Geheim", thread),
		map[string]any{"event_id": "$redaction", "type": "m.room.redaction", "room_id": room, "sender": mia, "redacts": "$gone", "content": map[string]any{}},
	)
	await(t, "all to be handled", s.empty)
	list, err := s.Comments(t.Context(), room, "karte")
	if err != nil || len(list) != 1 || list[0].Body != "Tippfehler" {
		t.Errorf("comments = %+v, %v", list, err)
	}
	s.view(func(v watch.View) {
		if n := v.Comments["karte"]; n != 1 {
			t.Errorf("%d comments are counted, want one", n)
		}
	})
}

// Changes that were under way when the bot was put out reach the room's log when it is back.
func TestReturnClosesTheHoleInTheLog(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	await(t, "the first change in the log", func() bool { return s.told(workspace.ChangeEvent, "spalte") == 1 })
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"errcode":"M_FORBIDDEN","error":"not in the room"}`))
		}
		return r.Method == http.MethodPut
	})
	s.act(board.AddCard{Card: "karte", Title: "Dazwischen"})
	bot := stateEvent(room, "m.room.member", "@werkraum:a.example", anna, map[string]any{"membership": "leave"})
	bot["event_id"] = "$kick"
	s.deliver(bot)
	await(t, "the bot to be out", func() (out bool) {
		s.view(func(v watch.View) { out = !v.Open })
		return out
	})
	await(t, "the outbox to be empty", func() bool { return s.metric("werkraum_outbox_waiting") == 0 })
	s.answer(nil)
	invite := stateEvent(room, "m.room.member", "@werkraum:a.example", anna, map[string]any{"membership": "invite"})
	invite["event_id"] = "$again"
	s.deliver(invite)
	await(t, "the change in the log", func() bool { return s.told(workspace.ChangeEvent, "Dazwischen") == 1 && s.published() })
}

// published reports whether the room has heard of every change.
func (s *stage) published() bool {
	loaded, err := s.store.Load(s.t.Context(), room)
	return err == nil && loaded.Published == loaded.Seq
}

// answered reports whether the bot has replied to an event.
func (s *stage) answered(room id.RoomID, event string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.sent, func(e sentEvent) bool {
		return strings.Contains(e.path, string(room)) && strings.Contains(e.body, `"m.in_reply_to":{"event_id":"`+event+`"}`)
	})
}

// metric is the sum of a metric's values, of those with a label if one is given.
func (s *stage) metric(name string, label ...string) (n float64) {
	s.t.Helper()
	families, err := s.registry.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() != name || len(label) > 0 && m.GetLabel()[0].GetValue() != label[0] {
				continue
			}
			n += m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return n
}

// Who may take part is judged anew at each start. The store keeps what the homeserver says,
// so a wider setting brings people back.
func TestNarrowerFederationShutsPeopleOut(t *testing.T) {
	t.Parallel()
	for name, narrow := range map[string]func(f *workspace.Federation){
		"fewer servers":   func(f *workspace.Federation) { f.Participate = []string{"*.a.example"} },
		"a server denied": func(f *workspace.Federation) { f.DenyServers = []string{"b.*"} },
		"a person denied": func(f *workspace.Federation) { f.DenyUsers = []string{"@mia:*"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setStage(t, bots.New())
			narrow(&s.Federation)
			s.shutsMiaOut(t)
		})
	}
}

func (s *stage) shutsMiaOut(t *testing.T) {
	t.Helper()
	s.start()
	s.view(func(v watch.View) {
		if v.Room.May(mia, workspace.Look) == nil || v.Room.May(anna, workspace.Look) != nil {
			t.Errorf("members are %v", v.Room.Members)
		}
	})
	if err := s.RequestLinks(t.Context(), mia, ""); err != nil {
		t.Fatal(err)
	}
	loaded, err := s.store.Load(t.Context(), room)
	if err != nil || loaded.Members[mia].Membership != workspace.Joined {
		t.Errorf("the store has %+v, %v", loaded, err)
	}
	if n := s.metric("werkraum_outbox_waiting"); n != 0 {
		t.Errorf("%v messages are under way to somebody who may not take part", n)
	}
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(message("$hers", mia, "!karte neu Heimlich", nil))
	await(t, "her message to be handled", s.empty)
	if s.answered(room, "$hers") || s.cards() != 0 {
		t.Error("she is obeyed")
	}
}

// A page may open in the very step after which the room is read anew.
func TestPageOpensWhileTheRoomIsReadAnew(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	w := s.rooms.worker(room)
	w.note(func(_ *worker, st *step) error { st.reload = true; return nil })
	opened := make(chan error, 1)
	go func() { opened <- s.Visit(t.Context(), room, func(v watch.View) { _ = v.Room.Members[anna] }) }()
	await(t, "both to wait", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.jobs) == 2
	})
	s.start()
	select {
	case err := <-opened:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("the page never opens")
	}
}

// Of what an earlier run had sent when it was killed, the homeserver shows the first message at
// once and the second, which was under way, only after a while. Neither is sent again.
func TestMessageUnderWayBehindAnotherIsNotRepeated(t *testing.T) {
	t.Parallel()
	s, now := setStage(t, bots.New()), time.Now().UnixMicro()
	s.put(&store.Batch{
		Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true, Read: stateForm}},
		Queue: []store.Outgoing{
			{TxnID: "erste", N: now, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"body":"erste"}`)},
			{TxnID: "zweite", N: now + 1, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"body":"zweite"}`)},
			{TxnID: "dritte", N: now + 2, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"body":"dritte"}`)},
		},
	})
	var questions atomic.Int64
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/messages") {
			return false
		}
		shown := func(txn string) string {
			return fmt.Sprintf(`{"event_id":"$%s","sender":"@werkraum:a.example","origin_server_ts":%d,"content":{"de.werkraum.txn":%q}}`, txn, now/1000, txn)
		}
		list := shown("erste")
		if questions.Add(1) > 2 {
			list = shown("zweite") + "," + list
		}
		_, _ = fmt.Fprintf(w, `{"chunk":[%s]}`, list)
		return true
	})
	s.start()
	await(t, "the third message", func() bool {
		return s.told("m.room.message", "dritte") == 1 && s.metric("werkraum_outbox_waiting") == 0
	})
	if n := s.told("m.room.message", "erste") + s.told("m.room.message", "zweite"); n != 0 {
		t.Errorf("%d messages were sent again", n)
	}
}

// A clock that was set ahead when messages were queued, and back since, or that is ahead of the
// homeserver's, does not have messages sent again that the room has.
func TestWrongClockRepeatsNothing(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]struct{ queued, now time.Duration }{
		"ahead": {20 * time.Hour, 20 * time.Hour}, "set back since": {20 * time.Hour, 0}, "set ahead since": {0, 20 * time.Hour}, "set back to the past": {0, -20 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setStage(t, bots.New())
			s.pushes.Store(true)
			s.now = func() time.Time { return time.Now().Add(ahead.now) }
			sent, events := time.Now(), []string{}
			b := &store.Batch{Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true, Read: stateForm}}}
			for n := range 4 {
				txn := fmt.Sprint("nachricht", n)
				b.Queue = append(b.Queue, store.Outgoing{TxnID: txn, N: sent.Add(ahead.queued).UnixMicro() + int64(n), Task: store.TaskSend, EventType: "m.room.message", Content: rawJSON(map[string]any{"body": txn})})
				events = append(events, fmt.Sprintf(`{"event_id":"$%s","sender":"@werkraum:a.example","origin_server_ts":%d,"unsigned":{"age":1000},"content":{"de.werkraum.txn":%q}}`, txn, sent.UnixMilli(), txn))
			}
			s.put(b)
			slices.Reverse(events) // the newest first
			s.answer(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/messages") {
					return false
				}
				_, _ = fmt.Fprintf(w, `{"chunk":[%s]}`, strings.Join(events, ","))
				return true
			})
			s.start()
			await(t, "the outbox to be empty", func() bool {
				left, err := s.store.Outbox(t.Context())
				return err == nil && len(left) == 0
			})
			if n := s.told("m.room.message", "nachricht"); n != 0 {
				t.Errorf("%d messages were sent again", n)
			}
		})
	}
}

// Until it is known what homeserver this is, it may be one that is late with what was under way.
func TestHomeserverMayBeLateUntilItIsKnown(t *testing.T) {
	t.Parallel()
	o := &outbox{Service: &Service{}}
	if got := o.lateness(); got != lateOnDendrite {
		t.Errorf("a homeserver that is not known yet is waited for %v, want %v", got, lateOnDendrite)
	}
	o.pushes.Store(true)
	if got := o.lateness(); got != late {
		t.Errorf("one that pushes everything is waited for %v, want %v", got, late)
	}
}

// The network may hold a message up and let it through together with the question whether it
// came. It is not sent a second time.
func TestMessageThatWasHeldUpIsNotRepeated(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	var passed atomic.Int64 // how far the clock has gone on
	s.now = func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	await(t, "the column in the log", func() bool { return s.told(workspace.ChangeEvent, "spalte") == 1 && s.published() })
	var mu sync.Mutex
	var held []byte // the message that the network has
	attempts, questions := 0, 0
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case strings.Contains(r.URL.Path, "/send/m.room.message/"):
			if attempts++; attempts > 1 {
				return false
			}
			held, _ = io.ReadAll(r.Body)
			panic(http.ErrAbortHandler) // the connection ends without an answer
		case strings.HasSuffix(r.URL.Path, "/messages") && held != nil:
			switch questions++; {
			case questions < 3:
				panic(http.ErrAbortHandler)
			case questions == 3: // longer after the attempt than the homeserver could be busy with it
				passed.Add(int64(2 * lateOnDendrite))
			default:
				_, _ = fmt.Fprintf(w, `{"chunk":[{"event_id":"$held","sender":"@werkraum:a.example","content":%s}]}`, held)
				return true
			}
		}
		return false
	})
	s.deliver(message("$one", anna, "!karte neu Nur einmal", nil))
	await(t, "the message to be found", func() bool { return s.empty() && s.metric("werkraum_outbox_waiting") == 0 && s.cards() == 1 })
	mu.Lock()
	defer mu.Unlock()
	if attempts != 1 || questions < 4 {
		t.Errorf("the message was sent %d times, after %d questions; want once", attempts, questions)
	}
}
