package live

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"werkraum/workspace"
)

// FuzzDo gives a page's hands whatever a browser may send: there is exactly one
// answer, it is never an internal error, and what has become part of the board
// would be taken again.
func FuzzDo(f *testing.F) {
	for _, seed := range []struct{ act, args string }{
		{"card.add", `{"card":"neu","title":"Angebot","column":"open","before":null,"due":"2026-10-01","assignees":["@anna:amt.example"],"labels":["x"]}`},
		{"card.add", `{"card":"neu","title":"\u0000\u202e` + "🙂" + `"}`},
		{"card.edit", `{"card":"karte","title":"neu","description":"zwei\nZeilen","due":""}`},
		{"card.move", `{"card":"karte","column":"doing","before":null}`},
		{"card.assign", `{"card":"karte","user":"@mia:partner.example","on":true}`},
		{"card.label", `{"card":"karte","label":"vergabe","on":true}`},
		{"card.done", `{"card":"karte"}`}, {"card.delete", `{"card":"karte"}`}, {"card.restore", `{"card":"karte"}`},
		{"column.add", `{"column":"neu","title":"Prüfung","before":"done"}`}, {"column.edit", `{"column":"open","title":"x","done":true}`},
		{"column.move", `{"column":"open","before":null}`}, {"column.remove", `{"column":"open","into":"doing"}`},
		{"undo", `{"change":"first-change"}`}, {"undo", `{}`}, {"undo", ``}, {"unknown", `[]`},
	} {
		f.Add("change-1", seed.act, seed.args)
	}
	f.Add("bad id", "card.done", `{}`)
	f.Fuzz(func(t *testing.T, clientID, act, args string) {
		if len(clientID) > compressAbove/8 {
			return // the answer, which repeats it, would be compressed
		}
		d := newDesk()
		if err := d.keep([]workspace.Commit{d.furnish(t)}); err != nil {
			t.Fatal(err)
		}
		p := &page{hub: NewHub("", Limits{}, nil, nil, prometheus.NewRegistry(), zerolog.Nop()), room: project, user: anna, lang: workspace.German,
			queue: make(chan queued, 8), end: make(chan struct{})}
		p.hub.Serve(d)
		p.do(fromPage{ID: "first-change", Act: "card.add", Args: json.RawMessage(`{"card":"karte","title":"Karte"}`)})
		if got := reply(t, p); got.T != "ack" {
			t.Fatalf("the first card: %+v", got)
		}
		before := d.room.Seq

		p.do(fromPage{ID: clientID, Act: act, Args: json.RawMessage(args)})
		got := reply(t, p)
		switch {
		case len(p.queue) > 0:
			t.Errorf("a second answer: %+v", reply(t, p))
		case got.T == "ack":
			if clientID != "first-change" && got.Seq != before+1 {
				t.Errorf("acknowledged as %d after %d", got.Seq, before)
			}
		case got.T != "no", got.Error.Kind == workspace.Internal, got.Error.Message == "":
			t.Errorf("answer is %+v", got)
		case d.room.Seq != before:
			t.Errorf("refused with %+v, but made", got)
		}
		d.room.Items(func(it *workspace.Item) bool {
			op := workspace.Op{Item: it.ID, Kind: it.Kind, Set: map[string]workspace.Value{}}
			for _, field := range it.Fields {
				op.Set[field.Name] = field.Value
			}
			if err := d.board.Check(op); err != nil || !it.ID.Valid() {
				t.Errorf("the board holds %s, which it would not take: %v", it.AppendJSON(nil), err)
			}
			return true
		})
	})
}

// reply takes the answer that waits in the page's queue.
func reply(t *testing.T, p *page) (m said) {
	t.Helper()
	select {
	case f := <-p.queue:
		if f.binary {
			t.Fatal("an answer is compressed")
		}
		if err := json.Unmarshal(f.data, &m); err != nil {
			t.Fatalf("answer %s: %v", f.data, err)
		}
	default:
		t.Fatal("no answer")
	}
	return m
}

// FuzzSocket opens a page and says two things that no page of ours would say. Whatever they
// are, the server answers or takes its leave; it does not panic, tells of no internal error
// and never lets anybody in who has no session.
func FuzzSocket(f *testing.F) {
	l := setUp(f)
	var panicked atomic.Value
	dial := listen(f, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				panicked.Store(p)
			}
		}()
		l.hub.ServeHTTP(w, r)
	}))
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }, DisableKeepAlives: true,
	}}
	session := l.session(f, anna, time.Hour)
	hello := `{"t":"hello","session":"SESSION","lang":"en"}`
	for _, seed := range [][2]string{
		{hello, `{"t":"ping"}`}, {hello, `{"t":"comments","card":"x"}`}, {hello, `{"t":"do","id":"change-1","act":"card.add","args":{"card":"neu","title":"x"}}`},
		{hello, `{"t":"do","id":1}`}, {hello, "["}, {hello, "{}"}, {`{"t":"hello"}`, ""}, {`{"t":"hello","session":"x"}`, "x"}, {"[]", "[]"}, {"", "\x00"},
		{`{"t":"hello","session":"SESSION","since":-9223372036854775808,"epoch":"EPOCH"}`, `{"t":"undo"}`},
		{`{"t":"hello","session":"SESSION","since":0,"epoch":"EPOCH","lang":"xx"}`, `{"t":"hello","session":"SESSION"}`},
		{`{"t":"hello","session":"SESSION","since":1e99}`, `{"t":"do","id":"12345678","act":"undo","args":{"change":"furnish"}}`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		fill := strings.NewReplacer("SESSION", session, "EPOCH", l.store.Epoch()).Replace
		first, second = fill(first), fill(second)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		conn, _, err := websocket.Dial(ctx, "ws://werkraum.example/api/v1/live", &websocket.DialOptions{HTTPClient: client, Subprotocols: []string{subprotocol}}) //nolint:bodyclose // Dial sees to it
		if err != nil {
			t.Fatal(err)
		}
		b := &browser{t, conn}
		var spoken sync.WaitGroup // beside reading: nothing between the two sides keeps what the other does not read
		defer spoken.Wait()
		defer func() { _ = conn.CloseNow() }()
		spoken.Go(func() {
			for _, text := range []string{first, second, `{"t":"ping"}`} {
				_ = conn.Write(ctx, websocket.MessageText, []byte(text)) // it may have hung up already
			}
		})
		for {
			m, err := b.read()
			if err != nil || m.T == "pong" {
				break
			}
			if m.T == "welcome" && !strings.Contains(first, session) {
				t.Errorf("let in with %q", first)
			}
			if m.Error.Kind == workspace.Internal {
				t.Errorf("told of %+v", m.Error)
			}
		}
		if ctx.Err() != nil {
			t.Error("there was neither an answer nor a goodbye")
		}
		if p := panicked.Load(); p != nil {
			t.Fatalf("panic: %v", p)
		}
	})
}
