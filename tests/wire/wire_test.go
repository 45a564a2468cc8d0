package wire_test

import (
	"bufio"
	"fmt"
	"net"
	"testing"
	"time"

	"werkraum/deploy/homeserver"
	"werkraum/tests/wire"
)

// echo answers each line with itself.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					_, _ = fmt.Fprintln(conn, lines.Text())
				}
				_ = conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

// What goes over the wire arrives while it is whole; broken it resets, silent it keeps.
func TestWire(t *testing.T) {
	t.Parallel()
	ports, err := homeserver.FreePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	w, err := wire.Open(ports[0], echo(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	dial := func() (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", ports[0]))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn, bufio.NewReader(conn)
	}
	conn, lines := dial()
	say := func(text string) {
		t.Helper()
		if _, err := fmt.Fprintln(conn, text); err != nil {
			t.Fatal(err)
		}
	}
	hears := func(want string) {
		t.Helper()
		if got, err := lines.ReadString('\n'); err != nil || got != want+"\n" {
			t.Fatalf("heard %q, %v; want %q", got, err, want)
		}
	}
	say("ganz")
	hears("ganz")

	w.Set(wire.Silent)
	say("still")
	if err := conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if got, err := lines.ReadString('\n'); err == nil {
		t.Fatalf("heard %q over a silent wire", got)
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	w.Set(wire.Whole)
	hears("still")

	w.Reset()
	if _, err := lines.ReadString('\n'); err == nil {
		t.Error("a connection outlived a reset")
	}
	conn, lines = dial()
	say("neu")
	hears("neu")

	w.Set(wire.Broken)
	if _, err := lines.ReadString('\n'); err == nil {
		t.Error("a connection outlived the break")
	}
	conn, lines = dial() // the kernel accepts for the wire
	if _, err := lines.ReadString('\n'); err == nil {
		t.Error("a broken wire answers")
	}
}
