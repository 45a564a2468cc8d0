package tests

import (
	"fmt"
	"maps"
	"testing"

	"maunium.net/go/mautrix/event"

	"werkraum/tests/page"
)

// Anna of the office and Mia of the partner have the same board open: each sees what the
// other does, whether on the page or by typing, and who else is looking.
func TestTwoAdministrationsOneBoard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		annas, mias := s.page(s.anna), s.page(s.mia)
		annas.await("Mia to be seen", func(st pageState) bool { return len(st.Viewers) == 2 })

		name := newItem()
		mias.do("card.add", object{"card": name, "title": "Gemeinsam planen", "assignees": []string{s.anna.UserID.String()}, "labels": []string{"bau"}, "due": "2030-05-01"})
		card := annas.card("Gemeinsam planen")
		if card.Text("created_by") != s.mia.UserID.String() || !card.True("assignee/"+s.anna.UserID.String()) || !card.True("label/bau") || card.Text("due") != "2030-05-01" {
			t.Errorf("Anna sees %+v", card)
		}
		var columns []string
		annas.Look(func(st pageState) {
			for id := range st.Columns() {
				if id != card.Text("column") {
					columns = append(columns, id)
				}
			}
		})
		annas.do("card.move", object{"card": name, "column": columns[0], "before": nil})
		mias.await("the card in another column", func(st pageState) bool { return st.Items["card/"+name].Text("column") == columns[0] })

		s.anna.ask(s.room, "!karte ändern 1 Gemeinsam umplanen")
		mias.card("Gemeinsam umplanen")
		s.mia.ask(s.room, "!karte neu Vom Telefon aus")
		annas.card("Vom Telefon aus")

		annas.do("column.add", object{"column": newItem(), "title": "Wartet", "before": nil})
		waiting := mias.column("Wartet")
		mias.do("column.edit", object{"column": waiting.ID, "title": "Wartet auf Dritte"})
		annas.column("Wartet auf Dritte")
		annas.do("card.delete", object{"card": name})
		mias.await("the card to be gone", func(st pageState) bool { _, ok := st.Cards()[name]; return !ok })

		same(t, annas, mias)
		if err := mias.Close(); err != nil {
			t.Error(err)
		}
		annas.await("Mia to be gone", func(st pageState) bool { return len(st.Viewers) == 1 })
	})
}

// same fails the test unless two pages come to show the same.
func same(t *testing.T, a, b *tab) {
	t.Helper()
	until(t, "two pages that show the same", func() error {
		if diff := difference(itemsOf(a), itemsOf(b)); diff != "" {
			return fmt.Errorf("the pages differ:\n%s", diff)
		}
		return nil
	})
}

func itemsOf(p *tab) map[string]page.Item {
	items := map[string]page.Item{}
	p.Look(func(st pageState) {
		maps.Copy(items, st.Items)
	})
	return items
}

// Undo takes a person's own last change back, on the page and by command, and nobody
// else's; what others have changed since stays.
func TestUndo(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		annas, mias := s.page(s.anna), s.page(s.mia)
		name := newItem()
		annas.do("card.add", object{"card": name, "title": "Erster Titel"})
		mias.card("Erster Titel")
		mias.do("card.edit", object{"card": name, "title": "Mias Titel"})
		annas.card("Mias Titel")
		annas.do("card.label", object{"card": name, "label": "wichtig", "on": true})

		annas.do("undo", nil)
		mias.await("the label to be gone", func(st pageState) bool { return !st.Items["card/"+name].True("label/wichtig") })
		mias.card("Mias Titel")
		mias.do("undo", nil)
		annas.card("Erster Titel")
		if refusal := mias.try("undo", nil); refusal == nil || refusal.Kind != "not_found" {
			t.Errorf("undo with nothing left is answered with %v, want not_found", refusal)
		}
		s.anna.ask(s.room, "!karte löschen 1")
		mias.await("the card to be gone", func(st pageState) bool { return len(st.Cards()) == 0 })
		has(t, s.anna.ask(s.room, "!rückgängig").Body, "Zurückgenommen", "#1")
		mias.card("Erster Titel")
	})
}

// Who is removed from the room loses the page at that moment, and the session with it.
func TestKickEndsThePageAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		for name, remove := range map[string]func(s *scene){
			"kick":  func(s *scene) { s.anna.kick(s.room, s.mia.UserID) },
			"ban":   func(s *scene) { s.anna.ban(s.room, s.mia.UserID) },
			"leave": func(s *scene) { s.mia.leave(s.room) },
			// The test's servers have addresses for names; nobody shuts out the own one.
			"server access list": func(s *scene) {
				s.anna.setState(s.room, "m.room.server_acl", "", object{"allow": []string{"*"}, "allow_ip_literals": false})
			},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := newScene(t, w.house(t, usual))
				session := s.mia.signIn(s.house, s.room)
				mias := openTab(t, s.house, session)
				annas := s.page(s.anna)
				openID := s.mia.openID()
				remove(s)
				mias.await("the goodbye", func(st pageState) bool { return st.Bye != nil })
				mias.Look(func(st pageState) {
					if st.Bye.Reason != "removed" {
						t.Errorf("goodbye = %+v, want removed", *st.Bye)
					}
				})
				annas.await("Mia to be gone", func(st pageState) bool { return len(st.Viewers) == 1 })
				// Neither the old session nor a new sign-in gets back in.
				again, err := page.Open(t.Context(), s.URL, page.Options{Session: session.Token})
				if err != nil {
					t.Fatal(err)
				}
				again.Look(func(st pageState) {
					if st.Bye == nil || len(st.Items) > 0 {
						t.Error("the old session still opens the page")
					}
				})
				_ = again.Close()
				refused(t, "forbidden", func() error {
					_, err := page.SignInOpenID(t.Context(), s.URL, s.room, openID)
					return err
				})
			})
		}
	})
}

// Who may not send de.werkraum.change sees the board and cannot change it, by no means; the
// page learns of it when the room's settings change.
func TestPowerLevelsGovernTheBoard(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		mias := s.page(s.mia)
		mias.do("card.add", object{"card": newItem(), "title": "Noch erlaubt"})
		s.anna.power(s.room, func(levels object) {
			events, ok := levels["events"].(object)
			if !ok {
				events = object{}
				levels["events"] = events
			}
			events["de.werkraum.change"] = 50
		})
		mias.await("the page to become read-only", func(st pageState) bool { return !st.Me.Can.Edit })
		if refusal := mias.try("card.add", object{"card": newItem(), "title": "Nicht erlaubt"}); refusal == nil || refusal.Kind != "forbidden" {
			t.Errorf("a change without the power is answered with %v, want forbidden", refusal)
		}
		answer := s.mia.ask(s.room, "!karte neu Auch nicht erlaubt")
		has(t, answer.Body, "Recht")
		source := s.mia.say(s.room, "Schon gar nicht so")
		s.mia.react(s.room, source, "📌")
		has(t, s.anna.answer(s.room, source).Body, "Recht")
		s.anna.ask(s.room, "!karte neu Anna darf")
		mias.card("Anna darf")
		if titles := mias.titles(); len(titles) != 2 {
			t.Errorf("the board holds %v, want what was allowed only", titles)
		}
		s.anna.empower(s.room, s.mia.UserID, 50)
		mias.await("the page to be writable again", func(st pageState) bool { return st.Me.Can.Edit })
		mias.do("card.add", object{"card": newItem(), "title": "Wieder erlaubt"})
	})
}

// A session is good for its own room: items of other rooms cannot be changed or seen by it.
func TestRoomsAreApart(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		other := &scene{house: s.house, t: t, anna: s.anna}
		other.room = s.anna.found(other, "Personalsachen", s.Bot)
		other.ready(s.anna)
		secret := newItem()
		others := other.page(s.anna)
		others.do("card.add", object{"card": secret, "title": "Vertraulich"})

		mias := s.page(s.mia)
		for act, args := range map[string]object{
			"card.edit":    {"card": secret, "title": "Gelesen"},
			"card.delete":  {"card": secret},
			"card.done":    {"card": secret},
			"card.restore": {"card": secret},
		} {
			if refusal := mias.try(act, args); refusal == nil || refusal.Kind != "not_found" {
				t.Errorf("%s of another room's card is answered with %v, want not_found", act, refusal)
			}
		}
		refused(t, "forbidden", func() error {
			_, err := page.SignInOpenID(t.Context(), s.URL, other.room, s.mia.openID())
			return err
		})
		if titles := mias.titles(); len(titles) != 0 {
			t.Errorf("Mia's page shows %v", titles)
		}
		if titles := others.titles(); titles["Vertraulich"] != 1 {
			t.Errorf("the other room's board shows %v", titles)
		}
	})
}

// What a page sends that is not understood is refused with a sentence, and changes nothing.
func TestPageSendsNonsense(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		board := s.page(s.anna)
		name := newItem()
		board.do("card.add", object{"card": name, "title": "Unverändert"})
		// Its message is sent afterwards, and is the last thing that comes of a new card.
		board.await("the card's message", func(st pageState) bool { return st.Items["card/"+name].Text("message") != "" })
		before := itemsOf(board)
		for _, c := range []struct {
			act  string
			args object
			kind string
		}{
			{"card.explode", object{"card": name}, "invalid"},
			{"card.edit", object{"card": name, "color": "red"}, "invalid"},
			{"card.edit", object{"card": 7, "title": "x"}, "invalid"},
			{"card.edit", object{"card": "../../etc/passwd", "title": "x"}, "not_found"},
			{"card.add", object{"card": "mit Leerzeichen", "title": "x"}, "invalid"},
			{"card.add", object{"card": name, "title": "Noch einmal"}, "conflict"},
			{"card.add", object{"card": newItem(), "title": ""}, "invalid"},
			{"card.edit", object{"card": name, "due": "31.02.2030"}, "invalid"},
			{"card.assign", object{"card": name, "user": "@niemand:example.org", "on": true}, "invalid"},
			{"card.move", object{"card": name, "column": "gibtsnicht", "before": nil}, "not_found"},
			{"card.add", object{"card": newItem(), "title": "x", "assignees": []string{"@niemand:example.org"}}, "invalid"},
		} {
			refusal := board.try(c.act, c.args)
			if refusal == nil || refusal.Kind != c.kind || refusal.Message == "" {
				t.Errorf("%s %v is answered with %v, want %s and a sentence", c.act, c.args, refusal, c.kind)
			}
		}
		if diff := difference(before, itemsOf(board)); diff != "" {
			t.Errorf("refused acts changed the board:\n%s", diff)
		}
		// Something that is no message at all ends this page, not the room.
		if err := board.SendRaw(t.Context(), `{"t":`); err != nil {
			t.Error(err)
		}
		board.await("the end of the page", func(st pageState) bool { return st.Ended != nil })
		s.page(s.anna).card("Unverändert")
	})
}

// A page that was away takes up where it was: it is sent what it missed and nothing else,
// and what it sends again is not done again.
func TestPageResumes(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		session := s.mia.signIn(s.house, s.room)
		mias := openTab(t, s.house, session)
		mias.do("card.add", object{"card": newItem(), "title": "Vorher"})
		var since int64
		var epoch string
		mias.Look(func(st pageState) { since, epoch = st.Seq, st.Epoch })
		const name = "page-resumes-1"
		args := object{"card": newItem(), "title": "Zweimal gesendet"}
		if err := mias.DoAs(t.Context(), name, "card.add", args); err != nil {
			t.Fatal(err)
		}
		_ = mias.Close() // the acknowledgement may be lost

		s.anna.ask(s.room, "!karte neu Währenddessen")
		again, err := page.Open(t.Context(), s.URL, page.Options{Session: session.Token, Since: &since, Epoch: epoch})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = again.Close() })
		back := &tab{again, t}
		if err := back.DoAs(t.Context(), name, "card.add", args); err != nil {
			t.Fatal(err)
		}
		if _, err := back.Outcome(t.Context(), name); err != nil {
			t.Errorf("sent again it is refused: %v", err)
		}
		back.card("Währenddessen")
		back.Look(func(st pageState) {
			if !st.Resumed || st.Complete {
				t.Errorf("resumed = %t, and all items came again = %t", st.Resumed, st.Complete)
			}
		})
		if n := s.page(s.anna).titles()["Zweimal gesendet"]; n != 1 {
			t.Errorf("what was sent twice was done %d times", n)
		}
	})
}

func (p *person) leave(room roomID) {
	p.t.Helper()
	if _, err := p.Client.LeaveRoom(p.t.Context(), room); err != nil {
		p.t.Fatal(err)
	}
	p.await(room, "having left", func(e *event.Event) bool {
		return e.Type == event.StateMember && e.GetStateKey() == p.UserID.String() && e.Content.AsMember().Membership == event.MembershipLeave
	})
}
