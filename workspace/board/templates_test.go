package board

import (
	"slices"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// A template keeps how a board is made and what is written on its cards, and leaves
// people, dates, ticks and numbers behind.
func TestSavingABoardAsATemplate(t *testing.T) {
	t.Parallel()
	tb := newTable(t)
	five, on := 5, true
	point, lanes := "Punkt", ByPriority
	tb.do(EditColumn{Column: "doing", Limit: &five, Strict: &on})
	tb.do(EditBoard{Board: Main, Lanes: &lanes})
	tb.do(AddCard{Card: "a", Title: "Karte", Description: "Text", Due: "2026-12-24", Priority: "high", Assignees: []id.UserID{anna}, Labels: []string{"vergabe"}})
	tb.do(CheckCard{Card: "a", Entry: "e", Title: &point, Done: &on})
	tb.do(SaveBoard{Board: Main, Template: "bare", Title: "Ohne Karten"})
	tb.do(SaveBoard{Board: Main, Template: "whole", Title: "Mit Karten", Cards: true})
	if got := tb.board.Boards(); !slices.Equal(got, []workspace.ItemID{Main}) || len(tb.visible()) != 1 {
		t.Errorf("templates are seen as boards: %v", got)
	}
	tb.do(AddBoard{Board: "b", Title: "B", Template: "bare"})
	tb.do(AddBoard{Board: "w", Title: "W", Template: "whole"})
	for _, board := range []workspace.ItemID{"b", "w"} {
		columns := tb.board.ColumnsOn(board)
		if len(columns) != 3 || LimitOf(columns[1]) != 5 || !columns[1].True(Strict) || !columns[2].True(Done) || tb.board.board(board).Text(Lanes) != lanes {
			t.Errorf("board %s is not like the one that was saved", board)
		}
	}
	if n := tb.board.Len(tb.board.ColumnsOn("b")[0].ID); n != 0 {
		t.Errorf("a template without cards brought %d", n)
	}
	card := tb.board.Cards(tb.board.ColumnsOn("w")[0].ID, -1)[0]
	if card.Text(Title) != "Karte" || card.Text(Description) != "Text" || card.Text(Priority) != "high" || card.Text(Number) != "2" || len(Labels(card)) != 1 {
		t.Errorf("the card of the new board is %v", card.Fields)
	}
	if len(Assignees(card)) != 0 || card.Text(Due) != "" || len(Checklist(card)) != 1 || Checklist(card)[0].Done {
		t.Errorf("the card brought people, dates or ticks along: %v", card.Fields)
	}
	if own := tb.board.OwnTemplates(); len(own) != 2 || own[0].Title != "Mit Karten" || !slices.Equal(own[0].Columns[0].Cards, []string{"Karte"}) {
		t.Errorf("the room's templates are %v", own)
	}
	tb.do(RemoveBoard{Board: "whole"})
	if len(tb.board.OwnTemplates()) != 1 || len(tb.board.Away()) != 0 {
		t.Error("a removed template is still there")
	}
}

// Every built-in template makes a board in both languages, with a done column.
func TestBuiltInTemplates(t *testing.T) {
	t.Parallel()
	for _, lang := range []workspace.Language{workspace.German, workspace.English} {
		for _, o := range Templates(lang) {
			tb := newTable(t)
			tb.room.Language = lang
			tb.do(AddBoard{Board: "b", Title: o.Title, Template: o.Name})
			columns := tb.board.ColumnsOn("b")
			if len(columns) != len(o.Columns) || tb.board.DoneColumn("b") == nil || o.About == "" {
				t.Errorf("%s in %s: %d columns", o.Name, lang, len(columns))
			}
			for i, column := range columns {
				if column.Text(Title) != o.Columns[i].Title || tb.board.Len(column.ID) != len(o.Columns[i].Cards) {
					t.Errorf("%s in %s: column %d is not as it was shown", o.Name, lang, i)
				}
			}
		}
	}
}
