package workspace

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Stamp is a hybrid logical clock reading: it orders all changes of all
// servers in a room. Time is Unix milliseconds shifted left by 16 bits, the
// low bits count changes within one millisecond. Origin is the user ID of the
// Werkraum bot that stamped the change and decides ties.
type Stamp struct {
	Time   uint64
	Origin string
}

const stampDigits = 16

// Compare orders stamps by time, then by origin.
func (s Stamp) Compare(o Stamp) int {
	switch {
	case s.Time < o.Time:
		return -1
	case s.Time > o.Time:
		return 1
	}
	return strings.Compare(s.Origin, o.Origin)
}

// IsZero reports whether s has never been set.
func (s Stamp) IsZero() bool { return s.Time == 0 && s.Origin == "" }

// Wall is the wall clock part of s, in UTC.
func (s Stamp) Wall() time.Time { return time.UnixMilli(int64(s.Time >> 16)).UTC() }

// String writes s as 16 hexadecimal digits, a hyphen and the origin, so that
// the texts sort as the stamps do. Event content carries no integer beyond
// 2^53, hence a text.
func (s Stamp) String() string { return fmt.Sprintf("%016x-%s", s.Time, s.Origin) }

// ParseStamp reads what String wrote.
func ParseStamp(text string) (Stamp, error) {
	if len(text) < stampDigits+2 || text[stampDigits] != '-' {
		return Stamp{}, fmt.Errorf("stamp of %d bytes has not the form time-origin", len(text))
	}
	t, err := strconv.ParseUint(text[:stampDigits], 16, 64)
	if err != nil || strings.ToLower(text[:stampDigits]) != text[:stampDigits] {
		return Stamp{}, fmt.Errorf("stamp's time is not 16 lower-case hexadecimal digits")
	}
	return Stamp{Time: t, Origin: text[stampDigits+1:]}, nil
}

// Clock hands out stamps of one origin that only ever grow, also when the
// machine's clock is set back. It belongs to one goroutine.
type Clock struct {
	origin string
	last   uint64
}

// NewClock returns a clock of origin that has already seen the time last.
func NewClock(origin string, last uint64) Clock { return Clock{origin: origin, last: last} }

// Now stamps a change made at wall time.
func (c *Clock) Now(wall time.Time) Stamp {
	t := uint64(max(wall.UnixMilli(), 0)) << 16
	if t <= c.last {
		t = c.last + 1
	}
	c.last = t
	return Stamp{Time: t, Origin: c.origin}
}

// Observe makes all later stamps greater than s.
func (c *Clock) Observe(s Stamp) { c.last = max(c.last, s.Time) }

// Last is the greatest time that the clock has given or seen.
func (c *Clock) Last() uint64 { return c.last }
