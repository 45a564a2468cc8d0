package appservice

import (
	"math"
	"testing"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// past is what the history of a card holds, the newest first.
func (s *stage) past(card workspace.ItemID) (list []board.Entry) {
	s.t.Helper()
	commits, err := s.History(s.t.Context(), room, card, math.MaxInt64, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range commits {
		list = append(list, board.EntryOf(c, card))
	}
	return list
}

func TestHistoryTellsWhatPeopleDid(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "offen", Title: "Offen"})
	s.act(board.AddCard{Card: "eins", Title: "Eins"})
	s.act(board.AddCard{Card: "zwei", Title: "Zwei"})
	first := workspace.ItemID("eins")
	s.act(board.MoveCard{Card: "zwei", Column: "offen", Before: &first}) // its place alone tells nothing
	title := "Zwei und ein halb"
	s.act(board.EditCard{Card: "zwei", Title: &title})
	await(t, "the card's message", func() bool { return s.told("m.room.message", "#2 Zwei") > 0 }) // which the bot notes on it
	past := s.past("zwei")
	if len(past) != 2 || !past[1].Fresh || past[0].Set["title"] != workspace.String(title) || past[0].Before["title"] != workspace.String("Zwei") {
		t.Errorf("the history is %+v", past)
	}
	if n := len(s.past("eins")); n != 1 {
		t.Errorf("of the other card it has %d entries, want that it was added", n)
	}
}

// A room whose log comes from a version that noted no histories has them when it is
// first used.
func TestHistoryOfAnEarlierVersionsLog(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	title := workspace.Op{Item: "alt", Kind: board.KindCard, Set: map[string]workspace.Value{board.Title: workspace.String("Von früher")}}
	s.put(&store.Batch{
		Room: store.Room{ID: room, Joined: true, Seq: 1, Info: store.RoomInfo{Greeted: true, Read: stateForm}},
		Commits: []workspace.Commit{{
			Seq: 1, Change: workspace.Change{ID: "früher", By: anna, Via: workspace.ViaCommand, At: workspace.Stamp{Time: 1, Origin: "@werkraum:a.example"}, Ops: []workspace.Op{title}},
			Won: []workspace.Op{title}, Fresh: []workspace.Key{title.Key()},
		}},
	})
	if n := len(s.past("alt")); n != 0 {
		t.Fatalf("%d entries before the room is used", n)
	}
	s.start()
	s.cards() // somebody looks at the room
	if past := s.past("alt"); len(past) != 1 || past[0].Change.ID != "früher" {
		t.Errorf("the history is %+v", past)
	}
}
