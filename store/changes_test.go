package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
)

func seqs(list []workspace.Commit) []int64 {
	var numbers []int64
	for _, c := range list {
		numbers = append(numbers, c.Seq)
	}
	return numbers
}

func TestLogOfChanges(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		whole := commit(3, "ganz", mia)
		whole.Change.Via, whole.Change.Undoes = workspace.ViaCommand, "zweite"
		whole.Change.At = workspace.Stamp{Time: 1<<64 - 1, Origin: bot}
		whole.Won = []workspace.Op{
			{Item: "a", Kind: "card", Set: map[string]workspace.Value{"title": workspace.String("\x00🙂 \u202e \xc3\xa4"), "due": {}, "deleted": workspace.Bool(false)}},
			{Item: "b", Kind: "column", Set: map[string]workspace.Value{"n": workspace.Int(1<<53 - 1)}},
		}
		whole.Before = []workspace.Op{{Item: "b", Kind: "column", Set: map[string]workspace.Value{"n": {}}}}
		whole.Fresh = []workspace.Key{{Kind: "card", ID: "a"}}
		put(t, s, &store.Batch{Room: row(room), Commits: []workspace.Commit{commit(1, "erste", anna), commit(2, "zweite", mia), whole}})
		put(t, s, &store.Batch{Room: row(other), Commits: []workspace.Commit{commit(1, "erste", mia)}}) // IDs are per room

		same(t, "commit", ok[workspace.Commit](t)(s.CommitOf(ctx, room, "ganz")), whole)
		same(t, "after 0", seqs(ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, room, 0, 10))), []int64{1, 2, 3})
		same(t, "after 1, one", seqs(ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, room, 1, 1))), []int64{2})
		same(t, "after the last", len(ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, room, 3, 10))), 0)
		same(t, "place", ok[map[workspace.ChangeID]int64](t)(s.SeqsOf(ctx, room, []workspace.ChangeID{"zweite", "niemals"}))["zweite"], int64(2))
		same(t, "place elsewhere", ok[map[workspace.ChangeID]int64](t)(s.SeqsOf(ctx, other, []workspace.ChangeID{"zweite", "niemals"}))["zweite"], int64(0))
		same(t, "by whom elsewhere", ok[workspace.Commit](t)(s.CommitOf(ctx, other, "erste")).Change.By, mia)
		if _, err := s.CommitOf(ctx, other, "zweite"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("commit of another room: got error %v, want ErrNotFound", err)
		}
	})
}

// The log must come in order also beyond nine, where texts and numbers differ.
func TestCommitsComeInOrder(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		var want []int64
		b := &store.Batch{Room: row(room)}
		for n := int64(120); n > 0; n-- {
			b.Commits = append(b.Commits, commit(n, workspace.ChangeID(fmt.Sprint("c", n)), anna))
		}
		for n := range int64(120) {
			want = append(want, n+1)
		}
		put(t, s, b)
		same(t, "log", seqs(ok[[]workspace.Commit](t)(s.CommitsAfter(t.Context(), room, 0, 1000))), want)
	})
}

func TestLastOfAndUndoMarks(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		last := func(user id.UserID) workspace.ChangeID {
			t.Helper()
			c, err := s.LastOf(ctx, room, user)
			if errors.Is(err, store.ErrNotFound) {
				return ""
			}
			return ok[workspace.Commit](t)(c, err).Change.ID
		}
		same(t, "nobody has done anything", last(anna), "")
		byBot := commit(4, "buchhaltung", anna)
		byBot.Change.Via = workspace.ViaBot
		put(t, s, &store.Batch{Room: row(room), Commits: []workspace.Commit{commit(1, "a1", anna), commit(2, "m1", mia), commit(3, "a2", anna), byBot}})
		put(t, s, &store.Batch{Room: row(other), Commits: []workspace.Commit{commit(9, "a3", anna)}})
		same(t, "Anna's", last(anna), "a2")
		same(t, "Mia's", last(mia), "m1")

		undo := commit(5, "zurück", anna)
		undo.Change.Undoes = "a2"
		put(t, s, &store.Batch{Room: row(room), Commits: []workspace.Commit{undo}, Undone: []workspace.ChangeID{"a2"}})
		same(t, "Anna's after an undo", last(anna), "a1") // neither the undone one nor the undo
		put(t, s, &store.Batch{Room: row(room), Undone: []workspace.ChangeID{"a1"}})
		same(t, "Anna's after all", last(anna), "")
		same(t, "Mia's after all", last(mia), "m1")
		if c := ok[workspace.Commit](t)(s.LastOf(ctx, other, anna)); c.Change.ID != "a3" {
			t.Errorf("an undo in one room has marked %q of another", c.Change.ID)
		}
		// An undone change stays in the log.
		same(t, "place", ok[map[workspace.ChangeID]int64](t)(s.SeqsOf(ctx, room, []workspace.ChangeID{"a2", "niemals"}))["a2"], int64(3))
	})
}

func TestCommentsLatestOldestFirst(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		b := &store.Batch{Room: row(room)}
		for n, minutes := range []int{3, 1, 2, 2} {
			b.Comments = append(b.Comments, store.Comment{Event: id.EventID(fmt.Sprint("$", n)), Card: "karte", By: anna, Body: "x", At: noon.Add(time.Duration(minutes) * time.Minute)})
		}
		b.Comments = append(b.Comments, store.Comment{Event: "$andere", Card: "andere", By: anna, At: noon})
		put(t, s, b)
		events := func(limit int) (list []id.EventID) {
			for _, c := range ok[[]store.Comment](t)(s.Comments(ctx, room, "karte", limit)) {
				list = append(list, c.Event)
			}
			return list
		}
		same(t, "all", events(10), []id.EventID{"$1", "$2", "$3", "$0"})
		same(t, "the last two", events(2), []id.EventID{"$3", "$0"})
		// An edited message changes what was said, not when.
		put(t, s, &store.Batch{Room: row(room), Comments: []store.Comment{{Event: "$0", Card: "andere", By: mia, Body: "neu", At: noon}}})
		want := b.Comments[0]
		want.Body = "neu"
		same(t, "edited", ok[store.Comment](t)(s.CommentBy(ctx, room, "$0")), want)
		same(t, "counts", ok[*store.Loaded](t)(s.Load(ctx, room)).Comments, map[workspace.ItemID]int{"karte": 4, "andere": 1})
		if _, err := s.CommentBy(ctx, other, "$0"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("comment of another room: got error %v, want ErrNotFound", err)
		}
	})
}
