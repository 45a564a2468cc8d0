package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"werkraum/config"
)

// The operator's pages name every setting with its default and every metric.
func TestOperatorPagesAreComplete(t *testing.T) {
	t.Parallel()
	metrics := metricNames(t)
	if len(metrics) < 5 {
		t.Fatalf("found only %q in the sources", metrics)
	}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.AddFlags(flags)
	for _, name := range []string{"README.md", "README.de.md"} {
		text, err := os.ReadFile(filepath.Join("docs", "operator", name))
		if err != nil {
			t.Fatal(err)
		}
		page := string(text)
		flags.VisitAll(func(flag *pflag.Flag) {
			if flag.Name == "config" {
				return
			}
			row := regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(flag.Name) + "` \\| ([^|]*)\\|").FindStringSubmatch(page)
			if row == nil {
				t.Errorf("%s lacks a row for the setting %s", name, flag.Name)
				return
			}
			got := strings.NewReplacer("`", "", `"`, "").Replace(strings.TrimSpace(row[1]))
			want := flag.DefValue
			if duration, err := time.ParseDuration(got); err == nil {
				got = duration.String() // as flags print it: 12h0m0s
			}
			if flag.Name != "homeserver.server_name" && got != want {
				t.Errorf("%s: default of %s is %q, want %q", name, flag.Name, got, want)
			}
		})
		for _, metric := range metrics {
			if !strings.Contains(page, "`"+metric+"`") {
				t.Errorf("%s lacks the metric %s", name, metric)
			}
		}
	}
}

// metricNames reads the names of metrics from the sources.
func metricNames(t *testing.T) []string {
	t.Helper()
	pattern := regexp.MustCompile(`"(werkraum_[a-z_]+)"`)
	var names []string
	for _, root := range []string{"appservice", "bots", "bridges", "store", "widgets"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && entry.Name() == "web" {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, found := range pattern.FindAllStringSubmatch(string(source), -1) {
				names = append(names, found[1])
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}
