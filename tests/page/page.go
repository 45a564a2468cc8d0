// Package page is a page as a browser has it open, without the browser: it speaks the live
// protocol over a real socket and keeps the room's work by merging what it is told.
package page

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"maunium.net/go/mautrix/id"
)

// Refusal is what the server answers a request with that it does not carry out.
type Refusal struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// Error implements error.
func (r *Refusal) Error() string { return r.Kind + ": " + r.Message }

// Item is one item of the room's work, as the page knows it.
type Item struct {
	ID     string         `json:"id"`
	Kind   string         `json:"kind"`
	Fields map[string]any `json:"fields"`
}

// Text is the text of a field, "" if there is none.
func (it Item) Text(name string) string {
	text, _ := it.Fields[name].(string)
	return text
}

// True reports whether a field holds true.
func (it Item) True(name string) bool { return it.Fields[name] == true }

// Comment is what somebody said about a card.
type Comment struct {
	Event id.EventID `json:"event_id"`
	By    id.UserID  `json:"by"`
	Name  string     `json:"name"`
	Body  string     `json:"body"`
	At    int64      `json:"at"` // Unix milliseconds
	// Posted is set when the bot has posted it for them.
	Posted bool `json:"posted"`
}

// Bye is the server's goodbye.
type Bye struct {
	Reason  string    `json:"reason"`
	Message string    `json:"message"`
	Room    id.RoomID `json:"room"`
}

// Commit is one change as the page was told of it.
type Commit struct {
	Seq int64     `json:"seq"`
	ID  string    `json:"id"`
	By  id.UserID `json:"by"`
	Via string    `json:"via"`
	Ops []struct {
		Item string         `json:"item"`
		Kind string         `json:"kind"`
		Set  map[string]any `json:"set"`
	} `json:"ops"`
}

// Welcome is what a page is told about the room and itself when it opens.
type Welcome struct {
	Seq     int64  `json:"seq"`
	Epoch   string `json:"epoch"`
	Resumed bool   `json:"resumed"`
	Total   int    `json:"total"`
	Room    struct {
		ID   id.RoomID `json:"id"`
		Name string    `json:"name"`
		Lang string    `json:"lang"`
	} `json:"room"`
	Me struct {
		User id.UserID `json:"user_id"`
		Name string    `json:"name"`
		Can  Can       `json:"can"`
	} `json:"me"`
	Viewers []id.UserID `json:"viewers"`
}

// Can is what a person may do.
type Can struct {
	Edit      bool `json:"edit"`
	Configure bool `json:"configure"`
}

// State is all that a page knows.
type State struct {
	Welcome
	Items map[string]Item // by kind and ID, as "card/abc"
	// Opened is the whiteboard of which all is among Items.
	Opened   string
	opening  string // of which a part has come
	Complete bool   // no more items follow
	Seq      int64
	Commits  []Commit
	Acks     map[string]int64
	Refusals map[string]*Refusal
	Counts   map[string]int // comments by card
	Comments map[string][]Comment
	Bye      *Bye
	// Bytes is how much came over the socket; Messages how many frames.
	Bytes, Messages int
	// FirstItems is when the first items had come, AllItems when all had.
	FirstItems, AllItems time.Time
	// FirstBytes is what had come by FirstItems.
	FirstBytes int
	Ended      error // why the socket was closed; nil while it is open
}

// Cards returns the cards that are not deleted, by ID.
func (s *State) Cards() map[string]Item { return s.shown("card") }

// Columns returns the columns that are not deleted, by ID.
func (s *State) Columns() map[string]Item { return s.shown("column") }

func (s *State) shown(kind string) map[string]Item {
	list := map[string]Item{}
	for _, it := range s.Items {
		if it.Kind == kind && !it.True("deleted") {
			list[it.ID] = it
		}
	}
	return list
}

// CardTitled returns the card with that title.
func (s *State) CardTitled(title string) (Item, bool) {
	for _, it := range s.Cards() {
		if it.Text("title") == title {
			return it, true
		}
	}
	return Item{}, false
}

// Page is an open page.
type Page struct {
	conn *websocket.Conn
	// OnCommit is called for each commit from the goroutine that reads; it is for
	// measuring, and set before Open.
	onCommit func(Commit, time.Time)

	mu      sync.Mutex
	state   State
	changed chan struct{} // closed and replaced whenever state changes
	ended   chan struct{}
	next    int
	prefix  string
}

// Options of Open.
type Options struct {
	Session  string
	Language string // "de" if empty
	// Since and Epoch resume an earlier page's stream.
	Since *int64
	Epoch string
	// Items and Whiteboard are what that page had, and the whiteboard that it had open.
	Items      map[string]Item
	Whiteboard string
	// OnCommit is called for each commit at once, by the goroutine that reads.
	OnCommit func(Commit, time.Time)
}

const maxFrame = 64 << 20

// Open opens a page on the server at base (http://…) and returns when its first items are
// there, or when the server has said goodbye (see State.Bye).
func Open(ctx context.Context, base string, o Options) (*Page, error) {
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(base, "http")+"/api/v1/live", &websocket.DialOptions{Subprotocols: []string{"werkraum.v1"}})
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	conn.SetReadLimit(maxFrame)
	if o.Language == "" {
		o.Language = "de"
	}
	p := &Page{conn: conn, onCommit: o.OnCommit, changed: make(chan struct{}), ended: make(chan struct{}), prefix: fmt.Sprintf("t%d", time.Now().UnixNano())}
	p.state = State{Items: map[string]Item{}, Acks: map[string]int64{}, Refusals: map[string]*Refusal{}, Counts: map[string]int{}, Comments: map[string][]Comment{}}
	hello := map[string]any{"t": "hello", "session": o.Session, "lang": o.Language}
	if o.Since != nil {
		hello["since"], hello["epoch"] = *o.Since, o.Epoch
		p.state.Seq = *o.Since
		if o.Whiteboard != "" {
			hello["whiteboard"] = o.Whiteboard
			p.state.Opened = o.Whiteboard
		}
		maps.Copy(p.state.Items, o.Items)
	}
	go p.read()
	if err := p.send(ctx, hello); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	go p.ping()
	err = p.Await(ctx, "the first items", func(s *State) bool { return s.Bye != nil || s.Welcome.Resumed || !s.FirstItems.IsZero() })
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// pingEvery is how often a page says that it is still there, as a browser's does.
const pingEvery = 25 * time.Second

func (p *Page) ping() {
	again := time.NewTicker(pingEvery)
	defer again.Stop()
	for {
		select {
		case <-again.C:
			if p.SendRaw(context.Background(), `{"t":"ping"}`) != nil {
				return // read notices too
			}
		case <-p.ended:
			return
		}
	}
}

// Elements returns what is seen on a whiteboard, by Excalidraw's ID.
func (s *State) Elements(whiteboard string) map[string]Item {
	list := map[string]Item{}
	for name, it := range s.shown("element") {
		if element, on := strings.CutPrefix(name, whiteboard+"-"); on {
			list[element] = it
		}
	}
	return list
}

// addElements takes a part of what lies on the whiteboard that was opened.
func (s *State) addElements(m fromServer) {
	if s.opening != m.Whiteboard {
		s.opening = m.Whiteboard
		for name, it := range s.Items {
			if strings.HasPrefix(it.ID, m.Whiteboard+"-") {
				delete(s.Items, name)
			}
		}
	}
	for _, it := range m.Items {
		s.Items[it.Kind+"/"+it.ID] = it
	}
	if !m.More {
		s.Opened, s.opening = m.Whiteboard, ""
	}
}

// Close closes the page without a word, as a closed browser window does.
func (p *Page) Close() error {
	err := p.conn.CloseNow()
	<-p.ended
	return err
}

// Do asks for an act and returns its ID.
func (p *Page) Do(ctx context.Context, act string, args map[string]any) (string, error) {
	p.mu.Lock()
	p.next++
	name := fmt.Sprintf("%s-%d", p.prefix, p.next)
	p.mu.Unlock()
	return name, p.DoAs(ctx, name, act, args)
}

// DoAs asks for an act with a given ID.
func (p *Page) DoAs(ctx context.Context, name, act string, args map[string]any) error {
	return p.send(ctx, map[string]any{"t": "do", "id": name, "act": act, "args": args})
}

// AskComments asks for the comments of a card.
func (p *Page) AskComments(ctx context.Context, card string) error {
	return p.send(ctx, map[string]any{"t": "comments", "card": card})
}

// OpenWhiteboard asks for what lies on a whiteboard.
func (p *Page) OpenWhiteboard(ctx context.Context, whiteboard string) error {
	return p.send(ctx, map[string]any{"t": "open", "whiteboard": whiteboard})
}

// SendRaw sends a text frame as it is.
func (p *Page) SendRaw(ctx context.Context, text string) error {
	return p.conn.Write(ctx, websocket.MessageText, []byte(text))
}

// Outcome waits until an act was acknowledged, and returns its place in the log; or for its
// refusal, which is the error.
func (p *Page) Outcome(ctx context.Context, name string) (seq int64, err error) {
	var refusal *Refusal
	err = p.Await(ctx, "the outcome of "+name, func(s *State) bool {
		refusal = s.Refusals[name]
		var ok bool
		seq, ok = s.Acks[name]
		return ok || refusal != nil
	})
	if err == nil && refusal != nil {
		err = refusal
	}
	return seq, err
}

// Await waits until the state is as ready wants it. ready is called with the state locked
// and must keep nothing of it.
func (p *Page) Await(ctx context.Context, what string, ready func(*State) bool) error {
	for {
		p.mu.Lock()
		ok, changed, ended, bye := ready(&p.state), p.changed, p.state.Ended, p.state.Bye
		p.mu.Unlock()
		switch {
		case ok:
			return nil
		case ended != nil:
			return fmt.Errorf("wait for %s: the page was closed (goodbye: %+v): %w", what, bye, ended)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		}
	}
}

// Look calls f with the state, which must not be kept.
func (p *Page) Look(f func(*State)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.state)
}

func (p *Page) send(ctx context.Context, message map[string]any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return p.conn.Write(ctx, websocket.MessageText, text)
}

func (p *Page) read() {
	defer close(p.ended)
	for {
		kind, raw, err := p.conn.Read(context.Background())
		if err == nil {
			size := len(raw)
			if kind == websocket.MessageBinary {
				raw, err = unzip(raw)
			}
			if err == nil {
				err = p.take(raw, size)
			}
		}
		if err != nil {
			p.mu.Lock()
			p.state.Ended = err
			p.wake()
			p.mu.Unlock()
			return
		}
	}
}

func unzip(raw []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// wake tells those who wait; p.mu is held.
func (p *Page) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// fromServer is any message of the server.
type fromServer struct {
	T        string          `json:"t"`
	ID       string          `json:"id"`
	Seq      int64           `json:"seq"`
	Items    []Item          `json:"items"`
	More     bool            `json:"more"`
	Error    *Refusal        `json:"error"`
	Viewers  []id.UserID     `json:"viewers"`
	Can      Can             `json:"can"`
	Card     string          `json:"card"`
	Comments json.RawMessage `json:"comments"`
	Comment  *Comment        `json:"comment"`
	// Whiteboard is the one whose elements are told.
	Whiteboard string     `json:"whiteboard"`
	Gone       id.EventID `json:"gone"`
}

func (p *Page) take(raw []byte, size int) error {
	now := time.Now()
	var m fromServer
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("message of the server: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &p.state
	s.Bytes += size
	s.Messages++
	var err error
	switch m.T {
	case "welcome":
		err = json.Unmarshal(raw, &s.Welcome)
		if !s.Welcome.Resumed { // what was missed is still to come, and counts when it has
			s.Seq = s.Welcome.Seq
		}
	case "items":
		s.addItems(m, now)
	case "elements":
		s.addElements(m)
	case "commit":
		var c Commit
		if err = json.Unmarshal(raw, &c); err == nil {
			s.merge(c)
			if p.onCommit != nil {
				p.onCommit(c, now)
			}
		}
	case "ack":
		s.Acks[m.ID] = m.Seq
	case "no":
		s.Refusals[m.ID] = m.Error
	case "viewers":
		s.Viewers = m.Viewers
	case "you":
		s.Me.Can = m.Can
	case "count":
		var n int
		err = json.Unmarshal(m.Comments, &n)
		s.Counts[m.Card] = n
	case "comments":
		var list []Comment
		err = json.Unmarshal(m.Comments, &list)
		s.Comments[m.Card] = list
	case "comment":
		if _, open := s.Comments[m.Card]; !open {
			break // the list that was asked for has it
		}
		list := slices.DeleteFunc(slices.Clone(s.Comments[m.Card]), func(c Comment) bool {
			return c.Event == m.Gone || m.Comment != nil && c.Event == m.Comment.Event
		})
		if m.Comment != nil {
			list = append(list, *m.Comment)
		}
		s.Comments[m.Card] = list
	case "bye":
		s.Bye = &Bye{}
		err = json.Unmarshal(raw, s.Bye)
	}
	p.wake()
	return err
}

func (s *State) addItems(m fromServer, now time.Time) {
	for _, it := range m.Items {
		s.Items[it.Kind+"/"+it.ID] = it
	}
	if s.FirstItems.IsZero() {
		s.FirstItems, s.FirstBytes = now, s.Bytes
	}
	if !m.More {
		s.Complete, s.AllItems = true, now
	}
}

// keepCommits bounds what a long measurement remembers.
const keepCommits = 100_000

func (s *State) merge(c Commit) {
	s.Seq = c.Seq
	if len(s.Commits) < keepCommits {
		s.Commits = append(s.Commits, c)
	}
	for _, op := range c.Ops {
		key := op.Kind + "/" + op.Item
		it := s.Items[key]
		fields := maps.Clone(it.Fields)
		if fields == nil {
			fields = map[string]any{}
		}
		for name, value := range op.Set {
			if value == nil {
				delete(fields, name)
			} else {
				fields[name] = value
			}
		}
		s.Items[key] = Item{ID: op.Item, Kind: op.Kind, Fields: fields}
	}
}
