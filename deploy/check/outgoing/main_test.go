package main

import (
	"os"
	"testing"
	"testing/fstest"
)

func TestWaysOut(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]int{
		`package x; import "net/http"; var c = http.Client{}`:                                       1,
		`package x; import "net/http"; var c = new(http.Client); func f() { http.Get("") }`:         2,
		`package x; import web "net/http"; func f() { web.DefaultClient.Do(nil) }`:                  1,
		`package x; import . "net/http"; func f() { Get("") }`:                                      1,
		`package x; import "net"; func f() { net.Dial("tcp", "x:1") }`:                              1,
		`package x; import "net"; func f(d net.Dialer) {}`:                                          1,
		`package x; import "crypto/tls"; func f() { tls.Dial("tcp", "x:1", nil) }`:                  1,
		`package x; import "github.com/coder/websocket"; func f() { websocket.Dial(nil, "", nil) }`: 1,
		`package x; import "net/http"; func f(c *http.Client) { c.Get("") }`:                        0,
		`package x; import "net/http"; var c = *http.DefaultClient`:                                 1,
		`package x; import "net/http"; var c = &http.Client{}`:                                      1,
		`package x; import "net/http"; func f(w http.ResponseWriter) { http.Error(w, "", 400) }`:    0,
		`package x; import "net"; var l, _ = net.Listen("tcp", ":1")`:                               0,
		`package x; type http struct{ Client int }; func f(http http) int { return http.Client }`:   0,
	} {
		for file, count := range map[string]int{
			"bots/x.go": want, "x.go": want, "widgets/api/x.go": want, "bridges/webhook/x.go": want,
			"bridges/outbound/x.go": 0, "bots/x_test.go": 0, "tests/x.go": 0, "deploy/x/x.go": 0,
		} {
			problems, err := check(fstest.MapFS{file: {Data: []byte(source)}})
			if err != nil || len(problems)-len(exceptions) != count { // the exceptions are not there, and so not needed
				t.Errorf("%s with %s: %q, %v; want %d", file, source, problems, err, count)
			}
		}
	}
}

// The project itself has one way out.
func TestThisProject(t *testing.T) {
	t.Parallel()
	problems, err := check(os.DirFS("../../.."))
	if err != nil || len(problems) > 0 {
		t.Errorf("%q, %v", problems, err)
	}
}
