package whiteboard

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"werkraum/workspace"
)

// large is a whiteboard with 20,000 elements, as they are where people write notes.
func large(b *testing.B) *stage {
	b.Helper()
	s := setStage(&testing.T{})
	var ops []workspace.Op
	for i := range 20_000 {
		e, err := ParseElement(element(fmt.Sprint("e", i), 1, map[string]any{"x": i, "y": i * 7, "seed": i * 7919}))
		if err != nil {
			b.Fatal(err)
		}
		ops = append(ops, *s.drawn(wb, e, nil))
	}
	if _, err := s.room.Apply(workspace.Proposal{ID: "viel", Via: workspace.ViaBot, Ops: ops}, noon); err != nil {
		b.Fatal(err)
	}
	return s
}

// What a room waits for while a state is kept (noting what lies there), and what it does not
// (packing that).
func BenchmarkKeep(b *testing.B) {
	s := large(b)
	b.Run("noting", func(b *testing.B) {
		for b.Loop() {
			s.Items(wb)
		}
	})
	b.Run("packing", func(b *testing.B) {
		items := s.Items(wb)
		size := 0
		for b.Loop() {
			packed, err := Pack(items)
			if err != nil {
				b.Fatal(err)
			}
			size = len(packed)
		}
		b.ReportMetric(float64(size)/1e6, "MB")
	})
	b.Run("looking whether it is due", func(b *testing.B) {
		ops := []workspace.Op{{Item: ItemID(wb, "e1"), Kind: KindElement}}
		for b.Loop() {
			s.Due(ops, noon.Add(time.Minute))
		}
	})
}

// Bringing back a state after everything was altered.
func BenchmarkRestore(b *testing.B) {
	s := large(b)
	packed, err := Pack(s.Items(wb))
	if err != nil {
		b.Fatal(err)
	}
	op, _ := s.Keep(wb, "stand", noon)
	s.at(noon, op)
	for i := range 20_000 {
		ops, err := Draw{Whiteboard: wb, Elements: []json.RawMessage{element(fmt.Sprint("e", i), 2, map[string]any{"x": -i})}}.Ops(s.room, anna, noon)
		if err != nil {
			b.Fatal(err)
		}
		s.at(noon, ops...)
	}
	var ops []workspace.Op
	b.Run("reading", func(b *testing.B) {
		for b.Loop() {
			elements, err := Packed(packed)
			if err != nil {
				b.Fatal(err)
			}
			if ops, err = (Restore{Whiteboard: wb, Version: "stand"}).With(elements).Ops(s.room, anna, noon); err != nil || len(ops) != 20_000 {
				b.Fatal(len(ops), err)
			}
		}
	})
	b.Run("checking", func(b *testing.B) {
		for b.Loop() {
			for _, op := range ops {
				if err := s.Check(op); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
