package tests

import (
	"fmt"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
)

// What is said about a card on the page arrives once in the thread of the card's message,
// with who said it, and is theirs: they take it away again. Who has the card open sees it.
func TestCommentFromThePage(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		annas, mias := s.page(s.anna), s.page(s.mia)
		card := newItem()
		annas.do("card.add", object{"card": card, "title": "Angebot"})
		mias.card("Angebot")
		mias.comments(card) // she has it open

		const text = "Bitte <b>prüfen</b> Sie das"
		words := text + " @" + s.mia.DisplayName
		args := object{"card": card, "text": words, "named": []id.UserID{s.mia.UserID}}
		name, err := annas.Do(t.Context(), "comment.add", args)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // as a page does that has not heard the answer
			if err := annas.DoAs(t.Context(), name, "comment.add", args); err != nil {
				t.Fatal(err)
			}
		}
		said := s.mia.hears(s.room, "the comment", func(m message) bool { return m.Sender == s.Bot && strings.Contains(m.Body, text) })
		var root string
		mias.await("the card to know its message", func(st pageState) bool {
			root = st.Items["card/"+card].Text("message")
			return root != ""
		})
		if said.Relates.Type != "m.thread" || said.Relates.Event.String() != root || said.MsgType != "m.text" {
			t.Errorf("it is %+v, want it in the thread of %s", said, root)
		}
		has(t, said.Body, s.anna.DisplayName+" schreibt auf dem Board:")
		has(t, said.HTML, "&lt;b&gt;prüfen&lt;/b&gt;", `<a href="https://matrix.to/#/`+s.mia.UserID.String()+`">`)
		if said.Mentions == nil || len(said.Mentions.Users) != 1 || said.Mentions.Users[0] != s.mia.UserID {
			t.Errorf("it mentions %+v, want Mia", said.Mentions)
		}
		var comment page.Comment
		mias.await("the comment in the open card", func(st pageState) bool {
			if len(st.Comments[card]) != 1 {
				return false
			}
			comment = st.Comments[card][0]
			return true
		})
		if comment.By != s.anna.UserID || comment.Body != words || !comment.Posted || comment.Event != said.ID {
			t.Errorf("the comment is %+v", comment)
		}

		if refusal := mias.try("comment.drop", object{"comment": comment.Event}); refusal == nil || refusal.Kind != "forbidden" {
			t.Errorf("Mia takes it away: %v", refusal)
		}
		posted := 0
		for _, m := range s.mia.said(s.room, s.Bot) {
			if strings.Contains(m.Body, text) {
				posted++
			}
		}
		if posted != 1 {
			t.Errorf("it was posted %d times", posted)
		}

		// She says it differently; who was named then is told once.
		const better = "Bitte bis Freitag"
		if refusal := mias.try("comment.edit", object{"comment": comment.Event, "text": "Untergeschoben"}); refusal == nil || refusal.Kind != "forbidden" {
			t.Errorf("Mia edits it: %v", refusal)
		}
		edited := better + " @" + s.mia.DisplayName
		annas.do("comment.edit", object{"comment": comment.Event, "text": edited, "named": []id.UserID{s.mia.UserID}})
		mias.await("what it says now", func(st pageState) bool {
			return len(st.Comments[card]) == 1 && st.Comments[card][0].Body == edited
		})
		if now := mias.comments(card); len(now) != 1 || now[0].By != s.anna.UserID || !now[0].Posted || now[0].At != comment.At || now[0].Body != edited {
			t.Errorf("the comment is %+v", now)
		}
		edit := s.mia.hears(s.room, "the edit", func(m message) bool { return m.Sender == s.Bot && strings.Contains(m.New.Body, better) })
		if edit.Relates.Type != "m.replace" || edit.Relates.Event != comment.Event {
			t.Errorf("it is %+v, want the edit of %s", edit, comment.Event)
		}
		has(t, edit.New.Body, s.anna.DisplayName+" schreibt auf dem Board:")
		if edit.Mentions == nil || len(edit.Mentions.Users) != 0 {
			t.Errorf("the edit mentions %+v, who were mentioned before", edit.Mentions)
		}

		annas.do("comment.drop", object{"comment": comment.Event})
		mias.await("the comment to be gone", func(st pageState) bool { return len(st.Comments[card]) == 0 && st.Counts[card] == 0 })
		until(t, "the message to be gone", func() error {
			for _, m := range s.mia.said(s.room, s.Bot) {
				if strings.Contains(m.Body, text) || strings.Contains(m.Body, better) {
					return fmt.Errorf("it can still be read")
				}
			}
			return nil
		})
	})
}
