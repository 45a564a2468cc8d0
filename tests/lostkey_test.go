package tests

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A key file that is lost for good takes the keys of encrypted rooms along, not the work:
// the bot gets a new device, says nothing in plain text, and goes on.
func TestLostKeyLosesNoWork(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		h := w.house(t, keyless)
		s := newSealedScene(t, h)
		s.anna.ask(s.room, "!karte neu Vor dem Verlust")
		if err := h.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		folder := filepath.Dir(h.Log)
		if err := os.Remove(filepath.Join(folder, "werkraum.key")); err != nil {
			t.Fatal(err)
		}
		if err := h.Start(t.Context()); err == nil || !strings.Contains(h.LogTail(1), "werkraum key forget") {
			t.Fatalf("without its key it starts (%v) and says: %s", err, h.LogTail(1))
		}
		forget := func() string {
			t.Helper()
			cmd := exec.CommandContext(t.Context(), shared.binary, "key", "forget", "--config", filepath.Join(folder, "werkraum.yaml"), "--lang", "en")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			return string(out)
		}
		if out := forget(); !strings.Contains(out, "The work of the rooms has stayed") {
			t.Errorf("it says: %s", out)
		}
		if out := forget(); !strings.Contains(out, "No key is missing") {
			t.Errorf("the second time it says: %s", out)
		}
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		// A client may not know the new device with its first message; the bot says so.
		until(t, "the new device to be known", func() error {
			asked := s.anna.say(s.room, "!karte liste")
			list := s.anna.hears(s.room, "the answer, or why there is none", func(m message) bool { return m.answers(s.anna, asked) })
			if !strings.Contains(list.Body, "Vor dem Verlust") {
				return fmt.Errorf("the bot says: %s", list.Body)
			}
			return nil
		})
		s.anna.ask(s.room, "!karte neu Nach dem Verlust")
		s.sealedThroughout(s.anna)
	})
}
