package store_test

import (
	"errors"
	"testing"

	"werkraum/store"
)

// Calendars of a room, of its boards and of all that is somebody's are replaced and ended
// each by itself; that of a room ends with those of its boards.
func TestFeedsEndByThemselves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address)
		feed := func(f store.Feed) {
			t.Helper()
			put(t, s, &store.Batch{Room: row(room), Feeds: []store.Feed{f}})
		}
		opens := func(when string, want ...string) {
			t.Helper()
			var got []string
			for _, hash := range []string{"own", "room", "newer", "board", "other", "annas"} {
				switch _, err := s.FeedBy(t.Context(), hash); {
				case err == nil:
					got = append(got, hash)
				case !errors.Is(err, store.ErrNotFound):
					t.Fatal(err)
				}
			}
			same(t, when, got, want)
		}
		for _, f := range []store.Feed{
			{Hash: "own", User: mia},
			{Hash: "room", User: mia, Room: room},
			{Hash: "board", User: mia, Room: room, Board: "sitzung"},
			{Hash: "other", User: mia, Room: room, Board: "main"},
			{Hash: "annas", User: anna, Room: room, Board: "sitzung"},
		} {
			feed(f)
		}
		opens("at first", "own", "room", "board", "other", "annas")
		feed(store.Feed{Hash: "newer", User: mia, Room: room})
		opens("with a newer one of the room", "own", "newer", "board", "other", "annas")
		feed(store.Feed{User: mia, Room: room, Board: "sitzung"})
		opens("without that of a board", "own", "newer", "other", "annas")
		feed(store.Feed{User: mia, Room: room})
		opens("without those of the room", "own", "annas")
	})
}
