package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"werkraum/appservice"
	"werkraum/bots"
	"werkraum/bridges/outbound"
	"werkraum/config"
	"werkraum/store"
	"werkraum/widgets/api"
	"werkraum/widgets/live"
	"werkraum/widgets/session"
	"werkraum/widgets/web"
	"werkraum/workspace"
	"werkraum/workspace/pace"
)

// run is `werkraum run`: it wires everything and works until ctx ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	c := newCommand("run", "runs the server", out)
	if err := c.parse(args); err != nil {
		if errors.Is(err, errHelp) {
			return nil
		}
		return err
	}
	settings, err := c.settings()
	if err != nil {
		return err
	}
	registration, err := c.loadRegistration(settings)
	if err != nil {
		return err
	}
	log := newLog(settings.Log)
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	db, err := store.Open(ctx, settings.Database.URL, store.Options{Exclusive: true}, log)
	if err != nil {
		return err
	}
	defer db.Close()
	key, err := c.openKey(ctx, settings, db)
	if err != nil {
		return err
	}
	if err := db.UseKey(ctx, key, settings.Database.Seal); err != nil {
		return err
	}
	if err := db.IndexCards(ctx); err != nil {
		return fmt.Errorf("index cards: %w", err)
	}
	log.Info().Strs("keys", key.KeyIDs()).Bool("seal", settings.Database.Seal).Msg("Opened the key file")
	roots, err := outbound.LoadCAs(settings.Outbound.CAFile)
	if err != nil {
		return fmt.Errorf("outbound.ca_file: %w", err)
	}
	identities, err := newIdentities(settings, roots, metrics)
	if err != nil {
		return err
	}
	language, _ := workspace.ParseLanguage(settings.DefaultLanguage)

	sessions := session.New(db, identities, settings.PublicURL, settings.Web.SessionTTL, perMinute(settings.Limits.SignInsPerMinute))
	public, err := url.Parse(settings.PublicURL)
	if err != nil {
		return fmt.Errorf("public_url: %w", err)
	}
	hub := live.NewHub(public.Host, live.Limits{
		Changes: perMinute(settings.Limits.ChangesPerMinute), RoomChanges: perMinute(settings.Limits.RoomChangesPerMinute),
	}, db, sessions, metrics, log)
	matrix, err := appservice.New(ctx, appservice.Config{
		HomeserverURL: settings.Homeserver.URL, ServerName: settings.Homeserver.ServerName,
		Localpart: registration.SenderLocalpart, AppserviceID: registration.ID, ASToken: registration.ASToken, HSToken: registration.HSToken,
		PublicURL: settings.PublicURL, Language: language, Zone: settings.Zone(), Federation: federationOf(settings),
		Sync: appservice.SyncMode(settings.Homeserver.Sync), LinkTTL: settings.Web.LinkTTL, AuditKeep: settings.Privacy.AuditKeep, RootCAs: roots, Vault: key, Reader: readFile,
		Limits: appservice.Limits{
			Commands: perMinute(settings.Limits.CommandsPerMinute), RoomCommands: perMinute(settings.Limits.RoomCommandsPerMinute),
			Links: pace.Limit{Most: int(settings.Limits.LinksPerHour), Per: time.Hour}, UploadBytes: settings.Limits.UploadBytes,
		},
	}, db, bots.New(), hub, metrics, log)
	if err != nil {
		return err
	}
	sessions.Serve(matrix)
	hub.Serve(matrix)
	built, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return err
	}
	page, err := api.NewPage(built, settings.Web.FrameAncestors)
	if err != nil {
		return err
	}

	if err := noteStart(ctx, db, settings, registration); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", settings.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	group, running := errgroup.WithContext(ctx)
	if settings.Operations.Listen != "" {
		private, err := net.Listen("tcp", settings.Operations.Listen)
		if err != nil {
			return fmt.Errorf("operations.listen: %w", errors.Join(err, listener.Close()))
		}
		group.Go(func() error {
			return serveOperations(running, private, operations{Gatherer: metrics, Ready: db.Ping, Operator: operatorHandler(registration.ASToken, matrix.Erase, log), Log: log})
		})
	}
	router := newRouter(matrix.Intake(), &api.API{
		Sessions: sessions, Live: hub, Files: matrix, Pictures: matrix, Versions: matrix, Page: page, Calendars: matrix, Language: language, PublicURL: settings.PublicURL, Log: log,
		Rooms: matrix, History: db, Reader: readFile,
	}, registration.HSToken)
	group.Go(func() error { return servePublic(running, listener, router, hub) })
	group.Go(func() error { return matrix.Run(running) })
	group.Go(func() error {
		select {
		case <-db.Lost():
			return store.ErrInUse
		case <-running.Done():
			return nil
		}
	})
	log.Info().Str("listen", settings.Listen).Str("public_url", settings.PublicURL).Stringer("bot", matrix.Bot()).Msg("Werkraum is running")
	err = group.Wait()
	noteStop(ctx, db, log)
	log.Info().Msg("Werkraum has stopped")
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func perMinute(n int64) pace.Limit { return pace.Limit{Most: int(n), Per: time.Minute} }

func newRouter(intake *appservice.Intake, page *api.API, hsToken string) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(gin.CustomRecoveryWithWriter(io.Discard, func(c *gin.Context, _ any) {
		// The stack, and not the value, which may hold what somebody wrote.
		page.Log.Error().Str("path", c.FullPath()).Bytes("stack", debug.Stack()).Msg("A request handler panicked")
		c.AbortWithStatus(http.StatusInternalServerError)
	}))
	matrix := router.Group("/_matrix/app/v1")
	matrix.PUT("/transactions/:txnId", gin.WrapF(intake.Transaction))
	matrix.POST("/ping", gin.WrapF(intake.Ping))
	matrix.GET("/users/:userId", gin.WrapF(intake.Unknown))
	matrix.GET("/rooms/:roomAlias", gin.WrapF(intake.Unknown))
	router.GET(identityPath, gin.WrapH(identityHandler(hsToken)))
	page.Mount(router)
	return router
}

// servePublic serves until ctx ends. Then pages are told, and what is being
// answered is finished.
func servePublic(ctx context.Context, listener net.Listener, handler http.Handler, hub *live.Hub) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second, // sockets lift this and the next when they are taken over
		WriteTimeout:      90 * time.Second, // of which the slowest answer takes half: a homeserver is asked
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		var told sync.WaitGroup
		told.Go(func() { hub.Stop(deadline) })
		err := server.Shutdown(deadline)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close() // whoever is so slow asks again
		}
		told.Wait()
		stopped <- err
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}

func newLog(settings config.Log) zerolog.Logger {
	level, err := zerolog.ParseLevel(settings.Level)
	if err != nil {
		level = zerolog.InfoLevel
	}
	var out io.Writer = os.Stderr
	if settings.Format == "console" {
		out = zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: time.DateTime}
	}
	return zerolog.New(out).Level(level).With().Timestamp().Logger()
}
