package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/coder/websocket"

	"werkraum/tests/program"
)

// socket is a page's connection, bare: it counts bytes and decodes only what a
// measurement needs.
type socket struct {
	conn  *websocket.Conn
	bytes int
}

// message is the part of the server's messages that is measured.
type message struct {
	T    string `json:"t"`
	Page string `json:"page"`
	ID   string `json:"id"`
	More bool   `json:"more"`
	// People are those on a whiteboard who have moved.
	People []struct {
		Page string `json:"page"`
		Here struct {
			X float64 `json:"x"`
		} `json:"here"`
	} `json:"people"`
	Error *struct {
		Kind string `json:"kind"`
	} `json:"error"`
}

// open connects and says hello as person n.
func open(ctx context.Context, p *program.Program, n int) (*socket, error) {
	address := "ws" + strings.TrimPrefix(p.URL, "http") + "/api/v1/live"
	conn, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{Subprotocols: []string{"werkraum.v1"}}) //nolint:bodyclose // taken over
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(64 << 20)
	s := &socket{conn: conn}
	return s, s.send(ctx, map[string]any{"t": "hello", "session": token(n), "lang": "de"})
}

func (s *socket) send(ctx context.Context, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.conn.Write(ctx, websocket.MessageText, text)
}

func (s *socket) next(ctx context.Context) (m message, err error) {
	kind, raw, err := s.conn.Read(ctx)
	if err != nil {
		return m, err
	}
	s.bytes += len(raw)
	if kind == websocket.MessageBinary {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return m, err
		}
		if raw, err = io.ReadAll(z); err != nil {
			return m, err
		}
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, err
	}
	if m.T == "bye" || m.Error != nil {
		return m, fmt.Errorf("the server refused: %.200s", raw)
	}
	return m, nil
}

// await reads until a message of that kind comes that is the last of its kind.
func (s *socket) await(ctx context.Context, kind string) error {
	for {
		m, err := s.next(ctx)
		if err != nil {
			return err
		}
		if m.T == kind && !m.More {
			return nil
		}
	}
}

func (s *socket) close() { _ = s.conn.CloseNow() }
