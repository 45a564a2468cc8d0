package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"

	"werkraum/deploy/check/components"
)

const program = "werkraum"

// write makes the bill of a binary and writes it; it tells how many components it names.
func write(root, binary, output string) (int, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return 0, fmt.Errorf("read what the binary is made of: %w", err)
	}
	bill, err := billOf(root, info)
	if err != nil {
		return 0, err
	}
	var text bytes.Buffer
	if err := cyclonedx.NewBOMEncoder(&text, cyclonedx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bill, cyclonedx.SpecVersion1_6); err != nil {
		return 0, fmt.Errorf("encode: %w", err)
	}
	if err := os.WriteFile(output, text.Bytes(), 0o644); err != nil {
		return 0, fmt.Errorf("write: %w", err)
	}
	return len(*bill.Components), nil
}

// billOf lists everything. It has neither a serial number nor the time of its making, so
// that it can be made again and compared.
func billOf(root string, info *debug.BuildInfo) (*cyclonedx.BOM, error) {
	modules, err := linked(root, info)
	if err != nil {
		return nil, err
	}
	packages, err := bundled(filepath.Join(root, "widgets", "web", "package-lock.json"))
	if err != nil {
		return nil, err
	}
	all := slices.Concat(modules, packages)
	refs := make([]string, len(all))
	for i, c := range all {
		refs[i] = c.BOMRef
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	version := info.Main.Version
	if revision := settings["vcs.revision"]; revision != "" {
		version = revision
	}
	bill := cyclonedx.NewBOM()
	bill.Metadata = &cyclonedx.Metadata{
		Timestamp: settings["vcs.time"], // of the commit
		Component: &cyclonedx.Component{BOMRef: program, Type: cyclonedx.ComponentTypeApplication, Name: program, Version: version},
	}
	bill.Components = &all
	bill.Dependencies = &[]cyclonedx.Dependency{{Ref: program, Dependencies: &refs}}
	return bill, nil
}

// linked are the modules in the binary and the standard library.
func linked(root string, info *debug.BuildInfo) ([]cyclonedx.Component, error) {
	known, err := components.Linked(root)
	if err != nil {
		return nil, err
	}
	licences := map[string]string{}
	for _, c := range known {
		licences[c.Name+"@"+c.Version] = c.Licence
	}
	goVersion := strings.TrimPrefix(info.GoVersion, "go")
	list := []cyclonedx.Component{library("pkg:golang/std@"+goVersion, "std", goVersion, "BSD-3-Clause")}
	for _, module := range info.Deps {
		if module.Replace != nil {
			return nil, fmt.Errorf("%s is replaced by %s: what is delivered has a name and a version of its own", module.Path, module.Replace.Path)
		}
		licence := licences[module.Path+"@"+module.Version]
		if licence == "" {
			return nil, fmt.Errorf("%s %s is in the binary, but not in go.mod as it stands here: build the binary anew", module.Path, module.Version)
		}
		c := library("pkg:golang/"+module.Path+"@"+module.Version+"?type=module", module.Path, module.Version, licence)
		if module.Sum != "" { // of the module's tree, as go.sum has it; no hash of one file
			c.Properties = &[]cyclonedx.Property{{Name: "go:sum", Value: module.Sum}}
		}
		list = append(list, c)
	}
	return list, nil
}

// bundled are the npm packages in the pages.
func bundled(lockFile string) ([]cyclonedx.Component, error) {
	packages, err := components.Bundled(lockFile)
	if err != nil {
		return nil, err
	}
	var list []cyclonedx.Component
	for _, p := range packages {
		name := p.Name
		if scope, rest, scoped := strings.Cut(p.Name, "/"); scoped {
			name = "%40" + url.PathEscape(strings.TrimPrefix(scope, "@")) + "/" + rest
		}
		c := library("pkg:npm/"+name+"@"+p.Version, p.Name, p.Version, p.Licence)
		encoded, ok := strings.CutPrefix(p.Integrity, "sha512-")
		sum, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil {
			return nil, errors.Join(fmt.Errorf("%s %s has no SHA-512 in the lock file", p.Name, p.Version), err)
		}
		c.Hashes = &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA512, Value: hex.EncodeToString(sum)}}
		list = append(list, c)
	}
	return list, nil
}

func library(purl, name, version, licence string) cyclonedx.Component {
	return cyclonedx.Component{
		BOMRef: purl, Type: cyclonedx.ComponentTypeLibrary, Name: name, Version: version, PackageURL: purl, Scope: cyclonedx.ScopeRequired,
		Licenses: &cyclonedx.Licenses{{Expression: licence}},
	}
}
