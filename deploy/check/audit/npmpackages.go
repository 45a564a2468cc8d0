package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// npmPackages asks `npm audit`, which asks the registry for advisories about the lock file.
type npmPackages struct {
	dir string
	// delivered asks about what goes into the pages only; otherwise about all.
	delivered bool
}

func (n npmPackages) ask(ctx context.Context) ([]finding, error) {
	args := []string{"audit", "--json", "--package-lock-only", "--fetch-retries=1", "--fetch-timeout=20000"}
	if n.delivered {
		args = append(args, "--omit=dev")
	}
	cmd := exec.CommandContext(ctx, "npm", args...)
	cmd.Dir = n.dir
	cmd.WaitDelay = 5 * time.Second
	var told bytes.Buffer
	cmd.Stderr = &told
	out, err := cmd.Output() // an error too when it has found something
	if len(out) == 0 && err != nil {
		return nil, fmt.Errorf("run npm audit: %w: %s", err, lastLine(told.String()))
	}
	return readNPM(out, n.delivered)
}

// readNPM reads the report (npm's auditReportVersion 2), or that there is none.
func readNPM(report []byte, delivered bool) ([]finding, error) {
	var r struct {
		Version         int             `json:"auditReportVersion"`
		Message         string          `json:"message"`
		Error           json.RawMessage `json:"error"`
		Vulnerabilities map[string]struct {
			Name  string            `json:"name"`
			Range string            `json:"range"`
			Via   []json.RawMessage `json:"via"`
		} `json:"vulnerabilities"`
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return nil, fmt.Errorf("read npm's report: %w", err)
	}
	if r.Version == 0 {
		return nil, fmt.Errorf("%w: %s", errNoData, cmp.Or(r.Message, string(r.Error), "npm made no report"))
	}
	found := map[string]finding{}
	for _, v := range r.Vulnerabilities {
		for _, raw := range v.Via { // a text names another package that has it; an object is an advisory
			var via struct {
				URL      string `json:"url"`
				Title    string `json:"title"`
				Severity string `json:"severity"`
				Range    string `json:"range"`
			}
			if json.Unmarshal(raw, &via) != nil || via.URL == "" {
				continue
			}
			id := via.URL[strings.LastIndex(via.URL, "/")+1:]
			found[id+v.Name] = finding{
				id: id, where: strings.TrimSpace(v.Name + " " + via.Range), text: via.Severity + ", " + via.Title, weighty: delivered && via.Severity != "info",
			}
		}
	}
	list := make([]finding, 0, len(found))
	for _, f := range found {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b finding) int {
		return cmp.Or(strings.Compare(a.id, b.id), strings.Compare(a.where, b.where))
	})
	return list, nil
}
