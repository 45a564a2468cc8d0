package live

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/widgets/session"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/pace"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	project = id.RoomID("!projekt:amt.example")
	anna    = id.UserID("@anna:amt.example")
	mia     = id.UserID("@mia:partner.example")
	gast    = id.UserID("@gast:partner.example") // may look on only
)

// patience is how long a test waits for what must come.
const patience = 2 * time.Minute

// desk is where the work of one room is done: the real room, board and store,
// under a lock instead of a worker.
type desk struct {
	hub   *Hub
	store *store.Store // nil: nothing is kept

	mu       sync.Mutex
	room     *workspace.Room
	board    *board.Board
	comments map[workspace.ItemID]int
	open     bool
	work     map[id.UserID]mine.Work
	log      map[workspace.ChangeID]workspace.Commit
	said     map[workspace.ChangeID]board.Saying
}

func newDesk() *desk {
	d := &desk{room: workspace.NewRoom(project, "@bot:amt.example", 0), comments: map[workspace.ItemID]int{}, open: true, work: map[id.UserID]mine.Work{}, log: map[workspace.ChangeID]workspace.Commit{}, said: map[workspace.ChangeID]board.Saying{}}
	surfaces.Furnish(d.room)
	d.board = board.In(d.room)
	d.room.Name = "Umbau"
	d.room.Power = workspace.Power{Users: map[id.UserID]int{anna: 100, gast: -1}, StateDefault: 50}
	for _, user := range []id.UserID{anna, mia, gast} {
		d.room.Members[user] = workspace.Member{Membership: workspace.Joined}
	}
	return d
}

func (d *desk) Visit(_ context.Context, _ id.RoomID, f func(watch.View)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(watch.View{Room: d.room, Board: d.board, Comments: d.comments, Open: d.open && d.room.Owner == "", Own: d.open})
	return nil
}

// WorkOf implements Rooms.
func (d *desk) WorkOf(_ context.Context, user id.UserID) (mine.Work, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.work[user], nil
}

func (d *desk) Do(_ id.RoomID, by id.UserID, change workspace.ChangeID, a workspace.Act, reply func(int64, error)) {
	reply(d.act(by, change, a))
}

func (d *desk) act(by id.UserID, change workspace.ChangeID, a workspace.Act) (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c, ok := d.log[change]; ok {
		return c.Seq, nil
	}
	if err := d.room.May(by, a.Deeds(by)...); err != nil {
		return 0, err
	}
	ops, err := a.Ops(d.room, by, time.Now())
	if err != nil {
		return 0, err
	}
	commit, err := d.room.Apply(workspace.Proposal{ID: change, By: by, Deeds: a.Deeds(by), Via: workspace.ViaWidget, Ops: ops}, time.Now())
	if err != nil {
		return 0, err
	}
	return commit.Seq, d.keep([]workspace.Commit{commit})
}

// keep stores commits in one batch and tells each to the pages.
func (d *desk) keep(commits []workspace.Commit) error {
	b := &store.Batch{Room: store.Room{ID: d.room.ID, Joined: true, Seq: d.room.Seq}, Commits: commits}
	for _, c := range commits {
		d.log[c.Change.ID] = c
		for _, op := range c.Won {
			b.Items = append(b.Items, d.room.Item(op.Key()))
			if board.Tells(op) {
				b.Past = append(b.Past, store.Past{Key: op.Key(), Seq: c.Seq})
			}
		}
	}
	if d.store != nil {
		if err := d.store.Commit(context.Background(), b); err != nil {
			return err
		}
	}
	if d.hub != nil {
		d.hub.Happened(watch.Happening{Room: d.room, Commits: commits})
	}
	return nil
}

func (d *desk) Undo(_ id.RoomID, by id.UserID, change, target workspace.ChangeID, reply func(int64, error)) {
	d.mu.Lock()
	c, ok := d.log[target]
	d.mu.Unlock()
	if !ok {
		reply(0, workspace.Refuse(workspace.NotFound, workspace.Text{De: "nichts", En: "nothing"}))
		return
	}
	reply(d.act(by, change, board.On(board.Undo{Commit: c})))
}

func (d *desk) Comments(ctx context.Context, room id.RoomID, card workspace.ItemID) ([]store.Comment, error) {
	return d.store.Comments(ctx, room, card, 200)
}

// Say only counts, as who said what is the application service's business.
func (d *desk) Say(_ id.RoomID, by id.UserID, change workspace.ChangeID, said board.Saying, reply func(int64, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.room.May(by, workspace.AddComment); err != nil {
		reply(0, err)
		return
	}
	d.said[change] = said
	reply(d.room.Seq, nil)
}

func (d *desk) History(ctx context.Context, room id.RoomID, card workspace.ItemID, before int64, limit int) ([]workspace.Commit, error) {
	return d.store.History(ctx, room, workspace.Key{Kind: board.KindCard, ID: card}, before, limit)
}

// happen tells the pages something that did not come from a page.
func (d *desk) happen(change func(r *workspace.Room), n watch.Happening) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if change != nil {
		change(d.room)
	}
	n.Room = d.room
	d.hub.Happened(n)
}

// lab is a hub that pages can reach.
type lab struct {
	*desk
	registry *prometheus.Registry
	dial     func(ctx context.Context) (net.Conn, error)
}

func setUp(t testing.TB) *lab {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "w.db"), store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d := newDesk()
	d.store = s
	sessions := session.New(s, nil, "", time.Hour, pace.Limit{})
	registry := prometheus.NewRegistry()
	d.hub = NewHub("werkraum.example:8443", Limits{Changes: pace.Limit{Most: changesAtOnce, Per: time.Minute}, RoomChanges: pace.Limit{Most: 10 * changesAtOnce, Per: time.Minute}}, s, sessions, registry, zerolog.Nop())
	d.hub.Serve(d)
	if err := d.keep([]workspace.Commit{d.furnish(t)}); err != nil {
		t.Fatal(err)
	}
	return &lab{desk: d, registry: registry, dial: listen(t, d.hub)}
}

// metric is the value of one of the hub's metrics.
func (l *lab) metric(t *testing.T, name string) float64 {
	t.Helper()
	families, err := l.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			m := f.GetMetric()[0]
			return m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	t.Fatalf("there is no metric %s", name)
	return 0
}

// furnish gives the room its first columns: open, doing, done.
func (d *desk) furnish(tb testing.TB) workspace.Commit {
	tb.Helper()
	c, err := d.room.Apply(workspace.Proposal{ID: "furnish", By: "@bot:amt.example", Via: workspace.ViaBot, Ops: d.board.Furnish(workspace.German)}, time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// add makes cards without telling any page, in one batch of the store.
func (l *lab) add(t *testing.T, n int, description string) []workspace.Commit {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var commits []workspace.Commit
	for range n {
		name := fmt.Sprintf("card-%d", l.room.Seq)
		ops, err := board.AddCard{Card: workspace.ItemID(name), Title: name, Description: description}.Ops(l.board, anna, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		c, err := l.room.Apply(workspace.Proposal{ID: workspace.ChangeID(name), By: anna, Deeds: []workspace.Deed{"card.add"}, Via: workspace.ViaWidget, Ops: ops}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		commits = append(commits, c)
	}
	hub := l.hub
	l.hub = nil
	defer func() { l.hub = hub }()
	if err := l.keep(commits); err != nil {
		t.Fatal(err)
	}
	return commits
}

// session makes a session as the store keeps it and returns its token.
func (l *lab) session(t testing.TB, user id.UserID, ttl time.Duration) string {
	t.Helper()
	token := rand.Text()
	if err := l.store.PutSession(t.Context(), store.Session{Hash: session.Key("", token), User: user, Room: project, Expires: time.Now().Add(ttl)}); err != nil {
		t.Fatal(err)
	}
	return token
}

// listen serves over pipes in memory: nothing between server and browser keeps
// what the browser does not read.
func listen(t testing.TB, handler http.Handler) func(ctx context.Context) (net.Conn, error) {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: patience}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.dial
}

type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipes) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// browser is a page's side of the socket.
type browser struct {
	t    *testing.T
	conn *websocket.Conn
}

// shownItem is an item as the page gets it.
type shownItem struct {
	ID     string
	Kind   workspace.Kind
	Fields map[string]any
}

// said is any message of the server.
type said struct {
	T       string            `json:"t"`
	Seq     int64             `json:"seq"`
	Epoch   string            `json:"epoch"`
	Resumed bool              `json:"resumed"`
	Total   int               `json:"total"`
	ID      string            `json:"id"`
	By      id.UserID         `json:"by"`
	Reason  string            `json:"reason"`
	Message string            `json:"message"`
	Room    json.RawMessage   `json:"room"`
	Error   refusal           `json:"error"`
	Me      struct{ Can can } `json:"me"`
	Can     can               `json:"can"`
	Viewers []id.UserID       `json:"viewers"`
	Members []person          `json:"members"`
	User    id.UserID         `json:"user_id"`
	Joined  bool              `json:"joined"`
	Items   []shownItem       `json:"items"`
	More    bool              `json:"more"`
	Cards   json.RawMessage   `json:"cards"`
	Card    string            `json:"card"`
	// Comments is a list in "comments" and a number in "count".
	Comments json.RawMessage `json:"comments"`

	binary bool
	size   int    // of the JSON text
	raw    []byte // the JSON text
}

// roomIsOwn reports whether a welcome says that the room is the person's own.
func (m said) roomIsOwn(t *testing.T) bool {
	t.Helper()
	var room struct{ Own bool }
	if err := json.Unmarshal(m.Room, &room); err != nil {
		t.Fatal(err)
	}
	return room.Own
}

func connect(t *testing.T, dial func(ctx context.Context) (net.Conn, error), o *websocket.DialOptions) (b *browser, status int, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	t.Cleanup(transport.CloseIdleConnections)
	o.HTTPClient = &http.Client{Transport: transport}
	o.Subprotocols = []string{subprotocol}
	conn, response, err := websocket.Dial(ctx, "ws://werkraum.example/api/v1/live", o) //nolint:bodyclose // Dial sees to it
	if response != nil {
		status = response.StatusCode
	}
	if err != nil {
		return nil, status, err
	}
	conn.SetReadLimit(-1)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &browser{t, conn}, status, nil
}

func (l *lab) connect(t *testing.T) *browser {
	t.Helper()
	b, status, err := connect(t, l.dial, &websocket.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.conn.Subprotocol(); got != subprotocol {
		t.Errorf("subprotocol is %q (status %d)", got, status)
	}
	return b
}

// enter opens a page of a person and returns the welcome. extra is added to
// the hello.
func (l *lab) enter(t *testing.T, user id.UserID, extra map[string]any) (*browser, said) {
	t.Helper()
	b := l.connect(t)
	hello := map[string]any{"t": "hello", "session": l.session(t, user, time.Hour), "lang": "en"}
	maps.Copy(hello, extra)
	b.say(hello)
	return b, b.until("welcome")
}

// openPage opens a page and reads all that it is shown first.
func (l *lab) openPage(t *testing.T, user id.UserID) *browser {
	t.Helper()
	b, _ := l.enter(t, user, nil)
	for b.until("items").More {
	}
	b.settle()
	return b
}

// settle asserts that nothing is on its way to the page but who is looking on.
func (b *browser) settle() {
	b.t.Helper()
	b.say(map[string]any{"t": "ping"})
	for m := b.next(); m.T != "pong"; m = b.next() {
		if m.T != "viewers" {
			b.t.Errorf("got %+v, want nothing", m)
		}
	}
}

func (b *browser) say(v any) {
	b.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		b.t.Fatal(err)
	}
	b.sayText(text)
}

func (b *browser) sayText(text []byte) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	if err := b.conn.Write(ctx, websocket.MessageText, text); err != nil {
		b.t.Fatalf("write: %v", err)
	}
}

// read returns the next message; an error is the end of the connection.
func (b *browser) read() (m said, err error) {
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	kind, data, err := b.conn.Read(ctx)
	if err != nil {
		return m, err
	}
	if m.binary = kind == websocket.MessageBinary; m.binary {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return m, err
		}
		if data, err = io.ReadAll(z); err != nil {
			return m, err
		}
	}
	m.size, m.raw = len(data), data
	return m, json.Unmarshal(data, &m)
}

func (b *browser) next() said {
	b.t.Helper()
	m, err := b.read()
	if err != nil {
		b.t.Fatalf("read: %v", err)
	}
	return m
}

// until reads up to the next message of a type.
func (b *browser) until(kind string) said {
	b.t.Helper()
	for {
		m := b.next()
		if m.T == kind {
			return m
		}
		if m.T == "bye" {
			b.t.Fatalf("waited for %q and got a goodbye: %+v", kind, m)
		}
	}
}

// quiet asserts that nothing is on its way to the page.
func (b *browser) quiet() {
	b.t.Helper()
	b.say(map[string]any{"t": "ping"})
	if m := b.next(); m.T != "pong" {
		b.t.Errorf("got %+v, want nothing", m)
	}
}

// bye reads up to the goodbye, and asserts that the connection ends with it.
func (b *browser) bye(reason string) said {
	b.t.Helper()
	for {
		m := b.next()
		if m.T != "bye" {
			continue
		}
		if m.Reason != reason || m.Message == "" {
			b.t.Errorf("goodbye is %q, %q; want %q", m.Reason, m.Message, reason)
		}
		if after, err := b.read(); err == nil {
			b.t.Errorf("after the goodbye came %+v", after)
		}
		return m
	}
}

func change(n string, title string) map[string]any {
	return map[string]any{"t": "do", "id": n, "act": "card.add", "args": map[string]any{"card": n, "title": title}}
}
