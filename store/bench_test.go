package store_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
)

func eachDatabase(b *testing.B, run func(b *testing.B, s *store.Store)) {
	b.Helper()
	for _, seal := range []bool{false, true} {
		ready := func(b *testing.B, url string) *store.Store {
			b.Helper()
			s := open(b, url)
			if err := s.UseKey(b.Context(), key(b, vault.NewLine()), seal); err != nil {
				b.Fatal(err)
			}
			return s
		}
		b.Run(fmt.Sprintf("SQLite/sealed=%t", seal), func(b *testing.B) { run(b, ready(b, freshSQLite(b))) })
		b.Run(fmt.Sprintf("PostgreSQL/sealed=%t", seal), func(b *testing.B) { run(b, ready(b, freshPostgres(b))) })
	}
}

// fields are those of a usual card, about 600 bytes as they are stored.
func fields(n int) []workspace.Field {
	at := stamp(uint64(n))
	return []workspace.Field{
		{Name: "assignee/" + string(anna), Value: workspace.Bool(true), At: at},
		{Name: "column", Value: workspace.String("aaaaaaaaaaaaaaaaaaaa"), At: at},
		{Name: "created", Value: workspace.String("2026-09-21T12:00:00Z"), At: at},
		{Name: "created_by", Value: workspace.String(string(anna)), At: at},
		{Name: "due", Value: workspace.String("2026-10-01"), At: at},
		{Name: "label/vergabe", Value: workspace.Bool(true), At: at},
		{Name: "number", Value: workspace.String(fmt.Sprint(n)), At: at},
		{Name: "rank", Value: workspace.String(fmt.Sprintf("%08d", n)), At: at},
		{Name: "title", Value: workspace.String("Angebot für die neuen Fenster einholen"), At: at},
	}
}

// BenchmarkCommit stores one card with its change, as each act of a person
// does. SQLite is as durable as in production; PostgreSQL does not flush here.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			eachDatabase(b, func(b *testing.B, s *store.Store) {
				var next atomic.Int64
				work := make(chan struct{}, writers)
				failed := make(chan error, writers)
				for w := range writers {
					go func() {
						name := id.RoomID(fmt.Sprintf("!%d:amt.example", w))
						for range work {
							n := next.Add(1)
							it := &workspace.Item{Key: workspace.Key{Kind: "card", ID: workspace.ItemID(fmt.Sprint("c", n))}, Seq: n, Fields: fields(int(n))}
							err := s.Commit(b.Context(), &store.Batch{
								Now: noon, Room: store.Room{ID: name, Joined: true, Seq: n}, Items: []*workspace.Item{it},
								Past:    []store.Past{{Key: it.Key, Seq: n}},
								Commits: []workspace.Commit{commit(n, workspace.ChangeID(fmt.Sprint("change", n)), anna)},
							})
							if err != nil {
								failed <- err
								return
							}
						}
						failed <- nil
					}()
				}
				for b.Loop() {
					work <- struct{}{}
				}
				close(work)
				for range writers {
					if err := <-failed; err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func BenchmarkLoad10000Cards(b *testing.B) {
	eachDatabase(b, func(b *testing.B, s *store.Store) {
		batch := &store.Batch{Room: row(room)}
		for n := range 10_000 {
			batch.Items = append(batch.Items, &workspace.Item{Key: workspace.Key{Kind: "card", ID: workspace.ItemID(fmt.Sprint("c", n))}, Seq: 1, Fields: fields(n)})
		}
		put(b, s, batch)
		b.ReportAllocs()
		for b.Loop() {
			if l, err := s.Load(b.Context(), room); err != nil || len(l.Items) != 10_000 {
				b.Fatalf("%v, error %v", l, err)
			}
		}
	})
}

// BenchmarkDelivery makes a transaction of 100 events durable, about 33 KB.
func BenchmarkDelivery(b *testing.B) {
	body := []byte(`{"events":[` + strings.Repeat(`{"type":"m.room.message","content":{"body":"`+strings.Repeat("Wort ", 54)+`"}},`, 99) + `{}]}`)
	eachDatabase(b, func(b *testing.B, s *store.Store) {
		b.ReportAllocs()
		for n := int64(1); b.Loop(); n++ {
			if err := s.PutDelivery(b.Context(), store.Delivery{ID: n, Source: store.FromTransaction, Received: noon, Body: body}, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
}
