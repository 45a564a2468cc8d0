// Package appservice is everything Matrix: it takes in events durably, gives
// each room a worker that handles them in order, keeps the picture of who is
// in a room and who may do what, and tells the homeserver what is to be told.
package appservice

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/pace"
	"werkraum/workspace/watch"
)

// Config is what the application service must know.
type Config struct {
	HomeserverURL string
	ServerName    string
	Localpart     string // of the bot: sender_localpart of the registration
	AppserviceID  string
	ASToken       string
	HSToken       string
	PublicURL     string // without a slash at the end
	Language      workspace.Language
	Zone          *time.Location // of rooms that have set none; nil means UTC
	// Federation says which servers and people may do what.
	Federation workspace.Federation
	Sync       SyncMode
	// Vault is the operator's key. Without it there is no encryption.
	Vault   *vault.Vault
	LinkTTL time.Duration
	Limits  Limits
	// AuditKeep is how long entries of the audit log are kept.
	AuditKeep time.Duration
	// Reader reads files that somebody imports.
	Reader board.Reader
	// RootCAs are the certificates trusted of an https homeserver; nil means
	// the system's.
	RootCAs *x509.CertPool
}

// Limits bound what people ask the bot for. The zero Limits have none.
type Limits struct {
	Commands     pace.Limit // commands and reactions of one person in one room
	RoomCommands pace.Limit // those of all people in one room together
	Links        pace.Limit // messages with private links to one person
	UploadBytes  int64      // largest file that is sent from the page
}

// SyncMode says what the second source of events is.
type SyncMode string

// The modes; SyncAuto asks the homeserver what it can.
const (
	SyncAuto   SyncMode = "auto"
	SyncAlways SyncMode = "always"
	SyncNever  SyncMode = "never"
)

// Service is the running application service.
type Service struct {
	Config
	bot      id.UserID
	log      zerolog.Logger
	store    *store.Store
	hs       *homeserver
	handler  *bots.Bot
	audience watch.Audience
	intake   *Intake
	rooms    *rooms
	outbox   *outbox
	metrics  *metrics
	now      func() time.Time
	order    atomic.Int64 // of the outbox
	pushes   atomic.Bool  // the homeserver is known to need no second source
	links    *pace.Limiter
	// calendars bounds how often each private calendar is asked for.
	calendars           *pace.Limiter
	around              *pace.Limiter // how often a person has all of their rooms looked through
	fetching, uploading *pace.Limiter // how many files a person fetches and sends
	fileTurns           *fileTurns
	importTurns         *fileTurns // those that are read into memory
	drawTurns           *fileTurns // whiteboards that are being drawn
	packing             sync.Mutex // of states of whiteboards
	// syncLimit belongs to the goroutine that syncs.
	syncLimit int
	direct    sync.Map // of id.RoomID: the direct chats, in which plain talk is for the bot
	cipher    cipher
	away      atomic.Bool // the homeserver did not answer the last request
	trouble   chan struct{}
}

// New wires the application service. Call Run to start it.
func New(ctx context.Context, c Config, s *store.Store, handler *bots.Bot, audience watch.Audience, r prometheus.Registerer, log zerolog.Logger) (*Service, error) {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	svc := &Service{
		Config: c, bot: id.NewUserID(c.Localpart, c.ServerName), log: log, store: s,
		handler: handler, audience: audience, metrics: newMetrics(r), now: time.Now, trouble: make(chan struct{}, 1),
		links: pace.New(c.Limits.Links), calendars: pace.New(askingForCalendars), around: pace.New(lookingAround), syncLimit: syncLimit,
		fetching: pace.New(fetchPace), uploading: pace.New(uploadPace), fileTurns: newFileTurns(filesAtOnce, filesOfEachOnce),
		importTurns: newFileTurns(importsAtOnce, 1), drawTurns: newFileTurns(drawnAtOnce, 1),
	}
	var err error
	svc.hs, err = newHomeserver(c, svc.bot, func(method string, took time.Duration, err error) {
		result, up := "ok", 1.0
		if err != nil {
			result = "error"
			if _, final := refused(err); !final {
				up = 0
			}
		}
		svc.metrics.requests.WithLabelValues(method, result).Observe(took.Seconds())
		svc.metrics.homeserverUp.Set(up)
		if svc.away.Swap(up == 0) && up == 1 {
			svc.doubt()
		}
	})
	if err != nil {
		return nil, err
	}
	if svc.intake, err = newIntake(ctx, s, c.HSToken, svc.metrics, svc.now, svc.heedEncryption); err != nil {
		return nil, fmt.Errorf("read inbox: %w", err)
	}
	svc.rooms = newRooms(svc)
	svc.outbox = newOutbox(svc)
	return svc, nil
}

// Bot is the bot's user ID.
func (s *Service) Bot() id.UserID { return s.bot }

// Intake is the endpoint that the homeserver pushes to.
func (s *Service) Intake() *Intake { return s.intake }

// Run works until ctx ends. Everything that was acknowledged is durable
// whenever it stops.
func (s *Service) Run(ctx context.Context) error {
	if _, err := s.store.LookBackSince(ctx, s.now()); err != nil {
		return fmt.Errorf("read where to look back to: %w", err)
	}
	waiting, err := s.store.Outbox(ctx)
	if err != nil {
		return fmt.Errorf("read outbox: %w", err)
	}
	unfinished, err := s.store.RoomsWithWork(ctx)
	if err != nil {
		return fmt.Errorf("read rooms: %w", err)
	}
	chats, err := s.store.DirectRooms(ctx)
	if err != nil {
		return fmt.Errorf("read direct chats: %w", err)
	}
	for _, room := range chats {
		s.direct.Store(room, true)
	}
	if err := s.heedInbox(ctx); err != nil {
		return fmt.Errorf("read inbox: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	s.rooms.start(ctx, group)
	s.outbox.start(ctx, group)
	for _, p := range waiting {
		s.outbox.add(queued{Outgoing: p.Outgoing, room: p.Room, inherited: true})
	}
	for _, room := range unfinished {
		s.rooms.worker(room).note(func(*worker, *step) error { return nil }) // loading it is enough
	}
	group.Go(func() error { s.introduce(ctx); return nil })
	group.Go(func() error {
		(&dispatcher{Service: s}).run(ctx)
		return nil
	})
	group.Go(func() error { s.prune(ctx); return nil })
	group.Go(func() error { s.expire(ctx); return nil })
	group.Go(func() error { s.wake(ctx); return nil })
	return group.Wait()
}

// introduce makes sure that the bot's account exists and has a name, and
// starts the second source of events.
func (s *Service) introduce(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := s.register(ctx)
		if err == nil {
			break
		}
		s.log.Error().Err(withoutContent(err)).Msg("The homeserver does not let the bot in; `werkraum check` tells why")
		if !sleep(ctx, wait) {
			return
		}
	}
	s.reenter(ctx)
	syncs := s.Sync != SyncNever && s.needsSync(ctx)
	s.pushes.Store(!syncs)
	var encryption sync.WaitGroup
	defer encryption.Wait()
	tried := make(chan struct{})
	encryption.Go(func() { s.openDevice(ctx, syncs, sync.OnceFunc(func() { close(tried) })) })
	<-tried // a sync goes on as the device, if there is one
	switch {
	case s.Sync == SyncNever:
	case syncs:
		s.log.Info().Msg("The homeserver does not push everything; the bot syncs as well")
		s.runSync(ctx)
	default:
		s.runLookBack(ctx)
	}
}

// reenter has those rooms looked at that the bot is in and the database does not
// know: it was lost, or set back to an older copy.
func (s *Service) reenter(ctx context.Context) {
	var joined struct {
		Rooms []id.RoomID `json:"joined_rooms"`
	}
	if err := s.hs.get(ctx, &joined, "joined_rooms"); err != nil {
		s.log.Warn().Err(withoutContent(err)).Msg("Could not ask which rooms the bot is in")
		return
	}
	for _, room := range joined.Rooms {
		known, err := s.store.Knows(ctx, room)
		if err != nil {
			s.log.Error().Err(err).Msg("Could not ask which rooms are known")
			return
		}
		if !known {
			s.rooms.worker(room).note(func(w *worker, st *step) error {
				if !w.row.Joined {
					w.joined(st)
				}
				return nil
			})
		}
	}
}

func (s *Service) register(ctx context.Context) error {
	_, err := s.hs.client.MakeRequest(ctx, http.MethodPost, s.hs.client.BuildClientURL("v3", "register"), map[string]any{
		"type": "m.login.application_service", "username": s.Localpart, "inhibit_login": true,
	}, nil)
	if code, _ := refused(err); err != nil && code != "M_USER_IN_USE" && code != "M_EXCLUSIVE" {
		return err
	}
	var who mautrix.RespWhoami
	if err := s.hs.get(ctx, &who, "account", "whoami"); err != nil {
		return err
	}
	var profile struct {
		Name string `json:"displayname"`
	}
	if err := s.hs.get(ctx, &profile, "profile", s.bot); err == nil && profile.Name != "" && profile.Name != s.Localpart {
		return nil // an operator has given it another name
	}
	if err := s.hs.client.SetDisplayName(ctx, "Werkraum"); err != nil {
		s.log.Warn().Err(withoutContent(err)).Msg("Could not set the bot's display name")
	}
	return nil
}

// needsSync reports whether the homeserver leaves things out of transactions:
// redactions, invites from other servers. Those that cannot ping an
// application service (Dendrite) are the ones that do.
func (s *Service) needsSync(ctx context.Context) bool {
	if s.Sync == SyncAlways {
		return true
	}
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		_, err := s.hs.client.AppservicePing(ctx, s.AppserviceID, "")
		code, final := refused(err)
		switch {
		case err == nil:
			return false
		case code == "M_UNRECOGNIZED" || code == "M_NOT_FOUND":
			return true
		case final || code == "M_CONNECTION_FAILED" || code == "M_BAD_STATUS" || code == "M_CONNECTION_TIMEOUT":
			return false // it has the ping, and will reach us or tell the operator
		}
		if !sleep(ctx, wait) {
			return false
		}
	}
}

const keepHandled = 45 * 24 * time.Hour

func (s *Service) prune(ctx context.Context) {
	for sleep(ctx, time.Hour) {
		now := s.now()
		if err := s.store.Prune(ctx, now.Add(-keepHandled), now.Add(-s.AuditKeep), now); err != nil {
			s.log.Warn().Err(err).Msg("Could not prune the database")
		}
	}
}

// causedID is the transaction ID of something sent because of parts: the same
// cause gives the same ID, in this and every later run.
func causedID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:24])
}

// changeID is the ID of a change that a person did not name. It holds a dot,
// which the IDs that pages choose do not.
func changeID(parts ...string) workspace.ChangeID {
	return workspace.ChangeID("w." + causedID(parts...))
}

// sleep waits for d; it reports false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
