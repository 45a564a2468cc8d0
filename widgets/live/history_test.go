package live

import (
	"encoding/json"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// past is what the page is told of a card's history.
type past struct {
	Card    string       `json:"card"`
	Entries []pastChange `json:"entries"`
	More    bool         `json:"more"`
}

func (b *browser) askHistory(card string, before int64) (p past) {
	b.t.Helper()
	ask := map[string]any{"t": "history", "card": card}
	if before > 0 {
		ask["before"] = before
	}
	b.say(ask)
	m := b.until("history")
	if err := json.Unmarshal(m.raw, &p); err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (l *lab) do(t *testing.T, by id.UserID, name string, a board.Act) {
	t.Helper()
	if _, err := l.act(by, workspace.ChangeID(name), board.On(a)); err != nil {
		t.Fatal(err)
	}
}

func TestHistoryOfACard(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.room.Power.Redact = 50
	l.do(t, anna, "adds", board.AddCard{Card: "card-a", Title: "Angebot"})
	l.do(t, anna, "other", board.AddCard{Card: "card-b", Title: "Anderes"})
	title, day := "Angebote <b>", "2026-12-03"
	l.do(t, mia, "renames", board.EditCard{Card: "card-a", Title: &title})
	l.do(t, mia, "due", board.EditCard{Card: "card-a", Due: &day})
	title = "Angebote"
	l.do(t, anna, "again", board.EditCard{Card: "card-a", Title: &title})

	b := l.openPage(t, mia)
	p := b.askHistory("card-a", 0)
	if len(p.Entries) != 4 || p.More || p.Card != "card-a" {
		t.Fatalf("got %+v", p)
	}
	for i, want := range []struct {
		change workspace.ChangeID
		undo   bool // Mia may undo what is hers and holds still
	}{{"again", false}, {"due", true}, {"renames", false}, {"adds", false}} {
		if e := p.Entries[i]; e.Change != want.change || e.Undo != want.undo || e.At == 0 || e.Via != workspace.ViaWidget {
			t.Errorf("entry %d is %+v, want %+v", i, e, want)
		}
	}
	if e := p.Entries[2]; e.By != mia || e.Name != "mia" || e.Set["title"] != workspace.String("Angebote <b>") || e.Before["title"] != workspace.String("Angebot") {
		t.Errorf("the renaming is %+v", e)
	}
	if !p.Entries[3].Fresh {
		t.Error("it is not told that the card was made")
	}
	if e := l.openPage(t, anna).askHistory("card-a", 0).Entries; !e[0].Undo || !e[1].Undo || e[3].Undo { // she moderates
		t.Errorf("Anna is offered to undo %+v", e)
	}
	if p := b.askHistory("card-a", p.Entries[1].Seq); len(p.Entries) != 2 || p.Entries[0].Change != "renames" {
		t.Errorf("what is older: %+v", p)
	}
	if p := b.askHistory("card-none", 0); len(p.Entries) != 0 {
		t.Errorf("of a card that does not exist: %+v", p)
	}
	b.say(map[string]any{"t": "history", "card": "a/b"})
	b.quiet()
}

func TestHistoryIsPaged(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.do(t, anna, "adds", board.AddCard{Card: "card-a", Title: "Angebot"})
	for range historyAtOnce { // assigned and not, in turn
		on := !l.board.Card("card-a").True("assignee/" + string(mia))
		l.do(t, anna, "c"+string(rune('a'+l.room.Seq)), board.AssignCard{Card: "card-a", User: mia, On: on})
	}
	b := l.openPage(t, gast) // who may look may read it
	p := b.askHistory("card-a", 0)
	if len(p.Entries) != historyAtOnce || !p.More {
		t.Fatalf("%d entries, more %t", len(p.Entries), p.More)
	}
	if p = b.askHistory("card-a", p.Entries[historyAtOnce-1].Seq); len(p.Entries) != 1 || p.More || !p.Entries[0].Fresh {
		t.Errorf("the rest is %+v", p)
	}
}

// Who is being put out is told nothing more.
func TestHistoryIsForThoseWhoMayLook(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.do(t, anna, "adds", board.AddCard{Card: "card-a", Title: "Angebot"})
	b := l.openPage(t, mia)
	l.mu.Lock()
	l.room.Members[mia] = workspace.Member{Membership: workspace.Left}
	l.mu.Unlock()
	b.say(map[string]any{"t": "history", "card": "card-a"})
	b.quiet()
}
