package appservice

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
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

// pinned has Anna make a card of Mia's message; gone tells whether the homeserver has taken the
// message away.
func (s *stage) pinned(text string) (card workspace.ItemID, gone *atomic.Bool) {
	s.t.Helper()
	gone = &atomic.Bool{}
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/event/$source") {
			return false
		}
		m := message("$source", mia, text, nil)
		if gone.Load() {
			m["content"] = map[string]any{}
		}
		_, _ = w.Write(rawJSON(m))
		return true
	})
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	s.deliver(map[string]any{"event_id": "$pin", "type": "m.reaction", "room_id": room, "sender": anna,
		"content": map[string]any{"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": "$source", "key": "📌"}}})
	card = bots.ItemOf("$source")
	await(s.t, "the card's message", func() bool { return s.card(card).Text(board.Message) != "" })
	return card, gone
}

// card is a card as it stands; one that does not exist is empty.
func (s *stage) card(card workspace.ItemID) (it *workspace.Item) {
	s.t.Helper()
	s.view(func(v watch.View) { it = v.Board.Card(card) })
	if it == nil {
		it = &workspace.Item{}
	}
	return it
}

func redaction(event string, sender id.UserID, target string) map[string]any {
	return map[string]any{"event_id": event, "type": "m.room.redaction", "room_id": room, "sender": sender, "redacts": target, "content": map[string]any{}}
}

// dump is what the store holds of the room's work, its log, and what waits.
func (s *stage) dump(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, query := range []func() (any, error){
		func() (any, error) { return s.store.CommitsAfter(t.Context(), room, 0, 1000) },
		func() (any, error) { return s.store.Load(t.Context(), room) },
		func() (any, error) { return s.store.Outbox(t.Context()) },
		func() (any, error) { return s.store.Export(t.Context(), anna, time.Now()) },
	} {
		found, err := query()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(found)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// Other servers can send redactions that do not count. Only what the homeserver has taken away
// is taken from the board.
func TestRedactionThatDoesNotCountTakesNothing(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	card, gone := s.pinned("Streng vertraulich\nSieben Kisten")
	s.deliver(redaction("$fremd", "@eve:evil.example", "$source"))
	await(t, "the redaction to be handled", s.empty)
	if it := s.card(card); it.Text(board.Title) != "Streng vertraulich" || it.Text(board.Source) != "$source" {
		t.Errorf("the card is %+v", it)
	}
	gone.Store(true)
	s.deliver(redaction("$eigen", mia, "$source"))
	await(t, "the card without the text", func() bool {
		it := s.card(card)
		return it.Text(board.Title) == bots.WithdrawnTitle.De && it.Text(board.Description) == "" && it.Text(board.Source) == ""
	})
	if found := s.dump(t); strings.Contains(found, "vertraulich") || strings.Contains(found, "Kisten") {
		t.Errorf("it is still stored: %s", found)
	}
}

// What somebody has written on the card since is theirs and stays; what the message said does not
// come back by undoing.
func TestOwnWordsStayWhenTheSourceGoes(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	card, gone := s.pinned("Streng vertraulich\nSieben Kisten")
	title := "Kisten zählen"
	s.act(board.EditCard{Card: card, Title: &title})
	gone.Store(true)
	s.deliver(redaction("$eigen", mia, "$source"))
	await(t, "the card without the description", func() bool { return s.card(card).Text(board.Source) == "" })
	if it := s.card(card); it.Text(board.Title) != title || it.Text(board.Description) != "" {
		t.Errorf("the card is %+v", it)
	}
	undone := make(chan error, 1)
	s.Undo(room, anna, "undo-1234", "", func(_ int64, err error) { undone <- err })
	if err := <-undone; err != nil {
		t.Fatal(err)
	}
	if it := s.card(card); it.Text(board.Title) != bots.WithdrawnTitle.De {
		t.Errorf("undoing brings back %q", it.Text(board.Title))
	}
	if found := s.dump(t); strings.Contains(found, "vertraulich") || strings.Contains(found, "Sieben") {
		t.Errorf("it is still stored: %s", found)
	}
}

// Somebody is erased while the homeserver is away: what waits does not name them when it is sent
// at last, not even what was under way, and what was for them alone is not sent.
func TestErasedPersonIsNotNamedByWhatWaits(t *testing.T) {
	t.Parallel()
	s, now := setStage(t, bots.New()), time.Now().UnixMicro()
	s.put(&store.Batch{Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true, Read: stateForm}},
		Members: map[id.UserID]workspace.Member{mia: {Membership: workspace.Left, Name: "Mia"}},
		Queue: []store.Outgoing{
			{TxnID: "erste", N: now, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"body":"erste nennt @mia:b.example"}`)},
			{TxnID: "zweite", N: now + 1, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"body":"zweite nennt @mia:b.example"}`)},
			{TxnID: "link", N: now + 2, Task: store.TaskDirect, User: mia, Content: json.RawMessage(`{"body":"privater Link"}`)},
		}})
	var tried atomic.Int64
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			return false
		}
		if strings.Contains(r.URL.Path, "/send/") || strings.HasSuffix(r.URL.Path, "/createRoom") {
			tried.Add(1)
		}
		w.WriteHeader(http.StatusBadGateway)
		return true
	})
	s.start()
	await(t, "some attempts", func() bool { return tried.Load() > 1 })
	done, err := s.Erase(t.Context(), mia)
	if err != nil || len(done.Member) > 0 || done.Done.Waiting != 3 {
		t.Fatalf("erased %+v, %v", done, err)
	}
	s.answer(nil)
	await(t, "both messages", func() bool { return s.told("m.room.message", "erste") == 1 && s.told("m.room.message", "zweite") == 1 })
	if n := s.told("m.room.message", string(mia)) + s.told("m.room.message", "privater Link"); n > 0 {
		t.Errorf("%d messages name the person or are for them", n)
	}
	if n := s.told("m.room.message", string(done.StandIn)); n != 2 {
		t.Errorf("%d messages name the stand-in, want 2", n)
	}
	// Who is a member is not erased.
	still, err := s.Erase(t.Context(), anna)
	if err != nil || len(still.Member) != 1 || still.Done != (store.Erased{}) {
		t.Errorf("erasing a member: %+v, %v", still, err)
	}
	if _, err := s.store.StandInOf(t.Context(), anna); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a member has a stand-in: %v", err)
	}
}

// What the bot has posted for somebody in a card's thread goes with them, in the room too.
func TestErasedPersonsCommentGoesFromTheRoom(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddCard{Card: "eins", Title: "Eins"})
	s.say(mia, "mias", "eins", "Mein letzter Satz")
	s.say(anna, "annas", "eins", "Annas Satz")
	await(t, "both comments", func() bool {
		list, err := s.Comments(t.Context(), room, "eins")
		return err == nil && len(list) == 2
	})
	posted, err := s.store.PostedFor(t.Context(), room, mia)
	if err != nil || len(posted) != 1 {
		t.Fatalf("posted for her: %v, %v", posted, err)
	}
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		left := strings.HasSuffix(r.URL.Path, "/state/m.room.member/"+string(mia))
		if left {
			_, _ = w.Write([]byte(`{"membership":"leave"}`))
		}
		return left
	})
	s.deliver(stateEvent(room, "m.room.member", string(mia), mia, map[string]any{"membership": "leave"}))
	await(t, "her leaving", func() bool {
		done, err := s.Erase(t.Context(), mia)
		return err == nil && len(done.Member) == 0 && done.Done.Comments == 1
	})
	await(t, "her comment to be taken away", func() bool { return s.redacted(posted[0]) })
	list, err := s.Comments(t.Context(), room, "eins")
	if err != nil || len(list) != 1 || list[0].By != anna {
		t.Errorf("comments are %+v, %v; want Anna's", list, err)
	}
	if found := s.dump(t); strings.Contains(found, "letzter Satz") || strings.Contains(found, string(mia)) {
		t.Errorf("it is still stored: %s", found)
	}
}

// Somebody has changed what the bot has posted for them while the homeserver is away, and is
// erased before it is back: neither the change that is tried just now nor the one behind it is
// sent, and what was posted is taken away.
func TestErasedPersonsEditsAreNotSent(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddCard{Card: "eins", Title: "Eins"})
	s.say(mia, "mias", "eins", "Mein letzter Satz")
	var posted []id.EventID
	await(t, "her comment", func() bool {
		var err error
		posted, err = s.store.PostedFor(t.Context(), room, mia)
		return err == nil && len(posted) == 1
	})
	var away atomic.Bool
	var tried atomic.Int64
	away.Store(true)
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/state/m.room.member/"+string(mia)):
			_, _ = w.Write([]byte(`{"membership":"leave"}`))
			return true
		case r.Method == http.MethodPut && away.Load():
			tried.Add(1)
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	})
	for change, text := range map[workspace.ChangeID]string{"mias-2": "Meine zweite Fassung", "mias-3": "Meine dritte Fassung"} {
		done := make(chan error, 1)
		s.Say(room, mia, change, board.Saying{Edited: posted[0], Text: text}, func(_ int64, err error) { done <- err })
		if err := <-done; err != nil {
			t.Fatalf("%q is refused: %v", text, err)
		}
	}
	await(t, "an attempt", func() bool { return tried.Load() > 0 })
	s.deliver(stateEvent(room, "m.room.member", string(mia), mia, map[string]any{"membership": "leave"}))
	await(t, "her leaving", func() bool {
		done, err := s.Erase(t.Context(), mia)
		return err == nil && len(done.Member) == 0 && done.Done.Comments == 1
	})
	if found := s.dump(t); strings.Contains(found, "Fassung") {
		t.Errorf("it is still stored: %s", found)
	}
	away.Store(false)
	await(t, "her comment to be taken away", func() bool { return s.redacted(posted[0]) })
	await(t, "the outbox to be empty", func() bool { return s.metric("werkraum_outbox_waiting") == 0 })
	if n := s.told("m.room.message", "Fassung"); n > 0 {
		t.Errorf("%d changes of hers were sent", n)
	}
}

// A room with very much that is over gets rid of it in steps; cards and what is young stay.
func TestWhatIsOverEndsInSteps(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	old := time.Now().Add(-90 * 24 * time.Hour)
	info := store.RoomInfo{Language: workspace.German, Greeted: true, Widget: true, Layout: true, Read: stateForm, Lifetime: int64(30 * 24 * time.Hour / time.Millisecond)}
	const many = 2*expireAtOnce + 7
	b := &store.Batch{Room: store.Room{ID: room, Joined: true, Seq: many + 1, Published: many + 1, Info: info}}
	for n := range int64(many + 1) {
		at := old.Add(time.Duration(n) * time.Second)
		if n == many {
			at = time.Now()
		}
		op := workspace.Op{Item: "karte", Kind: board.KindCard, Set: map[string]workspace.Value{board.Title: workspace.String(fmt.Sprint(n))}}
		b.Commits = append(b.Commits, workspace.Commit{Seq: n + 1, Won: []workspace.Op{op}, Before: []workspace.Op{op}, Change: workspace.Change{
			ID: workspace.ChangeID(fmt.Sprint(n)), By: anna, Via: workspace.ViaWidget, At: workspace.Stamp{Time: uint64(at.UnixMilli()) << 16, Origin: "@werkraum:a.example"}, Ops: []workspace.Op{op}}})
		if n >= many-expireAtOnce-3 { // other steps end them than end the log
			b.Comments = append(b.Comments, store.Comment{Event: id.EventID(fmt.Sprintf("$c%d", n)), Card: "karte", By: anna, Body: "Kommentar", At: at})
		}
	}
	b.Items = []*workspace.Item{{Key: workspace.Key{Kind: board.KindCard, ID: "karte"}, Seq: 1, Fields: []workspace.Field{{Name: board.Title, Value: workspace.String("Bleibt"), At: workspace.Stamp{Time: 1, Origin: "@werkraum:a.example"}}}}}
	s.put(b)
	s.start()
	await(t, "the end of what is over", func() bool {
		log, err := s.store.CommitsAfter(t.Context(), room, 0, 10)
		return err == nil && len(log) == 1 && log[0].Seq == many+1
	})
	s.view(func(v watch.View) {
		if v.Comments["karte"] != 1 || v.Board.Card("karte").Text(board.Title) != "Bleibt" || v.Room.LogFrom != many {
			t.Errorf("left are %d comments, the card %+v, the log from %d", v.Comments["karte"], v.Board.Card("karte"), v.Room.LogFrom)
		}
	})
	if list, err := s.store.Comments(t.Context(), room, "karte", 10); err != nil || len(list) != 1 {
		t.Errorf("left are %v, %v", list, err)
	}
}

// The longest lifetime is a positive integer of milliseconds; everything else is as if there were
// no end, and nothing is deleted for a typing error.
func TestLifetimeOfMessages(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]int64{
		`{"max_lifetime":86400000}`: 86400000, `{"max_lifetime":1}`: 1, `{}`: 0, `null`: 0, `[]`: 0, `{"max_lifetime":-5}`: 0, `{"max_lifetime":"86400000"}`: 0,
		`{"max_lifetime":true}`: 0, `{"max_lifetime":{}}`: 0, `{"min_lifetime":5}`: 0, `{"max_lifetime":1e300}`: maxLifetime,
	} {
		if got := lifetimeOf(json.RawMessage(content)); got != want {
			t.Errorf("%s is %d, want %d", content, got, want)
		}
	}
	if d := time.Duration(maxLifetime) * time.Millisecond; d <= 0 {
		t.Errorf("the longest lifetime is %v", d)
	}
}
