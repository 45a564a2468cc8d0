// Package components lists what is delivered besides our own code: the Go modules that are
// linked into the binary, and the npm packages that go into its pages.
package components

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Component is something that becomes a part of what is delivered.
type Component struct {
	Name    string
	Version string
	Licence string // SPDX expression; empty when it could not be told
	// Integrity is the package's checksum in npm's lock file, such as "sha512-…"; "" for modules.
	Integrity string
}

// Linked lists the modules that the binary is linked from, with their licences. root is the
// project's top folder.
func Linked(root string) ([]Component, error) {
	list := exec.Command("go", "list", "-deps", "-tags", "goolm", "-json=Module", ".")
	list.Dir = root
	list.Env = append(os.Environ(), "CGO_ENABLED=0") // as the binary is built
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list linked modules: %w", err)
	}
	var components []Component
	seen := map[string]bool{}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var pkg struct {
			Module *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		err := decoder.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			return components, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read list of linked modules: %w", err)
		}
		if pkg.Module == nil || pkg.Module.Main || seen[pkg.Module.Path] { // nil: standard library
			continue
		}
		seen[pkg.Module.Path] = true
		licence, err := licenceOf(pkg.Module.Dir)
		if err != nil {
			return nil, fmt.Errorf("read licence of %s: %w", pkg.Module.Path, err)
		}
		components = append(components, Component{Name: pkg.Module.Path, Version: pkg.Module.Version, Licence: licence})
	}
}

// licenceOf reads the licence files at the top of a module. Several files that say
// different things are taken together (AND): the strictest counts.
func licenceOf(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("read folder: %w", err)
	}
	var found []string
	for _, entry := range entries {
		name := strings.ToUpper(entry.Name())
		if entry.IsDir() || !strings.HasPrefix(name, "LICENSE") && !strings.HasPrefix(name, "LICENCE") && !strings.HasPrefix(name, "COPYING") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return "", fmt.Errorf("read licence file: %w", err)
		}
		id, read := readByPeople[fmt.Sprintf("%x", sha256.Sum256(text))]
		if !read {
			id = identify(string(text))
		}
		if id == "" {
			id = "unknown (" + entry.Name() + ")"
		}
		found = append(found, id)
	}
	return strings.Join(found, " AND "), nil
}

// readByPeople are files that no rule understands and that somebody has read, by their
// SHA-256: when the file changes, somebody reads it again.
var readByPeople = map[string]string{
	// modernc.org/sqlite, LICENSE-3RD-PARTY.md: a collection of notices. What it lists as
	// linked is MIT, BSD-3-Clause and public domain; the MPL's text names the AGPL.
	"4194f8e7119be72babd499db4f6f1f7547e36e8a7bffcb2b9c8df241b8f1576a": "BSD-3-Clause",
	// modernc.org/memory, LICENSE-LOGO: where the picture in its README comes from.
	"5ae5bee3072a841376451b48d8cfcec7188e10543926d5870828d36c8a750dc5": "BSD-3-Clause",
	// github.com/go-fonts/dejavu, LICENSE-DejaVu: Bitstream Vera's licence, and Arev's in the
	// same words; what DejaVu changed is in the public domain.
	"7a083b136e64d064794c3419751e5c7dd10d2f64c108fe5ba161eae5e5958a93": "Bitstream-Vera",
}

// sentences are words that a licence text has and no other one does. The order counts: the
// AGPL speaks of the GPL too, and a file may hold MIT text after another licence's.
var sentences = []struct{ words, id string }{
	{"gnu affero general public license", "AGPL-3.0"},
	{"gnu lesser general public license", "LGPL"},
	{"gnu library general public license", "LGPL"},
	{"server side public license", "SSPL-1.0"},
	{"business source license", "BUSL-1.1"},
	{"mozilla public license version 2.0", "MPL-2.0"},
	{"mozilla public license, version 2.0", "MPL-2.0"},
	{"gnu general public license", "GPL"},
	{"apache license version 2.0", "Apache-2.0"},
	{"apache license, version 2.0", "Apache-2.0"},
	{"cc0 1.0 universal", "CC0-1.0"},
	{"this is free and unencumbered software released into the public domain", "Unlicense"},
	{"permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"},
	{"permission to use, copy, modify, and/or distribute this software for any purpose", "ISC"},
	{"permission to use, copy, modify, and distribute this software for any purpose", "ISC"},
	{"dedicated to the public domain by the authors", "LicenseRef-public-domain"},
	{"neither the name", "BSD-3-Clause"},
	{"redistribution and use in source and binary forms", "BSD-2-Clause"},
	{"altered source versions must be plainly marked as such", "Zlib"},
}

// identify tells the SPDX identifier of a licence text; empty when it knows none.
func identify(text string) string {
	plain := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	// The MPL names the GNU licences as ones it may be combined with: its title decides.
	if strings.HasPrefix(plain, "mozilla public license version 2.0") {
		return "MPL-2.0"
	}
	for _, sentence := range sentences {
		if strings.Contains(plain, sentence.words) {
			return sentence.id
		}
	}
	return ""
}
