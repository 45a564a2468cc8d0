package store_test

import (
	"fmt"
	"math"
	"testing"

	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
)

var theCard = workspace.Key{Kind: "card", ID: "karte"}

// changes lists the IDs of commits.
func changes(commits []workspace.Commit) (list []workspace.ChangeID) {
	for _, c := range commits {
		list = append(list, c.Change.ID)
	}
	return list
}

func TestHistoryOfAnItemIsReadFromTheEnd(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address)
		b := &store.Batch{Room: row(room), Now: noon}
		for n := range int64(6) {
			b.Commits = append(b.Commits, commit(n+1, workspace.ChangeID(fmt.Sprint("c", n+1)), anna))
			if n != 3 { // that one tells nothing
				b.Past = append(b.Past, store.Past{Key: theCard, Seq: n + 1})
			}
		}
		b.Past = append(b.Past, store.Past{Key: workspace.Key{Kind: "card", ID: "andere"}, Seq: 2})
		put(t, s, b)
		put(t, s, &store.Batch{Room: row(other), Now: noon, Commits: []workspace.Commit{commit(9, "woanders", anna)}, Past: []store.Past{{Key: theCard, Seq: 9}}})

		history := func(before int64, limit int) []workspace.ChangeID {
			return changes(ok[[]workspace.Commit](t)(s.History(t.Context(), room, theCard, before, limit)))
		}
		same(t, "the newest", history(math.MaxInt64, 2), []workspace.ChangeID{"c6", "c5"})
		same(t, "what is older", history(5, 10), []workspace.ChangeID{"c3", "c2", "c1"})
		same(t, "another card", changes(ok[[]workspace.Commit](t)(s.History(t.Context(), room, workspace.Key{Kind: "card", ID: "andere"}, 99, 10))), []workspace.ChangeID{"c2"})
		whole := ok[[]workspace.Commit](t)(s.History(t.Context(), room, theCard, math.MaxInt64, 1))[0]
		same(t, "what it holds", whole, commit(6, "c6", anna))

		// The room's retention ends it, and a new room takes it along.
		put(t, s, &store.Batch{Room: row(room), Now: noon, ForgetLog: 2})
		same(t, "after the log was ended", history(math.MaxInt64, 10), []workspace.ChangeID{"c6", "c5", "c3"})
		same(t, "what is noted of it", ask(t, address, `SELECT CAST(COUNT(*) AS TEXT) FROM change_items WHERE seq <= 2`), []string{"0"})
		if err := s.MoveRoom(t.Context(), room, "!neu:x"); err != nil {
			t.Fatal(err)
		}
		same(t, "in the new room", changes(ok[[]workspace.Commit](t)(s.History(t.Context(), "!neu:x", theCard, math.MaxInt64, 1))), []workspace.ChangeID{"c6"})
	})
}

// A log that an earlier version has written is gone through once, sealed or not; doing
// it again, as after a crash, changes nothing.
func TestEarlierLogIsNoted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		s := openWith(t, address, key(t, vault.NewLine()), true)
		t.Cleanup(func() { closed(t, s) })
		b := &store.Batch{Room: row(room), Now: noon}
		const all = 1203 // more than a page of the log
		for n := range int64(all) {
			b.Commits = append(b.Commits, commit(n+1, workspace.ChangeID(fmt.Sprint("c", n+1)), anna))
		}
		put(t, s, b)
		for range 2 {
			err := s.NoteHistory(t.Context(), room, func(op workspace.Op) bool {
				title, _ := op.Set["title"].Text()
				return title != "c7"
			})
			if err != nil {
				t.Fatal(err)
			}
			same(t, "noted", len(ok[[]workspace.Commit](t)(s.History(t.Context(), room, theCard, math.MaxInt64, 2*all))), all-1)
		}
		same(t, "around what tells nothing", changes(ok[[]workspace.Commit](t)(s.History(t.Context(), room, theCard, 9, 2))), []workspace.ChangeID{"c8", "c6"})
	})
}
