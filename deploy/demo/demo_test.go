package main

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"werkraum/deploy/homeserver"
)

func quiet() *printer { return &printer{w: io.Discard} }

func TestFolderOfSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	s := settings{dir: t.TempDir()}
	precious := filepath.Join(s.dir, "precious.txt")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openState(s, quiet()); err == nil || !strings.Contains(err.Error(), "DEMO_DIR") {
		t.Errorf("error = %v, want one that says what to do", err)
	}
	if _, err := os.Stat(precious); err != nil {
		t.Errorf("a file of somebody else's is gone: %v", err)
	}
}

func TestInterruptedDemoStartsAfresh(t *testing.T) {
	t.Parallel()
	s := settings{dir: filepath.Join(t.TempDir(), "demo"), offset: 10}
	if _, err := openState(s, quiet()); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(s.dir, "werkraum.db")
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := openState(s, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(half); err == nil {
		t.Error("what the interrupted start left is still there")
	}
	st.Complete, st.RoomID = true, "!room:amt"
	if err := st.save(); err != nil {
		t.Fatal(err)
	}
	again, err := openState(s, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if !again.Complete || again.RoomID != "!room:amt" {
		t.Errorf("state = %+v, want the complete one", again)
	}
	if _, err := openState(settings{dir: s.dir, offset: 20}, quiet()); err == nil || !strings.Contains(err.Error(), "DEMO_PORT_OFFSET=10") {
		t.Errorf("error = %v, want one that names the folder's offset", err)
	}
}

// What the story says about a card by its number must be about a card that exists by then.
func TestStoryRefersToCardsThatExist(t *testing.T) {
	t.Parallel()
	cards := 0
	for _, b := range story {
		if _, known := map[string]bool{anna: true, jonas: true, mia: true}[b.who]; !known {
			t.Errorf("%q is said by %q, who is not in the cast", b.text, b.who)
		}
		if strings.HasPrefix(b.text, "!karte neu ") || b.pin {
			cards++
			continue
		}
		number := b.comment + b.tick
		if words := strings.Fields(b.text); strings.HasPrefix(b.text, "!karte ") {
			number = words[2]
		}
		if number == "" {
			continue
		}
		if n, err := strconv.Atoi(number); err != nil || n < 1 || n > cards {
			t.Errorf("%s at %q speaks of card %q; there are %d", b.who, b.text, number, cards)
		}
	}
	if cards < 18 {
		t.Errorf("the story makes %d cards, want 18 or more", cards)
	}
}

func TestTableAlignsColumns(t *testing.T) {
	t.Parallel()
	got := strings.Join(table([][]string{{"wer", "Kürzel"}, {"Jürgen Groß", "jg"}}), "\n")
	want := "wer          Kürzel\n───────────  ──────\nJürgen Groß  jg"
	if got != want {
		t.Errorf("table =\n%s\nwant\n%s", got, want)
	}
}

func TestDatesAreWorkingDays(t *testing.T) {
	t.Parallel()
	saturday := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"fällig {0} #it":     "fällig 23.11.2026 #it", // from Saturday to Monday
		"fällig {-1}":        "fällig 20.11.2026",
		"fällig {13}":        "fällig 4.12.2026",
		"{1} und {2}, {so}!": "23.11.2026 und 23.11.2026, {so}!",
	} {
		if got := dated(text, saturday); got != want {
			t.Errorf("dated(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestTakenPortChangesNothing(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s := settings{dir: filepath.Join(t.TempDir(), "demo"), offset: listener.Addr().(*net.TCPAddr).Port - firstPort}
	err = run(t.Context(), s, quiet())
	if !errors.Is(err, homeserver.ErrPortTaken) || !strings.Contains(explain(err), "DEMO_PORT_OFFSET") {
		t.Errorf("error = %v, want a taken port and what to do", err)
	}
	if _, err := os.Stat(s.dir); err == nil {
		t.Error("the folder was made all the same")
	}
}
