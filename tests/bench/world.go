package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/tests/program"
	"werkraum/widgets/session"
	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/surfaces"
)

const (
	serverName = "bench.example"
	room       = id.RoomID("!bench:" + serverName)
	people     = 201 // one who changes, two hundred who look on
)

func person(n int) id.UserID { return id.NewUserID("person"+strconv.Itoa(n), serverName) }

// token is the session of a person; the store knows its hash.
func token(n int) string { return "session-of-" + strconv.Itoa(n) }

// seed fills a database with the room and a board of that many cards, through
// the same pipeline as everything else.
func (b *bench) seed(ctx context.Context, url string, cards int) error {
	return b.seedDrawn(ctx, url, cards, 0)
}

// seedDrawn is seed with a whiteboard of that many elements.
func (b *bench) seedDrawn(ctx context.Context, url string, cards, elements int) error {
	db, err := store.Open(ctx, url, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // everything is stored by then
	bot := id.NewUserID("werkraum", serverName)
	r := workspace.NewRoom(room, string(bot), 0)
	surfaces.Furnish(r)
	made := board.In(r)
	now := time.Now()
	batch := &store.Batch{Members: map[id.UserID]workspace.Member{}, Now: now}
	for n := range people {
		m := workspace.Member{Membership: workspace.Joined, Name: fmt.Sprintf("Person %d", n)}
		r.Members[person(n)], batch.Members[person(n)] = m, m
		if err := db.PutSession(ctx, store.Session{Hash: session.Key(fmt.Sprintf("http://127.0.0.1:%d", b.ports[0]), token(n)), User: person(n), Room: room, Expires: now.Add(time.Hour)}); err != nil {
			return err
		}
	}
	apply := func(n int, ops []workspace.Op) error {
		c, err := r.Apply(workspace.Proposal{ID: workspace.ChangeID("seed." + strconv.Itoa(n)), By: person(0), Deeds: []workspace.Deed{"card.edit"}, Via: workspace.ViaWidget, Ops: ops}, now)
		batch.Commits = append(batch.Commits, c)
		return err
	}
	if err := apply(0, made.Furnish(workspace.German)); err != nil {
		return err
	}
	columns := made.Columns()
	for n := 1; n <= cards; n++ {
		ops, err := card(n, columns).Ops(made, person(0), now)
		if err != nil {
			return err
		}
		if err := apply(n, ops); err != nil {
			return err
		}
	}
	if elements > 0 {
		if err := drawOn(r, elements, func(ops []workspace.Op) error { return apply(len(batch.Commits), ops) }); err != nil {
			return err
		}
	}
	for it := range r.Items {
		batch.Items = append(batch.Items, it)
	}
	batch.Room = store.Room{ID: room, Joined: true, Seq: r.Seq, Published: r.Seq, Clock: r.ClockTime(), Info: store.RoomInfo{
		Name: "Bench", Language: workspace.German, Greeted: true, Widget: true, Layout: true, Noted: true,
	}}
	return db.Commit(ctx, batch)
}

// card is a card as people write them.
func card(n int, columns []*workspace.Item) board.AddCard {
	a := board.AddCard{
		Card: workspace.ItemID("card" + strconv.Itoa(n)), Title: fmt.Sprintf("Angebot Nummer %d für die Ausstattung einholen", n),
		Column: columns[n%len(columns)].ID, Labels: []string{"vergabe"}, Assignees: []id.UserID{person(n % 10)},
	}
	if n%2 == 0 {
		a.Due = "2026-12-24"
	}
	if n%4 == 0 {
		a.Description = "Drei Angebote vergleichen, Rahmenvertrag des Landes prüfen und das Ergebnis hier festhalten."
	}
	return a
}

// start runs the program on a database.
func (b *bench) start(ctx context.Context, name, url string) (*program.Program, error) {
	p, err := b.configure(name, url)
	if err != nil {
		return nil, err
	}
	return p, p.Start(ctx)
}

func (b *bench) configure(name, url string) (*program.Program, error) {
	dir := filepath.Join(b.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return program.New(program.Settings{
		Binary: b.binary, Dir: dir, Localpart: "werkraum", Port: b.ports[0], OperationsPort: b.ports[1],
		HomeserverURL: b.matrix, ServerName: serverName, Database: url,
		More: map[string]map[string]any{"log": {"level": "warn"}, "limits": {
			"commands_per_minute": 1_000_000, "room_commands_per_minute": 1_000_000, "changes_per_minute": 1_000_000, "room_changes_per_minute": 1_000_000, "sign_ins_per_minute": 1_000_000}},
	})
}
