package bots

import (
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// What a person writes on the page stands in the room as they wrote it, with who they are,
// and calls nobody whom it does not name.
func TestSaidOnPageIsEscaped(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	guest, anna, clara := cast["guest"].user, cast["anna"].user, cast["clara"].user
	s.room.Members["@weg:amt.example"] = workspace.Member{Membership: workspace.Left, Name: "Weg"}
	named := []id.UserID{anna, clara, "@weg:amt.example", "@niemand:x", anna}
	m := SaidOnPage(s.room, guest, "Hallo @Anna Schmidt,\n<script>alert(1)</script> @room @Weg **x** `y`", named)
	checkMessage(t, m)
	if want := "Guest <b> schreibt auf dem Board:\nHallo @Anna Schmidt,\n<script>"; !strings.HasPrefix(m.Body, want) {
		t.Errorf("it says %q, want %q first", m.Body, want)
	}
	if !slices.Equal(m.Mentions, []id.UserID{anna}) {
		t.Errorf("it mentions %v, want Anna alone", m.Mentions)
	}
	if !strings.Contains(m.HTML, `<a href="https://matrix.to/#/@anna:amt.example">@Anna Schmidt</a>`) {
		t.Errorf("Anna is no pill in %s", m.HTML)
	}
	s.room.Language = workspace.English
	if m := SaidOnPage(s.room, anna, "Hello", nil); m.Body != "Anna Schmidt writes on the board:\nHello" || len(m.Mentions) > 0 {
		t.Errorf("it says %+v", m)
	}
	if long := SaidOnPage(s.room, anna, strings.Repeat("<", 10<<10), nil); len(long.Body)+len(long.HTML) > maxAnswer {
		t.Error("it is too large for an event")
	}
}
