package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	pageLink  = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	pageCode  = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	headline  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInSlug = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// pages are all Markdown files of the project.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != "." && (name == "node_modules" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(name, ".md") && !strings.Contains(path, "testdata") {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found[path] = string(text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// anchors are the targets that GitHub and GitLab give the headlines of a page.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, m := range headline.FindAllStringSubmatch(page, -1) {
		slug := notInSlug.ReplaceAllString(strings.ToLower(m[1]), "")
		found[strings.ReplaceAll(slug, " ", "-")] = true
	}
	return found
}

// Every link within the documentation leads somewhere.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	all := pages(t)
	for path, text := range all {
		for _, m := range pageLink.FindAllStringSubmatch(pageCode.ReplaceAllString(text, ""), -1) {
			target := m[1] + m[2]
			if strings.Contains(target, "://") {
				continue
			}
			file, anchor, _ := strings.Cut(target, "#")
			to := path
			if file != "" {
				to = filepath.Join(filepath.Dir(path), file)
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s links to %s, which is not there", path, target)
				continue
			}
			if anchor != "" && !anchors(all[to])[anchor] {
				t.Errorf("%s links to %s, which has no such headline", path, target)
			}
		}
	}
}

// The protocol names every act and every message, the event every field.
func TestProtocolAndEventAreComplete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ page, source, pattern string }{
		{"docs/live-protocol.md", "workspace/board/decode.go", `case "([a-z.]+)"`},
		{"docs/live-protocol.md", "widgets/live/page.go", `"t": "([a-z]+)"|case "([a-z]+)":|T: "([a-z]+)"`},
		{"docs/live-protocol.md", "widgets/live/hub.go", `"t": "([a-z]+)"|p\.bye\("([a-z]+)"`},
		{"docs/live-protocol.md", "widgets/live/encode.go", `\{"t":"([a-z]+)"`},
		{"docs/live-protocol.md", "workspace/error.go", `ErrorKind = "([a-z_]+)"`},
		{"docs/events/de.werkraum.change.md", "workspace/board/board.go", `(?m)^\t[A-Z]\w+ += "([a-z_]+)"`},
		{"docs/events/de.werkraum.change.md", "workspace/change.go", `json:"([a-z]+)|Via = "([a-z]+)"`},
	} {
		page, err := os.ReadFile(c.page)
		if err != nil {
			t.Fatal(err)
		}
		source, err := os.ReadFile(c.source)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(c.pattern).FindAllStringSubmatch(string(source), -1)
		if len(found) < 3 {
			t.Errorf("found only %q in %s", found, c.source)
		}
		for _, m := range found {
			name := strings.Join(m[1:], "")
			if !regexp.MustCompile("[`.]" + regexp.QuoteMeta(name) + "[`/]").Match(page) {
				t.Errorf("%s lacks %s, which is in %s", c.page, name, c.source)
			}
		}
	}
}
