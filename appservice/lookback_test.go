package appservice

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"werkraum/bots"
	"werkraum/workspace/board"
)

// Of what the homeserver forgets to push nothing is lost, nothing is done twice, and nothing
// that was said before anybody looked is dug up.
func TestLookBackFindsWhatWasNotPushed(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	started := time.Now()
	if err := s.store.SetLookBackSince(t.Context(), started); err != nil {
		t.Fatal(err)
	}
	// The room's history as the homeserver has it, oldest first; it is asked for from the end.
	var history []map[string]any
	say := func(event, text string, at time.Time) map[string]any {
		e := message(event, anna, text, nil)
		e["unsigned"] = map[string]any{"age": time.Since(at).Milliseconds()}
		history = append(history, e)
		return e
	}
	for n := range 30 {
		say(fmt.Sprintf("$old%d", n), fmt.Sprintf("!karte neu Von früher %d", n), started.Add(-time.Minute))
	}
	pushed := say("$pushed", "!karte neu Gemeldet", started.Add(time.Millisecond))
	for n := range 150 { // more than a page
		say(fmt.Sprintf("$lost%d", n), fmt.Sprintf("!karte neu Nicht gemeldet %d", n), started.Add(time.Millisecond))
	}
	say("$talk", "Es wird geredet", started.Add(time.Millisecond))
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/joined_rooms"):
			_, _ = w.Write(rawJSON(map[string]any{"joined_rooms": []any{room}}))
		case strings.HasSuffix(r.URL.Path, "/messages") && r.URL.Query().Get("filter") == lookBackFilter:
			end := len(history)
			if from := r.URL.Query().Get("from"); from != "" {
				end, _ = strconv.Atoi(from)
			}
			limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			var chunk []json.RawMessage
			for n := end - 1; n >= max(0, end-limit); n-- {
				e := maps.Clone(history[n])
				delete(e, "room_id")
				chunk = append(chunk, rawJSON(e))
			}
			_, _ = w.Write(rawJSON(map[string]any{"chunk": chunk, "end": strconv.Itoa(max(0, end-limit))}))
		default:
			return false
		}
		return true
	})
	s.deliver(pushed)
	await(t, "the card that was pushed", func() bool { return s.cards() == 1 && s.empty() })
	for range 2 { // the second time there is nothing new
		if err := s.lookBack(t.Context()); err != nil {
			t.Fatal(err)
		}
		await(t, "all of it to be handled", s.empty)
		if n := s.cards(); n != 151 {
			t.Errorf("there are %d cards, want 151", n)
		}
	}
	if n := s.intake.settled(); n != 2 {
		t.Errorf("%d deliveries were made, want the pushed one and what was lost", n)
	}
}

// A clock that was ahead and is set right again leaves no hole in what is looked at.
func TestLookBackAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.start()
	s.act(board.AddColumn{Column: "spalte", Title: "Offen"})
	if err := s.store.SetLookBackSince(t.Context(), time.Now().Add(20*time.Hour)); err != nil {
		t.Fatal(err)
	}
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/joined_rooms"):
			_, _ = w.Write(rawJSON(map[string]any{"joined_rooms": []any{room}}))
		case strings.HasSuffix(r.URL.Path, "/messages") && r.URL.Query().Get("filter") == lookBackFilter:
			lost := message("$lost", anna, "!karte neu Nicht gemeldet", nil)
			lost["unsigned"] = map[string]any{"age": 10_000}
			old := message("$old", anna, "!karte neu Von früher", nil)
			old["unsigned"] = map[string]any{"age": 2 * overlap.Milliseconds()}
			_, _ = w.Write(rawJSON(map[string]any{"chunk": []any{lost, old}}))
		default:
			return false
		}
		return true
	})
	if err := s.lookBack(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, "all of it to be handled", s.empty)
	if n := s.cards(); n != 1 {
		t.Errorf("there are %d cards, want the one of the message that was not pushed", n)
	}
}
