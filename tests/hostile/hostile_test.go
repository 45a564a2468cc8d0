package hostile

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
	"werkraum/tests/page"
	"werkraum/tests/program"
)

const (
	own      = "eigen.example"
	good     = id.RoomID("!gut:eigen.example")
	bad      = id.RoomID("!schlecht:evil.example")
	anna     = id.UserID("@anna:eigen.example")
	patience = 2 * time.Minute

	deliveries, perDelivery = 160, 50
	syncs, perSync          = 60, 40
	pagesEach               = 3 // of /messages after each limited sync
	signIns                 = 120

	// heapBound is generous: some deliveries of oversized events are under way at once, and the
	// collector lets the heap double before it works.
	heapBound = 400 << 20
)

// stand is the program beside its hostile neighbour.
type stand struct {
	t *testing.T
	*program.Program
	n    *neighbour
	txns atomic.Int64
}

func newStand(t *testing.T, ca *homeserver.CA) *stand {
	t.Helper()
	dir := t.TempDir()
	binary := os.Getenv("TEST_BINARY")
	if binary == "" {
		var err error
		if binary, err = program.Build(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
	}
	bot := id.NewUserID("werkraum", own)
	n := newNeighbour(own, bot)
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	ports, err := homeserver.FreePorts(2)
	if err != nil {
		t.Fatal(err)
	}
	const many = 1_000_000 // what people may not do must fail for that reason alone
	p, err := program.New(program.Settings{
		Binary: binary, Dir: dir, Localpart: "werkraum", Port: ports[0], OperationsPort: ports[1], HomeserverURL: server.URL, ServerName: own,
		More: map[string]map[string]any{
			"outbound": {"allow_networks": []string{"127.0.0.2/32"}, "ca_file": ca.CertFile(), "timeout": "2s"},
			"limits":   {"commands_per_minute": many, "room_commands_per_minute": many, "changes_per_minute": many, "room_changes_per_minute": many, "sign_ins_per_minute": many},
			"log":      {"level": "info"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := p.Stop(ctx); err != nil {
			t.Errorf("the program: %v\n%s", err, p.LogTail(20))
		}
		server.CloseClientConnections()
	})
	return &stand{t: t, Program: p, n: n}
}

// deliver hands over a transaction and returns the status of the answer.
func (s *stand) deliver(body []byte) int {
	url := fmt.Sprintf("%s/_matrix/app/v1/transactions/t%d", s.URL, s.txns.Add(1))
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPut, url, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.HSToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Errorf("a delivery: %v", err)
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode
}

func transaction(events ...[]byte) []byte {
	return append(append([]byte(`{"events":[`), bytes.Join(events, []byte(","))...), `]}`...)
}

func encoded(e any) []byte {
	raw, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return raw
}

// say has somebody write a message, as a proper homeserver hands it over.
func (s *stand) say(room id.RoomID, user id.UserID, text string) (event string) {
	event = fmt.Sprintf("$said%d", s.txns.Add(1))
	if status := s.deliver(transaction(encoded(object{"event_id": event, "type": "m.room.message", "room_id": room, "sender": user,
		"content": object{"msgtype": "m.text", "body": text}}))); status != http.StatusOK {
		s.t.Errorf("a proper delivery is answered %d", status)
	}
	return event
}

func (s *stand) await(what string, ready func() bool) {
	s.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-deadline:
			s.t.Fatalf("waited in vain for %s\n%s", what, s.LogTail(20))
		}
	}
}

// enter has the bot invited into a room and waits until it has settled in.
func (s *stand) enter(room id.RoomID) {
	s.t.Helper()
	for _, membership := range []string{"invite", "join"} {
		sender := anna
		if membership == "join" {
			sender = s.Bot
		}
		s.deliver(transaction(encoded(object{"event_id": "$" + membership + string(room), "type": "m.room.member", "state_key": s.Bot, "room_id": room, "sender": sender,
			"content": object{"membership": membership}})))
	}
	s.await("the greeting", func() bool {
		s.n.mu.Lock()
		defer s.n.mu.Unlock()
		for _, e := range s.n.sent {
			if e.room == string(room) && strings.Contains(e.content, "ich bin Werkraum") {
				return true
			}
		}
		return false
	})
}

// board opens a room's board as Anna.
func (s *stand) board(room id.RoomID) *page.Page {
	s.t.Helper()
	token := fmt.Sprintf("anna%d", s.txns.Add(1))
	s.n.mu.Lock()
	s.n.openID[token] = anna
	s.n.mu.Unlock()
	session, err := page.SignInOpenID(s.t.Context(), s.URL, room, page.OpenID{AccessToken: token, ServerName: own})
	if err != nil {
		s.t.Fatal(err)
	}
	p, err := page.Open(s.t.Context(), s.URL, page.Options{Session: session.Token})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = p.Close() })
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	if err := p.Await(ctx, "the board", func(st *page.State) bool { return st.Complete || st.Bye != nil }); err != nil {
		s.t.Fatal(err)
	}
	return p
}

// metric is the sum of a metric's values, of those with a label if one is given.
func (s *stand) metric(name, label string) (sum float64) {
	resp, err := http.Get(s.OperationsURL + "/metrics")
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	for line := range strings.Lines(string(body)) {
		if rest, is := strings.CutPrefix(line, name); is && (rest[0] == ' ' || rest[0] == '{') && strings.Contains(rest, label) {
			fields := strings.Fields(line)
			v, _ := strconv.ParseFloat(fields[len(fields)-1], 64)
			sum += v
		}
	}
	return sum
}

// badCounterpart answers OpenID requests in every way but the right one. The token says which.
func badCounterpart(w http.ResponseWriter, r *http.Request) {
	token := r.FormValue("access_token")
	switch {
	case !strings.HasSuffix(r.URL.Path, "/openid/userinfo"):
		http.NotFound(w, r)
	case strings.HasPrefix(token, "foreign"):
		_, _ = io.WriteString(w, `{"sub":"`+string(anna)+`"}`)
	case strings.HasPrefix(token, "twice"):
		_, _ = io.WriteString(w, `{"sub":"@evil1:127.0.0.2","sub":"`+string(anna)+`"}`)
	case strings.HasPrefix(token, "redirect"):
		http.Redirect(w, r, "https://127.0.0.1:1/_matrix/federation/v1/openid/userinfo?access_token=x", http.StatusFound)
	case strings.HasPrefix(token, "stall"):
		<-r.Context().Done()
	case strings.HasPrefix(token, "endless"):
		_, _ = io.WriteString(w, `{"sub":"`)
		for r.Context().Err() == nil {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 64<<10)); err != nil {
				return
			}
		}
	case strings.HasPrefix(token, "deep"):
		_, _ = io.WriteString(w, `{"sub":`+strings.Repeat("[", 500_000))
	default:
		_, _ = w.Write([]byte{0xff, 0xfe, 0})
	}
}

var badTokens = []string{"foreign", "twice", "redirect", "stall", "endless", "deep", "nonsense"}

// A neighbourhood that is hostile in every way known: nothing of what it sends gets through,
// memory stays bounded, and a room beside it does not notice.
func TestHostileNeighbour(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("HOSTILE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("HOSTILE_SEED=%d", seed)
	ca, err := homeserver.OpenCA(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := newStand(t, ca)
	evilServer, privateServer := counterparts(t, ca)
	var people []id.UserID
	members := map[id.UserID]int{anna: 100}
	for n := range 6 {
		user := id.UserID(fmt.Sprintf("@evil%d:%s", n, []string{evilServer, privateServer}[n%2]))
		people = append(people, user)
		members[user] = 0
	}
	s.n.room(good, map[id.UserID]int{anna: 100}, 0)
	s.n.room(bad, members, 50)
	s.enter(good)
	s.enter(bad)
	s.say(good, anna, "!karte neu Die erste")
	neighbour := s.board(good)

	generate := func(stream uint64) *generator {
		return &generator{Rand: rand.New(rand.NewPCG(seed, stream)), room: bad, people: people, others: append([]id.UserID{anna, s.Bot, "@x:evil.example"}, people...), bot: s.Bot}
	}
	heap := s.watchHeap()
	var inputs atomic.Int64
	var work sync.WaitGroup
	work.Go(func() { s.floodBySync(generate(1), &inputs) })
	work.Go(func() { s.signInFalsely(bad, evilServer, privateServer, &inputs) })

	g := generate(2)
	for n := range deliveries {
		var events [][]byte
		for range perDelivery {
			events = append(events, g.event())
		}
		inputs.Add(perDelivery)
		g.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		body := transaction(events...)
		if n%4 == 0 {
			inputs.Add(5)
			body = append(append([]byte{'{'}, g.toDevice()...), append([]byte{','}, body[1:]...)...)
		}
		for range 1 + g.IntN(2) { // as a homeserver repeats what was not answered in time
			if status := s.deliver(body); status != http.StatusOK {
				t.Errorf("delivery %d is answered %d: one bad event holds up the stream", n, status)
			}
		}
		if n%10 == 0 {
			s.undisturbed(neighbour, n)
			s.deliverNonsense(g, &inputs)
		}
	}
	work.Wait()

	// What was said last in the flooded room is answered when all before it is handled.
	last := s.say(bad, anna, "!karte neu Am Ende")
	s.await("the answer in the flooded room", func() bool { return len(s.n.answered(last)) > 0 })
	s.undisturbed(neighbour, deliveries)
	flooded := s.board(bad)
	flooded.Look(func(st *page.State) {
		var cards, columns []string
		for _, c := range st.Cards() {
			cards = append(cards, c.Text("title"))
		}
		for _, c := range st.Columns() {
			columns = append(columns, c.Text("title"))
		}
		if len(cards) != 1 || cards[0] != "Am Ende" || len(columns) != 3 {
			t.Errorf("in the flooded room are the cards %q in the columns %q", cards, columns)
		}
		if st.Welcome.Room.Lang != "de" || !st.Welcome.Me.Can.Configure {
			t.Errorf("the flooded room is %+v, and Anna may %+v", st.Welcome.Room, st.Welcome.Me.Can)
		}
	})
	most := heap()
	if most > heapBound {
		t.Errorf("the heap grew to %d MiB", most>>20)
	}
	if n := s.metric("werkraum_events_total", `"set_aside"`); n == 0 {
		t.Error("no event was set aside: what was sent was too tame")
	}
	if said, err := os.ReadFile(s.Log); err != nil || bytes.Contains(said, []byte("panicked")) {
		t.Errorf("handling something panicked, or there is no log: %v", err)
	}
	t.Logf("%d hostile inputs; heap at most %d MiB; set aside %.0f, handled %.0f, ignored %.0f, repeated %.0f", inputs.Load(), most>>20,
		s.metric("werkraum_events_total", `"set_aside"`), s.metric("werkraum_events_total", `"handled"`), s.metric("werkraum_events_total", `"ignored"`), s.metric("werkraum_events_total", `"repeated"`))
}

// counterparts are two servers for OpenID: one that may be reached, and one at an address that
// may not.
func counterparts(t *testing.T, ca *homeserver.CA) (reachable, private string) {
	t.Helper()
	serve := func(address string, handler http.Handler) string {
		certificate, err := ca.Certificate(address)
		if err != nil {
			t.Fatal(err)
		}
		listener, err := net.Listen("tcp", address+":0")
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewUnstartedServer(handler)
		_ = server.Listener.Close()
		server.Listener, server.TLS = listener, &tls.Config{Certificates: []tls.Certificate{certificate}}
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // who breaks off is no news here
		server.StartTLS()
		t.Cleanup(func() {
			server.CloseClientConnections()
			server.Close()
		})
		return listener.Addr().String()
	}
	reachable = serve("127.0.0.2", http.HandlerFunc(badCounterpart))
	private = serve("127.0.0.1", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a private address was reached") }))
	return reachable, private
}

// undisturbed makes sure that the good room does not notice: a command is answered, and the
// open board shows what was asked for.
func (s *stand) undisturbed(board *page.Page, n int) {
	s.t.Helper()
	title := fmt.Sprintf("Ungestört %d", n)
	event := s.say(good, anna, "!karte neu "+title)
	s.await("an answer in the good room", func() bool { return len(s.n.answered(event)) == 1 })
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	if err := board.Await(ctx, title, func(st *page.State) bool { _, ok := st.CardTitled(title); return ok }); err != nil {
		s.t.Error(err)
	}
	board.Look(func(st *page.State) {
		for _, c := range st.Cards() {
			if title := c.Text("title"); title != "Die erste" && !strings.HasPrefix(title, "Ungestört ") {
				s.t.Errorf("the good room has a card %q", title)
			}
		}
	})
}

// deliverNonsense hands over what is no transaction at all; it may be refused, and that is all.
func (s *stand) deliverNonsense(g *generator, inputs *atomic.Int64) {
	for _, body := range []string{"", "7", "[]", `{"events":{}}`, `{"events":[}`, "\xff\xfe", `{"events":` + strings.Repeat("[", 3_000_000), strings.Repeat(`{"events":`, 1_000_000),
		`{"events":[` + strings.Repeat("[", 60_000) + strings.Repeat("]", 60_000) + `]}`, `{"events":[null,7,"x",[],{}]}`} {
		inputs.Add(1)
		if status := s.deliver([]byte(body)); status != http.StatusOK && status != http.StatusBadRequest {
			s.t.Errorf("%.40q… is answered %d", body, status)
		}
	}
}

// floodBySync has /sync and /messages say what nobody would.
func (s *stand) floodBySync(g *generator, inputs *atomic.Int64) {
	var mu sync.Mutex
	left := map[string]int{}
	s.n.mu.Lock()
	s.n.pages = func(_, from string) []byte {
		mu.Lock()
		defer mu.Unlock()
		if from == "" || left[from] == 0 {
			return []byte(`{"chunk":[]}`)
		}
		left[from]--
		var events [][]byte
		for range 100 {
			events = append(events, g.event())
		}
		inputs.Add(100)
		next := fmt.Sprintf("p%d", g.Int64())
		left[next] = left[from]
		return append(append(append([]byte(`{"end":"`+next+`","chunk":[`), bytes.Join(events, []byte(","))...), `]`...), '}')
	}
	s.n.mu.Unlock()
	for n := range syncs {
		mu.Lock()
		var events [][]byte
		for range perSync {
			events = append(events, g.event())
		}
		from := fmt.Sprintf("b%d", n)
		left[from] = pagesEach
		limited := n%10 == 0
		mu.Unlock()
		inputs.Add(perSync)
		body := fmt.Appendf(nil, `{"next_batch":"s%d","rooms":{"join":{%q:{"timeline":{"limited":%t,"prev_batch":%q,"events":[`, n+1, bad, limited, from)
		body = append(body, bytes.Join(events, []byte(","))...)
		body = append(body, `]}},"!unbekannt:evil.example":{"timeline":7},"":null},"invite":{"!falle:evil.example":{"invite_state":{"events":[{"type":"m.room.member","state_key":"`...)
		body = append(body, string(s.Bot)+`","sender":"@evil0:evil.example","content":{"membership":"invite","x":`+strings.Repeat("[", 15_000)+strings.Repeat("]", 15_000)+`}}]}}},"leave":[]}}`...)
		if n%7 == 0 {
			body = [][]byte{[]byte("{"), []byte("null"), []byte(`{"next_batch":7}`), body[:len(body)/2]}[g.IntN(4)]
		}
		select {
		case s.n.next <- body:
		case <-s.t.Context().Done():
			return
		}
	}
	s.await("the syncs to be taken", func() bool { return len(s.n.next) == 0 })
}

// signInFalsely tries to get in with the word of servers that lie.
func (s *stand) signInFalsely(room id.RoomID, reachable, private string, inputs *atomic.Int64) {
	var group sync.WaitGroup
	slots := make(chan struct{}, 12)
	for n := range signIns {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			server := reachable
			if n%5 == 4 {
				server = private
			}
			inputs.Add(1)
			_, err := page.SignInOpenID(s.t.Context(), s.URL, room, page.OpenID{AccessToken: fmt.Sprintf("%s%d", badTokens[n%len(badTokens)], n), ServerName: server})
			if refusal, ok := errors.AsType[*page.Refusal](err); !ok || refusal.Message == "" {
				s.t.Errorf("a false sign-in is answered %v", err)
			}
		})
	}
	group.Wait()
}

// watchHeap measures the program's heap (runtime.MemStats, as its metrics tell it) until the
// returned function is called, which gives the most.
func (s *stand) watchHeap() func() uint64 {
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan uint64)
	go func() {
		var most uint64
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			most = max(most, uint64(s.metric("go_memstats_heap_inuse_bytes", "")))
			select {
			case <-tick.C:
			case <-ctx.Done():
				done <- most
				return
			}
		}
	}()
	return func() uint64 {
		cancel()
		return <-done
	}
}
