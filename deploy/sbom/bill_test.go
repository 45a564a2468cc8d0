package main

import (
	"bytes"
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"

	"werkraum/deploy/check/components"
)

const root = "../.."

// Every module that is in the binary, and every package that is in the pages, is in the
// bill with its version and its licence; and the bill of the same binary is the same.
func TestBillNamesEverythingInTheBinary(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "werkraum")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "goolm", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	first, second := filepath.Join(t.TempDir(), "a.json"), filepath.Join(t.TempDir(), "b.json")
	for _, path := range []string{first, second} {
		if _, err := write(root, binary, path); err != nil {
			t.Fatal(err)
		}
	}
	text, again := read(t, first), read(t, second)
	if !bytes.Equal(text, again) {
		t.Error("two bills of one binary differ")
	}
	var bill cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(bytes.NewReader(text), cyclonedx.BOMFileFormatJSON).Decode(&bill); err != nil {
		t.Fatal(err)
	}
	named := map[string]cyclonedx.Component{}
	for _, c := range *bill.Components {
		if _, twice := named[c.PackageURL]; twice {
			t.Errorf("%s is named twice", c.PackageURL)
		}
		named[c.PackageURL] = c
	}
	has := func(purl, name, version string) {
		t.Helper()
		c, ok := named[purl]
		switch {
		case !ok:
			t.Errorf("the bill lacks %s %s (%s)", name, version, purl)
		case c.Name != name || c.Version != version || c.Licenses == nil || (*c.Licenses)[0].Expression == "":
			t.Errorf("%s is %+v", purl, c)
		}
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil || len(info.Deps) < 20 {
		t.Fatalf("the binary tells of %d modules: %v", len(info.Deps), err)
	}
	for _, module := range info.Deps {
		has("pkg:golang/"+module.Path+"@"+module.Version+"?type=module", module.Path, module.Version)
	}
	has("pkg:golang/std@"+strings.TrimPrefix(info.GoVersion, "go"), "std", strings.TrimPrefix(info.GoVersion, "go"))
	packages, err := components.Bundled(filepath.Join(root, "widgets/web/package-lock.json"))
	if err != nil || len(packages) < 20 {
		t.Fatalf("%d packages: %v", len(packages), err)
	}
	for _, p := range packages {
		has("pkg:npm/"+strings.Replace(p.Name, "@", "%40", 1)+"@"+p.Version, p.Name, p.Version)
	}
	if want := len(info.Deps) + 1 + len(packages); len(named) != want {
		t.Errorf("%d components, want %d", len(named), want)
	}
}

// A binary that was built from something else than what lies here gets no bill.
func TestBillOfAnotherTree(t *testing.T) {
	t.Parallel()
	for want, module := range map[string]*debug.Module{
		"build the binary anew": {Path: "github.com/gin-gonic/gin", Version: "v0.0.1"},
		"is replaced by":        {Path: "github.com/gin-gonic/gin", Version: "v1.12.0", Replace: &debug.Module{Path: "../gin"}},
	} {
		if _, err := billOf(root, &debug.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{module}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
