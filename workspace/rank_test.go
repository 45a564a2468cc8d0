package workspace

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Placing items anywhere, again and again, keeps the order that people see.
func TestRankKeepsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var ranks []string
		for range rapid.IntRange(1, 200).Draw(t, "items") {
			at := rapid.IntRange(0, len(ranks)).Draw(t, "at")
			var after, before string
			if at > 0 {
				after = ranks[at-1]
			}
			if at < len(ranks) {
				before = ranks[at]
			}
			rank, err := RankBetween(after, before)
			if err != nil || !ValidRank(rank) {
				t.Fatalf("between %q and %q: %q, %v", after, before, rank, err)
			}
			ranks = slices.Insert(ranks, at, rank)
		}
		for i := 1; i < len(ranks); i++ {
			if ranks[i-1] >= ranks[i] {
				t.Fatalf("rank %d %q is not before %q", i-1, ranks[i-1], ranks[i])
			}
		}
	})
}

func TestRankStaysShortAtTheEnds(t *testing.T) {
	t.Parallel()
	first, last := "", ""
	for range 100_000 {
		var err error
		if last, err = RankBetween(last, ""); err != nil {
			t.Fatal(err)
		}
		if first, err = RankBetween("", first); err != nil {
			t.Fatal(err)
		}
	}
	if len(last) > 5 || len(first) > 5 {
		t.Errorf("after 100,000 items ranks have %d and %d bytes, want at most 5", len(first), len(last))
	}
}

// Many ranks at once are in order and about equally long, wherever they are.
func TestRanksBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ends := rapid.SampledFrom([][2]string{{"", ""}, {"a0", ""}, {"", "a0"}, {"a0", "a1"}, {"a0", "b00"}, {"a0V", "a0W"}, {"Zz", "a0"}, {"Yzz", "c000"}}).Draw(t, "ends")
		n := rapid.IntRange(0, 3000).Draw(t, "ranks")
		ranks, err := RanksBetween(ends[0], ends[1], n)
		if err != nil || len(ranks) != n {
			t.Fatalf("%d ranks, %v", len(ranks), err)
		}
		all := append([]string{ends[0]}, ranks...)
		if ends[1] != "" {
			all = append(all, ends[1])
		}
		for i, r := range all {
			if i > 0 && r <= all[i-1] || r != "" && !ValidRank(r) || len(r) > 10 {
				t.Fatalf("rank %d of %d between %q is %q", i, n, ends, r)
			}
		}
	})
	if ranks, err := RanksBetween("a1", "a0", 3); err == nil {
		t.Errorf("between ends in the wrong order: got %v", ranks)
	}
}

func TestRankIsNeverTooLong(t *testing.T) {
	t.Parallel()
	rank := "a1"
	for n := 0; ; n++ {
		longer, err := RankBetween("a0", rank)
		if errors.Is(err, ErrCrowded) && n > 2000 {
			break
		}
		if err != nil || !ValidRank(longer) {
			t.Fatalf("insertion %d: rank of %d bytes, %v", n, len(longer), err)
		}
		rank = longer
	}
	if _, err := RanksBetween("a0", rank, 5); !errors.Is(err, ErrCrowded) {
		t.Errorf("several where there is no room: got %v", err)
	}
}

func TestRankRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range [][2]string{{"a1", "a1"}, {"a2", "a1"}, {"0", ""}, {"", "a"}, {"a00", ""}, {"a0!", ""}, {"", "ä0"}} {
		if rank, err := RankBetween(bad[0], bad[1]); err == nil {
			t.Errorf("between %q and %q: got %q, want a refusal", bad[0], bad[1], rank)
		}
	}
}

func FuzzRankBetween(f *testing.F) {
	f.Add("a0", "a1")
	f.Add("Zz", "")
	f.Add("", "a0V")
	f.Fuzz(func(t *testing.T, a, b string) {
		rank, err := RankBetween(a, b)
		if err != nil {
			return
		}
		if (a != "" && rank <= a) || (b != "" && rank >= b) {
			t.Errorf("%q is not between %q and %q", rank, a, b)
		}
	})
}
