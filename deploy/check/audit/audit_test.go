package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func says(found []finding, err error) source {
	return source{"some source", func(context.Context) ([]finding, error) { return found, err }, time.Minute}
}

// What blocks a release, what does not, and what could not be told.
func TestAudit(t *testing.T) {
	t.Parallel()
	heavy, light := finding{id: "GO-1", where: "a v1", text: "bad", weighty: true}, finding{id: "GO-2", where: "b v1", text: "odd"}
	offline := fmt.Errorf("%w: no such host", errNoData)
	for name, c := range map[string]struct {
		sources []source
		lenient bool
		want    int
		says    string
	}{
		"nothing":                {[]source{says(nil, nil)}, false, 0, "nothing blocks a release"},
		"a light one":            {[]source{says([]finding{light}, nil)}, false, 0, "! GO-2 in b v1: odd"},
		"a heavy one":            {[]source{says([]finding{heavy}, nil)}, false, 1, "✗ GO-1 in a v1: bad"},
		"a heavy one in CI":      {[]source{says([]finding{heavy}, nil)}, true, 1, "1 findings block a release"},
		"offline":                {[]source{says(nil, offline)}, false, 2, "? some source: not examined, the data could not be had: no such host"},
		"offline in CI":          {[]source{says(nil, offline)}, true, 0, "not everything could be examined here"},
		"heavy, rest offline":    {[]source{says(nil, offline), says([]finding{heavy}, nil)}, true, 1, "block a release"},
		"a tool that is broken":  {[]source{says(nil, errors.New("exit status 9"))}, true, 2, "some source: exit status 9"},
		"a source that is stuck": {[]source{{"stuck", func(ctx context.Context) ([]finding, error) { <-ctx.Done(); return nil, ctx.Err() }, time.Millisecond}}, false, 2, "could not be had within 1ms"},
	} {
		var out strings.Builder
		if got := run(t.Context(), &out, "exceptions.json", c.lenient, today, c.sources); got != c.want || !strings.Contains(out.String(), c.says) {
			t.Errorf("%s: exit %d, want %d, saying %q:\n%s", name, got, c.want, c.says, out.String())
		}
	}
}

func TestExceptions(t *testing.T) {
	t.Parallel()
	read := func(text string) (exceptions, error) {
		path := filepath.Join(t.TempDir(), "exceptions.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return readExceptions(path, today)
	}
	list, err := read(`[{"id":"GO-1","reason":"never called with input","by":"anna","until":"2026-12-31"},
		{"id":"GO-2","reason":"x","by":"anna","until":"2026-11-24"}, {"id":"GO-3","reason":"x","by":"anna","until":"2026-11-25"}]`)
	if err != nil {
		t.Fatal(err)
	}
	for id, blocks := range map[string]bool{"GO-1": false, "GO-2": true, "GO-3": false, "GO-4": true} {
		if v := list.judge(finding{id: id, weighty: true}, today); v.blocks != blocks {
			t.Errorf("%s: %+v, want it to block %t", id, v, blocks)
		}
	}
	if left := list.unused(); len(left) != 0 {
		t.Errorf("unused: %v", left)
	}
	for want, text := range map[string]string{
		"90 days at most":      `[{"id":"GO-1","reason":"x","by":"anna","until":"2027-11-25"}]`,
		"needs id, reason, by": `[{"id":"GO-1","by":"anna","until":"2026-12-31"}]`,
		"until is a day":       `[{"id":"GO-1","reason":"x","by":"anna","until":"soon"}]`,
		"unknown field":        `[{"id":"GO-1","reasons":"x"}]`,
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := readExceptions("exceptions.json", time.Now()); err != nil {
		t.Errorf("the project's own: %v", err)
	}
}

func TestReadNPM(t *testing.T) {
	t.Parallel()
	report := `{"auditReportVersion":2,"vulnerabilities":{
		"a":{"name":"a","via":["b"]},
		"b":{"name":"b","via":[{"url":"https://github.com/advisories/GHSA-1","title":"XSS","severity":"high","range":"<2"},{"url":"https://github.com/advisories/GHSA-2","title":"note","severity":"info","range":"<3"}]}}}`
	for _, delivered := range []bool{true, false} {
		found, err := readNPM([]byte(report), delivered)
		if err != nil || len(found) != 2 || found[0].id != "GHSA-1" || found[0].where != "b <2" || found[0].weighty != delivered || found[1].weighty {
			t.Errorf("delivered %t: %+v, %v", delivered, found, err)
		}
	}
	if found, err := readNPM([]byte(`{"auditReportVersion":2,"vulnerabilities":{}}`), true); err != nil || len(found) != 0 {
		t.Errorf("nothing: %v, %v", found, err)
	}
	for _, failed := range []string{`{"message":"405 Method Not Allowed - POST https://registry.example/-/npm/v1"}`, `{"error":{"code":"ENOTFOUND"}}`, `{}`} {
		if _, err := readNPM([]byte(failed), true); !errors.Is(err, errNoData) {
			t.Errorf("%s: %v", failed, err)
		}
	}
	if _, err := readNPM([]byte("<html>"), true); err == nil || errors.Is(err, errNoData) {
		t.Errorf("no JSON: %v", err)
	}
}

// The real govulncheck, with a database of one entry: what is called is told from what is
// only there.
func TestGovulncheck(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	tool := filepath.Join(folder, "govulncheck")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "golang.org/x/vuln/cmd/govulncheck")
	build.Dir = "../../vuln"
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build govulncheck: %v\n%s", err, out)
	}
	put := func(path, text string) {
		t.Helper()
		path = filepath.Join(folder, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	put("program/go.mod", "module example.org/program\n\ngo 1.26.0\n")
	put("program/main.go", "package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc main() { fmt.Println(strings.ToUpper(\"x\")) }\n")
	entry := `{"schema_version":"1.3.1","id":"%s","modified":"2026-01-01T00:00:00Z","summary":"%s","affected":[{"package":{"name":"stdlib","ecosystem":"Go"},
		"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],"ecosystem_specific":{"imports":[{"path":"strings","symbols":["%s"]}]}}]}`
	put("database/GO-2026-0001.json", fmt.Sprintf(entry, "GO-2026-0001", "upper case", "ToUpper"))
	put("database/GO-2026-0002.json", fmt.Sprintf(entry, "GO-2026-0002", "lower case", "ToLower"))

	found, err := goModules{tool, filepath.Join(folder, "program"), "file://" + filepath.Join(folder, "database")}.ask(t.Context())
	if err != nil || len(found) != 2 {
		t.Fatalf("found %+v, %v", found, err)
	}
	if f := found[0]; f.id != "GO-2026-0001" || !f.weighty || f.text != "upper case" {
		t.Errorf("what is called: %+v", f)
	}
	if f := found[1]; f.id != "GO-2026-0002" || f.weighty {
		t.Errorf("what is not called: %+v", f)
	}

	// A database that is not there, one that answers nonsense, one that never answers.
	waits := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(waits.Close)
	missing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(missing.Close)
	for _, url := range []string{"http://127.0.0.1:1", missing.URL, waits.URL} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		if _, err := (goModules{tool, filepath.Join(folder, "program"), url}).ask(ctx); !errors.Is(err, errNoData) {
			t.Errorf("%s: %v", url, err)
		}
		cancel()
	}
}
