package tests

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/tests/page"
	"werkraum/workspace"
)

// A person who has gone is erased by the operator while the program runs: whoever looks at the
// board, the database and the card's message finds a stand-in, the work is whole, and the room's
// own log, read again, does not bring them back.
func TestErasedPersonIsForgotten(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		mia := s.mia.UserID.String()
		name := newItem()
		s.page(s.mia).do("card.add", object{"card": name, "title": "Zuständig ist " + mia})
		var root id.EventID
		board := s.page(s.anna)
		board.await("the card's message", func(st pageState) bool {
			root = id.EventID(st.Items["card/"+name].Text("message"))
			return root != ""
		})
		s.anna.ask(s.room, "!karte zuweisen 1 "+mia)
		s.mia.await(s.room, "the card's message", byID(root))
		s.mia.sayIn(s.room, root, "Das übernehme ich gern.")
		s.mia.ask(s.room, "!karte neu Bleibt im Raum")
		token := s.linkFor(s.mia, func() { s.anna.answer(s.room, s.mia.say(s.room, "!link")) })
		if _, err := page.SignInLink(t.Context(), s.URL, token); err != nil {
			t.Fatal(err)
		}
		card := board.card("Zuständig ist " + mia)
		board.await("the comment", func(st pageState) bool { return st.Counts[card.ID] == 1 })

		export := s.export(s.mia.UserID)
		var here store.ExportedRoom
		for _, r := range export.Rooms {
			if r.Room == s.room {
				here = r
			}
		}
		if here.CalledHere != "Mia" || len(here.Items) != 2 || len(here.Changes) != 2 || len(here.NamedIn) == 0 || len(here.Comments) != 1 || here.Comments[0].Body != "Das übernehme ich gern." {
			t.Errorf("the export of the room is %+v", here)
		}
		if len(export.Sessions) != 2 || len(export.DirectChats) != 1 || export.DirectChats[0] != s.mia.direct {
			t.Errorf("the export tells sessions %v, direct chats %v", export.Sessions, export.DirectChats)
		}

		// As long as she is a member nothing is erased.
		out, err := s.Command(t.Context(), "user", "erase", mia, "--yes", "--lang", "en")
		if err == nil || !strings.Contains(out, s.room.String()) {
			t.Errorf("erasing a member ends with %v:\n%s", err, out)
		}
		if _, err := s.mia.Client.LeaveRoom(t.Context(), s.room); err != nil {
			t.Fatal(err)
		}
		board.await("Mia's leaving", func(st pageState) bool { return !slices.Contains(st.Viewers, s.mia.UserID) })
		until(t, "the dry run without her", func() error {
			out, err := s.Command(t.Context(), "user", "erase", mia, "--lang", "en")
			if err != nil || strings.Contains(out, s.room.String()) || !strings.Contains(out, "comments of the person                    1\n") {
				return fmt.Errorf("%w\n%s", err, out)
			}
			return nil
		})
		if len(s.export(s.mia.UserID).Rooms) == 0 {
			t.Error("the dry run has erased something")
		}

		out, err = s.Command(t.Context(), "user", "erase", mia, "--yes", "--lang", "en")
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		left := s.export(s.mia.UserID)
		if !workspace.IsStandIn(left.StandIn) || !strings.Contains(out, left.StandIn.String()) || len(left.Rooms)+len(left.Sessions)+len(left.Links)+len(left.DirectChats)+len(left.Audit) > 0 {
			text, _ := json.Marshal(left)
			t.Errorf("what is left: %s\nthe command said:\n%s", text, out)
		}
		board.await("the goodbye that has the page read anew", func(st pageState) bool { return st.Bye != nil })
		board.Look(func(st pageState) {
			if st.Bye.Reason != "restart" {
				t.Errorf("goodbye = %+v, want restart, on which a page comes back by itself", *st.Bye)
			}
		})
		standIn := left.StandIn.String()
		board = s.page(s.anna)
		card = board.card("Zuständig ist " + standIn)
		if !card.True("assignee/"+standIn) || card.Text("created_by") != standIn {
			t.Errorf("the card is %v", card.Fields)
		}
		board.card("Bleibt im Raum")
		s.anna.hears(s.room, "the card's message without her name", func(m message) bool {
			return m.Sender == s.Bot && m.Relates.Type == "m.replace" && strings.Contains(m.New.Body, "Gelöschte Person") && !strings.Contains(m.New.Body, "Mia")
		})
		s.mia.awaitBotGone(s.mia.direct, s.Bot)

		// Work goes on, and what the room holds, renamed, is what people see.
		s.anna.ask(s.room, "!karte fertig 1")
		r := workspace.Renaming{From: s.mia.UserID, To: left.StandIn}
		until(t, "the timeline, renamed, to hold the board", func() error {
			if diff := difference(itemsOf(board), rebuildOf(s.changes(s.anna), r)); diff != "" {
				return fmt.Errorf("the board (-) and what the timeline holds (+):\n%s", diff)
			}
			return nil
		})
		audit, err := s.Command(t.Context(), "audit", "--since", "1h")
		if err != nil {
			t.Fatal(err)
		}
		has(t, audit, "user_erased", "user_exported", "subject="+standIn)
		if strings.Contains(audit, mia) {
			t.Errorf("the audit log names her:\n%s", audit)
		}
	})
}

// Without a running program the same command works on the database.
func TestErasingWhileTheProgramIsStopped(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, pausing))
		mia := s.mia.UserID.String()
		s.anna.ask(s.room, "!karte neu Ablösen")
		s.anna.ask(s.room, "!karte zuweisen 1 "+mia)
		if _, err := s.mia.Client.LeaveRoom(t.Context(), s.room); err != nil {
			t.Fatal(err)
		}
		until(t, "the leaving to be known", func() error {
			out, err := s.Command(t.Context(), "user", "erase", mia)
			if err != nil || strings.Contains(out, s.room.String()) {
				return fmt.Errorf("%w\n%s", err, out)
			}
			return nil
		})
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		out, err := s.Command(t.Context(), "user", "erase", mia, "--yes")
		if startErr := s.Start(t.Context()); err != nil || startErr != nil {
			t.Fatalf("%v %v\n%s", err, startErr, out)
		}
		if rooms := s.export(s.mia.UserID).Rooms; len(rooms) > 0 {
			t.Errorf("left is %+v", rooms)
		}
		s.anna.hears(s.room, "the card's message without her name", func(m message) bool {
			return m.Sender == s.Bot && m.Relates.Type == "m.replace" && strings.Contains(m.New.Body, "Gelöschte Person")
		})
	})
}

// What was made of a message goes with it: the text of a card made by 📌, also from the log. A
// card that a command made stays, and its thread says what can be done.
func TestRedactedMessageTakesWhatWasMadeOfIt(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		source := s.mia.say(s.room, "Kontonummer von Herrn Quastenflosser\nDE02 1203 0000 0000 2020 51")
		s.anna.await(s.room, "the message", byID(source))
		s.anna.react(s.room, source, "📌")
		card := board.card("Kontonummer von Herrn Quastenflosser")
		board.await("the card's message", func(st pageState) bool { return st.Items["card/"+card.ID].Text("message") != "" })
		command := s.anna.say(s.room, "!karte neu Vertrag verlängern")
		root := s.anna.answer(s.room, command)
		kept := board.card("Vertrag verlängern")
		board.await("the other card's message", func(st pageState) bool { return st.Items["card/"+kept.ID].Text("message") != "" })

		s.mia.redact(s.room, source)
		board.card("(Die Nachricht wurde entfernt)")
		board.await("the card without the quotation", func(st pageState) bool {
			c := st.Items["card/"+card.ID]
			return c.Text("description") == "" && c.Text("source") == "" && c.Text("number") == "1"
		})
		s.anna.hears(s.room, "the card's new message", func(m message) bool {
			return m.Relates.Type == "" && strings.Contains(m.Body, "#1 (Die Nachricht wurde entfernt)")
		})
		nothingOf := func(text string) func() error {
			return func() error {
				for _, m := range s.anna.said(s.room, s.Bot) {
					if strings.Contains(m.Body+m.HTML+m.New.Body, text) {
						return fmt.Errorf("the bot still says %q", m.Body)
					}
				}
				return nil
			}
		}
		until(t, "what the bot said of it to be gone", nothingOf("DE02"))
		mistake := s.anna.say(s.room, "!karte zuweisen 2 Quastenflosser")
		has(t, s.anna.answer(s.room, mistake).Body, "Quastenflosser")
		s.anna.redact(s.room, mistake)
		until(t, "the answer to be gone", nothingOf("Quastenflosser"))
		s.anna.redact(s.room, command)
		said := s.anna.hears(s.room, "what can be done with the other card", func(m message) bool {
			return m.Sender == s.Bot && m.Relates.Event == root.ID && strings.Contains(m.Body, "!karte löschen 2")
		})
		has(t, said.Body, "Die Karte bleibt")
		board.card("Vertrag verlängern")

		// Nothing of it is in the database, wherever one looks.
		text, err := json.Marshal(s.export(s.anna.UserID))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "Quastenflosser") || strings.Contains(string(text), "DE02") {
			t.Errorf("the log still holds the message: %s", text)
		}
		s.anna.ask(s.room, "!undo") // of the creation of the second card
		s.anna.ask(s.room, "!undo") // of the first one's
		s.anna.ask(s.room, "!karte wiederherstellen 1")
		board.card("(Die Nachricht wurde entfernt)")
	})
}

// A room that says how long its messages may live gets rid of comments and of the log; its
// cards stay.
func TestRoomsRetentionIsKept(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		source := s.anna.say(s.room, "Wird eine Karte")
		s.anna.react(s.room, source, "📌")
		card := board.card("Wird eine Karte")
		var root id.EventID
		board.await("the card's message", func(st pageState) bool {
			root = id.EventID(st.Items["card/"+card.ID].Text("message"))
			return root != ""
		})
		s.anna.sayIn(s.room, root, "Ein Kommentar, der ein Ende hat")
		board.await("the comment", func(st pageState) bool { return st.Counts[card.ID] == 1 })
		s.anna.setState(s.room, "m.room.retention", "", object{"max_lifetime": 1})
		board.await("the end of the comment", func(st pageState) bool { return st.Counts[card.ID] == 0 })
		board.await("the end of the reference to the message", func(st pageState) bool { return st.Items["card/"+card.ID].Text("source") == "" })
		if list := board.comments(card.ID); len(list) > 0 {
			t.Errorf("there are %d comments", len(list))
		}
		board.card("Wird eine Karte")
		audit, err := s.Command(t.Context(), "audit", "--room", s.room.String())
		if err != nil {
			t.Fatal(err)
		}
		has(t, audit, "retention_set", "bot_invited", "actor="+s.anna.UserID.String(), "bot_joined")
		if strings.Contains(audit, "Wird eine Karte") || strings.Contains(audit, "ein Ende hat") {
			t.Errorf("the audit log holds content:\n%s", audit)
		}
	})
}

// byID finds an event.
func byID(sought id.EventID) func(*event.Event) bool {
	return func(e *event.Event) bool { return e.ID == sought }
}

// awaitBotGone waits for the bot to leave a room.
func (p *person) awaitBotGone(room id.RoomID, bot id.UserID) {
	p.t.Helper()
	p.await(room, "the bot's leaving", func(e *event.Event) bool {
		return e.Type == event.StateMember && e.GetStateKey() == bot.String() && e.Content.AsMember().Membership == event.MembershipLeave
	})
}

// export is what the operator is told about a person.
func (s *scene) export(user id.UserID) (x store.Export) {
	s.t.Helper()
	out, err := s.Command(s.t.Context(), "user", "export", user.String())
	if err == nil {
		err = json.Unmarshal([]byte(out), &x)
	}
	if err != nil {
		s.t.Fatalf("export: %v\n%s", err, out)
	}
	return x
}
