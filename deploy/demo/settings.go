package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
)

// The demo uses six ports in a row.
const (
	firstPort = 18000
	lastPort  = 18005
	maxOffset = 65535 - lastPort
)

// settings say where things are.
type settings struct {
	dir    string // of this demo, absolute
	binary string // the werkraum that `make build` has built
	offset int
}

func readSettings() (settings, error) {
	root, err := homeserver.ProjectRoot()
	if err != nil {
		return settings{}, err
	}
	s := settings{dir: os.Getenv("DEMO_DIR"), binary: filepath.Join(root, "bin", "werkraum")}
	if s.dir == "" {
		s.dir = filepath.Join(root, ".demo")
	}
	if s.dir, err = filepath.Abs(s.dir); err != nil {
		return settings{}, fmt.Errorf("read DEMO_DIR: %w", err)
	}
	if text := os.Getenv("DEMO_PORT_OFFSET"); text != "" {
		s.offset, err = strconv.Atoi(text)
		if err != nil || s.offset < 0 || s.offset > maxOffset {
			return settings{}, fmt.Errorf("DEMO_PORT_OFFSET is %q: it must be a number from 0 to %d, best a multiple of 10", text, maxOffset)
		}
	}
	return s, nil
}

func (s settings) port(n int) int { return firstPort + n + s.offset }

func (s settings) werkraumPort() int          { return s.port(0) }
func (s settings) amtPort() int               { return s.port(1) }
func (s settings) amtFederationPort() int     { return s.port(2) }
func (s settings) partnerPort() int           { return s.port(3) }
func (s settings) partnerFederationPort() int { return s.port(4) }
func (s settings) operationsPort() int        { return s.port(5) }

// checkPorts says which of the demo's ports is taken, before anything is made or changed.
func (s settings) checkPorts() error {
	for n := range lastPort - firstPort + 1 {
		if err := homeserver.CheckPort(s.port(n)); err != nil {
			return err
		}
	}
	return nil
}

func (s settings) file(name string) string { return filepath.Join(s.dir, name) }

// state is what the next start has to know of this one.
type state struct {
	// Offset is the port offset that the folder was made with: the servers' names hold it.
	Offset int `json:"offset"`
	// Complete says that the example room is furnished.
	Complete bool `json:"complete"`
	// RoomID is the example room.
	RoomID id.RoomID `json:"room_id,omitempty"`
	// DirectRoomID is where the bot writes to Anna directly.
	DirectRoomID id.RoomID `json:"direct_room_id,omitempty"`

	path string
}

const stateFile = "state.json"

// openState reads what an earlier start left, and clears the folder when that one was
// interrupted before the example was complete: half a conversation convinces nobody.
func openState(s settings, out *printer) (*state, error) {
	st := &state{path: s.file(stateFile)}
	content, err := os.ReadFile(st.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if entries, err := os.ReadDir(s.dir); err == nil && len(entries) > 0 {
			return nil, fmt.Errorf("the folder %s is not empty and not a demo's: choose another one with DEMO_DIR", s.dir)
		}
	case err != nil:
		return nil, fmt.Errorf("read state of the demo: %w", err)
	default:
		if err := json.Unmarshal(content, st); err != nil {
			return nil, fmt.Errorf("read state of the demo in %s: %w", st.path, err)
		}
		if st.Offset != s.offset {
			return nil, fmt.Errorf("the demo in %s was made with DEMO_PORT_OFFSET=%d, which is part of its servers' names: use that, or another DEMO_DIR", s.dir, st.Offset)
		}
		if st.Complete {
			return st, nil
		}
		out.line("the last start was interrupted before the example was complete: starting afresh")
		if err := os.RemoveAll(s.dir); err != nil {
			return nil, fmt.Errorf("clear folder of the demo: %w", err)
		}
		st = &state{path: st.path}
	}
	st.Offset = s.offset
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, fmt.Errorf("make folder of the demo: %w", err)
	}
	return st, st.save()
}

func (st *state) save() error {
	content, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		return fmt.Errorf("encode state of the demo: %w", err)
	}
	if err := os.WriteFile(st.path, append(content, '\n'), 0o600); err != nil {
		return fmt.Errorf("save state of the demo: %w", err)
	}
	return nil
}
