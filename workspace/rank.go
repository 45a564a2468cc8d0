package workspace

import (
	"errors"
	"strings"
)

// A rank is a text key that places an item in an order. Ranks compare byte by
// byte, equal ones are decided by item ID. Between any two different ranks
// there is room for another, so that placing an item does not rewrite its
// neighbours, until at one place some 3,000 were put (ErrCrowded); adding at
// either end lengthens keys only logarithmically.
//
// The form is that of David Greenspan's "Implementing Fractional Indexing": a
// head that tells how many digits the integer part has ('a' to 'z': 1 to 26,
// counting up; 'Z' to 'A': 1 to 26, counting down), those digits in base 62,
// then a fraction without trailing zeros.

const (
	rankDigits  = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	firstRank   = "a0"
	maxRankSize = 512
)

var errRank = errors.New("rank is not well-formed")

// ErrCrowded tells that between two ranks there is none that is short enough:
// about every sixth insertion at one place makes ranks a byte longer.
var ErrCrowded = errors.New("ranks have grown to their limit")

// rankInteger returns the length of the integer part of rank, its head
// included, or 0 if rank has none.
func rankInteger(rank string) int {
	if rank == "" {
		return 0
	}
	var n int
	switch c := rank[0]; {
	case c >= 'a' && c <= 'z':
		n = int(c-'a') + 2
	case c >= 'A' && c <= 'Z':
		n = int('Z'-c) + 2
	default:
		return 0
	}
	if n > len(rank) {
		return 0
	}
	return n
}

// ValidRank reports whether rank has the form that RankBetween gives.
func ValidRank(rank string) bool {
	n := rankInteger(rank)
	if n == 0 || len(rank) > maxRankSize {
		return false
	}
	for i := 1; i < len(rank); i++ {
		if strings.IndexByte(rankDigits, rank[i]) < 0 {
			return false
		}
	}
	return len(rank) == n || rank[len(rank)-1] != '0'
}

// RankBetween returns a rank after `after` and before `before`; an empty one
// stands for that end. It fails if they are not well-formed or not in order,
// and with ErrCrowded.
func RankBetween(after, before string) (string, error) {
	rank, err := rankBetween(after, before)
	if err == nil && len(rank) > maxRankSize {
		return "", ErrCrowded
	}
	return rank, err
}

// RanksBetween returns n ranks in order between two, as RankBetween does, of
// about equal length.
func RanksBetween(after, before string, n int) ([]string, error) {
	ranks := make([]string, n)
	if before == "" { // at the end each needs no more room than the last
		for i := range ranks {
			var err error
			if after, err = RankBetween(after, ""); err != nil {
				return nil, err
			}
			ranks[i] = after
		}
		return ranks, nil
	}
	return ranks, halve(ranks, after, before)
}

// halve fills ranks from the middle.
func halve(ranks []string, after, before string) (err error) {
	if len(ranks) == 0 {
		return nil
	}
	m := len(ranks) / 2
	if ranks[m], err = RankBetween(after, before); err != nil {
		return err
	}
	if err := halve(ranks[:m], after, ranks[m]); err != nil {
		return err
	}
	return halve(ranks[m+1:], ranks[m], before)
}

func rankBetween(after, before string) (string, error) {
	if (after != "" && !ValidRank(after)) || (before != "" && !ValidRank(before)) {
		return "", errRank
	}
	if after != "" && before != "" && after >= before {
		return "", errors.New("ranks are not in order")
	}
	switch {
	case after == "" && before == "":
		return firstRank, nil
	case after == "":
		n := rankInteger(before)
		whole, fraction := before[:n], before[n:]
		if fraction != "" {
			return whole, nil // shorter and smaller
		}
		if less, ok := stepRank(whole, -1); ok {
			return less, nil
		}
		return "", errRank // 62^26 items before: cannot happen by use
	case before == "":
		n := rankInteger(after)
		whole, fraction := after[:n], after[n:]
		if more, ok := stepRank(whole, +1); ok {
			return more, nil
		}
		return whole + midFraction(fraction, ""), nil
	}
	na, nb := rankInteger(after), rankInteger(before)
	if after[:na] == before[:nb] {
		return after[:na] + midFraction(after[na:], before[nb:]), nil
	}
	if more, ok := stepRank(after[:na], +1); ok && more < before {
		return more, nil
	}
	return after[:na] + midFraction(after[na:], ""), nil
}

// stepRank adds step (+1 or -1) to an integer part; false means that there is
// no further one.
func stepRank(whole string, step int) (string, bool) {
	digits := []byte(whole[1:])
	last := len(rankDigits) - 1
	for i := len(digits) - 1; i >= 0; i-- {
		d := strings.IndexByte(rankDigits, digits[i]) + step
		if d >= 0 && d <= last {
			digits[i] = rankDigits[d]
			return whole[:1] + string(digits), true
		}
		digits[i] = rankDigits[(d+last+1)%(last+1)]
	}
	head := whole[0]
	switch {
	case (step > 0 && head == 'z') || (step < 0 && head == 'A'):
		return "", false
	case step > 0 && head == 'Z':
		return firstRank, true
	case step < 0 && head == 'a':
		return "Zz", true
	}
	if step > 0 {
		head++
	} else {
		head--
	}
	// Above 'a' keys grow as they count up, below 'Z' as they count down.
	n := rankInteger(string(head)+strings.Repeat("0", 26)) - 1
	fill := rankDigits[:1]
	if step < 0 {
		fill = rankDigits[last:]
	}
	return string(head) + strings.Repeat(fill, n), true
}

// midFraction returns a fraction between a and b, where an empty b is one.
// Neither has trailing zeros and a < b.
func midFraction(a, b string) string {
	if b != "" {
		// Keep what they share; a is as if followed by zeros.
		n := 0
		for n < len(b) && digitAt(a, n) == b[n] {
			n++
		}
		if n > 0 {
			return b[:n] + midFraction(a[min(n, len(a)):], b[n:])
		}
	}
	low := strings.IndexByte(rankDigits, digitAt(a, 0))
	high := len(rankDigits)
	if b != "" {
		high = strings.IndexByte(rankDigits, b[0])
	}
	if high-low > 1 {
		return rankDigits[(low+high)/2 : (low+high)/2+1]
	}
	if len(b) > 1 {
		return b[:1]
	}
	return rankDigits[low:low+1] + midFraction(a[min(1, len(a)):], "")
}

func digitAt(fraction string, i int) byte {
	if i < len(fraction) {
		return fraction[i]
	}
	return rankDigits[0]
}
