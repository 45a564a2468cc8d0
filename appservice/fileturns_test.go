package appservice

import (
	"context"
	"testing"
)

// Who takes all turns that one person has waits for more, and nobody else does.
func TestSlowReaderHoldsUpNobody(t *testing.T) {
	t.Parallel()
	turns := newFileTurns(filesAtOnce, filesOfEachOnce)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	var ends []func()
	for range filesOfEachOnce {
		end, err := turns.take(t.Context(), mia)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	if _, err := turns.take(over, mia); err == nil {
		t.Error("she has more turns than one person may have")
	}
	end, err := turns.take(t.Context(), anna)
	if err != nil {
		t.Fatal(err)
	}
	end()
	ends[0]()
	ends[0]() // twice is once
	if end, err = turns.take(t.Context(), mia); err != nil {
		t.Errorf("a turn that was given back is not to be had: %v", err)
	}
	for _, end := range append(ends, end) {
		end()
	}
	if len(turns.people) != 0 {
		t.Errorf("%d people are remembered who want nothing", len(turns.people))
	}
}
