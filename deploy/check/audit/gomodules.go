package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// goModules asks govulncheck, which follows the calls of the program: a vulnerable
// function that is never reached does not block a release.
type goModules struct {
	tool, dir string
	// database is its URL, http(s) or file.
	database string
}

// probeTime is how long a database may take to show that it is there.
const probeTime = 20 * time.Second

func (g goModules) ask(ctx context.Context) ([]finding, error) {
	// govulncheck works for a minute before it asks for the data, so that is tried first.
	if err := g.probe(ctx); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, g.tool, "-db", g.database, "-format", "json", "-tags", "goolm", "./...")
	cmd.Dir = g.dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.WaitDelay = 5 * time.Second
	var told bytes.Buffer
	cmd.Stderr = &told
	out, err := cmd.Output()
	if err != nil {
		if strings.Contains(told.String(), "fetching vulnerabilities") {
			return nil, fmt.Errorf("%w: %s", errNoData, lastLine(told.String()))
		}
		return nil, fmt.Errorf("run %s: %w: %s", g.tool, err, lastLine(told.String()))
	}
	return readGo(out)
}

func (g goModules) probe(ctx context.Context) error {
	if !strings.HasPrefix(g.database, "http") {
		return nil // a folder
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(g.database, "/")+"/index/db.json.gz", nil)
	if err != nil {
		return fmt.Errorf("address of the database: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", errNoData, err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)); err != nil {
		return fmt.Errorf("%w: %w", errNoData, err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s answers with status %d", errNoData, g.database, response.StatusCode)
	}
	return nil
}

// goMessage is what is read of govulncheck's stream (golang.org/x/vuln, govulncheck.Message).
type goMessage struct {
	OSV *struct {
		ID      string `json:"id"`
		Summary string `json:"summary"`
	} `json:"osv"`
	Finding *struct {
		OSV   string `json:"osv"`
		Fixed string `json:"fixed_version"`
		Trace []struct {
			Module   string `json:"module"`
			Version  string `json:"version"`
			Package  string `json:"package"`
			Function string `json:"function"`
		} `json:"trace"`
	} `json:"finding"`
}

// readGo makes one finding of all that the stream tells about a vulnerability. It is
// weighty if a function of it can be reached.
func readGo(stream []byte) ([]finding, error) {
	summaries := map[string]string{}
	found := map[string]*finding{}
	for decoder := json.NewDecoder(bytes.NewReader(stream)); ; {
		var m goMessage
		err := decoder.Decode(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read govulncheck's answer: %w", err)
		}
		if m.OSV != nil {
			summaries[m.OSV.ID] = m.OSV.Summary
		}
		if m.Finding == nil || len(m.Finding.Trace) == 0 {
			continue
		}
		at := m.Finding.Trace[0]
		f := found[m.Finding.OSV]
		if f == nil {
			f = &finding{id: m.Finding.OSV, where: strings.TrimSpace(at.Module + " " + at.Version), fixed: m.Finding.Fixed}
			found[m.Finding.OSV] = f
		}
		f.weighty = f.weighty || at.Function != ""
	}
	list := make([]finding, 0, len(found))
	for id, f := range found {
		f.text = summaries[id]
		if !f.weighty {
			f.text += " (not called)"
		}
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b finding) int { return strings.Compare(a.id, b.id) })
	return list, nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
