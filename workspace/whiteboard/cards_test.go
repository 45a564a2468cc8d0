package whiteboard

import (
	"strings"
	"testing"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// A note becomes a card, and each of the two knows the other, also when that is taken back.
func TestNoteBecomesACard(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.draw(anna, note("n", "Angebot einholen\nbis Freitag")...)
	made := s.must(anna, ToCard{Whiteboard: wb, Element: "n", Card: "card"})
	card := board.In(s.room).Card("card")
	if card.Text(board.Title) != "Angebot einholen" || !strings.Contains(card.Text(board.Description), "bis Freitag") || !card.True(board.Drawn+"/"+string(ItemID(wb, "n"))) {
		t.Errorf("the card is %v", card.Fields)
	}
	it := s.element(wb, "n")
	if it.Text(Card) != "card" || !strings.Contains(it.Text(Data), `"customData":{"card":"card","note":true}`) {
		t.Errorf("the note is %v", it.Fields)
	}
	if _, err := s.do(anna, ToCard{Whiteboard: wb, Element: "n", Card: "second"}); !refusedAs(err, workspace.Conflict) {
		t.Errorf("it becomes a second one: %v", err)
	}
	ops, err := s.room.Undo(made)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.room.Apply(workspace.Proposal{ID: "back", By: anna, Deeds: []workspace.Deed{workspace.UndoOwn}, Via: workspace.ViaWidget, Ops: ops}, noon); err != nil {
		t.Fatal(err)
	}
	if it := s.element(wb, "n"); it.Text(Card) != "" || !board.In(s.room).Card("card").Deleted() {
		t.Errorf("taken back, the note is %v", it.Fields)
	}
	for _, a := range []ToCard{{Whiteboard: wb, Element: "none", Card: "c"}, {Whiteboard: "a0000000000000000000", Element: "n", Card: "c"}} {
		if _, err := s.do(anna, a); !refusedAs(err, workspace.NotFound) {
			t.Errorf("%+v: %v", a, err)
		}
	}
	s.draw(anna, element("blank", 1, nil))
	if _, err := s.do(anna, ToCard{Whiteboard: wb, Element: "blank", Card: "c"}); !refusedAs(err, workspace.Invalid) {
		t.Errorf("a blank shape becomes a card: %v", err)
	}
}

// A card knows on which whiteboards it is shown, as long as it is.
func TestCardIsShown(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.must(anna, board.On(board.AddCard{Card: "card", Title: "Angebot"}))
	embedded := map[string]any{"type": "embeddable", "link": CardLink + "card", "customData": map[string]any{"card": "card"}}
	s.draw(anna, element("e", 1, embedded))
	shown := func() bool { return board.In(s.room).Card("card").True(board.Drawn + "/" + string(ItemID(wb, "e"))) }
	if !shown() {
		t.Error("the card does not know")
	}
	s.draw(anna, element("e", 2, map[string]any{"isDeleted": true, "type": "embeddable", "customData": map[string]any{"card": "card"}}))
	if shown() {
		t.Error("the card still knows")
	}
	embedded["customData"] = map[string]any{"card": "none"}
	if _, err := s.do(anna, Draw{Whiteboard: wb, Elements: []rawMessage{element("f", 1, embedded)}}); !refusedAs(err, workspace.NotFound) {
		t.Errorf("a card that does not exist is shown: %v", err)
	}
}
