// Package live keeps open pages up to date: one WebSocket per page, one
// encoding per commit. The protocol is in docs/live-protocol.md.
package live

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/mine"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

// Rooms is where the work is done (appservice.Service).
type Rooms interface {
	Visit(ctx context.Context, room id.RoomID, f func(watch.View)) error
	Do(room id.RoomID, by id.UserID, change workspace.ChangeID, a workspace.Act, reply func(seq int64, err error))
	Undo(room id.RoomID, by id.UserID, change, target workspace.ChangeID, reply func(seq int64, err error))
	Say(room id.RoomID, by id.UserID, change workspace.ChangeID, said board.Saying, reply func(seq int64, err error))
	Comments(ctx context.Context, room id.RoomID, card workspace.ItemID) ([]store.Comment, error)
	WorkOf(ctx context.Context, user id.UserID) (mine.Work, error)
	History(ctx context.Context, room id.RoomID, card workspace.ItemID, before int64, limit int) ([]workspace.Commit, error)
}

// Log is the history that a page which was away catches up from (store.Store).
type Log interface {
	CommitsAfter(ctx context.Context, room id.RoomID, seq int64, limit int) ([]workspace.Commit, error)
	Epoch() string
}

// Sessions knows who a page belongs to (session.Sessions).
type Sessions interface {
	Check(ctx context.Context, origin, token string) (store.Session, error)
}

// Hub knows every open page. It is a watch.Audience.
type Hub struct {
	rooms    Rooms
	history  Log
	sessions Sessions
	log      zerolog.Logger
	metrics  metrics
	// origin is the host under which browsers reach the page, as a pattern; it is
	// said once that others come from elsewhere.
	origin  string
	strange sync.Once
	// people bounds the changes of each in a room, crowd those of all there.
	people, crowd *pace.Limiter

	mu       sync.Mutex
	open     map[id.RoomID]*gathering
	own      map[id.UserID]map[*page]bool // those of open that show their owner's work
	stopping bool
	entered  sync.WaitGroup // pages that have joined and not left
}

// gathering are the pages that are open on one room.
type gathering struct {
	pages map[*page]bool
	// frames is the encoded snapshot as of seq; many who open a page at once
	// share it.
	seq    int64
	frames []func() frame
	// sheets are the encoded whiteboards that somebody has opened, as long as nothing on
	// them has changed; stages who is on them.
	sheets map[workspace.ItemID][]func() frame
	stages map[workspace.ItemID]*stage
	// telling is set while the pages are about to be told who looks on.
	telling bool
}

// viewersWithin is how long who looks on may lag behind: after a restart hundreds
// come back at once, and need not be told of each other one by one.
const viewersWithin = 100 * time.Millisecond

type metrics struct {
	pages   prometheus.Gauge
	dropped prometheus.Counter
	sent    prometheus.Counter
}

// Limits bound the changes that are made on pages. The zero Limits have none.
type Limits struct {
	Changes     pace.Limit // by one person in one room
	RoomChanges pace.Limit // by all people in one room
}

// NewHub returns a hub without pages. Pages come from host, which is that of the
// public URL. rooms may be set later with Serve.
func NewHub(host string, limits Limits, history Log, sessions Sessions, r prometheus.Registerer, log zerolog.Logger) *Hub {
	// The library matches hosts as patterns; the brackets of an IPv6 address are none.
	origin := strings.NewReplacer("[", `\[`, "]", `\]`).Replace(host)
	h := &Hub{origin: origin, people: pace.New(limits.Changes), crowd: pace.New(limits.RoomChanges), history: history, sessions: sessions, log: log, open: map[id.RoomID]*gathering{}, own: map[id.UserID]map[*page]bool{}, metrics: metrics{
		pages:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "werkraum_pages_open", Help: "Pages that are open."}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{Name: "werkraum_pages_dropped_total", Help: "Pages that were too slow and have to resume."}),
		sent:    prometheus.NewCounter(prometheus.CounterOpts{Name: "werkraum_live_messages_total", Help: "Messages handed to pages."}),
	}}
	r.MustRegister(h.metrics.pages, h.metrics.dropped, h.metrics.sent)
	return h
}

// Serve tells the hub where the work is done. It is called once, before the
// first page opens; the application service needs the hub to be made first.
func (h *Hub) Serve(rooms Rooms) { h.rooms = rooms }

// maxPagesEach bounds the pages that one person has open on one room; each keeps a
// queue.
const maxPagesEach = 50

// join adds a page; it is called during a visit, so that the page misses no
// commit. It is refused once the hub stops, and to who has very many already.
func (h *Hub) join(room id.RoomID, p *page) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping || p.gone {
		return workspace.Refuse(workspace.Unavailable, restartText)
	}
	g := h.open[room]
	if g == nil {
		g = &gathering{pages: map[*page]bool{}, sheets: map[workspace.ItemID][]func() frame{}, stages: map[workspace.ItemID]*stage{}}
		h.open[room] = g
	}
	theirs := 0
	for other := range g.pages {
		if other.user == p.user {
			theirs++
		}
	}
	if theirs >= maxPagesEach {
		return workspace.Refuse(workspace.RateLimited, tooManyText)
	}
	g.pages[p] = true
	if p.own {
		if h.own[p.user] == nil {
			h.own[p.user] = map[*page]bool{}
		}
		h.own[p.user][p] = true
	}
	h.entered.Add(1)
	h.metrics.pages.Inc()
	h.tellViewers(g)
	return nil
}

func (h *Hub) leave(room id.RoomID, p *page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.gone = true
	g := h.open[room]
	if g == nil || !g.pages[p] {
		return
	}
	g.move(p, "")
	delete(g.pages, p)
	delete(h.own[p.user], p)
	if len(h.own[p.user]) == 0 {
		delete(h.own, p.user)
	}
	h.entered.Done()
	h.metrics.pages.Dec()
	if len(g.pages) == 0 {
		delete(h.open, room)
		return
	}
	h.tellViewers(g)
}

func (g *gathering) viewers() []id.UserID {
	var users []id.UserID
	for p := range g.pages {
		users = append(users, p.user)
	}
	slices.Sort(users)
	return slices.Compact(users)
}

// tellViewers tells the pages soon who looks on; h.mu is held.
func (h *Hub) tellViewers(g *gathering) {
	if g.telling {
		return
	}
	g.telling = true
	time.AfterFunc(viewersWithin, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		g.telling = false
		f := message(map[string]any{"t": "viewers", "viewers": g.viewers()})
		for p := range g.pages {
			p.send(f)
		}
	})
}

func (h *Hub) viewers(room id.RoomID) []id.UserID {
	h.mu.Lock()
	defer h.mu.Unlock()
	if g := h.open[room]; g != nil {
		return g.viewers()
	}
	return nil
}

// snapshotFrames returns the encoded snapshot, from memory if somebody else
// opened the room at the same commit.
func (h *Hub) snapshotFrames(room id.RoomID, seq int64, s snapshot) []func() frame {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.open[room]
	if g == nil {
		return s.frames()
	}
	if g.seq != seq || g.frames == nil {
		g.seq, g.frames = seq, s.frames()
	}
	return g.frames
}

var (
	removedText = workspace.Text{
		De: "Sie sind in diesem Raum kein Mitglied mehr. Für einen neuen Zugang lassen Sie sich bitte wieder einladen.",
		En: "You are no longer a member of this room. To get back in, please ask to be invited again.",
	}
	goneText = workspace.Text{
		De: "In diesem Raum kann Werkraum gerade nicht arbeiten. Bitte öffnen Sie den Raum in Ihrem Chatprogramm; dort steht, warum.",
		En: "Werkraum cannot work in this room at the moment. Please open the room in your chat program; it says why.",
	}
	movedText = workspace.Text{
		De: "Dieser Raum wurde durch einen neuen ersetzt. Die Arbeit ist dorthin umgezogen; bitte öffnen Sie den neuen Raum.",
		En: "This room was replaced by a new one. The work has moved there; please open the new room.",
	}
	restartText = workspace.Text{
		De: "Werkraum wird gerade neu gestartet. Die Verbindung kommt von selbst zurück.",
		En: "Werkraum is being restarted. The connection will come back by itself.",
	}
	tooManyText = workspace.Text{
		De: "Sie haben dieses Board schon in sehr vielen Fenstern offen. Bitte schließen Sie einige davon.",
		En: "You have this board open in a great many windows already. Please close some of them.",
	}
	anewText = workspace.Text{
		De: "Das Board wird neu geladen.",
		En: "The board is being loaded anew.",
	}
	slowText = workspace.Text{
		De: "Die Verbindung kam nicht mehr mit. Sie wird neu aufgebaut und holt alles nach.",
		En: "The connection could not keep up. It is being made anew and will catch up.",
	}
	expiredText = workspace.Text{
		De: "Ihre Sitzung ist abgelaufen. Bitte öffnen Sie das Board noch einmal aus dem Raum oder fordern Sie mit !link einen neuen Link an.",
		En: "Your session has ended. Please open the board again from the room, or ask for a new link with !link.",
	}
	signedOutText = workspace.Text{
		De: "Sie haben sich abgemeldet. Um wieder am Board zu arbeiten, öffnen Sie es aus dem Raum oder fordern Sie mit !link einen neuen Link an.",
		En: "You have signed out. To work on the board again, open it from the room, or ask for a new link with !link.",
	}
)

// SignedOut ends the pages of a session that has ended; a browser that copies
// a tab copies its session, so there may be several.
func (h *Hub) SignedOut(ended store.Session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.open[ended.Room]
	if g == nil {
		return
	}
	for p := range g.pages {
		if p.session.Hash == ended.Hash {
			p.bye("expired", signedOutText, "")
		}
	}
}

// Happened implements watch.Audience.
func (h *Hub) Happened(n watch.Happening) {
	// Pages join in the room's own goroutine, which is this one: none comes in
	// between. So the other rooms need not wait for the encoding.
	h.mu.Lock()
	h.stirOwn(n)
	g := h.open[n.Room.ID]
	h.mu.Unlock()
	if g == nil {
		return
	}
	frames, said := framesOf(n), talkFrames(n)
	commits := make([]toldTo, len(n.Commits))
	for i, c := range n.Commits {
		commits[i] = tell(whole(c, n.Room.Item))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(n.Commits) > 0 || n.Anew {
		g.frames = nil
	}
	if n.Anew {
		clear(g.sheets)
	}
	for _, c := range commits {
		for at := range c.at {
			delete(g.sheets, at)
		}
	}
	for p := range g.pages {
		for _, c := range commits {
			if f, concerned := c.frameFor(p.at); concerned {
				p.send(f)
			}
		}
		for _, f := range frames {
			p.send(f)
		}
		if !slices.Contains(n.Removed, p.user) {
			p.hear(said)
		}
		if n.Rights {
			p.can = rightsOf(n.Room, p.user)
			p.send(message(map[string]any{"t": "you", "can": p.can}))
		}
		switch {
		case slices.Contains(n.Removed, p.user):
			p.bye("removed", removedText, "")
		case n.Gone && n.Successor != "":
			p.bye("moved", movedText, n.Successor)
		case n.Gone:
			p.bye("removed", goneText, "")
		case n.Anew:
			p.bye("restart", anewText, "")
		}
	}
	h.metrics.sent.Add(float64((len(frames) + len(commits)) * len(g.pages)))
}

// framesOf are the messages that all pages get alike, beside the commits.
func framesOf(n watch.Happening) []frame {
	var frames []frame
	for user, m := range n.Members {
		frames = append(frames, message(map[string]any{"t": "member", "user_id": user, "name": nameOf(user, m), "joined": m.Membership == workspace.Joined}))
	}
	for card, count := range n.Comments {
		frames = append(frames, message(map[string]any{"t": "count", "card": card, "comments": count}))
	}
	return frames
}

// Stop says goodbye to all pages and refuses new ones. It returns when the pages
// have been told, or when ctx ends: the HTTP server does not wait for sockets.
func (h *Hub) Stop(ctx context.Context) {
	h.mu.Lock()
	h.stopping = true
	for _, g := range h.open {
		for p := range g.pages {
			p.bye("restart", restartText, "")
		}
	}
	h.mu.Unlock()
	told := make(chan struct{})
	go func() {
		h.entered.Wait()
		close(told)
	}()
	select {
	case <-told:
	case <-ctx.Done():
	}
}
