package live

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/watch"
	"werkraum/workspace/whiteboard"
)

// page is one open socket. Three things end it: the browser, a goodbye, and
// being so slow that its queue is full; then it resumes from its sequence.
type page struct {
	hub     *Hub
	conn    *websocket.Conn
	room    id.RoomID
	user    id.UserID
	lang    workspace.Language
	session store.Session
	origin  string // that the browser names
	lookup  *rate.Limiter
	// own is set on the page of the person's direct chat, which shows their work in all
	// rooms; stirred holds something while that may have become another.
	own     bool
	stirred chan struct{}

	gone bool // has left or will never enter; guarded by the hub
	talk talk // guarded by the hub
	// What follows is guarded by the hub too: what the person may do, the whiteboard that
	// the page looks at ("" for none), whether it asks others to follow, and whether it was
	// not told the latest of who is there.
	can      can
	at       workspace.ItemID
	presents bool
	behind   bool
	name     string          // by which other pages know this one
	moves    *rate.Limiter   // of what it says of itself
	late     json.RawMessage // what of that came too fast and waits
	queue    chan queued
	// unanswered holds one entry for each change that the page asked for and
	// whose answer is not on its way: who asks for more has to wait.
	unanswered chan struct{}
	end        chan struct{} // closed when nothing more is to be queued
	once       sync.Once
	last       frame // the goodbye, valid once end is closed
}

// queued is a frame that waits to be sent; later makes it then. answer marks the answer to
// a change.
type queued struct {
	frame
	later  func() frame
	answer bool
}

func (q queued) encoded() frame {
	if q.later != nil {
		return q.later()
	}
	return q.frame
}

const (
	queueLength = 512
	// Each change brings its page a commit and an answer. Together they must
	// never fill the queue, or a page would be dropped for what it asked for.
	maxUnanswered    = queueLength / 4
	readLimit        = 64 << 10
	helloTimeout     = 10 * time.Second
	writeTimeout     = 15 * time.Second
	closeTimeout     = time.Second
	silence          = 90 * time.Second // pages ping every 25 s
	subprotocol      = "werkraum.v1"
	lookupsPerSecond = 5
	lookupsAtOnce    = 30
)

// ServeHTTP opens a page's socket. The session comes in the first message, not
// in a cookie, so that no other site can open one in a person's name.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{subprotocol}, CompressionMode: websocket.CompressionDisabled,
		OriginPatterns: []string{h.origin}, // a proxy may have another name for us than browsers have
	})
	if err != nil { // it has answered
		h.strange.Do(func() {
			h.log.Warn().Str("host", r.Host).Msg("Refused a page's socket; is public_url the address that browsers use, and does the proxy pass WebSockets?")
		})
		return
	}
	defer conn.CloseNow() //nolint:errcheck // the end of it
	conn.SetReadLimit(readLimit)
	p := &page{hub: h, conn: conn, origin: strings.ToLower(r.Header.Get("Origin")), lang: workspace.German, queue: make(chan queued, queueLength), unanswered: make(chan struct{}, maxUnanswered), end: make(chan struct{}), stirred: make(chan struct{}, 1),
		lookup: rate.NewLimiter(lookupsPerSecond, lookupsAtOnce), moves: rate.NewLimiter(herePerSecond, hereAtOnce), name: rand.Text()[:12]}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	hello, err := p.hello(ctx)
	if err != nil {
		p.sayGoodbye(err)
		return
	}
	first, err := p.enter(ctx, hello)
	if err != nil {
		p.sayGoodbye(err)
		return
	}
	defer h.leave(p.room, p)
	var following sync.WaitGroup
	if p.own {
		following.Go(func() { p.follow(ctx) })
	}
	go p.read(ctx, cancel)
	p.write(ctx, first)
	cancel()
	following.Wait()
}

// fromPage is any message of a page.
type fromPage struct {
	T       string          `json:"t"`
	Session string          `json:"session"`
	Lang    string          `json:"lang"`
	Since   *int64          `json:"since"`
	Epoch   string          `json:"epoch"`
	ID      string          `json:"id"`
	Act     string          `json:"act"`
	Args    json.RawMessage `json:"args"`
	Card    string          `json:"card"`
	Before  *int64          `json:"before"`
	// Whiteboard is the one that the page looks at, or opens.
	Whiteboard string          `json:"whiteboard"`
	Here       json.RawMessage `json:"here"`
}

var badMessage = workspace.Text{
	De: "Die Seite hat etwas Unverständliches gesendet. Bitte laden Sie sie neu.",
	En: "The page sent something that cannot be understood. Please reload it.",
}

func (p *page) hello(ctx context.Context) (fromPage, error) {
	ctx, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	var m fromPage
	_, raw, err := p.conn.Read(ctx)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil || m.T != "hello" {
		return m, workspace.Refuse(workspace.Invalid, badMessage)
	}
	if lang, ok := workspace.ParseLanguage(m.Lang); ok {
		p.lang = lang
	}
	p.session, err = p.hub.sessions.Check(ctx, p.origin, m.Session)
	p.room, p.user = p.session.Room, p.session.User
	return m, err
}

type welcome struct {
	T       string `json:"t"`
	Seq     int64  `json:"seq"`
	Epoch   string `json:"epoch"`
	Resumed bool   `json:"resumed"`
	Total   int    `json:"total"`
	Page    string `json:"page"`
	Room    struct {
		ID   id.RoomID          `json:"id"`
		Name string             `json:"name"`
		Lang workspace.Language `json:"lang"`
		Own  bool               `json:"own,omitempty"`
	} `json:"room"`
	Me struct {
		person
		Can can `json:"can"`
	} `json:"me"`
	Members []person    `json:"members"`
	Viewers []id.UserID `json:"viewers"`
}

// maxResume is how many commits are sent one by one; who missed more gets the
// whole room.
const maxResume = store.KeptCommits

// enter joins the room and returns what the page is shown first.
func (p *page) enter(ctx context.Context, hello fromPage) ([]func() frame, error) {
	var refusal error
	var shot snapshot
	var counts []func() frame
	m := welcome{T: "welcome", Members: []person{}}
	err := p.hub.rooms.Visit(ctx, p.room, func(v watch.View) {
		if refusal = v.Room.May(p.user, workspace.Look); refusal != nil {
			return
		}
		if p.own = v.Room.Owner == p.user; !v.Open && (!p.own || !v.Own) {
			refusal = workspace.Refuse(workspace.Forbidden, goneText)
			return
		}
		m.Epoch = p.hub.history.Epoch() + v.Room.EditionMark()
		m.Seq, m.Total = v.Room.Seq, v.Room.Count()-whiteboard.In(v.Room).Count()
		m.Room.ID, m.Room.Name, m.Room.Lang, m.Room.Own = v.Room.ID, v.Room.Name, v.Room.Language, p.own
		m.Me.person = person{p.user, nameOf(p.user, v.Room.Members[p.user])}
		m.Me.Can, m.Page = rightsOf(v.Room, p.user), p.name
		for user, member := range v.Room.Members {
			if member.Membership == workspace.Joined {
				m.Members = append(m.Members, person{user, nameOf(user, member)})
			}
		}
		m.Resumed = hello.Since != nil && hello.Epoch == m.Epoch && *hello.Since <= m.Seq && *hello.Since >= max(m.Seq-maxResume, v.Room.LogFrom)
		if !m.Resumed {
			shot = takeSnapshot(v)
		}
		for card, n := range v.Comments {
			if n > 0 {
				counts = append(counts, ready(message(map[string]any{"t": "count", "card": card, "comments": n})))
			}
		}
		p.can = m.Me.Can // nobody else knows the page yet
		if refusal = p.hub.join(p.room, p); refusal == nil && m.Resumed && whiteboard.ValidID(workspace.ItemID(hello.Whiteboard)) {
			p.hub.lookAt(p, workspace.ItemID(hello.Whiteboard))
		}
	})
	if err = errors.Join(err, refusal); err != nil {
		p.hub.leave(p.room, p) // also when the visit comes later than whoever asked for it waits
		return nil, err
	}
	// Who signed out while this page was on its way in has ended a session whose
	// page the hub did not know yet.
	if _, err := p.hub.sessions.Check(ctx, p.origin, hello.Session); err != nil {
		p.hub.leave(p.room, p)
		return nil, err
	}
	m.Viewers = p.hub.viewers(p.room)
	frames := []func() frame{ready(message(m))}
	if !m.Resumed {
		return append(append(frames, p.hub.snapshotFrames(p.room, m.Seq, shot)...), counts...), nil
	}
	missed, err := p.hub.history.CommitsAfter(ctx, p.room, *hello.Since, maxResume)
	if err == nil {
		err = p.wholeAll(ctx, missed)
	}
	if err != nil {
		p.hub.leave(p.room, p)
		return nil, err
	}
	for _, c := range missed {
		if c.Seq > m.Seq { // it is in the queue
			continue
		}
		if f, concerned := tell(c).frameFor(workspace.ItemID(hello.Whiteboard)); concerned {
			frames = append(frames, ready(f))
		}
	}
	return append(frames, counts...), nil
}

// send queues a frame without waiting. A page whose queue is full is dropped.
func (p *page) send(f frame) { p.enqueue(queued{frame: f}) }

func (p *page) enqueue(q queued) {
	select {
	case <-p.end:
	case p.queue <- q:
	default:
		p.hub.metrics.dropped.Inc()
		p.bye("slow", slowText, "")
	}
}

// bye ends the page once what is queued has been sent.
func (p *page) bye(reason string, text workspace.Text, room id.RoomID) {
	p.once.Do(func() {
		p.last = message(struct {
			T       string    `json:"t"`
			Reason  string    `json:"reason"`
			Message string    `json:"message"`
			Room    id.RoomID `json:"room,omitempty"`
		}{"bye", reason, text.In(p.lang), room})
		close(p.end)
	})
}

// sayGoodbye refuses a page that has not entered.
func (p *page) sayGoodbye(err error) {
	var refusal *workspace.Error
	if !errors.As(err, &refusal) {
		return // the connection broke
	}
	reason := "restart" // the page tries again by itself
	switch refusal.Kind {
	case workspace.Unauthenticated:
		reason = "expired"
	case workspace.Forbidden, workspace.NotFound, workspace.Invalid:
		reason = "removed"
	}
	p.bye(reason, refusal.Say, "")
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	if p.put(ctx, p.last) == nil {
		p.close(websocket.StatusPolicyViolation, reason)
	}
}

func (p *page) put(ctx context.Context, f frame) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	kind := websocket.MessageText
	if f.binary {
		kind = websocket.MessageBinary
	}
	return p.conn.Write(ctx, kind, f.data)
}

func (p *page) write(ctx context.Context, first []func() frame) {
	expired := time.NewTimer(time.Until(p.session.Expires))
	defer expired.Stop()
	for _, f := range first {
		if p.put(ctx, f()) != nil {
			return
		}
	}
	for {
		select {
		case q := <-p.queue:
			if p.put(ctx, q.encoded()) != nil {
				return
			}
			if q.answer {
				p.answered()
			}
		case <-p.end:
			p.finish(ctx)
			return
		case <-expired.C:
			p.bye("expired", expiredText, "")
		case <-ctx.Done():
			return
		}
	}
}

// finish sends what is queued, the goodbye, and closes.
func (p *page) finish(ctx context.Context) {
	for {
		select {
		case q := <-p.queue:
			if p.put(ctx, q.encoded()) != nil {
				return
			}
			continue
		default:
		}
		if p.put(ctx, p.last) == nil {
			p.close(websocket.StatusNormalClosure, "")
		}
		return
	}
}

// close closes the socket in good order, unless the browser is asleep.
func (p *page) close(code websocket.StatusCode, reason string) {
	late := time.AfterFunc(closeTimeout, func() { _ = p.conn.CloseNow() })
	defer late.Stop()
	_ = p.conn.Close(code, reason)
}

func (p *page) read(ctx context.Context, cancel context.CancelFunc) {
	defer cancel()
	for {
		m, err := p.next(ctx)
		if err != nil {
			return
		}
		switch m.T {
		case "ping":
			p.send(frame{data: []byte(`{"t":"pong"}`)})
		case "do":
			select {
			case p.unanswered <- struct{}{}:
				p.do(m)
			case <-ctx.Done():
				return
			}
		case "comments":
			p.comments(ctx, m.Card)
		case "history":
			p.history(ctx, m.Card, m.Before)
		case "open":
			p.openWhiteboard(ctx, m.Whiteboard)
		case "here":
			p.here(m.Here)
		default:
			p.hub.log.Debug().Stringer("user_id", p.user).Msg("A page sent an unknown message")
		}
	}
}

func (p *page) next(ctx context.Context) (m fromPage, err error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	_, raw, err := p.conn.Read(ctx)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(raw, &m)
}
