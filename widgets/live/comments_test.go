package live

import (
	"context"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/watch"
)

func TestComments(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.room.Members[mia] = workspace.Member{Membership: workspace.Joined, Name: "Mia <b>"}
	err := l.store.Commit(t.Context(), &store.Batch{Room: store.Room{ID: project, Joined: true}, Comments: []store.Comment{
		{Event: "$1", Card: "card-1", By: mia, Body: "Grüße", At: time.UnixMilli(1_790_000_000_123)}, {Event: "$2", Card: "card-2", By: mia}}})
	if err != nil {
		t.Fatal(err)
	}
	b := l.openPage(t, anna)
	b.say(map[string]any{"t": "comments", "card": "card-1"})
	m := b.until("comments")
	want := `[{"event_id":"$1","by":"@mia:partner.example","name":"Mia \u003cb\u003e","body":"Grüße","at":1790000000123}]`
	if m.Card != "card-1" || string(m.Comments) != want {
		t.Errorf("got %s, want %s", m.Comments, want)
	}
	b.say(map[string]any{"t": "comments", "card": "card-0"})
	if m := b.until("comments"); string(m.Comments) != "[]" {
		t.Errorf("of a card without any: %s", m.Comments)
	}
	l.happen(nil, watch.Happening{Comments: map[workspace.ItemID]int{"card-1": 3}})
	if m := b.until("count"); m.Card != "card-1" || string(m.Comments) != "3" {
		t.Errorf("got %+v", m)
	}
}

// heard is what pages are told of a comment, as text.
func (b *browser) heard() string {
	b.t.Helper()
	return string(b.until("comment").raw)
}

func words(card workspace.ItemID, event id.EventID, body string) watch.Talk {
	return watch.Talk{Card: card, Event: event, By: mia, Body: body, At: time.UnixMilli(1_790_000_000_123)}
}

// Who has a card open hears what is said there; the others learn the number only.
func TestCommentsAreHeardByWhoHasTheCardOpen(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	open, other, none := l.openPage(t, anna), l.openPage(t, gast), l.openPage(t, mia)
	for b, card := range map[*browser]string{open: "card-1", other: "card-2"} {
		b.say(map[string]any{"t": "comments", "card": card})
		b.until("comments")
	}
	l.happen(nil, watch.Happening{
		Comments: map[workspace.ItemID]int{"card-1": 1}, Talk: []watch.Talk{words("card-1", "$1", "Grüße"), {Card: "card-1", Event: "$0", Gone: true}},
	})
	if got, want := open.heard(), `{"card":"card-1","comment":{"event_id":"$1","by":"@mia:partner.example","name":"mia","body":"Grüße","at":1790000000123},"t":"comment"}`; got != want {
		t.Errorf("it hears %s, want %s", got, want)
	}
	if got, want := open.heard(), `{"card":"card-1","gone":"$0","t":"comment"}`; got != want {
		t.Errorf("it hears %s, want %s", got, want)
	}
	for _, b := range []*browser{other, none} {
		b.until("count")
		b.quiet()
	}
	open.say(map[string]any{"t": "comments", "card": ""}) // closes the card
	open.say(map[string]any{"t": "ping"})
	open.until("pong")
	l.happen(nil, watch.Happening{Comments: map[workspace.ItemID]int{"card-1": 2}, Talk: []watch.Talk{words("card-1", "$2", "Noch etwas")}})
	open.until("count")
	open.quiet()
}

// busyDesk has something said while the comments are being read.
type busyDesk struct {
	*desk
	meanwhile func()
}

func (d *busyDesk) Comments(ctx context.Context, room id.RoomID, card workspace.ItemID) ([]store.Comment, error) {
	list, err := d.desk.Comments(ctx, room, card)
	d.meanwhile()
	return list, err
}

func TestNoCommentIsMissedWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	b := l.openPage(t, anna)
	l.hub.Serve(&busyDesk{l.desk, func() {
		l.happen(nil, watch.Happening{Comments: map[workspace.ItemID]int{"card-1": 1}, Talk: []watch.Talk{words("card-1", "$1", "Gerade eben")}})
	}})
	b.say(map[string]any{"t": "comments", "card": "card-1"})
	for _, want := range []string{"count", "comments", "comment"} {
		if m := b.next(); m.T != want {
			t.Fatalf("got %+v, want a %s", m, want)
		}
	}
}

// Who is put out does not hear what was said in the same moment.
func TestWhoIsRemovedHearsNoMore(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	b := l.openPage(t, mia)
	b.say(map[string]any{"t": "comments", "card": "card-1"})
	b.until("comments")
	l.happen(nil, watch.Happening{Removed: []id.UserID{mia}, Comments: map[workspace.ItemID]int{"card-1": 1}, Talk: []watch.Talk{words("card-1", "$1", "Unter uns")}})
	for {
		m, err := b.read()
		if err != nil || m.T == "bye" {
			return
		}
		if m.T == "comment" {
			t.Fatal("it hears what was said")
		}
	}
}

func TestSayingSomethingOnThePage(t *testing.T) {
	t.Parallel()
	l := setUp(t)
	l.room.Power.Events = map[string]int{"m.room.message": 10}
	b := l.openPage(t, anna)
	say := func(b *browser, name string, args map[string]any) said {
		t.Helper()
		b.say(map[string]any{"t": "do", "id": name, "act": "comment.add", "args": args})
		return b.next()
	}
	if m := say(b, "comment-1", map[string]any{"card": "card-1", "text": "  Gr\u202eüße\x00\r\nan @mia ", "named": []id.UserID{mia}}); m.T != "ack" {
		t.Fatalf("got %+v", m)
	}
	if got := l.said["comment-1"]; got.Text != "Grüße\nan @mia" || got.Card != "card-1" || len(got.Named) != 1 {
		t.Errorf("it says %+v", got)
	}
	for text, kind := range map[string]workspace.ErrorKind{" \n ": workspace.Invalid, strings.Repeat("ü", board.MaxComment/2+1): workspace.TooLarge} {
		if m := say(b, "comment-2", map[string]any{"card": "card-1", "text": text}); m.T != "no" || m.Error.Kind != kind {
			t.Errorf("%d bytes: got %+v, want %s", len(text), m, kind)
		}
	}
	if m := say(b, "comment-3", map[string]any{"card": "a/b", "text": "x"}); m.T != "no" || m.Error.Kind != workspace.Invalid {
		t.Errorf("on no card: %+v", m)
	}
	if m := say(l.openPage(t, mia), "comment-4", map[string]any{"card": "card-1", "text": "x"}); m.T != "no" || m.Error.Kind != workspace.Forbidden {
		t.Errorf("without the power to speak: %+v", m)
	}
	if len(l.said) != 1 {
		t.Errorf("said are %+v", l.said)
	}
}
